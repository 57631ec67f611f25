import ModemSimulator
import Primitives
import Testing

/// u-blox SARA-R5: the forms of ublox-simcom's sources (ubxlib, the R4/N4 manual, toitware/cellular).
@Suite("u-blox SARA-R5") struct SaraR5Tests {
  static func registered(seed: UInt64 = 1, network: SimulatedNetwork = .accelerated) -> Bench {
    Bench.other(.saraR5, pulse: 1500, network: network, seed: seed)
  }

  /// With profile 0 mapped and up.
  static func online(seed: UInt64 = 1) -> Bench {
    var bench = registered(seed: seed)
    _ = bench.ask("AT+UPSD=0,0,0\r")
    _ = bench.ask("AT+UPSD=0,100,1\r")
    _ = bench.ask("AT+UPSDA=0,3\r", for: 1000)
    return bench
  }

  @Test(
    "says who it is",
    arguments: [
      ("+CGMI", "u-blox"), ("+CGMM", "SARA-R510S-01B"), ("I9", "03.15,A00.01"),
      ("+CGSN", "357862090000017"), ("+CCID", "+CCID: 89423100000000000017"),
      ("+CIMI", "901430000000017"), ("+UMNOPROF?", "+UMNOPROF: 100"), ("+URAT?", "+URAT: 7"),
    ])
  func identity(command: String, line: String) {
    var bench = Self.registered()
    #expect(bench.ask("AT\(command)\r") == "\r\n\(line)\r\n\r\nOK\r\n")
  }

  @Test("starts and ends at pulses of their length; a start pulse of 1.5 s ends one that runs")
  func powerKey() {
    var bench = Bench(.saraR5, stored: ModemPersonality.saraR5.factorySettings)
    bench.input(.supply(isOn: true))
    bench.wait(100)
    bench.pulse(900)
    bench.wait(10_000)
    #expect(!bench.isStatusOn)
    #expect(bench.modem.counters.violations[.pulseTooShort] == 1)
    bench.pulse(1500)
    bench.wait(400)
    #expect(bench.isStatusOn)
    bench.wait(10_000)
    // No text comes by itself.
    #expect(bench.heard == "")
    #expect(bench.ask("AT\r") == "AT\r\r\nOK\r\n")
    bench.pulse(1500)
    bench.wait(10_000)
    #expect(!bench.isStatusOn)
    #expect(bench.modem.state == "off")
  }

  @Test("CPWROFF answers after the log-out, then V_INT falls, without a text") func softOff() {
    var bench = Self.registered(network: .real)
    bench.output = []
    bench.write("AT+CPWROFF\r")
    bench.wait(700)
    #expect(bench.heard == "")
    bench.wait(8000)
    #expect(bench.heard == "\r\nOK\r\n")
    #expect(bench.modem.state == "off")
  }

  @Test("the greeting text is said at the next boot") func greeting() {
    var bench = Self.registered()
    _ = bench.ask("AT+CSGT=1,\"RDY\"\r")
    bench.output = []
    _ = bench.ask("AT+CFUN=16\r", for: 20_000)
    #expect(bench.heard == "\r\nOK\r\n\r\nRDY\r\n")
  }

  @Test("profile 0 is mapped, activated, read, and refused twice") func profile() {
    var bench = Self.registered()
    #expect(bench.ask("AT+CGACT?\r") == "\r\n+CGACT: 1,1\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CMEE=2\r") == "\r\nOK\r\n")
    let refused = "\r\n+CME ERROR: operation not allowed\r\n"
    #expect(bench.ask("AT+UPSDA=0,3\r") == refused)
    #expect(bench.ask("AT+USOCR=17\r") == refused)
    #expect(bench.ask("AT+UPSD=0,100,1\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT+UPSND=0,8\r") == "\r\n+UPSND: 0,8,0\r\n\r\nOK\r\n")
    #expect(
      bench.ask("AT+UPSDA=0,3\r", for: 1000) == "\r\nOK\r\n\r\n+UUPSDA: 0,\"10.64.12.9\"\r\n")
    #expect(bench.ask("AT+UPSND=0,8\r") == "\r\n+UPSND: 0,8,1\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+UPSND=0,1\r") == "\r\n+UPSND: 0,1,\"8.8.8.8\"\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+UPSDA=0,3\r") == refused)
    let parameters =
      "\r\n+CGCONTRDP: 1,5,\"em\",\"10.64.12.9.255.255.255.0\",\"10.64.12.1\",\"8.8.8.8\",\"8.8.4.4\""
    #expect(bench.ask("AT+CGCONTRDP=1\r") == "\(parameters)\r\n\r\nOK\r\n")
  }

  @Test("a datagram there and back, after `@` and 50 ms") func datagram() throws {
    var bench = Self.online()
    #expect(bench.ask("AT+USOCR=17,1025\r") == "\r\n+USOCR: 0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+USOST=0,\"192.0.2.1\",5683,5\r", for: 60) == "\r\n@")
    bench.wait(20)
    #expect(bench.ask("OK\r\n@", for: 1500) == "\r\n+USOST: 0,5\r\n\r\nOK\r\n")
    let id = try #require(bench.lastOpened)
    let open = SimulatedModem.Effect.openSocket(
      id, .udp, host: Array("192.0.2.1".utf8), port: 5683)
    #expect(bench.trace.contains { $0.effect == open })
    #expect(bench.trace.contains { $0.effect == .sendOnSocket(id, Array("OK\r\n@".utf8)) })
    bench.output = []
    bench.input(.socketReceived(id, Array("a\"\r\n".utf8)))
    bench.wait(500)
    #expect(bench.heard == "\r\n+UUSORF: 0,4\r\n")
    bench.output = []
    bench.input(.socketReceived(id, Array("three".utf8)))
    bench.wait(500)
    #expect(bench.heard == "\r\n+UUSORF: 0,9\r\n")
    #expect(bench.ask("AT+USORF=0,0\r") == "\r\n+USORF: 0,9\r\n\r\nOK\r\n")
    // One datagram a call; what is left is told again.
    let first = "\r\n+USORF: 0,\"192.0.2.1\",5683,4,\"a\"\r\n\"\r\n\r\nOK\r\n"
    #expect(bench.ask("AT+USORF=0,1024\r") == first + "\r\n+UUSORF: 0,5\r\n")
    let second = "\r\n+USORF: 0,\"192.0.2.1\",5683,5,\"three\"\r\n\r\nOK\r\n"
    #expect(bench.ask("AT+USORF=0,1024\r") == second)
    #expect(bench.ask("AT+USORF=0,1024\r") == "\r\n+USORF: 0,0,\"\"\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+USOCL=0\r", for: 1000) == "\r\nOK\r\n")
    #expect(bench.ask("AT+USORF=0,1\r") == "\r\nERROR\r\n")
  }

  @Test("bytes within 50 ms of `@` are lost, and the command waits for more") func early() {
    var bench = Self.online()
    _ = bench.ask("AT+USOCR=17\r")
    #expect(bench.ask("AT+USOST=0,\"192.0.2.1\",5683,3\r", for: 45) == "\r\n@")
    #expect(bench.ask("abc", for: 5000) == "")
    #expect(bench.ask("abc", for: 1000) == "\r\n+USOST: 0,3\r\n\r\nOK\r\n")
  }

  @Test("hexadecimal mode takes 512 bytes in the command and outlives a power cycle") func hexMode()
    throws
  {
    var bench = Self.online()
    #expect(bench.ask("AT+UDCONF=1,1\r") == "\r\nOK\r\n")
    _ = bench.ask("AT+USOCR=17\r")
    let sent = bench.ask("AT+USOST=0,\"192.0.2.1\",5683,3,\"00FF4f\"\r", for: 1000)
    #expect(sent == "\r\n+USOST: 0,3\r\n\r\nOK\r\n")
    let id = try #require(bench.lastOpened)
    #expect(bench.trace.contains { $0.effect == .sendOnSocket(id, [0, 255, 0x4F]) })
    #expect(bench.ask("AT+USOST=0,\"192.0.2.1\",5683,3,\"00FF\"\r") == "\r\nERROR\r\n")
    let long = String(repeating: "00", count: 513)
    #expect(bench.ask("AT+USOST=0,\"192.0.2.1\",5683,513,\"\(long)\"\r") == "\r\nERROR\r\n")
    bench.output = []
    bench.input(.socketReceived(id, [0, 0x22]))
    bench.wait(500)
    let read = "\r\n+USORF: 0,\"192.0.2.1\",5683,2,\"0022\"\r\n\r\nOK\r\n"
    #expect(bench.ask("AT+USORF=0,9\r") == read)
    _ = bench.ask("AT+CFUN=16\r", for: 20_000)
    #expect(bench.ask("AT+UDCONF=1\r").hasSuffix("\r\n+UDCONF: 1,1\r\n\r\nOK\r\n"))
  }

  @Test("TCP blocks until it is there, tells of data and of the end, which may come first")
  func stream() throws {
    var bench = Self.online()
    #expect(bench.ask("AT+USOCR=6\r") == "\r\n+USOCR: 0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+USOCO=0,\"192.0.2.1\",80\r", for: 2000) == "\r\nOK\r\n")
    #expect(bench.ask("AT+USOWR=0,2\r", for: 70) == "\r\n@")
    #expect(bench.ask("hi", for: 1000) == "\r\n+USOWR: 0,2\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+USOCTL=0,10\r") == "\r\n+USOCTL: 0,10,4\r\n\r\nOK\r\n")
    let id = try #require(bench.lastOpened)
    bench.output = []
    bench.input(.socketReceived(id, Array("abcdef".utf8)))
    bench.input(.socketClosed(id))
    bench.wait(2000)
    #expect(bench.heard == "\r\n+UUSORD: 0,6\r\n\r\n+UUSOCL: 0\r\n")
    #expect(
      bench.ask("AT+USORD=0,4\r")
        == "\r\n+USORD: 0,4,\"abcd\"\r\n\r\nOK\r\n\r\n+UUSORD: 0,2\r\n")
    #expect(bench.ask("AT+USORD=0,4\r") == "\r\n+USORD: 0,2,\"ef\"\r\n\r\nOK\r\n")
    _ = bench.ask("AT+CMEE=1\r")
    #expect(bench.ask("AT+USOCL=0\r") == "\r\n+CME ERROR: 3\r\n")
  }

  @Test("a connection that is refused ends the command with an error, later ones as +UUSOCO")
  func refusal() throws {
    var bench = Self.online()
    bench.opensSockets = false
    _ = bench.ask("AT+CMEE=2\r")
    _ = bench.ask("AT+USOCR=6\r")
    bench.output = []
    _ = bench.ask("AT+USOCO=0,\"192.0.2.1\",80\r", for: 1000)
    bench.input(.socketFailed(try #require(bench.lastOpened), .refused))
    bench.wait(500)
    #expect(bench.heard == "\r\n+CME ERROR: operation not allowed\r\n")
    #expect(bench.ask("AT+USOER\r") == "\r\n+USOER: 111\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+USOCO=0,\"192.0.2.1\",80,1\r", for: 1000) == "\r\nOK\r\n")
    bench.output = []
    bench.input(.socketFailed(try #require(bench.lastOpened), .refused))
    bench.wait(500)
    #expect(bench.heard == "\r\n+UUSOCO: 0,111\r\n")
  }

  @Test("seven sockets, no eighth") func seven() {
    var bench = Self.online()
    for number in 0..<7 {
      #expect(bench.ask("AT+USOCR=17\r") == "\r\n+USOCR: \(number)\r\n\r\nOK\r\n")
    }
    #expect(bench.ask("AT+USOCR=17\r") == "\r\nERROR\r\n")
  }

  @Test("a lost context takes the profile and the sockets along") func lost() {
    var bench = Self.online()
    _ = bench.ask("AT+CGEREP=1\r")
    _ = bench.ask("AT+USOCR=17\r")
    bench.output = []
    bench.modem.faults.dropsContextsAt = bench.now + .milliseconds(10)
    bench.wait(100)
    #expect(
      bench.heard == "\r\n+CGEV: NW PDN DEACT 1\r\n\r\n+UUPSDD: 0\r\n\r\n+UUSOCL: 0\r\n")
    #expect(bench.ask("AT+CGACT=1,1\r", for: 2000) == "\r\nOK\r\n")
    #expect(bench.ask("AT+UPSDA=0,3\r", for: 1000).hasSuffix("+UUPSDA: 0,\"10.64.12.9\"\r\n"))
  }

  @Test("looks names up while the command waits") func names() {
    var bench = Self.online()
    bench.modem.network.names = [
      .init(Array("a.example".utf8), .address(Array("192.0.2.7".utf8)))
    ]
    #expect(
      bench.ask("AT+UDNSRN=0,\"a.example\"\r", for: 1000)
        == "\r\n+UDNSRN: \"192.0.2.7\"\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+UDNSRN=0,\"b.example\"\r", for: 1000) == "\r\nERROR\r\n")
  }

  @Test("PSM: +UUPSMR, V_INT low; a wake keeps the registration, not the profile or the settings")
  func sleep() {
    var bench = Self.online()
    _ = bench.ask("AT+UPSMR=1\r")
    _ = bench.ask("AT+USOCR=17\r")
    _ = bench.ask("AT+CPSMS=1,,,\"00100110\",\"00000101\"\r")
    bench.output = []
    let slept = bench.wait(for: "\r\n+UUPSMR: 1\r\n", within: 30_000)
    #expect(slept)
    bench.wait(200)
    #expect(!bench.isStatusOn)
    #expect(bench.modem.state == "PSM")
    #expect(bench.ask("AT\r", for: 1000) == "")
    let attaches = bench.modem.counters.attaches
    bench.pulse(1500)
    bench.wait(8000)
    #expect(bench.ask("AT\r") == "AT\r\r\nOK\r\n")
    _ = bench.ask("ATE0\r")
    #expect(bench.ask("AT+CEREG?\r") == "\r\n+CEREG: 0,5\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CGACT?\r") == "\r\n+CGACT: 1,1\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+UPSND=0,8\r") == "\r\n+UPSND: 0,8,0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+USOCTL=0,0\r") == "\r\nERROR\r\n")
    #expect(bench.modem.counters.attaches == attaches)
  }

  @Test("mode 4 reads the granted timers: T3324, then T3412") func timers() {
    var bench = Self.registered()
    _ = bench.ask("AT+CEREG=4\r")
    _ = bench.ask("AT+CPSMS=1,,,\"00100110\",\"00000101\"\r", for: 3000)
    #expect(
      bench.ask("AT+CEREG?\r")
        == "\r\n+CEREG: 4,5,\"2C0A\",\"1A2D003\",7,,,\"00000101\",\"00100110\"\r\n\r\nOK\r\n")
  }

  @Test("a UART that sleeps loses the first bytes") func uartSleep() {
    var bench = Self.registered()
    #expect(bench.ask("AT+UPSV=1,1300\r") == "\r\nOK\r\n")
    bench.wait(5790)
    #expect(bench.ask("AT\r", for: 20) == "\r\nOK\r\n")
    bench.wait(6010)
    #expect(bench.ask("AT\r", for: 100) == "")
    #expect(bench.ask("AT\r", for: 50) == "\r\nOK\r\n")
  }

  @Test("a command within 20 ms of a result is lost") func gap() {
    var bench = Self.registered()
    bench.output = []
    bench.write("AT\r")
    let answered = bench.wait(for: "\r\nOK\r\n", within: 100)
    #expect(answered)
    bench.wait(19)
    #expect(bench.ask("AT\r", for: 100) == "")
    #expect(bench.modem.counters.violations[.commandTooSoon] == 3)
    #expect(bench.ask("AT\r", for: 100) == "\r\nOK\r\n")
  }

  @Test(
    "what isn't there, or isn't allowed now, is an error",
    arguments: [
      ("+NONE", "ERROR"), ("+CFUN=6", "ERROR"), ("+UPSV=4", "ERROR"),
      ("+UMNOPROF=1", "+CME ERROR: operation not allowed"),
      ("+URAT=7,8", "+CME ERROR: operation not allowed"),
      ("+UAUTHREQ=1,1,\"u\",\"p\"", "+CME ERROR: operation not allowed"),
      ("+USOWR=3,1", "+CME ERROR: operation not allowed"),
    ])
  func errors(command: String, answer: String) {
    var bench = Self.online()
    _ = bench.ask("AT+CMEE=2\r")
    #expect(bench.ask("AT\(command)\r") == "\r\n\(answer)\r\n")
  }

  @Test("u-blox/ubxlib#201: a module is set up") func captured() {
    var bench = Bench(.saraR5, stored: ModemPersonality.saraR5.factorySettings)
    bench.input(.supply(isOn: true))
    bench.wait(100)
    bench.pulse(1500)
    bench.wait(8000)
    #expect(bench.ask("ATE0\r") == "ATE0\r\r\nOK\r\n")
    for command in ["+CMEE=2", "+UDCONF=1,0", "&C1", "&D0", "&K0", "+UPSV=1,1300", "+UPSMR=1"] {
      #expect(bench.ask("AT\(command)\r") == "\r\nOK\r\n")
    }
    #expect(bench.ask("ATI9\r") == "\r\n03.15,A00.01\r\n\r\nOK\r\n")
    _ = bench.ask("AT+CPSMS=1,,,\"00011000\",\"00011110\"\r")
    let request = "\r\n+CPSMS: 1,,,\"00011000\",\"00011110\"\r\n\r\nOK\r\n"
    #expect(bench.ask("AT+CPSMS?\r") == request)
    #expect(bench.ask("AT+UMNOPROF?\r") == "\r\n+UMNOPROF: 100\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+UGPRF?\r") == "\r\n+UGPRF: 2,0,\"\"\r\n\r\nOK\r\n")
  }
}

import ModemSimulator
import Primitives
import Testing

/// SIMCom SIM7600: the socket service that A7670 has too.
@Suite("SIMCom SIM7600") struct SIM7600Tests {
  static func registered(
    network: SimulatedNetwork = .accelerated, seed: UInt64 = 1
  ) -> Bench {
    Bench.other(.sim7600, pulse: 500, network: network, seed: seed)
  }

  /// Service open, data kept for the host.
  static func online(seed: UInt64 = 1) -> Bench {
    var bench = registered(seed: seed)
    _ = bench.ask("AT+CIPRXGET=1\r")
    _ = bench.ask("AT+NETOPEN\r", for: 3000)
    return bench
  }

  @Test("says who it is on a page of names") func identity() {
    var bench = Self.registered()
    let names = [
      "Manufacturer: SIMCOM INCORPORATED", "Model: SIMCOM_SIM7600E-H",
      "Revision: LE20B04SIM7600M22", "IMEI: 862636050000017",
    ].map { $0 + "\r\n" }.joined()
    #expect(bench.ask("ATI\r") == "\r\n\(names)+GCAP: +CGSM\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+SIMCOMATI\r") == "\r\n\(names)\r\nOK\r\n")
    #expect(bench.ask("AT+CGMM\r") == "\r\nSIMCOM_SIM7600E-H\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CGMR\r") == "\r\n+CGMR: LE20B04SIM7600M22\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CICCID\r") == "\r\n+ICCID: 89423100000000000017\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CCID\r") == "\r\nERROR\r\n")
    #expect(bench.ask("AT+CBC\r") == "\r\n+CBC: 3.800V\r\n\r\nOK\r\n")
  }

  @Test("takes long to boot, and PB DONE comes last") func boot() {
    var bench = Bench(.sim7600, stored: ModemPersonality.sim7600.configured(apn: []))
    bench.input(.supply(isOn: true))
    bench.wait(100)
    bench.pulse(500)
    bench.wait(7000)
    #expect(bench.output == [])
    bench.wait(30_000)
    #expect(bench.heard.hasPrefix("\r\nRDY\r\n"))
    #expect(bench.said("\r\n+CPIN: READY\r\n"))
    #expect(bench.heard.hasSuffix("\r\nSMS DONE\r\n\r\nPB DONE\r\n"))
  }

  @Test("goes off by 2.5 s of key, by AT+CPOF, and says nothing of it") func power() {
    var bench = Self.registered()
    bench.output = []
    bench.pulse(2400)
    bench.wait(15_000)
    #expect(bench.isStatusOn)
    bench.pulse(2500)
    bench.wait(15_000)
    #expect(!bench.isStatusOn)
    #expect(bench.heard == "")
    bench = Self.registered()
    #expect(bench.ask("AT+CPOF\r", for: 15_000) == "\r\nOK\r\n")
    #expect(!bench.isStatusOn)
    bench = Self.registered()
    #expect(bench.ask("AT+CRESET\r", for: 30_000).hasPrefix("\r\nOK\r\n\r\nRDY\r\n"))
  }

  @Test("registers in LTE") func registration() {
    var bench = Self.registered()
    let line = "\r\n+CEREG: 2,5,\"2C0A\",\"01A2D003\",7\r\n\r\nOK\r\n"
    #expect(bench.ask("AT+CEREG=2;+CEREG?\r") == line)
    #expect(bench.ask("AT+CEREG=4\r") == "\r\nERROR\r\n")
    #expect(bench.ask("AT+CPSI?\r").hasPrefix("\r\n+CPSI: LTE,Online,204-08,0x2C0A,"))
    #expect(bench.ask("AT+CPSMS?\r") == "\r\nERROR\r\n")
  }

  @Test("takes the password before the name") func login() {
    var bench = Self.registered()
    #expect(bench.ask("AT+CGAUTH=1,1,\"secret\",\"me\"\r") == "\r\nOK\r\n")
    #expect(bench.modem.stored.contexts[0].user == Array("me".utf8))
    #expect(bench.modem.stored.contexts[0].password == Array("secret".utf8))
    #expect(bench.ask("AT+CGDCONT?\r").contains("+CGDCONT: 2,\"IPV4V6\",\"ims\""))
  }

  @Test("opens and closes its service, in its own words when it is too late") func service() {
    var bench = Self.registered()
    #expect(bench.ask("AT+NETOPEN?\r") == "\r\n+NETOPEN: 0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+IPADDR\r") == "\r\n+IP ERROR: Network not opened\r\n\r\nERROR\r\n")
    #expect(bench.ask("AT+NETCLOSE\r") == "\r\n+NETCLOSE: 2\r\n\r\nERROR\r\n")
    #expect(bench.ask("AT+NETOPEN\r", for: 3000) == "\r\nOK\r\n\r\n+NETOPEN: 0\r\n")
    let again = "\r\n+IP ERROR: Network is already opened\r\n\r\nERROR\r\n"
    #expect(bench.ask("AT+NETOPEN\r") == again)
    #expect(bench.ask("AT+NETOPEN?\r") == "\r\n+NETOPEN: 1\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+IPADDR\r") == "\r\n+IPADDR: 10.64.12.9\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+NETCLOSE\r", for: 3000) == "\r\nOK\r\n\r\n+NETCLOSE: 0\r\n")
    bench.modem.network.verdict = .noCoverage
    bench.wait(1000)
    #expect(bench.ask("AT+NETOPEN\r", for: 500) == "\r\nOK\r\n\r\n+NETOPEN: 1\r\n")
  }

  @Test("takes its parameters") func parameters() {
    var bench = Self.registered()
    for line in [
      "AT+CIPMODE=0\r", "AT+CIPSENDMODE=0\r", "AT+CIPCCFG=10,0,0,0,1,0,75000\r",
      "AT+CIPTIMEOUT=75000,15000,15000\r", "AT+CIPDNSSET=2,5000,1\r", "AT+CIPHEAD=1\r",
    ] {
      #expect(bench.ask(line) == "\r\nOK\r\n", "\(line)")
    }
  }

  @Test("opens a datagram link by a local port, and sends each datagram to its peer")
  func datagram() throws {
    var bench = Self.online()
    let noPort = bench.ask("AT+CIPOPEN=1,\"UDP\",\"192.0.2.1\",5683\r", for: 1000)
    #expect(noPort == "\r\n+CIPOPEN: 1,3\r\n\r\nERROR\r\n")
    let open = "AT+CIPOPEN=1,\"UDP\",,,5000\r"
    #expect(bench.ask(open, for: 500) == "\r\n+CIPOPEN: 1,0\r\n\r\nOK\r\n")
    #expect(bench.ask(open, for: 500) == "\r\n+CIPOPEN: 1,4\r\n\r\nERROR\r\n")
    #expect(bench.ask("AT+CIPSEND=1,4\r") == "\r\n+CIPERROR: 3\r\n\r\nERROR\r\n")
    #expect(bench.ask("AT+CIPSEND=1,4,\"192.0.2.1\",5683\r") == "\r\n>")
    #expect(bench.ask("ping", for: 500) == "\r\nOK\r\n\r\n+CIPSEND: 1,4,4\r\n")
    let id = try #require(bench.lastOpened)
    let effects = bench.trace.map(\.effect)
    #expect(
      effects.contains(.openSocket(id, .udp, host: Array("192.0.2.1".utf8), port: 5683)))
    #expect(effects.contains(.sendOnSocket(id, Array("ping".utf8))))
    bench.output = []
    bench.input(.socketReceived(id, Array("OK\r\n".utf8)))
    bench.input(.socketReceived(id, Array("two".utf8)))
    bench.wait(2000)
    #expect(bench.heard == "\r\n+CIPRXGET: 1,1\r\n")
    #expect(bench.ask("AT+CIPRXGET=4,1\r") == "\r\n+CIPRXGET: 4,1,7\r\n\r\nOK\r\n")
    let first = "\r\n+CIPRXGET: 2,1,4,3\r\nOK\r\n\r\n\r\nOK\r\n"
    #expect(bench.ask("AT+CIPRXGET=2,1,1460\r") == first)
    let hex = "\r\n+CIPRXGET: 3,1,3,0\r\n74776F\r\n\r\nOK\r\n"
    #expect(bench.ask("AT+CIPRXGET=3,1\r") == hex)
    #expect(bench.ask("AT+CIPRXGET=2,1\r") == "\r\n+IP ERROR: No data\r\n\r\nERROR\r\n")
    _ = bench.ask("AT+CIPSEND=1,1,\"192.0.2.9\",7\r")
    _ = bench.ask("x", for: 500)
    let other = try #require(bench.lastOpened)
    #expect(bench.trace.contains { $0.effect == .closeSocket(id) })
    #expect(bench.trace.contains { $0.effect == .sendOnSocket(other, [0x78]) })
    #expect(bench.ask("AT+CIPCLOSE=1\r") == "\r\n+CIPCLOSE: 1,0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CIPCLOSE=1\r") == "\r\n+CIPCLOSE: 1,4\r\n\r\nERROR\r\n")
    #expect(bench.ask("AT+CIPSEND=1,1\r") == "\r\n+CIPERROR: 4\r\n\r\nERROR\r\n")
  }

  @Test("takes a datagram up to Ctrl-Z where no count is given") func controlZ() {
    var bench = Self.online()
    _ = bench.ask("AT+CIPOPEN=1,\"UDP\",,,5000\r", for: 500)
    #expect(bench.ask("AT+CIPSEND=1,,\"192.0.2.1\",5683\r") == "\r\n>")
    #expect(bench.ask("hello\u{1A}", for: 500) == "\r\nOK\r\n\r\n+CIPSEND: 1,5,5\r\n")
  }

  @Test("opens a stream, and tells its end") func stream() throws {
    var bench = Self.online()
    let opened = bench.ask("AT+CIPOPEN=0,\"TCP\",\"192.0.2.1\",80\r", for: 2000)
    #expect(opened == "\r\nOK\r\n\r\n+CIPOPEN: 0,0\r\n")
    let flags = "\r\n+CIPCLOSE: 1,0,0,0,0,0,0,0,0,0\r\n\r\nOK\r\n"
    #expect(bench.ask("AT+CIPCLOSE?\r") == flags)
    let id = try #require(bench.lastOpened)
    _ = bench.ask("AT+CIPSEND=0,3\r")
    #expect(bench.ask("abc", for: 500) == "\r\nOK\r\n\r\n+CIPSEND: 0,3,3\r\n")
    bench.input(.socketReceived(id, Array("abcdef".utf8)))
    bench.wait(1000)
    #expect(bench.ask("AT+CIPRXGET=2,0,4\r") == "\r\n+CIPRXGET: 2,0,4,2\r\nabcd\r\n\r\nOK\r\n")
    bench.output = []
    bench.input(.socketClosed(id))
    bench.wait(1000)
    #expect(bench.heard == "\r\n+IPCLOSE: 0,1\r\n")
    #expect(bench.ask("AT+CIPRXGET=2,0,4\r") == "\r\n+CIPRXGET: 2,0,2,0\r\nef\r\n\r\nOK\r\n")
    let reopened = bench.ask("AT+CIPOPEN=0,\"TCP\",\"192.0.2.1\",80\r", for: 2000)
    #expect(reopened == "\r\nOK\r\n\r\n+CIPOPEN: 0,0\r\n")
    #expect(bench.ask("AT+CIPCLOSE=0\r", for: 1000) == "\r\nOK\r\n\r\n+CIPCLOSE: 0,0\r\n")
  }

  @Test(
    "pushes data with one header or the other",
    arguments: [(1, "+RECEIVE,0,2:\r\nhi"), (0, "RECV FROM:192.0.2.1:80\r\n+IPD2\r\nhi")])
  func push(header: Int, text: String) throws {
    var bench = Self.online()
    _ = bench.ask("AT+CIPRXGET=0\r")
    _ = bench.ask("AT+CIPCCFG=10,0,0,0,\(header),0,75000\r")
    _ = bench.ask("AT+CIPOPEN=0,\"TCP\",\"192.0.2.1\",80\r", for: 2000)
    bench.output = []
    bench.input(.socketReceived(try #require(bench.lastOpened), Array("hi".utf8)))
    bench.wait(1000)
    #expect(bench.heard == "\r\n\(text)\r\n")
  }

  @Test(
    "says why an opening failed",
    arguments: [
      ("AT+CIPOPEN=0,\"ICMP\",\"192.0.2.1\",80\r", "\r\n+CIPOPEN: 0,3\r\n\r\nERROR\r\n"),
      ("AT+CIPOPEN=0,\"TCP\",\"192.0.2.1\",0\r", "\r\n+CIPOPEN: 0,3\r\n\r\nERROR\r\n"),
      ("AT+CIPOPEN=0,\"TCP\",\"nowhere.example\",80\r", "\r\nOK\r\n\r\n+CIPOPEN: 0,11\r\n"),
      ("AT+CIPOPEN=10,\"TCP\",\"192.0.2.1\",80\r", "\r\nERROR\r\n"),
    ])
  func failures(line: String, answer: String) {
    var bench = Self.online()
    #expect(bench.ask(line, for: 2000) == answer)
  }

  @Test("wants its service open") func closed() {
    var bench = Self.registered()
    let open = "AT+CIPOPEN=0,\"TCP\",\"192.0.2.1\",80\r"
    #expect(bench.ask(open) == "\r\n+CIPOPEN: 0,2\r\n\r\nERROR\r\n")
    #expect(bench.ask("AT+CDNSGIP=\"a.example\"\r") == "\r\n+CDNSGIP: 0,10\r\n\r\nERROR\r\n")
  }

  @Test("answers for a name before its OK") func names() {
    var bench = Self.online()
    bench.modem.network.names = [
      .init(Array("a.example".utf8), .address(Array("192.0.2.7".utf8)))
    ]
    let found = bench.ask("AT+CDNSGIP=\"a.example\"\r", for: 2000)
    #expect(found == "\r\n+CDNSGIP: 1,\"a.example\",\"192.0.2.7\"\r\n\r\nOK\r\n")
    let none = bench.ask("AT+CDNSGIP=\"b.example\"\r", for: 2000)
    #expect(none == "\r\n+CDNSGIP: 0,10\r\n\r\nERROR\r\n")
  }

  @Test("loses its network, and needs AT+NETCLOSE before AT+NETOPEN") func lost() {
    var bench = Self.online()
    _ = bench.ask("AT+CIPOPEN=0,\"TCP\",\"192.0.2.1\",80\r", for: 2000)
    bench.output = []
    bench.modem.faults.dropsContextsAt = bench.now + .milliseconds(100)
    bench.wait(500)
    #expect(bench.heard == "\r\n+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY\r\n")
    let open = "AT+CIPOPEN=0,\"TCP\",\"192.0.2.1\",80\r"
    #expect(bench.ask(open) == "\r\n+CIPOPEN: 0,1\r\n\r\nERROR\r\n")
    #expect(bench.ask("AT+NETOPEN\r").hasPrefix("\r\n+IP ERROR"))
    #expect(bench.ask("AT+NETCLOSE\r", for: 2000) == "\r\nOK\r\n\r\n+NETCLOSE: 0\r\n")
    #expect(bench.ask("AT+NETOPEN\r", for: 3000) == "\r\nOK\r\n\r\n+NETOPEN: 0\r\n")
  }

  @Test("ends a look-up that waits when the network goes") func networkGoes() {
    var bench = Self.online()
    _ = bench.ask("AT+CDNSGIP=\"a.example\"\r", for: 40)
    bench.modem.network.verdict = .noCoverage
    bench.wait(71_000)
    #expect(bench.heard == "\r\nERROR\r\n")
    #expect(bench.ask("AT\r") == "\r\nOK\r\n")
  }
}

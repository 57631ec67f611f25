import ModemSimulator
import Primitives
import Testing

/// SIMCom SIM800 and SIM7000: the CIP stack, and what either has beside it.
@Suite("SIMCom SIM800 and SIM7000") struct CIPStackTests {
  static let both = [ModemPersonality.sim800, .sim7000]

  static func registered(
    _ personality: ModemPersonality = .sim800, network: SimulatedNetwork = .accelerated,
    seed: UInt64 = 1
  ) -> Bench {
    Bench.other(
      personality, pulse: 1100, first: ["AT", "ATE0"], network: network, seed: seed)
  }

  /// IP STATUS, several connections, data kept for the host, sends answered early.
  static func online(_ personality: ModemPersonality = .sim800, seed: UInt64 = 1) -> Bench {
    var bench = registered(personality, seed: seed)
    _ = bench.ask("AT+CIPMUX=1;+CIPQSEND=1;+CIPRXGET=1\r")
    _ = bench.ask("AT+CSTT=\"em\",\"\",\"\"\r")
    _ = bench.ask("AT+CIICR\r", for: 3000)
    _ = bench.ask("AT+CIFSR\r")
    return bench
  }

  @Test("say who they are") func identity() {
    var bench = Self.registered()
    #expect(bench.ask("ATI\r") == "\r\nSIM800 R14.18\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CGMM\r") == "\r\nSIMCOM_SIM800C\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CGMR\r") == "\r\nRevision:1418B05SIM800C24\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CCID\r") == "\r\n89423100000000000017\r\n\r\nOK\r\n")
    bench = Self.registered(.sim7000)
    #expect(bench.ask("ATI\r") == "\r\nSIM7000E R1529\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CGMM\r") == "\r\nSIMCOM_SIM7000E\r\n\r\nOK\r\n")
  }

  @Test(
    "SIM800 goes off at 1.5 s, and starts anew at 33 s",
    arguments: [(1499, true, 1), (1500, false, 1), (33_000, true, 2)])
  func key(pulse: Int64, isOn: Bool, boots: Int) {
    var bench = Self.registered()
    bench.output = []
    bench.pulse(pulse)
    bench.wait(10_000)
    #expect(bench.isStatusOn == isOn)
    #expect(bench.modem.counters.boots == boots)
    #expect(bench.said("\r\nNORMAL POWER OFF\r\n") == !isOn)
  }

  @Test("go off by AT+CPOWD=1, in the words of the model") func powerDown() {
    var bench = Self.registered()
    #expect(bench.ask("AT+CPOWD=1\r", for: 8000) == "\r\nNORMAL POWER OFF\r\n")
    #expect(!bench.isStatusOn)
    bench = Self.registered(.sim7000)
    #expect(bench.ask("AT+CPOWD=1\r", for: 8000) == "\r\nNORMAL POWER DOWN\r\n")
    #expect(!bench.isStatusOn)
  }

  @Test("announce themselves at a fixed rate") func boot() {
    for (personality, urcs) in [
      (ModemPersonality.sim800, ["RDY", "+CFUN: 1", "+CPIN: READY", "Call Ready", "SMS Ready"]),
      (.sim7000, ["RDY", "+CFUN: 1", "+CPIN: READY", "SMS Ready"]),
    ] {
      var stored = personality.configured(apn: [])
      stored.profile.baudRate = 115_200
      var bench = Bench(personality, stored: stored)
      bench.input(.supply(isOn: true))
      bench.wait(100)
      bench.pulse(1100)
      bench.wait(30_000)
      for urc in urcs { #expect(bench.said("\r\n\(urc)\r\n")) }
      #expect(bench.said("Call Ready") == urcs.contains("Call Ready"))
    }
  }

  @Test("register: SIM800 in GSM alone, SIM7000 with the timers of PSM") func registration() {
    var bench = Self.registered()
    #expect(bench.ask("AT+CREG=2;+CREG?\r") == "\r\n+CREG: 2,5,\"2C0A\",\"D003\"\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CEREG?\r") == "\r\nERROR\r\n")
    bench = Self.registered(.sim7000)
    _ = bench.ask("AT+CPSMS=1,,,\"00100110\",\"00001010\"\r", for: 1000)
    let line = "+CEREG: 4,5,\"2C0A\",\"01A2D003\",7,,,\"00001010\",\"00100110\""
    #expect(bench.ask("AT+CEREG=4;+CEREG?\r") == "\r\n\(line)\r\n\r\nOK\r\n")
  }

  @Test("bring their stack up step by step, and no step twice") func steps() {
    for personality in Self.both {
      var bench = Self.registered(personality)
      let steps: [(String, String)] = [
        ("AT+CIPSTATUS\r", "\r\nOK\r\n\r\nSTATE: IP INITIAL\r\n"),
        ("AT+CIICR\r", "\r\nERROR\r\n"), ("AT+CIFSR\r", "\r\nERROR\r\n"),
        ("AT+CSTT=\"em\",\"\",\"\"\r", "\r\nOK\r\n"),
        ("AT+CSTT=\"em\",\"\",\"\"\r", "\r\nERROR\r\n"), ("AT+CIPMUX=1\r", "\r\nERROR\r\n"),
        ("AT+CIPSTATUS\r", "\r\nOK\r\n\r\nSTATE: IP START\r\n"), ("AT+CIICR\r", "\r\nOK\r\n"),
        ("AT+CIPSTATUS\r", "\r\nOK\r\n\r\nSTATE: IP GPRSACT\r\n"),
        ("AT+CIFSR\r", "\r\n10.64.12.9\r\n"), ("AT+CIFSR;E0\r", "\r\n10.64.12.9\r\n\r\nOK\r\n"),
        ("AT+CIPSTATUS\r", "\r\nOK\r\n\r\nSTATE: IP STATUS\r\n"),
        ("AT+CIPSTART=0,\"UDP\",\"192.0.2.1\",5683\r", "\r\nERROR\r\n"),
        ("AT+CIPSHUT\r", "\r\nSHUT OK\r\n"),
        ("AT+CIPSTATUS\r", "\r\nOK\r\n\r\nSTATE: IP INITIAL\r\n"),
        ("AT+CMEE=1;+CIICR\r", "\r\n+CME ERROR: 3\r\n"),
        ("AT+CMEE=2;+CIICR\r", "\r\n+CME ERROR: operation not allowed\r\n"),
      ]
      for (line, answer) in steps { #expect(bench.ask(line, for: 3000) == answer, "\(line)") }
    }
  }

  @Test("end in PDP DEACT where the network refuses the name") func refused() {
    var bench = Self.registered()
    bench.modem.network.accessPointNames = [Array("other".utf8)]
    _ = bench.ask("AT+CSTT=\"em\"\r")
    #expect(bench.ask("AT+CMEE=1;+CIICR\r", for: 3000) == "\r\n+CME ERROR: 148\r\n")
    let state = "\r\nOK\r\n\r\nSTATE: PDP DEACT\r\n"
    #expect(bench.ask("AT+CIPSTATUS\r") == state)
    #expect(bench.ask("AT+CIPSHUT\r") == "\r\nSHUT OK\r\n")
  }

  @Test("move a datagram there and back") func datagram() throws {
    for personality in Self.both {
      var bench = Self.online(personality)
      let open = "AT+CIPSTART=1,\"UDP\",\"192.0.2.1\",\"5683\"\r"
      #expect(bench.ask(open, for: 1000) == "\r\nOK\r\n\r\n1, CONNECT OK\r\n")
      let id = try #require(bench.lastOpened)
      #expect(bench.ask(open, for: 1000) == "\r\nOK\r\n\r\n1, ALREADY CONNECT\r\n")
      #expect(bench.ask("AT+CIPSEND=1,5\r") == "\r\n> ")
      bench.output = []
      bench.input(.uartReceived([0x1A, 0x1B, 0x0D, 0x0A, 0]))
      bench.wait(500)
      #expect(bench.heard == "\r\nDATA ACCEPT:1,5\r\n")
      let sent = SimulatedModem.Effect.sendOnSocket(id, [0x1A, 0x1B, 0x0D, 0x0A, 0])
      #expect(bench.trace.contains { $0.effect == sent })
      bench.output = []
      bench.input(.socketReceived(id, Array("OK\r\n".utf8)))
      bench.input(.socketReceived(id, Array("two".utf8)))
      bench.wait(2000)
      #expect(bench.heard == "\r\n+CIPRXGET: 1,1\r\n")
      #expect(bench.ask("AT+CIPRXGET=4,1\r") == "\r\n+CIPRXGET: 4,1,7\r\n\r\nOK\r\n")
      let first = "\r\n+CIPRXGET: 2,1,4,3\r\nOK\r\n\r\nOK\r\n"
      #expect(bench.ask("AT+CIPRXGET=2,1,1460\r") == first)
      #expect(bench.ask("AT+CIPRXGET=3,1\r") == "\r\n+CIPRXGET: 3,1,3,0\r\n74776F\r\nOK\r\n")
      #expect(bench.ask("AT+CIPRXGET=2,1,9\r") == "\r\n+CIPRXGET: 2,1,0,0\r\n\r\nOK\r\n")
      let status = "+CIPSTATUS: 1,0,\"UDP\",\"192.0.2.1\",\"5683\",\"CONNECTED\""
      #expect(bench.ask("AT+CIPSTATUS=1\r") == "\r\n\(status)\r\n\r\nOK\r\n")
      #expect(bench.ask("AT+CIPCLOSE=1\r") == "\r\n1, CLOSE OK\r\n")
      #expect(bench.ask("AT+CIPCLOSE=1\r") == "\r\nERROR\r\n")
      #expect(bench.ask("AT+CIPSEND=1,5\r") == "\r\nERROR\r\n")
    }
  }

  @Test("hold six connections or eight") func numbers() {
    for (personality, last) in [(ModemPersonality.sim800, 5), (.sim7000, 7)] {
      var bench = Self.online(personality)
      for number in 0...last {
        let answer = bench.ask("AT+CIPSTART=\(number),\"UDP\",\"192.0.2.1\",7\r", for: 500)
        #expect(answer == "\r\nOK\r\n\r\n\(number), CONNECT OK\r\n")
      }
      let more = bench.ask("AT+CIPSTART=\(last + 1),\"UDP\",\"192.0.2.1\",7\r", for: 500)
      #expect(more == "\r\nERROR\r\n")
    }
  }

  @Test("say SEND OK only when it is on the air, without quick send") func slowSend() throws {
    var bench = Self.online()
    _ = bench.ask("AT+CIPQSEND=0\r")
    _ = bench.ask("AT+CIPSTART=0,\"TCP\",\"192.0.2.1\",80\r", for: 2000)
    let id = try #require(bench.lastOpened)
    bench.wait(3000)
    _ = bench.ask("AT+CIPSEND=0\r")
    #expect(bench.ask("hi\u{1A}", for: 60) == "")
    bench.wait(500)
    #expect(bench.heard == "\r\n0, SEND OK\r\n")
    let sent = try #require(bench.trace.first { $0.effect == .sendOnSocket(id, [0x68, 0x69]) })
    let answered = try #require(
      bench.trace.last { $0.effect == .transmit(Array("\r\n0, SEND OK\r\n".utf8)) })
    #expect(sent.at <= answered.at)
  }

  @Test("push data where AT+CIPRXGET=1 wasn't sent first") func push() throws {
    var bench = Self.registered()
    for line in ["AT+CIPMUX=1\r", "AT+CSTT\r", "AT+CIICR\r", "AT+CIFSR\r"] {
      _ = bench.ask(line, for: 2000)
    }
    _ = bench.ask("AT+CIPSTART=0,\"TCP\",\"192.0.2.1\",80\r", for: 2000)
    #expect(bench.ask("AT+CIPRXGET=1\r") == "\r\nERROR\r\n")
    bench.output = []
    bench.input(.socketReceived(try #require(bench.lastOpened), Array("hi".utf8)))
    bench.wait(1000)
    #expect(bench.heard == "\r\n+RECEIVE,0,2:\r\nhi\r\n")
  }

  @Test("can't be read after the peer has closed (vshymanskyy/TinyGSM#184)") func hangUp() throws {
    var bench = Self.online()
    _ = bench.ask("AT+CIPSTART=0,\"TCP\",\"192.0.2.1\",80\r", for: 2000)
    let id = try #require(bench.lastOpened)
    bench.input(.socketReceived(id, Array("abc".utf8)))
    bench.output = []
    bench.input(.socketClosed(id))
    bench.wait(1000)
    #expect(bench.heard == "\r\n+CIPRXGET: 1,0\r\n\r\n0, CLOSED\r\n")
    #expect(bench.ask("AT+CIPRXGET=2,0,9\r") == "\r\nERROR\r\n")
    #expect(bench.ask("AT+CIPCLOSE=0\r") == "\r\nERROR\r\n")
    let again = bench.ask("AT+CIPSTART=0,\"TCP\",\"192.0.2.1\",80\r", for: 2000)
    #expect(again == "\r\nOK\r\n\r\n0, CONNECT OK\r\n")
  }

  @Test("say CONNECT FAIL for a name that isn't there") func failure() {
    var bench = Self.online()
    let answer = bench.ask("AT+CIPSTART=0,\"TCP\",\"nowhere.example\",80\r", for: 2000)
    #expect(answer == "\r\nOK\r\n\r\n0, CONNECT FAIL\r\n")
  }

  @Test("look names up behind the OK") func names() {
    var bench = Self.online()
    bench.modem.network.names = [
      .init(Array("a.example".utf8), .address(Array("192.0.2.7".utf8)))
    ]
    let found = bench.ask("AT+CDNSGIP=\"a.example\"\r", for: 2000)
    #expect(found == "\r\nOK\r\n\r\n+CDNSGIP: 1,\"a.example\",\"192.0.2.7\"\r\n")
    let none = bench.ask("AT+CDNSGIP=\"b.example\"\r", for: 2000)
    #expect(none == "\r\nOK\r\n\r\n+CDNSGIP: 0,8\r\n")
    #expect(bench.ask("AT+CDNSCFG=\"9.9.9.9\",\"1.1.1.1\"\r") == "\r\nOK\r\n")
    let servers = "\r\nPrimaryDns: 9.9.9.9\r\nSecondaryDns: 1.1.1.1\r\n\r\nOK\r\n"
    #expect(bench.ask("AT+CDNSCFG?\r") == servers)
  }

  @Test("lose their context to the network, and go on after AT+CIPSHUT alone") func lost() {
    for personality in Self.both {
      var bench = Self.online(personality)
      _ = bench.ask("AT+CIPSTART=0,\"UDP\",\"192.0.2.1\",7\r", for: 1000)
      bench.output = []
      bench.modem.faults.dropsContextsAt = bench.now + .milliseconds(100)
      bench.wait(500)
      #expect(bench.heard == "\r\n+PDP: DEACT\r\n")
      #expect(bench.ask("AT+CIICR\r") == "\r\nERROR\r\n")
      #expect(bench.ask("AT+CIPSHUT\r") == "\r\nSHUT OK\r\n")
      _ = bench.ask("AT+CSTT=\"em\"\r")
      #expect(bench.ask("AT+CIICR\r", for: 3000) == "\r\nOK\r\n")
    }
  }

  @Test("SIM800 has a bearer profile beside its stack") func bearer() {
    var bench = Self.registered()
    let closed = "\r\n+SAPBR: 1,3,\"0.0.0.0\"\r\n\r\nOK\r\n"
    #expect(bench.ask("AT+SAPBR=2,1\r") == closed)
    #expect(bench.ask("AT+SAPBR=3,1,\"Contype\",\"GPRS\"\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT+SAPBR=3,1,\"APN\",\"em\"\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT+SAPBR=1,1\r", for: 3000) == "\r\nOK\r\n")
    #expect(bench.ask("AT+SAPBR=1,1\r") == "\r\nERROR\r\n")
    #expect(bench.ask("AT+SAPBR=2,1\r") == "\r\n+SAPBR: 1,1,\"10.64.12.9\"\r\n\r\nOK\r\n")
    bench.output = []
    bench.modem.faults.dropsContextsAt = bench.now + .milliseconds(100)
    bench.wait(500)
    #expect(bench.heard == "\r\n+SAPBR 1: DEACT\r\n")
    #expect(bench.ask("AT+SAPBR=2,1\r") == closed)
    #expect(bench.ask("AT+SAPBR=0,1\r") == "\r\nERROR\r\n")
  }

  @Test("SIM7000 has one context for its applications, without a number") func applications() {
    var bench = Self.registered(.sim7000)
    #expect(bench.ask("AT+CNACT?\r") == "\r\n+CNACT: 0,\"0.0.0.0\"\r\n\r\nOK\r\n")
    let up = bench.ask("AT+CNACT=1,\"em\"\r", for: 3000)
    #expect(up == "\r\nOK\r\n\r\n+APP PDP: ACTIVE\r\n")
    #expect(bench.ask("AT+CNACT?\r") == "\r\n+CNACT: 1,\"10.64.12.9\"\r\n\r\nOK\r\n")
    let down = bench.ask("AT+CNACT=0\r", for: 3000)
    #expect(down == "\r\nOK\r\n\r\n+APP PDP: DEACTIVE\r\n")
  }

  @Test("SIM7000 sleeps in PSM, and its stack is gone after it") func sleep() {
    var bench = Self.online(.sim7000)
    #expect(bench.ask("AT+CPSMS=1,,,\"00100110\",\"00001010\"\r", for: 30_000) == "\r\nOK\r\n")
    #expect(bench.modem.state == "PSM")
    bench.pulse(1100)
    bench.wait(7000)
    _ = bench.ask("AT\r")
    _ = bench.ask("ATE0\r")
    #expect(bench.ask("AT+CIPSTATUS\r") == "\r\nOK\r\n\r\nSTATE: IP INITIAL\r\n")
    #expect(bench.ask("AT+CPSMS?\r").hasPrefix("\r\n+CPSMS: 1,"))
  }

  @Test("SIM7000 asks for other timers only when PSM is switched on, or after a boot")
  func askOnce() {
    var bench = Self.registered(.sim7000)
    let first = "2,21600,2,21600,3240\r\n\r\nOK\r\n"
    _ = bench.ask("AT+CPSMS=1,,,\"00100110\",\"00000001\"\r", for: 900)
    #expect(bench.ask("AT+CPSMRDP\r", for: 50) == "\r\n+CPSMRDP: 1,\(first)")
    _ = bench.ask("AT+CPSMS=1,,,\"00100111\",\"00000010\"\r", for: 900)
    #expect(bench.ask("AT+CPSMRDP\r", for: 50).contains(": 1,4,25200,2,21600,"))
    _ = bench.ask("AT+CPSMS=0\r", for: 900)
    _ = bench.ask("AT+CPSMS=1,,,\"00100111\",\"00000010\"\r", for: 900)
    #expect(bench.ask("AT+CPSMRDP\r", for: 50).contains(": 1,4,25200,4,25200,"))
  }

  @Test("end a send that waits when the network goes, after 645 s") func networkGoes() {
    var bench = Self.online()
    _ = bench.ask("AT+CIPQSEND=0\r")
    _ = bench.ask("AT+CIPSTART=0,\"TCP\",\"192.0.2.1\",80\r", for: 2000)
    bench.wait(3000)
    _ = bench.ask("AT+CIPSEND=0,2\r")
    _ = bench.ask("hi", for: 40)
    bench.modem.network.verdict = .noCoverage
    bench.wait(644_000)
    #expect(bench.heard == "")
    bench.wait(2000)
    #expect(bench.heard == "\r\n0, SEND FAIL\r\n")
    #expect(bench.ask("AT\r") == "\r\nOK\r\n")
  }

  @Test("list every connection where several are allowed") func list() {
    var bench = Self.online()
    _ = bench.ask("AT+CIPSTART=1,\"UDP\",\"192.0.2.1\",7\r", for: 1000)
    let free = [0, 2, 3, 4, 5].map { "C: \($0),,\"\",\"\",\"\",\"INITIAL\"" }
    let lines =
      [free[0], "C: 1,0,\"UDP\",\"192.0.2.1\",\"7\",\"CONNECTED\""] + free.dropFirst()
    let answer = "\r\nOK\r\n\r\nSTATE: IP PROCESSING\r\n\r\n"
    #expect(bench.ask("AT+CIPSTATUS\r") == answer + lines.map { $0 + "\r\n" }.joined())
  }

  @Test("random lines of their words trap nothing", arguments: 1...4) func randomLines(seed: UInt64)
  {
    let words = [
      "AT", "+CIPSTART=", "+CIPSEND=", "+CIPRXGET=", "+CIPCLOSE=", "+CIPSHUT", "+CSTT", "+CIICR",
      "+CIFSR", "+CIPMUX=1", "+CNACT=", "+CAOPEN=", "+CASEND=", "+CARECV=", "+CACLOSE=", "+NETOPEN",
      "+NETCLOSE", "+CIPOPEN=", "+QIREGAPP", "+QIACT", "+QIDEACT", "+QIOPEN=", "+QISEND=", "+QIRD=",
      "+QICLOSE=", "+SAPBR=", "+CDNSGIP=\"a\"", "+QIDNSGIP=\"a\"", "+CFUN=", "+CPSMS=", "\"UDP\"",
      "\"TCP\"", "\"192.0.2.1\"", "0", "1", "2", "7", "1460", "99999999999999999999", ",", ",,,",
      ";", "?", "=?", "\u{1A}", "\u{1B}", "+IPR=0", "&W", "+CLTS=1", "+CRAI=1", "+CIPSTATUS",
    ]
    let families: [ModemPersonality] = [.ec25, .m95, .sim7080, .sim7600, .sim800, .sim7000]
    for personality in families {
      var random = SeededRandom(seed: seed)
      var bench = Bench.other(personality, pulse: 1100, rest: 20_000, first: ["AT"], seed: seed)
      for _ in 0..<400 {
        var line = random.next(below: 6) == 0 ? "" : "AT"
        for _ in 0...random.next(below: 6) {
          line += words[Int(random.next(below: UInt64(words.count)))]
        }
        bench.write(line + "\r")
        bench.wait(Int64(random.next(below: 900)))
        if let id = bench.lastOpened, random.next(below: 3) == 0 {
          let inputs: [SimulatedModem.Input] = [
            .socketReceived(id, [1, 2, 3]), .socketClosed(id), .socketFailed(id, .refused),
          ]
          bench.input(inputs[Int(random.next(below: 3))])
        }
        if random.next(below: 100) == 0 {
          bench.modem.faults.dropsContextsAt = bench.now + .milliseconds(50)
        }
        if bench.modem.state == "off" || bench.modem.state == "PSM" {
          bench.wait(1500)
          bench.pulse(1100)
          bench.wait(14_000)
        }
        bench.output = []
      }
      #expect(bench.modem.counters.commands > 100)
    }
  }
}

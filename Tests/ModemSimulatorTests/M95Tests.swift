import ModemSimulator
import Primitives
import Testing

/// Quectel M95 and its like: GPRS, and a stack older than BG95's.
@Suite("Quectel M95") struct M95Tests {
  static func registered(seed: UInt64 = 1, first: [String] = ["AT", "ATE0"]) -> Bench {
    Bench.other(.m95, pulse: 1000, first: first, seed: seed)
  }

  /// Context up, AT+QINDI=1, several sockets.
  static func online(seed: UInt64 = 1) -> Bench {
    var bench = registered(seed: seed)
    _ = bench.ask("AT+QIDEACT\r", for: 500)
    _ = bench.ask("AT+QIMUX=1;+QINDI=1\r")
    _ = bench.ask("AT+QIREGAPP=\"em\",\"\",\"\"\r")
    _ = bench.ask("AT+QIACT\r", for: 3000)
    return bench
  }

  @Test("says who it is") func identity() {
    var bench = Self.registered()
    let name = "\r\nQuectel_Ltd\r\nQuectel_M95\r\nRevision: M95FAR02A08\r\n\r\nOK\r\n"
    #expect(bench.ask("ATI\r") == name)
    #expect(bench.ask("AT+CGMR\r") == "\r\nRevision: M95FAR02A08\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CCID\r") == "\r\n+CCID: \"89423100000000000017\"\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+QCCID\r") == "\r\n89423100000000000017\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CMEE=2;+CNOSUCH\r") == "\r\n+CME ERROR: unknown\r\n")
  }

  @Test("is silent at any rate until it has understood an AT, which it may lose") func rate() {
    let lost = (1...20).filter { (seed: UInt64) in
      var bench = Bench.other(.m95, pulse: 1000, first: [], seed: seed)
      #expect(bench.output == [])
      let answer = bench.ask("AT\r")
      #expect(answer == "" || answer == "\r\nOK\r\n")
      #expect(bench.ask("AT\r") == "AT\r\r\nOK\r\n")
      return answer.isEmpty
    }
    #expect((1...19).contains(lost.count))
  }

  @Test("announces itself where the rate is fixed and stored") func fixedRate() {
    var bench = Self.registered()
    #expect(bench.ask("AT+IPR?\r") == "\r\n+IPR: 0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+IPR=115200;&W\r") == "\r\nOK\r\n")
    bench.output = []
    _ = bench.ask("AT+CFUN=1,1\r", for: 30_000)
    for urc in ["RDY", "+CFUN: 1", "+CPIN: READY", "Call Ready", "SMS Ready"] {
      #expect(bench.said("\r\n\(urc)\r\n"))
    }
  }

  @Test(
    "is turned off by 600 ms to 1 s, and a longer pulse is a violation",
    arguments: [(599, true, 1), (600, false, 0), (1000, false, 0), (1001, false, 1)])
  func key(pulse: Int64, isOn: Bool, violations: Int) {
    var bench = Self.registered()
    bench.output = []
    bench.pulse(pulse)
    bench.wait(12_000)
    #expect(bench.isStatusOn == isOn)
    #expect(bench.said("\r\nNORMAL POWER DOWN\r\n") == !isOn)
    #expect(bench.modem.counters.violations.total == violations)
  }

  @Test("goes off by AT+QPOWD without an OK, and by AT+QPOWD=0 without a word") func powerDown() {
    var bench = Self.registered()
    #expect(bench.ask("AT+QPOWD=1\r", for: 5000) == "\r\nNORMAL POWER DOWN\r\n")
    #expect(!bench.isStatusOn)
    bench = Self.registered()
    #expect(bench.ask("AT+QPOWD=0\r", for: 5000) == "")
    #expect(!bench.isStatusOn)
  }

  @Test("registers in GSM alone, with two octets of cell and no technology") func registration() {
    var bench = Self.registered()
    #expect(bench.ask("AT+CREG=2;+CREG?\r") == "\r\n+CREG: 2,5,\"2C0A\",\"D003\"\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CGREG?\r") == "\r\n+CGREG: 0,5\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CEREG?\r") == "\r\n+CME ERROR: 100\r\n")
  }

  @Test("brings its context up in its own words") func context() {
    var bench = Self.registered()
    #expect(bench.ask("AT+QIFGCNT=0\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT+QICSGP=1,\"em\"\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT+QILOCIP\r") == "\r\n+CME ERROR: 100\r\n")
    #expect(bench.ask("AT+QIDEACT\r") == "\r\nDEACT OK\r\n")
    #expect(bench.ask("AT+QIMUX=1\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT+QIREGAPP\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT+QIACT\r", for: 3000) == "\r\nOK\r\n")
    #expect(bench.ask("AT+QILOCIP\r") == "\r\n10.64.12.9\r\n")
    #expect(bench.ask("AT+QIMUX=0\r") == "\r\n+CME ERROR: 100\r\n")
    #expect(bench.ask("AT+QIACT\r") == "\r\n+CME ERROR: 100\r\n")
    #expect(bench.ask("AT+QIDEACT\r", for: 1000) == "\r\nDEACT OK\r\n")
  }

  @Test("has no context where the network refuses the name") func refused() {
    var bench = Self.registered()
    bench.modem.network.accessPointNames = [Array("other".utf8)]
    _ = bench.ask("AT+QIREGAPP=\"em\",\"\",\"\"\r")
    #expect(bench.ask("AT+QIACT\r", for: 3000) == "\r\n+CME ERROR: 100\r\n")
    #expect(bench.ask("AT+QIACT\r", for: 3000) == "\r\n+CME ERROR: 100\r\n")
    #expect(bench.ask("AT+QIDEACT\r", for: 1000) == "\r\nDEACT OK\r\n")
    bench.modem.network.accessPointNames = nil
    #expect(bench.ask("AT+QIACT\r", for: 3000) == "\r\nOK\r\n")
  }

  @Test("moves a datagram there and back") func datagram() throws {
    var bench = Self.online()
    let open = "AT+QIOPEN=0,\"UDP\",\"192.0.2.1\",\"5683\"\r"
    #expect(bench.ask(open, for: 1000) == "\r\nOK\r\n\r\n0, CONNECT OK\r\n")
    let id = try #require(bench.lastOpened)
    #expect(bench.ask(open, for: 1000) == "\r\nOK\r\n\r\nALREADY CONNECT\r\n")
    #expect(bench.ask("AT+QISEND=0,6\r") == "\r\n> ")
    bench.output = []
    bench.input(.uartReceived([0x1A, 0x1B, 0x0D, 0x0A, 0, 255]))
    bench.wait(1000)
    #expect(bench.heard == "\r\nSEND OK\r\n")
    #expect(bench.ask("AT+QISACK=0\r") == "\r\n+QISACK: 6, 6, 0\r\n\r\nOK\r\n")
    let sent = SimulatedModem.Effect.sendOnSocket(id, [0x1A, 0x1B, 0x0D, 0x0A, 0, 255])
    #expect(bench.trace.contains { $0.effect == sent })
    bench.output = []
    bench.input(.socketReceived(id, Array("OK\r\n".utf8)))
    bench.input(.socketReceived(id, Array("two".utf8)))
    bench.wait(2000)
    #expect(bench.heard == "\r\n+QIRDI: 0,1,0\r\n")
    let first = "\r\n+QIRD: 192.0.2.1:5683,UDP,4\r\nOK\r\n\r\nOK\r\n"
    #expect(bench.ask("AT+QIRD=0,1,0,1500\r") == first)
    let second = "\r\n+QIRD: 192.0.2.1:5683,UDP,3\r\ntwo\r\nOK\r\n"
    #expect(bench.ask("AT+QIRD=0,1,0,1500\r") == second)
    #expect(bench.ask("AT+QIRD=0,1,0,1500\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT+QICLOSE=0\r") == "\r\n0, CLOSE OK\r\n")
    #expect(bench.ask("AT+QIRD=0,1,0,1500\r") == "\r\n+CME ERROR: 100\r\n")
  }

  @Test("pushes data, announces it once, or each packet") func receiveModes() throws {
    for (mode, told) in [
      (0, "\r\n+RECEIVE: 1, 2\r\nab\r\n\r\n+RECEIVE: 1, 3\r\ncde\r\n"),
      (1, "\r\n+QIRDI: 0,1,1\r\n"), (2, "\r\n+QIRDI: 0,1,1,1,2,2\r\n\r\n+QIRDI: 0,1,1,2,3,5\r\n"),
    ] {
      var bench = Self.online()
      _ = bench.ask("AT+QINDI=\(mode)\r")
      _ = bench.ask("AT+QIOPEN=1,\"TCP\",\"192.0.2.1\",80\r", for: 2000)
      let id = try #require(bench.lastOpened)
      bench.output = []
      bench.input(.socketReceived(id, Array("ab".utf8)))
      bench.input(.socketReceived(id, Array("cde".utf8)))
      bench.wait(2000)
      #expect(bench.heard == told)
      bench.output = []
      bench.input(.socketClosed(id))
      bench.wait(1000)
      #expect(bench.heard == "\r\n1, CLOSED\r\n")
    }
  }

  @Test("takes a name only after AT+QIDNSIP=1, and no address then") func hosts() {
    var bench = Self.online()
    bench.modem.network.names = [
      .init(Array("a.example".utf8), .address(Array("192.0.2.7".utf8)))
    ]
    let named = "AT+QIOPEN=0,\"UDP\",\"a.example\",5683\r"
    #expect(bench.ask(named, for: 1000) == "\r\nOK\r\n\r\n0, CONNECT FAIL\r\n")
    #expect(bench.ask("AT+QIDNSIP=1\r") == "\r\nOK\r\n")
    let numbered = "AT+QIOPEN=0,\"UDP\",\"192.0.2.7\",5683\r"
    #expect(bench.ask(numbered, for: 1000) == "\r\nOK\r\n\r\n0, CONNECT FAIL\r\n")
    #expect(bench.ask(named, for: 1500) == "\r\nOK\r\n\r\n0, CONNECT OK\r\n")
  }

  @Test("looks names up into bare lines", arguments: 1...6) func names(seed: UInt64) {
    var bench = Self.online(seed: seed)
    bench.modem.network.names = [
      .init(Array("a.example".utf8), .address(Array("192.0.2.7".utf8)))
    ]
    let found = bench.ask("AT+QIDNSGIP=\"a.example\"\r", for: 2000)
    #expect(["\r\nOK\r\n\r\n192.0.2.7\r\n", "\r\nOK\r\n\r\n\r\n192.0.2.7\r\n"].contains(found))
    let none = bench.ask("AT+QIDNSGIP=\"b.example\"\r", for: 2000)
    #expect(none == "\r\nOK\r\n\r\nERROR: 565\r\n")
    #expect(bench.ask("AT+QIDNSCFG=\"9.9.9.9\"\r") == "\r\nOK\r\n")
    let servers = "\r\nPrimaryDns:9.9.9.9\r\nSecondaryDns:0.0.0.0\r\n\r\nOK\r\n"
    #expect(bench.ask("AT+QIDNSCFG?\r") == servers)
  }

  @Test("loses its context to the network, and goes on after AT+QIDEACT alone") func lost() {
    var bench = Self.online()
    _ = bench.ask("AT+QIOPEN=0,\"UDP\",\"192.0.2.1\",5683\r", for: 1000)
    bench.output = []
    bench.modem.faults.dropsContextsAt = bench.now + .milliseconds(100)
    bench.wait(500)
    #expect(bench.heard == "\r\n+PDP DEACT\r\n")
    #expect(bench.ask("AT+QIACT\r", for: 2000) == "\r\n+CME ERROR: 100\r\n")
    #expect(bench.ask("AT+QIDEACT\r", for: 2000) == "\r\nDEACT OK\r\n")
    _ = bench.ask("AT+QIREGAPP=\"em\",\"\",\"\"\r")
    #expect(bench.ask("AT+QIACT\r", for: 3000) == "\r\nOK\r\n")
  }

  @Test("tells the time as the network told it") func time() throws {
    var bench = Self.registered()
    #expect(bench.ask("AT+QNITZ=1;+CTZU=3\r") == "\r\nOK\r\n")
    let utc = try #require(UTC(year: 2026, month: 11, day: 22, hour: 22, minute: 0, second: 0))
    bench.modem.network.time = SimulatedNetwork.Time(utc: utc, at: bench.now, zoneQuarters: 4)
    _ = bench.ask("AT+COPS=2\r", for: 2000)
    _ = bench.ask("AT+COPS=0\r", for: 8000)
    #expect(bench.said("\r\n+QNITZ: \"26/11/22,23:00:"))
    #expect(bench.ask("AT+CCLK?\r").hasPrefix("\r\n+CCLK: \"26/11/22,23:00:"))
  }

  @Test("refuses messages with error 3 until it is ready (geolink/opentracker#28)") func early() {
    var bench = Bench.other(.m95, pulse: 1000, rest: 2500, first: ["AT", "ATE0"])
    bench.wait(300)
    #expect(bench.ask("AT+CMGF=1\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT+CMGL=\"REC UNREAD\"\r") == "\r\n+CMS ERROR: 3\r\n")
    bench.wait(20_000)
    #expect(bench.ask("AT+CMGL=\"REC UNREAD\"\r") == "\r\nOK\r\n")
  }
}

import ModemSimulator
import Primitives
import Testing

/// Sierra HL78: the forms of its own in the facts' chapter 2. Not covered: servers, +PSMEV.
@Suite("Sierra HL78") struct SierraTests {
  static let pattern = "--EOF--Pattern--"

  static func registered(
    seed: UInt64 = 1, network: SimulatedNetwork = .accelerated, sim: SimulatedSIM = SimulatedSIM(),
    first: [String] = []
  ) -> Bench {
    Bench.other(
      .sierraHL78, pulse: 1500, first: ["ATE0", "AT+CMEE=1"] + first, network: network, sim: sim,
      seed: seed)
  }

  /// With the connection described.
  static func connected(seed: UInt64 = 1) -> Bench {
    registered(
      seed: seed, first: ["AT+KCNXCFG=1,\"GPRS\",\"em\",\"\",\"\",\"IPV4\""])
  }

  @Test("a pulse turns it on from 1.5 s", arguments: [(1499, false), (1500, true), (5000, true)])
  func turnsOn(pulse: Int64, isOn: Bool) {
    var bench = Bench(.sierraHL78, stored: .factory)
    bench.input(.supply(isOn: true))
    bench.wait(100)
    bench.pulse(pulse)
    bench.wait(12_000)
    #expect(bench.isStatusOn == isOn)
    #expect(bench.output == [])
    #expect(bench.ask("AT\r") == (isOn ? "AT\r\r\nOK\r\n" : ""))
  }

  @Test("says +KSUP within 12 s once AT+KSREP=1 was given, from then on", arguments: 1...20)
  func start(seed: UInt64) {
    var bench = Self.registered(seed: seed, first: ["AT+KSREP=1"])
    #expect(bench.ask("AT+CPOF\r", for: 10_000) == "\r\nOK\r\n")
    #expect(!bench.isStatusOn)
    bench.output = []
    bench.pulse(1500)
    bench.wait(10_500)
    #expect(bench.said("\r\n+KSUP: 0\r\n"))
  }

  @Test("zephyrproject-rtos/zephyr#75398: +CEREG: 2 may come before +KSUP: 0") func bootOrder() {
    let orders = Set(
      (1...20).map { (seed: UInt64) in
        var bench = Self.registered(seed: seed, first: ["AT+KSREP=1", "AT+CEREG=4", "AT&W"])
        _ = bench.ask("AT+CFUN=1,1\r", for: 1)
        _ = bench.wait(for: "+KSUP: 0\r\n", within: 30_000)
        return bench.said("\r\n+CEREG: 2\r\n\r\n+KSUP: 0\r\n")
      })
    #expect(orders == [true, false])
    var bench = Self.registered()
    #expect(bench.ask("AT+CEREG=0\r") == "\r\nOK\r\n")
  }

  @Test("AT+CPWROFF and AT+CPOF turn it off without a word", arguments: ["+CPWROFF", "+CPOF"])
  func off(command: String) {
    var bench = Self.registered()
    #expect(bench.ask("AT\(command)\r", for: 10_000) == "\r\nOK\r\n")
    #expect(!bench.isStatusOn)
    #expect(bench.modem.state == "off")
  }

  @Test(
    "tells who it is",
    arguments: [
      ("AT+CGMI", "Sierra Wireless"), ("AT+CGMM", "HL7800"), ("AT+CGMR", "HL7800.4.5.4.0"),
      ("AT+CGSN", "354723090000018"), ("AT+CIMI", "901430000000017"),
      ("AT+CCID?", "+CCID: 89423100000000000017"), ("AT+CCID", "+CCID: 89423100000000000017"),
      ("AT+KGSN=3", "+KGSN: X4723090000018"), ("AT+KSLEEP=?", "+KSLEEP: (0-2),(0-2),(0-99)"),
      ("AT+KCELLMEAS=1?", "+KCELLMEAS: -95,110,-10,-12,10"),
    ])
  func identity(command: String, line: String) {
    var bench = Self.registered()
    #expect(bench.ask(command + "\r") == "\r\n\(line)\r\n\r\nOK\r\n")
  }

  @Test("AT+KSRAT wants its second number, refuses what is set, and boots anew otherwise")
  func access() {
    var bench = Self.registered(first: ["AT+KSREP=1"])
    #expect(bench.ask("AT+KSRAT?\r") == "\r\n+KSRAT: 0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+KSRAT=1\r") == "\r\nERROR\r\n")
    #expect(bench.ask("AT+KSRAT=0,1\r") == "\r\nERROR\r\n")
    #expect(bench.ask("AT+KSRAT=1,1\r", for: 20_000) == "\r\nOK\r\n\r\n+KSUP: 0\r\n")
    #expect(bench.ask("AT+KSRAT?\r") == "AT+KSRAT?\r\r\n+KSRAT: 1\r\n\r\nOK\r\n")
  }

  @Test("brings the connection up and down, and tells its addresses") func connection() {
    var bench = Self.connected()
    #expect(
      bench.ask("AT+KCNXCFG?\r")
        == "\r\n+KCNXCFG: 1,\"GPRS\",\"em\",\"\",\"\",\"IPV4\",\"0.0.0.0\",\"\",\"\",0\r\n\r\nOK\r\n"
    )
    #expect(
      bench.ask("AT+KCNXUP=1\r", for: 1000)
        == "\r\nOK\r\n\r\n+KCNX_IND: 1,4,1\r\n\r\n+KCNX_IND: 1,1,0\r\n")
    #expect(bench.ask("AT+KCNXCFG?\r").contains("\"10.64.12.9\",\"8.8.8.8\",\"8.8.4.4\",2\r\n"))
    #expect(bench.ask("AT+KCNXDOWN=1\r", for: 1000) == "\r\nOK\r\n\r\n+KCNX_IND: 1,3\r\n")
  }

  @Test("takes the standard's commands for contexts too, without +KCNX_IND") func standard() {
    var bench = Self.registered()
    _ = bench.ask("AT+CGDCONT=1,\"IP\",\"other\"\r")
    #expect(bench.ask("AT+CGACT=1,1\r", for: 1000) == "\r\nOK\r\n")
    #expect(bench.ask("AT+CGACT=0,1\r", for: 1000) == "\r\nOK\r\n")
  }

  @Test("wants the connection described before a session, at every boot") func undescribed() {
    var bench = Self.connected()
    #expect(bench.ask("AT+KUDPCFG=1,0\r").hasPrefix("\r\n+KUDPCFG: 1\r\n\r\nOK\r\n"))
    _ = bench.ask("AT+CFUN=1,1\r", for: 30_000)
    #expect(bench.ask("ATE0;+CMEE=1;+KUDPCFG=1,0\r").hasSuffix("\r\n+CME ERROR: 3\r\n"))
  }

  @Test("moves datagrams between CONNECT and the pattern") func datagrams() throws {
    var bench = Self.connected()
    let opening = bench.ask("AT+KUDPCFG=1,0,,0,,,0,0\r", for: 1000)
    #expect(opening.hasPrefix("\r\n+KUDPCFG: 1\r\n\r\nOK\r\n"))
    #expect(opening.hasSuffix("\r\n+KCNX_IND: 1,1,0\r\n\r\n+KUDP_IND: 1,1\r\n"))
    let send = "AT+KUDPSND=1,\"192.0.2.1\",5683,\(6 + 16)\r"
    #expect(bench.ask(send) == "\r\nCONNECT\r\n")
    bench.output = []
    // The pattern in the data passes, because the data is counted.
    bench.write("a\r\n\u{1A}OK\(Self.pattern)\(Self.pattern)")
    bench.wait(1000)
    #expect(bench.heard == "\r\nOK\r\n")
    let id = try #require(bench.lastOpened)
    let sent = SimulatedModem.Effect.sendOnSocket(id, Array("a\r\n\u{1A}OK\(Self.pattern)".utf8))
    #expect(bench.trace.contains { $0.effect == sent })
    bench.output = []
    bench.input(.socketReceived(id, Array("OK\r\n".utf8)))
    bench.input(.socketReceived(id, Array("two".utf8)))
    bench.wait(1500)
    #expect(bench.heard == "\r\n+KUDP_DATA: 1,4\r\n")
    let peer = "\r\n+KUDP_RCV: \"192.0.2.1\",5683\r\n"
    #expect(
      bench.ask("AT+KUDPRCV=1,1500\r")
        == "\r\nCONNECT\r\nOK\r\n\(Self.pattern)\r\nOK\r\n\(peer)\r\n+KUDP_DATA: 1,3\r\n")
    #expect(
      bench.ask("AT+KUDPRCV=1,3\r") == "\r\nCONNECT\r\ntwo\(Self.pattern)\r\nOK\r\n\(peer)")
    #expect(bench.ask("AT+KUDPCLOSE=1\r", for: 500) == "\r\nOK\r\n")
    #expect(bench.ask("AT+KUDPCLOSE=1\r", for: 500) == "\r\n+CME ERROR: 910\r\n")
  }

  @Test("puts whole datagrams into the URC in data mode 1") func dataMode() throws {
    var bench = Self.connected()
    _ = bench.ask("AT+KUDPCFG=1,0,,1\r", for: 1000)
    _ = bench.ask("AT+KUDPSND=1,\"192.0.2.1\",5683,1\r")
    _ = bench.ask("x\(Self.pattern)", for: 1000)
    bench.output = []
    bench.input(.socketReceived(try #require(bench.lastOpened), Array("OK\r\n".utf8)))
    bench.wait(1000)
    #expect(bench.heard == "\r\n+KUDP_DATA: 1,4,\"192.0.2.1\",5683,OK\r\n\r\n")
  }

  @Test("finds a payload of another length than told", arguments: ["abcd", "ab"])
  func mismatch(payload: String) {
    var bench = Self.connected()
    _ = bench.ask("AT+KUDPCFG=1,0\r", for: 1000)
    _ = bench.ask("AT+KUDPSND=1,\"192.0.2.1\",5683,3\r")
    let said = bench.ask(payload + Self.pattern, for: 21_000)
    #expect(said == "\r\n+KUDP_NOTIF: 1,8\r\n\r\nERROR\r\n")
    #expect(bench.ask("AT\r") == "\r\nOK\r\n")
  }

  @Test("connects, tells the peer's end with notification 4, and is deleted after its close")
  func stream() throws {
    var bench = Self.connected()
    let configured = bench.ask("AT+KTCPCFG=1,0,\"192.0.2.1\",1883,,,,0,\"0\",0\r")
    #expect(configured == "\r\n+KTCPCFG: 1\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+KTCPSTAT=1\r") == "\r\n+KTCPSTAT: 1,-1,0,0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+KTCPCNX=1\r", for: 2000).hasSuffix("\r\n+KTCP_IND: 1,1\r\n"))
    let id = try #require(bench.lastOpened)
    #expect(bench.ask("AT+KTCPSND=1,2\r") == "\r\nCONNECT\r\n")
    #expect(bench.ask("hi\(Self.pattern)", for: 1000) == "\r\nOK\r\n")
    bench.output = []
    bench.input(.socketReceived(id, Array("abcdef".utf8)))
    bench.input(.socketClosed(id))
    bench.wait(1500)
    #expect(bench.heard == "\r\n+KTCP_DATA: 1,6\r\n\r\n+KTCP_NOTIF: 1,4\r\n")
    #expect(
      bench.ask("AT+KTCPRCV=1,4\r")
        == "\r\nCONNECT\r\nabcd\(Self.pattern)\r\nOK\r\n\r\n+KTCP_DATA: 1,2\r\n")
    #expect(bench.ask("AT+KTCPRCV=1,9\r") == "\r\nCONNECT\r\nef\(Self.pattern)\r\nOK\r\n")
    #expect(bench.ask("AT+KTCPDEL=1\r") == "\r\n+CME ERROR: 3\r\n")
    #expect(bench.ask("AT+KTCPCLOSE=1\r", for: 500) == "\r\nOK\r\n")
    #expect(bench.ask("AT+KTCPDEL=1\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT+KTCPDEL=1\r") == "\r\n+CME ERROR: 910\r\n")
  }

  @Test("tells why a connection failed", arguments: [("nowhere.example", 3), ("192.0.2.1", 5)])
  func failures(host: String, notification: Int) {
    var bench = Self.connected()
    bench.opensSockets = false
    _ = bench.ask("AT+KTCPCFG=1,0,\"\(host)\",80\r")
    _ = bench.ask("AT+KTCPCNX=1\r", for: 1500)
    for case (_, .openSocket(let id, .tcp, _, _)) in bench.trace {
      bench.input(.socketFailed(id, .refused))
    }
    bench.wait(500)
    #expect(bench.heard.hasSuffix("\r\n+KTCP_NOTIF: 1,\(notification)\r\n"))
  }

  @Test("hibernates in PSM where AT+KSLEEP allows it, with +CEREG: 4, and forgets its sessions")
  func hibernation() {
    let request = "AT+CPSMS=1,,,\"00100110\",\"00001010\"\r"
    var bench = Self.connected()
    _ = bench.ask("AT+CEREG=4;+KSREP=1\r")
    _ = bench.ask(request, for: 40_000)
    #expect(bench.ask("AT\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT+KSLEEP=1,2,0\r", for: 40_000).hasSuffix("\r\n+CEREG: 4\r\n"))
    #expect(bench.modem.state == "PSM")
    #expect(!bench.isStatusOn)
    bench.output = []
    bench.pulse(1500)
    bench.wait(10_500)
    #expect(bench.said("\r\n+KSUP: 0\r\n"))
    #expect(bench.ask("AT+KCNXCFG?\r") == "AT+KCNXCFG?\r\r\nOK\r\n")
  }

  @Test("answers +CEREG with the timers in mode 4") func registration() {
    var bench = Self.registered(first: ["AT+CEREG=4"])
    _ = bench.ask("AT+CPSMS=1,,,\"00100110\",\"00001010\"\r", for: 3000)
    #expect(
      bench.ask("AT+CEREG?\r")
        == "\r\n+CEREG: 4,5,\"2C0A\",\"01A2D003\",7,,,\"00001010\",\"00100110\"\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+CEREG=5\r") == "\r\nERROR\r\n")
  }

  @Test("connects again after the network went while it was connecting") func cutOff() {
    var bench = Self.connected()
    _ = bench.ask("AT+KCNXUP=1\r", for: 50)
    bench.modem.network.verdict = .noCoverage
    bench.wait(5000)
    #expect(bench.ask("AT+KCNXUP=1\r", for: 500).hasSuffix("\r\n+KCNX_IND: 1,2,1,1,60\r\n"))
    bench.modem.network.verdict = .accepts
    bench.wait(60_000)
    #expect(bench.ask("AT+KCNXUP=1\r", for: 1000).hasSuffix("\r\n+KCNX_IND: 1,1,0\r\n"))
  }

  @Test("loses its sessions with the connection") func connectionLost() {
    var bench = Self.connected()
    _ = bench.ask("AT+KTCPCFG=1,0,\"192.0.2.1\",80\r")
    _ = bench.ask("AT+KTCPCNX=1\r", for: 1500)
    bench.output = []
    bench.modem.faults.dropsContextsAt = bench.now + .milliseconds(100)
    bench.wait(200)
    #expect(bench.heard == "\r\n+KCNX_IND: 1,0\r\n\r\n+KTCP_NOTIF: 1,0\r\n")
  }
}

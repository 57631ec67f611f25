import ModemSimulator
import Primitives
import Testing

/// Cinterion EXS82: the forms of its own in the facts' chapter 3. Not covered: listeners,
/// light sleep, the emergency reset.
@Suite("Cinterion EXS82") struct CinterionTests {
  static func registered(
    seed: UInt64 = 1, network: SimulatedNetwork = .accelerated, sim: SimulatedSIM = SimulatedSIM()
  ) -> Bench {
    Bench.other(
      .cinterionEXS82, pulse: 150,
      first: ["ATE0", "AT+CMEE=2", "AT^SCFG=\"Tcp/WithURCs\",\"on\""], network: network, sim: sim,
      seed: seed)
  }

  /// With context 1 up and a profile described.
  static func described(_ url: String, seed: UInt64 = 1) -> Bench {
    var bench = registered(seed: seed)
    for line in [
      "AT^SICA=1,1", "AT^SISS=0,\"srvType\",\"Socket\"", "AT^SISS=0,\"conId\",\"1\"",
      "AT^SISS=0,\"address\",\"\(url)\"",
    ] {
      _ = bench.ask(line + "\r", for: 600)
    }
    return bench
  }

  @Test("a pulse turns it on from 100 ms", arguments: [(99, false), (100, true), (2500, true)])
  func turnsOn(pulse: Int64, isOn: Bool) {
    var bench = Bench(.cinterionEXS82, stored: .factory)
    bench.input(.supply(isOn: true))
    bench.wait(100)
    bench.pulse(pulse)
    bench.wait(15_000)
    #expect(bench.isStatusOn == isOn)
  }

  @Test("no pulse turns it off") func keyAtRunning() {
    var bench = Self.registered()
    for pulse: Int64 in [150, 2500] { bench.pulse(pulse) }
    bench.wait(5000)
    #expect(bench.isStatusOn)
    #expect(bench.ask("AT\r") == "\r\nOK\r\n")
  }

  @Test("says ^SYSSTART, but not while it looks for the host's rate") func systemStart() {
    var bench = Self.registered()
    #expect(!bench.trace.contains { $0.effect == .transmit(Array("\r\n^SYSSTART\r\n".utf8)) })
    _ = bench.ask("AT+IPR=115200\r")
    _ = bench.ask("AT+CFUN=1,1\r", for: 20_000)
    #expect(bench.heard == "\r\nOK\r\n\r\n^SHUTDOWN\r\n\r\n^SYSSTART\r\n")
  }

  @Test("AT^SMSO answers, logs out, says ^SHUTDOWN and lets V180 fall") func switchOff() {
    var bench = Self.registered()
    #expect(bench.ask("AT^SMSO\r", for: 5000) == "\r\nOK\r\n\r\n^SHUTDOWN\r\n")
    #expect(!bench.isStatusOn)
    let down = bench.trace.last { $0.effect == .statusLine(isOn: false) }
    let said = bench.trace.last { $0.effect == .transmit(Array("\r\n^SHUTDOWN\r\n".utf8)) }
    #expect((14...20).contains((down?.at ?? 0) - (said?.at ?? 0)))
  }

  @Test("AT^SMSO=\"fast\" says nothing") func fastOff() {
    var bench = Self.registered()
    #expect(bench.ask("AT^SMSO=\"fast\"\r", for: 5000) == "\r\nOK\r\n")
    #expect(!bench.isStatusOn)
  }

  @Test("AT+CFUN=4 says what a start in airplane mode says, without one") func airplane() {
    var bench = Self.registered()
    let said = bench.ask("AT+CFUN=4\r", for: 5000)
    #expect(said == "\r\nOK\r\n\r\n^SYSSTART AIRPLANE MODE\r\n")
    #expect(bench.ask("AT^SXRAT=7\r") == "\r\n+CME ERROR: operation not allowed\r\n")
    #expect(bench.modem.counters.boots == 1)
  }

  @Test(
    "tells who it is",
    arguments: [
      ("AT+CGMI", "Cinterion"), ("AT+CGMM", "EXS82-W"), ("AT+CGMR", "REVISION 01.200"),
      ("ATI", "Cinterion\r\nEXS82-W\r\nREVISION 01.200"), ("AT+CIMI", "901430000000017"),
      ("AT+CRSM=176,12258,0,0,10", "+CRSM: 144,0,\"98241300000000000071\""),
      ("AT^SXRAT=?", "^SXRAT: (0,7-12), (0,7,8), (0,7,8)"), ("AT^SXRAT?", "^SXRAT: 10, 7, 8"),
    ])
  func identity(command: String, line: String) {
    var bench = Self.registered()
    #expect(bench.ask(command + "\r") == "\r\n\(line)\r\n\r\nOK\r\n")
  }

  @Test("has AT^SCID, AT+CCID or both, by the firmware") func iccid() {
    let answers = Set(
      (1...24).map { (seed: UInt64) in
        var bench = Self.registered(seed: seed)
        let first = bench.ask("AT^SCID\r") == "\r\n^SCID: 89423100000000000017\r\n\r\nOK\r\n"
        let second = bench.ask("AT+CCID\r") == "\r\n+CCID: 89423100000000000017\r\n\r\nOK\r\n"
        return [first, second]
      })
    #expect(answers == [[true, true], [true, false], [false, true]])
  }

  @Test(
    "fills in what AT^SXRAT leaves out, and refuses what doesn't fit",
    arguments: [
      ("12", "12, 7, 8"), ("12,0", "12, 0, 7"), ("7", "7, 7, 7"), ("12,7,7", nil), ("7,8", nil),
      ("13", nil),
    ])
  func access(wanted: String, read: String?) {
    var bench = Self.registered()
    let answer = bench.ask("AT^SXRAT=\(wanted)\r")
    guard let read else {
      #expect(answer == "\r\n+CME ERROR: invalid index\r\n")
      return
    }
    #expect(answer == "\r\nOK\r\n")
    #expect(bench.ask("AT^SXRAT?\r") == "\r\n^SXRAT: \(read)\r\n\r\nOK\r\n")
  }

  @Test("answers AT^SCFG with the value, in UCS-2 where AT+CSCS says so") func settings() {
    var bench = Self.registered()
    let line = "\r\n^SCFG: \"Tcp/WithURCs\",\"on\"\r\n\r\nOK\r\n"
    #expect(bench.ask("AT^SCFG=\"tcp/withurcs\"\r") == line)
    #expect(bench.ask("AT^SCFG=\"MEShutdown/Fso\",\"1\"\r") == "\r\n+CME ERROR: invalid index\r\n")
    _ = bench.ask("AT+CSCS=\"UCS2\"\r")
    #expect(bench.ask("AT^SCFG=\"Tcp/WithURCs\"\r").contains("\"Tcp/WithURCs\",\"006F006E\""))
  }

  @Test("moves datagrams: ^SISW takes so many bytes, ^SISR names them") func datagrams() throws {
    var bench = Self.described("sockudp://192.0.2.1:5683")
    #expect(bench.ask("AT^SISO=0\r", for: 600) == "\r\nOK\r\n\r\n^SISW: 0,1\r\n")
    let id = try #require(bench.lastOpened)
    #expect(bench.ask("AT^SISW=0,6\r", for: 100) == "\r\n^SISW: 0,6,0\r\n")
    bench.output = []
    bench.input(.uartReceived([0x1A, 0x1B, 0x0D, 0x0A, 0, 255]))
    bench.wait(1000)
    #expect(bench.heard == "\r\nOK\r\n\r\n^SISW: 0,1\r\n")
    #expect(bench.trace.contains { $0.effect == .sendOnSocket(id, [26, 27, 13, 10, 0, 255]) })
    bench.output = []
    bench.input(.socketReceived(id, Array("OK\r\n".utf8)))
    bench.input(.socketReceived(id, Array("two".utf8)))
    bench.wait(1500)
    #expect(bench.heard == "\r\n^SISR: 0,1\r\n")
    let first = bench.ask("AT^SISR=0,1500\r")
    #expect(
      ["", ",0"].contains { first == "\r\n^SISR: 0,4\($0)\r\nOK\r\n\r\n\r\nOK\r\n" }, "\(first)")
    let second = bench.ask("AT^SISR=0,1500\r")
    #expect(["", ",0"].contains { second == "\r\n^SISR: 0,3\($0)\r\ntwo\r\n\r\nOK\r\n" })
    #expect(bench.ask("AT^SISR=0,1500\r") == "\r\n^SISR: 0,0\r\n\r\nOK\r\n")
    #expect(bench.ask("AT^SISI=0\r") == "\r\n^SISI: 0,4,7,6,6,0\r\n\r\nOK\r\n")
    let state =
      "^SISO: 0,\"Socket\",4,1,7,6,\"10.64.12.9:49153\",\"192.0.2.1:5683\"\r\n^SISO: 1,\"\"\r\n"
    #expect(bench.ask("AT^SISO?\r").hasPrefix("\r\n\(state)"))
    #expect(bench.ask("AT^SISC=0\r", for: 500) == "\r\nOK\r\n")
    #expect(bench.ask("AT^SISO=0\r", for: 600) == "\r\nOK\r\n\r\n^SISW: 0,1\r\n")
  }

  @Test("takes nothing between a write and its ^SISW") func notReady() {
    var bench = Self.described("sockudp://192.0.2.1:5683")
    _ = bench.ask("AT^SISO=0\r", for: 600)
    _ = bench.ask("AT^SISW=0,1\r", for: 60)
    bench.output = []
    bench.write("x")
    while !bench.said("OK\r\n") { bench.wait(1) }
    bench.output = []
    bench.write("AT^SISW=0,1\r")
    while !bench.said("OK\r\n") { bench.wait(1) }
    #expect(bench.heard.hasPrefix("\r\n^SISW: 0,0,"))
  }

  @Test("without Tcp/WithURCs opens and receives in silence") func silent() throws {
    var bench = Self.described("sockudp://192.0.2.1:5683")
    _ = bench.ask("AT^SCFG=\"Tcp/WithURCs\",\"off\"\r")
    #expect(bench.ask("AT^SISO=0\r", for: 1000) == "\r\nOK\r\n")
    bench.output = []
    bench.input(.socketReceived(try #require(bench.lastOpened), [1]))
    bench.wait(1000)
    #expect(bench.heard == "")
    #expect(bench.ask("AT^SISI=0\r") == "\r\n^SISI: 0,4,1,0,0,0\r\n\r\nOK\r\n")
  }

  @Test("tells a TCP socket's end with ^SIS 48, and -2 after the last byte") func peerCloses()
    throws
  {
    var bench = Self.described("socktcp://192.0.2.1:1883;keepidle=60")
    #expect(bench.ask("AT^SISO=0\r", for: 1500) == "\r\nOK\r\n\r\n^SISW: 0,1\r\n")
    let id = try #require(bench.lastOpened)
    bench.output = []
    bench.input(.socketReceived(id, Array("last".utf8)))
    bench.input(.socketClosed(id))
    bench.wait(1500)
    let closed = "\r\n^SIS: 0,0,48,\"Remote peer has closed the connection\"\r\n"
    #expect(bench.heard == "\r\n^SISR: 0,1\r\n\(closed)")
    #expect(bench.ask("AT^SISR=0,9\r") == "\r\n^SISR: 0,4\r\nlast\r\n\r\nOK\r\n")
    #expect(bench.ask("AT^SISR=0,9\r") == "\r\n^SISR: 0,-2\r\n\r\nOK\r\n")
    #expect(bench.ask("AT^SISW=0,1\r") == "\r\n+CME ERROR: operation not allowed\r\n")
  }

  @Test("tells a failed opening with ^SIS and keeps it for AT^SISE") func failures() {
    var bench = Self.described("sockudp://nowhere.example:5683")
    let said = bench.ask("AT^SISO=0\r", for: 1500)
    #expect(said == "\r\nOK\r\n\r\n^SIS: 0,0,15,\"Host not found\"\r\n")
    #expect(bench.ask("AT^SISE=0\r") == "\r\n^SISE: 0,15,\"Host not found\"\r\n\r\nOK\r\n")
    #expect(bench.ask("AT^SISO=0\r") == "\r\n+CME ERROR: operation not allowed\r\n")
    _ = bench.ask("AT^SISC=0\r", for: 500)
    #expect(bench.ask("AT^SISO=0\r", for: 1500).hasPrefix("\r\nOK\r\n"))
  }

  @Test("an endpoint takes its peer with each datagram") func endpoint() throws {
    var bench = Self.described("sockudp://:4000")
    #expect(bench.ask("AT^SISO=0\r", for: 600) == "\r\nOK\r\n\r\n^SIS: 0,5\r\n")
    _ = bench.ask("AT^SISW=0,2,0,\"192.0.2.9:7\"\r", for: 100)
    _ = bench.ask("hi", for: 1000)
    let id = try #require(bench.lastOpened)
    let place = SimulatedModem.Effect.openSocket(
      id, .udp, host: Array("192.0.2.9".utf8), port: 7)
    #expect(bench.trace.contains { $0.effect == place })
    #expect(bench.trace.contains { $0.effect == .sendOnSocket(id, Array("hi".utf8)) })
    bench.input(.socketReceived(id, Array("ho".utf8)))
    bench.wait(1000)
    #expect(bench.ask("AT^SISR=0,9\r").contains("\"192.0.2.9:7\"\r\nho\r\n"))
  }

  @Test("reads host names in the GSM alphabet, in which _ is \\11") func alphabet() {
    for (name, isFound) in [("a\\11b.example", true), ("a_b.example", false)] {
      var bench = Self.described("sockudp://\(name):5683")
      bench.modem.network.names = [
        .init(Array("a_b.example".utf8), .address(Array("192.0.2.7".utf8)))
      ]
      #expect(bench.ask("AT^SISO=0\r", for: 1500).contains("^SISW: 0,1") == isFound)
    }
  }

  @Test("wants type, connection and address, in that order, and a context") func order() {
    var bench = Self.registered()
    let wrong = "\r\n+CME ERROR: invalid index\r\n"
    #expect(bench.ask("AT^SISS=0,\"conId\",\"1\"\r") == wrong)
    #expect(bench.ask("AT^SISO=0\r") == wrong)
    _ = bench.ask("AT^SISS=0,srvType,Socket\r")
    _ = bench.ask("AT^SISS=0,conId,1\r")
    #expect(bench.ask("AT^SISS=0,\"address\",\"http://x\"\r") == wrong)
    #expect(bench.ask("AT^SISS=0,\"address\",\"sockudp://192.0.2.1:5\"\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT^SISO=0\r") == "\r\n+CME ERROR: operation not allowed\r\n")
    #expect(bench.ask("AT^SICA=1,1\r", for: 600) == "\r\nOK\r\n")
    #expect(bench.ask("AT^SICA?\r") == "\r\n^SICA: 1,1\r\n\r\nOK\r\n")
    #expect(bench.ask("AT^SISO=0\r", for: 600).hasSuffix("^SISW: 0,1\r\n"))
  }

  @Test("takes the password before the user") func login() {
    var bench = Self.registered()
    #expect(bench.ask("AT^SGAUTH=1,1,\"secret\",\"me\"\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT^SGAUTH?\r") == "\r\n^SGAUTH: 1,1,\"me\"\r\n\r\nOK\r\n")
    #expect(bench.modem.stored.contexts[0].password == Array("secret".utf8))
  }

  @Test("looks a name up with AT^SISX") func names() {
    var bench = Self.described("sockudp://:4000")
    bench.modem.network.names = [.init(Array("a.example".utf8), .address(Array("192.0.2.7".utf8)))]
    let found = "\r\n^SISX: \"HostByName\",\"192.0.2.7\"\r\n\r\nOK\r\n"
    #expect(bench.ask("AT^SISX=\"HostByName\",1,\"a.example\"\r", for: 1000) == found)
  }

  @Test("suspends in PSM where AT^SCFG allows it, and resumes by its key") func suspend() {
    var bench = Self.registered()
    let request = "AT+CPSMS=1,,,\"00100110\",\"00001010\"\r"
    _ = bench.ask(request, for: 40_000)
    #expect(bench.ask("AT\r") == "\r\nOK\r\n")
    for name in ["suspendAvailable", "suspendReady"] {
      #expect(bench.ask("AT^SIND=\"\(name)\",1\r").contains("^SIND: \(name.lowercased()),1"))
    }
    _ = bench.ask("AT^SCFG=\"MEopMode/PowerMgmt/Suspend\",\"1\"\r")
    _ = bench.ask("AT+CPSMS=0\r", for: 5000)
    let said = bench.ask(request, for: 40_000)
    let ready = "\r\n+CIEV: \"suspendReady\",1\r\n"
    #expect(said == "\r\nOK\r\n\r\n+CIEV: \"suspendAvailable\",1\r\n\(ready)")
    #expect(bench.modem.state == "PSM")
    #expect(!bench.isStatusOn)
    #expect(bench.ask("AT\r", for: 2000) == "")
    bench.pulse(150)
    bench.wait(12_000)
    #expect(bench.heard == "\r\n^SYSRESUME\r\n")
  }

  @Test("tells universal time with +CTZU") func clock() {
    var network = SimulatedNetwork.accelerated
    network.time = SimulatedNetwork.Time(
      utc: UTC(year: 2026, month: 11, day: 22, hour: 20, minute: 0, second: 0)!, at: .start,
      zoneQuarters: 8)
    var bench = Self.registered(network: network)
    _ = bench.ask("AT+CTZU=1\r")
    _ = bench.ask("AT+CFUN=1,1\r", for: 60_000)
    #expect(bench.heard.contains("\r\n+CTZU: \"26/11/22,20:01:"))
    #expect(bench.heard.hasSuffix("\",+08\r\n"))
  }
}

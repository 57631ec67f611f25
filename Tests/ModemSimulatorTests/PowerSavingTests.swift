import ModemSimulator
import Primitives
import Testing

@Suite("PSM") struct PowerSavingTests {
  static let request = "AT+CPSMS=1,,,\"00100110\",\"00000101\"\r"

  /// Registered with 6 h and 10 s granted.
  static func granted(seed: UInt64 = 1, network: SimulatedNetwork = .accelerated) -> Bench {
    var bench = Bench.registered(network: network, seed: seed)
    _ = bench.ask(request, for: 200)
    return bench
  }

  @Test("is entered T3324 after the connection's release, with both texts", arguments: 1...20)
  func entry(seed: UInt64) throws {
    var bench = Self.granted(seed: seed)
    let announced = bench.wait(for: "\r\n+QPSMTIMER: 21600,10\r\n", within: 5000)
    #expect(announced)
    let released = bench.now.milliseconds
    bench.wait(10_059)
    #expect(bench.modem.state == "idle")
    bench.wait(191)
    #expect(bench.said("\r\nPSM POWER DOWN\r\n"))
    #expect(bench.modem.state == "PSM")
    bench.wait(200)
    let low = try #require(bench.trace.last { $0.effect == .statusLine(isOn: false) })
    #expect((released + 10_080...released + 10_400).contains(low.at))
    #expect(bench.ask("AT\r", for: 1000) == "")
    #expect(bench.modem.counters.violations[.uartDrivenWhileOff] == 3)
  }

  @Test(
    "a wake pulse within 1 s of the text does nothing", arguments: [(999, false), (1000, true)])
  func wakeTooSoon(delay: Int64, wakes: Bool) {
    var bench = Self.granted()
    _ = bench.wait(for: "PSM POWER DOWN\r\n", within: 20_000)
    bench.wait(delay)
    bench.pulse(600)
    bench.wait(3000)
    #expect(bench.isStatusOn == wakes)
    #expect(bench.modem.counters.violations[.wakeTooSoon] == (wakes ? 0 : 1))
  }

  @Test("a woken module is registered without an attach, its context is to be activated anew")
  func wake() {
    var bench = Self.granted()
    _ = bench.openSocket()
    let attaches = bench.modem.counters.attaches
    _ = bench.wait(for: "PSM POWER DOWN\r\n", within: 20_000)
    bench.wait(60_000)
    bench.pulse(600)
    bench.wait(3500)
    #expect(bench.said("\r\nRDY\r\n"))
    // Echo is back, errors are numbers, +CEREG is in mode 0.
    #expect(bench.ask("AT\r", for: 20).hasSuffix("AT\r\r\nOK\r\n"))
    _ = bench.ask("ATE0\r", for: 2000)
    #expect(bench.ask("AT+CEREG?\r") == "\r\n+CEREG: 0,5\r\n\r\nOK\r\n")
    #expect(bench.ask("AT+QIACT?\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT+QISTATE?\r") == "\r\nOK\r\n")
    #expect(bench.ask("AT+QIACT=1\r") == "\r\nOK\r\n")
    #expect(bench.modem.counters.attaches == attaches)
    #expect(bench.ask("AT+QPSMS?\r") == "\r\n+QPSMS: 1,,,\"21600\",\"10\"\r\n\r\nOK\r\n")
  }

  @Test("a woken module that is left alone sleeps again after T3324") func asleepAgain() {
    var bench = Self.granted()
    _ = bench.wait(for: "PSM POWER DOWN\r\n", within: 20_000)
    bench.wait(5000)
    bench.output = []
    bench.pulse(600)
    bench.wait(20_000)
    #expect(bench.said("PSM POWER DOWN"))
    #expect(!bench.said("QPSMTIMER"))
    #expect(bench.modem.counters.sleeps == 2)
  }

  @Test("what AT&W stored outlives it: echo and +CEREG, not +CMEE") func stored() {
    var bench = Self.granted()
    _ = bench.ask("AT+CMEE=2;+CEREG=4;&W\r")
    _ = bench.wait(for: "PSM POWER DOWN\r\n", within: 20_000)
    bench.wait(5000)
    bench.pulse(600)
    bench.wait(6000)
    #expect(bench.said("\r\n+CEREG: 5,\"2C0A\",\"1A2D003\",8,,,\"00000101\",\"00100110\"\r\n"))
    #expect(bench.ask("AT+CMEE?\r") == "\r\n+CMEE: 1\r\n\r\nOK\r\n")
  }

  @Test("T3412 wakes the module by itself: boot texts, update, sleep") func periodic() {
    var bench = Self.granted()
    _ = bench.wait(for: "PSM POWER DOWN\r\n", within: 20_000)
    let updates = bench.modem.counters.trackingAreaUpdates
    bench.output = []
    bench.wait(21_500_000)
    #expect(bench.output == [])
    bench.wait(200_000)
    #expect(bench.said("\r\nRDY\r\n"))
    #expect(bench.said("\r\n+QPSMTIMER: 21600,10\r\n"))
    #expect(bench.said("\r\nPSM POWER DOWN\r\n"))
    #expect(bench.modem.counters.trackingAreaUpdates == updates + 1)
    #expect(bench.modem.state == "PSM")
  }

  @Test("isn't entered where nothing was granted, or too little to be worth it") func notEntered() {
    var network = SimulatedNetwork.accelerated
    network.powerSaving = .none
    var bench = Self.granted(network: network)
    bench.wait(600_000)
    #expect(bench.modem.counters.sleeps == 0)
    network.powerSaving = .fixed(
      periodicTAU: Array("10000010".utf8), activeTime: Array("00000001".utf8))
    bench = Self.granted(network: network)
    bench.wait(59_000)
    #expect(bench.modem.counters.sleeps == 0)
  }

  @Test("words on the AT port don't hold it back, data does") func activity() {
    var bench = Self.granted()
    let id = bench.openSocket()
    #expect(id != nil)
    _ = bench.wait(for: "+QPSMTIMER", within: 5000)
    for _ in 1...9 {
      bench.wait(800)
      _ = bench.ask("AT\r", for: 200)
    }
    #expect(bench.ask("AT+QISEND=0,1\r", for: 50) == "\r\n> ")
    _ = bench.ask("x", for: 3000)
    #expect(bench.said("+QPSMTIMER"))
    bench.wait(7000)
    #expect(bench.modem.counters.sleeps == 0)
    bench.wait(2500)
    #expect(bench.modem.counters.sleeps == 1)
  }

  @Test("psm/enter skips T3324") func immediately() {
    var bench = Bench.registered()
    _ = bench.ask("AT+QCFG=\"psm/enter\",1\r")
    _ = bench.ask(Self.request, for: 3000)
    #expect(bench.modem.state == "PSM")
  }

  @Test("a datagram for a module that sleeps is missed") func missed() throws {
    var bench = Self.granted()
    let opened = bench.openSocket()
    let id = try #require(opened)
    _ = bench.wait(for: "PSM POWER DOWN\r\n", within: 20_000)
    bench.input(.socketReceived(id, [1]))
    bench.wait(10_000)
    #expect(bench.modem.counters.datagramsMissed == 1)
    #expect(bench.modem.state == "PSM")
  }

  @Test("with the facts' own times the tail is 10 s") func realTail() {
    var bench = Self.granted(network: .real)
    bench.output = []
    let early = bench.wait(for: "QPSMTIMER", within: 9500)
    #expect(!early)
    let inTime = bench.wait(for: "QPSMTIMER", within: 3000)
    #expect(inTime)
  }
}

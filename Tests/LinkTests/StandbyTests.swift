import AT
import Cellular
import Link
import Modems
import Primitives
import Testing

/// Rests in which the module stays on, and plans that change. The charges: SleepPlanTests.
@Suite("Resting otherwise than in PSM") struct StandbyTests {
  private func bench(
    _ wish: RestWish, hasDTR: Bool = false, psm: Bool = false,
    _ change: (inout FakeModem) -> Void = { _ in }
  ) -> Bench {
    var modem = FakeModem()
    modem.answers["+CEDRXS?"] = "+CEDRXS: 4,\"0101\""
    modem.answers["+CEDRXRDP"] = "+CEDRXRDP: 4,\"0101\",\"0101\",\"0011\""
    change(&modem)
    var network = NetworkSettings.forTests
    network.edrx = .cycle(.seconds(82))
    modem.hasPSMEntry = psm
    if !psm {
      network.psm = nil
      modem.answers["+CPSMS?"] = "+CPSMS: 0"
    }
    var bench = Bench(modem: modem, network: network)
    var settings = LinkSettings(
      module: .quectelBG95, network: network, hasStatusLine: modem.hasStatusLine)
    settings.rest = wish
    settings.hasDTR = hasDTR
    bench.link = Link(settings, seed: 1)
    return bench
  }

  /// What is said from a second report's beginning to its end.
  private func again(_ bench: inout Bench) -> [String] {
    let lines = bench.modem.lines.count
    bench.events = []
    bench.now = bench.now + .seconds(300)
    bench.give(.connect(Bench.target))
    bench.run { $0.isOver }
    return Array(bench.modem.lines.dropFirst(lines))
  }

  private func plans(_ bench: Bench) -> [RestPlan] {
    bench.events.compactMap { if case .restPlanned(let plan) = $0 { plan } else { nil } }
  }

  @Test("eDRX: it stays on, and the next report takes four exchanges without a pulse")
  func edrx() {
    var bench = bench(.only(.edrx))
    bench.report()
    #expect(bench.events.last == .asleep(.registered))
    #expect(bench.link.state == .standby)
    #expect(!bench.isUARTOpen)
    #expect(bench.link.isAtRest && bench.link.deadline == nil)
    #expect(
      again(&bench) == [
        "AT", "AT+CMEE=1;+CGREG=2;+CEREG=4;+CEREG?;+CGREG?;+QIACT?;+QLTS=2;+CEDRXRDP;E0",
        "AT+QISEND=0,4", "AT+QIRD=0,1500",
      ])
    #expect(bench.received == [Array("pong".utf8)])
    #expect(bench.link.state == .standby)
    #expect(bench.key.count == 2)
    #expect(bench.link.counters.standbys == 2)
    #expect(bench.modem.violations == [])
  }

  @Test("radio off: the next report attaches, without a boot") func radioOff() {
    var bench = bench(.only(.radioOff))
    bench.report()
    #expect(bench.modem.lines.last == "AT+CFUN=4")
    #expect(bench.events.last == .asleep(.radioOff))
    let lines = again(&bench)
    #expect(lines.first == "AT")
    #expect(lines.contains("AT+CFUN=1"))
    #expect(lines.last == "AT+CFUN=4")
    #expect(bench.received == [Array("pong".utf8)])
    #expect(bench.key.count == 2)
    #expect(bench.modem.violations == [])
  }

  @Test("a process that ends turns a module off that rests while it is on")
  func powerOff() {
    for rest in [Rest.edrx, .radioOff] {
      var bench = bench(.only(rest))
      bench.report()
      bench.events = []
      bench.give(.powerOff)
      bench.run { $0.isOver }
      #expect(bench.modem.lines.suffix(2) == ["AT", "AT+QPOWD=1"])
      #expect(bench.events.last == .asleep(.poweredOff))
      #expect(bench.link.state == .off)
    }
  }

  @Test("one that went off meanwhile is started by its key, and nothing of it is believed")
  func wentOff() {
    var bench = bench(.only(.edrx))
    bench.report()
    bench.modem.goOff("", now: bench.now, after: 0)
    bench.now = bench.now + .seconds(1)
    bench.give(.statusLine(isOn: false))
    #expect(bench.link.state == .off)
    let lines = again(&bench)
    #expect(bench.received == [Array("pong".utf8)])
    #expect(bench.key.count == 4)
    #expect(lines.contains { $0.hasPrefix("AT+CPIN?") })
  }

  @Test("the same without a STATUS line, once it didn't answer for as long as a boot takes")
  func wentOffUnseen() {
    var bench = bench(.only(.edrx)) { $0.hasStatusLine = false }
    bench.report()
    bench.modem.goOff("", now: bench.now, after: 0)
    let lines = again(&bench)
    #expect(bench.received == [Array("pong".utf8)])
    #expect(bench.key.count == 4)
    #expect(lines.contains { $0.hasPrefix("AT+CPIN?") })
  }

  @Test("a network that holds the connection for long is seen to, and then left") func learns() {
    var bench = bench(.least, psm: true)
    bench.give(.statusLine(isOn: false))
    bench.give(.start)
    bench.give(.connect(Bench.target))
    bench.run { $0.link.state == .draining }
    bench.now = bench.now + .seconds(30)
    bench.modem.fallAsleep(now: bench.now)
    bench.run { $0.isOver }
    #expect(bench.events.last == .asleep(.psmURC))
    #expect(plans(bench).map { $0.rest } == [.psm])
    bench.modem.registrationDelay = 0
    let lines = again(&bench)
    #expect(plans(bench).last?.rest == .powerOff)
    #expect(lines.last == "AT+QPOWD=1")
    #expect(bench.events.last == .asleep(.poweredOff))
    // What a start takes is learnt from each: the rest stays the same.
    bench.modem.registrationDelay = 2000
    _ = again(&bench)
    #expect(plans(bench).allSatisfy { $0.rest == .powerOff })
    // It may have been for once: after a day that is seen to anew.
    bench.now = bench.now + .seconds(86_400)
    bench.events = []
    bench.give(.connect(Bench.target))
    bench.run { $0.link.state == .draining }
    #expect(plans(bench).last?.rest == .psm)
    #expect(plans(bench).last?.isTrial == true)
  }

  @Test("the plan follows the grant: granted, changed, taken back") func grants() {
    var bench = bench(.only(.psm), psm: true)
    bench.report()
    let first = plans(bench)
    #expect(first.map { $0.activeTime } == [.seconds(2)])
    #expect(first.map { $0.periodicTAU } == [.seconds(6 * 3600)])
    bench.modem.registrationDelay = 0
    bench.modem.registration = "5,\"0A1B\",\"01234567\",7,,,\"00000101\",\"00000001\""
    bench.modem.boot(now: bench.now)
    bench.run(for: .seconds(10)) { _ in false }
    bench.events = []
    bench.give(.connect(Bench.target))
    bench.run { $0.link.state == .draining }
    #expect(plans(bench).map { $0.activeTime } == [.seconds(10)])
    #expect(plans(bench).map { $0.updatesBetweenReports } == [5])
    bench.events = []
    bench.modem.say("\r\n+CEREG: 5,\"0A1B\",\"01234567\",7\r\n", at: bench.now)
    bench.run(for: .seconds(1)) { _ in false }
    bench.give(.connect(Bench.target))
    bench.run { $0.isOver }
    #expect(plans(bench).map { $0.rest } == [.powerOff])
    #expect(plans(bench).first?.candidates.first?.obstacle == .noPSM)
    #expect(bench.events.last == .asleep(.poweredOff))
  }

  @Test("a module with its DTR wired is let sleep by a command on the line of its wake")
  func lightSleep() {
    var wired = bench(.least, hasDTR: true)
    wired.report()
    #expect(wired.modem.lines[0].hasPrefix("AT+CMEE=1;+CGREG=2;+CEREG=4;+QSCLK=1;"))
    var unwired = bench(.least)
    unwired.report()
    #expect(!unwired.modem.lines.contains { $0.contains("QSCLK") })
    #expect(unwired.exchanges == wired.exchanges)
    var refused = bench(.only(.edrx), hasDTR: true) { $0.answers["+QSCLK=1"] = "ERROR" }
    refused.report()
    #expect(refused.received == [Array("pong".utf8)])
    #expect(!again(&refused).contains { $0.contains("QSCLK") })
  }
}

import AT
import Cellular
import Link
import Modems
import Primitives
import Testing

/// The rungs above the power key and below it that an attempt may climb, and what stops it. What
/// follows over several attempts is in WorldTests (PolitenessTests).
@Suite("The recovery ladder within an attempt") struct LadderTests {
  private func bench(
    restart: Exchange? = nil, _ change: (inout FakeModem) -> Void = { _ in }
  ) -> Bench {
    var modem = FakeModem()
    change(&modem)
    var bench = Bench(modem: modem)
    var profile = ModuleProfile.quectelBG95
    profile.restart = restart
    var settings = LinkSettings(
      module: profile, network: .forTests, hasStatusLine: modem.hasStatusLine)
    settings.hasSupplySwitch = true
    bench.link = Link(settings, seed: 1)
    return bench
  }

  private func connect(_ bench: inout Bench, _ change: (inout Allowance) -> Void) {
    var allowance = Allowance()
    change(&allowance)
    bench.modem.deafAtLine = nil
    bench.events = []
    bench.now = bench.now + .seconds(600)
    bench.give(.connect(Bench.target, allowance))
    bench.run { $0.link.state == .draining || $0.isOver }
  }

  private func climbs(_ bench: Bench) -> [Bool] {
    bench.events.compactMap { if case .climbing(let isReset) = $0 { isReset } else { nil } }
  }

  @Test(
    "a module that its key didn't bring back has its supply cut for 10 s, where that is allowed")
  func supply() {
    var bench = bench { ($0.deafAtLine, $0.canBeReset) = (3, false) }
    bench.report()
    #expect(bench.failure == .deaf)
    #expect(bench.supplyCuts.isEmpty)
    connect(&bench) { $0.cutsSupply = true }
    #expect(bench.supplyCuts.map { $0.isCut } == [true, false])
    #expect(bench.supplyCuts[1].at - bench.supplyCuts[0].at == LinkLimits.supplyCut)
    #expect(bench.received == [Array("pong".utf8)])
    #expect(climbs(bench) == [true])
    #expect(bench.link.counters.supplyCuts == 1)
  }

  @Test("no reset left, no radio start left, or not asked for: the supply stays on")
  func supplyHeld() {
    for change in [{ $0.resets = 0 }, { $0.radioStarts = 0 }, { $0.cutsSupply = false }]
      as [(inout Allowance) -> Void]
    {
      var bench = bench { ($0.deafAtLine, $0.canBeReset) = (3, false) }
      bench.report()
      connect(&bench) {
        $0.cutsSupply = true
        change(&$0)
      }
      #expect(bench.supplyCuts.isEmpty)
    }
  }

  @Test("a module that sleeps in PSM never loses its supply") func supplyWarm() {
    var bench = bench()
    bench.report()
    #expect(bench.link.state == .asleep)
    connect(&bench) { $0.cutsSupply = true }
    #expect(bench.supplyCuts.isEmpty)
    #expect(bench.received == [Array("pong".utf8)])
  }

  @Test("a module that starts with its supply isn't pulsed again") func startsWithSupply() {
    var bench = bench { ($0.deafAtLine, $0.canBeReset) = (3, false) }
    bench.report()
    var allowance = Allowance()
    allowance.cutsSupply = true
    bench.modem.deafAtLine = nil
    bench.now = bench.now + .seconds(600)
    bench.give(.connect(Bench.target, allowance))
    bench.run { $0.supplyCuts.count == 2 }
    let pulses = bench.link.counters.powerKeyPulses
    bench.modem.boot(now: bench.now)
    bench.run { $0.link.state == .online }
    #expect(bench.link.state == .online)
    #expect(bench.link.counters.powerKeyPulses == pulses)
  }

  @Test("a radio that goes on refusing to start is the module's fault: it is restarted by command")
  func restart() {
    var bench = bench(restart: Exchange("AT+CFUN=1,1")) {
      $0.answers["+QIACT=1"] = "ERROR"
      $0.answers["+CFUN=1"] = "ERROR"
    }
    bench.report()
    let lines = bench.modem.lines.filter { $0.hasPrefix("AT+CFUN") }
    #expect(
      lines == [
        "AT+CFUN=4", "AT+CFUN=1", "AT+CFUN=1", "AT+CFUN=1", "AT+CFUN=1", "AT+CFUN=1,1",
      ])
    #expect(bench.link.counters.powerCycles == 0)
  }

  @Test("a data session that the network refused doesn't cost a start of the radio")
  func networksRefusal() {
    var bench = bench { $0.answers["+QIACT=1"] = "+CME ERROR: 133" }
    bench.report()
    #expect(bench.failure == .contextRefused(error: 133))
    #expect(!bench.modem.lines.contains("AT+CFUN=4"))
  }

  @Test("what the module starts by itself counts, and where nothing is left it was the last time")
  func ownReboots() {
    var bench = bench { for line in 1...3 { $0.mishaps[line] = .reboot } }
    var allowance = Allowance()
    allowance.radioStarts = 2
    bench.give(.statusLine(isOn: false))
    bench.give(.start)
    bench.give(.connect(Bench.target, allowance))
    bench.run { $0.isOver }
    #expect(climbs(bench).count == 3)
    #expect(bench.failure == .heldBack)
    #expect(!bench.modem.isOn)
  }
}

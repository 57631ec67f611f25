import Agent
import Cellular
import Link
import ModemSimulator
import Modems
import Primitives
import Testing
import World

/// What the device asks of network and module when things go wrong, counted at the simulated module.
/// Not covered: session causes, which the simulated module doesn't tell by number (AccessLedgerTests).
@Suite("Politeness") struct PolitenessTests {
  private static let hour = Duration.seconds(3600)
  private static let day = Duration.seconds(86_400)

  private func expectPolite(_ burden: Burden, _ what: String) {
    let starts = Burden.most(burden.radioStarts, within: Self.hour)
    #expect(starts <= AccessLimits.accessesPerHour, "\(what): \(starts) radio starts in an hour")
    let resets = Burden.most(burden.resets, within: Self.hour)
    #expect(resets <= AccessLimits.resetsPerHour, "\(what): \(resets) resets in an hour")
    #expect(burden.searchedInADay <= AccessLimits.searchPerDay + .seconds(600), "\(what)")
  }

  // MARK: - The server

  @Test(
    "a dead server never costs a power cycle, a reset or a start of the radio: for five days",
    arguments: [true, false])
  func deadServer(answers: Bool) throws {
    var world = try World(WorldPlan(seed: 31))
    world.start()
    var burden = Burden(world)
    try burden.run(&world, until: .start + .seconds(7000))
    #expect(world.collector.reports.count == 2)
    world.spoil { _, _, collector in
      if answers {
        collector.unavailableAnswers = 100_000
      } else {
        collector.loseRequestPercent = 100
      }
    }
    let before = world.modem.counters
    try burden.run(&world, until: .start + Self.day * 5)
    let after = world.modem.counters
    #expect(after.attaches == before.attaches)
    #expect(after.radioStarts == before.radioStarts)
    #expect(after.resets == 0)
    #expect(world.agent.link.counters.powerCycles == 0)
    // Each attempt is a wake out of power saving mode: after 1, 5, 15, 30, 60 min, then 2 h to 24 h.
    // Beside them the module wakes by itself for its update each 6 h.
    #expect(world.boardRestarts.isEmpty)
    #expect((6...40).contains(after.boots - before.boots))
    world.endFaults()
    try burden.run(&world, until: .start + Self.day * 7)
    #expect(world.status().store?.waiting == 0)
    #expect(world.collector.counts.duplicates == 0 || !answers)
  }

  // MARK: - Refusals

  @Test(
    "each cause of a refusal holds the next attempt back for as long as its table says",
    arguments: RejectCause.all.map { $0.code })
  func causes(code: Int) throws {
    let cause = try #require(RejectCause(code: code))
    var plan = WorldPlan(seed: 32)
    plan.network.verdict = .rejects(cause: code)
    var world = try World(plan)
    world.start()
    var burden = Burden(world)
    try burden.run(&world, until: .start + Self.day * 4)
    expectPolite(burden, "#\(code)")
    #expect(burden.resets.isEmpty)
    #expect(world.collector.reports.isEmpty)
    #expect(burden.radioStarts.count >= 3)
    let pause = RejectTreatment(cause.consequence)
    // From the start of one search to that of the next: the patience of a first installation, then
    // the cause's pause, or a longer back-off.
    let gaps = zip(burden.radioStarts, burden.radioStarts.dropFirst()).map { $1 - $0 }
    for (index, gap) in gaps.enumerated() {
      let least = AccessLimits.firstPatience + pause.wait(strikes: index + 1)
      #expect(gap + Burden.grain * 2 >= least, "#\(code): \(gap.text) after refusal \(index + 1)")
    }
    let backOff = Duration.seconds(60 * 6 / 5)
    let most = AccessLimits.firstPatience + max(pause.wait(strikes: 1), backOff) + .seconds(300)
    #expect(gaps[0] <= most, "#\(code): \(gaps[0].text)")
    #expect(gaps.allSatisfy { $0 <= AccessLimits.longestBlock + .seconds(3600) })
    if cause.consequence != .temporary {
      #expect(world.trace.text.contains("(#\(code))") || world.trace.text.contains(cause.text))
    }
    world.endFaults()
    try burden.run(&world, until: .start + Self.day * 7)
    #expect((world.status().store?.waiting ?? -1) <= 1, "#\(code): never came back")
  }

  // MARK: - Multi-IMSI

  @Test("a card that rotates within its patience is never disturbed", arguments: [3, 8, 11, 15])
  func rotation(code: Int) throws {
    for isInstalled in [false, true] {
      var world = try World(WorldPlan(seed: 33))
      if isInstalled {
        world.start()
        try world.run(until: .start + (Self.day - .seconds(60)))
        world.networkIsGone(true)
        // The next report finds the network gone; when it is back, it refuses the card.
        try world.run(until: .start + Self.day + .seconds(60))
      }
      world.spoil { _, network, _ in network.verdict = .rejects(cause: code) }
      if !isInstalled { world.start() }
      let began = world.now
      try world.run(until: began + .seconds(20))
      let before = world.modem.counters
      let patience = isInstalled ? AccessLimits.patience : AccessLimits.firstPatience
      try world.run(until: began + (patience - .seconds(120)))
      #expect(world.modem.counters.powerKeyPulses == before.powerKeyPulses)
      #expect(world.modem.counters.radioStarts == before.radioStarts)
      #expect(world.modem.counters.resets == before.resets)
      let reports = world.collector.reports.count
      world.spoil { _, network, _ in network.verdict = .accepts }
      world.rotateCard(imsi: Array("234500000000042".utf8))
      try world.run(until: began + patience + .seconds(60))
      #expect(world.collector.reports.count > reports, "\(world.trace.text.suffix(2000))")
      #expect(world.trace.text.contains("another identity of it"))
    }
  }

  @Test("a network that is gone for ten days: at most 3 h of search in each") func gone() throws {
    var world = try World(WorldPlan(seed: 34))
    world.start()
    var burden = Burden(world)
    try burden.run(&world, until: .start + Self.hour)
    world.networkIsGone(true)
    try burden.run(&world, until: .start + Self.day * 10)
    expectPolite(burden, "gone")
    #expect(burden.searchedInADay > .seconds(600))
    #expect(burden.resets.isEmpty)
    world.networkIsGone(false)
    try burden.run(&world, until: .start + Self.day * 12)
    #expect((world.status().store?.waiting ?? -1) <= 1)
  }

  // MARK: - Power cuts

  @Test("a power cut at any change of state leaves the counts as they were, or stricter")
  func powerCuts() throws {
    let lives: [(String, @Sendable (inout WorldPlan) -> Void)] = [
      ("good", { _ in }), ("no PSM", { $0.network.powerSaving = .none }),
      ("a dead server", { $0.collector.loseRequestPercent = 100 }),
      ("no network", { $0.network.verdict = .noCoverage }),
      ("deaf", { $0.faults.isDeaf = true }),
      ("refused", { $0.network.verdict = .rejects(cause: 8) }),
    ]
    var cuts = 0
    for (name, change) in lives {
      var plan = WorldPlan(seed: 36)
      change(&plan)
      var whole = try World(plan)
      whole.start()
      try whole.run(until: .start + Self.hour * 3)
      for moment in stateChanges(in: whole.trace.text) {
        var world = try World(plan)
        world.start()
        var burden = Burden(world)
        try burden.run(&world, until: moment)
        let before = world.agent.limits(now: world.boardNow)
        world.cutPower()
        burden.forgive(world)
        let after = world.agent.limits(now: world.boardNow)
        let what = "\(name) at \(moment.milliseconds)"
        #expect(after.accessesLeft <= before.accessesLeft, "\(what)")
        #expect(after.resetsLeft <= before.resetsLeft, "\(what)")
        #expect(after.powerCyclesLeft <= before.powerCyclesLeft, "\(what)")
        #expect(after.failures >= before.failures, "\(what)")
        if let until = before.blockedUntil, let boot = Optional(world.now - world.boardNow) {
          let left = (after.blockedUntil ?? .start) + boot - until
          #expect(left > .seconds(-4), "\(what)")
        }
        try burden.run(&world, until: world.now + Self.hour)
        expectPolite(burden, what)
        cuts += 1
      }
    }
    #expect(cuts > 60, "\(cuts)")
  }

  private func stateChanges(in trace: String) -> [Instant] {
    var moments: [Instant] = []
    for line in trace.split(separator: "\n") where line.contains(" [commands ") {
      guard let at = line.split(separator: " ").first.flatMap({ Int64($0) }) else { continue }
      let moment = Instant.milliseconds(at)
      if moments.last != moment { moments.append(moment) }
    }
    return moments
  }
}

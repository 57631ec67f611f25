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
    let world = try World(WorldPlan(seed: 31))
    world.start()
    var burden = Burden(world)
    try burden.run(world, until: .start + .seconds(7000))
    #expect(world.collector.reports.count == 2)
    world.spoil { _, _, collector in
      if answers {
        collector.unavailableAnswers = 100_000
      } else {
        collector.loseRequestPercent = 100
      }
    }
    let before = world.modem.counters
    try burden.run(world, until: .start + Self.day * 5)
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
    try burden.run(world, until: .start + Self.day * 7)
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
    let world = try World(plan)
    world.start()
    var burden = Burden(world)
    try burden.run(world, until: .start + Self.day * 4)
    expectPolite(burden, "#\(code)")
    #expect(burden.resets.isEmpty)
    #expect(world.collector.reports.isEmpty)
    #expect(burden.radioStarts.count >= 3)
    let pause = RejectTreatment(cause.consequence)
    // From the start of one search to that of the next: the patience of a first installation, then
    // the cause's pause, or a longer back-off.
    let gaps = zip(burden.radioStarts, burden.radioStarts.dropFirst()).map { $1 - $0 }
    // These two put the operator on the card's list (TS 24.301 annex A): from then on the module asks
    // no network for anything, and only the back-off counts.
    let isListed = code == 11 || code == 35
    for (index, gap) in gaps.enumerated() where index == 0 || !isListed {
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
    try burden.run(world, until: .start + Self.day * 7)
    #expect((world.status().store?.waiting ?? -1) <= 1, "#\(code): never came back")
  }

  // MARK: - Multi-IMSI

  @Test("a card that rotates within its patience is never disturbed", arguments: [3, 8, 11, 15])
  func rotation(code: Int) throws {
    for isInstalled in [false, true] {
      let world = try World(WorldPlan(seed: 33))
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
    let world = try World(WorldPlan(seed: 34))
    world.start()
    var burden = Burden(world)
    try burden.run(world, until: .start + Self.hour)
    world.networkIsGone(true)
    try burden.run(world, until: .start + Self.day * 10)
    expectPolite(burden, "gone")
    #expect(burden.searchedInADay > .seconds(600))
    #expect(burden.resets.isEmpty)
    world.networkIsGone(false)
    try burden.run(world, until: .start + Self.day * 12)
    #expect((world.status().store?.waiting ?? -1) <= 1)
  }

  // MARK: - The ladder's upper end

  @Test("a deaf module: key, supply, board, each no more often than it may") func deaf() throws {
    for hasSwitch in [true, false] {
      var plan = WorldPlan(seed: 35)
      plan.link.hasSupplySwitch = hasSwitch
      let world = try World(plan)
      world.start()
      var burden = Burden(world)
      try burden.run(world, until: .start + Self.hour)
      let before = burden.boots.count
      world.spoil { faults, _, _ in faults.isDeaf = true }
      try burden.run(world, until: .start + Self.day * 4)
      expectPolite(burden, "deaf")
      #expect(!burden.resets.isEmpty)
      #expect((world.supplyCuts > 0) == hasSwitch)
      let boots = Array(burden.boots.dropFirst(before))
      // Each of the day's power cycles boots it, and so does the key that finds it on and stops it first.
      let most = 2 * AccessLimits.powerCyclesPerDay + 2
      #expect(Burden.most(boots, within: Self.day) <= most)
      #expect((1...4).contains(world.boardRestarts.count), "\(world.boardRestarts.count)")
      for (first, second) in zip(world.boardRestarts, world.boardRestarts.dropFirst()) {
        #expect(second - first >= Self.day)
      }
      world.endFaults()
      try burden.run(world, until: .start + Self.day * 6)
      #expect((world.status().store?.waiting ?? -1) <= 1, "\(world.trace.text.suffix(2000))")
    }
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
      let whole = try World(plan)
      whole.start()
      try whole.run(until: .start + Self.hour * 3)
      for moment in stateChanges(in: whole.trace.text) {
        let world = try World(plan)
        world.start()
        var burden = Burden(world)
        try burden.run(world, until: moment)
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
        try burden.run(world, until: world.now + Self.hour)
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

  // MARK: - A year

  @Test(
    "a year of random failures stays within every limit, and everything arrives after it",
    arguments: [1, 2] as [UInt64])
  func year(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var plan = WorldPlan(seed: seed, reportInterval: Self.hour * 6)
    plan.link.hasSupplySwitch = true
    let world = try World(plan)
    world.start()
    var burden = Burden(world)
    let end = Instant.start + Self.day * 365
    while world.now < end {
      let kind = Int(random.next(below: UInt64(Trouble.all.count)))
      let times = Int64(random.next(below: 6) + 1)
      for _ in 0..<times {
        world.spoil { Trouble.all[kind](&$0, &$1, &$2) }
        let span = Int64(random.next(below: 40_000)) + 600
        try burden.run(world, until: min(end, world.now + .seconds(span)))
        switch random.next(below: 8) {
        case 0:
          world.cutPower()
          burden.forgive(world)
        case 1: world.restartProcess()
        default: break
        }
      }
      world.endFaults()
      let calm = Int64(random.next(below: 100_000)) + 600
      try burden.run(world, until: min(end, world.now + .seconds(calm)))
    }
    expectPolite(burden, "seed \(seed)")
    for (first, second) in zip(world.boardRestarts, world.boardRestarts.dropFirst()) {
      #expect(second - first >= Self.day)
    }
    #expect(burden.radioStarts.count > 100)
    #expect(world.collector.reports.count > 300)
    try burden.run(world, until: end + Self.day * 3)
    #expect(
      (world.status().store?.waiting ?? -1) <= 1, "seed \(seed): \(world.trace.text.suffix(2000))")
  }
}

private enum Trouble {
  typealias Change =
    @Sendable (inout ModemFaults, inout SimulatedNetwork, inout CollectorPolicy) ->
    Void

  static let all: [Change] = [
    { _, network, _ in network.verdict = .noCoverage },
    { _, network, _ in network.verdict = .rejects(cause: 8) },
    { _, network, _ in network.verdict = .rejects(cause: 11) },
    { _, network, _ in network.verdict = .rejects(cause: 17) },
    { _, network, _ in network.verdict = .rejects(cause: 22) },
    { _, network, _ in network.accessPointNames = [Array("other".utf8)] },
    { _, network, _ in network.powerSaving = .none },
    { _, network, _ in network.names = [] },
    { _, _, collector in collector.loseRequestPercent = 100 },
    { _, _, collector in collector.loseAnswerPercent = 60 },
    { _, _, collector in collector.unavailableAnswers = 20 },
    { faults, _, _ in faults.isDeaf = true },
    { faults, _, _ in faults.ignoredPowerKeyPulses = 2 },
    { faults, _, _ in faults.ignoredPowerKeyPulses = 1000 },
    { faults, _, _ in faults.brownOuts = 2 },
    { faults, _, _ in faults.rebootsOnCommand = Array("AT+QISEND".utf8) },
    { faults, _, _ in faults.neverSleeps = true },
    { faults, _, _ in faults.sleepsSilently = true },
    { faults, _, _ in faults.noisePerMillion = 2000 },
    { faults, _, _ in faults.babbleInterval = .milliseconds(700) },
  ]
}

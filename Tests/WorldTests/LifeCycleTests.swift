import Link
import ModemSimulator
import Modems
import Primitives
import Testing
import World

/// The life-cycle's picture against what the link does in worlds full of faults.
/// Not covered: what only a module that breaks its own rules does (LinkTests).
@Suite("The life cycle as it is drawn") struct LifeCycleTests {
  @Test("is what happens: no change beyond the table, none in it that never happens")
  func transitions() throws {
    var seen: [Int: String] = [:]
    for fault in Planted.all {
      var plan = WorldPlan(seed: 1)
      fault.change(&plan)
      try note(plan, into: &seen)
    }
    for change in troubles {
      for seed in 10..<16 as Range<UInt64> {
        var plan = WorldPlan(seed: seed, reportInterval: .seconds(600))
        plan.agent.retryAfter = [.seconds(20)]
        change(&plan)
        try note(plan, into: &seen)
      }
    }
    try noteBlows(into: &seen)
    let drawn = LifeCycle.transitions.map { Self.key($0.from, $0.to) }
    #expect(Set(drawn).count == drawn.count, "a change is drawn twice")
    let beyond = seen.filter { !drawn.contains($0.key) }.sorted { $0.key < $1.key }
    #expect(beyond.isEmpty, "\(beyond.map { Self.text($0.key) + ": " + $0.value })")
    let never = drawn.filter { seen[$0] == nil }
    #expect(never.isEmpty, "\(never.map { Self.text($0) })")
  }

  @Test("gives every state a deadline: a link that doesn't rest is never without one")
  func deadlines() throws {
    for change in troubles {
      var plan = WorldPlan(seed: 3, reportInterval: .seconds(600))
      change(&plan)
      let world = try World(plan)
      world.start()
      var moment = Instant.start
      while moment < .start + .seconds(3600) {
        moment = moment + .milliseconds(700)
        try world.run(until: moment)
        let (isAtRest, deadline) = (world.agent.link.isAtRest, world.agent.link.deadline)
        #expect(isAtRest || deadline != nil, "\(world.agent.link.state.text)")
        let next = world.agent.deadline
        #expect(next != nil, "nothing will ever wake the device")
      }
    }
    #expect(LifeCycle.terms.map(\.stage) == LifeCycle.Stage.allCases)
  }

  @Test("makes every change an event with its state, its cause and the counters") func events()
    throws
  {
    let world = try World(WorldPlan(seed: 4))
    world.start()
    try world.run(until: .start + .seconds(5400))
    let changes = changes(in: world.trace.text)
    #expect(changes.count > 10)
    for change in changes {
      #expect(change.text.contains(": "), "\(change.text)")
      #expect(change.text.contains(" [commands "), "\(change.text)")
      #expect(change.text.contains("failures 0]"), "\(change.text)")
    }
  }

  @Test(
    "a power cut just after any change leaves the counts of failures, accesses, resets and cycles",
    arguments: ["nothing", "no coverage", "a dead server", "#15 no suitable cells", "deaf"])
  func powerCuts(name: String) throws {
    let fault = try #require(Planted.all.first { $0.name == name })
    var plan = WorldPlan(seed: 6)
    // The virtual clock runs on through the cut, as it does within one boot.
    plan.agent.boot = Array("boot".utf8)
    fault.change(&plan)
    let whole = try World(plan)
    whole.start()
    try whole.run(until: .start + .seconds(2 * 3600))
    for change in changes(in: whole.trace.text) {
      let world = try World(plan)
      world.start()
      try world.run(until: .milliseconds(change.at))
      let before = world.status().limits
      world.cutPower()
      let after = world.status().limits
      let place = "\(name), \(change.at) ms, \(change.text)"
      // The start after it may begin an attempt, and one that was under way has failed. Ages are kept
      // in whole seconds, so that an access may count for one second longer.
      #expect(
        (before.accessesLeft - 2...before.accessesLeft).contains(after.accessesLeft), "\(place)")
      #expect((before.failures...before.failures + 1).contains(after.failures), "\(place)")
      #expect(after.resetsLeft == before.resetsLeft, "\(place)")
      #expect((0...1).contains(before.powerCyclesLeft - after.powerCyclesLeft), "\(place)")
      #expect(after.hasConfirmed == before.hasConfirmed, "\(place)")
      #expect(before.searchLeft - after.searchLeft >= .seconds(-1), "\(place)")
      guard fault.diagnosis.isWell else { continue }
      try world.run(until: world.now + .seconds(3 * 3600))
      #expect(world.collector.reports.count >= 3, "\(place)")
    }
  }

  /// The module starts anew, or the line is gone, a moment after each change of a good life.
  private func noteBlows(into seen: inout [Int: String]) throws {
    var nameless = WorldPlan(seed: 5)
    nameless.network.names = []
    nameless.agent.retryAfter = [.seconds(300)]
    // A module whose STATUS line isn't wired shows a new start by its words alone.
    var unwired = WorldPlan(seed: 5)
    unwired.link.hasStatusLine = false
    for plan in [WorldPlan(seed: 5), nameless, unwired] {
      let good = try World(plan)
      good.start()
      try good.run(until: .start + .seconds(4000))
      for change in changes(in: good.trace.text) {
        // 2.4 s after its key the module shows that it is on, and doesn't answer yet.
        for (delay, isHangUp) in [
          (20, false), (400, false), (2400, false), (20, true), (400, true),
        ] {
          var plan = plan
          let moment = Instant.milliseconds(change.at + Int64(delay))
          if !isHangUp { plan.faults.rebootsAt = moment }
          let world = try World(plan)
          world.start()
          try world.run(until: moment)
          if isHangUp { world.hangUp() }
          try world.run(until: moment + .seconds(300))
          note(world.trace.text, plan.seed, into: &seen)
        }
      }
    }
  }

  /// Three lives under the same plan: left alone, with its process dying again and again, and stopped
  /// at some moment.
  private func note(_ plan: WorldPlan, into seen: inout [Int: String]) throws {
    var random = SeededRandom(seed: plan.seed)
    for life in 0..<3 {
      let world = try World(plan)
      world.start()
      for _ in 0..<6 {
        try world.run(until: world.now + .milliseconds(Int64(random.next(below: 1_500_000))))
        if life == 1 { world.restartProcess() }
        if life == 2, random.next(below: 3) == 0 { world.stop() }
      }
      try world.run(until: world.now + .seconds(600))
      note(world.trace.text, plan.seed, into: &seen)
    }
  }

  private func note(_ trace: String, _ seed: UInt64, into seen: inout [Int: String]) {
    var before = LifeCycle.Stage.off
    for change in changes(in: trace) {
      // A process that comes up anew knows nothing.
      if change.isFirst { before = .off }
      if change.stage != before, seen[Self.key(before, change.stage)] == nil {
        seen[Self.key(before, change.stage)] = "seed \(seed), \(change.text)"
      }
      before = change.stage
    }
  }

  private struct Change {
    /// Milliseconds.
    var at: Int64
    var stage: LifeCycle.Stage
    var text: String
    /// The first one of a process.
    var isFirst: Bool
  }

  private func changes(in trace: String) -> [Change] {
    var changes: [Change] = []
    for line in trace.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 2)
      guard words.count == 3, words[1] == "log", words[2].hasPrefix("modem: ") else { continue }
      let text = String(words[2].dropFirst("modem: ".count))
      let name = text.prefix { $0.isLetter }
      guard let stage = LifeCycle.Stage.allCases.first(where: { "\($0.text)" == name }),
        text.contains(" [commands ")
      else { continue }
      let isFirst = text.contains("starting: the process started")
      changes.append(
        Change(at: Int64(words[0]) ?? 0, stage: stage, text: text, isFirst: isFirst))
    }
    return changes
  }

  private static func key(_ from: LifeCycle.Stage, _ to: LifeCycle.Stage) -> Int {
    from.rawValue * 16 + to.rawValue
  }

  private static func text(_ key: Int) -> String {
    let from = LifeCycle.Stage(rawValue: key / 16)
    let to = LifeCycle.Stage(rawValue: key % 16)
    return "\(from.map { "\($0.text)" } ?? "?") -> \(to.map { "\($0.text)" } ?? "?")"
  }
}

private let troubles: [@Sendable (inout WorldPlan) -> Void] = [
  { _ in },
  { $0.faults.ignoredPowerKeyPulses = 2 },
  { $0.faults.isDeaf = true },
  { $0.faults.babbleInterval = .milliseconds(300) },
  { $0.faults.rebootsAt = .start + .seconds(4) },
  { $0.faults.rebootsAt = .start + .seconds(9) },
  { $0.faults.dropsContextsAt = .start + .seconds(14) },
  { $0.faults.rebootsOnCommand = Array("AT+QISEND".utf8) },
  { $0.faults.rebootsOnCommand = Array("AT+QIOPEN".utf8) },
  { $0.faults.rebootsOnCommand = Array("AT+QICLOSE".utf8) },
  { $0.faults.rebootsOnCommand = Array("AT+CGREG".utf8) },
  { $0.faults.brownOuts = 3 },
  { $0.faults.neverSleeps = true },
  { $0.faults.sleepsSilently = true },
  { $0.faults.answerDelay = .seconds(3) },
  { $0.faults.noisePerMillion = 2000 },
  { $0.hasBadLine = true },
  { $0.network.powerSaving = .none },
  { $0.stored = .factory },
  { $0.agent.listensToMessages = true },
  { $0.collector.loseRequestPercent = 60 },
  {
    $0.link.hasStatusLine = false
    $0.faults.noisePerMillion = 1000
  },
  {
    $0.link.network.psm = nil
    $0.link.network.edrx = .cycle(.seconds(82))
    $0.link.hasDTR = true
    $0.link.rest = .only(.edrx)
  },
]

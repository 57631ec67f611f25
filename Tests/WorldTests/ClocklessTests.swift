import Agent
import ModemSimulator
import Primitives
import Settings
import Testing
import World

/// Boards without a clock of their own that are never on for long: their limits come to an end all the
/// same. Not covered: how moments are moved by a time that comes later (AccessLedgerTests).
@Suite("Boards without a clock") struct ClocklessTests {
  private static let onTime = Duration.seconds(600)
  private static let day = Duration.seconds(86_400)
  private static let cold = AccessLedger.Wish(isCold: true)

  private func plan(hasTime: Bool) -> WorldPlan {
    var plan = WorldPlan(seed: 41)
    plan.utcAtStart = UTC(millisecondsSince1970: 0)
    if !hasTime { plan.network.time = nil }
    return plan
  }

  /// Boots, each as long as the board is on, until so many reports were confirmed in all.
  private func boots(_ world: World, until reports: Int, most: Int) throws -> Int {
    for boot in 1...most {
      try world.run(until: world.now + Self.onTime)
      world.cutPower()
      if world.collector.reports.count >= reports { return boot }
    }
    Issue.record("\(world.collector.reports.count) reports in \(most) boots")
    return most
  }

  @Test("ten minutes at a time and no time of day: the hour's accesses come back again and again")
  func accesses() throws {
    let world = try World(plan(hasTime: false))
    world.start()
    var last = 0
    for reports in [4, 5, 8, 9, 12, 13] {
      let before = world.now
      last = try boots(world, until: reports, most: 20)
      #expect(world.now - before <= .seconds(20 * 600), "report \(reports)")
    }
    #expect(last > 1, "an hour of being on is still waited for")
    #expect(Burden.most(world.collector.reports.map { $0.firstSeen }, within: .seconds(3600)) <= 4)
  }

  @Test("a hold of a day ends when the board has been on for a day in all") func hold() throws {
    var ledger = AccessLedger()
    ledger.failed(on: .socket, retryAt: .start + Self.day)
    let world = try World(plan(hasTime: false))
    world.keep(ledger.encoded(at: .init(now: .start, utc: nil, boot: 77)), in: .limits)
    world.start()
    let boots = try boots(world, until: 1, most: 200)
    #expect(boots >= 143, "\(boots)")
    #expect(world.vaultWrites <= boots * 5 + 5, "\(world.vaultWrites) in \(boots) boots")
  }

  @Test("ten minutes a day, and the time from the network alone: a report each day")
  func daily() throws {
    let world = try World(plan(hasTime: true))
    world.start()
    for day in 1...10 {
      try world.run(until: world.now + Self.onTime)
      #expect(world.collector.reports.count == day)
      // Without what a process keeps that is told to end.
      let kept = world.kept(.limits)
      world.stop()
      try world.run(until: world.now + (Self.day - Self.onTime))
      world.keep(kept, in: .limits)
      world.cutPower()
    }
    #expect(world.status().limits.failures == 0)
  }

  @Test("a confirmed report leaves no attempt behind that a power cut makes a failure")
  func pending() throws {
    let world = try World(plan(hasTime: false))
    world.start()
    try world.run(until: .start + .seconds(300))
    world.cutPower()
    try world.run(until: .start + .seconds(600))
    #expect(world.collector.reports.count == 2)
    let moment = AccessLedger.Moment(now: .start, utc: nil, boot: 0)
    var kept = try #require(world.kept(.limits).flatMap { AccessLedger($0, at: moment) })
    kept.countPending { .seconds(60 * Int64($0)) }
    #expect(kept.failures == 0)
  }

  @Test("a process that is told to end keeps what it has waited") func stop() throws {
    var ledger = AccessLedger()
    ledger.failed(on: .socket, retryAt: .start + .seconds(3600))
    let world = try World(plan(hasTime: false))
    world.keep(ledger.encoded(at: .init(now: .start, utc: nil, boot: 77)), in: .limits)
    world.start()
    try world.run(until: .start + .seconds(3000))
    world.stop()
    world.cutPower()
    let until = try #require(world.status().limits.blockedUntil)
    #expect(until - .start < .seconds(700), "\(until.milliseconds)")
  }

  // MARK: - Commands

  /// Everything of a day is spent.
  private var spent: [UInt8] {
    var ledger = CommandLedger()
    (ledger.answers, ledger.trials) = (CommandLimits.answersPerDay, CommandLimits.trialsPerDay)
    ledger.awakeSeconds = CommandLimits.awakeSecondsPerDay
    return ledger.kept
  }

  private func commandWorld() throws -> World {
    var plan = CommandBench.plan()
    plan.utcAtStart = UTC(millisecondsSince1970: 0)
    plan.network.time = nil
    return try CommandBench.world(plan, counters: spent)
  }

  @Test("what commands may cost in a day is there again after one, and not before")
  func commandDay() throws {
    let world = try commandWorld()
    world.deliver(message: CommandBench.signed("get apn", counter: 1), at: CommandBench.hours(22.5))
    try world.run(until: CommandBench.hours(23.9))
    #expect(world.submittedMessages.isEmpty && world.status().record.commandsObeyed == 0)
    world.deliver(message: CommandBench.signed("get apn", counter: 2), at: CommandBench.hours(24.5))
    try world.run(until: CommandBench.hours(26))
    #expect(CommandBench.answers(world) == ["world-1 apn=em"])
  }

  @Test("a power cut gives no more of it, and takes an hour of the day's age at most")
  func commandDayOverCuts() throws {
    let world = try commandWorld()
    for hour in 1...34 {
      let time = CommandBench.hours(Double(hour))
      if hour < 24 { #expect(world.agent.commandState(now: world.boardNow).trialsLeft == 0) }
      try world.run(until: time)
      if hour % 5 == 0 { world.cutPower() }
    }
    #expect(world.agent.commandState(now: world.boardNow).trialsLeft == CommandLimits.trialsPerDay)
    #expect(world.commandWrites <= 50, "\(world.commandWrites)")
  }
}

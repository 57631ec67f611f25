import Agent
import ModemSimulator
import Primitives
import Settings
import Telemetry
import Testing
import World

// Not covered here: the ten dialects, and other families than the BG95.
@Suite("Trials of settings") struct TrialTests {
  private typealias Bench = CommandBench

  private func hours(_ count: Double) -> Instant { Bench.hours(count) }

  @Test("a right APN is tried at once, over a start from off, kept, and answered") func right()
    throws
  {
    let world = try Bench.world(Bench.plan())
    world.deliver(message: Bench.signed("set apn=right", counter: 1), at: hours(0.5))
    try world.run(until: hours(1.2))
    #expect(Bench.storedAPN(world) == "right", "\(world.trace.text.suffix(6000))")
    #expect(world.trace.text.contains("apn=right: kept"))
    #expect(world.kept(.trial) == nil)
    #expect(Bench.heldSettings(world) == [try SettingChange(.apn, Array("right".utf8))])
    #expect(Bench.answers(world) == ["world-1 ok apn=right"])
    #expect(Bench.recipients(world) == ["1234"])
    #expect(world.modem.counters.violations.total == 0)
    world.cutPower()
    try world.run(until: hours(3.5))
    #expect(Bench.storedAPN(world) == "right")
  }

  @Test("a wrong APN comes back by itself, the modem's own too, and says so") func wrong() throws {
    let world = try Bench.world(Bench.plan())
    world.deliver(message: Bench.signed("set apn=wrong", counter: 1), at: hours(0.5))
    try world.run(until: hours(1.1))
    #expect(Bench.storedAPN(world) == "wrong")
    try world.run(until: hours(1) + (TrialLimits.time - .seconds(60)))
    #expect(Bench.storedAPN(world) == "wrong", "tried for its time")
    try world.run(until: hours(2.1))
    #expect(Bench.storedAPN(world) == "em", "\(world.trace.text.suffix(6000))")
    #expect(world.kept(.settings) == nil)
    #expect(world.kept(.trial) == nil)
    #expect(
      Bench.answers(world) == ["world-1 undone apn=wrong: no report went through them in time"])
    let before = world.collector.reports.count
    try world.run(until: hours(5.1))
    #expect(world.collector.reports.count >= before + 2)
  }

  @Test("a server that isn't there comes back by itself") func wrongServer() throws {
    let world = try Bench.world(Bench.plan())
    world.deliver(
      message: Bench.signed("set server=coap://nowhere.desk/r", counter: 1), at: hours(0.5))
    try world.run(until: hours(3))
    #expect(
      Bench.answers(world)
        == ["world-1 undone server=coap://nowhere.desk/r: no report went through them in time"])
    let before = world.collector.reports.count
    try world.run(until: hours(5.1))
    #expect(world.collector.reports.count >= before + 2)
  }

  /// GSM lets a device in without a data session, which is refused later.
  private func gsmPlan() -> WorldPlan {
    var plan = Bench.plan()
    plan.personality = .m95
    plan.link.module = .quectelM95
    plan.link.network.rats = [.gsm]
    plan.link.network.psm = nil
    plan.network.accessPointNames = [Array("right".utf8)]
    return plan
  }

  @Test("SMS reach a device without a data session, or without a server, and set what is wrong")
  func rescue() throws {
    let plans = [
      (gsmPlan(), "set apn=right"),
      (Bench.plan(server: "nowhere.desk"), "set server=coap://collector.desk/r"),
    ]
    for (plan, command) in plans {
      let world = try Bench.world(plan)
      try world.run(until: hours(4))
      #expect(world.collector.reports.isEmpty)
      // The attempts are far apart by now.
      let next = try #require(world.status().nextReport)
      world.deliver(message: Bench.signed(command, counter: 1), at: next + .seconds(-60))
      try world.run(until: next + .seconds(300))
      #expect(
        Bench.answers(world) == ["world-1 ok " + command.dropFirst(4)],
        "\(world.trace.text.suffix(4000))")
      #expect(!world.collector.reports.isEmpty)
      let before = world.collector.reports.count
      try world.run(until: next + .seconds(3 * 3600))
      #expect(world.collector.reports.count >= before + 2)
    }
  }

  @Test("no limit of the network's holds a trial back, nor does its failure count there")
  func ownAccesses() throws {
    let world = try Bench.world(Bench.plan())
    try world.run(until: hours(0.9))
    let before = world.agent.ledger
    world.deliver(message: Bench.signed("set apn=wrong", counter: 1), at: hours(0.95))
    try world.run(until: hours(1.7))
    // The attempts of the trial so far are none of the ledger's.
    #expect(world.agent.ledger.failures == 0)
    #expect(world.agent.limits(now: world.now).accessesLeft >= 3)
    let trial = try #require(world.kept(.trial).flatMap { Trial(kept: $0) })
    #expect(trial.stage == .running)
    #expect((3...TrialLimits.accesses).contains(trial.accesses), "\(trial.accesses)")
    try world.run(until: hours(2.2))
    #expect(world.agent.ledger.failures == 0)
    #expect(before.failures == 0)
  }

  @Test("without a report the old settings are tried, and then the new ones once more")
  func secondChance() throws {
    let world = try Bench.world(Bench.plan())
    world.deliver(message: Bench.signed("set apn=right", counter: 1), at: hours(0.5))
    try world.run(until: hours(1) + .seconds(-5))
    world.collectorIsDeaf(true)
    try world.run(until: hours(1) + .seconds(10))
    world.collectorIsDeaf(false)
    try world.run(until: hours(1.01))
    world.collectorIsDeaf(true)
    try world.run(until: hours(2.2))
    #expect(world.trace.text.contains("undone: no report"), "\(world.trace.text.suffix(3000))")
    #expect(world.trace.text.contains("the old settings fail too: tried once more"))
    world.collectorIsDeaf(false)
    try world.run(until: hours(4.5))
    #expect(Bench.storedAPN(world) == "right")
    #expect(Bench.answers(world) == ["world-1 ok apn=right"])
  }

  // MARK: - What only a command proves

  @Test("another key counts once a command that it signed has come in") func key() throws {
    let world = try Bench.world(Bench.plan())
    let hex = String(decoding: Bench.otherKey.bytes.hex, as: UTF8.self)
    world.deliver(message: Bench.signed("set key=\(hex)", counter: 1), at: hours(0.5))
    // The old one isn't the one any more, and it isn't the old one's counter that counts.
    world.deliver(message: Bench.signed("status", counter: 2), at: hours(1) + .seconds(30))
    try world.run(until: hours(1.2))
    #expect(world.kept(.trial).flatMap { Trial(kept: $0) }?.stage == .running)
    #expect(Bench.answers(world).isEmpty)
    #expect(world.kept(.identity) == DeviceIdentity(key: Bench.key, name: nil).kept)
    world.deliver(message: Bench.signed("status", counter: 3, key: Bench.otherKey))
    try world.run(until: hours(1.8))
    #expect(world.kept(.identity) == DeviceIdentity(key: Bench.otherKey, name: nil).kept)
    #expect(Bench.answers(world).contains("world-1 ok key=***"), "\(Bench.answers(world))")
    #expect(world.kept(.settings) == nil && world.kept(.trial) == nil)
    world.cutPower()
    world.deliver(message: Bench.signed("status", counter: 4), at: hours(2.5))
    world.deliver(message: Bench.signed("status", counter: 4, key: Bench.otherKey), at: hours(3.5))
    try world.run(until: hours(4.5))
    #expect(world.status().record.commandsObeyed == 1)
    #expect(world.status().record.commandsIgnored == 1)
  }

  @Test("another key that nobody has is the old one again") func lostKey() throws {
    let world = try Bench.world(Bench.plan())
    let hex = String(repeating: "5A", count: 32)
    world.deliver(message: Bench.signed("set key=\(hex)", counter: 1), at: hours(0.5))
    try world.run(until: hours(2.5))
    #expect(world.kept(.identity) == DeviceIdentity(key: Bench.key, name: nil).kept)
    #expect(
      Bench.answers(world) == ["world-1 undone key=***: no report went through them in time"])
    world.deliver(message: Bench.signed("status", counter: 2), at: hours(2.6))
    try world.run(until: hours(3.5))
    #expect(Bench.answers(world).count == 2)
  }

  @Test("other senders count once one of them has sent a command") func senders() throws {
    let world = try Bench.world(Bench.plan())
    world.deliver(message: Bench.signed("set senders=5678", counter: 1), at: hours(0.5))
    try world.run(until: hours(1.2))
    #expect(world.kept(.trial).flatMap { Trial(kept: $0) }?.stage == .running)
    world.deliver(message: Bench.signed("status", counter: 2))
    try world.run(until: hours(1.5))
    #expect(world.status().record.commandsIgnored == 1, "from 1234")
    #expect(world.kept(.trial).flatMap { Trial(kept: $0) }?.stage == .running)
    world.deliver(message: Bench.tpdu(Bench.text("status", counter: 3), from: "5678"))
    try world.run(until: hours(1.75))
    #expect(Bench.heldSettings(world) == [try SettingChange(.senders, Array("5678".utf8))])
  }

  // MARK: - Power cuts

  @Test(
    "wherever the process or the power fails during a trial, it ends in the old settings or the new",
    arguments: [true, false], ["wrong", "right"])
  func cuts(isPower: Bool, apn: String) throws {
    // From the message's arrival to the end of the trial.
    for step in 0..<24 {
      let world = try Bench.world(Bench.plan(seed: 100 + UInt64(step)))
      world.deliver(message: Bench.signed("set apn=\(apn)", counter: 1), at: hours(0.5))
      try world.run(until: hours(1) + .seconds(5 + 4 * step))
      if isPower { world.cutPower() } else { world.restartProcess() }
      try expectOneOrTheOther(world, apn, "step \(step)")
    }
  }

  @Test(
    "the same at each of the vault's writes, before it and after it",
    arguments: [true, false],
    ["set apn=wrong", "set apn=right", "set interval=2h", "factory-reset"])
  func cutWrites(isDurable: Bool, command: String) throws {
    let writes = try writes(of: command)
    #expect(writes >= 3)
    for write in 1...writes {
      let world = try cutWorld(command)
      world.cutPower(atWrite: write, isDurable: isDurable)
      world.deliver(message: Bench.signed(command, counter: 1), at: hours(0.5))
      try world.run(until: hours(3))
      #expect(world.commandWrites >= write)
      let held = Bench.heldSettings(world) ?? []
      let new: [SettingChange] =
        switch command {
        case "set apn=right": [try SettingChange(.apn, Array("right".utf8))]
        case "set interval=2h": [try SettingChange(.interval, Array("2h".utf8))]
        default: []
        }
      let old = try oldSettings(command)
      #expect(
        held == old || held == old + new || command == "factory-reset" && held == [],
        "write \(write)")
      #expect(world.kept(.trial) == nil, "write \(write)")
      let before = world.collector.reports.count
      try world.run(until: hours(9))
      #expect(world.collector.reports.count >= before + 2, "write \(write)")
      // What was obeyed isn't obeyed again, and what comes next is.
      let obeyed = world.status().record.commandsObeyed
      world.deliver(message: Bench.signed("status", counter: 2))
      try world.run(until: hours(12))
      #expect(world.status().record.commandsObeyed == obeyed + 1, "write \(write)")
    }
  }

  private func oldSettings(_ command: String) throws -> [SettingChange] {
    command == "factory-reset" ? [try SettingChange(.apn, Array("right".utf8))] : []
  }

  private func cutWorld(_ command: String) throws -> World {
    try Bench.world(Bench.plan(), settings: try oldSettings(command))
  }

  private func writes(of command: String) throws -> Int {
    let world = try cutWorld(command)
    world.deliver(message: Bench.signed(command, counter: 1), at: hours(0.5))
    try world.run(until: hours(3))
    return world.commandWrites
  }

  private func expectOneOrTheOther(
    _ world: World, _ apn: String, _ step: String
  ) throws {
    try world.run(until: hours(3))
    let now = Bench.storedAPN(world)
    #expect(now == "em" || now == apn && apn == "right", "\(step)")
    #expect((now == "em") == (Bench.heldSettings(world) ?? []).isEmpty, "\(step)")
    #expect(world.kept(.trial) == nil, "\(step)")
    let before = world.collector.reports.count
    try world.run(until: hours(5.5))
    #expect(world.collector.reports.count >= before + 2, "\(step)")
  }
}

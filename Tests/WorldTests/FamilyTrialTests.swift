import Agent
import Link
import ModemSimulator
import Modems
import Primitives
import Settings
import Testing
import World

/// Who comes to the access point is changed by SMS: tried, kept, and taken back where it is wrong, by
/// every family that has commands for sockets, in virtual time. What they show of it differs, and some
/// can't be asked at all.
@Suite("Trials of user and password, in every module family") struct FamilyTrialTests {
  private typealias Bench = CommandBench

  private func hours(_ count: Double) -> Instant { Bench.hours(count) }

  private func world(_ name: String) throws -> World {
    var plan = Bench.plan()
    plan.personality = try #require(ModemPersonality.named(Array(name.utf8)))
    plan.stored = plan.personality.factorySettings
    let profile = try #require(ModuleProfile.named(Array(name.utf8)))
    plan.link = LinkSettings(module: profile, network: plan.link.network, hasStatusLine: true)
    if profile.socket?.wantsAddressForUDP == true { plan.asksForNames() }
    return try Bench.world(plan)
  }

  /// What the module itself keeps; nil where it is told with each session.
  private func stored(_ world: World) -> String? {
    let hasRow = world.agent.link.module.settings.contains {
      ["authentication", "UAUTHREQ", "APN"].contains("\($0.name)")
    }
    let context = world.modem.stored.contexts[0]
    return hasRow ? String(decoding: context.user + [0x20] + context.password, as: UTF8.self) : nil
  }

  private func expectStored(_ world: World, _ wanted: String) {
    if let stored = stored(world) { #expect(stored == wanted) }
  }

  @Test(
    "they are kept, changed again, and come back after wrong ones", arguments: FamilyTests.names)
  func credentials(name: String) throws {
    let world = try world(name)
    world.deliver(
      message: Bench.signed(
        "set apn=right authentication=pap user=first password=one", counter: 1), at: hours(0.5))
    try world.run(until: hours(2))
    #expect(world.kept(.trial) == nil, "\(world.trace.text.suffix(6000))")
    #expect(Bench.heldSettings(world)?.count == 4)
    expectStored(world, "first one")
    #expect(world.trace.text.contains("\"one\""))

    world.deliver(message: Bench.signed("set password=two", counter: 2), at: hours(2.5))
    try world.run(until: hours(4))
    #expect(world.kept(.trial) == nil)
    expectStored(world, "first two")
    #expect(world.trace.text.contains("\"two\""))

    world.deliver(
      message: Bench.signed("set apn=wrong user=other password=three", counter: 3), at: hours(4.5))
    try world.run(until: hours(5.2))
    expectStored(world, "other three")
    try world.run(until: hours(7.5))
    #expect(world.trace.text.contains("undone: no report went through them in time"))
    expectStored(world, "first two")
    let before = world.collector.reports.count
    try world.run(until: hours(10.5))
    #expect(world.collector.reports.count >= before + 2)
  }

  @Test(
    "a password that is another one after a restart is written, shown or not",
    arguments: FamilyTests.names)
  func restart(name: String) throws {
    let world = try world(name)
    func hold(_ password: String) throws {
      let texts: [(RemoteSetting, String)] = [
        (.apn, "right"), (.authentication, "pap"), (.user, "first"), (.password, password),
      ]
      let changes = try texts.map { try SettingChange($0.0, Array($0.1.utf8)) }
      world.keep(HeldSettings.kept(changes), in: .settings)
      world.restartProcess()
    }
    try hold("one")
    try world.run(until: hours(2))
    expectStored(world, "first one")
    try hold("two")
    try world.run(until: hours(4))
    expectStored(world, "first two")
    let before = world.collector.reports.count
    try world.run(until: hours(5.5))
    #expect(world.collector.reports.count > before)
  }

  @Test(
    "where there were none, they are taken out of the module again", arguments: FamilyTests.names)
  func none(name: String) throws {
    let world = try world(name)
    world.deliver(
      message: Bench.signed(
        "set apn=wrong authentication=pap user=first password=one", counter: 1), at: hours(0.5))
    try world.run(until: hours(1.2))
    expectStored(world, "first one")
    try world.run(until: hours(4.5))
    #expect(world.kept(.trial) == nil, "\(world.trace.text.suffix(6000))")
    expectStored(world, " ")
    #expect(world.collector.reports.count >= 3)
  }
}

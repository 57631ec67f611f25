import Agent
import ModemSimulator
import Primitives
import Settings
import Testing
import World

/// What a trial goes through, and what it proves: nothing stands in for what is tried, and all that
/// isn't tried stays as the device lives with it.
@Suite("Ways of a trial to the server") struct TrialRouteTests {
  private typealias Bench = CommandBench

  private func hours(_ count: Double) -> Instant { Bench.hours(count) }

  /// The network refuses the configured access point, and the device has found another.
  private func standIn() throws -> World {
    var plan = Bench.plan()
    plan.agent.fallsBack = true
    plan.network.accessPointNames = [Array("emnify".utf8)]
    let world = try Bench.world(plan)
    try world.run(until: hours(10))
    try #require(world.collector.reports.count >= 2, "\(world.trace.text.suffix(3000))")
    return world
  }

  @Test("another server is tried through the access point that stands in") func server() throws {
    let world = try standIn()
    world.deliver(message: Bench.signed("set server=coap://192.0.2.7/r", counter: 1))
    try world.run(until: hours(12))
    #expect(world.kept(.trial) == nil)
    #expect(Bench.answers(world) == ["world-1 ok server=coap://192.0.2.7/r"])
  }

  @Test("the way back from a wrong server goes through it too") func wayBack() throws {
    let world = try standIn()
    world.deliver(message: Bench.signed("set server=coap://nowhere.desk/r", counter: 1))
    try world.run(until: hours(13))
    #expect(
      Bench.answers(world)
        == ["world-1 undone server=coap://nowhere.desk/r: no report went through them in time"])
    #expect(world.kept(.trial) == nil)
  }

  @Test("who comes to the configured access point isn't proven through another") func credentials()
    throws
  {
    let world = try standIn()
    world.deliver(
      message: Bench.signed("set authentication=pap user=me password=word", counter: 1))
    try world.run(until: hours(14))
    #expect(world.trace.text.contains("no report went through them in time"))
    #expect(Bench.heldSettings(world) == nil)
  }

  // MARK: - The pinned address

  private func pinned() throws -> World {
    var plan = Bench.plan()
    plan.agent.pinnedAddress = IPv4Address(192, 0, 2, 7)
    plan.network.names.append(.init(Array("other.desk".utf8), .address(Array("192.0.2.8".utf8))))
    return try Bench.world(plan)
  }

  @Test("a server's name that isn't found isn't proven by the old one's pinned address")
  func wrongName() throws {
    let world = try pinned()
    world.deliver(
      message: Bench.signed("set server=coap://nowhere.desk/r", counter: 1), at: hours(0.5))
    try world.run(until: hours(3))
    #expect(
      Bench.answers(world)
        == ["world-1 undone server=coap://nowhere.desk/r: no report went through them in time"])
  }

  @Test("a pinned address is none of another server's") func otherName() throws {
    let world = try pinned()
    world.deliver(
      message: Bench.signed("set server=coap://other.desk/r", counter: 1), at: hours(0.5))
    try world.run(until: hours(2.5))
    try #require(Bench.answers(world) == ["world-1 ok server=coap://other.desk/r"])
    world.changeModem { $0.network.names = [] }
    let before = world.collector.reports.count
    try world.run(until: hours(8))
    #expect(world.collector.reports.count == before)
    #expect(!world.trace.text.contains("the pinned address is taken"))
  }
}

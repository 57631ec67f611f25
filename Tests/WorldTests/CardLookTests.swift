import Agent
import ModemSimulator
import Primitives
import Testing
import World

/// Another SIM in a device that was switched off while its network held it back.
@Suite("A look at the card") struct CardLookTests {
  private static let hour = Duration.seconds(3600)

  /// Refused for good since its first start, and held back for hours.
  private func refused() throws -> World {
    var plan = WorldPlan(seed: 93)
    plan.network.verdict = .rejects(cause: 8)
    let world = try World(plan)
    world.start()
    try world.run(until: .start + Self.hour * 3)
    try #require(world.status().limits.blockedUntil != nil)
    try #require(world.collector.reports.isEmpty)
    return world
  }

  @Test("another SIM is used at once after a start") func another() throws {
    let world = try refused()
    world.changeModem {
      $0.sim = SimulatedSIM(
        iccid: Array("89423100000000000025".utf8), imsi: Array("901430000000025".utf8))
      $0.network.verdict = .accepts
    }
    world.cutPower()
    try world.run(until: .start + Self.hour * 3 + .seconds(180))
    #expect(world.collector.reports.count == 1)
    #expect(world.status().limits.blockedUntil == nil)
  }

  @Test("the same SIM is read once, and the module goes off again") func same() throws {
    let world = try refused()
    let before = world.modem.counters
    let held = try #require(world.status().limits.reason)
    for minute in 0..<4 {
      world.cutPower()
      try world.run(until: .start + Self.hour * 3 + .seconds(60 * (minute + 1)))
      #expect(world.agent.link.isAtRest)
      #expect(world.agent.link.startKind == .cold)
      #expect(world.status().limits.reason == held)
      #expect(world.agent.ledger.failures == 1)
    }
    #expect(world.modem.counters.boots == before.boots + 1)
    #expect(world.modem.counters.attaches == before.attaches)
    // What holds it back ends when it would have ended.
    world.changeModem { $0.network.verdict = .accepts }
    try world.run(until: .start + Self.hour * 9)
    #expect(world.collector.reports.count > 0)
  }

  @Test("a server that doesn't answer is no reason to look") func deadServer() throws {
    let world = try World(WorldPlan(seed: 94))
    world.start()
    try world.run(until: .start + .seconds(600))
    world.collectorIsDeaf(true)
    try world.run(until: .start + Self.hour * 12)
    try #require(world.status().limits.failures > 3)
    let before = world.modem.counters.boots
    world.cutPower()
    try world.run(until: .start + Self.hour * 12 + .seconds(60))
    #expect(world.modem.counters.boots - before <= 1)
    #expect(!world.trace.text.contains("is the SIM another one"))
  }
}

import Link
import ModemSimulator
import Modems
import Primitives
import Testing
import Uplink
import World

/// Each family's driver against that family's personality. They were written from the facts by
/// different people, who haven't read each other's code.
@Suite("Every module family") struct FamilyTests {
  /// Families with commands for sockets.
  static let names: [String] = ModuleProfile.all.filter { $0.socket != nil }.map { "\($0.name)" }

  private func profile(_ name: String) -> ModuleProfile? { ModuleProfile.named(Array(name.utf8)) }

  private func plan(_ name: String, seed: UInt64) throws -> WorldPlan {
    var plan = WorldPlan(seed: seed)
    plan.personality = try #require(ModemPersonality.named(Array(name.utf8)))
    let profile = try #require(self.profile(name))
    plan.link = LinkSettings(
      module: profile, network: plan.link.network, hasStatusLine: true)
    return plan
  }

  @Test("reports from the factory's settings, and again after its rest", arguments: names)
  func reports(name: String) throws {
    var plan = try plan(name, seed: 1)
    plan.stored = plan.personality.factorySettings
    if profile(name)?.ability(of: .dnsLookUp) == .no {
      plan.agent.server = try ServerURL(Array("coap://192.0.2.7/r".utf8))
    }
    var world = try World(plan)
    world.start()
    try world.run(until: .start + .seconds(6 * 3600))
    #expect(world.collector.reports.count >= 6, "\(world.trace.text.prefix(9000))")
    #expect(world.collector.counts.duplicates == 0)
    #expect(
      world.modem.counters.violations.total == 0,
      "\(world.modem.counters.violations) \(world.trace.text.suffix(6000))")
  }
}

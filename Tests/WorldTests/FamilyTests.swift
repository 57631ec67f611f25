import Link
import ModemSimulator
import Modems
import Primitives
import Testing
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
    if profile.socket?.wantsAddressForUDP == true { plan.asksForNames() }
    return plan
  }

  @Test("reports from the factory's settings, and again after its rest", arguments: names)
  func reports(name: String) throws {
    var plan = try plan(name, seed: 1)
    plan.stored = plan.personality.factorySettings
    let world = try World(plan)
    world.start()
    try world.run(until: .start + .seconds(6 * 3600))
    #expect(world.collector.reports.count >= 6, "\(world.trace.text.prefix(9000))")
    #expect(world.collector.counts.duplicates == 0)
    #expect(
      world.modem.counters.violations.total == 0,
      "\(world.modem.counters.violations) \(world.trace.text.suffix(6000))")
  }

  @Test("is found out, at the usual rate and without STATUS, and reports", arguments: names)
  func found(name: String) throws {
    try findsOut(name, baud: 115_200, hasStatusLine: false)
  }

  @Test("one that is named and isn't there is said so, once, and what to write")
  func anotherThanNamed() throws {
    var plan = try plan("quectel-bg95", seed: 3)
    plan.link.module = .quectelEC25
    let world = try World(plan)
    world.start()
    try world.run(until: .start + .seconds(2 * 3600))
    let advice = "please write module = quectel-bg95"
    #expect(world.trace.text.components(advice) == 1)
    #expect(world.status().text.contains(advice))
    let json = String(decoding: world.status().json, as: UTF8.self)
    #expect(json.contains("\"advisedModule\":\"quectel-bg95\""))
    #expect(world.agent.link.module.name.description == "quectel-ec25")
  }

  @Test("is found out at another rate", arguments: ["ublox-sara-r5"]) func rate(name: String) throws
  {
    try findsOut(name, baud: 9600, hasStatusLine: true)
  }

  private func findsOut(_ name: String, baud: Int64, hasStatusLine: Bool) throws {
    var plan = try plan(name, seed: 2)
    plan.baud = baud
    plan.link = LinkSettings(
      module: .generic, network: plan.link.network, hasStatusLine: hasStatusLine, detects: true)
    let world = try World(plan)
    world.start()
    try world.run(until: .start + .seconds(3 * 3600))
    #expect(world.agent.link.module.name.description == name)
    #expect(world.collector.reports.count >= 2, "\(world.trace.text.prefix(9000))")
    let pulses = world.agent.link.counters.powerKeyPulses
    // The next process knows it at once: not one pulse more than a module that is named needs.
    world.restartProcess()
    try world.run(until: .start + .seconds(5 * 3600))
    #expect(world.collector.reports.count >= 4, "\(world.trace.text.suffix(6000))")
    #expect(world.agent.link.module.name.description == name)
    #expect(world.agent.link.counters.powerKeyPulses <= max(pulses, 4))
    #expect(world.trace.text.components("remembered: \(name) at ") == 1)
  }
}

extension String {
  /// How often `part` stands in it.
  fileprivate func components(_ part: String) -> Int {
    ranges(of: part).count
  }
}

import Agent
import Cellular
import Link
import ModemSimulator
import Modems
import Primitives
import Testing
import World

/// Most families don't tell why the network refuses them.
@Suite("A refusal without its cause") struct UntoldRefusalTests {
  static let names = [
    "quectel-bg95", "ublox-sara-r4", "ublox-sara-r5", "simcom-sim7080", "telit-me910",
    "sierra-hl78", "cinterion-exs82", "sequans-gm02s",
  ]

  private func plan(_ name: String) throws -> WorldPlan {
    var plan = WorldPlan(seed: 12)
    let profile = try #require(ModuleProfile.named(Array(name.utf8)))
    plan.personality = try #require(ModemPersonality.named(Array(name.utf8)))
    plan.stored = plan.personality.factorySettings
    plan.link = LinkSettings(module: profile, network: plan.link.network, hasStatusLine: true)
    if profile.socket?.wantsAddressForUDP == true { plan.asksForNames() }
    return plan
  }

  @Test("an access point that LTE refuses at the attach is stood in for", arguments: names)
  func accessPoint(name: String) throws {
    var plan = try plan(name)
    plan.agent.fallsBack = true
    plan.link.network.accessPoint = try AccessPoint(apn: #require(APN(Array("wrong".utf8))))
    plan.network.accessPointNames = [Array("emnify".utf8)]
    plan.network.hasDefaultAccessPoint = false
    let world = try World(plan)
    world.start()
    try world.run(until: .start + .seconds(24 * 3600))
    #expect(world.agent.learnt.apn?.bytes == Array("emnify".utf8))
    #expect(world.collector.reports.count > 2, "\(world.trace.text.suffix(4000))")
  }

  @Test("a card that takes another identity meanwhile is seen to do so", arguments: names)
  func identity(name: String) throws {
    var plan = try plan(name)
    plan.network.verdict = .rejects(cause: 15)
    let world = try World(plan)
    world.start()
    try world.run(until: .start + .seconds(240))
    world.rotateCard(imsi: Array("234500000000042".utf8))
    try world.run(until: .start + .seconds(420))
    #expect(world.collector.reports.isEmpty)
    #expect(world.trace.text.contains("another identity of it"), "\(world.trace.text.suffix(3000))")
  }
}

import Link
import ModemSimulator
import Primitives
import Testing
import World

@Suite("A modem that was left with its radio off") struct LeftRadioOffTests {
  @Test("is taken into the network again by the process that comes up next")
  func restarted() throws {
    var plan = WorldPlan(seed: 7, reportInterval: .seconds(600))
    plan.link.network.psm = nil
    plan.link.rest = .only(.radioOff)
    var world = try World(plan)
    world.start()
    try world.run(until: .start + .seconds(300))
    try #require(world.agent.link.state == .standby)
    let before = world.collector.reports.count
    world.restartProcess()
    try world.run(until: world.now + .seconds(900))
    #expect(world.collector.reports.count > before, "\(world.trace.text.suffix(3000))")
  }
}

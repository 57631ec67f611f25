import Link
import ModemSimulator
import Primitives
import Testing
import World

@Suite("A modem that was left with its radio off") struct LeftRadioOffTests {
  @Test(
    "is taken into the network again at once by the process that comes up next",
    arguments: [true, false])
  func restarted(hasStatus: Bool) throws {
    var plan = WorldPlan(seed: 7, reportInterval: .seconds(120))
    plan.link.network.psm = nil
    plan.link.rest = .only(.radioOff)
    plan.link.hasStatusLine = hasStatus
    let world = try World(plan)
    world.start()
    try world.run(until: .start + .seconds(100))
    try #require(world.agent.link.state == .standby)
    let before = world.collector.reports.count
    world.restartProcess()
    // Long before a search would be given up.
    try world.run(until: world.now + .seconds(180))
    #expect(world.collector.reports.count > before, "\(world.trace.text.suffix(3000))")
  }
}

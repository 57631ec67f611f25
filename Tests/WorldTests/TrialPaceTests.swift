import Agent
import ModemSimulator
import Primitives
import Settings
import Testing
import World

/// Trials in a network that needn't be spared, as the desk's: the same, only shorter and oftener.
@Suite("Trials in a simulated network") struct TrialPaceTests {
  private typealias Bench = CommandBench

  private func plan() -> WorldPlan {
    var plan = Bench.plan()
    plan.network = .accelerated
    plan.network.accessPointNames = [Array("em".utf8), Array("right".utf8)]
    plan.network.names = WorldPlan(seed: 6).network.names
    plan.agent.obeysLimits = false
    plan.agent.trialTime = .seconds(30)
    return plan
  }

  @Test("a wrong APN is undone after three attempts that fit into the shorter time") func wrong()
    throws
  {
    var world = try Bench.world(plan())
    world.deliver(message: Bench.signed("set apn=wrong", counter: 1), at: Bench.hours(0.5))
    try world.run(until: Bench.hours(1) + .seconds(30))
    #expect(Bench.storedAPN(world) == "wrong")
    try world.run(until: Bench.hours(1) + .seconds(240))
    #expect(Bench.storedAPN(world) == "em", "\(world.trace.text.suffix(6000))")
    #expect(
      Bench.answers(world) == ["world-1 undone apn=wrong: no report went through them in time"])
  }

  @Test("more of them may be begun in a day than where the network has to be spared") func often()
    throws
  {
    var world = try Bench.world(plan())
    let count = Int(CommandLimits.trialsPerDay) + 2
    for number in 1...count {
      let command = "set apn=\(number % 2 == 1 ? "right" : "em")"
      world.deliver(
        message: Bench.signed(command, counter: UInt64(number)),
        at: Bench.hours(Double(number) - 0.5))
    }
    try world.run(until: Bench.hours(Double(count) + 0.5))
    #expect(Bench.answers(world).count == count)
    #expect(Bench.answers(world).allSatisfy { $0.hasPrefix("world-1 ok apn=") })
    #expect(Bench.storedAPN(world) == "em")
  }
}

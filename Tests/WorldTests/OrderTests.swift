import Agent
import ModemSimulator
import Primitives
import Settings
import Testing
import World

/// Restarts and reports that are asked for. Not covered: the other limits of a day (AbuseTests).
@Suite("Restarts and reports that are asked for") struct OrderTests {
  private typealias Bench = CommandBench

  private func hours(_ count: Double) -> Instant { Bench.hours(count) }

  private func plan() -> WorldPlan {
    Bench.plan(
      sms: "[dialect concox]\nenabled = yes\nsenders = 1234\npassword = 74213\n")
  }

  private func count(_ text: String, in world: World) -> Int {
    world.trace.text.split(separator: "\n").count { $0.contains(text) }
  }

  @Test("the same text again and again restarts the device so often a day, and no more")
  func replayed() throws {
    let world = try Bench.world(plan())
    for number in 0..<40 {
      world.deliver(message: Bench.tpdu("RESET,74213#"), at: hours(0.25 + 0.5 * Double(number)))
    }
    try world.run(until: hours(21))
    #expect(count("as was asked for", in: world) == Int(CommandLimits.ordersPerDay))
    #expect(count("too many restarts and reports today", in: world) > 0)
    world.deliver(message: Bench.tpdu("RESET,74213#"), at: hours(26.5))
    try world.run(until: hours(28))
    #expect(count("as was asked for", in: world) == Int(CommandLimits.ordersPerDay) + 1)
  }

  @Test("changes without a trial, reports and restarts are one count, whoever signs them")
  func together() throws {
    let world = try Bench.world(plan())
    var counter: UInt64 = 0
    for round in 0..<5 {
      let interval = round % 2 == 0 ? "30min" : "20min"
      for command in ["set interval=\(interval)", "report now", "reboot"] {
        counter += 1
        world.deliver(
          message: Bench.signed(command, counter: counter),
          at: hours(0.5 + Double(counter)))
      }
    }
    try world.run(until: hours(18))
    let spent = try #require(world.kept(.counters).flatMap { CommandLedger(kept: $0) })
    #expect(spent.orders == CommandLimits.ordersPerDay)
    #expect(count("too many restarts and reports today", in: world) == 3)
    #expect(Bench.answers(world).count { $0.contains("too many restarts and reports") } == 3)
    #expect(Bench.heldSettings(world) == [try SettingChange(.interval, Array("20min".utf8))])
  }

  @Test("where limits are off there may be more") func unlimited() throws {
    var plan = plan()
    plan.agent.obeysLimits = false
    let world = try Bench.world(plan)
    for number in 0..<14 {
      world.deliver(message: Bench.tpdu("RESET,74213#"), at: hours(0.5 + Double(number)))
    }
    try world.run(until: hours(16))
    #expect(count("as was asked for", in: world) == 14)
  }

  @Test("a dialect's interval is 7 days at most; a signed one may be longer")
  func intervals() throws {
    let world = try Bench.world(plan())
    world.deliver(message: Bench.tpdu("TIMER,74213,2592000#"), at: hours(0.5))
    try world.run(until: hours(1.5))
    #expect(world.kept(.settings) == nil)
    world.deliver(message: Bench.tpdu("TIMER,74213,604800#"), at: hours(1.6))
    try world.run(until: hours(2.5))
    #expect(Bench.heldSettings(world) == [try SettingChange(.interval, Array("7d".utf8))])
    let signed = try Bench.world(plan())
    signed.deliver(message: Bench.signed("set interval=30d", counter: 1), at: hours(0.5))
    try signed.run(until: hours(1.5))
    #expect(Bench.heldSettings(signed) == [try SettingChange(.interval, Array("30d".utf8))])
  }
}

import Primitives
import Telemetry
import Testing
import World

/// Noise over the whole UART in both directions: commands, answers, reports and confirmations. Not
/// covered: QEMU's UART (`godwit-bench hil`, scenario 5), wrong baud rates, flow control.
@Suite("A bad UART line") struct BadLineTests {
  /// What one reading must arrive as.
  private static func reading(_ number: Int64) -> CollectedReading {
    CollectedReading(
      name: "numbered", value: "\(number * 7919)", unit: "s",
      time: .utc(milliseconds: 1_798_761_600_000 + number * 1001))
  }

  private static func handed(_ number: Int64) throws -> Reading {
    Reading(
      name: try #require(ReadingName(Array("numbered".utf8))),
      value: DecimalNumber(number * 7919), unit: ReadingUnit(Array("s".utf8)),
      time: .utc(UTC(millisecondsSince1970: 1_798_761_600_000 + number * 1001)))
  }

  private static func world(seed: UInt64) throws -> World {
    var plan = WorldPlan(seed: seed, reportInterval: .seconds(60))
    plan.agent.sensors = []
    plan.agent.retryAfter = [.seconds(20), .seconds(40)]
    plan.agent.obeysLimits = false
    plan.hasBadLine = true
    let world = try World(plan)
    var random = SeededRandom(seed: seed)
    for number in 1...300 as ClosedRange<Int64> {
      let moment = Instant.start + .milliseconds(2000 + Int64(random.next(below: 7_000_000)))
      world.put(try handed(number), at: moment)
    }
    world.start()
    try world.run(until: .start + .seconds(7200))
    return world
  }

  @Test(
    "everything acknowledged arrives, none twice, and no wrong value is ever accepted",
    arguments: 0..<16 as Range<UInt64>)
  func nothingWrong(seed: UInt64) throws {
    let world = try Self.world(seed: seed)
    world.endFaults()
    try world.run(until: world.now + .seconds(7200))
    #expect(world.acknowledged.count == 300, "seed \(seed)")
    let arrived = world.collector.reports.flatMap(\.readings)
    #expect(arrived.count == 300, "seed \(seed)")
    let numbers = (1...300 as ClosedRange<Int64>)
    for number in numbers where !arrived.contains(Self.reading(number)) {
      Issue.record("seed \(seed): reading \(number) didn't arrive as it was handed in")
    }
    #expect(Set(world.collector.reports.map(\.device)) == ["world-1"], "seed \(seed)")
    let counts = try #require(world.status().store)
    #expect(counts.setAside == 0 && counts.lost == 0, "seed \(seed)")
  }

  @Test("it does hit reports, answers and commands, and reports get through all the same")
  func hits() throws {
    var (damaged, refused, reports) = (0, 0, 0)
    for seed in 0..<4 as Range<UInt64> {
      let world = try Self.world(seed: seed)
      damaged += world.collector.counts.damaged
      refused += world.collector.counts.refused
      reports += world.collector.counts.reports
      #expect(world.lineHits > 100, "seed \(seed)")
    }
    #expect(damaged > 10)
    #expect(refused == 0)
    #expect(reports > 8)
  }
}

import Link
import ModemSimulator
import Primitives
import Testing
import World

/// Boards without a clock of their own, and the time that the network tells. Not covered: setting
/// the machine's clock (BoardTests).
@Suite("The time of day") struct ClockTests {
  /// The device's clock at the start: 1970, 1980 and 2080.
  static let clocks: [Int64] = [0, 315_964_800_000, 3_471_292_800_000]

  @Test(
    "readings bear the network's time wherever the device's own clock stands, the first too",
    arguments: clocks, [0, 8, -20])
  func stamps(clock: Int64, zoneQuarters: Int64) throws {
    var plan = WorldPlan(seed: 31)
    plan.utcAtStart = UTC(millisecondsSince1970: clock)
    let truth = try #require(plan.network.time).utc
    plan.network.time?.zoneQuarters = Int(zoneQuarters)
    let world = try World(plan)
    world.start()
    try world.run(until: .start + .seconds(5 * 3600))
    #expect(world.collector.reports.count == 5)
    for (hour, report) in world.collector.reports.enumerated() {
      let taken = truth + World.boardBoot + .seconds(3600 * Int64(hour))
      for reading in report.readings {
        guard case .utc(let milliseconds) = reading.time else {
          Issue.record("clock \(clock): \(reading.time) in report \(hour)")
          continue
        }
        let error = abs(milliseconds - taken.millisecondsSince1970)
        #expect(error <= 2000, "clock \(clock), zone \(zoneQuarters), report \(hour)")
      }
      // The schedule runs on the clock that never jumps: from wake to report within half a minute.
      let late = report.firstSeen - (.start + World.boardBoot + .seconds(3600 * Int64(hour)))
      #expect(late >= .zero && late < .seconds(30), "clock \(clock), report \(hour)")
    }
    #expect(Int64(world.modem.counters.flashWrites) == flashWritesWithoutClock)
  }

  /// Asking for the time writes nothing: as many writes as without any network time at all.
  private let flashWritesWithoutClock: Int64 = {
    var plan = WorldPlan(seed: 31)
    plan.network.time = nil
    guard let world = try? World(plan) else { return -1 }
    world.start()
    try? world.run(until: .start + .seconds(5 * 3600))
    return Int64(world.modem.counters.flashWrites)
  }()

  @Test("a network that tells no time: readings go all the same, relative to their sending")
  func none() throws {
    var plan = WorldPlan(seed: 32)
    plan.utcAtStart = UTC(millisecondsSince1970: 0)
    plan.network.time = nil
    let world = try World(plan)
    world.start()
    try world.run(until: .start + .seconds(3 * 3600))
    #expect(world.collector.reports.count == 3)
    for report in world.collector.reports {
      for reading in report.readings {
        guard case .beforeSending(let milliseconds) = reading.time else {
          Issue.record("\(reading.time)")
          continue
        }
        #expect((0..<60_000).contains(milliseconds))
      }
    }
  }

  @Test("each change of the modem's state is one event, with what caused it") func events() throws {
    let world = try World(WorldPlan(seed: 33))
    world.start()
    try world.run(until: .start + .seconds(4 * 3600))
    let states = world.trace.text.split(separator: "\n").filter { $0.contains(" log modem: ") }
    #expect(states.count > 20)
    for (first, second) in zip(states, states.dropFirst()) {
      let (before, after) = (state(first), state(second))
      #expect(before != after, "\(first) then \(second)")
    }
    #expect(
      states.contains { $0.contains("asleep: in power saving mode, as the modem said [commands ") })
  }

  private func state(_ line: Substring) -> Substring {
    line.split(separator: ":")[1]
  }
}

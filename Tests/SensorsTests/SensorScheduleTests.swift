import Primitives
import Sensors
import Testing

@Suite("The sensors' schedule") struct SensorScheduleTests {
  @Test("reads on the grid of the reports, from the first point on it") func grid() {
    var schedule = SensorSchedule(
      intervals: seconds(60, 300, 90), alignedTo: at(1000), now: at(100))
    #expect(
      run(&schedule, until: at(820)) == [
        "100: 0 1 2", "160: 0", "190: 2", "220: 0", "280: 0 2", "340: 0", "370: 2",
        "400: 0 1", "460: 0 2", "520: 0", "550: 2", "580: 0", "640: 0 2", "700: 0 1", "730: 2",
        "760: 0", "820: 0 2",
      ])
  }

  @Test("waits for the first point where it begins between two") func firstPoint() {
    var schedule = SensorSchedule(intervals: seconds(60), alignedTo: at(30), now: at(31))
    #expect(schedule.deadline == at(90))
    #expect(schedule.takeDue(now: .milliseconds(89_999)) == [])
    #expect(schedule.takeDue(now: at(90)) == [0])
    #expect(schedule.takeDue(now: at(90)) == [])
    #expect(schedule.deadline == at(150))
  }

  @Test("takes together what is due within a second, and nothing twice for it") func window() {
    var schedule = SensorSchedule(
      intervals: [.milliseconds(10_000), .milliseconds(10_900), .milliseconds(11_100)],
      alignedTo: .start, now: .milliseconds(1))
    #expect(schedule.takeDue(now: at(10)) == [0, 1])
    #expect(schedule.deadline == .milliseconds(11_100))
    #expect(schedule.takeDue(now: .milliseconds(11_100)) == [2])
    #expect(schedule.deadline == at(20))
  }

  @Test("reads a fast sensor at each of its times") func fast() {
    var schedule = SensorSchedule(intervals: seconds(1, 2), alignedTo: .start, now: .start)
    #expect(run(&schedule, until: at(4)) == ["0: 0 1", "1: 0", "2: 0 1", "3: 0", "4: 0 1"])
  }

  @Test("takes once what was missed in a sleep, and is on the grid again") func sleep() {
    var schedule = SensorSchedule(intervals: seconds(10, 3600), alignedTo: .start, now: .start)
    #expect(schedule.takeDue(now: at(0)) == [0, 1])
    #expect(schedule.takeDue(now: at(5003)) == [0, 1])
    #expect(schedule.takeDue(now: at(5003)) == [])
    #expect(schedule.deadline == at(5010))
    #expect(schedule.takeDue(now: at(5010)) == [0])
    #expect(run(&schedule, until: at(7200)).last == "7200: 0 1")
  }

  @Test("follows the reports to another time without reading early or losing what is due")
  func align() {
    var schedule = SensorSchedule(intervals: seconds(60, 30), alignedTo: .start, now: .start)
    #expect(schedule.takeDue(now: at(0)) == [0, 1])
    schedule.align(to: at(47), now: at(20))
    #expect(schedule.deadline == at(47))
    #expect(schedule.takeDue(now: at(47)) == [0, 1])
    schedule.align(to: at(85), now: at(80))  // The second has been due since 77.
    #expect(schedule.takeDue(now: at(80)) == [1])
    #expect(schedule.takeDue(now: at(85)) == [0])
  }

  @Test("has no deadline without sensors") func empty() {
    var schedule = SensorSchedule(intervals: [], alignedTo: .start, now: .start)
    #expect(schedule.deadline == nil)
    #expect(schedule.takeDue(now: at(10)) == [])
  }

  @Test("never reads a sensor twice within three quarters of its interval, each seed")
  func spacing() throws {
    for seed: UInt64 in 0..<100 {
      var random = SeededRandom(seed: seed)
      let intervals = (0..<5).map { _ in
        Duration.milliseconds(Int64(1 + random.next(below: 60)) * 500)
      }
      var schedule = SensorSchedule(
        intervals: intervals, alignedTo: .milliseconds(Int64(random.next(below: 100_000))),
        now: .start)
      var last = [Instant?](repeating: nil, count: 5)
      for _ in 0..<200 {
        let due = try #require(schedule.deadline)
        let now = due + .milliseconds(Int64(random.next(below: 3)) * 10)
        let taken = schedule.takeDue(now: now)
        #expect(!taken.isEmpty, "seed \(seed)")
        for index in taken {
          if let before = last[index] {
            #expect(now - before >= intervals[index] / 4 * 3 - .milliseconds(20), "seed \(seed)")
          }
          last[index] = now
        }
        #expect(try #require(schedule.deadline) > now, "seed \(seed)")
      }
    }
  }

  private func run(_ schedule: inout SensorSchedule, until end: Instant) -> [String] {
    var lines: [String] = []
    while let now = schedule.deadline, now <= end {
      let taken = schedule.takeDue(now: now).map { " \($0)" }.joined()
      lines.append("\(now.sinceStart.wholeSeconds):\(taken)")
    }
    return lines
  }

  private func seconds(_ counts: Int64...) -> [Duration] { counts.map { .seconds($0) } }
  private func at(_ seconds: Int64) -> Instant { .milliseconds(seconds * 1000) }
}

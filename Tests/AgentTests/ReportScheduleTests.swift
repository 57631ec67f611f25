import Agent
import Primitives
import Testing

@Suite("Report schedule") struct ReportScheduleTests {
  @Test("is due at once, then at every whole interval, never a moment early") func intervals() {
    var schedule = ReportSchedule(interval: .seconds(300))
    #expect(schedule.next == nil)
    #expect(!take(&schedule, now: .milliseconds(5)))
    schedule.begin(at: .milliseconds(1000))
    #expect(take(&schedule, now: .milliseconds(1000)))
    #expect(schedule.next == .milliseconds(301_000))
    #expect(!take(&schedule, now: .milliseconds(300_999)))
    #expect(take(&schedule, now: .milliseconds(301_000)))
  }

  @Test("makes up for any number of missed reports with one") func missed() {
    var schedule = ReportSchedule(interval: .seconds(10))
    schedule.begin(at: .start)
    #expect(take(&schedule, now: .milliseconds(86_404_000)))
    #expect(schedule.next == .milliseconds(86_410_000))
    #expect(!take(&schedule, now: .milliseconds(86_409_999)))
  }

  @Test("a report that is made anyway covers what fell due") func skipped() {
    var schedule = ReportSchedule(interval: .seconds(10))
    schedule.begin(at: .start)
    schedule.skipPast(.milliseconds(25_000))
    #expect(schedule.next == .milliseconds(30_000))
    schedule.skipPast(.milliseconds(29_999))
    #expect(schedule.next == .milliseconds(30_000))
  }
}

private func take(_ schedule: inout ReportSchedule, now: Instant) -> Bool {
  schedule.takeDue(now: now)
}

@Suite("Back-off") struct BackOffTests {
  @Test("climbs its steps, stays on the last, within 20 % of each") func steps() {
    let steps: [Duration] = [.seconds(60), .seconds(300), .seconds(900)]
    for seed in 0..<200 as Range<UInt64> {
      let backOff = BackOff(steps: steps, seed: seed)
      for failures in 1...6 {
        let step = steps[min(failures, 3) - 1]
        let wait = backOff.wait(after: failures)
        #expect(wait >= step * 0.8 && wait <= step * 1.2, "seed \(seed), failure \(failures)")
      }
    }
  }

  @Test("is 1, 5, 15, 30, 60 min and then 2 to 24 h where nothing else is configured")
  func standard() {
    let minutes: [Int64] = [1, 5, 15, 30, 60, 120, 240, 480, 720, 1440]
    #expect(BackOff.standardSteps == minutes.map { .seconds($0 * 60) })
  }

  @Test("two devices don't wait alike, one device does after each restart") func spread() {
    func wait(_ seed: UInt64) -> Duration {
      BackOff(steps: [.seconds(3600)], seed: seed).wait(after: 3)
    }
    #expect(Set((0..<50 as Range<UInt64>).map(wait)).count > 10)
    #expect(wait(7) == wait(7))
  }
}

import Cellular
import Modems
import Primitives
import Testing

@testable import Link

/// What the link learns of rests, and forgets again.
@Suite("What rests teach") struct RestLearningTests {
  private func at(_ minutes: Int64) -> Instant { .start + .seconds(minutes * 60) }

  @Test("the median of the last three, the lesser of two, and nothing after a day")
  func median() {
    var times = RecentTimes()
    func typical(_ minutes: Int64, interval: Int64 = 60) -> Int64? {
      times.typical(interval: .seconds(interval * 60), now: at(minutes))?.wholeSeconds
    }
    #expect(typical(0) == nil)
    times.note(.seconds(40), now: at(0))
    #expect(typical(1) == 40)
    times.note(.seconds(2), now: at(60))
    #expect(typical(61) == 2)
    times.note(.seconds(4), now: at(120))
    #expect(typical(121) == 4)
    times.note(.seconds(60), now: at(180))
    #expect(typical(181) == 4)
    #expect(typical(120 + 1439) == 4)
    #expect(typical(120 + 1440) == 60)
    #expect(typical(180 + 1440) == nil)
    // Where reports come once a day, a day would be too soon.
    #expect(typical(120 + 8 * 1440, interval: 1440) == 60)
    #expect(typical(180 + 8 * 1440, interval: 1440) == nil)
  }

  private func report(_ bench: inout Bench, sleeps: Bool = false) {
    bench.events = []
    bench.give(.connect(Bench.target))
    if sleeps {
      bench.run { $0.link.state == .draining }
      bench.now = bench.now + .seconds(12)
      bench.modem.fallAsleep(now: bench.now)
    }
    bench.run { $0.isOver }
    bench.now = bench.now + .seconds(300)
  }

  private func obstacle(_ bench: Bench) -> RestObstacle? {
    bench.link.restPlan?.candidates.first { $0.rest == .psm }?.obstacle
  }

  @Test("PSM that isn't entered is waited for three times, and then once a day")
  func missed() {
    var bench = Bench()
    bench.give(.statusLine(isOn: false))
    bench.give(.start)
    for number in 1...3 as ClosedRange<Int64> {
      report(&bench)
      #expect(bench.link.counters.missedSleeps == number)
    }
    #expect(obstacle(bench) == nil)
    for _ in 0..<3 {
      report(&bench)
      #expect(bench.link.counters.missedSleeps == 3)
      #expect(bench.events.last == .asleep(.poweredOff))
    }
    #expect(obstacle(bench) == .missed)
    #expect(bench.link.restPlan?.text.contains("PSM") == true)
    #expect(bench.link.restPlan?.text.contains("granted, and not entered lately") == true)
    bench.now = bench.now + .seconds(86_400)
    report(&bench)
    #expect(bench.link.counters.missedSleeps == 4)
    report(&bench)
    #expect(bench.link.counters.missedSleeps == 4)
    // Once it sleeps, all is forgotten.
    bench.now = bench.now + .seconds(86_400)
    report(&bench, sleeps: true)
    #expect(bench.events.last == .asleep(.psmURC))
    report(&bench)
    report(&bench)
    #expect(bench.link.counters.missedSleeps == 6)
  }
}

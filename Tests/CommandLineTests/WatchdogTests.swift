import Primitives
import Telemetry
import Testing

@testable import godwit

@Suite("The service manager's watchdog") struct WatchdogTests {
  private func at(_ seconds: Int64) -> Instant { .milliseconds(seconds * 1000) }

  @Test("without one there is no wake, and nothing is told") func none() {
    var watchdog = Watchdog(limit: nil, now: at(0))
    #expect(watchdog.deadline == nil)
    #expect(!tell(&watchdog, at(100_000), due: nil))
  }

  @Test("a sleeping device wakes for it at half the limit, and only then") func asleep() {
    var watchdog = Watchdog(limit: .seconds(900), now: at(0))
    #expect(watchdog.deadline == at(450))
    #expect(tell(&watchdog, at(450), due: at(3600)))
    #expect(watchdog.deadline == at(900))
  }

  @Test("a wake that comes anyway tells it from a quarter of the limit on") func awake() {
    var watchdog = Watchdog(limit: .seconds(900), now: at(0))
    #expect(!tell(&watchdog, at(224), due: at(300)))
    #expect(watchdog.deadline == at(450))
    #expect(tell(&watchdog, at(225), due: at(300)))
    #expect(watchdog.deadline == at(675))
  }

  @Test("a process that leaves due work undone goes silent") func stuck() {
    var watchdog = Watchdog(limit: .seconds(900), now: at(0))
    for second in stride(from: Int64(1), to: 2000, by: 7) {
      #expect(!tell(&watchdog, at(second), due: at(second)))
    }
    #expect(tell(&watchdog, at(2000), due: at(2001)))
  }

  private func tell(_ watchdog: inout Watchdog, _ now: Instant, due: Instant?) -> Bool {
    watchdog.isToBeTold(now: now, due: due)
  }
}

@Suite("A line of the log") struct LogLineTests {
  @Test(
    "begins with the time of day, or with seconds since boot",
    arguments: [
      (ReadingTime.utc(UTC(millisecondsSince1970: 82_127_900)), "22:48:47 modem: online"),
      (.sinceBoot(.milliseconds(4_512_399)), "+4512.3 s modem: online"),
      (.sinceBoot(.milliseconds(99)), "+0.0 s modem: online"), (.unknown, "? modem: online"),
    ])
  func stamp(time: ReadingTime, line: String) {
    let event = Event(time: time, subject: Array("modem".utf8), text: Array("online".utf8))
    #expect(String(decoding: event.logLine, as: UTF8.self) == line)
  }
}

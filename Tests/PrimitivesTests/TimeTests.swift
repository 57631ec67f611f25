import Primitives
import Testing

@Suite("Times") struct TimeTests {
  @Test(
    "civil time is right on both sides of leap days and of 1970",
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"),
      (4_107_542_400, "2100-03-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
      (2_147_483_648, "2038-01-19T03:14:08Z"), (1_795_386_527, "2026-11-22T22:28:47Z"),
    ])
  func civil(seconds: Int64, text: String) {
    #expect(UTC(millisecondsSince1970: seconds * 1000).text == text)
  }

  @Test("a date goes there and back for every day of 400 years") func roundTrip() {
    var days: Int64 = 0
    for year in 1970...2370 {
      for month in 1...12 {
        for day in 1...31 {
          guard let utc = UTC(year: year, month: month, day: day) else { continue }
          guard utc.millisecondsSince1970 == days * 86_400_000 else {
            Issue.record("\(year)-\(month)-\(day) is \(utc.text)")
            return
          }
          days += 1
        }
      }
    }
    #expect(days == 146_462)
  }

  @Test("impossible dates are refused") func impossible() {
    #expect(UTC(year: 2023, month: 2, day: 29) == nil)
    #expect(UTC(year: 2024, month: 13, day: 1) == nil)
    #expect(UTC(year: 2024, month: 1, day: 1, hour: 24) == nil)
  }

  @Test(
    "durations read like a person says them",
    arguments: [
      (850, "850 ms"), (2500, "2.5 s"), (300_000, "5 min"), (5_400_000, "1 h 30 min"),
      (-1500, "-1.5 s"), (183_600_000, "2 d 3 h"),
    ])
  func spoken(milliseconds: Int64, text: String) {
    #expect(Duration.milliseconds(milliseconds).text == text)
  }
}

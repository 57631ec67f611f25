/// A point in civil time, in milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
public struct UTC: Comparable, Hashable, Sendable {
  public var millisecondsSince1970: Int64

  public init(millisecondsSince1970: Int64) { self.millisecondsSince1970 = millisecondsSince1970 }

  /// A civil date and time on the proleptic Gregorian calendar.
  ///
  /// - Returns: nil when a field is out of its range (month 1...12, day of that month, hour 0...23,
  ///   minute 0...59, second 0...60, year 1...9999). Second 60 counts as the next minute's first.
  public init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
    guard (1...9999).contains(year), (1...12).contains(month),
      (1...Self.days(inMonth: month, of: year)).contains(day), (0...23).contains(hour),
      (0...59).contains(minute), (0...60).contains(second)
    else { return nil }
    let days = Self.daysSince1970(year: year, month: month, day: day)
    let seconds = days * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    millisecondsSince1970 = seconds * 1000
  }

  public static func < (a: UTC, b: UTC) -> Bool {
    a.millisecondsSince1970 < b.millisecondsSince1970
  }
  public static func + (a: UTC, span: Duration) -> UTC {
    UTC(millisecondsSince1970: a.millisecondsSince1970 + span.wholeMilliseconds)
  }
  public static func - (a: UTC, b: UTC) -> Duration {
    .milliseconds(a.millisecondsSince1970 - b.millisecondsSince1970)
  }

  /// `2026-11-22T22:28:47Z` (RFC 3339), to the second.
  public var text: String {
    let (year, month, day, second) = civil
    let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    return "\(date)T\(clock(second))Z"
  }

  /// `22:28:47`, for a screen or a log whose day is known.
  public var timeOfDay: String { clock(civil.second) }

  private var civil: (year: Int, month: Int, day: Int, second: Int) {
    let seconds = millisecondsSince1970.flooringDivide(by: 1000)
    let days = seconds.flooringDivide(by: 86_400)
    let date = Self.date(daysSince1970: days)
    return (date.year, date.month, date.day, Int(seconds - days * 86_400))
  }

  private func clock(_ second: Int) -> String {
    "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
  }

  private func padded(_ value: Int, _ width: Int) -> String {
    var text = "\(value)"
    while text.utf8.count < width { text = "0" + text }
    return text
  }

  // Both directions count in 400-year cycles of 146,097 days, from 1 March, so that the leap day
  // is the last of its year.
  private static func daysSince1970(year: Int, month: Int, day: Int) -> Int64 {
    let shifted = Int64(month <= 2 ? year - 1 : year)
    let cycle = shifted.flooringDivide(by: 400)
    let yearOfCycle = shifted - cycle * 400
    let dayOfYear = Int64((153 * ((month + 9) % 12) + 2) / 5 + day - 1)
    let dayOfCycle = yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear
    return cycle * 146_097 + dayOfCycle - 719_468
  }

  private static func date(daysSince1970 days: Int64) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let cycle = shifted.flooringDivide(by: 146_097)
    let dayOfCycle = shifted - cycle * 146_097
    let leaps = dayOfCycle / 1460 - dayOfCycle / 36_524 + dayOfCycle / 146_096
    let yearOfCycle = (dayOfCycle - leaps) / 365
    let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    let month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
    return (Int(yearOfCycle + cycle * 400) + (month <= 2 ? 1 : 0), month, day)
  }

  private static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

extension Int64 {
  /// The quotient rounded towards minus infinity; `divisor` is positive.
  fileprivate func flooringDivide(by divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}

/// A point on a clock that never jumps. No room reads that clock: every call is handed `now`.
///
/// On a board it is the kernel's boot-time clock, which goes on counting through suspend
/// (clock_gettime(2), `CLOCK_BOOTTIME`); in tests and simulations it is virtual.
public struct Instant: Comparable, Hashable, Sendable {
  /// Time since an arbitrary start, so a value means nothing by itself.
  public var sinceStart: Duration

  public init(sinceStart: Duration) { self.sinceStart = sinceStart }

  /// The point that lies `count` milliseconds after the clock's start.
  public static func milliseconds(_ count: Int64) -> Instant {
    Instant(sinceStart: .milliseconds(count))
  }

  public static let start = Instant(sinceStart: .zero)

  /// Whole milliseconds since the clock's start, rounded down.
  public var milliseconds: Int64 { sinceStart.wholeMilliseconds }

  public static func < (a: Instant, b: Instant) -> Bool { a.sinceStart < b.sinceStart }
  public static func + (a: Instant, span: Duration) -> Instant {
    Instant(sinceStart: a.sinceStart + span)
  }
  public static func - (a: Instant, b: Instant) -> Duration { a.sinceStart - b.sinceStart }
}

/// The earlier of two deadlines, where nil means "none".
public func earlier(_ a: Instant?, _ b: Instant?) -> Instant? {
  guard let a else { return b }
  guard let b else { return a }
  return min(a, b)
}

extension Duration {
  /// Milliseconds, rounded towards minus infinity. Saturates beyond ±292 million years.
  public var wholeMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    let part = attoseconds / 1_000_000_000_000_000
    let floored = attoseconds % 1_000_000_000_000_000 < 0 ? part - 1 : part
    let (product, overflowed) = seconds.multipliedReportingOverflow(by: 1000)
    if overflowed { return seconds < 0 ? .min : .max }
    let (sum, carried) = product.addingReportingOverflow(floored)
    return carried ? (seconds < 0 ? .min : .max) : sum
  }

  /// Seconds, rounded towards minus infinity.
  public var wholeSeconds: Int64 {
    let (seconds, attoseconds) = components
    return attoseconds < 0 ? seconds - 1 : seconds
  }

  /// For people: `850 ms`, `2.5 s`, `5 min`, `1 h 30 min`, `2 d 3 h`. The two largest units only.
  public var text: String {
    let milliseconds = wholeMilliseconds
    if milliseconds < 0 { return "-" + (.zero - self).text }
    if milliseconds < 1000 { return "\(milliseconds) ms" }
    let seconds = milliseconds / 1000
    if seconds < 60 {
      let tenths = milliseconds % 1000 / 100
      return tenths == 0 ? "\(seconds) s" : "\(seconds).\(tenths) s"
    }
    if seconds < 3600 { return Self.pair(seconds / 60, "min", seconds % 60, "s") }
    if seconds < 86_400 { return Self.pair(seconds / 3600, "h", seconds % 3600 / 60, "min") }
    return Self.pair(seconds / 86_400, "d", seconds % 86_400 / 3600, "h")
  }

  private static func pair(_ large: Int64, _ unit: String, _ small: Int64, _ sub: String) -> String
  {
    small == 0 ? "\(large) \(unit)" : "\(large) \(unit) \(small) \(sub)"
  }
}

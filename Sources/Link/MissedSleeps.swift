import Primitives

/// Times in power saving mode that was granted, waited for, and not entered. After some in a row it
/// isn't waited for any more, but once a day.
struct MissedSleeps: Sendable {
  static var limit: Int { 3 }
  static var pause: Duration { .seconds(86_400) }

  private var inRow = 0
  private var lastAt: Instant?

  mutating func missed(now: Instant) {
    inRow = min(inRow + 1, Self.limit)
    lastAt = now
  }

  mutating func slept() { inRow = 0 }

  func areTooMany(now: Instant) -> Bool {
    guard inRow >= Self.limit, let lastAt else { return false }
    return now < lastAt + Self.pause
  }
}

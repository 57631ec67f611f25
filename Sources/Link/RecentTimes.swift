import Primitives

/// What was measured lately: one that is out of line doesn't decide, and none does for ever. The
/// rest that isn't chosen isn't measured either, so what speaks against it is forgotten in time.
struct RecentTimes: Sendable {
  static var count: Int { 3 }
  /// At least; where reports are seldom, for as long as so many of them take.
  static var validity: Duration { .seconds(86_400) }
  static var reports: Int { 8 }

  private var samples: [(at: Instant, time: Duration)] = []

  mutating func note(_ time: Duration, now: Instant) {
    samples.append((now, time))
    if samples.count > Self.count { samples.removeFirst() }
  }

  /// The median, and of two the lesser; nil where nothing is known any more.
  ///
  /// - Parameter interval: between two reports.
  func typical(interval: Duration, now: Instant) -> Duration? {
    let validity = max(Self.validity, interval * Self.reports)
    let times = samples.filter { now < $0.at + validity }.map { $0.time }.sorted()
    return times.isEmpty ? nil : times[(times.count - 1) / 2]
  }
}

import Primitives

/// When the service manager is told that the process is well (sd_watchdog_enabled(3)). Pure.
///
/// Told only by a process that has done all that was due and is about to wait: one that hangs in a
/// call, or that is kept busy by a deadline that never moves, goes silent and is started anew. It
/// is not told on every wake, which would be a system call each: a wake that comes anyway and finds
/// a quarter of the limit gone tells it; only where none comes, as on a sleeping device with far
/// deadlines, is there one at half the limit. Without a watchdog there is no wake at all.
struct Watchdog {
  private let limit: Duration?
  private var toldAt: Instant

  /// - Parameters:
  ///   - limit: within which the manager must hear something; nil for no watchdog.
  ///   - now: when it first counts from, the manager having been told that the process is ready.
  init(limit: Duration?, now: Instant) {
    self.limit = limit
    toldAt = now
  }

  /// When the process has to wake for the watchdog's sake; nil for never.
  var deadline: Instant? { limit.map { toldAt + $0 / 2 } }

  /// Whether to tell the manager now.
  ///
  /// - Parameter due: what the process waits for next. When that is past, work is left over.
  mutating func isToBeTold(now: Instant, due: Instant?) -> Bool {
    guard let limit, toldAt + limit / 4 <= now else { return false }
    if let due, due <= now { return false }
    toldAt = now
    return true
  }
}

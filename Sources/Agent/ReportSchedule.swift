import Primitives

/// When reports are due: at the start, then at whole intervals after it, on the clock that never
/// jumps. What was missed, through sleep or a long report, is made up by one report, not by many.
public struct ReportSchedule: Sendable {
  public let interval: Duration
  /// nil until the schedule has begun.
  public private(set) var next: Instant?

  /// - Parameter interval: above zero.
  public init(interval: Duration) {
    precondition(interval > .zero)
    self.interval = interval
  }

  public mutating func begin(at now: Instant) { next = now }

  /// Whether a report is due; if so the next one is at the first whole interval after `now`.
  public mutating func takeDue(now: Instant) -> Bool {
    guard let next, next <= now else { return false }
    skipPast(now)
    return true
  }

  /// A report is being made anyway: what fell due until `now` is covered by it.
  public mutating func skipPast(_ now: Instant) {
    guard let due = next, due <= now else { return }
    let step = interval.wholeMilliseconds
    let missed = (now - due).wholeMilliseconds / step
    next = due + .milliseconds((missed + 1) * step)
  }
}

import Primitives

/// When each of some sensors is to be read.
///
/// Each sensor is due at whole multiples of its interval before and after one common anchor, the
/// time of a report, so that readings coincide with reports and with each other, and a device that
/// sleeps is woken once for all. What was missed in a long sleep is taken once, not made up for.
public struct SensorSchedule: Equatable, Sendable {
  /// Sensors that are due within this time of each other are read together, the later ones early;
  /// but none earlier than a quarter of its interval.
  public static let window = Duration.seconds(1)

  private var entries: [Entry]

  private struct Entry: Equatable, Sendable {
    let interval: Duration
    var due: Instant

    /// How early it may be read.
    var slack: Duration { min(SensorSchedule.window, interval / 4) }
  }

  /// - Parameters:
  ///   - intervals: one for each sensor, whole milliseconds above 0.
  ///   - anchor: the time of a report, before or after `now`.
  ///   - now: none is due earlier.
  public init(intervals: [Duration], alignedTo anchor: Instant, now: Instant) {
    entries = intervals.map { interval in
      precondition(interval >= .milliseconds(1))
      return Entry(interval: interval, due: now)
    }
    align(to: anchor, now: now)
  }

  /// The next time at which a sensor is due; nil when there is none.
  public var deadline: Instant? { entries.map { $0.due }.min() }

  /// The sensors to be read now, by their places in `intervals`, each once. They are next due after
  /// `now`. Empty before `deadline`.
  public mutating func takeDue(now: Instant) -> [Int] {
    guard let deadline, deadline <= now else { return [] }
    var taken: [Int] = []
    for (index, entry) in entries.enumerated() where entry.due <= now + entry.slack {
      taken.append(index)
      entries[index].due =
        Self.multiple(of: entry.interval, from: entry.due, notAfter: now + entry.slack)
        + entry.interval
    }
    return taken
  }

  /// Shifts all sensors to another report time. None becomes due before `now`; one that is overdue
  /// stays so.
  public mutating func align(to anchor: Instant, now: Instant) {
    for (index, entry) in entries.enumerated() where entry.due >= now {
      let last = Self.multiple(of: entry.interval, from: anchor, notAfter: now)
      entries[index].due = last == now ? last : last + entry.interval
    }
  }

  /// The latest `anchor` + k × `interval`, for any whole k, that isn't after `time`.
  private static func multiple(
    of interval: Duration, from anchor: Instant, notAfter time: Instant
  ) -> Instant {
    let step = interval.wholeMilliseconds
    let span = (time - anchor).wholeMilliseconds
    let steps = span / step - (span % step < 0 ? 1 : 0)
    return anchor + .milliseconds(steps * step)
  }
}

import Primitives
import Telemetry

extension Spool {
  /// The most events that are kept; the oldest go first.
  public static let eventLimit: Int64 = 2000
  /// The most events that wait in memory. They are few, so a crash may cost them, not a write each.
  public static let pendingEventLimit = 64
  /// Longer texts of events are cut to this many bytes.
  public static let eventTextLimit = 256

  /// Adds a line to the event log. It is written with the next transaction, or in one of its own
  /// when `pendingEventLimit` wait.
  ///
  /// - Throws: only in the latter case; the event is kept then and the oldest that waits is dropped.
  public mutating func record(_ event: Event) throws(SpoolError) {
    pendingEvents.append(event)
    if pendingEvents.count < Self.pendingEventLimit { return }
    do throws(SpoolError) {
      try flushEvents()
    } catch {
      pendingEvents.removeFirst()
      throw error
    }
  }

  /// Writes the events that wait. To be called before the process ends.
  public mutating func flushEvents() throws(SpoolError) {
    if pendingEvents.isEmpty { return }
    try commit { () throws(SpoolError) in }
  }

  /// The newest events, oldest first, those that wait to be written included.
  public func events(last count: Int) throws(SpoolError) -> [Event] {
    let written = try database.events(last: Int64(max(0, count)), boot: state.boot)
    return Array((written + pendingEvents).suffix(max(0, count)))
  }

  /// The clock is right now: this boot's readings and events that have only a time since boot get
  /// their UTC, those of the batch under way too. Costs nothing when there are none.
  ///
  /// - Parameters:
  ///   - utc: civil time at the moment `now`.
  ///   - now: on the boot-time clock.
  public mutating func clockWasSet(_ utc: UTC, at now: Instant) throws(SpoolError) {
    let offset = utc.millisecondsSince1970 - now.milliseconds
    for (index, event) in pendingEvents.enumerated() {
      if case .sinceBoot(let taken) = event.time {
        pendingEvents[index].time = .utc(
          UTC(millisecondsSince1970: taken.milliseconds + offset))
      }
    }
    guard mayHaveUntimed else { return }
    let (database, boot) = (database, state.boot)
    try commit { () throws(SpoolError) in
      try database.giveUTC(.giveReadingsUTC, offsetMilliseconds: offset, boot: boot)
      try database.giveUTC(.giveEventsUTC, offsetMilliseconds: offset, boot: boot)
    }
    mayHaveUntimed = false
  }
}

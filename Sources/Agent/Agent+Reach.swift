import Primitives
import Telemetry

/// A device that listens to SMS is to be reached although it has nothing to report: the network hands
/// them over while the radio is connected, so from time to time it reports all the same.
extension Agent where S: ~Copyable {
  /// With a window as often as that is wanted, else with the reports; once a day at most.
  private var reachInterval: Duration {
    let wanted = plan.messageWindow > .zero ? plan.messageWindowInterval : plan.reportInterval
    return max(wanted, .seconds(86_400))
  }

  /// The messages have been listed, or nobody has had the time yet.
  mutating func wasReached(now: Instant) {
    reachDue = plan.listensToMessages ? now + reachInterval : nil
  }

  /// Whether it is time for a report with nothing to say; it is tried once, and then goes the way of
  /// every report.
  mutating func takeReachDue(now: Instant) -> Bool {
    guard let due = reachDue, due <= now else { return false }
    wasReached(now: now)
    return true
  }

  /// Something to report where nothing waits: that it was to report.
  mutating func storeReportReading(now: Instant) -> Bool {
    guard let name = ReadingName(Array("godwit/report")) else { return false }
    let reading = Reading(name: name, value: DecimalNumber(1), unit: nil, time: readingTime(now))
    do {
      try store.append([reading])
      return true
    } catch {
      record.storeFailures += 1
      return false
    }
  }
}

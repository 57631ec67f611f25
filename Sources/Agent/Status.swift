import Cellular
import Link
import Modems
import Primitives
import Telemetry

/// What `godwit status` shows: where the device stands, since when, why, and what comes next.
public struct Status: Sendable {
  public var device: DeviceName
  public var now: Instant
  public var utc: UTC?
  public var clockSource: WallClock.Source?
  public var linkState: LinkState
  public var linkCause: LinkCause
  public var phase: StaticString
  public var lastFailure: String?
  public var nextReport: Instant?
  public var record: ReportRecord
  public var link: LinkCounters
  public var store: StoreCounts?
}

extension Agent where S: ~Copyable {
  /// - Parameter now: the same clock as that of `handle`.
  public func status(now: Instant) -> Status {
    var status = Status(
      device: plan.device, now: now, utc: clock.utc(at: now), clockSource: clock.source,
      linkState: link.state, linkCause: record.linkCause, phase: "idle", lastFailure: nil,
      nextReport: schedule.next, record: record, link: link.counters, store: try? store.counts())
    switch cycle {
    case .idle: break
    case .connecting: status.phase = "connecting"
    case .exchanging: status.phase = "reporting"
    case .releasing: status.phase = "letting the modem sleep"
    case .waiting(let until, let cause):
      status.phase = "waiting to try again"
      status.lastFailure = cause.text
      status.nextReport = until
    }
    return status
  }
}

extension Status {
  /// One JSON object.
  public var json: [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.key("device")
    json.string(device.bytes)
    json.key("utc")
    if let utc { json.value(utc.text) } else { json.null() }
    json.key("state")
    json.value(linkState.text)
    json.key("cause")
    json.value(linkCause.text)
    json.key("phase")
    json.string(Array(phase))
    json.key("lastFailure")
    if let lastFailure { json.value(lastFailure) } else { json.null() }
    json.key("nextReportInMilliseconds")
    if let nextReport { json.value(untilNow(nextReport)) } else { json.null() }
    writeReports(&json)
    writeStore(&json)
    json.endObject()
    return json.bytes
  }

  /// The same for people: one line a subject.
  public var text: String {
    var lines = ["device    \(String(decoding: device.bytes, as: UTF8.self))"]
    if let utc {
      lines.append("clock     \(utc.text) (from the \(clockSource?.text ?? "unknown"))")
    } else {
      lines.append("clock     not known yet; readings are stamped once it is")
    }
    lines.append("modem     \(linkState.text): \(linkCause.text)")
    if let registration = record.registration {
      lines.append("network   \(Self.text(registration))")
    }
    lines.append("report    \(reportLine)")
    if let last = record.lastConfirmed {
      lines.append("confirmed \(last.batch.bytes.printable), \((now - last.at).text) ago")
    } else {
      lines.append("confirmed nothing yet since the start")
    }
    if let store {
      let held = "\(store.waiting) waiting, \(store.delivered) delivered"
      lines.append("readings  \(held), \(store.setAside) set aside, \(store.lost) lost")
    } else {
      lines.append("readings  the store can't be read: see the log")
    }
    return lines.reduce("") { $0 + $1 + "\n" }
  }

  private static func text(_ registration: Registration) -> String {
    var text = registration.status.text
    if let technology = registration.technology { text += " on " + technology.text }
    if let cause = registration.rejectCause { text += "; rejected: " + cause.text }
    guard let active = registration.activeTime?.duration else { return text + "; no PSM granted" }
    text += "; PSM granted with active time \(active.text)"
    if let update = registration.periodicTAU?.duration { text += ", update \(update.text)" }
    return text
  }

  private var reportLine: String {
    var line = String(phase)
    if let lastFailure { line += " after: \(lastFailure)" }
    if let nextReport { line += "; next in \(max(.zero, nextReport - now).text)" }
    return line
  }

  private func untilNow(_ moment: Instant) -> Int64 { max(0, (moment - now).wholeMilliseconds) }

  private func writeReports(_ json: inout JSONWriter) {
    json.key("reports")
    json.beginObject()
    json.key("attempts")
    json.value(record.attempts)
    json.key("confirmed")
    json.value(record.confirmed)
    json.key("failed")
    json.value(record.failed)
    json.key("refused")
    json.value(record.refused)
    json.key("lastConfirmed")
    if let last = record.lastConfirmed {
      json.beginObject()
      json.key("identity")
      json.value(last.batch.bytes.printable)
      json.key("millisecondsAgo")
      json.value((now - last.at).wholeMilliseconds)
      json.endObject()
    } else {
      json.null()
    }
    json.key("storeFailures")
    json.value(record.storeFailures)
    json.endObject()
  }

  private func writeStore(_ json: inout JSONWriter) {
    json.key("readings")
    guard let store else { return json.null() }
    json.beginObject()
    json.key("waiting")
    json.value(store.waiting)
    json.key("delivered")
    json.value(store.delivered)
    json.key("setAside")
    json.value(store.setAside)
    json.key("lost")
    json.value(store.lost)
    json.endObject()
  }
}

extension String {
  init(_ text: StaticString) { self = String(decoding: Array(text), as: UTF8.self) }
}

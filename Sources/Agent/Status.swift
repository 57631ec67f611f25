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
  /// The profile that the link goes by.
  public var profile: StaticString
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
      linkState: link.state, linkCause: record.linkCause,
      profile: link.module.name, phase: "idle", lastFailure: nil,
      nextReport: schedule.next, record: record, link: link.counters, store: try? store.counts())
    switch cycle {
    case .idle: break
    case .connecting: status.phase = "connecting"
    case .resolving: status.phase = "looking the server up"
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
    json.member("device", text: device.bytes)
    json.member("utc", utc?.text)
    json.member("state", linkState.text)
    json.member("cause", linkCause.text)
    json.member("phase", text: Array(phase))
    json.member("lastFailure", lastFailure)
    json.member("nextReportInMilliseconds", nextReport.map { max(0, ($0 - now).wholeMilliseconds) })
    json.member("reports", writeReports)
    if let store {
      json.member("readings") { writeReadings(store, &$0) }
    } else {
      json.key("readings")
      json.null()
    }
    json.member("modem", writeModem)
    json.member("network", writeNetwork)
    json.member("messages") {
      $0.member("received", record.messagesReceived)
      $0.member("refused", record.messagesRefused)
    }
    json.endObject()
    return json.bytes
  }

  private func writeReports(_ json: inout JSONWriter) {
    json.member("attempts", record.attempts)
    json.member("confirmed", record.confirmed)
    json.member("failed", record.failed)
    json.member("refused", record.refused)
    if let last = record.lastConfirmed {
      json.member("lastConfirmed") {
        $0.member("identity", text: last.batch.bytes)
        $0.member("millisecondsAgo", (now - last.at).wholeMilliseconds)
      }
    } else {
      json.key("lastConfirmed")
      json.null()
    }
    json.member("storeFailures", record.storeFailures)
  }

  private func writeReadings(_ store: StoreCounts, _ json: inout JSONWriter) {
    json.member("waiting", store.waiting)
    json.member("delivered", store.delivered)
    json.member("setAside", store.setAside)
    json.member("lost", store.lost)
  }

  private func writeModem(_ json: inout JSONWriter) {
    let identity = record.identity
    json.member("maker", text: identity?.maker)
    json.member("model", text: identity?.model)
    json.member("firmware", text: identity?.firmware)
    json.member("imei", text: identity?.imei?.digits)
    json.member("iccid", text: identity?.iccid?.digits)
    json.member("imsi", text: identity?.imsi?.digits)
    json.member("profile", text: Array(profile))
    json.member("advisedModule", text: record.otherModule?.advised)
    json.member("exchanges", link.exchanges)
    json.member("bytesSent", link.bytesSent)
    json.member("bytesReceived", link.bytesReceived)
    json.member("coldStarts", link.coldStarts)
    json.member("warmWakes", link.warmWakes)
    json.member("reboots", link.reboots)
    json.member("powerKeyPulses", link.powerKeyPulses)
    json.member("settingWrites", link.settingWrites)
  }

  private func writeNetwork(_ json: inout JSONWriter) {
    let registration = record.registration
    json.member("registration", registration?.status.text)
    json.member("technology", registration?.technology?.text)
    json.member("rejectCause", registration?.rejectCause.map { Int64($0.code) })
    json.member("activeTimeSeconds", registration?.activeTime?.duration?.wholeSeconds)
    json.member("periodicTauSeconds", registration?.periodicTAU?.duration?.wholeSeconds)
    json.member("edrxCycleMilliseconds", record.edrx?.cycle?.wholeMilliseconds)
    json.member("edrxPagingWindowMilliseconds", record.edrx?.pagingWindow?.wholeMilliseconds)
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
    if let identity = record.identity {
      let imei = identity.imei?.digits.printable ?? "unknown"
      let card = identity.iccid?.digits.printable ?? "unknown"
      lines.append("module    \(identity.model.printable), IMEI \(imei), SIM \(card)")
    }
    if let other = record.otherModule { lines.append("mismatch  \(other.text)") }
    if let registration = record.registration {
      lines.append("network   \(Self.text(registration))")
    }
    if let cycle = record.edrx?.cycle {
      lines.append("eDRX      granted, a cycle of \(cycle.text)")
    }
    lines.append("report    \(reportLine)")
    if let last = record.lastConfirmed {
      lines.append("confirmed \(last.batch.bytes.printable), \((now - last.at).text) ago")
    } else {
      lines.append("confirmed nothing yet since the start")
    }
    if record.messagesReceived + record.messagesRefused > 0 {
      let refused = record.messagesRefused
      lines.append("sms       \(record.messagesReceived) received, \(refused) refused")
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
}

extension String {
  init(_ text: StaticString) { self = String(decoding: Array(text), as: UTF8.self) }
}

import Cellular
import Link
import Modems
import Primitives
import Settings
import Telemetry

extension Status {
  /// The same for people: one line a subject.
  public var text: String {
    var lines = ["device    \(String(decoding: device.bytes, as: UTF8.self))"]
    if let utc {
      lines.append("clock     \(utc.text) (from the \(clockSource?.text ?? "unknown"))")
    } else {
      lines.append("clock     not known yet; readings are stamped once it is")
    }
    lines.append("platform  \(platform.text.words)")
    lines.append("modem     \(modemLine)")
    let identity = record.identity
    let imei = identity?.imei?.digits.printable ?? "unknown"
    let card = identity?.iccid?.digits.printable ?? "unknown"
    let subscriber = identity?.imsi?.digits.printable ?? "unknown"
    lines.append("module    \(identity?.model.printable ?? "unknown"), IMEI \(imei)")
    let pin = record.isPINOn == true ? "; its PIN is on, and keeps the module from sleeping" : ""
    lines.append("SIM       \(card), IMSI \(subscriber)\(pin)")
    if let other = record.otherModule { lines.append("mismatch  \(other.text)") }
    if let registration = record.registration {
      lines.append("network   \(Self.text(registration))")
    }
    if let plmn = record.plmn {
      let band = record.band.map { ", band \($0)" } ?? ""
      lines.append("operator  \(plmn.digits.printable)\(band)")
    }
    if let edrx = record.edrx, edrx.cycle ?? edrx.requestedCycle != nil {
      lines.append("eDRX      \(edrx.text)")
    }
    lines.append("APN       \(accessPointLine)")
    if let rest = record.rest { lines.append("rest      \(rest.text)") }
    lines.append("report    \(reportLine)")
    if let nextWake { lines.append("wake      the next in \(max(.zero, nextWake - now).text)") }
    if let last = record.lastConfirmed {
      lines.append("confirmed \(last.batch.bytes.printable), \((now - last.at).text) ago")
    } else {
      lines.append("confirmed nothing yet since the start")
    }
    lines.append("limits    \(limitsLine)")
    if nextWindow != nil || record.messagesReceived + record.messagesRefused > 0 {
      lines.append("sms       \(messageLine)")
    }
    if let trial {
      var line = "trial     \(trial.shown.prefix(200).printable): \(trial.text.words)"
      if let trialEnds { line += ", \(max(.zero, trialEnds - now).text) left at most" }
      lines.append(line)
    }
    if let commands { lines += text(commands) }
    if let store {
      let held = "\(store.waiting) waiting, \(store.delivered) delivered"
      lines.append("readings  \(held), \(store.setAside) set aside, \(store.lost) lost")
    } else {
      lines.append("readings  the store can't be read: see the log")
    }
    let reports = "\(record.confirmed) confirmed of \(record.attempts) attempts"
    lines.append("counters  \(reports); \(link.text)")
    lines.append("doctor    \(diagnosis.sentence.words)")
    return lines.reduce("") { $0 + $1 + "\n" }
  }

  private func text(_ commands: CommandState) -> [String] {
    guard commands.isListening else { return [] }
    let left = "\(commands.answersLeft) answers, \(commands.trialsLeft) trials"
    let awake = Duration.seconds(Int64(commands.awakeSecondsLeft)).text
    return ["commands  left today: \(left), \(awake) awake for them"]
  }

  static func text(_ registration: Registration) -> String {
    var text = registration.status.text
    if let technology = registration.technology { text += " on " + technology.text }
    if let cause = registration.rejectCause { text += "; rejected: " + cause.text }
    guard let active = registration.activeTime?.duration else { return text + "; no PSM granted" }
    text += "; PSM granted with active time \(active.text)"
    if let update = registration.periodicTAU?.duration { text += ", update \(update.text)" }
    return text
  }

  /// `searching for 12 s: a connection is wanted; waits for a network, 9 min at most`.
  var modemLine: String {
    var line = "\(linkState.text) for \((now - record.linkSince).text): \(record.linkCause.text)"
    if let waitsUntil {
      line += "; waits for \(waitsFor.words), \(max(.zero, waitsUntil - now).text) at most"
    }
    return line
  }

  /// What may still be asked of the network, and what holds the next attempt back.
  var limitsLine: String {
    guard limits.areObeyed else { return "off: the network is taken for a simulated one" }
    var line = "\(limits.accessesLeft) radio accesses and \(limits.resetsLeft) resets left"
    line += " this hour; \(limits.powerCyclesLeft) power cycles and"
    line += " \(limits.searchLeft.text) of searching today"
    if limits.failures > 0 {
      line += "; \(limits.failures) failures in a row"
      if let rung = limits.rung { line += ", the last \(limits.failuresOfRung) of \(rung.text)" }
    }
    guard let until = limits.blockedUntil, let reason = limits.reason else { return line }
    return line + "; held back for \(max(.zero, until - now).text): \(reason.text)"
  }

  private var messageLine: String {
    var line = "\(record.messagesReceived) received, \(record.messagesRefused) unreadable; "
    line += "\(record.commandsObeyed) commands obeyed, \(record.commandsRefused) refused, "
    line += "\(record.commandsIgnored) ignored"
    guard let nextWindow else { return line }
    if nextWindow <= now { return line + "; reachable now" }
    return line + "; reachable next in \((nextWindow - now).text)"
  }

  private var accessPointLine: String {
    guard let accessPoint else { return "the modem's own" }
    var line = accessPoint.isEmpty ? "none, so that the network chooses" : accessPoint.printable
    if isAccessElsewhere { line += "; the configured one was refused" }
    if let next = record.accessTry { line += "; to be tried: " + next }
    return line
  }

  private var reportLine: String {
    var line = phase.words
    if let failure = record.failure { line += " after: \(failure.text)" }
    if let nextReport { line += "; next in \(max(.zero, nextReport - now).text)" }
    return line
  }
}

extension StaticString {
  var words: String { String(self) }
}

extension Trial {
  /// Where it stands, in a few words.
  var text: StaticString {
    switch stage {
    case .armed: "to be tried at the next start"
    case .running: "on trial"
    case .kept, .undone: ending.text
    }
  }
}

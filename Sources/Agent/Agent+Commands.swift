import Link
import Primitives
import SMS
import Settings
import Telemetry

/// What the agent has to know to obey commands.
public struct CommandPlan: Sendable {
  /// What a change must go together with.
  public var file: Configuration
  /// The same with what the vault has put on top of it.
  public var holding: Configuration

  public init(file: Configuration, holding: Configuration) {
    self.file = file
    self.holding = holding
  }
}

public enum CommandLimits {
  /// Messages that commands may cause in a day, each part of a long one counted.
  public static let answersPerDay: UInt32 = 24
}

/// Commands by SMS: proven, counted, and only then obeyed.
extension Agent where S: ~Copyable {
  /// What the vault has of commands, as the agent begins.
  mutating func recallCommands() {
    let identity = kept(.identity).flatMap { DeviceIdentity(kept: $0) }
    rules = plan.commands.map { RemoteRules($0.holding, key: identity?.key) }
    ledger = kept(.counters).flatMap { CommandLedger(kept: $0) } ?? CommandLedger()
  }

  /// A whole message.
  mutating func obey(_ text: [UInt8], from sender: SMSAddress, now: Instant) {
    guard let rules, !isStopping else { return log("sms", "a message; no command is obeyed", now) }
    switch rules.judge(text: text, sender: sender.text) {
    case .ignored: record.commandsIgnored += 1
    case .refused(let refusal, let words, let authority):
      guard take(authority, now: now) else { return }
      record.commandsObeyed += 1
      log("sms", "a command is refused: \(refusal.text)", now)
      say("refused: " + refusal.text, words, to: sender, now: now)
    case .request(let request):
      guard take(request.authority, now: now) else { return }
      record.commandsObeyed += 1
      trialHeard(now: now)
      for action in request.actions { obey(action, request.words, from: sender, now: now) }
    }
  }

  /// Durable before anything is done; a counter that isn't greater was seen before.
  private mutating func take(_ authority: RemoteAuthority, now: Instant) -> Bool {
    guard case .signed(let counter) = authority else { return true }
    var next = ledger
    guard counter > next.counter else {
      record.commandsIgnored += 1
      log("sms", "a signed command came again, or late: its counter isn't greater", now)
      return false
    }
    next.counter = counter
    return keep(ledger: next)
  }

  private mutating func keep(ledger next: CommandLedger) -> Bool {
    guard keep(next.kept, in: .counters) else { return false }
    ledger = next
    return true
  }

  private mutating func obey(
    _ action: RemoteAction, _ words: RemoteWords, from sender: SMSAddress, now: Instant
  ) {
    switch action {
    case .get(let settings): say(shown(settings), words, to: sender, now: now)
    case .set(let changes):
      let old = kept(.settings).flatMap { HeldSettings.settings(kept: $0) } ?? []
      let trial = Trial(changes: changes)
      do throws(RemoteRefusal) {
        _ = try plan.commands?.file.changed(by: trial.settings(over: old))
      } catch {
        return say("refused: " + error.text, words, to: sender, now: now)
      }
      arm(trial, words, for: sender, now: now)
    case .status: say(shortStatus, words, to: sender, now: now)
    case .report: isReportWanted = true
    case .reboot:
      log("sms", "beginning anew, as was asked for", now)
      isRestartWanted = true
    case .rollback:
      guard trialRun != nil else {
        return say("no trial is under way", words, to: sender, now: now)
      }
      endTrial(.undone, .rolledBack, now: now)
      isRestartWanted = true
    case .factoryReset:
      var trial = Trial(changes: [])
      trial.replacesAll = true
      arm(trial, words, for: sender, now: now)
    }
  }

  /// The trial begins as soon as the messages of this wake are dealt with.
  private mutating func arm(
    _ wanted: Trial, _ words: RemoteWords, for sender: SMSAddress, now: Instant
  ) {
    if trialRun != nil || trial?.stage == .armed {
      return say(
        "refused: a trial is under way; rollback ends it", words, to: sender, now: now)
    }
    refreshDay(now: now)
    guard ledger.trials < TrialLimits.perDay else {
      return say("refused: too many trials today", words, to: sender, now: now)
    }
    var armed = wanted
    armed.words = words
    armed.recipient = sender.isName ? [] : sender.text
    armed.needsCommand = wanted.changes.contains { $0.setting.proof == .command }
    var next = ledger
    next.trials += 1
    guard let bytes = armed.kept, keep(ledger: next), keep(bytes, in: .trial) else {
      return say("refused: it can't be kept", words, to: sender, now: now)
    }
    trial = armed
    log("trial", "asked for by SMS: \(armed.shown.printable)", now)
    isRestartWanted = true
  }

  /// A day of counting begins when the last one is over; one whose beginning isn't known lasts until
  /// the time of day is.
  private mutating func refreshDay(now: Instant) {
    guard let utc = clock.utc(at: now) else { return }
    if let since = ledger.since, since <= utc, utc < since + .seconds(86_400) { return }
    if ledger.since != nil { (ledger.answers, ledger.trials) = (0, 0) }
    ledger.since = utc
  }

  // MARK: - Answers

  private mutating func say(
    _ text: String, _ words: RemoteWords, to sender: SMSAddress, now: Instant
  ) {
    answer(Array(text.utf8), to: sender.text, now: now)
  }

  /// Sends a text to whoever asked, within the day's limit, while there is a connection.
  mutating func answer(
    _ text: [UInt8], to recipient: [UInt8], isOutcome: Bool = false, now: Instant
  ) {
    refreshDay(now: now)
    guard let number = SMSAddress(number: recipient),
      let message = SMSSubmit(
        to: number, text: text, reference: UInt8(truncatingIfNeeded: random.next()))
    else { return }
    var next = ledger
    next.answers += UInt32(message.parts.count)
    guard next.answers <= CommandLimits.answersPerDay, keep(ledger: next) else {
      return log("sms", "an answer is left out: there were too many today", now)
    }
    if isOutcome { isOutcomeOnItsWay = true }
    for part in message.parts {
      answersOnTheirWay += 1
      drive(.sendMessage(pdu: part.octets, length: part.length), now: now)
    }
  }

  /// One part has been sent, or can't be.
  mutating func answered(isSent: Bool, now: Instant) {
    guard answersOnTheirWay > 0 else { return }
    answersOnTheirWay -= 1
    if isOutcomeOnItsWay, isSent { forgetTrial() }
    guard answersOnTheirWay == 0 else { return }
    isOutcomeOnItsWay = false
    goOnAfterMessages(now: now)
  }

  private func shown(_ settings: [RemoteSetting]) -> String {
    var text = ""
    for setting in settings {
      if !text.isEmpty { text += ", " }
      let value = plan.commands?.holding.value(of: setting)
      text += String(setting.name) + " = " + (value?.printable ?? "(not shown)")
    }
    return text
  }

  private var shortStatus: String {
    var text = "\(plan.device.bytes.printable): \(link.state.text), \(record.confirmed) reports"
    text += " confirmed, \(record.failed) failed"
    if let trial { text += "; \(trial.shown.printable): \(String(trial.ending.text))" }
    return text
  }
}

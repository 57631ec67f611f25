import Link
import Primitives
import SMS
import Settings
import Telemetry

/// What the agent has to know to obey commands.
public struct CommandPlan: Sendable {
  /// Who the commands must be signed for.
  public var device: DeviceLabel
  /// As the file has it: what is asked for must go together with it.
  public var file: Configuration

  public init(device: DeviceLabel, file: Configuration) {
    self.device = device
    self.file = file
  }
}

public enum CommandLimits {
  /// Messages that commands may cause in a day, each part of a long one counted.
  public static let answersPerDay: UInt32 = 24
  /// Seconds for which commands may keep the modem awake in a day, beyond its reports.
  public static let awakeSecondsPerDay: UInt32 = 3600
}

/// Commands by SMS: proven, counted, and only then obeyed.
extension Agent where S: ~Copyable {
  /// What the vault has of commands, as the agent begins.
  mutating func recallCommands() {
    identity = kept(.identity).flatMap { DeviceIdentity(kept: $0) }
    ledger = kept(.counters).flatMap { CommandLedger(kept: $0) } ?? CommandLedger()
  }

  /// A whole message.
  mutating func obey(_ text: [UInt8], from sender: SMSAddress, now: Instant) {
    guard let commands = plan.commands, let identity, !isStopping else {
      return log("sms", "a message; no commands are configured", now)
    }
    let message: SignedMessage
    do throws(SignatureFault) {
      message = try SignedMessage(text, device: commands.device, key: identity.key.bytes)
    } catch {
      record.commandsIgnored += 1
      return
    }
    guard take(counter: message.counter, now: now) else { return }
    trialHeard(now: now)
    guard let command = OwnCommand(message.text) else {
      log("sms", "a signed command that isn't understood", now)
      return answer(Array("not understood; nothing was done"), to: sender.text, now: now)
    }
    obey(command, commands, from: sender, now: now)
  }

  /// Durable before anything is done; a counter that isn't greater was seen before.
  private mutating func take(counter: UInt64, now: Instant) -> Bool {
    var next = ledger
    guard counter > next.counter else {
      record.commandsIgnored += 1
      log("sms", "a signed command came again, or late: its counter isn't greater", now)
      return false
    }
    next.counter = counter
    return keep(ledger: next)
  }

  mutating func keep(ledger next: CommandLedger) -> Bool {
    guard keep(next.kept, in: .counters) else { return false }
    ledger = next
    return true
  }

  private mutating func obey(
    _ command: OwnCommand, _ plan: CommandPlan, from sender: SMSAddress, now: Instant
  ) {
    record.commandsObeyed += 1
    switch command {
    case .get(let paths):
      let running = trialRun == nil ? nil : trial
      let held = HoldingSettings.held(kept(.settings), running)
      let holding = (try? plan.file.applying(held)) ?? plan.file
      let lines = paths.map { holding.shown(at: $0) }
      answer(Array(lines.joined(separator: Array(", "))), to: sender.text, now: now)
    case .set(let settings): set(settings, plan, from: sender, now: now)
    case .status: answer(shortStatus(now: now), to: sender.text, now: now)
    case .report: isReportWanted = true
    case .reboot:
      log("sms", "restarting, as was asked for", now)
      isRestartWanted = true
    case .rollback:
      guard trialRun != nil else {
        return answer(Array("no trial is under way"), to: sender.text, now: now)
      }
      endTrial(.undone, .rolledBack, now: now)
      isRestartWanted = true
    case .factoryReset:
      var trial = Trial(changes: [])
      trial.replacesAll = true
      arm(trial, for: sender, now: now)
    }
  }

  private mutating func set(
    _ settings: [HeldSetting], _ plan: CommandPlan, from sender: SMSAddress, now: Instant
  ) {
    let old = HoldingSettings.held(kept(.settings), nil)
    let trial = Trial(changes: settings)
    do throws(ConfigurationError) {
      _ = try plan.file.applying(trial.settings(over: old))
    } catch {
      log("sms", "settings by SMS are refused", now)
      return answer(error.shortReason, to: sender.text, now: now)
    }
    arm(trial, for: sender, now: now)
  }

  /// The trial begins as soon as the messages of this wake are dealt with.
  private mutating func arm(_ armed: Trial, for sender: SMSAddress, now: Instant) {
    var armed = armed
    if trialRun != nil {
      return answer(
        Array("refused: a trial is under way; send rollback first"), to: sender.text, now: now)
    }
    refreshDay(now: now)
    guard ledger.trials < TrialLimits.perDay else {
      return answer(
        Array("refused: \(TrialLimits.perDay) trials today already".utf8), to: sender.text, now: now
      )
    }
    armed.recipient = sender.isName ? [] : sender.text
    var next = ledger
    next.trials += 1
    guard armed.kept.count <= 1024, keep(ledger: next), keep(armed.kept, in: .trial) else {
      return answer(Array("refused: it can't be kept"), to: sender.text, now: now)
    }
    trial = armed
    log("trial", "asked for by SMS: \(armed.shown.printable)", now)
    isRestartWanted = true
  }

  /// A day of counting begins when the last one is over; one whose beginning isn't known lasts until
  /// the time of day is.
  mutating func refreshDay(now: Instant) {
    guard let utc = clock.utc(at: now) else { return }
    if let since = ledger.since, since <= utc, utc < since + .seconds(86_400) { return }
    if ledger.since != nil { (ledger.answers, ledger.trials, ledger.awakeSeconds) = (0, 0, 0) }
    ledger.since = utc
  }

  // MARK: - Answers

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
    guard answersOnTheirWay == 0 else { return }
    if isOutcomeOnItsWay, isSent { forgetTrial() }
    isOutcomeOnItsWay = false
    goOnAfterMessages(now: now)
  }

  private func shortStatus(now: Instant) -> [UInt8] {
    var text = "\(plan.device.bytes.printable): \(link.state.text)"
    text += ", \(record.confirmed) reports confirmed, \(record.failed) failed"
    if let counts = try? store.counts() { text += ", \(counts.waiting) readings wait" }
    if let trial { text += "; \(trial.shown.printable): \(String(trial.ending.text))" }
    return Array(text.utf8)
  }
}

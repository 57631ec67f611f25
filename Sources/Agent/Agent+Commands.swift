import Cellular
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
    commandLedger = kept(.counters).flatMap { CommandLedger(kept: $0) } ?? CommandLedger()
  }

  /// A whole message.
  mutating func obey(_ text: [UInt8], from sender: SMSAddress, now: Instant) {
    guard let rules, !isStopping else { return log("sms", "a message; no command is obeyed", now) }
    switch rules.judge(text: text, sender: sender.text) {
    case .ignored(let silence):
      record.commandsIgnored += 1
      log("sms", "a message is passed over: \(String(silence.text))", now)
    case .refused(let refusal, _, let authority):
      guard take(authority, now: now) else { return }
      record.commandsRefused += 1
      log("sms", "a command is refused: \(refusal.text)", now)
      if authority == .unauthenticated { return }
      say(.refused(refusal.reason), refusal.receipt, to: sender, now: now)
    case .request(let request):
      guard take(request.authority, now: now) else { return }
      record.commandsObeyed += 1
      if request.authority != .unauthenticated { trialHeard(now: now) }
      for action in request.actions { obey(action, request.receipt, from: sender, now: now) }
    }
  }

  /// Durable before anything is done; a counter that isn't greater was seen before.
  private mutating func take(_ authority: RemoteAuthority, now: Instant) -> Bool {
    guard case .signed(let counter) = authority else { return true }
    var next = commandLedger
    guard counter > next.counter else {
      record.commandsIgnored += 1
      log("sms", "a signed command came again, or late: its counter isn't greater", now)
      return false
    }
    next.counter = counter
    return keep(commandLedger: next)
  }

  private mutating func keep(commandLedger next: CommandLedger) -> Bool {
    guard keep(next.kept, in: .counters) else { return false }
    commandLedger = next
    return true
  }

  private mutating func obey(
    _ action: RemoteAction, _ receipt: RemoteReceipt, from sender: SMSAddress, now: Instant
  ) {
    switch action {
    case .get, .status: say(.told, receipt, to: sender, now: now)
    case .nothing: say(.kept, receipt, to: sender, now: now)
    case .set(let changes): arm(Trial(changes: changes), receipt, for: sender, now: now)
    case .report:
      isReportWanted = true
      say(.begun, receipt, to: sender, now: now)
    case .reboot:
      log("sms", "beginning anew, as was asked for", now)
      isRestartWanted = true
      say(.begun, receipt, to: sender, now: now)
    case .rollback:
      guard trialRun != nil else { return refuse("no trial is under way", receipt, sender, now) }
      endTrial(.undone, .rolledBack, now: now)
      isRestartWanted = true
    case .factoryReset:
      var trial = Trial(changes: [])
      trial.replacesAll = true
      arm(trial, receipt, for: sender, now: now)
    }
  }

  private mutating func refuse(
    _ reason: StaticString, _ receipt: RemoteReceipt, _ sender: SMSAddress, _ now: Instant
  ) {
    log("sms", "a command is refused: \(String(reason))", now)
    say(.refused(Array(reason)), receipt, to: sender, now: now)
  }

  /// The trial begins as soon as the messages of this wake are dealt with.
  private mutating func arm(
    _ wanted: Trial, _ receipt: RemoteReceipt, for sender: SMSAddress, now: Instant
  ) {
    if trialRun != nil || trial?.stage == .armed {
      return refuse("a trial is under way; rollback ends it", receipt, sender, now)
    }
    let old = kept(.settings).flatMap { HeldSettings.settings(kept: $0) } ?? []
    do throws(ConfigurationError) {
      _ = try plan.commands?.file.changed(by: wanted.settings(over: old))
    } catch {
      return refuse("it doesn't go together with what the vault has", receipt, sender, now)
    }
    refreshDay(now: now)
    guard commandLedger.trials < TrialLimits.perDay else {
      return refuse("too many trials today", receipt, sender, now)
    }
    var armed = wanted
    armed.receipt = receipt
    armed.recipient = sender.isName ? [] : sender.text
    armed.needsCommand = wanted.changes.contains { $0.setting.proof == .command }
    var next = commandLedger
    next.trials += 1
    guard let bytes = armed.kept, keep(commandLedger: next), keep(bytes, in: .trial) else {
      return refuse("it can't be kept", receipt, sender, now)
    }
    trial = armed
    log("trial", "asked for by SMS: \(armed.shown.printable)", now)
    isRestartWanted = true
  }

  /// A day of counting begins when the last one is over; one whose beginning isn't known lasts until
  /// the time of day is.
  private mutating func refreshDay(now: Instant) {
    guard let utc = clock.utc(at: now) else { return }
    if let since = commandLedger.since, since <= utc, utc < since + .seconds(86_400) { return }
    if commandLedger.since != nil { (commandLedger.answers, commandLedger.trials) = (0, 0) }
    commandLedger.since = utc
  }

  // MARK: - Answers

  private mutating func say(
    _ outcome: RemoteOutcome, _ receipt: RemoteReceipt, to sender: SMSAddress, now: Instant
  ) {
    guard let text = answerText(outcome, receipt) else { return }
    answer(text, to: sender.text, now: now)
  }

  func answerText(_ outcome: RemoteOutcome, _ receipt: RemoteReceipt) -> [UInt8]? {
    guard let holding = plan.commands?.holding else { return nil }
    return RemoteAnswer.text(for: receipt, outcome: outcome, facts: facts, configuration: holding)
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
    var next = commandLedger
    next.answers += UInt32(message.parts.count)
    guard next.answers <= CommandLimits.answersPerDay, keep(commandLedger: next) else {
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

  /// What the device knows of itself, for answers.
  private var facts: RemoteFacts {
    var facts = RemoteFacts()
    facts.state = Array(platformState.text)
    facts.isOnline = platformState == .online
    facts.imei = record.identity?.imei?.digits ?? []
    if let registration = record.registration {
      facts.radioAccess = registration.technology.map { Array($0.text.utf8) } ?? []
      facts.isRoaming = registration.status == .roaming
      (facts.area, facts.cell) = (registration.trackingArea, registration.cell)
    }
    facts.waiting = (try? store.counts())?.waiting ?? 0
    facts.isTrial = trial != nil
    return facts
  }
}

import Cellular
import Link
import Primitives
import SMS
import Settings
import Telemetry

/// Commands by SMS: proven, counted, and only then obeyed.
extension Agent where S: ~Copyable {
  /// What the vault has of commands, as the agent begins. While a key is tried, it is the one.
  mutating func recallCommands(now: Instant) {
    rules = nil
    guard let plan = plan.commands else { return }
    let identity = kept(.identity).flatMap { DeviceIdentity(kept: $0) }
    var key = identity?.key
    if let tried = trial?.key, trial?.stage == .running, self.plan.isTrial { key = tried }
    if let bytes = kept(.counters) {
      guard let known = CommandLedger(kept: bytes) else {
        // Whatever was obeyed once could be obeyed again.
        return log("sms", "the counters can't be read: no command until provisioned again", now)
      }
      commandLedger = known
    }
    rules = RemoteRules(plan.holding, key: key)
    refreshDay(now: now)
  }

  /// A whole message.
  mutating func obey(_ text: [UInt8], from sender: SMSAddress, now: Instant) {
    guard let rules, !isStopping else { return mention("a message; no command is obeyed", now) }
    refreshDay(now: now)
    if plan.obeysLimits, commandLedger.awakeSeconds >= CommandLimits.awakeSecondsPerDay {
      return passOver("messages have kept the modem awake long enough today", now)
    }
    switch rules.judge(text: text, sender: sender.text) {
    case .ignored(.password):
      countWrongPassword()
      passOver(RemoteSilence.password.text, now)
    case .ignored(let silence): passOver(silence.text, now)
    case .refused(let refusal, _, let authority):
      guard take(authority, now: now) else { return }
      record.commandsRefused += 1
      let text = "a command is refused: \(refusal.text)"
      if authority == .unauthenticated { return mention(text, now) }
      log("sms", text, now)
      say(.refused(refusal.reason), refusal.receipt, to: sender, now: now)
    case .request(let request):
      guard take(request.authority, now: now) else { return }
      if request.authority == .unauthenticated,
        !request.actions.allSatisfy({ $0.needsNoProof })
      {
        return passOver(RemoteSilence.unauthenticated.text, now)
      }
      record.commandsObeyed += 1
      // What ends a trial doesn't prove it.
      if case .signed = request.authority, request.actions != [.rollback] { trialHeard(now: now) }
      for action in request.actions { obey(action, of: request, from: sender, now: now) }
    }
  }

  mutating func passOver(_ reason: StaticString, _ now: Instant) {
    record.commandsIgnored += 1
    mention("a message is passed over: \(String(reason))", now)
  }

  /// Says what anybody can cause, so often at most: each line is written to the flash.
  mutating func mention(_ text: String, _ now: Instant) {
    if saidSilences >= CommandLimits.saidSilences { return }
    saidSilences += 1
    log("sms", text, now)
  }

  /// Held against limits even where it can't be written; written so often at most.
  private mutating func countWrongPassword() {
    guard commandLedger.wrongPasswords < CommandLimits.wrongPasswordsPerDay else { return }
    commandLedger.wrongPasswords += 1
    _ = keep(commandLedger: commandLedger)
  }

  /// Durable before anything is done; a counter that isn't greater was seen before.
  private mutating func take(_ authority: RemoteAuthority, now: Instant) -> Bool {
    if authority == .password, commandLedger.wrongPasswords >= CommandLimits.wrongPasswordsPerDay {
      passOver("too many wrong passwords today: none is looked at any more", now)
      return false
    }
    guard case .signed(let counter) = authority else { return true }
    var next = commandLedger
    guard next.take(counter: counter) else {
      passOver("it came again, or late: its counter isn't greater", now)
      return false
    }
    return keep(commandLedger: next)
  }

  mutating func keep(commandLedger next: CommandLedger) -> Bool {
    guard keep(next.kept, in: .counters) else { return false }
    commandLedger = next
    unkeptSeconds = 0
    return true
  }

  /// Where nobody knows the time of day, what has passed of a day in which something was spent is kept
  /// whenever the board has been on for twice as long, and each hour: else it would be lost with the
  /// power, and the day have no end.
  mutating func ageCommands(now: Instant) {
    guard rules != nil, clock.utc(at: now) == nil, commandLedger.hasSpent else { return }
    refreshDay(now: now)
    if now - commandsKeptAt < min(now.sinceStart / 2, AccessLimits.agingInterval) { return }
    commandsKeptAt = now
    _ = keep(commandLedger: commandLedger)
  }

  private mutating func obey(
    _ action: RemoteAction, of request: RemoteRequest, from sender: SMSAddress, now: Instant
  ) {
    let asking = Asking(
      receipt: request.receipt, sender: sender,
      isSilent: request.authority == .unauthenticated)
    switch action {
    case .get, .status: say(.told, asking, now: now)
    case .nothing: say(.kept, asking, now: now)
    case .set(let changes): change(Trial(changes: changes), asking, now: now)
    case .report:
      guard countOrder(asking, now: now) else { return }
      isReportWanted = true
      if !sensors.isEmpty { effects.append(.readSensors(Array(sensors.indices))) }
      say(.begun, asking, now: now)
    case .reboot:
      guard countOrder(asking, now: now) else { return }
      log("sms", "beginning anew, as was asked for", now)
      isRestartWanted = true
      say(.begun, asking, now: now)
    case .rollback: rollBack(asking, now: now)
    case .factoryReset:
      var trial = Trial(changes: [])
      trial.replacesAll = true
      change(trial, asking, now: now)
    }
  }

  /// The trial under way ends, or else the settings before the last change are tried.
  private mutating func rollBack(_ asking: Asking, now: Instant) {
    if trialRun != nil {
      endTrial(.undone, .rolledBack, now: now)
      isRestartWanted = true
      return
    }
    guard let previous = HoldingSettings.previous(in: &store) else {
      return refuse("there is nothing to roll back: no trial is under way", asking, now)
    }
    var trial = Trial(changes: previous)
    trial.replacesAll = true
    change(trial, asking, now: now)
  }

  mutating func refuse(_ reason: StaticString, _ asking: Asking, _ now: Instant) {
    record.commandsRefused += 1
    log("sms", "a command is refused: \(String(reason))", now)
    say(.refused(Array(reason)), asking, now: now)
  }

  /// One more restart or report, counted durably before it is done.
  ///
  /// - Returns: false where it was refused.
  private mutating func countOrder(_ asking: Asking, now: Instant) -> Bool {
    guard commandLedger.orders < CommandLimits.ordersPerDay || !plan.obeysLimits else {
      refuse("too many restarts and reports today", asking, now)
      return false
    }
    var next = commandLedger
    next.orders = min(next.orders, .max - 1) + 1
    if keep(commandLedger: next) { return true }
    refuse("the vault can't be written", asking, now)
    return false
  }

  // MARK: - Changes

  /// What can cut the device off is tried first; the rest holds at once.
  private mutating func change(_ wanted: Trial, _ asking: Asking, now: Instant) {
    if trialRun != nil || trial?.stage == .armed {
      return refuse("a trial is under way; rollback ends it", asking, now)
    }
    if let ended = trial, ended.stage == .kept, !HoldingSettings.adopt(ended, in: &store) {
      return refuse("the last change can't be kept yet", asking, now)
    }
    let old = HoldingSettings.settings(in: &store)
    let new = wanted.settings(over: old)
    var changed = HeldSettings.differing(old, new)
    if wanted.key != nil { changed.append(.key) }
    if changed.isEmpty { return say(.kept, asking, now: now) }
    guard let kept = HeldSettings.kept(new), kept.count <= Trial.limitBytes else {
      return refuse("the vault has no room for it; factory-reset makes some", asking, now)
    }
    do throws(ConfigurationError) {
      _ = try plan.commands?.file.changed(by: new)
    } catch {
      return refuse("it doesn't go together with what the vault has", asking, now)
    }
    if wanted.replacesAll || changed.contains(where: { $0.needsTrial }) {
      var trial = wanted
      trial.needsCommand = changed.contains { $0.proof == .command }
      return arm(trial, asking, now: now)
    }
    guard countOrder(asking, now: now) else { return }
    guard HoldingSettings.hold(new, in: &store) else {
      return refuse("the vault can't be written", asking, now)
    }
    log("sms", "changed: \(wanted.shown.printable)", now)
    isRestartWanted = true
    say(.kept, asking, now: now)
  }

  /// The trial begins as soon as the messages of this wake are dealt with.
  private mutating func arm(_ wanted: Trial, _ asking: Asking, now: Instant) {
    let mayBegin =
      asking.isSilent
      ? commandLedger.trials < CommandLimits.unprovenTrialsPerDay
        && commandLedger.awakeSeconds < CommandLimits.unprovenAwakeSeconds
      : commandLedger.trials < CommandLimits.trialsPerDay
    guard mayBegin || !plan.obeysLimits else {
      return refuse("too many trials today", asking, now)
    }
    var armed = wanted
    armed.receipt = asking.receipt
    armed.recipient = recipient(for: asking.sender) ?? []
    var next = commandLedger
    next.trials += 1
    guard let bytes = armed.kept, keep(commandLedger: next), keep(bytes, in: .trial) else {
      return refuse("the vault can't be written", asking, now)
    }
    trial = armed
    log("trial", "asked for by SMS: \(armed.shown.printable)", now)
    isRestartWanted = true
  }

  // MARK: - What messages cost

  mutating func refreshDay(now: Instant) {
    commandLedger.elapse(to: now)
    commandLedger.refresh(clock.utc(at: now))
  }

  /// The modem is kept awake for messages from now on, if it wasn't before.
  mutating func awakeBegins(now: Instant) {
    if awakeSince == nil, plan.commands != nil { awakeSince = now }
  }

  /// It isn't any more. Written down once it matters.
  mutating func awakeEnds(now: Instant) {
    guard let since = awakeSince else { return }
    awakeSince = nil
    refreshDay(now: now)
    let seconds = UInt32(clamping: ((now - since).wholeMilliseconds + 999) / 1000)
    let (sum, isOver) = commandLedger.awakeSeconds.addingReportingOverflow(seconds)
    commandLedger.awakeSeconds = isOver ? .max : sum
    unkeptSeconds += min(seconds, CommandLimits.awakeSecondsPerDay)
    if unkeptSeconds >= CommandLimits.unkeptSeconds { _ = keep(commandLedger: commandLedger) }
  }

  /// What commands may still cost today.
  public func commandState(now: Instant) -> CommandState {
    var ledger = commandLedger
    ledger.elapse(to: now)
    ledger.refresh(clock.utc(at: now))
    func left(_ spent: UInt32, of limit: UInt32) -> UInt32 { limit - min(spent, limit) }
    var state = CommandState()
    state.isListening = rules?.isAnybodyObeyed ?? false
    state.answersLeft = left(ledger.answers, of: CommandLimits.answersPerDay)
    state.trialsLeft = left(ledger.trials, of: CommandLimits.trialsPerDay)
    state.awakeSecondsLeft = left(ledger.awakeSeconds, of: CommandLimits.awakeSecondsPerDay)
    return state
  }
}

/// A request that is being obeyed.
struct Asking: Sendable {
  var receipt: RemoteReceipt
  var sender: SMSAddress
  /// It proves nothing, and so gets no answer but the outcome of the trial that it begins.
  var isSilent: Bool
}

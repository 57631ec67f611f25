import Link
import Primitives
import Settings
import Telemetry

/// Changed settings prove themselves, or go.
extension Agent where S: ~Copyable {
  /// What is in the vault about a trial, as the agent begins; `trial` has been read.
  mutating func recallTrial(now: Instant) {
    let lost = kept(.settings).map { HeldSettings.unreadable(kept: $0) } ?? 0
    if lost > 0 {
      log("store", "\(lost) of the settings made from afar can't be read, and don't hold", now)
    }
    switch trial?.stage {
    case .running where plan.isTrial:
      trialRun = TrialRun(began: now, time: plan.trialTime)
      awakeBegins(now: now)
      log("trial", "begins: \(trial?.shown.printable ?? "")", now)
    case .running:
      // They don't hold: their plan could not be made.
      endTrial(.undone, .interrupted, now: now)
    case .undone: log("trial", trial.map { String($0.ending.text) } ?? "", now)
    case nil, .armed, .kept: break
    }
    if trial != nil { reportTrial(now: now) }
  }

  /// The trial's state goes into the next report, of which there is one then.
  private mutating func reportTrial(now: Instant) {
    guard let name = ReadingName(Array("godwit/trial")), let trial else { return }
    let value: Int64 =
      switch trial.stage {
      case .armed, .running: 1
      case .kept: 2
      case .undone: 0
      }
    let reading = Reading(
      name: name, value: DecimalNumber(value), unit: nil, time: readingTime(now))
    do {
      try store.append([reading])
    } catch {
      record.storeFailures += 1
    }
  }

  /// A trial, and its outcome, don't wait for the next report.
  mutating func beginTrialReport(now: Instant) {
    guard trial != nil, case .idle = cycle, !isStopping else { return }
    beginReport(now: now)
  }

  // MARK: - Its own accesses

  /// What an attempt for a trial's sake may do; nil where the limits decide, as they do for every other
  /// attempt. Counted durably before it is made, so that a crash gives no more of them.
  mutating func trialAllowance(now: Instant) -> Allowance? {
    guard trialRun != nil || isReturning else { return nil }
    let limit = trialRun == nil ? TrialLimits.accesses : Self.runAccesses
    guard let trial, trial.accesses < limit, countTrialAccess() else { return nil }
    awakeBegins(now: now)
    var allowance = Allowance()
    allowance.wish = networkWish
    allowance.radioStarts = 1
    allowance.resets = 1
    allowance.search =
      plan.obeysLimits ? ledger.patience : plan.trialTime / TrialLimits.searches
    if let run = trialRun, run.coldStarts > 0, !run.isProven {
      // Beside the start, what is written with the radio off.
      (allowance.provesSettings, allowance.radioStarts) = (true, 2)
    }
    return allowance
  }

  /// The old settings come back, and their outcome is to be told. Not after a crash or a power cut: a
  /// board that starts again and again would have them each time.
  private var isReturning: Bool {
    guard trialRun == nil, let trial, trial.stage == .undone else { return false }
    return trial.ending != .interrupted && trial.accesses < TrialLimits.accesses
  }

  /// What the device lives on, unless just that is tried: then nothing stands in for it.
  var networkWish: NetworkWish {
    let isTried = trialRun != nil && trial?.concernsAccess == true
    return isTried ? NetworkWish() : rota.wish
  }

  private static var runAccesses: UInt8 { TrialLimits.accesses - TrialLimits.returnAccesses }

  private mutating func countTrialAccess() -> Bool {
    guard var next = trial else { return false }
    next.accesses = min(next.accesses, .max - 1) + 1
    guard let bytes = next.kept, keep(bytes, in: .trial) else { return false }
    trial = next
    return true
  }

  /// The radio is started once more within an attempt.
  ///
  /// - Returns: whether it was for a trial's sake.
  mutating func trialClimbs() -> Bool {
    guard trialRun != nil || isReturning else { return false }
    _ = countTrialAccess()
    return trialRun != nil
  }

  /// The wait after a failure for which nobody's limits count; nil where they do.
  var trialWait: Duration? {
    guard trialRun != nil || isReturning else { return nil }
    let failures = trialRun?.failures ?? oldFailures
    let wait = TrialLimits.waits[min(failures, TrialLimits.waits.count - 1)]
    return TrialLimits.paced(wait, by: plan.trialTime)
  }

  // MARK: - Time

  /// When the trial wants something by itself.
  var trialDeadline: Instant? {
    guard let run = trialRun else { return nil }
    switch cycle {
    case .idle: return earlier(run.deadline, run.lookAt)
    case .waiting: return run.deadline
    case .connecting, .resolving, .exchanging, .releasing: return nil  // It ends first.
    }
  }

  /// - Returns: whether the trial is over and the agent ends.
  mutating func trialDue(now: Instant) -> Bool {
    guard let run = trialRun, let due = trialDeadline, due <= now else { return false }
    if now < run.deadline {
      trialRun?.lookAt = nil
      reportTrial(now: now)
      beginTrialReport(now: now)
      return false
    }
    endTrial(.undone, .timeUp, now: now)
    restart(now: now)
    return true
  }

  // MARK: - Evidence

  /// A report was confirmed.
  mutating func trialReported(now: Instant) {
    guard var run = trialRun else {
      if let trial, trial.stage == .undone || trial.stage == .kept { tellOutcome(now: now) }
      return
    }
    if link.hasStartedColdAsSet {
      run.isProven = true
    } else if !run.isProven {
      run.isColdStartDue = true
    }
    run.lookAt = now + TrialLimits.paced(TrialLimits.look, by: plan.trialTime)
    trialRun = run
    keepTrialIfProven(now: now)
  }

  /// A report went through, but the values have yet to be read back after a start from off.
  ///
  /// - Returns: whether the modem goes off for it; the next report follows at once. One that never reads
  ///   as it was written ends the trial.
  mutating func takeColdStart(now: Instant) -> Bool {
    guard trialRun?.isColdStartDue == true else { return false }
    trialRun?.isColdStartDue = false
    trialRun?.coldStarts += 1
    if let run = trialRun, run.coldStarts > TrialLimits.coldStarts {
      trialRun?.isSpent = true
      return false
    }
    reportTrial(now: now)
    cycle = .releasing(isReportWaiting: true)
    drive(.powerOff, now: now)
    return true
  }

  /// Whether the modem is to stay reachable: all that is missing is a command.
  var isTrialWaitingForCommand: Bool {
    guard let run = trialRun, let trial else { return false }
    return run.isProven && trial.needsCommand && !run.hasCommand
  }

  /// A command was accepted that was signed under the values that are tried.
  mutating func trialHeard(now: Instant) {
    trialRun?.hasCommand = true
    keepTrialIfProven(now: now)
  }

  private mutating func keepTrialIfProven(now: Instant) {
    guard let run = trialRun, let trial, run.isProven, !trial.needsCommand || run.hasCommand,
      endTrial(.kept, .confirmed, now: now)
    else { return }
    // From here on they hold, whenever the power is cut.
    if !HoldingSettings.adopt(trial, in: &store) { record.storeFailures += 1 }
    recallAdopted()
    trialKept(now: now)
    reportTrial(now: now)
    tellOutcome(now: now)
  }

  /// A report failed.
  mutating func trialFailed(now: Instant) {
    guard case .waiting = cycle else { return }
    if trialRun != nil {
      trialRun?.failures += 1
      if let trial, trial.accesses >= Self.runAccesses { trialRun?.isSpent = true }
      return
    }
    guard var trial, trial.stage == .undone, trial.ending == .timeUp, !trial.isExtension else {
      return
    }
    oldFailures += 1
    guard oldFailures >= TrialLimits.oldFailures else { return }
    trial.stage = .armed
    trial.ending = .none
    trial.isExtension = true
    trial.accesses = 0
    guard let kept = trial.kept, keep(kept, in: .trial) else { return }
    self.trial = trial
    log("trial", "the old settings fail too: tried once more", now)
    restart(now: now)
  }

  /// Writes down how the trial ended.
  @discardableResult
  mutating func endTrial(_ stage: Trial.Stage, _ ending: Trial.Ending, now: Instant) -> Bool {
    guard var ended = trial else { return false }
    (ended.stage, ended.ending) = (stage, ending)
    // Where it can't be written the next start finds a trial that was interrupted, and undoes it.
    guard let kept = ended.kept, keep(kept, in: .trial) else { return false }
    trial = ended
    trialRun = nil
    log("trial", "\(ended.shown.printable): \(String(ending.text))", now)
    return true
  }

  // MARK: - The outcome

  /// The outcome is said to whoever asked for it, now that there is a connection. Once it is sent the
  /// vault forgets it.
  private mutating func tellOutcome(now: Instant) {
    recallAdopted()
    guard var telling = trial, !isOutcomeOnItsWay else { return }
    let outcome: RemoteOutcome =
      telling.stage == .kept ? .kept : .undone(Array(telling.ending.reason))
    guard !telling.recipient.isEmpty, let text = answerText(outcome, telling.receipt, now) else {
      return forgetTrial()
    }
    telling.tellings += 1
    guard telling.tellings <= TrialLimits.tellings else {
      log("trial", "nobody could be told of the outcome", now)
      return forgetTrial()
    }
    guard let kept = telling.kept, keep(kept, in: .trial) else { return }
    trial = telling
    isOutcomeOnItsWay = true
    if !answer(text, to: telling.recipient, now: now) { isOutcomeOnItsWay = false }
  }

  /// Only once what was kept holds without it.
  mutating func forgetTrial() {
    recallAdopted()
    if let trial, trial.stage == .kept, !HoldingSettings.adopt(trial, in: &store) { return }
    if keep(nil, in: .trial) { trial = nil }
  }

  /// A kept trial stands in the vault without its changes once they hold: it isn't written there with
  /// them again, over what was changed since.
  private mutating func recallAdopted() {
    guard trial?.stage == .kept, let adopted = kept(.trial).flatMap({ Trial(kept: $0) }),
      adopted.stage == .kept
    else { return }
    trial = adopted
  }

  // MARK: - The vault

  mutating func kept(_ slot: VaultSlot) -> [UInt8]? {
    do {
      return try store.kept(slot)
    } catch {
      record.storeFailures += 1
      return nil
    }
  }

  /// - Returns: whether it is durable.
  mutating func keep(_ value: [UInt8]?, in slot: VaultSlot) -> Bool {
    do {
      try store.keep(value, in: slot)
      return true
    } catch {
      record.storeFailures += 1
      return false
    }
  }
}

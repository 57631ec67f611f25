import Link
import Primitives
import Settings
import Telemetry

/// A trial that this agent runs.
struct TrialRun: Sendable {
  var began: Instant
  /// Reports that were tried and failed.
  var failures = 0
  /// A report went through, but not over a modem that started cold with the values in it: it is
  /// turned off and started once more.
  var isColdStartDue = false
  var hasCommand = false
  /// All but the command has been proven.
  var isProven = false

  var deadline: Instant { began + TrialLimits.time }
}

public enum TrialLimits {
  /// How long settings are tried at least: an IMSI rotation and three attempts fit, each of which may
  /// search for `LinkLimits.search`.
  public static let time = Duration.seconds(45 * 60)
  /// Attempts before settings are given up.
  public static let attempts = 3
  /// Between two attempts.
  public static let wait = Duration.seconds(300)
  /// Failures of the old settings after which the new ones get their extension: then it wasn't theirs.
  public static let oldFailures = 3
  /// Trials that may be begun in a day.
  public static let perDay: UInt32 = 6
}

/// Changed settings prove themselves, or go.
extension Agent where S: ~Copyable {
  /// What is in the vault about a trial, as the agent begins.
  mutating func recallTrial(now: Instant) {
    trial = kept(.trial).flatMap { Trial(kept: $0) }
    switch trial?.stage {
    case .running where plan.isTrial:
      trialRun = TrialRun(began: now)
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

  /// When the trial wants something by itself.
  var trialDeadline: Instant? {
    guard let run = trialRun else { return nil }
    switch cycle {
    case .idle, .waiting: return run.deadline
    case .connecting, .resolving, .exchanging, .releasing: return nil  // It ends first.
    }
  }

  /// - Returns: whether the trial is over and the agent ends.
  mutating func trialDue(now: Instant) -> Bool {
    guard let run = trialRun, let due = trialDeadline, due <= now else { return false }
    // Without three attempts it wasn't tried; one that can't even be made ends it too.
    if run.failures < TrialLimits.attempts, now < run.deadline + TrialLimits.time { return false }
    endTrial(.undone, .timeUp, now: now)
    restart(now: now)
    return true
  }

  /// A report was confirmed.
  mutating func trialReported(now: Instant) {
    guard var run = trialRun else {
      if let trial, trial.stage == .undone || trial.stage == .kept { tellOutcome(now: now) }
      return
    }
    if link.hasStartedColdAsSet {
      run.isProven = true
    } else {
      run.isColdStartDue = true
    }
    trialRun = run
    keepTrialIfProven(now: now)
  }

  /// A report went through, but the values have yet to be read back after a start from off.
  ///
  /// - Returns: whether the modem goes off for it; the next report follows at once.
  mutating func takeColdStart(now: Instant) -> Bool {
    guard trialRun?.isColdStartDue == true else { return false }
    trialRun?.isColdStartDue = false
    reportTrial(now: now)
    cycle = .releasing(isReportWaiting: true)
    drive(.powerOff, now: now)
    return true
  }

  /// A command was accepted under the values that are tried.
  mutating func trialHeard(now: Instant) {
    trialRun?.hasCommand = true
    keepTrialIfProven(now: now)
  }

  private mutating func keepTrialIfProven(now: Instant) {
    guard let run = trialRun, let trial, run.isProven, !trial.needsCommand || run.hasCommand else {
      return
    }
    let old = kept(.settings).flatMap { HeldSettings.settings(kept: $0) } ?? []
    guard endTrial(.kept, .confirmed, now: now) else { return }
    // From here on they hold, whenever the power is cut.
    if let all = HeldSettings.kept(trial.settings(over: old)) { _ = keep(all, in: .settings) }
    reportTrial(now: now)
    tellOutcome(now: now)
  }

  /// A report failed.
  mutating func trialFailed(now: Instant) {
    guard case .waiting(let until, let cause) = cycle else { return }
    if var run = trialRun {
      run.failures += 1
      trialRun = run
      cycle = .waiting(until: min(until, now + TrialLimits.wait), cause: cause)
      return
    }
    guard var trial, trial.stage == .undone, trial.ending == .timeUp, !trial.isExtension else {
      return
    }
    oldFailures += 1
    cycle = .waiting(until: min(until, now + TrialLimits.wait), cause: cause)
    guard oldFailures >= TrialLimits.oldFailures else { return }
    trial.stage = .armed
    trial.ending = .none
    trial.isExtension = true
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

  /// The outcome is said to whoever asked for it, now that there is a connection. Once it is sent the
  /// vault forgets it.
  private mutating func tellOutcome(now: Instant) {
    guard let trial else { return }
    let outcome: RemoteOutcome = trial.stage == .kept ? .kept : .undone(Array(trial.ending.text))
    guard !trial.recipient.isEmpty, let text = answerText(outcome, trial.receipt) else {
      return forgetTrial()
    }
    answer(text, to: trial.recipient, isOutcome: true, now: now)
  }

  mutating func forgetTrial() {
    _ = keep(nil, in: .trial)
    trial = nil
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

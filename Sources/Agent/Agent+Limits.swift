import Cellular
import Link
import Modems
import Primitives
import Telemetry
import Uplink

/// Politeness towards the network: what holds an attempt back, how far it may go, and what follows
/// from its end. The counts are kept in the vault before an access that counts is made; a planned
/// report out of sleep costs no write.
extension Agent where S: ~Copyable {
  /// So many failures in a row of the module itself, and its supply is switched, where the board can.
  static var failuresBeforeSupply: Int { 3 }
  /// So many of them, and the board is started anew, once a day: by then the day's power cycles are
  /// used up, and what fails may be the board's own UART or pins.
  static var failuresBeforeBoard: Int { AccessLimits.powerCyclesPerDay }
  /// So many failures of the socket in a row, and the data session is made anew.
  static var failuresBeforeContext: Int { 2 }

  /// What is left of the limits, and what holds the next attempt back.
  ///
  /// - Parameter now: the same clock as that of `handle`.
  public func limits(now: Instant) -> LimitsState {
    let hold = plan.obeysLimits ? ledger.hold(wish, now: now) : nil
    return LimitsState(
      areObeyed: plan.obeysLimits, accessesLeft: ledger.accessesLeft(now: now),
      resetsLeft: ledger.resetsLeft(now: now), powerCyclesLeft: ledger.powerCyclesLeft(now: now),
      searchLeft: ledger.searchLeft(now: now), failures: ledger.failures, rung: ledger.rung,
      failuresOfRung: ledger.rungFailures, blockedUntil: hold?.until, reason: hold?.reason,
      hasConfirmed: ledger.hasConfirmed, isIntervalTooShort: isIntervalTooShort)
  }

  // MARK: - Before an attempt

  /// How far the attempt may go that is about to be made; nil: it is held back, and the cycle waits.
  mutating func admitted(now: Instant) -> Allowance? {
    if let allowance = trialAllowance(now: now) { return allowance }
    if trialRun != nil {
      // It has had its accesses: it ends at once.
      trialRun?.isSpent = true
      cycle = .waiting(until: now + plan.trialTime, cause: .held(.backOff))
      return nil
    }
    let wish = wish
    isLookingAtCard = false
    if plan.obeysLimits, let hold = ledger.hold(wish, now: now) {
      if let look = cardLook(wish, now: now) { return look }
      wait(until: hold.until, hold.reason, now: now)
      return nil
    }
    saidHold = nil
    let wasUnkept = ledger.unkeptSince != nil
    let cyclesLeft = ledger.powerCyclesLeft(now: now)
    if ledger.begin(wish, now: now) {
      keepLimits(now: now)
      if let since = ledger.unkeptSince, !wasUnkept {
        wait(until: since + AccessLimits.unkeptGap, .unkept, now: now)
        return nil
      }
    }
    var allowance = allowance(now: now)
    switch ledger.rung {
    case .socket, .context:
      allowance.renewsContext = ledger.rungFailures >= Self.failuresBeforeContext
    case .power: allowance.cutsSupply = ledger.rungFailures >= Self.failuresBeforeSupply
    case .registration, .sim, nil: break
    }
    if plan.obeysLimits, ledger.isLaddersCycle {
      // A cut of the supply is the start itself, not one more cycle.
      let isStart = allowance.cutsSupply && link.settings.hasSupplySwitch
      allowance.resets = min(
        allowance.resets, isStart ? cyclesLeft : ledger.powerCyclesLeft(now: now))
    }
    return allowance
  }

  /// What is left for the attempt that is under way.
  func allowance(now: Instant) -> Allowance {
    var allowance = Allowance()
    allowance.wish = networkWish
    guard plan.obeysLimits, trialRun == nil else { return allowance }
    allowance.radioStarts = ledger.accessesLeft(now: now)
    allowance.resets = ledger.resetsLeft(now: now)
    allowance.search = ledger.patience
    return allowance
  }

  private var wish: AccessLedger.Wish {
    let start = link.startKind
    var wish = AccessLedger.Wish(isCold: start == .cold || start == .radio)
    wish.isPowerStart = start == .cold
    wish.startsPerDay = link.module.power.startsPerDay
    return wish
  }

  mutating func wait(until: Instant, _ reason: LimitReason, now: Instant) {
    cycle = .waiting(until: until, cause: .held(reason))
    if saidHold == reason { return }
    saidHold = reason
    log("limits", "\(reason.text); held back for \((until - now).text)", now)
    if isIntervalTooShort, ledger.failures == 0 {
      log(
        "limits",
        "no power saving mode is granted: every report needs a cold start, and an interval"
          + " of \(plan.reportInterval.text) more of them than are allowed", now)
    }
  }

  private var isIntervalTooShort: Bool { plan.obeysLimits && record.rest?.isStretched == true }

  /// The radio is started anew within the attempt. Kept before the link's effect is carried out.
  mutating func climb(isReset: Bool, now: Instant) {
    if trialClimbs() { return }
    ledger.climb(isReset: isReset, now: now)
    keepLimits(now: now)
  }

  // MARK: - After it

  /// The attempt failed.
  ///
  /// - Returns: when the next one may be made.
  mutating func failed(_ cause: ReportFailure, now: Instant) -> Instant {
    if trialRun != nil, let wait = trialWait { return now + wait }
    let until = booked(cause, now: now)
    return trialWait.map { min(until, now + $0) } ?? until
  }

  private mutating func booked(_ cause: ReportFailure, now: Instant) -> Instant {
    bookSearch(now: now)
    accessFailed(cause, now: now)
    if case .link(.heldBack) = cause {
      ledger.wasHeldBack()
    } else {
      var wait = backOff.wait(after: ledger.failures + 1)
      if case .server(_, let retryAfter?) = cause {
        wait = max(wait, min(retryAfter, Self.longestRetryAfter))
      }
      if plan.obeysLimits, let (reason, treatment) = cause.refusal {
        let pause = ledger.refused(reason, treatment, now: now)
        wait = max(wait, pause)
      }
      ledger.failed(on: cause.rung, retryAt: now + wait)
      climbToBoard(now: now)
      if !plan.obeysLimits { return now + wait }
    }
    keepLimits(now: now)
    var next = AccessLedger.Wish(isCold: cause.rung != .socket && cause.rung != .context)
    next.startsPerDay = link.module.power.startsPerDay
    return ledger.hold(next, now: now)?.until ?? now
  }

  /// The last rung of the ladder. It is kept before the process ends.
  private mutating func climbToBoard(now: Instant) {
    guard plan.obeysLimits, !isStopping, ledger.rung == .power,
      ledger.rungFailures >= Self.failuresBeforeBoard, ledger.boardRestartsLeft(now: now) > 0
    else { return }
    ledger.restartBoard(now: now)
    isBoardToRestart = true
    log(
      "limits",
      "the modem failed \(ledger.rungFailures) times in a row: the board is to be started anew", now
    )
  }

  mutating func ledgerConfirmed(now: Instant) {
    if trialRun != nil { return }
    bookSearch(now: now)
    if ledger.confirmed() { keepLimits(now: now) }
  }

  /// The settings that were tried hold: what was learnt with the others doesn't.
  mutating func trialKept(now: Instant) {
    searchBooked = link.counters.searched
    _ = ledger.take(settings: settingsMark, chosen: chosenOperator)
    _ = ledger.confirmed()
    keepLimits(now: now)
  }

  /// What the link has searched in vain since this was asked last. A search that led to a
  /// registration counts too: the energy is spent.
  private mutating func bookSearch(now: Instant) {
    let searched = link.counters.searched
    ledger.searched(searched - searchBooked, now: now)
    searchBooked = searched
  }

  mutating func noteCard(_ identity: ModuleIdentity, now: Instant) {
    guard identity.iccid != nil || identity.imsi != nil else { return }
    let separator = [UInt8(ascii: ",")]
    let mark = CRC32.of((identity.iccid?.digits ?? []) + separator + (identity.imsi?.digits ?? []))
    guard ledger.read(card: mark) else { return cardIsTheSame(now: now) }
    log(
      "limits", "another SIM, or another identity of it: what was learnt with the last is dropped",
      now)
    keepLimits(now: now)
  }

  // MARK: - Over restarts

  mutating func recallLimits(now: Instant) {
    guard plan.obeysLimits else {
      return log("limits", "off: the network is taken for a simulated one", now)
    }
    do {
      if let kept = try store.kept(.limits) {
        if let known = AccessLedger(kept, at: moment(now)) {
          ledger = known
        } else {
          log("limits", "what was kept can't be read: the counts begin anew", now)
        }
      }
    } catch {
      record.storeFailures += 1
    }
    if let counts = try? store.counts(), counts.delivered > 0 { ledger.hasConfirmed = true }
    ledger.countPending { backOff.wait(after: $0) }
    // A trial's failures are its own, and what the old settings met stays true for them.
    if !plan.isTrial, ledger.take(settings: settingsMark, chosen: chosenOperator) {
      log("limits", "the network's settings are others: one attempt at once", now)
      link.doubtUnshown()
    }
    if ledger.unanchored != nil {
      log(
        "limits", "nobody knows how long the board was off: only the time since its start counts",
        now)
    }
    agesAt = clock.utc(at: now) == nil ? nextAging(after: now) : nil
  }

  /// What has passed while the time of day isn't known is kept every now and then.
  mutating func ageLimits(now: Instant) {
    guard let due = agesAt, due <= now, case .waiting = cycle else { return }
    agesAt = nextAging(after: now)
    keepLimits(now: now)
    ageCommands(now: now)
  }

  private func nextAging(after now: Instant) -> Instant {
    now + max(AccessLimits.firstAging, min(now.sinceStart, AccessLimits.agingInterval))
  }

  /// The time of day is known. It is kept with the counts at once: a board without a clock of its own
  /// doesn't know it at its next start.
  mutating func datedLimits(_ utc: UTC, now: Instant) {
    ledger.timeIsKnown(utc, now: now)
    guard agesAt != nil else { return }
    agesAt = nil
    keepLimits(now: now)
  }

  /// The process ends, and may be the last one of this boot. A board that came up with the time of day
  /// needs none of it.
  mutating func agedLimits(now: Instant) {
    if agesAt != nil || clock.source == .network { keepLimits(now: now) }
    ageCommands(now: now)
  }

  mutating func keepLimits(now: Instant) {
    guard plan.obeysLimits else { return }
    do {
      try store.keep(ledger.encoded(at: moment(now)), in: .limits)
      ledger.unkeptSince = nil
    } catch {
      record.storeFailures += 1
      if ledger.unkeptSince == nil {
        ledger.unkeptSince = now
        log(
          "limits",
          "the counts can't be kept: a quarter of an hour between accesses until they can", now)
      }
    }
  }

  private func moment(_ now: Instant) -> AccessLedger.Moment {
    AccessLedger.Moment(
      now: now, utc: clock.utc(at: now), boot: plan.boot.isEmpty ? 0 : CRC32.of(plan.boot))
  }

  private var chosenOperator: PLMN? {
    if case .manual(let plmn)? = link.settings.network.operatorChoice { plmn } else { nil }
  }

  /// Of what decides whether the network and the server let the device in, but the operator.
  private var settingsMark: UInt32 {
    let network = link.settings.network
    var mark = CRC32()
    func add(_ bytes: [UInt8]) { mark.update(bytes + [0]) }
    add(network.accessPoint?.apn.bytes ?? [])
    switch network.accessPoint?.authentication {
    case .pap(let user, let password): add([1] + user.bytes + [0] + password.bytes)
    case .chap(let user, let password): add([2] + user.bytes + [0] + password.bytes)
    case .none?, nil: add([])
    }
    add([network.isRoamingAllowed.map { $0 ? 1 : 2 } ?? 0])
    for rat in network.rats { add(Array(rat.text.utf8)) }
    for plmn in network.blockedOperators { add(plmn.digits) }
    add([network.clearsForbidden ? 1 : 0, plan.fallsBack ? 1 : 0])
    add([network.psm == nil ? 0 : 1])
    add(plan.server.host.bytes)
    add([UInt8(plan.server.port >> 8), UInt8(truncatingIfNeeded: plan.server.port)])
    return mark.value
  }
}

extension ReportFailure {
  /// The layer of the ladder that it is evidence about.
  var rung: Rung {
    if case .link(let cause) = self { return cause.rung }
    return .socket
  }

  /// The refusal behind it, and what is done about that.
  fileprivate var refusal: (LimitReason, RejectTreatment)? {
    guard case .link(let cause) = self else { return nil }
    switch cause {
    case .notRegistered(_, let reject?): return Self.refusal(reject)
    case .contextRefused(let error?):
      if let reject = RejectCause(equipmentError: error) { return Self.refusal(reject) }
      return SessionCause(equipmentError: error).map {
        (.sessionRefused($0), RejectTreatment($0.consequence))
      }
    default: return nil
    }
  }

  private static func refusal(_ cause: RejectCause) -> (LimitReason, RejectTreatment) {
    (.refused(cause), RejectTreatment(cause.consequence))
  }
}

import AT
import Cellular
import Modems
import Primitives

/// To sleep, off, or given up.
extension Link {
  /// The owner wants rest, or nobody wants anything.
  mutating func restWanted(_ wish: Goal, now: Instant) {
    goal = wish
    attemptEnds = nil
    outbox = []
    if wish == .off { keepDeletions() }
    switch phase {
    case .resting:
      // An unknown module that nobody has talked to yet is left alone.
      if isUnknown, rest == nil { rest = (now, .assumedOff) }
      if wish == .off, let rest, rest.kind.isOn { return standUp(.powerOffRequested, now: now) }
      if let rest { emit(.asleep(rest.kind)) } else { start(now: now) }
    case .detecting: goOnDetecting(.noMorePulses, now: now)
    case .idle, .online, .searching, .activating, .opening, .pausing: advance(now: now)
    case .draining: if wish == .off { wakeUp(now: now) }
    case .holdingOff:
      // Nothing has been pressed yet: it rests already.
      phase = .resting
      if let rest { arrive(rest.kind, now: now) }
    case .awaitingStatus, .probing, .pressing, .booting, .working, .goingOff, .confirming:
      break  // It goes on from there as soon as that is over.
    }
  }

  /// The module takes commands and is to rest.
  mutating func goToRest(now: Instant) {
    if failure == nil, mayHandleMessages, beginChore(now: now) { return }
    if isPatient(now: now) { return }
    if modem.isLookDue, goal == .rest, failure == nil, settings.network.psm != nil {
      modem.isLookDue = false
      return run(setUp(), now: now)
    }
    enter(.draining, failure ?? (goal == .off ? .powerOffRequested : .released))
    if case .open(let target) = modem.socket, target.transport.isStream, failure == nil {
      return closeSocket(now: now)
    }
    if maySleep, rests(now: now) { return }
    if let startedAt, now < startedAt + module.power.minimumOn {
      phase = .pausing(until: startedAt + module.power.minimumOn)
      return
    }
    tries.powerOffs += 1
    guard tries.powerOffs <= LinkLimits.powerOffs else { return forceOff(now: now) }
    begin(module.powerOff, .powerOff, now: now)
  }

  /// After a report, and after a failure that was no fault of the module, its card or the network's
  /// registration: a server that is dead never costs a power cycle.
  private var maySleep: Bool {
    guard let failure = failure ?? modem.obstacle else { return goal == .rest }
    return goal != .off && (failure.rung == .socket || failure.rung == .context)
  }

  /// - Parameter active: how long the module stays reachable after its last connection.
  mutating func drain(_ active: Duration, now: Instant) {
    modem.drainSince = now
    var drain = Drain(until: now + active + limits.drainMargin)
    // Where the STATUS line is seen to work, it tells.
    if case .silence(let after) = module.sleepEvidence, isStatusOn != true {
      drain.askAt = now + active + after
    }
    phase = .draining(drain)
  }

  mutating func drainDue(_ drain: Drain, now: Instant) {
    if drain.until <= now { return sleepLate(now: now) }
    var asking = drain
    asking.askAt = nil
    phase = .draining(asking)
    process(engine.begin(.probe(timeout: module.power.probeTimeout), now: now), now: now)
  }

  /// An answer says only that it isn't asleep yet.
  mutating func drainAsked(_ answer: Answer, _ drain: Drain, now: Instant) {
    var next = drain
    if answer.outcome.isAnswered, case .silence(let after) = module.sleepEvidence {
      next.unanswered = 0
      next.askAt = now + after
    } else {
      next.unanswered += 1
      if next.unanswered >= module.power.probes { return arrive(.silence, now: now) }
      next.askAt = now
    }
    phase = .draining(next)
  }

  /// It was about to sleep, and something else is wanted of it.
  mutating func wakeUp(now: Instant) {
    engine.abandon()
    advance(now: now)
  }

  mutating func sleepLate(now: Instant) {
    engine.abandon()
    tally.missedSleeps += 1
    missedSleeps.missed(now: now)
    goal = .off
    state = .draining
    emit(.stateChanged(.draining, cause: .sleepIsLate))
    advance(now: now)
  }

  mutating func powerOffAnswered(_ answer: Answer, now: Instant) {
    guard answer.isOK else { return pause(now: now) }
    phase = .goingOff(until: now + module.power.offLimit)
  }

  /// The module doesn't turn itself off. Only where the STATUS line shows that it is on may the
  /// key be pressed: it would turn a module on that is off.
  mutating func forceOff(now: Instant) {
    guard isStatusOn == true, module.power.offPulse != nil, !isOffPressed else {
      return arrive(.assumedOff, now: now)
    }
    isOffPressed = true
    press(.off, now: now)
  }

  mutating func offLate(now: Instant) { forceOff(now: now) }

  /// It said so itself; where the STATUS line is wired, that confirms it.
  mutating func saidGoodbye(_ kind: SleepKind, now: Instant) {
    if isStatusOn == true {
      phase = .confirming(kind, until: now + limits.status)
    } else {
      arrive(kind, now: now)
    }
  }

  /// The module is at rest.
  mutating func arrive(_ kind: SleepKind, now: Instant) {
    closeUART()
    keptAttachment = kind.isOff ? .none : attachment
    if kind.isOff { hasWrittenSinceOff = false }
    rest = (now, kind)
    phase = .resting
    isOffPressed = false
    endSearch(now: now)
    noteAsleep(kind, now: now)
    modem = kept(through: kind)
    outbox = []
    dropChores()
    switch kind {
    case .psmURC, .statusLine, .silence: tally.sleeps += 1
    case .poweredOff: tally.powerOffs += 1
    case .assumedOff: tally.unconfirmedPowerOffs += 1
    case .registered, .radioOff: tally.standbys += 1
    }
    if let failure { return failed(failure, now: now) }
    switch kind {
    case .psmURC, .statusLine, .silence: enter(.asleep, .rested(kind))
    case .poweredOff, .assumedOff: enter(.off, .rested(kind))
    case .registered, .radioOff: enter(.standby, .rested(kind))
    }
    if case .online = goal {
      guard mayStartRadio(isReset: false) else {
        // Once it went by itself, the limit isn't what is wrong.
        let isItsOwn = tries.reboots > 0
        return failed(isItsOwn ? wentCause(kind) : .heldBack, now: now)
      }
      return powerUp(now: now)
    }
    emit(.asleep(kind))
  }

  // MARK: - What nobody asked for

  /// The module went off or asleep although something was wanted of it.
  mutating func wentAway(_ kind: SleepKind, now: Instant) {
    if state == .online {
      tellLoss(.rested(kind))
      if case .online = goal { goal = .rest }
    } else if case .online = goal {
      tries.reboots += 1
      // It woke, heard nothing of what it was told, and fell asleep over it.
      if case .working = phase, kind == .psmURC, !modem.hasAnswered { tries.deafSleeps += 1 }
      if tries.reboots > LinkLimits.reboots {
        failure = wentCause(kind)
      }
    }
    saidGoodbye(kind, now: now)
  }

  private func wentCause(_ kind: SleepKind) -> LinkCause {
    tries.deafSleeps > 0 ? .deaf : kind == .psmURC ? .rested(kind) : .rebooted
  }

  /// The module started anew: everything that was known of it is void.
  mutating func rebooted(isReady: Bool, now: Instant) {
    tally.reboots += 1
    engine.abandon()
    if state == .online {
      tellLoss(.rebooted)
      connectionIsOver()
    } else {
      tries.reboots += 1
    }
    endSearch(now: now)
    modem = Knowledge()
    modem.hasSaidReady = isReady
    // Its radio starts again, whoever wanted that.
    let isHeldBack = !noteRadioStart()
    if isHeldBack || tries.reboots > LinkLimits.reboots {
      if case .online = goal, failure == nil {
        failure = tries.reboots > LinkLimits.reboots ? .rebooted : .heldBack
      }
      // Nobody wants anything of it, and each start would begin its rest anew.
      if goal == .nothing { goal = .rest }
    }
    state = .starting
    emit(.stateChanged(.starting, cause: .rebooted))
    if isReady { started(.bootURC, now: now) } else { bootGoesOn(now: now) }
  }

  /// A command got no answer in time, or the line could not be brought back in step.
  mutating func unanswered(_ job: Job, _ outcome: Outcome, now: Instant) {
    if state == .online {
      tellLoss(.deaf)
      connectionIsOver()
      enter(.ready, .deaf)
    }
    tries.silences += 1
    if case .powerOff = job { return outcome == .deaf ? forceOff(now: now) : pause(now: now) }
    if outcome == .deaf || tries.silences >= LinkLimits.silences { return cyclePower(now: now) }
    if case .restart = job { return restarts(now: now) }
    if case .activate = job { return climbFromContext(error: nil, now: now) }
    advance(now: now)
  }

  /// The module doesn't answer: the only rung above all others.
  mutating func cyclePower(now: Instant) {
    engine.abandon()
    guard tries.powerCycles < LinkLimits.powerCycles, module.power.resetPulse != nil,
      mayStartRadio(isReset: true)
    else {
      return giveUpAtOnce(.deaf, now: now)
    }
    tries.powerCycles += 1
    tally.powerCycles += 1
    endSearch(now: now)
    modem = Knowledge()
    state = .starting
    emit(.stateChanged(.starting, cause: .deaf))
    press(.reset, now: now)
  }

  // MARK: - Giving up

  /// The attempt ends; the module, which takes commands, is turned off.
  mutating func giveUp(_ cause: LinkCause, now: Instant) {
    guard failure == nil else { return }
    failure = cause
    attemptEnds = nil
    switch phase {
    case .working where engine.isIdle: goToRest(now: now)
    case .pausing, .idle, .searching, .activating, .opening, .online: goToRest(now: now)
    case .resting, .detecting, .awaitingStatus, .probing, .holdingOff, .pressing, .booting,
      .working,
      .draining, .goingOff, .confirming:
      break  // As soon as that is over.
    }
  }

  /// The attempt ends; the module takes no commands.
  mutating func giveUpAtOnce(_ cause: LinkCause, now: Instant) {
    tellLoss(cause)
    if failure == nil { failure = cause }
    forceOff(now: now)
  }

  mutating func failed(_ cause: LinkCause, now: Instant) {
    failure = nil
    if isForgotten(after: cause), case .online = goal { return detect(cause, now: now) }
    tally.failures += 1
    let wish = goal
    goal = .nothing
    attemptEnds = nil
    // A module that didn't behave isn't taken at its word that it sleeps.
    if cause.rung == .power, let rest, !rest.kind.isOn { self.rest = (rest.since, .assumedOff) }
    switch rest?.kind {
    case .psmURC, .silence: enter(.asleep, cause)
    case .registered, .radioOff: enter(.standby, cause)
    case .statusLine where state == .asleep || state == .draining: enter(.asleep, cause)
    case .statusLine, .poweredOff, .assumedOff, nil: enter(.failed(cause.rung), cause)
    }
    emit(.failed(cause))
    if wish == .rest || wish == .off, let rest { emit(.asleep(rest.kind)) }
  }
}

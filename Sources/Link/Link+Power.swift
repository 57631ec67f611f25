import AT
import Cellular
import Modems
import Primitives

/// Finding out whether the module is on, and turning it on.
extension Link {
  mutating func start(now: Instant) {
    guard case .resting = phase, rest == nil else { return }
    if isUnknown {
      if case .online = goal { detect(.connectRequested, now: now) }
      return
    }
    enter(.starting, .processStarted)
    if settings.hasStatusLine {
      guard let isStatusOn else {
        phase = .awaitingStatus(until: now + limits.status)
        return
      }
      statusKnown(isStatusOn, now: now)
    } else {
      probe(now: now)
    }
  }

  mutating func connect(_ target: LinkTarget, _ allowance: Allowance, now: Instant) {
    goal = .online(target)
    self.allowance = allowance
    take(allowance.wish)
    (modem.isForMessagesOnly, modem.obstacle, modem.messagesAt) = (false, nil, nil)
    if state == .online, modem.socket == .open(target) { return emit(.online) }
    if state == .online {
      outbox = []
      enter(.registered, .connectRequested)
    }
    tries = Tries()
    attemptEnds = now + attemptLimit
    switch phase {
    case .resting:
      if rest == nil { return start(now: now) }
      if let refusal = refusal(of: target) { return failed(refusal, now: now) }
      powerUp(now: now)
    case .online, .idle: advance(now: now)
    case .draining: wakeUp(now: now)
    case .detecting, .awaitingStatus, .probing, .holdingOff, .pressing, .booting, .working,
      .pausing, .searching, .activating, .opening, .goingOff, .confirming:
      break  // It goes on from there as soon as that is over.
    }
  }

  mutating func statusChanged(_ isOn: Bool, now: Instant) {
    let before = isStatusOn
    isStatusOn = isOn
    switch phase {
    case .detecting: goOnDetecting(.statusLine(isOn: isOn), now: now)
    case .awaitingStatus: statusKnown(isOn, now: now)
    case .booting(var boot):
      // It started, and went off again before it was asked: nothing more will come of this pulse.
      if boot.isShownOn, !isOn { return wentAway(.statusLine, now: now) }
      if isOn {
        boot.statusBy = nil
        boot.isShownOn = boot.isPulsed
      }
      phase = .booting(boot)
    case .draining where !isOn: arrive(.statusLine, now: now)
    case .working(.powerOff) where !isOn: arrive(.poweredOff, now: now)
    case .goingOff where !isOn: arrive(.poweredOff, now: now)
    case .confirming(let kind, _) where !isOn: arrive(kind, now: now)
    case .working, .pausing, .idle, .searching, .activating, .opening, .online:
      if before == true, !isOn { wentAway(.statusLine, now: now) }
    case .resting:
      awakeUntil = nil
      if isOn { cameOn(now: now) } else { wentOff(now: now) }
    case .probing, .holdingOff, .pressing, .draining, .goingOff, .confirming: break
    }
  }

  /// A module that was given up as off is on after all, late after its key or by another's hand.
  /// Nobody would turn it off before the next attempt, so it is asked, and put to rest. One that
  /// sleeps in PSM wakes by itself for its tracking area update, and is given time to go back.
  private mutating func cameOn(now: Instant) {
    guard !isUnknown, let rest, !rest.kind.isOn else { return }
    if rest.kind.isOff { return takeInHand(now: now) }
    tally.ownWakes += 1
    let active = restPlan?.activeTime ?? .zero
    awakeUntil = now + module.power.bootLimit + active + limits.drainMargin
  }

  /// It woke by itself and didn't go back to sleep: the network may have taken PSM back, so what is
  /// granted is looked at first.
  mutating func staysAwake(now: Instant) {
    tally.missedSleeps += 1
    modem = Knowledge()
    (modem.isWarm, modem.isLookDue, modem.origin) = (true, true, rest?.kind)
    takeInHand(now: now)
  }

  private mutating func takeInHand(now: Instant) {
    awakeUntil = nil
    goal = .rest
    tries = Tries()
    enter(.starting, .statusOn)
    openUART(isInStep: false)
    awaitAnswer(now: now)
  }

  /// The process started, and the STATUS line says so much.
  private mutating func statusKnown(_ isOn: Bool, now: Instant) {
    guard isOn else { return foundOff(.statusLine, .statusOff, now: now) }
    modem.wasFoundRunning = true
    openUART(isInStep: false)
    awaitAnswer(now: now)
  }

  private mutating func foundOff(_ kind: SleepKind, _ cause: LinkCause, now: Instant) {
    closeUART()
    // Where nobody knows since when, it has been long enough for a pulse.
    rest = (rest?.since ?? restedBefore ?? now + (.zero - module.power.rest), kind)
    restedBefore = nil
    phase = .resting
    if let failure { return failed(failure, now: now) }
    enter(.off, cause)
    switch goal {
    case .online: powerUp(isKnownOff: true, now: now)
    case .nothing: break
    case .rest, .off: emit(.asleep(kind))
    }
  }

  // MARK: - Is anybody there?

  mutating func probe(now: Instant) {
    openUART(isInStep: false)
    probe(left: module.power.probes, now: now)
  }

  private mutating func probe(left: Int, now: Instant) {
    phase = .probing(left: left)
    process(engine.begin(.probe(timeout: module.power.probeTimeout), now: now), now: now)
  }

  mutating func probed(_ answer: Answer, left: Int, now: Instant) {
    let isThere = answer.outcome.isAnswered
    if !isThere, left > 1 { return probe(left: left - 1, now: now) }
    modem.wasFoundRunning = rest == nil && (isThere || hasHeard)
    if isThere { return started(.answered, now: now) }
    // Somebody is there who doesn't answer yet: it may be booting.
    if hasHeard { return awaitAnswer(now: now) }
    foundOff(.assumedOff, .silent, now: now)
  }

  /// Whether any byte has come since the UART was opened.
  private var hasHeard: Bool { engine.counters.bytesReceived > heardBefore }

  /// The module is on, or may be: it is asked until it answers, and never pulsed meanwhile.
  mutating func awaitAnswer(now: Instant) {
    let boot = Boot(isPulsed: false, pollAt: now, until: now + module.power.bootLimit)
    phase = .booting(boot)
    bootDue(boot, now: now)
  }

  // MARK: - The power key

  /// From rest to a pulse of the power key; to none where the module woke by itself.
  ///
  /// - Parameter isKnownOff: whether it has just been asked in vain.
  mutating func powerUp(
    _ cause: LinkCause = .connectRequested, isKnownOff: Bool = false, now: Instant
  ) {
    awakeUntil = nil
    if isUnknown { return detect(cause, now: now) }
    if let rest, rest.kind.isOn { return standUp(cause, now: now) }
    failure = nil
    modem = Knowledge()
    if !module.power.turnsOff, !isKnownOff {
      enter(.starting, cause)
      return probe(now: now)
    }
    if mayRun, !isKnownOff {
      enter(.starting, cause)
      openUART(isInStep: false)
      return probe(left: 1, now: now)
    }
    modem.isWarm = startKind == .warm
    modem.origin = rest?.kind
    if modem.isWarm { tally.warmWakes += 1 } else { tally.coldStarts += 1 }
    enter(.starting, cause)
    if cutsSupply() { return press(.supply, now: now) }
    if isStatusOn == true || (modem.isWarm && module.power.wakesByUART) {
      openUART(isInStep: true)
      return awaitAnswer(now: now)
    }
    hold(.on, now: now)
  }

  /// Whether nobody knows that it is off, and the pulse that is to start it would turn it off.
  private var mayRun: Bool {
    rest?.kind == .assumedOff && isStatusOn == nil && module.power.startPulseStops
      && !(allowance.cutsSupply && settings.hasSupplySwitch)
  }

  /// The rung above the power key, for a module that the key didn't bring back.
  private mutating func cutsSupply() -> Bool {
    guard allowance.cutsSupply, settings.hasSupplySwitch, !modem.isWarm,
      mayStartRadio(isReset: true)
    else { return false }
    allowance.cutsSupply = false
    return true
  }

  /// Some modules start with their supply, others wait for their key.
  mutating func suppliedAgain(now: Instant) {
    if settings.hasStatusLine { statusKnown(isStatusOn == true, now: now) } else { probe(now: now) }
  }

  /// Presses the key as soon as the module can notice it.
  private mutating func hold(_ pulse: Pulse, now: Instant) {
    let ready = rest.map { $0.since + module.power.rest } ?? now
    if now < ready {
      phase = .holdingOff(pulse, until: ready)
    } else {
      press(pulse, now: now)
    }
  }

  mutating func press(_ pulse: Pulse, now: Instant) {
    closeUART()
    phase = .pressing(pulse, until: now + length(of: pulse))
    if pulse == .supply {
      tally.supplyCuts += 1
      effects.append(.cutSupply(true))
    } else {
      tally.powerKeyPulses += 1
      effects.append(.setPowerKey(asserted: true))
    }
  }

  private func length(of pulse: Pulse) -> Duration {
    switch pulse {
    case .on: module.power.onPulse
    case .off: module.power.offPulse ?? module.power.onPulse
    case .reset: module.power.resetPulse ?? module.power.onPulse
    case .supply: LinkLimits.supplyCut
    }
  }

  mutating func pressed(_ pulse: Pulse, now: Instant) {
    effects.append(pulse == .supply ? .cutSupply(false) : .setPowerKey(asserted: false))
    switch pulse {
    case .supply: phase = .holdingOff(.supply, until: now + LinkLimits.supplyRise)
    case .off: phase = .goingOff(until: now + module.power.offLimit)
    case .on, .reset:
      rest = nil
      startedAt = now
      openUART(isInStep: true)
      let power = module.power
      let boot = Boot(
        isPulsed: true, pollAt: now + power.pollFrom, until: now + power.bootLimit,
        statusBy: settings.hasStatusLine && isStatusOn != true ? now + power.statusLimit : nil)
      phase = .booting(boot)
    }
  }

  // MARK: - Booting

  mutating func bootDue(_ boot: Boot, now: Instant) {
    if boot.until <= now { return notStarted(boot, now: now) }
    if let statusBy = boot.statusBy, statusBy <= now { return notStarted(boot, now: now) }
    guard let pollAt = boot.pollAt, pollAt <= now, engine.isIdle else { return }
    var waiting = boot
    waiting.pollAt = nil
    phase = .booting(waiting)
    process(engine.begin(.probe(timeout: module.power.probeTimeout), now: now), now: now)
  }

  mutating func polled(_ answer: Answer, _ boot: Boot, now: Instant) {
    if answer.outcome.isAnswered { return started(.answered, now: now) }
    var next = boot
    next.pollAt = now
    phase = .booting(next)
    bootDue(next, now: now)
  }

  /// The module has begun to boot: its last word, or an answer, is to come.
  mutating func bootGoesOn(now: Instant) {
    let until = now + module.power.bootLimit
    phase = .booting(
      Boot(isPulsed: false, pollAt: now + module.power.pollAfterBoot, until: until))
  }

  /// The module takes commands.
  mutating func started(_ cause: LinkCause, now: Instant) {
    engine.abandon()
    noteReady(now: now)
    rest = nil
    tries.pulses = 0
    tries.boots = 0
    // It boots, and hears nothing: asked once more, it would only fall asleep again.
    let canReset = module.power.resetPulse != nil && tries.powerCycles < LinkLimits.powerCycles
    if tries.deafSleeps > 0, cause == .bootURC, canReset, allowance.resets > 0,
      allowance.radioStarts > 0
    {
      return cyclePower(now: now)
    }
    enter(.ready, cause)
    advance(now: now)
  }

  private mutating func notStarted(_ boot: Boot, now: Instant) {
    engine.abandon()
    if rest?.kind.isOn == true { forgetStandby() }
    if mayBeLate(boot) {
      tries.hasWaited = true
      let until = now + module.power.bootLimit * LinkLimits.lateBoot
      phase = .booting(Boot(isPulsed: true, pollAt: now, until: until))
      return
    }
    if isRestartNext(after: boot), !boot.isAsked { return askBeforeRestart(boot, now: now) }
    tries.pulses += 1
    if boot.isPulsed { tally.ignoredPulses += 1 }
    let canReset =
      module.power.resetPulse != nil && tries.powerCycles < LinkLimits.powerCycles
      && allowance.resets > 0 && allowance.radioStarts > 0
    // Where it is to rest, and STATUS shows how it stands, it isn't started to be told so.
    if goal == .rest || goal == .off, let isStatusOn {
      return isStatusOn ? forceOff(now: now) : arrive(.poweredOff, now: now)
    }
    if isStatusOn == true, !canReset { return giveUpAtOnce(.deaf, now: now) }
    guard tries.pulses < LinkLimits.pulses else { return giveUpAtOnce(.keyIgnored, now: now) }
    // A module that shows that it is on, or that has been pulsed in vain before, is restarted.
    let isLast = tries.pulses + 1 == LinkLimits.pulses
    guard canReset, isStatusOn == true || isLast, mayStartRadio(isReset: true) else {
      return press(.on, now: now)
    }
    tries.powerCycles += 1
    tally.powerCycles += 1
    tries.pulses = LinkLimits.pulses - 1
    modem.isWarm = false
    press(.reset, now: now)
  }

  /// Whether it seems to have taken its pulse, or the next one would undo that.
  private func mayBeLate(_ boot: Boot) -> Bool {
    guard boot.isPulsed, !tries.hasWaited, case .online = goal else { return false }
    return isStatusOn ?? (hasHeard || module.power.startPulseStops)
  }

  /// Whether the STATUS line shows that the module is off, and the next pulse would restart it.
  private func isRestartNext(after boot: Boot) -> Bool {
    boot.isPulsed && isStatusOn == false && module.power.resetPulse != nil
      && tries.powerCycles < LinkLimits.powerCycles && tries.pulses + 2 == LinkLimits.pulses
  }

  /// The STATUS line may be broken. A module that runs all the same answers, and isn't restarted;
  /// to one that is off, three bytes do no harm.
  private mutating func askBeforeRestart(_ boot: Boot, now: Instant) {
    var asked = boot
    asked.isAsked = true
    asked.statusBy = nil
    asked.pollAt = now
    asked.until = now + module.power.probeTimeout
    phase = .booting(asked)
    bootDue(asked, now: now)
  }

  // MARK: - UART

  mutating func openUART(isInStep: Bool) {
    engine.reset(isInStep: isInStep)
    heardBefore = engine.counters.bytesReceived
    if isUARTOpen { return }
    isUARTOpen = true
    effects.append(.openUART(baud: baud))
  }

  mutating func closeUART() {
    engine.reset(isInStep: true)
    guard isUARTOpen else { return }
    isUARTOpen = false
    effects.append(.closeUART)
  }
}

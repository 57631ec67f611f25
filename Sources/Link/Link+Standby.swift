import AT
import Cellular
import Modems
import Primitives

/// How the modem rests: the plan, the rests in which it stays on, and getting up from those.
extension Link {
  // MARK: - The plan

  /// Decides anew by what is granted now, and tells it where that is news.
  mutating func planRest(now: Instant) {
    let registration = modem.registration
    recallTimes(now: now)
    var situation = RestSituation(
      interval: settings.reportInterval, currents: module.restTraits.currents, times: times)
    if settings.network.psm != nil {
      situation.activeTime = registration?.activeTime?.duration
    }
    situation.periodicTAU = registration?.periodicTAU?.duration
    situation.hasEDRX = modem.edrx?.cycle != nil
    situation.isPSMProvable = isSleepProvable
    situation.isPSMMissed = missedSleeps.areTooMany(now: now)
    if settings.obeysLimits {
      situation.startGap = .milliseconds(86_400_000 / Int64(max(1, module.power.startsPerDay)))
    } else {
      situation.attachGap = .zero
    }
    situation.sleepsLightly = sleepsLightly
    situation.isAssisted =
      registration?.technology == .nbIoT && module.socket?.sendLast != nil && !isLastRefused
      && !settings.network.takesMessages
    let plan = SleepPlan.decide(situation, settings.rest)
    if restPlan?.isAlike(plan) != true { emit(.restPlanned(plan)) }
    restPlan = plan
  }

  /// Whether its falling asleep can be known at all.
  private var isSleepProvable: Bool {
    module.sleepEvidence != .statusLine || isStatusOn != nil
  }

  private var sleepsLightly: Bool {
    switch module.restTraits.lightSleep {
    case .none: false
    case .dtr: settings.hasDTR && !isLightSleepRefused
    case .uart: settings.network.psm != nil
    }
  }

  /// What the module forgets, and where it may rest while it is on, that it may sleep meanwhile.
  var wakeParts: [Exchange] { module.wake + lightSleepIfWanted }

  var lightSleepIfWanted: [Exchange] {
    guard case .dtr(let exchange) = module.restTraits.lightSleep, settings.hasDTR,
      !isLightSleepRefused
    else { return [] }
    switch settings.rest {
    case .least, .only(.edrx), .only(.radioOff): return [exchange]
    case .only(.psm), .only(.powerOff): return []
    }
  }

  /// Rests as planned.
  ///
  /// - Returns: false where it is to be turned off.
  mutating func rests(now: Instant) -> Bool {
    if !modem.isRadioOff { planRest(now: now) }
    switch restPlan?.rest {
    case .psm:
      guard let active = modem.registration?.activeTime?.duration else { return false }
      // A socket without a connection stays as it is: PSM drops it.
      drain(active, now: now)
    case .edrx: arrive(.registered, now: now)
    case .radioOff where modem.isRadioOff: arrive(.radioOff, now: now)
    case .radioOff: begin(module.radioOff, .radioOff, now: now)
    case .powerOff, nil: return false
    }
    return true
  }

  // MARK: - Standby

  /// What stays true while it rests.
  func kept(through kind: SleepKind) -> Knowledge {
    var kept = Knowledge()
    switch kind {
    case .registered:
      kept.socket = modem.socket
      kept.progress = modem.progress
      kept.isSecure = modem.isSecure
    case .radioOff: (kept.isRadioOff, kept.isRadioKnownOff) = (true, true)
    case .psmURC, .statusLine, .silence, .poweredOff, .assumedOff: break
    }
    return kept
  }

  /// It stayed on: no key is pressed. A module that sleeps lightly may lose the first `AT`.
  mutating func standUp(_ cause: LinkCause, now: Instant) {
    failure = nil
    modem.isWarm = true
    modem.origin = rest?.kind
    enter(.starting, cause)
    openUART(isInStep: true)
    awaitAnswer(now: now)
  }

  /// It isn't on any more, or started anew: nothing of it is known.
  mutating func forgetStandby() {
    if let since = rest?.since { rest = (since, .assumedOff) }
    modem = Knowledge()
  }

  /// Its STATUS line went off while it was to stay on.
  mutating func wentOff(now: Instant) {
    guard let kind = rest?.kind, kind.isOn else { return }
    rest = (now, .poweredOff)
    modem = Knowledge()
    enter(.off, .statusOff)
  }

  // MARK: - Times

  mutating func noteReady(now: Instant) {
    guard modem.readyAt == nil else { return }
    modem.readyAt = now
    guard let startedAt, now < startedAt + module.power.bootLimit else { return }
    times.boot = module.power.onPulse + (now - startedAt)
  }

  /// How long the first start took says nothing: the module may have had to search everywhere.
  mutating func noteRegistered(now: Instant) {
    guard let readyAt = modem.readyAt, modem.registeredAt == nil else { return }
    modem.registeredAt = now
    switch modem.origin {
    case .psmURC, .statusLine, .silence: if modem.isWarm { warmTimes.note(now - readyAt, now: now) }
    case .poweredOff, .assumedOff:
      if tally.coldStarts > 1 { coldTimes.note(now - readyAt, now: now) }
    case .radioOff: coldTimes.note(now - readyAt, now: now)
    case .registered, nil: break
    }
  }

  /// Only what the module tells by itself shows when the network let it go.
  mutating func noteAsleep(_ kind: SleepKind, now: Instant) {
    if kind == .psmURC || kind == .statusLine || kind == .silence { missedSleeps.slept() }
    guard kind == .psmURC || kind == .statusLine, let since = modem.drainSince,
      !modem.isReleaseAsked, let active = modem.registration?.activeTime?.duration
    else { return }
    tails.note(max(.zero, now - since - active), now: now)
  }

  /// What isn't known, or not any more, is assumed.
  private mutating func recallTimes(now: Instant) {
    let (assumed, interval) = (WakeTimes(), settings.reportInterval)
    times.warm = warmTimes.typical(interval: interval, now: now) ?? assumed.warm
    times.cold = coldTimes.typical(interval: interval, now: now) ?? assumed.cold
    times.tail = tails.typical(interval: interval, now: now)
  }
}

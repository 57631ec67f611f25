import AT
import Cellular
import Modems
import Primitives

/// What the module says by itself, in any state.
extension Link {
  mutating func unsolicited(_ line: [UInt8], now: Instant) {
    switch module.meaning(line) {
    case .booting: booting(now: now)
    case .ready: ready(now: now)
    case .sim(let state): card(state, now: now)
    case .registration(let heard): registrationHeard(heard, in: line, now: now)
    case .contextActivated(let error): contextActivated(error: error, now: now)
    case .socketOpened(let error): socketOpened(error: error, now: now)
    case .dataWaiting: dataWaiting(count: nil, now: now)
    case .dataAvailable(let count): dataWaiting(count: count, now: now)
    case .socketClosed: socketClosed(now: now)
    case .contextLost: contextLost(now: now)
    case .asleep: gone(.psmURC, now: now)
    case .poweredDown: gone(.poweredOff, now: now)
    case .other: otherURC(line)
    }
  }

  /// What is the same for every family.
  private mutating func otherURC(_ line: [UInt8]) {
    if line.isNamed("+CEDRXP") { return noteEDRX(in: [line]) }
    guard let notice = MessageNotice(line) else {
      tally.otherURCs += 1
      return
    }
    messageNoticed(notice)
  }

  private mutating func booting(now: Instant) {
    if isExpectingBoot {
      if rest?.kind.isOn == true { forgetStandby() }
      engine.abandon()
      tries.boots += 1
      // It begins again and again and never gets as far as taking commands: a supply that breaks
      // down at the radio's first current looks so.
      if tries.boots > LinkLimits.boots { return giveUpAtOnce(.rebooted, now: now) }
      return bootGoesOn(now: now)
    }
    rebooted(isReady: false, now: now)
  }

  private var isExpectingBoot: Bool {
    switch phase {
    case .booting, .probing: true
    default: false
    }
  }

  private mutating func ready(now: Instant) {
    if isExpectingBoot {
      modem.hasSaidReady = true
      // The answer to an `AT` that is on its way, or its time-out, says more than a text that may
      // have waited in the UART since long before.
      return engine.isIdle ? started(.bootURC, now: now) : ()
    }
    // The last word of a start in which an `AT` was answered first: a module that wakes may be
    // online by then.
    let isStarting = startedAt.map { now < $0 + module.power.bootLimit } ?? false
    if !modem.hasSaidReady, isStarting || !modem.isSetUp {
      modem.hasSaidReady = true
      return
    }
    rebooted(isReady: true, now: now)
  }

  private mutating func card(_ card: SIMState, now: Instant) {
    guard card == .ready, !modem.isSIMReady, modem.simSince != nil, case .pausing = phase else {
      return
    }
    advance(now: now)
  }

  mutating func socketClosed(now: Instant) {
    if case .opening = phase {
      modem.socket = .stale
      return advance(now: now)
    }
    guard case .open = modem.socket else { return }
    modem.socket = .stale
    lost(.socketClosed, now: now)
  }

  private mutating func contextLost(now: Instant) {
    modem.isContextActive = false
    modem.mustDeactivate = true
    modem.areServersSet = false
    if modem.socket != .none { modem.socket = .stale }
    if case .activating = phase { return climbFromContext(error: nil, now: now) }
    lost(.contextLost, now: now)
  }

  /// What was under the socket is gone. An exchange that is on its way is let finish.
  private mutating func lost(_ cause: LinkCause, now: Instant) {
    guard state == .online else {
      if case .opening = phase { advance(now: now) }
      return
    }
    if case .working = phase {
      tellLoss(cause)
      connectionIsOver()
      enter(.ready, cause)
    } else {
      lose(cause, now: now)
    }
  }

  private mutating func gone(_ kind: SleepKind, now: Instant) {
    engine.abandon()
    switch phase {
    case .draining, .goingOff: saidGoodbye(kind, now: now)
    case .working(.powerOff): saidGoodbye(kind, now: now)
    case .confirming, .resting, .holdingOff, .pressing: break
    case .booting:
      // It woke and went off again: the key may be needed once more.
      ignored(kind, now: now)
    case .detecting, .awaitingStatus, .probing, .working, .pausing, .idle, .searching,
      .activating, .opening, .online:
      wentAway(kind, now: now)
    }
  }

  private mutating func ignored(_ kind: SleepKind, now: Instant) {
    guard case .online = goal else { return saidGoodbye(kind, now: now) }
    wentAway(kind, now: now)
  }
}

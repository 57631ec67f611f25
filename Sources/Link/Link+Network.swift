import AT
import Cellular
import Modems
import Primitives

/// Registration and the data session.
extension Link {
  // MARK: - Registration

  mutating func search(now: Instant) {
    let since = modem.searchSince ?? now
    modem.searchSince = since
    enter(.searching, .connectRequested)
    let until = since + limits.search
    guard now < until else { return searchFailed(now: now) }
    phase = .searching(pollAt: now + limits.searchPoll, until: until)
  }

  mutating func searchDue(until: Instant, now: Instant) {
    if until <= now { return searchFailed(now: now) }
    begin(module.registration, .registration, now: now)
  }

  private mutating func searchFailed(now: Instant) {
    let registration = modem.registration
    giveUp(.notRegistered(registration?.status, registration?.rejectCause), now: now)
  }

  mutating func registrationRead(_ answer: Answer, now: Instant) {
    noteRegistration(in: answer.lines)
    advance(now: now)
  }

  mutating func noteRegistration(in lines: [[UInt8]]) {
    for line in lines {
      if let registration = Registration(readAnswer: line), line.isNamed("+CEREG") {
        note(registration)
      }
    }
  }

  /// Keeps and tells a registration. What its line doesn't grant isn't granted any more.
  private mutating func note(_ registration: Registration) {
    if modem.registration == registration { return }
    modem.registration = registration
    if registration.status.allowsData { modem.searchSince = nil }
    emit(.registration(registration))
  }

  mutating func registrationHeard(_ registration: Registration, now: Instant) {
    note(registration)
    switch phase {
    case .searching: if registration.status.allowsData { advance(now: now) }
    case .online(var times):
      if registration.status.allowsData {
        times.lossAt = nil
      } else if times.lossAt == nil {
        times.lossAt = now + limits.registrationLoss
      }
      phase = .online(times)
    case .resting, .awaitingStatus, .probing, .holdingOff, .pressing, .booting, .working, .pausing,
      .idle, .opening, .draining, .goingOff, .confirming:
      break  // Whoever needs it looks at it.
    }
  }

  // MARK: - Context

  mutating func activate(now: Instant) {
    guard tries.contexts < LinkLimits.contexts else {
      return giveUp(.contextRefused(error: nil), now: now)
    }
    tries.contexts += 1
    tally.contextActivations += 1
    begin(module.context.activate, .activate, now: now)
  }

  mutating func activationAnswered(_ answer: Answer, now: Instant) {
    if answer.isOK {
      modem.isContextActive = true
      modem.areServersSet = false
      return advance(now: now)
    }
    climbFromContext(error: answer.outcome.equipmentError, now: now)
  }

  /// The context can't be had. First it is taken down and asked for anew, since it may have
  /// survived an earlier run; then the registration is looked at; then the radio goes off and on.
  mutating func climbFromContext(error: Int?, now: Instant) {
    modem.isContextActive = false
    switch tries.contexts {
    case ...1:
      modem.mustDeactivate = true
      advance(now: now)
    case 2:
      modem.mustDeactivate = true
      begin(module.registration, .registration, now: now)
    default:
      guard tries.radioCycles < LinkLimits.radioCycles else {
        return giveUp(.contextRefused(error: error), now: now)
      }
      tries.radioCycles += 1
      tally.radioCycles += 1
      begin(module.radioOff, .radioOff, now: now)
    }
  }

  /// Whatever it answered: the context is down, or the activation that follows will tell.
  mutating func deactivated(now: Instant) {
    modem.mustDeactivate = false
    modem.isContextActive = false
    modem.areServersSet = false
    advance(now: now)
  }

  /// Sets the name servers, where a name has to be looked up by the module.
  mutating func servers(for target: LinkTarget) -> Exchange? {
    guard case .name = target.host, !modem.areServersSet,
      let exchange = module.context.setServers(settings.network.dnsServers)
    else { return nil }
    return withClock(exchange)
  }

  /// Reads the clock in front of a command that is sent anyway, while it isn't known: the network
  /// tells the time a moment after the registration.
  func withClock(_ exchange: Exchange) -> Exchange {
    Exchange.joined(clockIfWanted + [exchange])?.0 ?? exchange
  }

  /// Nothing where the module doesn't know the command: a device without the time still reports.
  var clockIfWanted: [Exchange] {
    modem.isClockKnown || isClockRefused ? [] : [module.clock]
  }

  /// Whatever it answered: a server that isn't set shows when the name isn't found. Only where the
  /// clock in front was refused, the rest of the line wasn't run.
  mutating func serversAnswered(_ answer: Answer, now: Instant) {
    if !answer.isOK, answer.lines.isEmpty, !clockIfWanted.isEmpty {
      isClockRefused = true
    } else {
      modem.areServersSet = true
      readClock(answer.lines, now: now)
    }
    advance(now: now)
  }
}

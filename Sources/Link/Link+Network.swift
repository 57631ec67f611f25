import AT
import Cellular
import Modems
import Primitives

/// Registration and the data session.
extension Link {
  // MARK: - Registration

  mutating func search(now: Instant) {
    // The search is over, and the messages are still to come.
    if let obstacle = modem.obstacle, hasMessagesInReach {
      return stayForMessages(obstacle, now: now)
    }
    let since = modem.searchSince ?? now
    modem.searchSince = since
    enter(.searching, .connectRequested)
    let until = since + searchLimit
    guard now < until else { return searchFailed(now: now) }
    phase = .searching(pollAt: now + limits.searchPoll, until: until)
  }

  /// How long a search is given.
  var searchLimit: Duration { allowance.search ?? limits.search }

  /// How long an attempt is given, with one search in it.
  var attemptLimit: Duration {
    max(limits.connect, searchLimit + limits.connect - limits.search)
  }

  mutating func searchDue(until: Instant, now: Instant) {
    if until <= now { return searchFailed(now: now) }
    modem.isCardDoubtful = true
    lookAtCard(now: now)
  }

  /// A multi-IMSI card may have taken another identity meanwhile.
  mutating func lookAtCard(now: Instant) {
    let parts = module.registrationReads + module.cardReads
    run(Batch(purpose: .registration, parts: parts), now: now)
  }

  mutating func readRegistration(now: Instant) {
    run(Batch(purpose: .registration, parts: module.registrationReads), now: now)
  }

  /// While the registration is gone, the module is given as long as for a search before it is turned
  /// off or its radio is: a multi-IMSI card may be changing its identity.
  mutating func isPatient(now: Instant) -> Bool {
    guard failure == nil, goal != .off, !modem.isRadioOff, let since = modem.searchSince,
      let registration = modem.registration, !registration.status.allowsData,
      now < since + searchLimit
    else { return false }
    phase = .searching(pollAt: now + limits.searchPoll, until: since + searchLimit)
    return true
  }

  /// The search is over, or given up.
  mutating func endSearch(now: Instant) {
    guard let since = modem.searchSince else { return }
    modem.searchSince = nil
    tally.searched += now - since
  }

  private mutating func searchFailed(now: Instant) {
    if let step = rescue(now: now) { return begin(step, now: now) }
    endSearch(now: now)
    let registration = modem.registration
    let cause = registration?.rejectCause ?? modem.rejectCause
    // After a refusal it searches on, and is refused again: the refusal is what counts.
    let status = modem.wasDenied ? .denied : registration?.status
    giveUpRegistered(.notRegistered(status, cause), now: now)
  }

  /// Takes what the module answered. A URC that came meanwhile is newer than an answer that differs
  /// from it: in a joined line the answer may be older than the line's end by a good part of a second.
  mutating func noteRegistration(in lines: [[UInt8]], now: Instant) {
    for line in lines {
      guard let registration = Registration(readAnswer: line) else { continue }
      if let index = module.registrations.firstIndex(where: { line.isNamed($0) }),
        modem.newsOfRegistration & 1 << UInt8(index) != 0,
        modem.registrations[index]?.status != registration.status
      {
        continue
      }
      note(registration, in: line, now: now)
    }
  }

  /// Keeps a registration under the name of its line, and tells what that makes of the whole. What
  /// the line doesn't grant isn't granted any more.
  private mutating func note(_ registration: Registration, in line: [UInt8], now: Instant) {
    let before = modem.registration
    let names = module.registrations
    guard let index = names.firstIndex(where: { line.isNamed($0) }) else { return }
    if modem.registrations.isEmpty {
      modem.registrations = [Registration?](repeating: nil, count: names.count)
    }
    modem.registrations[index] = registration
    guard let whole = modem.registration, whole != before else { return }
    modem.rejectCause = whole.status.allowsData ? nil : whole.rejectCause ?? modem.rejectCause
    modem.wasDenied = !whole.status.allowsMessages && (modem.wasDenied || whole.status == .denied)
    if whole.status.allowsData {
      endSearch(now: now)
    } else if before?.status.allowsData == true {
      modem.searchSince = now
    }
    emit(.registration(whole))
  }

  mutating func registrationHeard(_ heard: Registration, in line: [UInt8], now: Instant) {
    if let index = module.registrations.firstIndex(where: { line.isNamed($0) }) {
      modem.newsOfRegistration |= 1 << UInt8(index)
    }
    note(heard, in: line, now: now)
    guard let registration = modem.registration else { return }
    switch phase {
    case .searching: if registration.status.allowsData { advance(now: now) }
    case .online(var times):
      if registration.status.allowsData {
        times.lossAt = nil
      } else if times.lossAt == nil {
        times.lossAt = now + limits.registrationLoss
      }
      phase = .online(times)
    case .detecting, .resting, .awaitingStatus, .probing, .holdingOff, .pressing, .booting,
      .working, .pausing,
      .idle, .activating, .opening, .draining, .goingOff, .confirming:
      break  // Whoever needs it looks at it.
    }
  }

  // MARK: - eDRX

  /// Nothing where the module doesn't know the command.
  var edrxIfWanted: [Exchange] {
    guard case .cycle? = settings.network.edrx, module.hasEDRX, !isEDRXRefused else { return [] }
    return [StandardSettings.edrxGrant]
  }

  /// Tells what is news of `+CEDRXRDP` and `+CEDRXP`.
  mutating func noteEDRX(in lines: [[UInt8]]) {
    for line in lines where line.isNamed("+CEDRXRDP") || line.isNamed("+CEDRXP") {
      guard let state = EDRXState(ParameterList(line)), state != modem.edrx else { continue }
      modem.edrx = state
      emit(.edrx(state))
    }
  }

  // MARK: - Context

  mutating func activate(now: Instant) {
    guard tries.contexts < LinkLimits.contexts else {
      return giveUpRegistered(.contextRefused(error: nil), now: now)
    }
    tries.contexts += 1
    tally.contextActivations += 1
    modem.activationResult = nil
    activate(from: 0, now: now)
  }

  private var activation: [Exchange] {
    guard tries.contexts > 1, let atLength = module.context.activateAtLength else {
      return module.context.activate(network)
    }
    return atLength(network)
  }

  private mutating func activate(from step: Int, now: Instant) {
    let steps = activation
    if step < steps.count { return begin(steps[step], .activate(step), now: now) }
    guard let limit = module.context.activationLimit else { return activated(now: now) }
    phase = .activating(until: now + limit)
    if let error = modem.activationResult { activationEnded(error: error, now: now) }
  }

  mutating func activationAnswered(_ answer: Answer, step: Int, now: Instant) {
    let steps = activation
    if answer.isOK || (step < steps.count && steps[step].mayFail) {
      return activate(from: step + 1, now: now)
    }
    climbFromContext(error: answer.outcome.equipmentError, now: now)
  }

  /// The module says how the activation ended, be it before the last OK.
  mutating func contextActivated(error: Int, now: Instant) {
    modem.activationResult = error
    if case .activating = phase { activationEnded(error: error, now: now) }
  }

  private mutating func activationEnded(error: Int, now: Instant) {
    if error == 0 { activated(now: now) } else { climbFromContext(error: error, now: now) }
  }

  private mutating func activated(now: Instant) {
    modem.isContextActive = true
    modem.mustDeactivate = false
    modem.areServersSet = false
    advance(now: now)
  }

  /// The context can't be had. First it is taken down and asked for anew, since it may have
  /// survived an earlier run; then the registration is looked at; then the radio goes off and on,
  /// unless it was the network that refused, which another start of the radio won't change.
  mutating func climbFromContext(error: Int?, now: Instant) {
    modem.isContextActive = false
    switch tries.contexts {
    case ...1:
      modem.mustDeactivate = true
      advance(now: now)
    case 2:
      modem.mustDeactivate = true
      readRegistration(now: now)
    default:
      let isNetworks = error.map { SessionCause(equipmentError: $0) != nil } ?? false
      guard !isNetworks, tries.radioCycles < LinkLimits.radioCycles, mayStartRadio(isReset: false)
      else {
        return giveUpRegistered(.contextRefused(error: error), now: now)
      }
      tries.radioCycles += 1
      tally.radioCycles += 1
      begin(module.radioOff, .radioOff, now: now)
    }
  }

  mutating func deactivate(now: Instant) {
    guard let exchange = module.context.deactivate else { return deactivated(now: now) }
    begin(exchange, .deactivate, now: now)
  }

  /// Whatever it answered: the context is down, or the activation that follows will tell.
  mutating func deactivated(now: Instant) {
    modem.mustDeactivate = false
    modem.isContextActive = false
    modem.areServersSet = false
    advance(now: now)
  }

  /// Whether the module can't look the target's name up, or not at the servers that are wanted.
  func isAddressWanted(_ target: LinkTarget) -> Bool {
    guard case .name = target.host, let socket = module.socket else { return false }
    if socket.wantsAddressForUDP, target.transport == .udp { return true }
    let servers = settings.network.dnsServers
    if servers.isEmpty { return false }
    return modem.areServersRefused || module.context.setServers(servers) == nil
  }

  /// The owner has a moment to look the name up, over a socket to a name server's address, before
  /// the module goes to rest.
  mutating func askForAddress(now: Instant) {
    goal = .nothing
    modem.isForMessagesOnly = settings.network.takesMessages
    emit(.addressWanted)
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
    let parts = clockIfWanted + [exchange]
    guard let (whole, count) = joined(parts), count == parts.count else { return exchange }
    return whole
  }

  /// Nothing where the module doesn't know the command: a device without the time still reports.
  var clockIfWanted: [Exchange] {
    modem.isClockKnown || isClockRefused ? [] : [module.clock]
  }

  /// Where the clock in front was refused, the rest of the line wasn't run. A module that doesn't
  /// take the servers looks names up elsewhere: then the owner asks them.
  mutating func serversAnswered(_ answer: Answer, now: Instant) {
    if !answer.isOK, answer.lines.isEmpty, !clockIfWanted.isEmpty {
      isClockRefused = true
    } else {
      modem.areServersSet = true
      modem.areServersRefused =
        !answer.isOK || !ContextCommands.keeps(settings.network.dnsServers, answer.lines)
      readClock(answer.lines, now: now)
    }
    advance(now: now)
  }
}

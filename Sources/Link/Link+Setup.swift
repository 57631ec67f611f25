import AT
import Cellular
import Modems
import Primitives

/// From "takes commands" to "set up, with a card in it".
extension Link {
  /// Nothing is on its way: does the first thing that is still missing for what is wanted.
  mutating func advance(now: Instant) {
    switch goal {
    case .nothing:
      if modem.isForMessagesOnly, beginChore(now: now) { return }
      phase = .idle(until: now + limits.idle)
    case .rest, .off: goToRest(now: now)
    case .online(let target):
      if let failure { return attemptFailed(failure, now: now) }
      approach(target, now: now)
    }
  }

  private mutating func approach(_ target: LinkTarget, now: Instant) {
    if let refusal = refusal(of: target) { return giveUp(refusal, now: now) }
    if startsAnew(now: now) { return }
    if !modem.isSetUp { return run(setUp(), now: now) }
    if !modem.wrongSettings.isEmpty { return writeSettings(now: now) }
    if modem.needsRestart { return restart(now: now) }
    if modem.isRadioOff { return begin(module.radioOn, .radioOn, now: now) }
    if !modem.isSIMReady { return lookAtSIM(now: now) }
    if let step = operatorStep(now: now) { return begin(step, now: now) }
    if failure != nil { return }
    guard let registration = modem.registration, registration.status.allowsData else {
      return search(now: now)
    }
    if registration.status.isAbroad, network.isRoamingAllowed == false {
      return giveUp(.roamingForbidden, now: now)
    }
    if modem.isCardDoubtful {
      modem.isCardDoubtful = false
      return lookAtCard(now: now)
    }
    noteRegistered(now: now)
    if state != .online { enter(.registered, .registered) }
    if let obstacle = modem.obstacle { return stayForMessages(obstacle, now: now) }
    if module.socket == nil, settings.network.takesMessages {
      return stayForMessages(.noSocketCommands, now: now)
    }
    if modem.isContextActive == nil || isElsewhere { return run(lookAtContext(), now: now) }
    if allowance.renewsContext, modem.isContextActive == true {
      allowance.renewsContext = false
      modem.mustDeactivate = true
    }
    if modem.mustDeactivate { return deactivate(now: now) }
    if modem.isContextActive == false { return activate(now: now) }
    if let exchange = servers(for: target) { return begin(exchange, .servers, now: now) }
    switch modem.socket {
    case .none:
      if isAddressWanted(target) { askForAddress(now: now) } else { open(target, now: now) }
    case .open(let other) where other == target: goOnline(now: now)
    case .stale, .open: closeSocket(now: now)
    }
  }

  // MARK: - Batches

  /// What is sent first: what the module forgets, and beside it what has to be known.
  func setUp() -> Batch {
    if modem.isWarm, !isNetworkNew {
      let reads = module.registrationReads + [module.context.query] + clockIfWanted + edrxIfWanted
      let wake = wakeParts + (settings.network.takesMessages ? MessageCommands.prepare : [])
      // Where each command has a line of its own, an echo that is back costs less than the line.
      let echo = module.dialect.joinsCommands ? [module.echoOff] : []
      return Batch(purpose: .resume, parts: wake + reads + echo)
    }
    var reads: [Exchange] = []
    for setting in module.settings where setting.isWanted(network) {
      // Two may be told by one answer.
      if !reads.contains(where: { $0.line == setting.read.line }) { reads.append(setting.read) }
    }
    if case .manual? = network.operatorChoice { reads += operatorReads }
    // One that has just booted with its radio off is registered nowhere.
    let isUnregistered = module.startsWithRadioOff && modem.hasSaidReady
    let looks = isUnregistered ? [] : module.registrationReads
    let parts = wakeParts + reads + looks + [module.echoOff]
    return Batch(purpose: .setup, parts: parts)
  }

  private func lookAtContext() -> Batch {
    let looks = clockIfWanted + edrxIfWanted + messagesIfWanted + operatorIfWanted
    return Batch(purpose: .context, parts: [module.context.query] + looks)
  }

  /// As many as the module takes on one line.
  func joined(_ parts: some Collection<Exchange>) -> (Exchange, count: Int)? {
    Exchange.joined(parts, limit: module.dialect.joinLimit)
  }

  mutating func run(_ batch: Batch, now: Instant) {
    var batch = batch
    let parts = batch.isSplit ? batch.parts.prefix(1) : batch.parts[...]
    guard let (exchange, count) = joined(parts) else { return ended(batch, now: now) }
    batch.inFlight = count
    modem.newsOfRegistration = 0
    begin(exchange, .batch(batch), now: now)
  }

  mutating func batchAnswered(_ batch: Batch, _ answer: Answer, now: Instant) {
    var batch = batch
    batch.lines += answer.lines
    if answer.isOK {
      batch.parts.removeFirst(batch.inFlight)
    } else if batch.purpose == .identity, !batch.lines.contains(where: { $0.isNamed("+CPIN") }) {
      batch.refusal = answer.outcome
      batch.parts = []
    } else if batch.inFlight == 1 {
      batch.refusal = answer.outcome
      batch.refused.append(batch.parts[0].line)
      if batch.parts[0].line == module.clock.line { isClockRefused = true }
      if batch.parts[0].line == StandardSettings.edrxGrant.line { isEDRXRefused = true }
      if batch.parts[0].line == OperatorCommands.read.line { isOperatorRefused = true }
      if batch.parts[0].line == module.cell?.line { isCellRefused = true }
      if batch.parts[0].line == OperatorCommands.readPIN.line { isPINRefused = true }
      if batch.parts[0].line == lightSleepIfWanted.first?.line { isLightSleepRefused = true }
      if batch.parts[0].line == MessageCommands.prepare[0].line { batch.isTextMode = true }
      batch.parts.removeFirst()
      batch.isSplit = false
    } else {
      // After an error the rest of the line isn't run. What has answered is done; of what follows,
      // one at a time, the first to be refused is the culprit, and the rest is joined again.
      batch.parts.removeFirst(batch.answered(by: answer.lines))
      batch.isSplit = true
    }
    if batch.parts.isEmpty { ended(batch, now: now) } else { run(batch, now: now) }
  }

  private mutating func ended(_ batch: Batch, now: Instant) {
    switch batch.purpose {
    case .setup:
      modem.isSetUp = true
      modem.mustDeactivate = modem.mustDeactivate || (isNetworkNew && modem.isWarm)
      isNetworkNew = false
      noteRegistration(in: batch.lines, now: now)
      noteOperator(in: batch.lines)
      modem.isRadioOff = modem.isRadioOff || mayBeRadioOff
      compareSettings(batch)
    case .resume:
      modem.isSetUp = true
      modem.isSIMReady = true
      modem.isPDUMode = settings.network.takesMessages && !batch.isTextMode
      noteRegistration(in: batch.lines, now: now)
      noteEDRX(in: batch.lines)
      modem.isContextActive = module.context.isActive(batch.lines)
      // One that was left open goes with its context.
      if modem.isContextActive == false, modem.socket != .none { modem.socket = .stale }
      if modem.registration?.status.allowsData != true, !edrxIfWanted.isEmpty {
        modem.isContextActive = nil  // What is granted shows only once it is registered.
      }
      modem.areServersSet = modem.isContextActive == true
      modem.isRadioOff = modem.isRadioOff || mayBeRadioOff
      readClock(batch.lines, now: now)
    case .identity: return identityRead(batch, now: now)
    case .registration:
      noteRegistration(in: batch.lines, now: now)
      lookAgain(at: batch.lines)
    case .messageMode: modem.isPDUMode = true  // Where it isn't, what follows is refused.
    case .listing: return listed(batch, now: now)
    case .deletion: break
    case .context:
      noteEDRX(in: batch.lines)
      noteOperator(in: batch.lines)
      messagesPrepared(batch)
      modem.isContextActive = module.context.isActive(batch.lines)
      readClock(batch.lines, now: now)
    }
    advance(now: now)
  }

  /// One that was found running may have been left with its radio off, by a process that ended or lost
  /// its power meanwhile: then it neither is registered nor searches.
  private var mayBeRadioOff: Bool {
    if modem.wasFoundRunning, modem.registration?.status == .idle { return true }
    return module.startsWithRadioOff && modem.registration?.status.allowsData != true
  }

  // MARK: - Stored settings

  private mutating func writeSettings(now: Instant) {
    let needsRadioOff = modem.wrongSettings.contains { storedSettings[$0].needsRadioOff }
    if needsRadioOff, !modem.isRadioOff {
      guard mayStartRadio(isReset: false) else { return giveUp(.heldBack, now: now) }
      return begin(module.radioOff, .radioOff, now: now)
    }
    write(way: 0, now: now)
  }

  private mutating func write(way: Int, now: Instant) {
    let setting = storedSettings[modem.wrongSettings[0]]
    let ways = setting.writes(network)
    guard way < ways.count else { return writeRefused(now: now) }
    tally.settingWrites += 1
    noteWriting(modem.wrongSettings[0])
    begin(ways[way], .write(way: way), now: now)
  }

  mutating func writeAnswered(_ answer: Answer, way: Int, now: Instant) {
    // Another connection may have been asked for meanwhile: then all of them are read anew.
    if modem.wrongSettings.isEmpty { return advance(now: now) }
    guard answer.isOK else { return write(way: way + 1, now: now) }
    let index = modem.wrongSettings.removeFirst()
    noteWritten(index)
    if storedSettings[index].needsRestart { modem.needsRestart = true }
    modem.writeRound = 1
    advance(now: now)
  }

  /// A module that has just booted refuses at first what it takes a moment later. What it refuses
  /// for good is left as it is: whether it matters is for the network to say.
  private mutating func writeRefused(now: Instant) {
    tally.refusedWrites += 1
    if modem.writeRound < LinkLimits.writes {
      modem.writeRound += 1
      return pause(now: now)
    }
    noteRefused(modem.wrongSettings.removeFirst())
    modem.writeRound = 1
    advance(now: now)
  }

  /// Once in an attempt: a module that forgets the setting all the same is taken as it is.
  private mutating func restart(now: Instant) {
    guard let exchange = module.restart, tries.restarts < LinkLimits.restarts else {
      modem.needsRestart = false
      return advance(now: now)
    }
    guard mayStartRadio(isReset: true) else { return giveUp(.heldBack, now: now) }
    tries.restarts += 1
    begin(exchange, .restart, now: now)
  }

  mutating func restartAnswered(_ answer: Answer, now: Instant) {
    if answer.isOK { return restarts(now: now) }
    modem.needsRestart = false
    advance(now: now)
  }

  /// It starts anew, as it was told to; its OK may have been lost over it.
  mutating func restarts(now: Instant) {
    tally.restarts += 1
    engine.abandon()
    endSearch(now: now)
    modem = Knowledge()
    startedAt = now
    enter(.starting, .settingsWritten)
    let pollAt = now + module.power.pollAfterRestart
    phase = .booting(Boot(isPulsed: false, pollAt: pollAt, until: pollAt + module.power.bootLimit))
  }

  /// Some modules refuse to turn the radio on so soon after they turned it off. One that goes on
  /// refusing is restarted by command, which is the next rung.
  mutating func radioSwitched(isOff: Bool, _ answer: Answer, now: Instant) {
    if !isOff, !answer.isOK {
      if tries.radioRefusals < LinkLimits.radioRefusals {
        tries.radioRefusals += 1
        return pause(now: now)
      }
      if let exchange = module.restart, tries.restarts < LinkLimits.restarts,
        mayStartRadio(isReset: true)
      {
        tries.restarts += 1
        return begin(exchange, .restart, now: now)
      }
    }
    // Out of PSM the radio was off as far as the registration showed; a session that is there is.
    let isKept = modem.isWarm && !isOff && !modem.isRadioKnownOff && modem.isContextActive == true
    modem.isRadioOff = isOff
    modem.isRadioKnownOff = isOff
    modem.registrations = []
    if !isKept { modem.isContextActive = nil }
    modem.areServersSet = false
    modem.socket = .none
    endSearch(now: now)
    advance(now: now)
  }

  // MARK: - Card and identities

  private mutating func lookAtSIM(now: Instant) {
    if modem.simSince == nil { modem.simSince = now }
    run(Batch(purpose: .identity, parts: [module.sim] + module.identity + pinIfWanted), now: now)
  }

  private mutating func identityRead(_ batch: Batch, now: Instant) {
    var card: SIMState?
    for line in batch.lines where line.isNamed("+CPIN") { card = SIMState(line) }
    if card == .locked { return giveUp(.simLocked, now: now) }
    guard card == .ready else {
      let since = modem.simSince ?? now
      guard now < since + limits.sim else {
        return giveUp(.simMissing(error: batch.refusal?.equipmentError), now: now)
      }
      return pause(now: now)
    }
    modem.isSIMReady = true
    noteIdentity(in: batch.lines)
    if !isAnotherFound(now: now) { advance(now: now) }
  }

  private mutating func noteIdentity(in lines: [[UInt8]]) {
    var read = ModuleIdentity()
    module.readIdentity(lines, &read)
    identity = read
    emit(.identity(identity))
    if let isOn = OperatorCommands.isPINOn(lines) { emit(.pinIsOn(isOn)) }
  }

  /// The identities as they are read again while it searches, since a multi-IMSI card changes its own.
  private mutating func lookAgain(at lines: [[UInt8]]) {
    var read = ModuleIdentity()
    module.readIdentity(
      lines.filter { line in !module.registrations.contains { line.isNamed($0) } }, &read)
    guard let imsi = read.imsi, imsi != identity.imsi || read.iccid != identity.iccid else {
      return
    }
    (identity.imsi, identity.iccid) = (imsi, read.iccid)
    emit(.identity(identity))
  }

  /// Waits a little before something that was refused is tried again.
  mutating func pause(now: Instant) {
    let quarter = UInt64(max(0, limits.retry.wholeMilliseconds)) / 4
    let jitter = Duration.milliseconds(Int64(random.next(below: quarter + 1)))
    phase = .pausing(until: now + limits.retry + jitter)
  }

  mutating func readClock(_ lines: [[UInt8]], now: Instant) {
    for line in lines where module.clock.answers.contains(where: { $0.matches(line) }) {
      guard let utc = module.readClock(line) else { continue }
      modem.isClockKnown = true
      return emit(.networkTime(utc))
    }
  }
}

extension Job {
  var isRadioOff: Bool {
    if case .radioOff = self { return true }
    return false
  }
}

extension Outcome {
  /// The number of a +CME ERROR.
  var equipmentError: Int? {
    if case .equipmentError(let code) = self { return code }
    return nil
  }
}

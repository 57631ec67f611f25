import Primitives

/// The module's side of the air: from the first search to the RRC connection's end.
struct Radio: Sendable {
  enum Phase: Equatable, Sendable {
    case off
    /// Looking for a cell; `isPaused` between two attempts.
    case searching(isPaused: Bool)
    case attaching
    /// Refused; the module may try again by itself.
    case denied
    /// Registered before PSM, looking for its cell.
    case camping
    case camped
  }
  enum Connection: Equatable, Sendable { case none, connecting, connected }

  var phase = Phase.off
  var connection = Connection.none
  /// What waits for the RRC connection, in order.
  var pending: [RadioTask] = []
  /// Started and not done.
  var inFlight = 0
  var transmitsUntil = Instant.start
  var lastUplink = Instant.start
  var lastDownlink = Instant.start
  var refusals = 0
  var rejectCause: Int?
  /// Which of the network's operators is used or tried.
  var serving = 0
  /// Those that refused the module until its radio stops.
  var barred: [Int] = []
  /// Kept by the network through PSM.
  var registration: Registration?
  var sleepsWhenIdle = false
  /// The next tail is short: a release assistance indication was sent.
  var assistedRelease = false
  var releasesAfterDownlink = false
  var reported: [RegistrationKind: RegistrationView] = [:]
  /// Lines that wait for a registration, by their serial.
  var waiters: [Int] = []
  /// Whether this firmware repeats the LTE registration in +CREG and +CGREG; others say 0 and 4
  /// (johncobb/catm1_bg96#9, zephyrproject-rtos/zephyr#98812).
  var mirrorsRegistration = true
  var searchFailures = 0
  /// The network that it had is gone.
  var isLost = false
  /// The last `+CEDRXP`.
  var reportedExtendedDRX: [UInt8]?

  mutating func stop() {
    phase = .off
    connection = .none
    pending = []
    inFlight = 0
    transmitsUntil = .start
    sleepsWhenIdle = false
    assistedRelease = false
    releasesAfterDownlink = false
    waiters = []
    reported = [:]
    refusals = 0
    rejectCause = nil
    barred = []
    searchFailures = 0
    isLost = false
    reportedExtendedDRX = nil
  }

  mutating func forgetNetwork() { registration = nil }

  func draw(at now: Instant) -> PowerDraw {
    if now < transmitsUntil { return .transmitting }
    if connection != .none { return .connected }
    switch phase {
    case .off: return .radioOff
    case .searching(let isPaused): return isPaused ? .idle : .searching
    case .attaching, .camping: return .searching
    case .denied, .camped: return .idle
    }
  }
}

/// What the network granted.
struct Registration: Equatable, Sendable {
  /// T3324 and T3412 extended, 8 bits as text; nil: no PSM.
  var activeTime: [UInt8]?
  var periodicTAU: [UInt8]?
  var extendedDRX: GrantedExtendedDRX?
}

/// Something that needs the RRC connection.
enum RadioTask: Equatable, Sendable {
  case attach
  case update
  /// The number is the waiting line's serial.
  case openContext(Int, Int)
  case closeContext(Int, Int)
  case lookUp(NameQuery)
  case connect(SocketID)
  /// TLS, on a connection that is there.
  case handshake(SocketID)
  case uplink(SocketID, [UInt8], ReleaseAssistance)
  case downlink(SocketID, [UInt8])
  /// The peer closed; it comes behind what the peer sent.
  case hangUp(SocketID)
  /// The oldest message that the network keeps.
  case message
  /// There is room for messages again.
  case memoryAvailable
  /// A message of the host's; the number is the waiting line's serial.
  case submit(Int, [UInt8])
}

/// The third parameter of AT+QISENDEX (TS 24.301 §9.9.4.25).
enum ReleaseAssistance: Int, Sendable { case none, nothingFollows, oneAnswerFollows }

enum RadioEvent: Equatable, Sendable {
  case searchDone, camped, accessDone, release, activeTimer, periodicUpdate, transmitEnd, page
  case done(RadioTask)
}

extension SimulatedModem {
  /// Begins to look for the network, where everything that it takes is there.
  ///
  /// - Parameter isAnew: whether the radio was off, or in another's hands: a start that counts.
  mutating func startRadio(isAnew: Bool = true) {
    guard power.phase == .running, card == .ready, session.function == 1,
      !session.isDeregistered, radio.phase == .off
    else { return }
    if radio.registration != nil {
      radio.phase = .camping
      schedule(.radio(.camped), after: sample(network.timing.camp))
    } else {
      if isAnew { counters.radioStarts += 1 }
      search()
    }
    registrationChanged()
  }

  mutating func search() {
    radio.phase = .searching(isPaused: false)
    agenda.cancel(.radio(.searchDone))
    let known = stored.knowsCell && canServe
    let time = sample(known ? network.timing.knownSearch : network.timing.fullSearch)
    schedule(.radio(.searchDone), after: time)
  }

  /// Leaves the network, and what hangs on it, without a power-off.
  mutating func leaveNetwork() {
    closeAllSockets()
    packet = PacketState()
    let (waiters, reported) = (radio.waiters, radio.reported)
    radio.stop()
    (radio.waiters, radio.reported) = (waiters, reported)
    radio.forgetNetwork()
    agenda.cancelAll { event in
      switch event {
      case .radio, .socket, .dns, .message(.page): false
      case .power, .boot, .command, .complete, .urc, .text, .own, .payloadExpired, .babble,
        .ringEnds, .message(.unacknowledged):
        true
      }
    }
    registrationChanged()
  }

  mutating func perform(_ event: RadioEvent) {
    switch event {
    case .searchDone: searchDone()
    case .camped: camped()
    case .accessDone: connected()
    case .done(let task): done(task)
    case .release: released()
    case .activeTimer: activeTimerExpired()
    case .periodicUpdate: periodicUpdate()
    case .page: connect()
    case .transmitEnd: break
    }
  }

  private mutating func searchDone() {
    switch radio.phase {
    case .searching(isPaused: true), .denied: return search()
    case .off, .attaching, .camping, .camped: return
    case .searching(isPaused: false): break
    }
    guard canServe, chooseOperator() else {
      // Only operators that the card forbids: limited service.
      let isForbidden = canServe && stored.operatorMode != 1 && isAnyoneInReach
      radio.phase = isForbidden ? .denied : .searching(isPaused: true)
      radio.searchFailures += 1
      registrationChanged()
      // Out of service the module rests 30 s, later longer, and looks again for ever (BG95 Network
      // Searching Scheme V2.0 §8).
      return schedule(.radio(.searchDone), after: network.timing.searchPause)
    }
    radio.phase = .attaching
    request(.attach)
  }

  private mutating func camped() {
    guard radio.phase == .camping else { return }
    guard serving.verdict != .noCoverage else {
      radio.forgetNetwork()
      return search()
    }
    radio.phase = .camped
    registrationChanged()
    personality.radio.registered(&self)
    completeWaiters()
    if power.isUpdateDue {
      power.isUpdateDue = false
      request(.update)
    }
    if radio.pending.isEmpty { startActiveTimer() } else { connect() }
  }

  // MARK: - RRC connection

  /// Carries `task` out as soon as the RRC connection is there.
  mutating func request(_ task: RadioTask) {
    if radio.connection == .connected { return start(task) }
    radio.pending.append(task)
    connect()
  }

  mutating func connect() {
    let isReachable = radio.phase == .camped || radio.phase == .attaching
    guard isReachable, radio.connection == .none, !radio.pending.isEmpty else { return }
    radio.connection = .connecting
    radio.sleepsWhenIdle = false
    agenda.cancel(.radio(.activeTimer))
    schedule(.radio(.accessDone), after: sample(network.timing.access))
    transmitOnAir(for: .milliseconds(20))
  }

  private mutating func connected() {
    radio.connection = .connected
    messages.isBeyondReach = false
    counters.connections += 1
    if session.connectionReport == 1 { sendURC(personality.radio.connectionText(true)) }
    let tasks = radio.pending
    radio.pending = []
    for task in tasks where radio.connection == .connected { start(task) }
    offerMessages()
  }

  private mutating func start(_ task: RadioTask) {
    agenda.cancel(.radio(.release))
    radio.inFlight += 1
    let timing = network.timing
    var due = now
    var onAir = Duration.milliseconds(60)
    switch task {
    case .attach:
      due = now + sample(timing.attach)
      onAir = .milliseconds(200)
    case .update: due = now + sample(timing.trackingAreaUpdate)
    case .openContext, .closeContext: due = now + sample(timing.contextChange)
    case .lookUp: due = now + sample(timing.nameLookUp)
    case .connect: due = now + sample(timing.uplink)
    case .handshake:
      let time = handshakeTime()
      (due, onAir) = (now + time.total, time.onAir)
    case .uplink(_, let bytes, _):
      due = max(radio.lastUplink, now + sample(timing.uplink))
      radio.lastUplink = due
      onAir = airTime(ofPayload: bytes.count)
    case .downlink, .hangUp:
      due = max(radio.lastDownlink, now + sample(timing.downlink))
      radio.lastDownlink = due
      onAir = .milliseconds(5)
    case .message, .memoryAvailable, .submit:
      due = now + sample(timing.message)
      onAir = .milliseconds(100)
    }
    agenda.add(.radio(.done(task)), at: due)
    transmitOnAir(for: onAir)
  }

  /// The transmitter is on. A weak supply collapses here.
  private mutating func transmitOnAir(for time: Duration) {
    if faults.brownOuts > 0 {
      faults.brownOuts -= 1
      stored.knowsCell = false
      return collapse(to: .off)
    }
    radio.transmitsUntil = max(radio.transmitsUntil, now + time)
    agenda.add(.radio(.transmitEnd), at: radio.transmitsUntil)
  }

  private mutating func done(_ task: RadioTask) {
    radio.inFlight -= 1
    switch task {
    case .attach: attachAnswered()
    case .update: updateAccepted()
    case .openContext(let cid, let serial): contextOpened(cid, serial)
    case .closeContext(let cid, let serial): contextClosed(cid, serial)
    case .lookUp(let query): lookUpArrived(query)
    case .connect(let id): connectSocket(id)
    case .handshake(let id): endHandshake(id)
    case .uplink(let id, let bytes, let assistance): uplinkDone(id, bytes, assistance)
    case .downlink(let id, let bytes):
      if radio.releasesAfterDownlink { radio.assistedRelease = true }
      deliver(bytes, to: id)
    case .hangUp(let id): peerClosed(id)
    case .message: messageTaken()
    case .memoryAvailable: offerMessages()
    case .submit(let serial, let tpdu): submitted(serial, tpdu)
    }
    armRelease()
  }

  /// The base station counts from the last activity.
  private mutating func armRelease() {
    guard radio.connection == .connected, radio.inFlight == 0 else { return }
    agenda.cancel(.radio(.release))
    let timing = network.timing
    let tail = radio.assistedRelease ? timing.assistedTail : timing.inactivityTail
    schedule(.radio(.release), after: tail)
  }

  private mutating func released() {
    radio.connection = .none
    radio.assistedRelease = false
    radio.releasesAfterDownlink = false
    if session.connectionReport == 1 { sendURC(personality.radio.connectionText(false)) }
    guard radio.phase == .camped else { return }
    armPeriodicUpdate()
    personality.sleep.released(&self)
    startActiveTimer()
  }
}

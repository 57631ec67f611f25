import AT
import Cellular
import Modems
import Primitives

/// The socket: opening it, and what goes through it.
extension Link {
  // MARK: - Opening

  mutating func open(_ target: LinkTarget, now: Instant) {
    guard tries.sockets < LinkLimits.sockets else {
      return giveUp(.socketRefused(error: nil), now: now)
    }
    tries.sockets += 1
    let plain = module.socket.open(target)
    let exchange = withClock(plain)
    begin(exchange, .open(withClock: exchange.line != plain.line), now: now)
  }

  mutating func openAnswered(_ answer: Answer, withClock: Bool, now: Instant) {
    if answer.isOK {
      readClock(answer.lines, now: now)
      // The result may have come before the OK.
      if case .open = modem.socket { return advance(now: now) }
      if case .stale = modem.socket { return advance(now: now) }
      phase = .opening(until: now + module.socket.openLimit)
      return
    }
    if withClock, answer.lines.isEmpty {
      isClockRefused = true
      tries.sockets -= 1
      return advance(now: now)
    }
    modem.socket = .stale
    if tries.sockets > 1 {
      modem.isContextActive = nil
      modem.areServersSet = false
    }
    advance(now: now)
  }

  mutating func socketOpened(error: Int, now: Instant) {
    guard case .online(let target) = goal, isOpening else { return }
    if error == 0 {
      tally.socketsOpened += 1
      modem.socket = .open(target)
    } else {
      modem.socket = .stale
      noteOpenFailure(error)
    }
    guard case .opening = phase else { return }
    let isBusy = error != 0 && module.socket.failure(error) == .busy
    if isBusy, failure == nil { pause(now: now) } else { advance(now: now) }
  }

  private var isOpening: Bool {
    switch phase {
    case .opening, .working(.open): true
    default: false
    }
  }

  /// Evidence about its own layer only: a dead server never touches the context.
  private mutating func noteOpenFailure(_ error: Int) {
    switch module.socket.failure(error) {
    case .stale: break
    case .context:
      modem.isContextActive = false
      modem.mustDeactivate = true
    case .name:
      tries.names += 1
      modem.areServersSet = false
      if tries.names > 1 { failure = .nameNotFound }
    case .remote: failure = .serverUnreachable(error: error)
    case .busy: if tries.sockets >= LinkLimits.sockets { failure = .socketRefused(error: error) }
    }
  }

  mutating func openLate(now: Instant) {
    modem.socket = .stale
    modem.isContextActive = nil
    advance(now: now)
  }

  // MARK: - Online

  mutating func goOnline(now: Instant) {
    let wasOnline = state == .online
    enter(.online, .socketOpen)
    if !wasOnline {
      tries = Tries()
      tally.connections += 1
      emit(.online)
    }
    flow(now: now)
  }

  /// Does the next thing with the open socket, or waits.
  private mutating func flow(now: Instant) {
    if modem.mayHoldData, drainAt.map({ $0 <= now || !outbox.isEmpty }) ?? true {
      drainAt = nil
      return begin(module.socket.read, .read, now: now)
    }
    if let message = outbox.first {
      let part = Array(message.bytes.prefix(module.socket.sendLimit))
      return begin(module.socket.send(part), .send, now: now)
    }
    let isRegistered = modem.registration?.status.allowsData ?? true
    phase = .online(
      OnlineTimes(
        until: now + limits.online, drainAt: modem.mayHoldData ? drainAt : nil,
        lossAt: isRegistered ? nil : now + limits.registrationLoss))
  }

  mutating func onlineDue(_ times: OnlineTimes, now: Instant) {
    if let lossAt = times.lossAt, lossAt <= now {
      return lose(.registrationLost(modem.registration?.status ?? .unknown), now: now)
    }
    if times.until <= now { return lose(.idleForLong, now: now) }
    flow(now: now)
  }

  mutating func enqueue(_ bytes: [UInt8], _ expectsAnswer: Bool, now: Instant) {
    guard case .online(let target) = goal, state == .online, !bytes.isEmpty,
      outbox.count < LinkLimits.outbox,
      target.transport == .tcp || bytes.count <= module.socket.sendLimit
    else {
      tally.refusedSends += 1
      return
    }
    outbox.append(Message(bytes: bytes, expectsAnswer: expectsAnswer))
    if case .online = phase { flow(now: now) }
  }

  mutating func sendAnswered(_ answer: Answer, now: Instant) {
    switch answer.outcome {
    case .ok:
      tries.sends = 0
      messageTaken()
      afterTraffic(now: now)
    case .refused:
      tries.sends += 1
      guard tries.sends <= LinkLimits.sends else { return lose(.sendFailed, now: now) }
      pause(now: now)
    case .connect, .error, .equipmentError, .messageError, .errorText, .timedOut, .deaf,
      .oversized:
      lose(.socketClosed, now: now)
    }
  }

  private mutating func messageTaken() {
    guard !outbox.isEmpty else { return }
    outbox[0].bytes.removeFirst(min(module.socket.sendLimit, outbox[0].bytes.count))
    guard outbox[0].bytes.isEmpty else { return }
    isAnswerDue = outbox[0].expectsAnswer
    outbox.removeFirst()
    tally.messagesSent += 1
    emit(.sent)
  }

  mutating func dataWaiting(now: Instant) {
    modem.mayHoldData = true
    drainAt = nil
    if case .online = phase { flow(now: now) }
  }

  /// The module says that data is there only once until everything has been read, so a read with
  /// data is followed by another. After the answer that was waited for, that one is held back for
  /// a moment: if the owner now releases the link, it isn't needed.
  mutating func readAnswered(_ answer: Answer, now: Instant) {
    guard answer.isOK else { return lose(.socketClosed, now: now) }
    if answer.data.isEmpty {
      modem.mayHoldData = false
    } else {
      tally.messagesReceived += 1
      drainAt = isAnswerDue ? now + limits.drainRead : now
      isAnswerDue = false
      emit(.received(answer.data))
    }
    afterTraffic(now: now)
  }

  /// The owner may have changed its mind while the exchange was on its way.
  private mutating func afterTraffic(now: Instant) {
    if case .online(let target) = goal, modem.socket == .open(target) { return flow(now: now) }
    advance(now: now)
  }

  /// The connection is gone. The owner is told, and has a moment to ask for a new one before the
  /// module goes to rest.
  mutating func lose(_ cause: LinkCause, now: Instant) {
    tellLoss(cause)
    enter(.ready, cause)
    connectionIsOver()
    advance(now: now)
  }

  /// After a loss nothing is wanted until the owner asks; but what it asked for meanwhile, rest or
  /// power-off, stands.
  mutating func connectionIsOver() {
    if case .online = goal { goal = .nothing }
  }

  /// Forgets the socket and what was to go through it.
  mutating func tellLoss(_ cause: LinkCause) {
    if modem.socket != .none { modem.socket = .stale }
    modem.mayHoldData = false
    drainAt = nil
    isAnswerDue = false
    outbox = []
    tries = Tries()
    guard state == .online else { return }
    tally.lostConnections += 1
    emit(.connectionLost(cause))
  }
}

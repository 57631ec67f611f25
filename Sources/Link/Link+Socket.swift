import AT
import Cellular
import Modems
import Primitives

/// The socket: opening it, and what goes through it.
extension Link {
  // MARK: - Opening

  mutating func open(_ target: LinkTarget, now: Instant) {
    if let obstacle = obstacle(to: target) { return giveUpRegistered(obstacle, now: now) }
    modem.isSecure = target.transport.trust != nil
    guard tries.sockets < LinkLimits.sockets else {
      return giveUpRegistered(refused(error: nil), now: now)
    }
    tries.sockets += 1
    modem.progress = SocketProgress()
    modem.openingResult = nil
    secure(target, from: 0, now: now)
  }

  /// Does what the profile says comes next.
  mutating func takeStep(to target: LinkTarget, now: Instant) {
    guard let socket = sockets else { return }
    switch socket.open(target, modem.progress) {
    case .run(let plain):
      let exchange = withClock(plain)
      begin(exchange, .open(withClock: exchange.line != plain.line), now: now)
    case .await(let limit):
      phase = .opening(until: now + limit)
      if let error = modem.openingResult { socketOpened(error: error, now: now) }
    case .pause(let time): phase = .opening(until: now + time)
    case .open:
      tally.socketsOpened += 1
      modem.socket = .open(target)
      advance(now: now)
    }
  }

  mutating func openAnswered(_ answer: Answer, withClock: Bool, now: Instant) {
    guard let socket = sockets else { return }
    if withClock, !answer.isOK, answer.lines.isEmpty {
      isClockRefused = true
      return stepAgain(now: now)
    }
    readClock(answer.lines, now: now)
    var progress = modem.progress
    let failure = socket.note(answer, &progress)
    modem.progress = progress
    guard let failure else { return stepAgain(now: now) }
    modem.socket = .stale
    noteOpenFailure(failure, error: answer.outcome.equipmentError)
    if failure == .stale, tries.sockets > 1 {
      modem.isContextActive = nil
      modem.areServersSet = false
    }
    goOn(after: failure, now: now)
  }

  /// Goes on with the opening, unless something else is wanted by now.
  private mutating func stepAgain(now: Instant) {
    guard let target = openTarget else { return abandonOpening(now: now) }
    takeStep(to: target, now: now)
  }

  /// Where the socket that is being opened is still to go.
  var openTarget: LinkTarget? {
    guard case .online(let target) = goal, failure == nil, modem.isContextActive == true else {
      return nil
    }
    return target
  }

  mutating func abandonOpening(now: Instant) {
    modem.socket = .stale
    advance(now: now)
  }

  private mutating func goOn(after reason: SocketFailure, now: Instant) {
    if reason == .busy, failure == nil { pause(now: now) } else { advance(now: now) }
  }

  mutating func socketOpened(error: Int, now: Instant) {
    guard isOpening else {
      // A socket that was open, and of which the module now says that it failed, is closed.
      if error != 0 { socketClosed(now: now) }
      return
    }
    modem.openingResult = error
    guard case .opening = phase, let socket = sockets else { return }
    modem.openingResult = nil
    if error == 0 {
      modem.progress.step += 1
      return stepAgain(now: now)
    }
    modem.socket = .stale
    let failure = socket.failure(error)
    noteOpenFailure(failure, error: error)
    goOn(after: failure, now: now)
  }

  private var isOpening: Bool {
    switch phase {
    case .opening, .working(.open): true
    default: false
    }
  }

  /// Evidence about its own layer only: a dead server never touches the context.
  private mutating func noteOpenFailure(_ reason: SocketFailure, error: Int?) {
    switch reason {
    case .stale: break
    case .context:
      modem.isContextActive = false
      modem.mustDeactivate = true
    case .name:
      tries.names += 1
      modem.areServersSet = false
      if tries.names > 1 { failure = .nameNotFound }
    case .remote:
      failure = modem.isSecure ? refused(error: error) : .serverUnreachable(error: error)
    case .untrusted: failure = .serverUntrusted(error: error)
    case .busy: if tries.sockets >= LinkLimits.sockets { failure = refused(error: error) }
    }
  }

  /// Most modules don't tell a failed handshake from other trouble.
  private func refused(error: Int?) -> LinkCause {
    modem.isSecure ? .secureSocketRefused(error: error) : .socketRefused(error: error)
  }

  /// Nothing was said in time; or it was only to be waited.
  mutating func openLate(now: Instant) {
    if let target = openTarget, case .pause? = sockets?.open(target, modem.progress) {
      modem.progress.step += 1
      return takeStep(to: target, now: now)
    }
    modem.socket = .stale
    modem.isContextActive = nil
    advance(now: now)
  }

  /// Closes the socket that is open, or that may be.
  mutating func closeSocket(now: Instant) {
    guard let exchange = sockets?.close(modem.progress) else { return closed(now: now) }
    begin(exchange, .close, now: now)
  }

  /// Whatever it answered: it is closed, or its next opening will tell.
  mutating func closed(now: Instant) {
    modem.socket = .none
    advance(now: now)
  }

  // MARK: - Online

  mutating func goOnline(now: Instant) {
    let wasOnline = state == .online
    enter(.online, .socketOpen)
    if !wasOnline {
      planRest(now: now)
      tries = Tries()
      tally.connections += 1
      emit(.online)
    }
    flow(now: now)
  }

  /// Does the next thing with the open socket, or waits.
  private mutating func flow(now: Instant) {
    guard let socket = sockets, case .open(let target) = modem.socket else { return }
    if modem.mayHoldData, drainAt.map({ $0 <= now || !outbox.isEmpty }) ?? true {
      drainAt = nil
      let exchange = socket.read(modem.progress)
      let expected = modem.progress.available
      modem.progress.available = nil
      return begin(exchange, .read(expected: expected, mayFail: exchange.mayFail), now: now)
    }
    if let message = outbox.first {
      let part = Array(message.bytes.prefix(socket.sendLimit))
      if let last = sendLast(message, to: target) {
        return begin(last, .send(isLast: true), now: now)
      }
      let exchange = socket.send(part, target, modem.progress)
      return begin(exchange, .send(isLast: false), now: now)
    }
    if beginChore(now: now) { return }
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

  /// Release assistance is for one datagram behind which nothing else is wanted, on NB-IoT.
  private func sendLast(_ message: Message, to target: LinkTarget) -> Exchange? {
    guard message.isLast, message.expectsAnswer, outbox.count == 1, chores.isEmpty,
      !isLastRefused, target.transport == .udp, modem.registration?.technology == .nbIoT
    else { return nil }
    return sockets?.sendLast?(message.bytes, modem.progress)
  }

  mutating func enqueue(_ message: Message, now: Instant) {
    guard case .online(let target) = goal, state == .online, !message.bytes.isEmpty,
      outbox.count < LinkLimits.outbox, let socket = sockets,
      target.transport.isStream || message.bytes.count <= socket.sendLimit
    else {
      tally.refusedSends += 1
      return
    }
    outbox.append(message)
    if case .online = phase { flow(now: now) }
  }

  mutating func sendAnswered(_ answer: Answer, isLast: Bool, now: Instant) {
    let accepted = sockets?.accepted(answer)
    switch answer.outcome {
    case .error where isLast, .equipmentError where isLast:
      // Firmware that doesn't know it: then without.
      isLastRefused = true
      afterTraffic(now: now)
    case .ok where accepted != 0:
      if isLast { modem.isReleaseAsked = true }
      tries.sends = 0
      messageTaken(accepted)
      afterTraffic(now: now)
    case .refused, .ok:
      tries.sends += 1
      guard tries.sends <= LinkLimits.sends else { return lose(.sendFailed, now: now) }
      pause(now: now)
    case .connect, .error, .equipmentError, .messageError, .errorText, .timedOut, .deaf,
      .oversized:
      lose(.socketClosed, now: now)
    }
  }

  /// - Parameter count: how many bytes of it the module took; nil for as many as it may.
  private mutating func messageTaken(_ count: Int?) {
    guard !outbox.isEmpty, let socket = sockets else { return }
    outbox[0].bytes.removeFirst(min(count ?? socket.sendLimit, outbox[0].bytes.count))
    guard outbox[0].bytes.isEmpty else { return }
    isAnswerDue = outbox[0].expectsAnswer
    outbox.removeFirst()
    tally.messagesSent += 1
    emit(.sent)
  }

  mutating func dataWaiting(count: Int?, now: Instant) {
    modem.mayHoldData = true
    modem.progress.available = count
    drainAt = nil
    if case .online = phase { flow(now: now) }
  }

  /// The module says that data is there only once until everything has been read, so a read with
  /// data is followed by another. After the answer that was waited for, that one is held back for
  /// a moment: if the owner now releases the link, it isn't needed.
  ///
  /// - Parameter expected: how many bytes the module had said to wait. Once they are read, it says
  ///   so when there are more.
  mutating func readAnswered(_ answer: Answer, expected: Int?, mayFail: Bool, now: Instant) {
    guard answer.isOK || mayFail, let socket = sockets else {
      return lose(.socketClosed, now: now)
    }
    let data = socket.data(answer)
    if let expected, modem.progress.available == nil {
      let left = expected - data.count
      modem.mayHoldData = left > 0 && !data.isEmpty
      modem.progress.available = modem.mayHoldData ? left : nil
    } else if data.isEmpty {
      modem.mayHoldData = modem.progress.available != nil
    }
    if !data.isEmpty {
      tally.messagesReceived += 1
      drainAt = isAnswerDue ? now + limits.drainRead : now
      isAnswerDue = false
      emit(.received(data))
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
    dropChores()
    tries = Tries()
    guard state == .online else { return }
    tally.lostConnections += 1
    emit(.connectionLost(cause))
  }
}

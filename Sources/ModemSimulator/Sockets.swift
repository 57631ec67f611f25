import Primitives

/// One opening of one of the module's sockets. A number that is opened again is another opening, so
/// that what comes late for an earlier one is told apart.
public struct SocketID: Hashable, Sendable {
  /// As in AT+QIOPEN and its like.
  public let number: Int
  public let opening: UInt32

  public init(number: Int, opening: UInt32) {
    self.number = number
    self.opening = opening
  }
}

/// `.tls` is TCP with TLS in the module: the bytes of the effects are the plain ones, the encryption
/// isn't played.
public enum SocketTransport: Equatable, Sendable { case udp, tcp, tls }

public enum SocketFailure: Equatable, Sendable { case refused, unreachable, timedOut }

/// How socket work fails. The numbers are Quectel's (BG96 TCP/IP manual V1.0, §4); other families
/// say it their way.
enum SocketError: Int, Sendable {
  case ok = 0
  case unknown = 550
  case badParameter = 552
  case notSupported = 555
  case openContext = 561
  case inUse = 563
  case busyLookUp = 564
  case nameNotFound = 565
  case connectFailed = 566
  case timedOut = 569
  case sendCancelled = 571

  var text: ATText {
    switch self {
    case .ok: "operate successfully"
    case .unknown: "unknown error"
    case .badParameter: "invalid parameters"
    case .notSupported: "operation not supported"
    case .openContext: "open PDP context failed"
    case .inUse: "socket identity has been used"
    case .busyLookUp: "dns busy"
    case .nameNotFound: "dns parse failed"
    case .connectFailed: "socket connect failed"
    case .timedOut: "operation timeout"
    case .sendCancelled: "cancel sending"
    }
  }
}

struct Socket: Sendable {
  enum Phase: Int, Sendable { case initial, opening, connected, listening, closing }

  var id: SocketID
  let cid: Int
  var transport: SocketTransport
  var host: [UInt8]
  var port: UInt16
  let localPort: UInt16
  /// 0 buffer, 1 push.
  var mode: Int
  var phase = Phase.opening
  /// As long as the shell has a socket for it.
  var isReal = false
  /// What a TLS connection asks of its server.
  var security: TLSDemand?
  /// Why its handshake failed.
  var refusal: TLSRefusal?
  var address: [UInt8] = []
  var received: [[UInt8]] = []
  var receivedCount = 0
  var readCount = 0
  var sentCount = 0
  var deliveredCount = 0
  /// `+QIURC: "recv"` was given and the buffer not emptied since.
  var isAnnounced = false
  /// The line that waits for the opening, by its serial.
  var opener: Int?
  /// The line that waits for the close, by its serial.
  var closer: Int?

  var buffered: Int { receivedCount - readCount }
}

struct SocketTable: Sendable {
  var slots: [Socket?]
  var openings: UInt32 = 0
  var localPort: UInt16 = 49_152

  init(count: Int) { slots = [Socket?](repeating: nil, count: count) }

  /// nil too for a number that no socket has.
  subscript(number: Int) -> Socket? {
    get { slots.indices.contains(number) ? slots[number] : nil }
    set { if slots.indices.contains(number) { slots[number] = newValue } }
  }

  subscript(id: SocketID) -> Socket? {
    get {
      guard slots.indices.contains(id.number), slots[id.number]?.id == id else { return nil }
      return slots[id.number]
    }
    set { if slots[id.number]?.id == id { slots[id.number] = newValue } }
  }
}

enum SocketEvent: Equatable, Sendable {
  /// The look-up is done, or none was needed: the shell opens its socket.
  case reach(SocketID)
  case result(SocketID, SocketError)
  case established(SocketID)
  case timedOut(SocketID)
  case closeTimedOut(SocketID)
}

extension SimulatedModem {
  mutating func perform(_ event: SocketEvent) {
    switch event {
    case .reach(let id): reach(id, at: sockets[id]?.host ?? [])
    case .result(let id, let error): openResult(id, error)
    case .established(let id): openResult(id, .ok)
    case .timedOut(let id):
      if sockets[id]?.phase == .opening { openFailed(id, .timedOut) }
    case .closeTimedOut(let id): close(id)
    }
  }

  /// A socket in the place `number`, which must be free; nothing happens with it yet.
  mutating func newSocket(
    _ number: Int, cid: Int, transport: SocketTransport, host: [UInt8] = [], port: UInt16 = 0,
    localPort: UInt16 = 0, mode: Int = 0
  ) -> Socket {
    sockets.openings += 1
    sockets.localPort = sockets.localPort == 65_535 ? 49_152 : sockets.localPort + 1
    return Socket(
      id: SocketID(number: number, opening: sockets.openings), cid: cid, transport: transport,
      host: host, port: port, localPort: localPort == 0 ? sockets.localPort : localPort, mode: mode)
  }

  /// Turns a UDP socket to a peer, for stacks that name the peer with each datagram. The shell has
  /// one peer for each of its sockets, so another peer is another opening, and what the former one
  /// still sends is lost: the one point in which such a socket is worse than a real one.
  ///
  /// - Returns: false where the name means nothing. The look-up takes no time.
  mutating func aim(_ number: Int, at host: [UInt8], port: UInt16) -> Bool {
    guard var socket = sockets[number], case .address(let address) = network.resolve(host) else {
      return false
    }
    if socket.isReal, socket.address == address, socket.port == port { return true }
    if socket.isReal { effects.append(.closeSocket(socket.id)) }
    sockets.openings += 1
    socket.id = SocketID(number: number, opening: sockets.openings)
    (socket.host, socket.address, socket.port) = (host, address, port)
    (socket.phase, socket.isReal) = (.connected, true)
    sockets.slots[number] = socket
    effects.append(.openSocket(socket.id, .udp, host: address, port: port))
    return true
  }

  /// Starts an opening; `SocketTraits.opened` is called when it has ended.
  mutating func open(_ socket: Socket) {
    sockets.slots[socket.id.number] = socket
    schedule(.socket(.timedOut(socket.id)), after: personality.sockets.openLimit)
    if IPv4Address(socket.host) == nil {
      request(.lookUp(NameQuery(asker: .socket(socket.id), name: socket.host)))
    } else {
      let delay = sample(.milliseconds(10) ... .milliseconds(60))
      schedule(.socket(.reach(socket.id)), after: delay)
    }
  }

  /// The address is known. UDP needs nothing from the network to open; TCP does.
  mutating func reach(_ id: SocketID, at address: [UInt8]) {
    guard let socket = sockets[id], socket.phase == .opening else { return }
    sockets[id]?.address = address
    switch socket.transport {
    case .udp: connectSocket(id)
    case .tcp: request(.connect(id))
    case .tls: if !lacksCertificate(id) { request(.connect(id)) }
    }
  }

  mutating func connectSocket(_ id: SocketID) {
    guard let socket = sockets[id], socket.phase == .opening else { return }
    sockets[id]?.isReal = true
    effects.append(
      .openSocket(id, socket.transport, host: socket.address, port: socket.port))
  }

  mutating func socketOpened(_ id: SocketID) {
    guard let socket = sockets[id], socket.phase == .opening else { return }
    if socket.transport == .tls { return beginHandshake(id) }
    let delay = socket.transport == .tcp ? sample(network.timing.downlink) : .milliseconds(5)
    schedule(.socket(.established(id)), after: delay)
  }

  mutating func socketFailed(_ id: SocketID, _ failure: SocketFailure) {
    guard let socket = sockets[id] else { return }
    sockets[id]?.isReal = false
    switch socket.phase {
    case .opening:
      schedule(
        .socket(.result(id, failure == .timedOut ? .timedOut : .connectFailed)),
        after: sample(network.timing.downlink))
    case .connected where socket.transport != .udp:
      fromNetwork(.hangUp(id))
    case .initial, .connected, .listening, .closing: break
    }
  }

  private mutating func openResult(_ id: SocketID, _ error: SocketError) {
    guard let socket = sockets[id], socket.phase == .opening else { return }
    guard error == .ok else { return openFailed(id, error) }
    agenda.cancel(.socket(.timedOut(id)))
    sockets[id]?.phase = .connected
    openingEnded(id, .ok)
  }

  /// The number stays taken until the host closes it.
  mutating func openFailed(_ id: SocketID, _ error: SocketError) {
    guard let socket = sockets[id], socket.phase == .opening else { return }
    agenda.cancel(.socket(.timedOut(id)))
    if socket.isReal { effects.append(.closeSocket(id)) }
    sockets[id]?.isReal = false
    sockets[id]?.phase = .closing
    openingEnded(id, error)
  }

  private mutating func openingEnded(_ id: SocketID, _ error: SocketError) {
    session.lastSocketError = error
    if let socket = sockets[id] { personality.sockets.opened(&self, socket, error) }
  }

  // MARK: - Data

  enum Taken { case taken, full, refused }

  /// Takes a payload for sending, if there is room for it.
  mutating func take(
    _ payload: [UInt8], on number: Int, assistance: ReleaseAssistance = .none
  ) -> Taken {
    let traits = personality.sockets
    guard let socket = sockets[number], socket.phase == .connected, !payload.isEmpty,
      payload.count <= traits.payloadLimit
    else { return .refused }
    guard socket.sentCount - socket.deliveredCount + payload.count <= traits.sendLimit else {
      return .full
    }
    sockets.slots[number]?.sentCount += payload.count
    request(.uplink(socket.id, payload, assistance))
    return .taken
  }

  mutating func uplinkDone(_ id: SocketID, _ bytes: [UInt8], _ assistance: ReleaseAssistance) {
    guard let socket = sockets[id] else { return }
    sockets[id]?.deliveredCount += bytes.count
    if socket.isReal {
      counters.datagramsSent += 1
      effects.append(.sendOnSocket(id, bytes))
      personality.sockets.delivered(&self, socket, bytes)
    }
    if access.technology == .nbIoT {
      switch assistance {
      case .none:
        radio.assistedRelease = false
        radio.releasesAfterDownlink = false
      case .nothingFollows: radio.assistedRelease = true
      case .oneAnswerFollows: radio.releasesAfterDownlink = true
      }
    }
    if socket.closer != nil, socket.sentCount == socket.deliveredCount + bytes.count { close(id) }
  }

  /// The network has something for the module. It pages one that is idle; one that sleeps doesn't
  /// hear it.
  mutating func socketReceived(_ id: SocketID, _ bytes: [UInt8]) {
    guard let socket = sockets[id], socket.phase == .connected, power.phase == .running else {
      counters.datagramsMissed += 1
      return
    }
    fromNetwork(.downlink(id, bytes))
  }

  private mutating func fromNetwork(_ task: RadioTask) {
    if radio.connection == .none {
      radio.pending.append(task)
      schedule(.radio(.page), after: pagingDelay())
    } else {
      request(task)
    }
  }

  mutating func deliver(_ bytes: [UInt8], to id: SocketID) {
    guard var socket = sockets[id], socket.phase == .connected, !bytes.isEmpty,
      socket.buffered + bytes.count <= personality.sockets.receiveLimit
    else {
      counters.datagramsMissed += 1
      return
    }
    counters.datagramsReceived += 1
    socket.receivedCount += bytes.count
    let isNews = !socket.isAnnounced
    if personality.sockets.pushes(self, socket) {
      socket.readCount += bytes.count
    } else {
      socket.received.append(bytes)
      socket.isAnnounced = true
    }
    sockets[id] = socket
    personality.sockets.arrived(&self, socket, bytes, isNews)
  }

  /// At most `limit` bytes for the host: of one datagram (UDP), or of all that is there (TCP).
  mutating func read(_ number: Int, limit: Int) -> [UInt8] {
    guard var socket = sockets.slots[number] else { return [] }
    var bytes: [UInt8] = []
    while let first = socket.received.first, bytes.count < limit {
      let part = first.prefix(limit - bytes.count)
      bytes += part
      if part.count == first.count {
        socket.received.removeFirst()
      } else {
        socket.received[0] = Array(first.dropFirst(part.count))
      }
      if socket.transport == .udp { break }
    }
    socket.readCount += bytes.count
    if socket.received.isEmpty { socket.isAnnounced = false }
    sockets.slots[number] = socket
    return bytes
  }

  // MARK: - End

  mutating func socketClosed(_ id: SocketID) {
    guard sockets[id] != nil else { return }
    sockets[id]?.isReal = false
    if sockets[id]?.phase == .opening { return socketFailed(id, .refused) }
    fromNetwork(.hangUp(id))
  }

  mutating func peerClosed(_ id: SocketID) {
    guard sockets[id]?.phase == .connected else { return }
    sockets[id]?.phase = .closing
    if let socket = sockets[id] { personality.sockets.peerClosed(&self, socket) }
  }

  mutating func close(_ id: SocketID) {
    guard let socket = sockets[id] else { return }
    if socket.isReal { effects.append(.closeSocket(id)) }
    sockets.slots[id.number] = nil
    agenda.cancel(.socket(.timedOut(id)))
    agenda.cancel(.socket(.closeTimedOut(id)))
    let outcome = personality.sockets.closed(&self, socket)
    if let closer = socket.closer { complete(outcome, serial: closer) }
  }

  mutating func closeAllSockets() {
    for socket in sockets.slots {
      guard let socket else { continue }
      if socket.isReal { effects.append(.closeSocket(socket.id)) }
      sockets.slots[socket.id.number] = nil
    }
  }
}

import Primitives

/// One opening of one of the module's sockets. A number that is opened again is another opening, so
/// that what comes late for an earlier one is told apart.
public struct SocketID: Hashable, Sendable {
  /// 0...11, as in AT+QIOPEN.
  public let number: Int
  public let opening: UInt32

  public init(number: Int, opening: UInt32) {
    self.number = number
    self.opening = opening
  }
}

public enum SocketTransport: Equatable, Sendable { case udp, tcp }

public enum SocketFailure: Equatable, Sendable { case refused, unreachable, timedOut }

/// Results of the socket commands (BG96 TCP/IP manual V1.0, §4).
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

  let id: SocketID
  let cid: Int
  let transport: SocketTransport
  let host: [UInt8]
  let port: UInt16
  let localPort: UInt16
  /// 0 buffer, 1 push.
  let mode: Int
  var phase = Phase.opening
  /// As long as the shell has a socket for it.
  var isReal = false
  var address: [UInt8] = []
  var received: [[UInt8]] = []
  var receivedCount = 0
  var readCount = 0
  var sentCount = 0
  var deliveredCount = 0
  /// `+QIURC: "recv"` was given and the buffer not emptied since.
  var isAnnounced = false
  /// The line that waits for the close, by its serial.
  var closer: Int?

  var buffered: Int { receivedCount - readCount }
}

struct SocketTable: Sendable {
  static let count = 12
  /// Bytes kept for the host per socket; what doesn't fit is lost (the makers state no number).
  static let receiveLimit = 15_000
  /// Bytes taken and not yet on the air; beyond it, `SEND FAIL`.
  static let sendLimit = 10 * 1460
  var slots = [Socket?](repeating: nil, count: count)
  var openings: UInt32 = 0
  var localPort: UInt16 = 49_152

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
  /// An answer that needs no socket: `+QIOPEN: <number>,<error>`.
  case refused(Int, SocketError)
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
    case .refused(let number, let error): answerOpen(number, error)
    }
  }

  /// Starts an opening; its result comes as `+QIOPEN: <id>,<err>`.
  mutating func open(_ socket: Socket) {
    sockets.slots[socket.id.number] = socket
    schedule(.socket(.timedOut(socket.id)), after: .seconds(150))
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
    case .connected where socket.transport == .tcp:
      fromNetwork(.hangUp(id))
    case .initial, .connected, .listening, .closing: break
    }
  }

  private mutating func openResult(_ id: SocketID, _ error: SocketError) {
    guard let socket = sockets[id], socket.phase == .opening else { return }
    guard error == .ok else { return openFailed(id, error) }
    agenda.cancel(.socket(.timedOut(id)))
    sockets[id]?.phase = .connected
    answerOpen(socket.id.number, .ok)
  }

  /// The number stays taken until AT+QICLOSE.
  mutating func openFailed(_ id: SocketID, _ error: SocketError) {
    guard let socket = sockets[id], socket.phase == .opening else { return }
    agenda.cancel(.socket(.timedOut(id)))
    if socket.isReal { effects.append(.closeSocket(id)) }
    sockets[id]?.isReal = false
    sockets[id]?.phase = .closing
    answerOpen(socket.id.number, error)
  }

  /// Comes on the port that sent the command, wherever URCs go.
  private mutating func answerOpen(_ number: Int, _ error: SocketError) {
    session.lastSocketError = error
    let text: ATText = "+QIOPEN: \(number),\(error.rawValue)"
    transmit(session.profile.isVerbose ? crlf + text.bytes + crlf : text.bytes + crlf)
  }

  // MARK: - Data

  /// Takes what a prompt or AT+QISENDEX brought.
  mutating func sendPayload(
    _ payload: [UInt8], on number: Int, assistance: ReleaseAssistance = .none
  ) -> CommandOutcome {
    guard let socket = sockets.slots[number], socket.phase == .connected, !payload.isEmpty,
      payload.count <= payloadLimit
    else { return .error }
    guard socket.sentCount - socket.deliveredCount + payload.count <= SocketTable.sendLimit else {
      return .sent(isOK: false)
    }
    sockets.slots[number]?.sentCount += payload.count
    request(.uplink(socket.id, payload, assistance))
    return .sent(isOK: true)
  }

  mutating func uplinkDone(_ id: SocketID, _ bytes: [UInt8], _ assistance: ReleaseAssistance) {
    guard let socket = sockets[id] else { return }
    sockets[id]?.deliveredCount += bytes.count
    if socket.isReal {
      counters.datagramsSent += 1
      effects.append(.sendOnSocket(id, bytes))
    }
    if network.accessTechnology == .nbIoT {
      switch assistance {
      case .none: break
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
      schedule(.radio(.page), after: sample(network.timing.paging))
    } else {
      request(task)
    }
  }

  mutating func deliver(_ bytes: [UInt8], to id: SocketID) {
    guard var socket = sockets[id], socket.phase == .connected, !bytes.isEmpty,
      socket.buffered + bytes.count <= SocketTable.receiveLimit
    else {
      counters.datagramsMissed += 1
      return
    }
    counters.datagramsReceived += 1
    socket.receivedCount += bytes.count
    if socket.mode == 1 {
      socket.readCount += bytes.count
      sockets[id] = socket
      let mark: [UInt8] = session.viewsOnOneLine ? [UInt8(ascii: ",")] : crlf
      return sendURC("+QIURC: \"recv\",\(id.number),\(bytes.count)\(mark)\(bytes)")
    }
    socket.received.append(bytes)
    let isNews = !socket.isAnnounced
    socket.isAnnounced = true
    sockets[id] = socket
    guard isNews else { return }
    let length: ATText = session.namesReceivedLength ? ",\(bytes.count)" : ""
    sendURC("+QIURC: \"recv\",\(id.number)\(length)")
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
    sendURC("+QIURC: \"closed\",\(id.number)")
  }

  mutating func close(_ id: SocketID) {
    guard let socket = sockets[id] else { return }
    if socket.isReal { effects.append(.closeSocket(id)) }
    sockets.slots[id.number] = nil
    agenda.cancel(.socket(.timedOut(id)))
    agenda.cancel(.socket(.closeTimedOut(id)))
    if let closer = socket.closer { complete(.ok, serial: closer) }
  }

  mutating func closeAllSockets() {
    for socket in sockets.slots {
      guard let socket else { continue }
      if socket.isReal { effects.append(.closeSocket(socket.id)) }
      sockets.slots[socket.id.number] = nil
    }
  }
}

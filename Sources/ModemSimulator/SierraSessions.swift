import Primitives

/// How long a payload may take after its CONNECT (assumed).
private let sierraPayloadPatience = Duration.seconds(20)

extension SimulatedModem {
  // MARK: - The connection below the sessions

  /// Brings the connection up, where it isn't, and opens what waits for it. `+KCNX_IND: 1,4,1`
  /// says that it tries, `+KCNX_IND: 1,1,0` that it is up (HL7548 AT manual).
  mutating func raiseConnection() {
    if packet.active.contains(1) { return openWaitingSessions() }
    if isContextRequested { return }
    guard radio.phase == .camped, network.accepts(apn: sierra.connection?.apn ?? []) else {
      return connectionFailed()
    }
    schedule(.urc(Array("+KCNX_IND: 1,4,1".utf8)), after: .milliseconds(5))
    requestContext()
  }

  mutating func connectionAnswered(isOK: Bool) {
    guard isOK else { return connectionFailed() }
    sendURC("+KCNX_IND: 1,1,0")
    openWaitingSessions()
  }

  private mutating func connectionFailed() {
    schedule(.urc(Array("+KCNX_IND: 1,2,1,1,60".utf8)), after: .milliseconds(50))
    let waiting = sierra.waiting
    sierra.waiting = []
    for number in waiting { notify(number, .networkError, after: .milliseconds(60)) }
  }

  mutating func lowerConnection() {
    guard packet.active.contains(1) else { return }
    closeAllSockets()
    packet.active.removeAll { $0 == 1 }
    if radio.phase == .camped { request(.closeContext(1, 0)) }
  }

  mutating func connectionLost() {
    sendURC("+KCNX_IND: 1,0")
    for (number, socket) in sockets.slots.enumerated() where socket != nil {
      notify(number, .networkError)
    }
  }

  // MARK: - Sessions

  mutating func connectSession(_ number: Int) -> CommandOutcome {
    guard sockets[number] == nil else { return .equipmentError(910) }
    sierra.waiting.append(number)
    raiseConnection()
    return .ok
  }

  private mutating func openWaitingSessions() {
    let waiting = sierra.waiting
    sierra.waiting = []
    for number in waiting {
      guard let session = sierra.sessions[number] else { continue }
      switch session.transport {
      case .tcp, .tls:
        var socket = newSocket(
          number, cid: 1, transport: session.transport, host: session.host, port: session.port,
          localPort: session.localPort)
        if session.transport == .tls {
          guard let demand = sierraDemand else {
            notify(number, .secureStart)
            continue
          }
          socket.security = demand
        }
        open(socket)
      case .udp:
        openEndpoint(number, cid: 1, localPort: session.localPort)
        schedule(.urc(ATText("+KUDP_IND: \(number),1").bytes), after: .milliseconds(10))
      }
    }
  }

  mutating func sessionOpened(_ id: SocketID, _ error: SocketError) {
    if let refusal = sockets[id]?.refusal {
      let isMissing = refusal == .missingCertificate
      return notify(id.number, isMissing ? .certificate : .secureConnection)
    }
    switch error {
    case .ok: sendURC("+KTCP_IND: \(id.number),1")
    case .nameNotFound: notify(id.number, .dnsError)
    case .timedOut: notify(id.number, .connectTimeout)
    case .openContext: notify(id.number, .networkError)
    default: notify(id.number, .connectionError)
    }
  }

  /// `+KTCP_NOTIF: <id>,<n>`, also in the middle of an exchange (zephyrproject-rtos/zephyr#48036).
  mutating func notify(
    _ number: Int, _ notification: SierraNotification, after delay: Duration = .zero
  ) {
    guard sierra.sessions.indices.contains(number), let session = sierra.sessions[number] else {
      return
    }
    sierra.sessions[number]?.notification = notification
    let name: ATText = session.transport == .udp ? "+KUDP_NOTIF" : "+KTCP_NOTIF"
    let text: ATText = "\(name): \(number),\(notification.rawValue)"
    if delay == .zero { sendURC(text) } else { schedule(.urc(text.bytes), after: delay) }
  }

  // MARK: - Data

  /// CONNECT, so many bytes, the pattern, OK. The bytes are counted, so that a payload with the
  /// pattern in it passes; what is found to stand between them and the pattern is a mismatch, and
  /// so is a pattern that doesn't come (assumed: the facts have the notification 8 and not how it
  /// is found).
  mutating func promptSession(_ number: Int, count: Int) -> CommandOutcome {
    guard let socket = sockets[number], socket.phase == .connected, let execution else {
      return .equipmentError(910)
    }
    let event = OwnEvent("payload", number: number, serial: execution.serial)
    schedule(.own(event), after: sierraPayloadPatience)
    return .prompt(
      PayloadRequest(
        socket: number, count: count, prompt: framed("CONNECT"), pattern: sierra.pattern))
  }

  mutating func sessionPayload(_ request: PayloadRequest, _ payload: [UInt8]) -> CommandOutcome {
    guard payload.count == request.count, take(payload, on: request.socket) == .taken else {
      notify(request.socket, .lengthMismatch)
      return .error
    }
    return .ok
  }

  /// The payload is still short of what was told.
  mutating func sessionPayloadMissing(_ number: Int, serial: Int) {
    guard case .payload = input.phase, execution?.serial == serial else { return }
    input.phase = .waitingForA
    notify(number, .lengthMismatch)
    complete(.error)
  }

  /// `CONNECT`, at most `limit` bytes, the pattern. UDP then names the peer, behind the OK.
  mutating func receiveSession(_ number: Int, limit: Int) -> CommandOutcome {
    guard let socket = sockets[number], socket.phase != .opening else {
      return .equipmentError(910)
    }
    let data = read(number, limit: limit)
    inform("CONNECT")
    // The line end behind the pattern is that of the OK.
    informRaw(data + sierra.pattern)
    if socket.transport == .udp {
      let text: ATText = "+KUDP_RCV: \(quoted: socket.address),\(socket.port)"
      schedule(.urc(text.bytes), after: .milliseconds(2))
    }
    if let left = sockets[number]?.received.first?.count {
      let name: ATText = socket.transport == .udp ? "+KUDP_DATA" : "+KTCP_DATA"
      schedule(.urc(ATText("\(name): \(number),\(left)").bytes), after: .milliseconds(5))
    }
    return .ok
  }

  /// `+KTCP_DATA: <id>,<bytes>`, once until everything is read.
  mutating func sessionReceived(_ socket: Socket, _ bytes: [UInt8], isNews: Bool) {
    let number = socket.id.number
    switch socket.transport {
    case .tcp, .tls: if isNews { sendURC("+KTCP_DATA: \(number),\(bytes.count)") }
    case .udp:
      if sierra.sessions[number]?.dataMode == 1 {
        let peer: ATText = "\(quoted: socket.address),\(socket.port)"
        sendURC("+KUDP_DATA: \(number),\(bytes.count),\(peer),\(bytes)")
      } else if isNews {
        sendURC("+KUDP_DATA: \(number),\(bytes.count)")
      }
    }
  }

  /// `+KTCPSTAT: <state>,<notification>,<unsent>,<unread>`: 1 defined, 2 opening, 3 up, 5 closed.
  mutating func informStatus(_ number: Int) {
    let session = sierra.sessions[number]
    let socket = sockets[number]
    let state =
      switch socket?.phase {
      case nil: 1
      case .initial, .opening: 2
      case .connected, .listening: 3
      case .closing: 5
      }
    let notification = session?.notification.rawValue ?? -1
    let unsent = (socket?.sentCount ?? 0) - (socket?.deliveredCount ?? 0)
    inform("+KTCPSTAT: \(state),\(notification),\(unsent),\(socket?.buffered ?? 0)")
  }
}

extension SocketTraits {
  /// Sierra's K stack: six sessions, +KTCP_… and +KUDP_….
  static let sierra: SocketTraits = {
    var traits = SocketTraits()
    traits.numbers = 1...SierraState.sessionCount
    traits.payloadLimit = 1500
    traits.sendLimit = 17_520
    traits.payload = { modem, request, payload in modem.sessionPayload(request, payload) }
    traits.opened = { modem, socket, error in modem.sessionOpened(socket.id, error) }
    traits.pushes = { modem, socket in
      modem.sierra.sessions[socket.id.number]?.dataMode == 1
    }
    traits.arrived = { modem, socket, bytes, isNews in
      modem.sessionReceived(socket, bytes, isNews: isNews)
    }
    traits.peerClosed = { modem, socket in
      modem.notify(socket.id.number, .remoteDisconnected)
    }
    return traits
  }()
}

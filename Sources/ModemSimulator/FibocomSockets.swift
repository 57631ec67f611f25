import Primitives

extension SimulatedModem {
  // MARK: - The call

  /// `=1[,"<apn>"[,"<user>","<password>"]]`: OK at once, `+MIPCALL: <address>` when it is up;
  /// `=0`: OK, then `+MIPCALL: 0`.
  mutating func call(_ command: ATCommand) -> CommandOutcome {
    guard let state = command.number(0, 0...1) else { return .equipmentError(50) }
    let isUp = packet.active.contains(1)
    if state == 0 {
      guard isUp else { return .error }
      closeAllSockets()
      packet.active.removeAll { $0 == 1 }
      if radio.phase == .camped { request(.closeContext(1, 0)) }
      return .ok
    }
    guard let apn = command.string(1, otherwise: definition(1)?.apn ?? []), apn.count <= 100,
      let user = command.string(2, otherwise: []), let password = command.string(3, otherwise: [])
    else { return .equipmentError(50) }
    guard !isUp, !isContextRequested, radio.phase == .camped else { return .error }
    var context = definition(1) ?? ContextDefinition(cid: 1)
    (context.apn, context.user, context.password) = (apn, user, password)
    store(context)
    requestContext()
    return .ok
  }

  /// A call that failed says `+MIPCALL: 0`, as one that ended (assumed).
  mutating func callAnswered(isOK: Bool) {
    sendURC(isOK ? "+MIPCALL: \(network.address)" : "+MIPCALL: 0")
  }

  // MARK: - Sockets

  /// `=<id>[,<local port>],"<host>",<port>,<0 TCP, 1 UDP, 2 TLS>`. The local port may be empty or
  /// left out altogether.
  mutating func openFibocom(_ command: ATCommand) -> CommandOutcome {
    let host = command.string(1) == nil ? 2 : 1
    guard let number = command.number(0, 1...6),
      let localPort = host == 1 ? 0 : command.number(1, 0...65_535, otherwise: 0),
      let name = command.string(host), (1...255).contains(name.count),
      let port = command.number(host + 1, 1...65_535), let kind = command.number(host + 2, 0...2),
      command.arguments.count == host + 3
    else { return .equipmentError(50) }
    guard sockets[number] == nil, packet.active.contains(1) else { return .error }
    var socket = newSocket(
      number, cid: 1, transport: [.tcp, .udp, .tls][kind], host: name, port: UInt16(port),
      localPort: UInt16(localPort))
    if kind == 2 { socket.security = fibocomDemand }
    open(socket)
    return .ok
  }

  /// `+MIPOPEN: <id>,1`, or `+MIPSTAT: <id>,<n>`; then the number is free again (assumed).
  fileprivate mutating func fibocomOpened(_ socket: Socket, _ error: SocketError) {
    let number = socket.id.number
    guard error != .ok else { return sendURC("+MIPOPEN: \(number),1") }
    close(socket.id)
    sendURC("+MIPSTAT: \(number),1")
  }

  /// OK ends the payload; half of the firmwares say `+MIPSEND: <id>,<status>,<free>` before it.
  /// `+MIPPUSH: <id>,0` follows when the data is on its way.
  fileprivate mutating func fibocomPayload(
    _ request: PayloadRequest, _ payload: [UInt8]
  ) -> CommandOutcome {
    let number = request.socket
    guard take(payload, on: number) == .taken, let socket = sockets[number] else {
      inform("+MIPSEND: \(number),1,0")
      return .error
    }
    if firmware.isOdd(1) { inform("+MIPSEND: \(number),0,\(freeSize(socket))") }
    return .ok
  }

  /// Room for data that isn't on the air yet.
  func freeSize(_ socket: Socket) -> Int {
    personality.sockets.sendLimit - (socket.sentCount - socket.deliveredCount)
  }

  /// In the format that AT+GTSET chose: 0 hexadecimal, 1 and 2 as it is, 5 the length alone.
  fileprivate mutating func fibocomArrived(_ socket: Socket, _ bytes: [UInt8], isNews: Bool) {
    let number = socket.id.number
    if fibocom.dataFormat == 5 {
      if isNews { sendURC("+MIPREAD: \(number),\(bytes.count)") }
      return
    }
    let data = fibocom.dataFormat == 0 ? bytes.hex.uppercased : bytes
    switch socket.transport {
    case .tcp, .tls: sendURC("+MIPRTCP: \(number),0,\(data)")
    case .udp: sendURC("+MIPRUDP: \(socket.address),\(socket.port),\(number),0,\(data)")
    }
  }

  /// What is still there after a read is announced anew, one datagram at a time.
  mutating func announceRest(_ number: Int) {
    guard let socket = sockets[number], let next = socket.received.first else { return }
    let length = socket.transport == .udp ? next.count : socket.buffered
    schedule(.urc(ATText("+MIPREAD: \(number),\(length)").bytes), after: .milliseconds(5))
  }

  /// AT+MIPCLOSE is done.
  mutating func fibocomClose(_ number: Int) {
    guard let socket = sockets[number] else { return }
    close(socket.id)
    sendURC("+MIPCLOSE: \(number),0")
  }

  /// `+MIPCLOSE: <id>,1` on some firmwares, `+MIPSTAT: <id>,1` on others; what was received and not
  /// read goes with it (assumed), and the number is free.
  fileprivate mutating func fibocomEnded(_ socket: Socket) {
    let number = socket.id.number
    close(socket.id)
    sendURC(firmware.isOdd(2) ? "+MIPCLOSE: \(number),1" : "+MIPSTAT: \(number),1")
  }

  mutating func callLost() {
    for socket in sockets.slots {
      if let socket { fibocomEnded(socket) }
    }
    sendURC("+MIPCALL: 0")
  }
}

extension SocketTraits {
  /// Fibocom's MIP stack: six sockets.
  static let fibocom: SocketTraits = {
    var traits = SocketTraits()
    traits.numbers = 1...FibocomState.socketCount
    traits.payloadLimit = 2048
    traits.sendLimit = 10_240
    traits.payload = { modem, request, payload in
      if request.command.name.equals("+GTSSLFILE") {
        return modem.storeFibocomFile(request, payload)
      }
      return modem.fibocomPayload(request, payload)
    }
    traits.opened = { modem, socket, error in modem.fibocomOpened(socket, error) }
    traits.pushes = { modem, _ in modem.fibocom.dataFormat != 5 }
    traits.arrived = { modem, socket, bytes, isNews in
      modem.fibocomArrived(socket, bytes, isNews: isNews)
    }
    traits.delivered = { modem, socket, _ in
      modem.sendURC("+MIPPUSH: \(socket.id.number),0")
    }
    traits.peerClosed = { modem, socket in modem.fibocomEnded(socket) }
    traits.named = { modem, query, answer in
      modem.answerLookUp(query, answer, failure: .error) {
        "+MIPDNS: \(quoted: query.name),\($0)"
      }
    }
    return traits
  }()
}

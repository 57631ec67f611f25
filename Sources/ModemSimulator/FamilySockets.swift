import Primitives

/// What the socket stacks of several families do alike.
extension SimulatedModem {
  /// Opens a socket; the running command ends when that has succeeded or failed, in
  /// `SocketTraits.opened`.
  mutating func openAndWait(_ socket: Socket, within limit: Duration) -> CommandOutcome {
    guard let execution else { return .error }
    var socket = socket
    socket.opener = execution.serial
    open(socket)
    agenda.cancel(.socket(.timedOut(socket.id)))
    schedule(.socket(.timedOut(socket.id)), after: limit)
    // The network may go, and the socket with it.
    return wait(limit + .seconds(1), then: .error)
  }

  /// A UDP socket that has no peer yet: ready at once, and nothing to the shell until it has one.
  mutating func openEndpoint(_ number: Int, cid: Int, localPort: UInt16) {
    var socket = newSocket(
      number, cid: cid, transport: .udp, host: [], port: 0, localPort: localPort)
    socket.phase = .connected
    sockets[number] = socket
  }

  /// Gives an endpoint the peer that its next datagram goes to. The shell's socket has one peer,
  /// so another one means another socket there; answers of an earlier peer then get lost.
  mutating func setPeer(_ number: Int, host: [UInt8], port: UInt16) {
    guard let old = sockets[number] else { return }
    if old.isReal, old.address == host, old.port == port { return }
    if old.isReal { effects.append(.closeSocket(old.id)) }
    sockets.openings += 1
    var socket = Socket(
      id: SocketID(number: number, opening: sockets.openings), cid: old.cid, transport: .udp,
      host: old.host, port: port, localPort: old.localPort, mode: old.mode)
    socket.phase = .connected
    socket.isReal = true
    socket.address = host
    (socket.received, socket.receivedCount) = (old.received, old.receivedCount)
    (socket.readCount, socket.isAnnounced) = (old.readCount, old.isAnnounced)
    (socket.sentCount, socket.deliveredCount) = (old.deliveredCount, old.deliveredCount)
    sockets[number] = socket
    effects.append(.openSocket(socket.id, .udp, host: host, port: port))
  }

  /// As `closeSocket`; OK where there is none, or no longer.
  mutating func endSocket(_ number: Int, within limit: Duration) -> CommandOutcome {
    guard sockets[number] != nil else { return .ok }
    let outcome = closeSocket(number, within: limit)
    return outcome == .waits ? wait(limit + .seconds(1), then: .ok) : outcome
  }

  /// Asks for the bearer of context 1 without a command that waits for it.
  mutating func requestContext() { request(.openContext(1, 0)) }

  /// What `requestContext` asked for hasn't been answered.
  var isContextRequested: Bool {
    radio.pending.contains(.openContext(1, 0))
      || agenda.contains(.radio(.done(.openContext(1, 0))))
  }

  /// Looks a name up for the running command, which `SocketTraits.named` ends. One at a time.
  mutating func lookUp(_ name: [UInt8], within limit: Duration) -> CommandOutcome {
    guard !packet.isLookingUp, let execution else { return .error }
    packet.isLookingUp = true
    request(.lookUp(NameQuery(asker: .host(serial: execution.serial), name: name)))
    return wait(limit, then: .error)
  }

  /// The answer to a look-up that a command waits for: its line and OK, or `failure`.
  mutating func answerLookUp(
    _ query: NameQuery, _ answer: SimulatedNetwork.NameAnswer, failure: CommandOutcome,
    line: (_ address: [UInt8]) -> ATText
  ) {
    guard case .host(let serial) = query.asker, execution?.serial == serial else { return }
    guard case .address(let address) = answer else { return complete(failure, serial: serial) }
    inform(line(address))
    complete(.ok, serial: serial)
  }

  /// Ends the line that waits for a socket's opening, if one does.
  mutating func endOpening(_ socket: Socket, _ outcome: CommandOutcome) {
    if let opener = socket.opener { complete(outcome, serial: opener) }
  }
}

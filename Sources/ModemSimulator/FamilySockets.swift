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
    return .waits
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

  /// As `closeSocket`; OK where there is none.
  mutating func endSocket(_ number: Int, within limit: Duration) -> CommandOutcome {
    sockets[number] == nil ? .ok : closeSocket(number, within: limit)
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

/// What differs between firmwares of one family, where the facts don't say which it is: fixed for a
/// module by its seed.
struct FirmwareTraits: Sendable {
  private let bits: UInt64

  init(seed: UInt64) {
    var random = SeededRandom(seed: seed ^ 0x5DEE_CE66_D1CE_4E5B)
    bits = random.next()
  }

  /// One of two ways; every question has its own number, 0 to 63.
  func isOdd(_ question: Int) -> Bool { bits >> UInt64(question) & 1 == 1 }
}

extension StoredSettings {
  /// Numbers kept by name, separated by commas; `otherwise` where none were written.
  func numbers(_ key: [UInt8], otherwise: [Int]) -> [Int] {
    guard let text = configuration(key) else { return otherwise }
    return text.split(separator: UInt8(ascii: ",")).map { Int(Array($0).asciiWholeNumber ?? 0) }
  }

  mutating func setNumbers(_ key: [UInt8], _ values: [Int]) {
    let texts = values.map { Array("\($0)".utf8) }
    setConfiguration(key, Array(texts.joined(separator: [UInt8(ascii: ",")])))
  }
}

import Primitives

/// Results of AT+CAOPEN (SIM7080 AT manual V1.02 §12.2).
enum ApplicationError: Int, Sendable {
  case ok = 0
  case socket = 1
  case parameter = 4
  case noSuchHost = 20
  case notActive = 21
  case refused = 23
  case connectFailed = 27
}

extension CommandGroup {
  // MARK: - SIM7080: connections of the applications

  static let applicationSockets: [CommandEntry] = [
    CommandEntry("+CACID") { modem, command in
      switch command.kind {
      case .set: return command.number(0, connections) == nil ? .error : .ok
      case .test: return .ok
      case .read, .execute, .malformed: return .error
      }
    },
    CommandEntry("+CASSLCFG") { modem, command in
      // TLS isn't simulated; switching it off is.
      guard command.isSet, command.number(0, connections) != nil,
        let key = command.text(1)?.uppercased, key.equals("SSL"), command.number(2, 0...0) != nil
      else { return command.kind == .test ? .ok : .error }
      return .ok
    },
    CommandEntry("+CAOPEN", time: .milliseconds(10) ... .milliseconds(60)) { modem, command in
      switch command.kind {
      case .read:
        for case let socket? in modem.sockets.slots {
          let type: ATText = socket.transport == .tcp ? "TCP" : "UDP"
          let peer: ATText = "\(quoted: type.bytes),\(quoted: socket.address),\(socket.port)"
          modem.inform("+CAOPEN: \(socket.id.number),\(socket.cid - 1),\(peer)")
        }
        return .ok
      case .set: return modem.openApplicationSocket(command)
      case .test: return .ok
      case .execute, .malformed: return .error
      }
    },
    CommandEntry("+CASEND", time: .milliseconds(5) ... .milliseconds(25)) { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let number = command.number(0, connections),
        let socket = modem.sockets.slots[number], socket.phase == .connected
      else { return .error }
      if command.arguments.count == 1 {
        modem.inform("+CASEND: \(modem.personality.sockets.payloadLimit)")
        return .ok
      }
      guard command.arguments.count <= 3,
        let count = command.number(1, 1...modem.personality.sockets.payloadLimit),
        let patience = command.number(2, 0...120_000, otherwise: 5000)
      else { return .error }
      return .prompt(
        PayloadRequest(
          socket: number, count: count, prompt: crlf + [UInt8(ascii: ">")],
          patience: .milliseconds(patience)))
    },
    CommandEntry("+CARECV", time: .milliseconds(3) ... .milliseconds(15)) { modem, command in
      switch command.kind {
      case .read:
        for case let socket? in modem.sockets.slots where socket.buffered > 0 {
          modem.inform("+CARECV: \(socket.id.number),\(socket.buffered)")
        }
        return .ok
      case .set: return modem.receiveApplicationData(command)
      case .test:
        modem.inform("+CARECV: (0-12),(1-1459)")
        return .ok
      case .execute, .malformed: return .error
      }
    },
    CommandEntry("+CAACK") { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let number = command.number(0, connections),
        let socket = modem.sockets.slots[number]
      else { return .error }
      modem.inform("+CAACK: \(socket.sentCount),\(socket.sentCount - socket.deliveredCount)")
      return .ok
    },
    CommandEntry("+CASTATE") { modem, command in
      guard command.kind == .read else { return command.kind == .test ? .ok : .error }
      for case let socket? in modem.sockets.slots where socket.phase != .opening {
        modem.inform("+CASTATE: \(socket.id.number),\(socket.phase == .connected ? 1 : 0)")
      }
      return .ok
    },
    CommandEntry("+CACLOSE", time: .milliseconds(20) ... .milliseconds(90)) { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let number = command.number(0, connections),
        let socket = modem.sockets.slots[number]
      else { return .error }
      modem.close(socket.id)
      return .ok
    },
  ]

  /// The manual counts to 12, which makes thirteen; the simulator has room for twelve.
  private static let connections = 0...11
}

extension SimulatedModem {
  /// AT+CAOPEN=<id>,<context>,"UDP","host",port. The manual puts `+CAOPEN:` before OK, users saw it
  /// behind: the module does one or the other, by the seed.
  fileprivate mutating func openApplicationSocket(_ command: ATCommand) -> CommandOutcome {
    // With a receive mode as the sixth it fails on real modules (vshymanskyy/TinyGSM).
    guard let number = command.number(0, 0...11), command.arguments.count == 5 else {
      return .error
    }
    guard let index = command.number(1, 0...3), let type = command.string(2)?.uppercased,
      type.equals("TCP") || type.equals("UDP"), let host = command.string(3),
      (1...64).contains(host.count), let port = portNumber(command, 4)
    else { return applicationOpened(number, .parameter) }
    guard isServing(index) else {
      // After PSM the context looks alive and isn't (vshymanskyy/TinyGSM#829).
      return applicationOpened(number, radio.phase == .camped ? .socket : .notActive)
    }
    if let socket = sockets.slots[number] {
      guard socket.phase == .closing else { return applicationOpened(number, .socket) }
      close(socket.id)
    }
    open(
      newSocket(
        number, cid: ApplicationNetwork.cid(index), transport: type.equals("UDP") ? .udp : .tcp,
        host: host, port: port))
    if random.next(below: 2) == 0 { return .ok }
    sockets.slots[number]?.opener = execution?.serial
    // The network may go meanwhile, and the socket with it.
    return wait(personality.sockets.openLimit + .seconds(5), then: .error)
  }

  /// The command's end where nothing was opened.
  private mutating func applicationOpened(
    _ number: Int, _ error: ApplicationError
  ) -> CommandOutcome {
    let line: ATText = "+CAOPEN: \(number),\(error.rawValue)"
    if random.next(below: 2) == 0 { sayLater(line) } else { inform(line) }
    return .ok
  }

  /// At most one more read after the peer has closed; what it leaves is lost
  /// (vshymanskyy/TinyGSM#437).
  fileprivate mutating func receiveApplicationData(_ command: ATCommand) -> CommandOutcome {
    guard command.arguments.count == 2, let number = command.number(0, 0...11),
      let limit = command.number(1, 1...1460), let socket = sockets.slots[number],
      socket.phase != .opening
    else { return .error }
    let data = read(number, limit: limit)
    if socket.phase == .closing { sockets.slots[number]?.received = [] }
    inform(data.isEmpty ? "+CARECV: 0" : "+CARECV: \(data.count),\(data)")
    return .ok
  }

  // MARK: - What the stack says by itself

  mutating func applicationSocketOpened(_ socket: Socket, _ error: SocketError) {
    let number = socket.id.number
    let code: ApplicationError =
      switch error {
      case .ok: .ok
      case .nameNotFound: .noSuchHost
      case .connectFailed: .refused
      default: .connectFailed
      }
    // What failed is free again (assumed).
    if error != .ok { close(socket.id) }
    if let serial = socket.opener, execution?.serial == serial {
      inform("+CAOPEN: \(number),\(code.rawValue)")
      return complete(.ok, serial: serial)
    }
    sendURC("+CAOPEN: \(number),\(code.rawValue)")
  }
}

import Primitives

/// Results of AT+CAOPEN (SIM7080 AT manual V1.02 §12.2).
enum ApplicationError: Int, Sendable {
  case ok = 0
  case socket = 1
  case parameter = 4
  case noSuchHost = 20
  case notActive = 21
  case refused = 23
  /// 24 to 26 are the certificate's; which is which isn't said (assumed).
  case missingCertificate = 24
  case untrusted = 25
  case outdated = 26
  case connectFailed = 27
}

/// In what the two modules' stacks of connections differ.
struct ApplicationStack: Sendable {
  /// Where the stack's connections begin in the table of sockets.
  let base: Int
  let count: Int
  /// AT+CAOPEN names a context and a type; otherwise AT+CACID names the connection beforehand.
  let namesContext: Bool
  /// What the host hadn't read is gone when the server closes (TinyGSM, SIM7000's TLS).
  let dropsUnread: Bool

  /// The manual counts to 12, which makes thirteen; the simulator has room for twelve.
  static let sim7080 = ApplicationStack(
    base: 0, count: 12, namesContext: true, dropsUnread: false)
  /// Two beside the CIP stack's eight, for TLS (SIM7000 SSL note).
  static let sim7000 = ApplicationStack(
    base: 8, count: 2, namesContext: false, dropsUnread: true)

  var numbers: ClosedRange<Int> { 0...count - 1 }

  func socket(_ modem: SimulatedModem, _ number: Int?) -> Socket? {
    number.flatMap { numbers.contains($0) ? modem.sockets[base + $0] : nil }
  }

  func sockets(_ modem: SimulatedModem) -> [Socket] {
    modem.sockets.slots[base..<base + count].compactMap { $0 }
  }

  func number(_ socket: Socket) -> Int { socket.id.number - base }
}

extension CommandGroup {
  // MARK: - SIM7080, SIM7000: connections of the applications

  static func applicationSockets(_ stack: ApplicationStack) -> [CommandEntry] {
    applicationSecurity(stack) + applicationSocketStates(stack) + [
      CommandEntry("+CAOPEN", time: .milliseconds(10) ... .milliseconds(60)) { modem, command in
        switch command.kind {
        case .read:
          for socket in stack.sockets(modem) {
            let type: ATText = socket.transport == .udp ? "UDP" : "TCP"
            let peer: ATText = "\(quoted: type.bytes),\(quoted: socket.address),\(socket.port)"
            modem.inform("+CAOPEN: \(stack.number(socket)),\(socket.cid - 1),\(peer)")
          }
          return .ok
        case .set: return modem.openApplicationSocket(command, stack)
        case .test: return .ok
        case .execute, .malformed: return .error
        }
      },
      CommandEntry("+CASEND", time: .milliseconds(5) ... .milliseconds(25)) { modem, command in
        if command.kind == .test { return .ok }
        guard let socket = stack.socket(modem, command.number(0, stack.numbers)),
          socket.phase == .connected
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
            socket: socket.id.number, count: count, prompt: crlf + [UInt8(ascii: ">")],
            patience: .milliseconds(patience)))
      },
      CommandEntry("+CARECV", time: .milliseconds(3) ... .milliseconds(15)) { modem, command in
        switch command.kind {
        case .read:
          for socket in stack.sockets(modem) where socket.buffered > 0 {
            modem.inform("+CARECV: \(stack.number(socket)),\(socket.buffered)")
          }
          return .ok
        case .set: return modem.receiveApplicationData(command, stack)
        case .test:
          modem.inform(stack.count > 2 ? "+CARECV: (0-12),(1-1459)" : "+CARECV: (0-1),(1-1459)")
          return .ok
        case .execute, .malformed: return .error
        }
      },
    ]
  }

  private static func applicationSocketStates(_ stack: ApplicationStack) -> [CommandEntry] {
    [
      CommandEntry("+CAACK") { modem, command in
        if command.kind == .test { return .ok }
        guard let socket = stack.socket(modem, command.number(0, stack.numbers)) else {
          return .error
        }
        modem.inform("+CAACK: \(socket.sentCount),\(socket.sentCount - socket.deliveredCount)")
        return .ok
      },
      CommandEntry("+CASTATE") { modem, command in
        guard command.kind == .read else { return command.kind == .test ? .ok : .error }
        for socket in stack.sockets(modem) where socket.phase != .opening {
          modem.inform("+CASTATE: \(stack.number(socket)),\(socket.phase == .connected ? 1 : 0)")
        }
        return .ok
      },
      CommandEntry("+CACLOSE", time: .milliseconds(20) ... .milliseconds(90)) { modem, command in
        if command.kind == .test { return .ok }
        guard let socket = stack.socket(modem, command.number(0, stack.numbers)) else {
          return .error
        }
        modem.close(socket.id)
        return .ok
      },
    ]
  }
}

extension SimulatedModem {
  /// AT+CAOPEN=<id>,<context>,"UDP","host",port; SIM7000 has AT+CAOPEN=<id>,"host",port. The manual
  /// puts `+CAOPEN:` before OK, users saw it behind: the module does one or the other, by the seed.
  fileprivate mutating func openApplicationSocket(
    _ command: ATCommand, _ stack: ApplicationStack
  ) -> CommandOutcome {
    // With a receive mode as the sixth it fails on real modules (vshymanskyy/TinyGSM).
    guard let number = command.number(0, stack.numbers),
      command.arguments.count == (stack.namesContext ? 5 : 3), isSelected(number, stack)
    else { return .error }
    let last = command.arguments.count - 1
    let type = stack.namesContext ? command.string(2)?.uppercased : Array("TCP".utf8)
    let single = ApplicationNetwork.single
    guard let index = stack.namesContext ? command.number(1, 0...3) : single, let type,
      type.equals("TCP") || type.equals("UDP"), let host = command.string(last - 1),
      (1...64).contains(host.count), let port = portNumber(command, last)
    else { return applicationOpened(number, .parameter) }
    guard isServing(index) else {
      // After PSM the context looks alive and isn't (vshymanskyy/TinyGSM#829).
      return applicationOpened(number, radio.phase == .camped ? .socket : .notActive)
    }
    if let socket = stack.socket(self, number) {
      guard socket.phase == .closing else { return applicationOpened(number, .socket) }
      close(socket.id)
    }
    var socket = newSocket(
      stack.base + number, cid: ApplicationNetwork.cid(index),
      transport: type.equals("UDP") ? .udp : .tcp, host: host, port: port)
    if let demand = applicationDemand(number) {
      // DTLS isn't simulated.
      if socket.transport == .udp { return applicationOpened(number, .parameter) }
      (socket.transport, socket.security) = (.tls, demand)
    }
    open(socket)
    if random.next(below: 2) == 0 { return .ok }
    sockets.slots[stack.base + number]?.opener = execution?.serial
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
  fileprivate mutating func receiveApplicationData(
    _ command: ATCommand, _ stack: ApplicationStack
  ) -> CommandOutcome {
    guard command.arguments.count == 2, let limit = command.number(1, 1...1460),
      let socket = stack.socket(self, command.number(0, stack.numbers)), socket.phase != .opening
    else { return .error }
    let data = read(socket.id.number, limit: limit)
    if socket.phase == .closing { sockets[socket.id.number]?.received = [] }
    inform(data.isEmpty ? "+CARECV: 0" : "+CARECV: \(data.count),\(data)")
    return .ok
  }

  // MARK: - What the stack says by itself

  mutating func applicationSocketOpened(
    _ socket: Socket, _ error: SocketError, _ stack: ApplicationStack
  ) {
    let number = stack.number(socket)
    let code: ApplicationError =
      switch (error, socket.refusal) {
      case (.ok, _): .ok
      case (.nameNotFound, _): .noSuchHost
      case (_, .missingCertificate): .missingCertificate
      case (_, .untrusted): .untrusted
      case (_, .outdated): .outdated
      case (.connectFailed, nil): .refused
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

  mutating func applicationPeerClosed(_ socket: Socket, _ stack: ApplicationStack) {
    if stack.dropsUnread { sockets[socket.id.number]?.received = [] }
    sendURC("+CASTATE: \(stack.number(socket)),0")
  }
}

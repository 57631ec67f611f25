import Primitives

/// Codes of AT+USOER, as the BSD names have them (assumed: the manual's table wasn't seen).
private enum UbloxSocketError {
  static let wouldBlock = 11
  static let notConnected = 107
  static let timedOut = 110
  static let refused = 111
  static let unreachable = 113
}

/// Most bytes of one payload, and as hexadecimal or text in the command itself.
private let binaryLimit = 1024
private let inlineLimit = 512

extension UbloxDialect {
  // MARK: - Sockets

  var sockets: SocketTraits {
    var traits = SocketTraits()
    traits.numbers = 0...6
    traits.payloadLimit = binaryLimit
    traits.sendLimit = 10_240
    traits.payload = { modem, request, payload in modem.ubloxSend(request.command, payload) }
    traits.opened = { modem, socket, error in modem.ubloxOpened(socket, error) }
    traits.arrived = { modem, socket, _, _ in modem.sendURC(socket.announcement) }
    traits.peerClosed = { modem, socket in
      modem.sendURC("+UUSOCL: \(socket.id.number)")
      if socket.buffered == 0 { modem.close(socket.id) }
    }
    traits.named = { modem, query, answer in
      guard case .host(let serial) = query.asker else { return }
      guard case .address(let address) = answer, modem.execution?.serial == serial else {
        modem.own[UbloxState.self].lastError = UbloxSocketError.unreachable
        return modem.complete(.error, serial: serial)
      }
      modem.inform("+UDNSRN: \(quoted: address)")
      modem.complete(.ok, serial: serial)
    }
    return traits
  }

  var socketCommands: [CommandEntry] {
    [
      create, connect, write, sendTo, read("+USORD", isUDP: false),
      read("+USORF", isUDP: true), closing, control,
      CommandGroup.text("+USOER") { "+USOER: \($0.own[UbloxState.self].lastError)" },
      CommandEntry("+USOSO") { modem, command in
        guard let number = command.number(0, 0...6) else { return .error }
        return modem.sockets[number] == nil ? .equipmentError(3) : .ok
      },
    ]
      + (closesLater ? [CommandGroup.letter("+USOCLCFG", 0...1) { _, _ in }] : [])
  }

  private var create: CommandEntry {
    let dialect = self
    return CommandEntry("+USOCR", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      if command.kind == .test { return .ok }
      guard let type = command.number(0, 6...17), type == 6 || type == 17,
        let port = command.number(1, 0...65_535, otherwise: 0),
        command.arguments.count <= (dialect.takesLocalPort ? 2 : 1)
      else { return .error }
      let free = modem.personality.sockets.numbers.first { modem.sockets[$0] == nil }
      guard let number = free, dialect.isOnline(modem) else { return .equipmentError(3) }
      let cid = dialect.hasProfile ? modem.own[UbloxState.self].profileContext ?? 1 : 1
      var socket = modem.newSocket(
        number, cid: cid, transport: type == 6 ? .tcp : .udp, localPort: UInt16(port))
      socket.phase = type == 6 ? .initial : .connected
      modem.sockets[number] = socket
      modem.inform("+USOCR: \(number)")
      return .ok
    }
  }

  /// Blocks until the connection is there; with a last parameter 1 it follows as `+UUSOCO`. One
  /// connection is made at a time: a second request closes the first.
  private var connect: CommandEntry {
    let dialect = self
    return CommandEntry("+USOCO", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      if command.kind == .test { return .ok }
      guard let number = command.number(0, 0...6), let host = command.string(1),
        (1...255).contains(host.count), let port = command.number(2, 1...65_535),
        let later = command.number(3, 0...1, otherwise: 0)
      else { return .error }
      guard var socket = modem.sockets[number], dialect.isOnline(modem),
        let execution = modem.execution
      else { return .equipmentError(3) }
      if socket.transport == .udp {
        return modem.aim(number, at: host, port: UInt16(port)) ? .ok : .equipmentError(3)
      }
      if let pending = modem.sockets.slots.first(where: { $0?.phase == .opening }), let pending {
        modem.close(pending.id)
        return .equipmentError(3)
      }
      guard socket.phase == .initial else { return .equipmentError(3) }
      if socket.transport == .tls {
        guard modem.isSecuritySettled(number) else { return .equipmentError(3) }
        socket.security = modem.ubloxDemand(number)
      }
      modem.sockets.openings += 1
      socket.id = SocketID(number: number, opening: modem.sockets.openings)
      (socket.host, socket.port, socket.phase) = (host, UInt16(port), .opening)
      (socket.mode, socket.opener) = (later, later == 1 ? nil : execution.serial)
      modem.open(socket)
      return later == 1 ? .ok : .waits
    }
  }

  private var write: CommandEntry {
    CommandEntry("+USOWR", time: .milliseconds(5) ... .milliseconds(20)) { modem, command in
      if command.kind == .test { return .ok }
      guard let number = command.number(0, 0...6), command.number(1, 1...binaryLimit) != nil else {
        return .error
      }
      let socket = modem.sockets[number]
      guard socket?.phase == .connected, socket?.isReal == true else { return modem.notConnected() }
      return modem.takeOrPrompt(command, number, length: 1)
    }
  }

  private var sendTo: CommandEntry {
    let dialect = self
    return CommandEntry("+USOST", time: .milliseconds(5) ... .milliseconds(20)) { modem, command in
      if command.kind == .test { return .ok }
      guard let number = command.number(0, 0...6), let host = command.string(1),
        (1...255).contains(host.count), command.number(2, 1...65_535) != nil,
        command.number(3, 1...binaryLimit) != nil
      else { return .error }
      guard modem.sockets[number]?.transport == .udp, dialect.isOnline(modem) else {
        return modem.notConnected()
      }
      return modem.takeOrPrompt(command, number, length: 3)
    }
  }

  /// `+USORD: <n>,<length>,"<data>"`, `+USORF: <n>,"<address>",<port>,<length>,"<data>"`; length 0
  /// asks how much there is.
  private func read(_ name: StaticString, isUDP: Bool) -> CommandEntry {
    let dialect = self
    return CommandEntry(name, time: .milliseconds(3) ... .milliseconds(15)) { modem, command in
      if command.kind == .test { return .ok }
      guard let number = command.number(0, 0...6), let limit = command.number(1, 0...binaryLimit)
      else { return .error }
      guard let socket = modem.sockets[number], (socket.transport == .udp) == isUDP else {
        return .equipmentError(3)
      }
      let head: ATText = "\(Array(name)): \(number)"
      if limit == 0 {
        modem.inform("\(head),\(socket.buffered)")
        return .ok
      }
      let data = modem.read(number, limit: limit)
      guard !data.isEmpty else {
        modem.inform("\(head)\(dialect.tellsEmptyLength ? ",0" : ""),\"\"")
        return .ok
      }
      let peer: ATText = isUDP ? ",\(quoted: socket.address),\(socket.port)" : ""
      let shown = modem.stored.isHexadecimal ? data.hex : data
      modem.inform("\(head)\(peer),\(data.count),\(quoted: shown)")
      modem.afterRead(number)
      return .ok
    }
  }

  /// Up to 120 s. With a last parameter 1, where there is one, OK comes at once and `+UUSOCL` later.
  private var closing: CommandEntry {
    let dialect = self
    return CommandEntry("+USOCL", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      if command.kind == .test { return .ok }
      guard let number = command.number(0, 0...6),
        let later = command.number(1, 0...1, otherwise: 0),
        command.arguments.count <= (dialect.closesLater ? 2 : 1)
      else { return .error }
      guard let socket = modem.sockets[number] else { return .equipmentError(3) }
      if later == 0 { return modem.closeSocket(number, within: .seconds(120)) }
      let delay = modem.sample(.milliseconds(100) ... .milliseconds(3000))
      let event = OwnEvent("close", number: number, serial: Int(socket.id.opening))
      modem.schedule(.own(event), after: delay)
      return .ok
    }
  }

  private var control: CommandEntry {
    CommandEntry("+USOCTL") { modem, command in
      guard let number = command.number(0, 0...6), let what = command.number(1, 0...11) else {
        return command.kind == .test ? .ok : .error
      }
      guard let socket = modem.sockets[number] else { return .equipmentError(3) }
      let value: ATText
      switch what {
      case 0: value = socket.transport == .udp ? "17" : "6"
      case 1: value = "\(modem.own[UbloxState.self].lastError)"
      case 2: value = "\(socket.sentCount)"
      case 3: value = "\(socket.receivedCount)"
      case 4: value = "\(quoted: socket.address),\(socket.port)"
      case 10: value = socket.transport != .udp && socket.phase == .connected ? "4" : "0"
      case 11: value = "\(socket.sentCount - socket.deliveredCount)"
      default: return .error
      }
      modem.inform("+USOCTL: \(number),\(what),\(value)")
      return .ok
    }
  }
}

extension Socket {
  /// Comes with all new data, and after a read that left some.
  fileprivate var announcement: ATText {
    "\(transport == .udp ? "+UUSORF" : "+UUSORD" as ATText): \(id.number),\(buffered)"
  }
}

extension SimulatedModem {
  fileprivate mutating func notConnected() -> CommandOutcome {
    own[UbloxState.self].lastError = UbloxSocketError.notConnected
    return .equipmentError(3)
  }

  /// The data stands in the command, as text or (AT+UDCONF=1,1) as hexadecimal; or `@` asks for it,
  /// and what arrives within 50 ms of that is lost.
  fileprivate mutating func takeOrPrompt(
    _ command: ATCommand, _ number: Int, length: Int
  ) -> CommandOutcome {
    guard let count = command.number(length, 1...binaryLimit) else { return .error }
    if command.arguments.count == length + 1 {
      return .prompt(
        PayloadRequest(
          command: command, socket: number, count: count, prompt: crlf + Array("@".utf8),
          pause: .milliseconds(50)))
    }
    guard let text = command.string(length + 1), command.arguments.count == length + 2,
      count <= inlineLimit,
      let bytes = stored.isHexadecimal ? CommandGroup.bytes(hex: text) : text, bytes.count == count
    else { return .error }
    return ubloxSend(command, bytes)
  }

  /// A module that can't take it says OK without the line that says how much it took (seen:
  /// FactbirdHQ/ublox-cellular-rs#44).
  fileprivate mutating func ubloxSend(_ command: ATCommand, _ bytes: [UInt8]) -> CommandOutcome {
    guard let number = command.number(0, 0...6) else { return .error }
    let isDirected = command.name.equals("+USOST")
    if isDirected {
      guard let host = command.string(1), let port = command.number(2, 1...65_535),
        sockets[number]?.transport == .udp, aim(number, at: host, port: UInt16(port))
      else { return notConnected() }
    }
    switch take(bytes, on: number) {
    case .taken: inform("\(isDirected ? "+USOST" : "+USOWR" as ATText): \(number),\(bytes.count)")
    case .full: own[UbloxState.self].lastError = UbloxSocketError.wouldBlock
    case .refused: return notConnected()
    }
    return .ok
  }

  fileprivate mutating func ubloxOpened(_ socket: Socket, _ error: SocketError) {
    let number = socket.id.number
    sockets[number]?.opener = nil
    if error != .ok {
      sockets[number]?.phase = .initial
      own[UbloxState.self].lastError =
        error == .timedOut ? UbloxSocketError.timedOut : UbloxSocketError.refused
    }
    if let serial = socket.opener {
      complete(error == .ok ? .ok : .equipmentError(3), serial: serial)
    } else {
      let code = error == .ok ? 0 : own[UbloxState.self].lastError
      sendURC("+UUSOCO: \(number),\(code)")
    }
  }

  fileprivate mutating func afterRead(_ number: Int) {
    guard let socket = sockets[number] else { return }
    if socket.buffered > 0 {
      let delay = sample(.milliseconds(3) ... .milliseconds(30))
      schedule(.urc(socket.announcement.bytes), after: delay)
    } else if socket.phase == .closing {
      close(socket.id)
    }
  }
}

import Primitives

extension CommandGroup {
  // MARK: - Quectel's sockets

  static let quectelSockets: [CommandEntry] = [
    CommandEntry("+QIOPEN", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      switch command.kind {
      case .set: return modem.openSocket(command)
      case .test: return .ok
      case .read, .execute, .malformed: return .error
      }
    },
    CommandEntry("+QISEND") { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let number = command.number(0, 0...11) else {
        return modem.badParameter()
      }
      guard let socket = modem.plainSocket(number) else { return .error }
      if command.arguments.count == 2, command.number(1, 0...0) == 0 {
        let (sent, acknowledged) = (socket.sentCount, socket.deliveredCount)
        modem.inform("+QISEND: \(sent),\(acknowledged),\(sent - acknowledged)")
        return .ok
      }
      guard socket.phase == .connected else { return .error }
      if command.arguments.count == 1 {
        return .prompt(PayloadRequest(socket: number, count: nil))
      }
      guard command.arguments.count == 2,
        let count = command.number(1, 1...modem.personality.sockets.payloadLimit)
      else {
        return modem.badParameter()
      }
      return .prompt(PayloadRequest(socket: number, count: count))
    },
    CommandEntry("+QISENDEX", time: .milliseconds(5) ... .milliseconds(25)) { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let number = command.number(0, 0...11), let hex = command.string(1),
        (2...512).contains(hex.count), let bytes = bytes(hex: hex),
        let rai = command.number(2, 0...2, otherwise: 0)
      else { return modem.badParameter() }
      guard modem.plainSocket(number) != nil else { return .error }
      let assistance = ReleaseAssistance(rawValue: rai) ?? .none
      return modem.sentOutcome(modem.take(bytes, on: number, assistance: assistance))
    },
    CommandEntry("+QIRD", time: .milliseconds(3) ... .milliseconds(15)) { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let number = command.number(0, 0...11),
        let limit = command.number(1, 0...1500, otherwise: modem.personality.sockets.receiveLimit)
      else { return modem.badParameter() }
      guard let socket = modem.plainSocket(number), socket.phase != .opening else {
        return .error
      }
      if limit == 0 {
        let (total, read) = (socket.receivedCount, socket.readCount)
        modem.inform("+QIRD: \(total),\(read),\(total - read)")
        return .ok
      }
      let data = modem.read(number, limit: limit)
      modem.inform("+QIRD: \(data.count)")
      if !data.isEmpty {
        modem.inform(ATText(bytes: modem.session.hexReceive ? data.hex : data))
      }
      return .ok
    },
    CommandEntry("+QICLOSE", time: .milliseconds(10) ... .milliseconds(60)) { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let number = command.number(0, 0...11),
        let limit = command.number(1, 0...65_535, otherwise: 10)
      else { return modem.badParameter() }
      guard modem.plainSocket(number) != nil else { return .error }
      return modem.closeSocket(number, within: .seconds(limit))
    },
    CommandEntry("+QISTATE") { modem, command in
      var sockets = modem.sockets.slots.compactMap { $0 }.filter { $0.transport != .tls }
      switch command.kind {
      case .read: break
      case .set:
        guard let by = command.number(0, 0...1), let value = command.number(1, 0...16) else {
          return modem.badParameter()
        }
        sockets.removeAll { by == 0 ? $0.cid != value : $0.id.number != value }
      case .test: return .ok
      case .execute, .malformed: return .error
      }
      for socket in sockets {
        let type: ATText = socket.transport == .tcp ? "TCP" : "UDP"
        let address = socket.address.isEmpty ? socket.host : socket.address
        let peer: ATText = "\(quoted: type.bytes),\(quoted: address),\(socket.port)"
        let local: ATText = "\(socket.localPort),\(socket.phase.rawValue),\(socket.cid)"
        let number = socket.id.number
        modem.inform("+QISTATE: \(number),\(peer),\(local),\(number),\(socket.mode),\"uart1\"")
      }
      return .ok
    },
    text("+QIGETERROR") {
      let error = $0.session.lastSocketError
      return "+QIGETERROR: \(error.rawValue), \(error.text)"
    },
    number("+QISDE", 0...1) {
      $0.session.echoesData ? 1 : 0
    } set: {
      $0.session.echoesData = $1 == 1
    },
    CommandEntry("+QICFG") { modem, command in
      guard command.isSet, let key = command.string(0)?.lowercased else {
        return command.kind == .test ? .ok : .error
      }
      return modem.configureSockets(key, command)
    },
  ]
}

extension SocketTraits {
  /// Quectel's stack: twelve sockets, `+QIURC` (BG96 TCP/IP manual V1.0).
  static let quectel: SocketTraits = {
    var traits = SocketTraits()
    traits.numbers = 0...11
    traits.payload = { modem, request, payload in
      if !modem.session.hexSend || modem.sockets[request.socket]?.transport == .tls {
        return modem.sentOutcome(modem.take(payload, on: request.socket))
      }
      guard let bytes = CommandGroup.bytes(hex: payload) else { return .error }
      return modem.sentOutcome(modem.take(bytes, on: request.socket))
    }
    traits.opened = { modem, socket, error in
      if socket.transport == .tls { return modem.secureOpened(socket, error) }
      modem.answerOpen(socket.id.number, error)
    }
    traits.pushes = { _, socket in socket.mode == 1 }
    traits.arrived = { modem, socket, bytes, isNews in
      if socket.transport == .tls { return modem.secureArrived(bytes, socket, isNews: isNews) }
      let number = socket.id.number
      if socket.mode == 1 {
        let mark: [UInt8] = modem.session.viewsOnOneLine ? [UInt8(ascii: ",")] : crlf
        return modem.sendURC("+QIURC: \"recv\",\(number),\(bytes.count)\(mark)\(bytes)")
      }
      guard isNews else { return }
      let length: ATText = modem.session.namesReceivedLength ? ",\(bytes.count)" : ""
      modem.sendURC("+QIURC: \"recv\",\(number)\(length)")
    }
    traits.peerClosed = { modem, socket in
      let name: ATText = socket.transport == .tls ? "+QSSLURC" : "+QIURC"
      modem.sendURC("\(name): \"closed\",\(socket.id.number)")
    }
    traits.named = { modem, _, answer in
      switch answer {
      case .address(let address):
        modem.sendURC("+QIURC: \"dnsgip\",0,1,600")
        modem.sendURC("+QIURC: \"dnsgip\",\(quoted: address)")
      case .failure: modem.sendURC("+QIURC: \"dnsgip\",565")
      case .silence: break
      }
    }
    return traits
  }()
}

extension SimulatedModem {
  /// The result of an opening comes on the port that sent the command, wherever URCs go.
  mutating func answerOpen(_ number: Int, _ error: SocketError) {
    session.lastSocketError = error
    say("+QIOPEN: \(number),\(error.rawValue)")
  }

  /// A socket of AT+QIOPEN; AT+QSSLOPEN's have commands of their own.
  fileprivate func plainSocket(_ number: Int) -> Socket? {
    sockets[number].flatMap { $0.transport == .tls ? nil : $0 }
  }

  func sentOutcome(_ taken: Taken) -> CommandOutcome {
    switch taken {
    case .taken: .sent(isOK: true)
    case .full: .sent(isOK: false)
    case .refused: .error
    }
  }

  /// The command is taken with OK; what comes of it follows as `+QIOPEN: <id>,<err>`.
  fileprivate mutating func openSocket(_ command: ATCommand) -> CommandOutcome {
    guard let number = command.number(1, 0...11), (5...7).contains(command.arguments.count) else {
      return badParameter()
    }
    guard let cid = command.number(0, 1...16), let type = command.string(2),
      let host = command.string(3), (1...255).contains(host.count),
      let port = command.number(4, 0...65_535),
      let localPort = command.number(5, 0...65_535, otherwise: 0),
      let mode = command.number(6, 0...2, otherwise: 0)
    else { return refuseOpening(number, .badParameter) }
    // Servers and transparent mode aren't simulated.
    let isUDP = type.uppercased.equals("UDP")
    guard isUDP || type.uppercased.equals("TCP"), mode < 2 else {
      return refuseOpening(number, .notSupported)
    }
    if port == 0 { return refuseOpening(number, .badParameter) }
    if sockets.slots[number] != nil { return refuseOpening(number, .inUse) }
    guard packet.active.contains(cid) else { return refuseOpening(number, .openContext) }
    open(
      newSocket(
        number, cid: cid, transport: isUDP ? .udp : .tcp, host: host, port: UInt16(port),
        localPort: UInt16(localPort), mode: mode))
    return .ok
  }

  private mutating func refuseOpening(_ number: Int, _ error: SocketError) -> CommandOutcome {
    session.lastSocketError = error
    let delay = sample(.milliseconds(5) ... .milliseconds(40))
    let refusal = OwnEvent("refused", number: number, serial: error.rawValue)
    schedule(.own(refusal), after: delay)
    return .ok
  }

  /// What was taken for sending goes out first, within the time given.
  mutating func closeSocket(_ number: Int, within limit: Duration) -> CommandOutcome {
    guard let socket = sockets.slots[number], let execution else { return .error }
    sockets.slots[number]?.closer = execution.serial
    if socket.phase == .connected, socket.sentCount > socket.deliveredCount {
      schedule(.socket(.closeTimedOut(socket.id)), after: limit)
      return .waits
    }
    let isStream = socket.transport != .udp && socket.phase == .connected
    let (up, down) = (sample(network.timing.uplink), sample(network.timing.downlink))
    let handshake = isStream ? up + down : .zero
    let delay = handshake + sample(.milliseconds(10) ... .milliseconds(90))
    schedule(.socket(.closeTimedOut(socket.id)), after: min(delay, max(limit, .milliseconds(10))))
    return .waits
  }

  fileprivate mutating func configureSockets(
    _ key: [UInt8], _ command: ATCommand
  ) -> CommandOutcome {
    let isRead = command.arguments.count == 1
    let first = command.number(1, 0...65_535)
    if !isRead, first == nil { return badParameter() }
    if key.equals("dataformat") {
      if isRead {
        inform(
          "+QICFG: \"dataformat\",\(session.hexSend ? 1 : 0),\(session.hexReceive ? 1 : 0)")
      } else {
        guard let receives = command.number(2, 0...1) else { return badParameter() }
        session.hexSend = first == 1
        session.hexReceive = receives == 1
      }
    } else if key.equals("viewmode") {
      if isRead { inform("+QICFG: \"viewmode\",\(session.viewsOnOneLine ? 1 : 0)") }
      if let first { session.viewsOnOneLine = first == 1 }
    } else if key.equals("recvind") {
      if isRead { inform("+QICFG: \"recvind\",\(session.namesReceivedLength ? 1 : 0)") }
      if let first { session.namesReceivedLength = first == 1 }
    } else if key.equals("transpktsize") || key.equals("transwaittm")
      || key.equals("tcp/retranscfg") || key.equals("tcp/keepalive")
    {
      if isRead {
        let value = session.socketOptions.first { $0.key == key }?.value ?? Array("0".utf8)
        inform("+QICFG: \(quoted: key),\(value)")
      } else {
        session.socketOptions.removeAll { $0.key == key }
        let values = command.arguments.indices.dropFirst().compactMap { command.text($0) }
        let value = Array(values.joined(separator: [UInt8(ascii: ",")]))
        session.socketOptions.append(ConfigurationValue(key: key, value: value))
      }
    } else {
      return badParameter()
    }
    return .ok
  }
}

import Primitives

extension CommandGroup {
  // MARK: - Telit: sockets

  static let telitSockets: [CommandEntry] = [
    CommandEntry("#SCFG", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      switch command.kind {
      case .read:
        for number in 1...TelitState.socketCount {
          let settings = modem.telitSettings(number)
          let sizes: ATText = "\(settings.cid),\(settings.packetSize),\(settings.idleLimitSeconds)"
          modem.inform("#SCFG: \(number),\(sizes),\(settings.connectLimit),\(settings.sendDelay)")
        }
        return .ok
      case .test:
        modem.inform("#SCFG: (1-6),(0-6),(0-1500),(0-65535),(10-1200),(0-255)")
        return .ok
      case .set: return modem.telitConfigure(command)
      case .execute, .malformed: return .error
      }
    },
    CommandEntry("#SCFGEXT", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      switch command.kind {
      case .read:
        for number in 1...TelitState.socketCount {
          let modes = modem.telitModes(number)
          let first: ATText = "\(modes.ring),\(modes.receivesHex),\(modes.keepAlive)"
          modem.inform("#SCFGEXT: \(number),\(first),\(modes.autoResponse),\(modes.sendsHex)")
        }
        return .ok
      case .test:
        modem.inform("#SCFGEXT: (1-6),(0-3),(0,1),(0-240),(0,1),(0,1)")
        return .ok
      case .set: return modem.telitConfigureExtended(command)
      case .execute, .malformed: return .error
      }
    },
    perSocket("#SCFGEXT2", limit: 6), perSocket("#SCFGEXT3", limit: 6),
    CommandEntry("#SD", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      switch command.kind {
      case .test:
        modem.inform("#SD: (1-6),(0,1),(1-65535),,(0,1,255),(0-65535),(0,1)")
        return .ok
      case .set: return modem.telitOpen(command)
      case .read, .execute, .malformed: return .error
      }
    },
    CommandEntry("#SH", time: .milliseconds(10) ... .milliseconds(60)) { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let number = command.number(0, 1...6) else {
        return .equipmentError(50)
      }
      return modem.endSocket(number, within: .seconds(10))
    },
    CommandEntry("#SSENDEXT") { modem, command in
      if command.kind == .test {
        modem.inform("#SSENDEXT: (1-6),(1-1500)")
        return .ok
      }
      guard command.isSet, let number = command.number(0, 1...6),
        let count = command.number(1, 1...1500), command.number(2, 0...2, otherwise: 0) != nil,
        command.arguments.count <= 3
      else { return .equipmentError(50) }
      return modem.telitPrompt(number, count: count, command)
    },
    // To another peer than the one that AT#SD named: UDP alone.
    CommandEntry("#SSENDUDPEXT") { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let number = command.number(0, 1...6),
        let count = command.number(1, 1...1500), let host = command.string(2),
        IPv4Address(host) != nil, let port = command.number(3, 1...65_535),
        command.number(4, 0...2, otherwise: 0) != nil,
        modem.sockets[number]?.transport == .udp || modem.sockets[number] == nil
      else { return .equipmentError(50) }
      let outcome = modem.telitPrompt(number, count: count, command)
      if case .prompt = outcome { modem.setPeer(number, host: host, port: UInt16(port)) }
      return outcome
    },
    CommandEntry("#SSEND") { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let number = command.number(0, 1...6) else {
        return .equipmentError(50)
      }
      return modem.telitPrompt(number, count: nil)
    },
    CommandEntry("#SRECV", time: .milliseconds(3) ... .milliseconds(15)) { modem, command in
      if command.kind == .test {
        modem.inform("#SRECV: (1-6),(1-1500),(0,1)")
        return .ok
      }
      guard command.isSet, let number = command.number(0, 1...6),
        let limit = command.number(1, 1...1500), let detail = command.number(2, 0...1, otherwise: 0)
      else { return .equipmentError(50) }
      return modem.telitReceive(number, limit: limit, isDetailed: detail == 1)
    },
    CommandEntry("#SI") { modem, command in
      var numbers = Array(1...TelitState.socketCount)
      switch command.kind {
      case .execute: break
      case .set:
        guard let number = command.number(0, 1...6) else { return .equipmentError(50) }
        numbers = [number]
      case .test: return .ok
      case .read, .malformed: return .error
      }
      for number in numbers {
        let socket = modem.sockets[number]
        let (sent, received) = (socket?.sentCount ?? 0, socket?.receivedCount ?? 0)
        let waiting = sent - (socket?.deliveredCount ?? 0)
        modem.inform("#SI: \(number),\(sent),\(received),\(socket?.buffered ?? 0),\(waiting)")
      }
      return .ok
    },
    CommandEntry("#SS") { modem, command in
      var numbers = Array(1...TelitState.socketCount)
      switch command.kind {
      case .execute: break
      case .set:
        guard let number = command.number(0, 1...6) else { return .equipmentError(50) }
        numbers = [number]
      case .test: return .ok
      case .read, .malformed: return .error
      }
      for number in numbers { modem.inform(modem.telitStatus(number)) }
      return .ok
    },
    CommandEntry("#SLASTCLOSURE") { modem, command in
      guard command.isSet, let number = command.number(0, 1...6) else {
        return command.kind == .test ? .ok : .error
      }
      modem.inform("#SLASTCLOSURE: \(number),\(modem.telit.lastClosures[number])")
      return .ok
    },
    CommandEntry("#SKTRST") { modem, command in
      if command.kind == .test { return .ok }
      guard command.kind == .execute else { return .error }
      modem.closeAllSockets()
      return .ok
    },
  ]

  /// `=<id>,<numbers>`, kept for each socket.
  private static func perSocket(_ name: StaticString, limit: Int) -> CommandEntry {
    let key = Array(name).lowercased
    return CommandEntry(name, time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      if command.kind == .test { return .ok }
      guard let number = command.number(0, 1...6), command.arguments.count <= limit,
        command.arguments.indices.allSatisfy({ command.number($0, 0...65_535) != nil })
      else { return .equipmentError(50) }
      modem.counters.flashWrites += 1
      let values = command.arguments.indices.dropFirst().map { command.number($0, 0...65_535) ?? 0 }
      modem.stored.setNumbers(key + " \(number)".utf8, values)
      return .ok
    }
  }
}

extension SimulatedModem {
  fileprivate mutating func telitConfigure(_ command: ATCommand) -> CommandOutcome {
    guard let number = command.number(0, 1...6) else { return .equipmentError(50) }
    // A socket in use keeps its settings (general knowledge).
    if sockets[number]?.phase == .connected { return .equipmentError(TelitError.wrongState) }
    var settings = telitSettings(number)
    guard let cid = command.number(1, 0...6, otherwise: settings.cid),
      let size = command.number(2, 0...1500, otherwise: settings.packetSize),
      let idle = command.number(3, 0...65_535, otherwise: settings.idleLimitSeconds),
      let connect = command.number(4, 10...1200, otherwise: settings.connectLimit),
      let delay = command.number(5, 0...255, otherwise: settings.sendDelay),
      command.arguments.count <= 6
    else { return .equipmentError(50) }
    (settings.cid, settings.packetSize, settings.idleLimitSeconds) = (cid, size, idle)
    (settings.connectLimit, settings.sendDelay) = (connect, delay)
    counters.flashWrites += 1
    stored.setNumbers(telitKey("#scfg", number), settings.values)
    return .ok
  }

  fileprivate mutating func telitConfigureExtended(_ command: ATCommand) -> CommandOutcome {
    guard let number = command.number(0, 1...6) else { return .equipmentError(50) }
    if sockets[number]?.phase == .connected { return .equipmentError(TelitError.wrongState) }
    var modes = telitModes(number)
    guard let ring = command.number(1, 0...3, otherwise: modes.ring),
      let receives = command.number(2, 0...1, otherwise: modes.receivesHex),
      let keepAlive = command.number(3, 0...240, otherwise: modes.keepAlive),
      let response = command.number(4, 0...1, otherwise: modes.autoResponse),
      let sends = command.number(5, 0...1, otherwise: modes.sendsHex)
    else { return .equipmentError(50) }
    (modes.ring, modes.receivesHex, modes.keepAlive) = (ring, receives, keepAlive)
    (modes.autoResponse, modes.sendsHex) = (response, sends)
    counters.flashWrites += 1
    stored.setNumbers(telitKey("#scfgext", number), modes.values)
    return .ok
  }

  /// `=<id>,<0 TCP, 1 UDP>,<port>,"<host>",<closure>,<local port>,<1 command mode>`. The command
  /// ends when the socket is open. Without the last parameter the line goes online (`CONNECT`),
  /// which isn't simulated.
  fileprivate mutating func telitOpen(_ command: ATCommand) -> CommandOutcome {
    guard let number = command.number(0, 1...6), let kind = command.number(1, 0...1),
      let port = command.number(2, 1...65_535), let host = command.string(3),
      (1...255).contains(host.count), command.number(4, 0...255, otherwise: 0) != nil,
      let localPort = command.number(5, 0...65_535, otherwise: 0),
      let mode = command.number(6, 0...1, otherwise: 0), command.arguments.count <= 8
    else { return .equipmentError(50) }
    guard mode == 1 else { return .equipmentError(4) }
    let settings = telitSettings(number)
    guard packet.active.contains(settings.cid) else {
      return .equipmentError(TelitError.noContext)
    }
    if let socket = sockets[number] {
      // One that the peer closed may be opened again; what it had left is lost.
      guard socket.phase == .closing else { return .equipmentError(TelitError.wrongState) }
      close(socket.id)
    }
    telit.lastClosures[number] = TelitClosure.none.rawValue
    let socket = newSocket(
      number, cid: settings.cid, transport: kind == 1 ? .udp : .tcp, host: host,
      port: UInt16(port), localPort: UInt16(localPort))
    return openAndWait(socket, within: .milliseconds(settings.connectLimit * 100))
  }

  /// The last parameter of AT#SSENDEXT and AT#SSENDUDPEXT.
  fileprivate func telitAssistance(_ command: ATCommand) -> ReleaseAssistance {
    let index = command.name.equals("#SSENDUDPEXT") ? 4 : 2
    return ReleaseAssistance(rawValue: command.number(index, 0...2, otherwise: 0) ?? 0) ?? .none
  }

  fileprivate mutating func telitPrompt(
    _ number: Int, count: Int?, _ command: ATCommand = .malformed
  ) -> CommandOutcome {
    guard sockets[number]?.phase == .connected else {
      return .equipmentError(TelitError.wrongState)
    }
    // In hexadecimal mode two characters make a byte.
    let factor = telitModes(number).sendsHex == 1 ? 2 : 1
    return .prompt(
      PayloadRequest(command: command, socket: number, count: count.map { $0 * factor }))
  }

  /// `#SRECV: [<ip>,<port>,]<id>,<length>[,<left>]`, the data, one datagram at a time. With nothing
  /// to read some firmwares answer an error and some a length of 0 (UNVERIFIED in the facts): by
  /// the seed.
  fileprivate mutating func telitReceive(
    _ number: Int, limit: Int, isDetailed: Bool
  ) -> CommandOutcome {
    guard let socket = sockets[number], socket.phase != .opening else {
      return .equipmentError(TelitError.wrongState)
    }
    if socket.buffered == 0, firmware.isOdd(0) { return .error }
    let data = read(number, limit: limit)
    let left = socket.buffered - data.count
    if isDetailed {
      let peer: ATText = "\(socket.address),\(socket.port)"
      inform("#SRECV: \(peer),\(number),\(data.count),\(left)")
    } else {
      inform("#SRECV: \(number),\(data.count)")
    }
    if !data.isEmpty {
      inform(ATText(bytes: telitModes(number).receivesHex == 1 ? data.hex : data))
    }
    return .ok
  }

  /// 0 closed, 2 open and nothing pending, 3 with data pending (values UNVERIFIED in the facts).
  fileprivate func telitStatus(_ number: Int) -> ATText {
    guard let socket = sockets[number], socket.phase == .connected else {
      return "#SS: \(number),0"
    }
    let local: ATText = "\(network.address),\(socket.localPort)"
    let state = socket.buffered > 0 ? 3 : 2
    return "#SS: \(number),\(state),\(local),\(socket.address),\(socket.port)"
  }
}

extension SocketTraits {
  /// Telit's stack: six sockets, SRING, NO CARRIER.
  static let telit: SocketTraits = {
    var traits = SocketTraits()
    // The seventh is TLS's, which counts it as its first.
    traits.numbers = 1...TelitTLS.place
    traits.payloadLimit = 1500
    traits.payload = { modem, request, payload in
      if request.socket == TelitTLS.place {
        return modem.take(payload, on: request.socket) == .taken ? .ok : .error
      }
      var bytes = payload
      if modem.telitModes(request.socket).sendsHex == 1 {
        guard let decoded = CommandGroup.bytes(hex: payload) else { return .error }
        bytes = decoded
      }
      let assistance = modem.telitAssistance(request.command)
      guard modem.take(bytes, on: request.socket, assistance: assistance) == .taken else {
        return .error
      }
      modem.telitExchanged(request.socket)
      return .ok
    }
    traits.opened = { modem, socket, error in modem.telitOpened(socket, error) }
    traits.pushes = { modem, socket in
      socket.transport != .tls && modem.telitModes(socket.id.number).ring >= 2
    }
    traits.arrived = { modem, socket, bytes, isNews in
      if socket.transport == .tls { return modem.telitSecureArrived(bytes, isNews: isNews) }
      modem.telitArrived(socket, bytes, isNews: isNews)
    }
    traits.peerClosed = { modem, socket in modem.telitEnded(socket, .byPeer) }
    traits.named = { modem, query, answer in
      modem.answerLookUp(query, answer, failure: .equipmentError(TelitError.nameNotFound)) {
        "#QDNS: \(quoted: query.name),\(quoted: $0)"
      }
    }
    return traits
  }()
}

extension SimulatedModem {
  /// A failure is `NO CARRIER` on some firmwares and a +CME ERROR on others; the socket is free.
  fileprivate mutating func telitOpened(_ socket: Socket, _ error: SocketError) {
    if error == .ok {
      if socket.transport != .tls { telitExchanged(socket.id.number) }
      return endOpening(socket, .ok)
    }
    close(socket.id)
    let number =
      switch error {
      case .nameNotFound: TelitError.nameNotFound
      case .timedOut: TelitError.openTimedOut
      default: TelitError.connectionFailed
      }
    let isPlain = firmware.isOdd(1)
    let text = CommandOutcome.says(Array("NO CARRIER".utf8), isError: true)
    endOpening(socket, isPlain ? text : .equipmentError(number))
  }

  /// SRING in the form that AT#SCFGEXT chose, once until everything is read; with the data in it,
  /// each time.
  fileprivate mutating func telitArrived(_ socket: Socket, _ bytes: [UInt8], isNews: Bool) {
    let number = socket.id.number
    telitExchanged(number)
    let modes = telitModes(number)
    let data = modes.receivesHex == 1 ? bytes.hex : bytes
    switch modes.ring {
    case 0: if isNews { sendURC("SRING: \(number)") }
    case 1: if isNews { sendURC("SRING: \(number),\(bytes.count)") }
    case 2: sendURC("SRING: \(number),\(bytes.count),\(data)")
    default:
      let peer: ATText = "\(socket.address),\(socket.port)"
      sendURC("SRING: \(peer),\(number),\(bytes.count),0,\(data)")
    }
  }

  /// The socket is closed to the network; what lies in its buffer can still be read.
  mutating func telitEnded(_ socket: Socket, _ closure: TelitClosure) {
    let number = socket.id.number
    if number == TelitTLS.place { return telitSecureEnded() }
    telit.lastClosures[number] = closure.rawValue
    // AT#SCFGEXT2's last parameter: bare, with the number, or with the cause too.
    let mode = stored.numbers(Array("#scfgext2 \(number)".utf8), otherwise: [0]).last ?? 0
    switch mode {
    case 0: sendURC("NO CARRIER")
    case 1: sendURC("NO CARRIER: \(number)")
    default: sendURC("NO CARRIER: \(number),\(closure.rawValue)")
    }
  }

  /// Data went or came: AT#SCFG's exchange timer starts anew.
  fileprivate mutating func telitExchanged(_ number: Int) {
    agenda.cancel(.own(OwnEvent("idle", number: number)))
    let limit = telitSettings(number).idleLimitSeconds
    guard limit > 0 else { return }
    schedule(.own(OwnEvent("idle", number: number)), after: .seconds(limit))
  }

  /// No data for as long as AT#SCFG allows: the module closes the socket by itself.
  mutating func telitIdled(_ number: Int) {
    guard var socket = sockets[number], socket.phase == .connected else { return }
    if socket.isReal { effects.append(.closeSocket(socket.id)) }
    socket.isReal = false
    socket.phase = .closing
    sockets[number] = socket
    telitEnded(socket, .idle)
  }

  /// The network took the context: its sockets end with it.
  mutating func telitContextLost(_ cid: Int) {
    for socket in sockets.slots {
      if let socket, socket.cid == cid { telitEnded(socket, .networkLost) }
    }
  }
}

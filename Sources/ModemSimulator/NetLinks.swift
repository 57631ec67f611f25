import Primitives

/// Results of AT+CIPOPEN and AT+CIPCLOSE (SIMCom's list for this service).
enum LinkError: Int, Sendable {
  case ok = 0
  case network = 1
  case notOpened = 2
  case parameter = 3
  case notSupported = 4
  case timedOut = 10
  case nameNotFound = 11
}

extension CommandGroup {
  // MARK: - SIM7600: links of the socket service

  static let netLinks: [CommandEntry] = [
    CommandEntry("+CIPOPEN", time: .milliseconds(10) ... .milliseconds(60)) { modem, command in
      switch command.kind {
      case .read:
        for number in links { modem.inform("+CIPOPEN: \(modem.linkLine(number))") }
        return .ok
      case .set: return modem.openLink(command)
      case .test: return .ok
      case .execute, .malformed: return .error
      }
    },
    CommandEntry("+CIPSEND", time: .milliseconds(5) ... .milliseconds(25)) { modem, command in
      command.isSet ? modem.sendOnLink(command) : command.kind == .test ? .ok : .error
    },
    CommandEntry("+CIPRXGET", time: .milliseconds(3) ... .milliseconds(15)) { modem, command in
      switch command.kind {
      case .read: modem.inform("+CIPRXGET: \(modem.simcom.service.keepsData ? 1 : 0)")
      case .set: return modem.fetchFromLink(command)
      case .test: modem.inform("+CIPRXGET: (0-4),(0-9),(1-1500)")
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+CIPACK") { modem, command in
      guard let number = command.number(0, links), let socket = modem.sockets.slots[number] else {
        return command.kind == .test ? .ok : .error
      }
      let (sent, acknowledged) = (socket.sentCount, socket.deliveredCount)
      modem.inform("+CIPACK: \(sent),\(acknowledged),\(sent - acknowledged)")
      return .ok
    },
    CommandEntry("+CIPCLOSE", time: .milliseconds(20) ... .milliseconds(90)) { modem, command in
      switch command.kind {
      case .read:
        let flags = links.map { number -> [UInt8] in
          modem.sockets.slots[number]?.phase == .connected ? [0x31] : [0x30]
        }
        modem.inform("+CIPCLOSE: \(Array(flags.joined(separator: [UInt8(ascii: ",")])))")
        return .ok
      case .set: return modem.closeLink(command)
      case .test: return .ok
      case .execute, .malformed: return .error
      }
    },
  ]

  fileprivate static let links = 0...NetService.links - 1
}

extension SimulatedModem {
  fileprivate func linkLine(_ number: Int) -> ATText {
    guard let socket = sockets.slots[number], socket.phase == .connected else { return "\(number)" }
    let type: ATText = socket.transport == .tcp ? "TCP" : "UDP"
    return "\(number),\(quoted: type.bytes),\(quoted: socket.address),\(socket.port),-1"
  }

  /// TCP: OK, later `+CIPOPEN: <n>,<err>`. UDP needs a local port and no peer, and its
  /// `+CIPOPEN: <n>,0` comes before the OK (A7600 TCPIP note V1.00 §3.3.1).
  fileprivate mutating func openLink(_ command: ATCommand) -> CommandOutcome {
    guard let number = command.number(0, CommandGroup.links), let type = command.string(1) else {
      return .error
    }
    let isUDP = type.uppercased.equals("UDP")
    guard isUDP || type.uppercased.equals("TCP") else { return refuse(number, .parameter) }
    guard simcom.service.state == .open else { return refuse(number, .notOpened) }
    guard isUp(NetService.cid) else { return refuse(number, .network) }
    if let socket = sockets.slots[number] {
      guard socket.phase == .closing else { return refuse(number, .notSupported) }
      close(socket.id)
    }
    let host = command.string(2, otherwise: []) ?? []
    let local = command.isOmitted(4) ? nil : portNumber(command, 4)
    if isUDP {
      // #364 of LilyGo-Modem-Series: without the local port it is a wrong parameter.
      guard let local, command.arguments.count == 5 else { return refuse(number, .parameter) }
      var socket = newSocket(
        number, cid: NetService.cid, transport: .udp, host: [], port: 0, localPort: local)
      socket.phase = .connected
      sockets.slots[number] = socket
      inform("+CIPOPEN: \(number),0")
      return .ok
    }
    guard (1...255).contains(host.count), let port = portNumber(command, 3),
      command.arguments.count <= 5
    else { return refuse(number, .parameter) }
    open(newSocket(number, cid: NetService.cid, transport: .tcp, host: host, port: port))
    return .ok
  }

  private mutating func refuse(_ number: Int, _ error: LinkError) -> CommandOutcome {
    inform("+CIPOPEN: \(number),\(error.rawValue)")
    return .error
  }

  /// AT+CIPSEND=<n>,[<count>][,"ip",port]: a datagram needs its peer each time, a stream must not
  /// have one.
  fileprivate mutating func sendOnLink(_ command: ATCommand) -> CommandOutcome {
    guard let number = command.number(0, CommandGroup.links), command.arguments.count >= 2 else {
      return .error
    }
    guard let socket = sockets.slots[number], socket.phase == .connected else {
      inform("+CIPERROR: \(LinkError.notSupported.rawValue)")
      return .error
    }
    var count: Int?
    if !command.isOmitted(1) {
      guard let given = command.number(1, 1...1500) else { return .error }
      count = given
    }
    guard socket.transport == .udp else {
      guard command.arguments.count == 2 else { return .error }
      return .prompt(linkRequest(number, count))
    }
    guard let address = command.string(2), IPv4Address(address) != nil,
      let port = portNumber(command, 3), command.arguments.count == 4
    else {
      inform("+CIPERROR: \(LinkError.parameter.rawValue)")
      return .error
    }
    direct(number, to: address, port: port)
    return .prompt(linkRequest(number, count))
  }

  /// The prompt has no blank behind it.
  private func linkRequest(_ number: Int, _ count: Int?) -> PayloadRequest {
    PayloadRequest(socket: number, count: count, prompt: crlf + [UInt8(ascii: ">")])
  }

  /// Gives a datagram link its peer for what follows. Another peer is another socket for the shell.
  private mutating func direct(_ number: Int, to address: [UInt8], port: UInt16) {
    guard let before = sockets.slots[number] else { return }
    if before.isReal, before.address == address, before.port == port { return }
    if before.isReal { effects.append(.closeSocket(before.id)) }
    var socket = newSocket(
      number, cid: before.cid, transport: .udp, host: address, port: port,
      localPort: before.localPort)
    socket.phase = .connected
    socket.isReal = true
    socket.address = address
    (socket.received, socket.receivedCount) = (before.received, before.receivedCount)
    (socket.readCount, socket.isAnnounced) = (before.readCount, before.isAnnounced)
    (socket.sentCount, socket.deliveredCount) = (before.deliveredCount, before.deliveredCount)
    sockets.slots[number] = socket
    effects.append(.openSocket(socket.id, .udp, host: address, port: port))
  }

  /// OK, and `+CIPSEND: <n>,<asked>,<taken>` behind it.
  mutating func sendOnLink(_ number: Int, _ payload: [UInt8]) -> CommandOutcome {
    switch take(payload, on: number) {
    case .refused, .full:
      inform("+CIPERROR: \(LinkError.notSupported.rawValue)")
      return .error
    case .taken:
      schedule(
        .urc(Array("+CIPSEND: \(number),\(payload.count),\(payload.count)".utf8)),
        after: sample(.milliseconds(30) ... .milliseconds(120)))
      return .ok
    }
  }

  fileprivate mutating func fetchFromLink(_ command: ATCommand) -> CommandOutcome {
    guard let mode = command.number(0, 0...4) else { return .error }
    if mode < 2 {
      guard command.arguments.count == 1 else { return .error }
      simcom.service.keepsData = mode == 1
      return .ok
    }
    guard let number = command.number(1, CommandGroup.links) else { return .error }
    guard let socket = sockets.slots[number], simcom.service.keepsData,
      mode == 4 || socket.buffered > 0
    else {
      inform("+IP ERROR: No data")
      return .error
    }
    if mode == 4 {
      inform("+CIPRXGET: 4,\(number),\(socket.buffered)")
      return .ok
    }
    let most = mode == 2 ? 1500 : 750
    guard let limit = command.number(2, 1...most, otherwise: most) else { return .error }
    let data = read(number, limit: limit)
    inform("+CIPRXGET: \(mode),\(number),\(data.count),\(sockets.slots[number]?.buffered ?? 0)")
    inform(ATText(bytes: mode == 2 ? data : data.hex))
    return .ok
  }

  /// A stream: OK, then `+CIPCLOSE: <n>,0`. A datagram link answers the other way round.
  fileprivate mutating func closeLink(_ command: ATCommand) -> CommandOutcome {
    guard let number = command.number(0, CommandGroup.links), command.arguments.count == 1 else {
      return .error
    }
    guard let socket = sockets.slots[number], socket.phase != .closing else {
      if let socket = sockets.slots[number] { close(socket.id) }
      inform("+CIPCLOSE: \(number),\(LinkError.notSupported.rawValue)")
      return .error
    }
    close(socket.id)
    if socket.transport == .udp {
      inform("+CIPCLOSE: \(number),0")
    } else {
      let delay = sample(network.timing.uplink) + sample(network.timing.downlink)
      schedule(.urc(Array("+CIPCLOSE: \(number),0".utf8)), after: delay)
    }
    return .ok
  }

  // MARK: - What the service says by itself

  mutating func linkOpened(_ socket: Socket, _ error: SocketError) {
    let code: LinkError =
      switch error {
      case .ok: .ok
      case .nameNotFound: .nameNotFound
      case .timedOut: .timedOut
      default: .network
      }
    if error != .ok { close(socket.id) }
    sendURC("+CIPOPEN: \(socket.id.number),\(code.rawValue)")
  }

  mutating func linkArrived(_ bytes: [UInt8], _ socket: Socket, isNews: Bool) {
    let number = socket.id.number
    if simcom.service.keepsData {
      if isNews { sendURC("+CIPRXGET: 1,\(number)") }
    } else if simcom.service.header == 1 {
      sendURC("+RECEIVE,\(number),\(bytes.count):\r\n\(bytes)")
    } else {
      sendURC("RECV FROM:\(socket.address):\(socket.port)\r\n+IPD\(bytes.count)\r\n\(bytes)")
    }
  }
}

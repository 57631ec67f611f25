import Primitives

extension CommandGroup {
  // MARK: - Quectel GSM: sockets, with AT+QIMUX=1

  static let gsmSockets: [CommandEntry] = [
    CommandEntry("+QIOPEN", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      command.isSet ? modem.openGSMSocket(command) : command.kind == .test ? .ok : .error
    },
    CommandEntry("+QISEND", time: .milliseconds(5) ... .milliseconds(25)) { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let number = command.number(0, QuectelGSMState.connections),
        let socket = modem.sockets.slots[number], socket.phase == .connected
      else { return .error }
      if command.arguments.count == 1 { return .prompt(PayloadRequest(socket: number, count: nil)) }
      guard command.arguments.count == 2, let count = command.number(1, 1...1460) else {
        return .error
      }
      return .prompt(PayloadRequest(socket: number, count: count))
    },
    CommandEntry("+QISACK") { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet || command.kind == .execute,
        let number = command.number(0, QuectelGSMState.connections, otherwise: 0),
        let socket = modem.sockets.slots[number]
      else { return .error }
      let (sent, acknowledged) = (socket.sentCount, socket.deliveredCount)
      modem.inform("+QISACK: \(sent), \(acknowledged), \(sent - acknowledged)")
      return .ok
    },
    number("+QINDI", 0...2) {
      $0.gsmStack.receiveMode
    } set: {
      $0.gsmStack.receiveMode = $1
    },
    number("+QIHEAD", 0...1) { _ in
      0
    } set: { _, _ in
    },
    number("+QISHOWRA", 0...1) { _ in
      0
    } set: { _, _ in
    },
    number("+QISHOWLA", 0...1) { _ in
      0
    } set: { _, _ in
    },
    number("+QISHOWPT", 0...1) { _ in
      0
    } set: { _, _ in
    },
    number("+QISDE", 0...1) {
      $0.session.echoesData ? 1 : 0
    } set: {
      $0.session.echoesData = $1 == 1
    },
    CommandEntry("+QIRD", time: .milliseconds(3) ... .milliseconds(15)) { modem, command in
      command.isSet ? modem.readGSMSocket(command) : command.kind == .test ? .ok : .error
    },
    CommandEntry("+QICLOSE", time: .milliseconds(20) ... .milliseconds(90)) { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let number = command.number(0, QuectelGSMState.connections),
        let socket = modem.sockets.slots[number]
      else { return .error }
      modem.close(socket.id)
      return .says(Array("\(number), CLOSE OK".utf8))
    },
    CommandEntry("+QISTATE") { modem, command in
      guard command.kind == .execute else { return command.kind == .test ? .ok : .error }
      return .says(Array("OK".utf8) + crlf + crlf + modem.gsmStateText.bytes)
    },
  ]
}

extension SimulatedModem {
  fileprivate var gsmStateText: ATText {
    let isUsed = sockets.slots.contains { $0 != nil }
    switch gsmStack.state {
    case .initial: return "STATE: IP INITIAL"
    case .start: return "STATE: IP START"
    case .configuring: return "STATE: IP CONFIG"
    case .active: return isUsed ? "STATE: IP PROCESSING" : "STATE: IP GPRSACT"
    case .deactivated: return "STATE: PDP DEACT"
    }
  }

  /// OK at once; `<id>, CONNECT OK` or `<id>, CONNECT FAIL` later.
  fileprivate mutating func openGSMSocket(_ command: ATCommand) -> CommandOutcome {
    guard let number = command.number(0, QuectelGSMState.connections),
      let type = command.string(1)?.uppercased, type.equals("TCP") || type.equals("UDP"),
      let host = command.string(2), (1...150).contains(host.count),
      let port = portNumber(command, 3), command.arguments.count == 4
    else { return .error }
    guard gsmStack.allowsSeveral, gsmStack.state == .active, isUp(QuectelGSMState.cid) else {
      return .error
    }
    // An address where a name was announced is looked up and not found (assumed), and the reverse.
    guard gsmStack.takesNames == (IPv4Address(host) == nil) else {
      sayLater("\(number), CONNECT FAIL")
      return .ok
    }
    if sockets.slots[number] != nil {
      // geolink/opentracker#28.
      sayLater("ALREADY CONNECT")
      return .ok
    }
    open(
      newSocket(
        number, cid: QuectelGSMState.cid, transport: type.equals("UDP") ? .udp : .tcp, host: host,
        port: port))
    return .ok
  }

  /// AT+QIRD=0,1,<id>,<len>: the data ends without a line end of its own.
  fileprivate mutating func readGSMSocket(_ command: ATCommand) -> CommandOutcome {
    guard command.number(0, 0...0) != nil, command.number(1, 1...1) != nil,
      let number = command.number(2, QuectelGSMState.connections),
      let limit = command.number(3, 1...1500), let socket = sockets.slots[number],
      socket.phase == .connected || socket.buffered > 0
    else { return .error }
    let data = read(number, limit: limit)
    gsmStack.packets[number] = 0
    if data.isEmpty { return .ok }
    let type: ATText = socket.transport == .tcp ? "TCP" : "UDP"
    inform("+QIRD: \(socket.address):\(socket.port),\(type),\(data.count)")
    informRaw(data)
    return .ok
  }

  mutating func gsmSocketOpened(_ socket: Socket, _ error: SocketError) {
    let number = socket.id.number
    // What failed is free again (assumed).
    if error != .ok { close(socket.id) }
    sendURC("\(number), CONNECT \(error == .ok ? "OK" : "FAIL" as ATText)")
  }

  mutating func gsmDataArrived(_ socket: Socket, _ bytes: [UInt8], isNews: Bool) {
    let number = socket.id.number
    switch gsmStack.receiveMode {
    case 0: sendURC("+RECEIVE: \(number), \(bytes.count)\r\n\(bytes)")
    case 1: if isNews { sendURC("+QIRDI: 0,1,\(number)") }
    default:
      let count = (gsmStack.packets[number] ?? 0) + 1
      gsmStack.packets[number] = count
      sendURC("+QIRDI: 0,1,\(number),\(count),\(bytes.count),\(socket.buffered)")
    }
  }
}

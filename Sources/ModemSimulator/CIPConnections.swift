import Primitives

extension CommandGroup {
  /// Connections of the CIP stack (SIM800 AT manual V1.09 p. 222 and on).
  static func cipConnections(sockets: Int) -> [CommandEntry] {
    let numbers = 0...sockets - 1
    return [
      CommandEntry("+CIPSTART", time: .milliseconds(10) ... .milliseconds(50)) { modem, command in
        switch command.kind {
        case .set: return modem.startConnection(command, numbers)
        case .test: return .ok
        case .read, .execute, .malformed: return .error
        }
      },
      CommandEntry("+CIPSEND", time: .milliseconds(5) ... .milliseconds(25)) { modem, command in
        if command.kind == .test { return .ok }
        guard command.isSet, let number = command.number(0, numbers) else { return .error }
        guard modem.simcom.cip.allowsSeveral, let socket = modem.sockets.slots[number],
          socket.phase == .connected
        else { return .equipmentError(SIMComError.notAllowed) }
        if command.arguments.count == 1 {
          return .prompt(PayloadRequest(socket: number, count: nil))
        }
        guard command.arguments.count == 2,
          let count = command.number(1, 1...modem.personality.sockets.payloadLimit)
        else {
          return .error
        }
        return .prompt(PayloadRequest(socket: number, count: count))
      },
      CommandEntry("+CIPRXGET", time: .milliseconds(3) ... .milliseconds(15)) { modem, command in
        switch command.kind {
        case .read: modem.inform("+CIPRXGET: \(modem.simcom.cip.keepsData ? 1 : 0)")
        case .set: return modem.fetch(command, numbers)
        case .test: modem.inform("+CIPRXGET: (0-4),(\(0)-\(sockets - 1)),(1-1460)")
        case .execute, .malformed: return .error
        }
        return .ok
      },
      CommandEntry("+CIPCLOSE", time: .milliseconds(20) ... .milliseconds(90)) { modem, command in
        if command.kind == .test { return .ok }
        guard command.isSet, let number = command.number(0, numbers),
          command.number(1, 0...1, otherwise: 0) != nil
        else { return .error }
        guard let socket = modem.sockets.slots[number], socket.phase != .closing else {
          return .equipmentError(SIMComError.notAllowed)
        }
        modem.close(socket.id)
        return .says(Array("\(number), CLOSE OK".utf8))
      },
    ]
  }
}

extension SimulatedModem {
  /// OK comes at once, `<n>, CONNECT OK` or `<n>, CONNECT FAIL` later.
  fileprivate mutating func startConnection(
    _ command: ATCommand, _ numbers: ClosedRange<Int>
  ) -> CommandOutcome {
    guard let number = command.number(0, numbers), let type = command.string(1)?.uppercased,
      type.equals("TCP") || type.equals("UDP"), let host = command.string(2),
      (1...100).contains(host.count), let port = portNumber(command, 3),
      command.arguments.count == 4
    else { return .error }
    // Before AT+CIFSR the stack has no address to connect from.
    guard simcom.cip.allowsSeveral, simcom.cip.state == .status, isUp(CIPStack.cid) else {
      return .equipmentError(SIMComError.notAllowed)
    }
    if let socket = sockets.slots[number], socket.phase != .closing {
      sayLater("\(number), ALREADY CONNECT")
      return .ok
    }
    if let socket = sockets.slots[number] { close(socket.id) }
    let stream: SocketTransport = simcom.cip.isSecure ? .tls : .tcp
    open(
      newSocket(
        number, cid: CIPStack.cid, transport: type.equals("UDP") ? .udp : stream, host: host,
        port: port))
    return .ok
  }

  /// AT+CIPRXGET: 0 and 1 set the mode; 2 reads, 3 reads in hexadecimal, 4 counts.
  fileprivate mutating func fetch(
    _ command: ATCommand, _ numbers: ClosedRange<Int>
  ) -> CommandOutcome {
    guard let mode = command.number(0, 0...4) else { return .error }
    if mode < 2 {
      guard command.arguments.count == 1 else { return .error }
      // Only connections that are still to be opened would follow the new mode.
      guard !sockets.slots.contains(where: { $0 != nil }) else {
        return .equipmentError(SIMComError.notAllowed)
      }
      simcom.cip.keepsData = mode == 1
      return .ok
    }
    guard simcom.cip.keepsData, let number = command.number(1, numbers) else {
      return .equipmentError(SIMComError.notAllowed)
    }
    guard let socket = sockets.slots[number], socket.phase == .connected else {
      // Nor can a connection that the peer has closed be read (vshymanskyy/TinyGSM#184, #197).
      return .equipmentError(SIMComError.notAllowed)
    }
    if mode == 4 {
      inform("+CIPRXGET: 4,\(number),\(socket.buffered)")
      return .ok
    }
    let most = mode == 2 ? 1460 : 730
    guard let limit = command.number(2, 1...most, otherwise: most) else { return .error }
    let data = read(number, limit: limit)
    inform("+CIPRXGET: \(mode),\(number),\(data.count),\(sockets.slots[number]?.buffered ?? 0)")
    // No line end of its own behind the data.
    informRaw(mode == 2 ? data : data.hex)
    return .ok
  }

  /// Answers `DATA ACCEPT:<n>,<count>` at once, or `<n>, SEND OK` when it is over the air; 645 s
  /// without an acknowledgement are the end (SIM7000 AT manual V1.06).
  mutating func sendOnConnection(_ number: Int, _ payload: [UInt8]) -> CommandOutcome {
    switch take(payload, on: number, assistance: simcomAssistance) {
    case .refused: return .equipmentError(SIMComError.notAllowed)
    case .full: return .says(Array("\(number), SEND FAIL".utf8), isError: true)
    case .taken: break
    }
    if simcom.cip.answersEarly {
      return .says(Array("DATA ACCEPT:\(number),\(payload.count)".utf8))
    }
    simcom.senders[number] = execution?.serial
    return wait(.seconds(645), then: .says(Array("\(number), SEND FAIL".utf8), isError: true))
  }

  mutating func connectionDelivered(_ socket: Socket) {
    guard let serial = simcom.senders[socket.id.number] else { return }
    simcom.senders[socket.id.number] = nil
    complete(.says(Array("\(socket.id.number), SEND OK".utf8)), serial: serial)
  }

  // MARK: - What the stack says by itself

  mutating func connectionOpened(_ socket: Socket, _ error: SocketError) {
    let number = socket.id.number
    sendURC(error == .ok ? "\(number), CONNECT OK" : "\(number), CONNECT FAIL")
  }

  /// Data arrived: news of it, or the data itself.
  mutating func connectionHeard(_ bytes: [UInt8], _ number: Int, isNews: Bool) {
    guard simcom.cip.keepsData else {
      return sendURC("+RECEIVE,\(number),\(bytes.count):\r\n\(bytes)")
    }
    if isNews { sendURC("+CIPRXGET: 1,\(number)") }
  }
}

import Primitives

extension CommandGroup {
  // MARK: - SMS: list, read, delete (TS 27.005 §3.4)

  private static let lists: [StaticString] = [
    "REC UNREAD", "REC READ", "STO UNSENT", "STO SENT", "ALL",
  ]

  static let messageReading: [CommandEntry] = [
    CommandEntry("+CMGL", time: .milliseconds(10) ... .milliseconds(60)) { modem, command in
      if let error = modem.messageError { return error }
      switch command.kind {
      case .execute: return modem.list(.unread)
      case .test: return .ok
      case .set:
        guard command.arguments.count == 1 else { return .error }
        if modem.session.smsFormat == 0 {
          guard let number = command.number(0, 0...4) else { return .error }
          return modem.list(StoredMessage.Status(rawValue: number))
        }
        guard let list = command.string(0),
          let number = lists.firstIndex(where: { list.equals($0) })
        else { return .error }
        return modem.list(StoredMessage.Status(rawValue: number))
      case .read, .malformed: return .error
      }
    },
    CommandEntry("+CMGR", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      if command.kind == .test { return .ok }
      if let error = modem.messageError { return error }
      guard command.arguments.count == 1, let index = command.number(0, 0...254) else {
        return .error
      }
      let memory = modem.memory(0)
      guard index - memory.first < modem.capacity(memory), index >= memory.first else {
        return .messageError(321)
      }
      guard let message = modem.messages(in: memory).first(where: { $0.index == index }) else {
        return modem.personality.messages.emptyError(modem).map { .messageError($0) } ?? .ok
      }
      modem.show(message, isListed: false)
      modem.markRead(message)
      return .ok
    },
    CommandEntry("+CMGD", time: .milliseconds(5) ... .milliseconds(60)) { modem, command in
      if command.kind == .test { return .ok }
      if let error = modem.messageError { return error }
      guard let index = command.number(0, 0...254),
        let flag = command.number(1, 0...4, otherwise: 0), command.arguments.count <= 2
      else { return .error }
      return modem.delete(index, flag: flag)
    },
  ]
}

extension SimulatedModem {
  /// All of a status, nil: all there are. What is listed has been read.
  ///
  /// News of a message that came meanwhile may stand between two of the list, never inside one.
  fileprivate mutating func list(_ status: StoredMessage.Status?) -> CommandOutcome {
    for message in messages(in: memory(0)) where status == nil || message.status == status {
      show(message, isListed: true)
      markRead(message)
      tellNewsAmongLines()
    }
    return .ok
  }

  /// One of AT+CMGL's, or AT+CMGR's.
  fileprivate mutating func show(_ message: StoredMessage, isListed: Bool) {
    let name: ATText = isListed ? "+CMGL: \(message.index)," : "+CMGR: "
    if session.smsFormat == 1 { return showText(message, name, isListed: isListed) }
    inform("\(name)\(message.status.rawValue),,\(message.tpdu.count)")
    inform(ATText(bytes: hexadecimal(message.tpdu)))
  }

  /// Flags as in TS 27.005 §3.5.4; with one, the index says nothing.
  fileprivate mutating func delete(_ index: Int, flag: Int) -> CommandOutcome {
    let memory = memory(0)
    let gone: [StoredMessage]
    switch flag {
    case 0:
      guard index - memory.first < capacity(memory), index >= memory.first else {
        return .messageError(321)
      }
      gone = messages(in: memory).filter { $0.index == index }
      if gone.isEmpty, firmware.isOdd(14) { return .messageError(321) }
    case 1: gone = messages(in: memory).filter { $0.status == .read }
    case 2: gone = messages(in: memory).filter { $0.status == .read || $0.status == .sent }
    case 3: gone = messages(in: memory).filter { $0.status != .unread }
    default: gone = messages(in: memory)
    }
    if gone.isEmpty { return .ok }
    counters.flashWrites += 1
    stored.messages.removeAll { gone.contains($0) }
    roomWasMade()
    return .ok
  }
}

import Primitives

extension CommandGroup {
  // MARK: - SMS: settings and an empty store

  static let messages: [CommandEntry] = [
    number("+CMGF", 0...1) {
      $0.session.smsFormat
    } set: {
      $0.session.smsFormat = $1
    },
    number("+CSDH", 0...1) {
      $0.session.smsHeader
    } set: {
      $0.session.smsHeader = $1
    },
    CommandEntry("+CSCS") { modem, command in
      switch command.kind {
      case .read: modem.inform("+CSCS: \(quoted: modem.session.characterSet)")
      case .set:
        guard let name = command.string(0)?.uppercased,
          name.equals("GSM") || name.equals("UCS2") || name.equals("IRA")
        else { return .error }
        modem.session.characterSet = name
      case .test: modem.inform("+CSCS: (\"GSM\",\"IRA\",\"UCS2\")")
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+CPMS") { modem, command in
      if let error = modem.messageError { return error }
      switch command.kind {
      case .read:
        let used = modem.session.smsStorages.map { name -> ATText in
          "\(quoted: name),0,\(storageSize(name))"
        }
        modem.inform("+CPMS: \(used[0]),\(used[1]),\(used[2])")
      case .set: return modem.selectStorages(command)
      case .test: modem.inform("+CPMS: (\"ME\",\"SM\"),(\"ME\",\"SM\"),(\"ME\",\"SM\")")
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+CMGL", time: .milliseconds(10) ... .milliseconds(60)) { modem, command in
      if let error = modem.messageError { return error }
      let lists: [StaticString] = ["REC UNREAD", "REC READ", "STO UNSENT", "STO SENT", "ALL"]
      switch command.kind {
      case .execute, .test: return .ok
      case .set:
        if modem.session.smsFormat == 0 { return command.number(0, 0...4) == nil ? .error : .ok }
        guard let list = command.string(0), lists.contains(where: { list.equals($0) }) else {
          return .error
        }
        return .ok
      case .read, .malformed: return .error
      }
    },
    CommandEntry("+CMGR") { modem, command in
      if let error = modem.messageError { return error }
      guard command.number(0, 0...254) != nil else { return .error }
      return .ok
    },
    CommandEntry("+CMGD") { modem, command in
      if command.kind == .test { return .ok }
      if let error = modem.messageError { return error }
      guard command.number(0, 0...254) != nil, command.number(1, 0...4, otherwise: 0) != nil else {
        return .error
      }
      return .ok
    },
    CommandEntry("+CNMI") { modem, command in
      switch command.kind {
      case .read:
        let values = modem.session.newMessage.map { Array("\($0)".utf8) }
        modem.inform("+CNMI: \(Array(values.joined(separator: [UInt8(ascii: ",")])))")
      case .set:
        var values = modem.session.newMessage
        for index in command.arguments.indices {
          guard index < values.count,
            let value = command.number(index, 0...3, otherwise: values[index])
          else { return .error }
          values[index] = value
        }
        modem.session.newMessage = values
      case .test: modem.inform("+CNMI: (0-2),(0-3),(0,2),(0-2),(0,1)")
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+CSCA") { modem, command in
      switch command.kind {
      case .read: modem.inform("+CSCA: \(quoted: modem.stored.smsCentre),145")
      case .set:
        guard let number = command.string(0), (1...21).contains(number.count),
          command.number(1, 0...255, otherwise: 145) != nil
        else { return .error }
        modem.counters.flashWrites += 1
        modem.stored.smsCentre = number
      case .test: break
      case .execute, .malformed: return .error
      }
      return .ok
    },
  ]

  /// BG96 AT manual V2.2: 23 in the module; a card has 50 as a rule.
  static func storageSize(_ name: [UInt8]) -> Int { name.equals("SM") ? 50 : 23 }
}

extension SimulatedModem {
  /// The card must be open and its messages read.
  fileprivate var messageError: CommandOutcome? {
    switch card {
    case .absent: .messageError(310)
    case .off: .messageError(313)
    case .busy: .messageError(314)
    case .wantsPIN: .messageError(311)
    case .blocked: .messageError(316)
    case .ready: agenda.contains(.boot(.messagesReady)) ? .messageError(314) : nil
    }
  }

  fileprivate mutating func selectStorages(_ command: ATCommand) -> CommandOutcome {
    var names = session.smsStorages
    guard (1...3).contains(command.arguments.count) else { return .error }
    for index in command.arguments.indices {
      guard let name = command.string(index)?.uppercased, name.equals("ME") || name.equals("SM")
      else { return .error }
      names[index] = name
    }
    session.smsStorages = names
    let used = names.map { name -> ATText in "0,\(CommandGroup.storageSize(name))" }
    inform("+CPMS: \(used[0]),\(used[1]),\(used[2])")
    return .ok
  }
}

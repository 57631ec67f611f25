import Primitives

extension CommandGroup {
  // MARK: - SMS (TS 27.005): settings; reading and sending are in files of their own

  static let messages: [CommandEntry] =
    messageSettings + messageRouting + messageReading + [messageSend, messageAcknowledgement]

  private static let messageSettings: [CommandEntry] = [
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
    number("+CGSMS", 0...3) {
      $0.session.smsDomain
    } set: {
      $0.session.smsDomain = $1
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
    CommandEntry("+CSMP") { modem, command in
      switch command.kind {
      case .read:
        let values = modem.session.smsParameters.map { Array("\($0)".utf8) }
        modem.inform("+CSMP: \(Array(values.joined(separator: [UInt8(ascii: ",")])))")
      case .set:
        guard let values = modem.values(command, onto: modem.session.smsParameters, most: 255)
        else { return .error }
        modem.session.smsParameters = values
      case .test: break
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
    CommandEntry("+CSMS") { modem, command in
      switch command.kind {
      case .read: modem.inform("+CSMS: \(modem.session.smsService),1,1,1")
      case .set:
        guard let service = command.number(0, 0...1), command.arguments.count == 1 else {
          return .messageError(303)
        }
        modem.session.smsService = service
        modem.inform("+CSMS: 1,1,1")
      case .test: modem.inform("+CSMS: (0,1)")
      case .execute, .malformed: return .error
      }
      return .ok
    },
  ]

  private static let messageRouting: [CommandEntry] = [
    CommandEntry("+CPMS") { modem, command in
      if let error = modem.messageError { return error }
      switch command.kind {
      case .read:
        let used = (0...2).map { use -> ATText in
          "\(quoted: modem.session.smsStorages[use]),\(modem.fill(use))"
        }
        modem.inform("+CPMS: \(used[0]),\(used[1]),\(used[2])")
      case .set: return modem.selectStorages(command)
      case .test:
        let names = modem.personality.messages.memories.flatMap { [$0.name, $0.alias] }
          .compactMap { $0.map { ATText(bytes: Array($0)) } }
        let list = names.map { ("\(quoted: $0.bytes)" as ATText).bytes }
        let text = Array(list.joined(separator: [UInt8(ascii: ",")]))
        modem.inform("+CPMS: (\(text)),(\(text)),(\(text))")
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+CNMI") { modem, command in
      switch command.kind {
      case .read:
        let values = modem.session.newMessage.map { Array("\($0)".utf8) }
        modem.inform("+CNMI: \(Array(values.joined(separator: [UInt8(ascii: ",")])))")
      case .set:
        guard let values = modem.values(command, onto: modem.session.newMessage, most: 3),
          values[3] <= 2, values[4] <= 1
        else { return .error }
        modem.session.newMessage = values
        modem.releaseNews()
      case .test: modem.inform("+CNMI: (0-2),(0-3),(0,2),(0-2),(0,1)")
      case .execute, .malformed: return .error
      }
      return .ok
    },
  ]
}

extension SimulatedModem {
  /// What every boot begins with, after the profile and the family's own.
  mutating func beginMessages() {
    let traits = personality.messages
    session.smsFormat = traits.format(self)
    session.newMessage = traits.newMessage
    let chosen = stored.configuration(Array("cpms".utf8))
    let names = chosen?.split(separator: UInt8(ascii: ",")).map { Array($0) } ?? []
    session.smsStorages =
      names.count == 3 ? names : Array(repeating: Array(traits.chosen), count: 3)
    messages.news = []
    if let message = messages.unacknowledged { messages.held.insert(message, at: 0) }
    messages.unacknowledged = nil
  }

  /// The card must be open and its messages read.
  var messageError: CommandOutcome? {
    switch card {
    case .absent: .messageError(310)
    case .off: .messageError(313)
    case .busy: .messageError(personality.messages.notReadyError(self))
    case .wantsPIN: .messageError(311)
    case .blocked: .messageError(316)
    case .ready:
      messagesAreRead ? nil : .messageError(personality.messages.notReadyError(self))
    }
  }

  /// The messages of card and module have been read since the boot.
  var messagesAreRead: Bool { card == .ready && !agenda.contains(.boot(.messagesReady)) }

  /// A list of numbers, of which a command may give the first ones.
  fileprivate func values(_ command: ATCommand, onto old: [Int], most: Int) -> [Int]? {
    guard command.arguments.count <= old.count else { return nil }
    var values = old
    for index in command.arguments.indices {
      guard let value = command.number(index, 0...most, otherwise: old[index]) else { return nil }
      values[index] = value
    }
    return values
  }

  fileprivate mutating func selectStorages(_ command: ATCommand) -> CommandOutcome {
    var names = session.smsStorages
    guard (1...3).contains(command.arguments.count) else { return .error }
    for index in command.arguments.indices {
      guard let name = command.string(index)?.uppercased,
        personality.messages.memories.contains(where: { $0.isCalled(name) })
      else { return .error }
      names[index] = name
    }
    session.smsStorages = names
    if personality.messages.keepsChoice {
      counters.flashWrites += 1
      let text = Array(names.joined(separator: [UInt8(ascii: ",")]))
      stored.setConfiguration(Array("cpms".utf8), text)
    }
    inform("+CPMS: \(fill(0)),\(fill(1)),\(fill(2))")
    roomWasMade()
    return .ok
  }
}

import Primitives

/// Shapes of commands that several families share.
extension CommandGroup {
  /// A setting that goes to the flash, is read back as it was written, and changes nothing here.
  static func kept(
    _ name: StaticString, factory: StaticString
  ) -> CommandEntry {
    let key = Array(name).lowercased
    return CommandEntry(name, time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      switch command.kind {
      case .read:
        modem.inform("\(Array(name)): \(modem.stored.configuration(key) ?? Array(factory))")
      case .set:
        modem.counters.flashWrites += 1
        modem.stored.setConfiguration(key, command.argumentText)
      case .test: break
      case .execute, .malformed: return .error
      }
      return .ok
    }
  }

  /// A line that needs the card, open or not.
  static func cardText(
    _ name: StaticString, answersRead: Bool = false,
    _ line: @escaping @Sendable (SimulatedModem) -> ATText
  ) -> CommandEntry {
    CommandEntry(name, time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      switch command.kind {
      case .execute: break
      case .read: if !answersRead { return .error }
      case .test: return .ok
      case .set, .malformed: return .error
      }
      switch modem.card {
      case .off, .absent, .busy: return .equipmentError(modem.cardError ?? 13)
      case .wantsPIN, .blocked, .ready: modem.inform(line(modem))
      }
      return .ok
    }
  }

  /// As `cardText`, of a card that is open.
  static func openCardText(
    _ name: StaticString, _ line: @escaping @Sendable (SimulatedModem) -> ATText
  ) -> CommandEntry {
    CommandEntry(name, time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      if command.kind == .test { return .ok }
      guard command.kind == .execute else { return .error }
      if let error = modem.cardError { return .equipmentError(error) }
      modem.inform(line(modem))
      return .ok
    }
  }

  /// A number in the flash.
  static func storedNumber(
    _ name: StaticString, _ range: ClosedRange<Int>, factory: Int
  ) -> CommandEntry {
    let key = Array(name).lowercased
    return number(name, range, isStored: true) {
      $0.stored.numbers(key, otherwise: [factory])[0]
    } set: {
      $0.stored.setNumbers(key, [$1])
    }
  }

  /// A command without parameters that ends the module's work, after its OK.
  static func shutdown(
    _ name: StaticString, isOrderly: Bool = true, boots: Bool = false
  ) -> CommandEntry {
    CommandEntry(name) { modem, command in
      if command.kind == .test { return .ok }
      guard command.kind == .execute else { return .error }
      modem.shutDown(isOrderly: isOrderly, boots: boots)
      return .ok
    }
  }

  /// The command of that name, which must be in the group.
  static func entry(_ name: StaticString, in group: [CommandEntry]) -> CommandEntry {
    guard let entry = group.first(where: { Array($0.name).equals(name) }) else {
      preconditionFailure("no such command in the group")
    }
    return entry
  }

  /// A command that half of the firmwares have.
  static func onOddFirmware(_ question: Int, _ entry: CommandEntry) -> CommandEntry {
    CommandEntry(entry.name, time: entry.time) { modem, command in
      modem.firmware.isOdd(question) ? entry.run(&modem, command) : .error
    }
  }

  /// What the standards have and these families share.
  static let standard: [CommandEntry] =
    general + card + [function([0, 1, 4])] + network + [extendedSignal] + packet + activation
    + sleep + time + messages

  /// +CREG and +CGREG as everywhere; whether +CEREG has modes 4 and 5 is left open by the facts of
  /// some families: `isRich` says it.
  static func registrations(
    isRich: @escaping @Sendable (SimulatedModem) -> Bool
  ) -> [CommandEntry] {
    let plain = registration("+CEREG", .evolved, modes: [0, 1, 2]) { $0.cereg = $1 }
    let rich = registration("+CEREG", .evolved, modes: [0, 1, 2, 3, 4, 5]) { $0.cereg = $1 }
    return [
      registration("+CREG", .circuit, modes: [0, 1, 2]) { $0.creg = $1 },
      registration("+CGREG", .packet, modes: [0, 1, 2]) { $0.cgreg = $1 },
      CommandEntry("+CEREG") { modem, command in
        (isRich(modem) ? rich : plain).run(&modem, command)
      },
    ]
  }
}

extension SimulatedModem {
  /// After the OK of the command that asks for it.
  mutating func shutDown(isOrderly: Bool, boots: Bool = false) {
    schedule(
      .power(.commandedOff(isOrderly: isOrderly, bootsAgain: boots)), after: .milliseconds(20))
  }
}

extension ATCommand {
  /// The parameters as text again.
  var argumentText: [UInt8] {
    let texts = arguments.map { argument -> [UInt8] in
      switch argument {
      case .omitted: []
      case .plain(let text): text
      case .quoted(let text): [UInt8(ascii: "\"")] + text + [UInt8(ascii: "\"")]
      }
    }
    return Array(texts.joined(separator: [UInt8(ascii: ",")]))
  }
}

extension StoredSettings {
  /// Numbers kept by name, separated by commas; `otherwise` where none were written.
  func numbers(_ key: [UInt8], otherwise: [Int]) -> [Int] {
    guard let text = configuration(key) else { return otherwise }
    return text.split(separator: UInt8(ascii: ",")).map { Int(Array($0).asciiWholeNumber ?? 0) }
  }

  mutating func setNumbers(_ key: [UInt8], _ values: [Int]) {
    let texts = values.map { Array("\($0)".utf8) }
    setConfiguration(key, Array(texts.joined(separator: [UInt8(ascii: ",")])))
  }
}

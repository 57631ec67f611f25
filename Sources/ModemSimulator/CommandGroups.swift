import Primitives

/// Groups of commands, from which a personality puts its table together.
enum CommandGroup {
  /// A command that is one number: `=<n>` sets it, `?` reads it.
  static func number(
    _ name: StaticString, _ range: ClosedRange<Int>, isStored: Bool = false,
    get: @escaping @Sendable (SimulatedModem) -> Int,
    set: @escaping @Sendable (inout SimulatedModem, Int) -> Void
  ) -> CommandEntry {
    CommandEntry(name) { modem, command in
      switch command.kind {
      case .read:
        modem.inform("\(Array(name)): \(get(modem))")
        return .ok
      case .test:
        modem.inform("\(Array(name)): (\(range.lowerBound)-\(range.upperBound))")
        return .ok
      case .set:
        guard command.arguments.count == 1, let value = command.number(0, range) else {
          return .error
        }
        if isStored { modem.counters.flashWrites += 1 }
        set(&modem, value)
        return .ok
      case .execute, .malformed: return .error
      }
    }
  }

  /// A basic command with one digit, 0 where it is left out (V.250 §5.3.1).
  static func letter(
    _ name: StaticString, _ range: ClosedRange<Int>,
    set: @escaping @Sendable (inout SimulatedModem, Int) -> Void
  ) -> CommandEntry {
    CommandEntry(name) { modem, command in
      guard let value = command.number(0, range, otherwise: 0) else { return .error }
      set(&modem, value)
      return .ok
    }
  }

  /// A command without parameters that says one line.
  static func text(
    _ name: StaticString, _ line: @escaping @Sendable (SimulatedModem) -> ATText
  ) -> CommandEntry {
    CommandEntry(name) { modem, command in
      switch command.kind {
      case .execute: modem.inform(line(modem))
      case .test: break
      case .read, .set, .malformed: return .error
      }
      return .ok
    }
  }

  // MARK: - Line settings and identity

  static let general: [CommandEntry] = [
    letter("E", 0...1) { $0.session.profile.isEchoOn = $1 == 1 },
    letter("Q", 0...1) { $0.session.profile.isQuiet = $1 == 1 },
    letter("V", 0...1) { $0.session.profile.isVerbose = $1 == 1 },
    letter("X", 0...4) { $0.session.profile.resultFormat = $1 },
    letter("&C", 0...1) { $0.session.profile.carrierDetect = $1 },
    letter("&D", 0...2) { $0.session.profile.dataTerminalReady = $1 },
    letter("&F", 0...1) { modem, _ in modem.restoreFactoryProfile() },
    letter("Z", 0...0) { modem, _ in modem.session.profile = modem.stored.profile },
    letter("&W", 0...0) { modem, _ in
      modem.counters.flashWrites += 1
      modem.stored.profile = modem.session.profile
    },
    CommandEntry("S") { modem, command in
      let registers = [0, 7, 10]
      guard let number = command.number(0, 0...255),
        let index = registers.firstIndex(of: number)
      else { return .error }
      if command.arguments.count == 1 {
        let value = modem.session.profile.registerValues[index]
        modem.inform(
          ATText(bytes: Array(repeating: 0x30, count: value < 10 ? 2 : 1) + "\(value)".utf8))
        return .ok
      }
      guard let value = command.number(1, 0...255) else { return .error }
      modem.session.profile.registerValues[index] = value
      return .ok
    },
    CommandEntry("I") { modem, _ in
      let personality = modem.personality
      modem.inform(ATText(bytes: personality.maker))
      modem.inform(ATText(bytes: personality.model))
      modem.inform("Revision: \(personality.revision)")
      return .ok
    },
    text("+CGMI") { ATText(bytes: $0.personality.maker) },
    text("+GMI") { ATText(bytes: $0.personality.maker) },
    text("+CGMM") { ATText(bytes: $0.personality.model) },
    text("+GMM") { ATText(bytes: $0.personality.model) },
    text("+CGMR") { ATText(bytes: $0.personality.revision) },
    text("+GMR") { ATText(bytes: $0.personality.revision) },
    text("+CGSN") { ATText(bytes: $0.personality.imei) },
    text("+GSN") { ATText(bytes: $0.personality.imei) },
    number("+CMEE", 0...2) {
      $0.session.errorFormat
    } set: {
      $0.session.errorFormat = $1
    },
    CommandEntry("+IPR") { modem, command in
      switch command.kind {
      case .read: modem.inform("+IPR: \(modem.session.profile.baudRate)")
      case .set:
        let rates = [9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600]
        guard let rate = command.number(0, 9600...921_600), rates.contains(rate) else {
          return .error
        }
        modem.session.profile.baudRate = rate
      case .test: modem.inform("+IPR: (),(9600,19200,38400,57600,115200,230400,460800,921600)")
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+IFC") { modem, command in
      switch command.kind {
      case .read:
        modem.inform("+IFC: \(modem.session.flowControl.0),\(modem.session.flowControl.1)")
      case .set:
        guard let fromTE = command.number(0, 0...2), fromTE != 1,
          let fromTA = command.number(1, 0...2, otherwise: fromTE), fromTA != 1
        else { return .error }
        modem.session.flowControl = (fromTE, fromTA)
      case .test: modem.inform("+IFC: (0,2),(0,2)")
      case .execute, .malformed: return .error
      }
      return .ok
    },
    text("+CBC") { _ in "+CBC: 0,78,3800" },
  ]
}

extension SimulatedModem {
  /// AT&F: the factory's line settings; the speed stays (BG96 AT manual V2.2).
  mutating func restoreFactoryProfile() {
    var profile = UserProfile()
    profile.baudRate = session.profile.baudRate
    let (function, isDeregistered) = (session.function, session.isDeregistered)
    session = SessionSettings(profile: profile)
    personality.begin(&session)
    beginMessages()
    (session.function, session.isDeregistered) = (function, isDeregistered)
  }
}

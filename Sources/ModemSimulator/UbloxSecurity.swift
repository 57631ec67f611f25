import Primitives

/// AT+USECPRF's profiles and AT+USOSEC's attachments; gone with each boot, a wake from PSM included
/// (ubxlib: the attachment is lost over deep sleep; for the profiles that is assumed).
struct UbloxTLS: OwnState {
  static let profiles = 0...4
  /// A socket can't be connected sooner after it was given a profile (ubxlib waits so long).
  static let settling = Duration.milliseconds(250)

  struct Attachment: Sendable {
    let profile: Int
    let at: Instant
  }
  /// By profile and operation, as shown.
  var values: [Int: [Int: [UInt8]]] = [:]
  /// By socket, for those whose transport is TLS.
  var attachments: [Int: Attachment] = [:]

  func text(_ profile: Int, _ operation: Int) -> [UInt8] { values[profile]?[operation] ?? [] }
  func level(_ profile: Int) -> Int { Int(text(profile, 0).asciiWholeNumber ?? 0) }
}

/// AT+USECPRF's operations.
private enum SecurityOperation {
  static let level = 0
  static let version = 1
  static let cipher = 2
  static let authority = 3
  static let expectedHost = 4
  static let serverName = 10
  static let rootOfTrust = 11
  /// Names, keys and identities: text in quotes.
  static let texts = 3...10
}

extension UbloxDialect {
  // MARK: - TLS (ubxlib's security API)

  var securityCommands: [CommandEntry] { [securityProfile, socketSecurity] }

  private var securityProfile: CommandEntry {
    let dialect = self
    return CommandEntry("+USECPRF", time: .milliseconds(5) ... .milliseconds(30)) {
      modem, command in
      if command.kind == .test { return .ok }
      guard let profile = command.number(0, UbloxTLS.profiles) else { return .error }
      if command.arguments.count == 1 {
        modem.own[UbloxTLS.self].values[profile] = nil
        return .ok
      }
      guard let operation = command.number(1, 0...11),
        operation != SecurityOperation.serverName || dialect.namesServer
      else { return .error }
      if command.arguments.count == 2 {
        let value = modem.own[UbloxTLS.self].text(profile, operation)
        let isText = SecurityOperation.texts.contains(operation)
        let shown: ATText =
          isText ? "\(quoted: value)" : ATText(bytes: value.isEmpty ? [0x30] : value)
        modem.inform("+USECPRF: \(profile),\(operation),\(shown)")
        return .ok
      }
      return modem.describeSecurity(command, profile, operation)
    }
  }

  /// AT+USOSEC=<socket>,<0/1>[,<profile>], before AT+USOCO.
  private var socketSecurity: CommandEntry {
    CommandEntry("+USOSEC", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      if command.kind == .test { return .ok }
      guard let number = command.number(0, 0...6), command.arguments.count <= 3 else {
        return .error
      }
      guard let socket = modem.sockets[number], socket.transport != .udp else {
        return .equipmentError(3)
      }
      if command.arguments.count == 1 {
        let profile = modem.own[UbloxTLS.self].attachments[number]?.profile ?? 0
        let isOn = socket.transport == .tls
        modem.inform(isOn ? "+USOSEC: \(number),1,\(profile)" : "+USOSEC: \(number),0")
        return .ok
      }
      guard let isOn = command.number(1, 0...1),
        let profile = command.number(2, UbloxTLS.profiles, otherwise: 0)
      else { return .error }
      guard socket.phase == .initial else { return .equipmentError(3) }
      modem.sockets[number]?.transport = isOn == 1 ? .tls : .tcp
      let attachment = UbloxTLS.Attachment(profile: profile, at: modem.now)
      modem.own[UbloxTLS.self].attachments[number] = isOn == 1 ? attachment : nil
      return .ok
    }
  }
}

extension SimulatedModem {
  /// One operation of a profile. A level that checks the host's name, or the date besides, needs
  /// that name first.
  fileprivate mutating func describeSecurity(
    _ command: ATCommand, _ profile: Int, _ operation: Int
  ) -> CommandOutcome {
    var value: [UInt8]
    switch operation {
    case SecurityOperation.cipher:
      guard let cipher = cipher(command) else { return .error }
      value = cipher
    case SecurityOperation.texts:
      guard let text = command.string(2), text.count <= 255, command.arguments.count == 3 else {
        return .error
      }
      value = text
    default:
      let highest = operation == 11 ? 1 : 3
      guard let number = command.number(2, 0...highest), command.arguments.count == 3 else {
        return .error
      }
      value = Array("\(number)".utf8)
      let host = own[UbloxTLS.self].text(profile, SecurityOperation.expectedHost)
      if operation == SecurityOperation.level, number >= 2, host.isEmpty {
        return .equipmentError(3)
      }
    }
    own[UbloxTLS.self].values[profile, default: [:]][operation] = value
    return .ok
  }

  /// A number of the old list; or 99 or 100 and the two bytes of IANA's number, each in quotes.
  private func cipher(_ command: ATCommand) -> [UInt8]? {
    guard let number = command.number(2, 0...100) else { return nil }
    guard number >= 99 else { return command.arguments.count == 3 ? Array("\(number)".utf8) : nil }
    guard command.arguments.count == 5, let high = command.string(3), let low = command.string(4),
      high.count == 2, low.count == 2, CommandGroup.bytes(hex: high + low) != nil
    else { return nil }
    let text: ATText = "\(number),\(quoted: high),\(quoted: low)"
    return text.bytes
  }

  /// Whether a socket's profile has settled since it was attached.
  func isSecuritySettled(_ number: Int) -> Bool {
    guard let attachment = own[UbloxTLS.self].attachments[number] else { return true }
    return now >= attachment.at + UbloxTLS.settling
  }

  /// 0 nothing, 1 the authority, 2 the host's name too, 3 the date besides.
  func ubloxDemand(_ number: Int) -> TLSDemand {
    let security = own[UbloxTLS.self]
    let profile = security.attachments[number]?.profile ?? 0
    var demand = TLSDemand()
    let level = security.level(profile)
    guard level > 0 else { return demand }
    demand.trust = trust(in: security.text(profile, SecurityOperation.authority))
    if level >= 2 {
      demand.expectedName = security.text(profile, SecurityOperation.expectedHost)
    }
    demand.checksDates = level == 3
    return demand
  }
}

import Primitives

/// What AT+CSSLCFG and AT+CASSLCFG have said. A boot forgets it (assumed).
struct SIMComTLS: OwnState {
  static let contexts = 0...5

  struct Connection: Sendable {
    var isOn = false
    var context = 0
    /// Empty: any certificate will do.
    var authority: [UInt8] = []
    var certificate: [UInt8] = []
  }
  var settings = TLSSettings()
  /// By the number of AT+CASSLCFG.
  var connections: [Int: Connection] = [:]
  /// AT+CACID.
  var selected: Int?
}

extension CommandGroup {
  // MARK: - SIM7080, SIM7000: TLS (SIM7000 SSL note; SIM7080 AT manual V1.02 §12.2.2; TinyGSM)

  static func applicationSecurity(_ stack: ApplicationStack) -> [CommandEntry] {
    [
      CommandEntry("+CACID") { modem, command in
        switch command.kind {
        case .set:
          guard let number = command.number(0, stack.numbers) else { return .error }
          modem.own[SIMComTLS.self].selected = number
          return .ok
        case .test: return .ok
        case .read, .execute, .malformed: return .error
        }
      },
      CommandEntry("+CASSLCFG") { modem, command in
        command.kind == .test ? .ok : modem.secureConnection(command, stack)
      },
      CommandEntry("+CSSLCFG", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
        command.kind == .test ? .ok : modem.describeContext(command)
      },
    ]
  }

  /// SIM800: AT+CIPSSL=1 before AT+CIPSTART. It has no way to name a certificate, so every one
  /// will do.
  static let connectionSecurity = number("+CIPSSL", 0...1) {
    $0.simcom.cip.isSecure ? 1 : 0
  } set: {
    $0.simcom.cip.isSecure = $1 == 1
  }
}

extension SimulatedModem {
  /// SIM7000 wants AT+CACID before anything about a connection.
  func isSelected(_ number: Int, _ stack: ApplicationStack) -> Bool {
    stack.namesContext || own[SIMComTLS.self].selected == number
  }

  /// AT+CASSLCFG=<id>,"SSL",1 and so on, of a connection that isn't open.
  fileprivate mutating func secureConnection(
    _ command: ATCommand, _ stack: ApplicationStack
  ) -> CommandOutcome {
    guard let number = command.number(0, stack.numbers), isSelected(number, stack),
      let key = command.text(1)?.uppercased, command.arguments.count == 3,
      stack.socket(self, number).map({ $0.phase == .closing }) ?? true
    else { return .error }
    var connection = own[SIMComTLS.self].connections[number] ?? SIMComTLS.Connection()
    if key.equals("SSL") {
      guard let isOn = command.number(2, 0...1) else { return .error }
      connection.isOn = isOn == 1
    } else if key.equals("CRINDEX") {
      guard let context = command.number(2, SIMComTLS.contexts) else { return .error }
      connection.context = context
    } else if key.equals("CACERT") {
      guard let name = command.string(2) else { return .error }
      connection.authority = name
    } else if key.equals("CERT") {
      guard let name = command.string(2) else { return .error }
      connection.certificate = name
    } else {
      return .error
    }
    own[SIMComTLS.self].connections[number] = connection
    return .ok
  }

  /// AT+CSSLCFG="sslversion",<context>,3: three of the keys are known in lower case alone.
  fileprivate mutating func describeContext(_ command: ATCommand) -> CommandOutcome {
    guard let key = command.string(0) else { return .error }
    if key.lowercased.equals("convert") { return convert(command) }
    guard let context = command.number(1, SIMComTLS.contexts) else { return .error }
    if key.equals("ctxindex") {
      guard command.arguments.count == 2 else { return .error }
      let settings = own[SIMComTLS.self].settings
      let version = settings.number(context, "sslversion", otherwise: 4)
      let ignores = settings.number(context, "ignorertctime", otherwise: 0)
      let name = settings[context, "sni"] ?? []
      inform("+CSSLCFG: \(context),\(version),\(ignores),\(quoted: name)")
      return .ok
    }
    guard command.arguments.count == 3 else { return .error }
    if key.equals("sslversion") {
      guard let version = command.number(2, 0...4) else { return .error }
      own[SIMComTLS.self].settings[context, "sslversion"] = Array("\(version)".utf8)
    } else if key.lowercased.equals("ignorertctime") {
      guard let ignores = command.number(2, 0...1) else { return .error }
      own[SIMComTLS.self].settings[context, "ignorertctime"] = Array("\(ignores)".utf8)
    } else if key.equals("sni") {
      guard let name = command.string(2), name.count <= 255 else { return .error }
      own[SIMComTLS.self].settings[context, "sni"] = name
    } else {
      return .error
    }
    return .ok
  }

  /// AT+CSSLCFG="convert",2,"ca.crt", or 1 and a certificate with its key: of files that are there.
  private func convert(_ command: ATCommand) -> CommandOutcome {
    guard let type = command.number(1, 1...2), let name = command.string(2),
      stored.certificates.contains(name)
    else { return .error }
    if type == 2 { return command.arguments.count == 3 ? .ok : .error }
    guard command.arguments.count == 4, let key = command.string(3) else { return .error }
    return stored.certificates.contains(key) ? .ok : .error
  }

  /// nil: a connection without TLS.
  func applicationDemand(_ number: Int) -> TLSDemand? {
    let security = own[SIMComTLS.self]
    guard let connection = security.connections[number], connection.isOn else { return nil }
    let context = connection.context
    var demand = TLSDemand()
    demand.limit = .seconds(75)
    demand.reachesVersion12 =
      security.settings.number(context, "sslversion", otherwise: 4) >= 3
    if !connection.authority.isEmpty {
      demand.trust = trust(in: connection.authority)
      demand.checksDates = security.settings.number(context, "ignorertctime", otherwise: 0) == 0
    }
    if !connection.certificate.isEmpty, trust(in: connection.certificate) == .missing {
      demand.trust = .missing
    }
    return demand
  }
}

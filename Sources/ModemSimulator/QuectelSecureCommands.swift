import Primitives

/// AT+QSSLCFG's contexts. Nothing in the manual says that they outlive a boot, so they don't
/// (assumed; BG96 SSL manual V1.0).
struct QuectelTLS: OwnState {
  static let contexts = 0...5
  var settings = TLSSettings()

  /// One key of AT+QSSLCFG.
  struct Key: Sendable {
    enum Field: Sendable {
      case number(ClosedRange<Int>)
      /// `0XFFFF`; in quotes it is an ERROR (johncobb/catm1_bg96#9).
      case hexadecimal
      /// The name of a file, in quotes.
      case name
    }
    let name: StaticString
    let field: Field
    let factory: StaticString
    /// Whether only every other firmware has it.
    var isNewer = false
  }

  /// Files, level, version: every module's. The factory's `ignorelocaltime` is 0 as a BG96 was seen
  /// to behave; the BG95 note V1.1 underlines 1.
  private static let shared = [
    Key(name: "sslversion", field: .number(0...4), factory: "4"),
    Key(name: "ciphersuite", field: .hexadecimal, factory: "0XFFFF"),
    Key(name: "cacert", field: .name, factory: ""),
    Key(name: "clientcert", field: .name, factory: ""),
    Key(name: "clientkey", field: .name, factory: ""),
    Key(name: "seclevel", field: .number(0...2), factory: "0"),
    Key(name: "ignorelocaltime", field: .number(0...1), factory: "0"),
    Key(name: "negotiatetime", field: .number(10...300), factory: "300"),
    Key(name: "sni", field: .number(0...1), factory: "0"),
  ]
  static let keysOfBG95 =
    shared + [
      Key(name: "dtls", field: .number(0...1), factory: "0"),
      Key(name: "dtlsversion", field: .number(0...2), factory: "2"),
      Key(name: "checkhost", field: .number(0...1), factory: "0"),
      Key(name: "session", field: .number(0...1), factory: "0"),
    ]
  static let keysOfEC25 =
    shared + [
      Key(name: "closetimemode", field: .number(0...1), factory: "0", isNewer: true),
      Key(name: "checkhost", field: .number(0...1), factory: "0", isNewer: true),
      Key(name: "ignoreinvalidcertsign", field: .number(0...1), factory: "0", isNewer: true),
    ]
}

extension CommandGroup {
  // MARK: - Quectel's TLS (BG96 SSL manual V1.0)

  /// `countsReceived`: AT+QSSLRECV=<id>,0 tells how much there is.
  static func quectelSecure(_ keys: [QuectelTLS.Key], countsReceived: Bool) -> [CommandEntry] {
    [
      CommandEntry("+QSSLCFG", time: .milliseconds(3) ... .milliseconds(15)) { modem, command in
        command.kind == .test ? .ok : modem.configureSecurity(command, keys)
      },
      CommandEntry("+QSSLOPEN", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
        switch command.kind {
        case .set: return modem.openSecure(command)
        case .test: return .ok
        case .read, .execute, .malformed: return .error
        }
      },
      CommandEntry("+QSSLSEND") { modem, command in
        if command.kind == .test { return .ok }
        guard let number = command.number(0, 0...11), command.arguments.count <= 2 else {
          return modem.badParameter()
        }
        guard modem.secureSocket(number)?.phase == .connected else { return .error }
        if command.arguments.count == 1 {
          return .prompt(PayloadRequest(socket: number, count: nil))
        }
        guard let count = command.number(1, 1...modem.personality.sockets.payloadLimit) else {
          return modem.badParameter()
        }
        return .prompt(PayloadRequest(socket: number, count: count))
      },
      CommandEntry("+QSSLRECV", time: .milliseconds(3) ... .milliseconds(15)) { modem, command in
        if command.kind == .test { return .ok }
        guard let number = command.number(0, 0...11), command.arguments.count == 2,
          let limit = command.number(1, (countsReceived ? 0 : 1)...1500)
        else { return modem.badParameter() }
        return modem.receiveSecure(number, limit: limit)
      },
      CommandEntry("+QSSLCLOSE", time: .milliseconds(10) ... .milliseconds(60)) { modem, command in
        if command.kind == .test { return .ok }
        guard let number = command.number(0, 0...11),
          let limit = command.number(1, 0...65_535, otherwise: 10)
        else { return modem.badParameter() }
        guard modem.secureSocket(number) != nil else { return .error }
        return modem.closeSocket(number, within: .seconds(limit))
      },
      CommandEntry("+QSSLSTATE") { modem, command in
        var numbers = Array(modem.personality.sockets.numbers)
        switch command.kind {
        case .execute: break
        case .set:
          guard let number = command.number(0, 0...11) else { return modem.badParameter() }
          numbers = [number]
        case .test: return .ok
        case .read, .malformed: return .error
        }
        for number in numbers { modem.informSecureState(number) }
        return .ok
      },
    ]
  }
}

extension SimulatedModem {
  private func secureSetting(_ context: Int, _ name: StaticString) -> Int {
    let key = QuectelTLS.keysOfBG95.first { Array($0.name).equals(name) }
    let factory = key.flatMap { Array($0.factory).asciiWholeNumber } ?? 0
    return own[QuectelTLS.self].settings.number(context, name, otherwise: Int(factory))
  }

  /// Without a value it reads: `"ignorelocaltime",1` asks for context 1 and changes nothing
  /// (johncobb/catm1_bg96#9).
  fileprivate mutating func configureSecurity(
    _ command: ATCommand, _ keys: [QuectelTLS.Key]
  ) -> CommandOutcome {
    guard let name = command.string(0)?.lowercased,
      let key = keys.first(where: { name.equals($0.name) }),
      !key.isNewer || firmware.isOdd(40), let context = command.number(1, QuectelTLS.contexts),
      command.arguments.count <= 3
    else { return badParameter() }
    if command.arguments.count == 2 {
      let value = own[QuectelTLS.self].settings[context, key.name] ?? Array(key.factory)
      let isQuoted = if case .name = key.field { true } else { false }
      let shown: ATText = isQuoted ? "\(quoted: value)" : ATText(bytes: value)
      inform("+QSSLCFG: \(quoted: name),\(context),\(shown)")
      return .ok
    }
    guard let value = key.field.value(command, 2) else { return badParameter() }
    own[QuectelTLS.self].settings[context, key.name] = value
    return .ok
  }

  fileprivate mutating func openSecure(_ command: ATCommand) -> CommandOutcome {
    guard let number = command.number(2, 0...11), (5...6).contains(command.arguments.count) else {
      return badParameter()
    }
    guard let cid = command.number(0, 1...16),
      let context = command.number(1, QuectelTLS.contexts), let host = command.string(3),
      (1...255).contains(host.count), let port = command.number(4, 1...65_535),
      let mode = command.number(5, 0...2, otherwise: 0)
    else { return refuseSecure(number, .badParameter) }
    // Neither transparent mode nor DTLS is simulated.
    if mode == 2 || secureSetting(context, "dtls") == 1 {
      return refuseSecure(number, .notSupported)
    }
    if sockets[number] != nil { return refuseSecure(number, .inUse) }
    guard packet.active.contains(cid) else { return refuseSecure(number, .openContext) }
    var socket = newSocket(
      number, cid: cid, transport: .tls, host: host, port: UInt16(port), mode: mode)
    socket.security = demand(of: context, host: host)
    own[QuectelSecureContexts.self].numbers[number] = context
    open(socket)
    return .ok
  }

  private mutating func refuseSecure(_ number: Int, _ error: SocketError) -> CommandOutcome {
    session.lastSocketError = error
    sayLater("+QSSLOPEN: \(number),\(error.rawValue)")
    return .ok
  }

  /// Level 0 looks at nothing, not even at the dates.
  private func demand(of context: Int, host: [UInt8]) -> TLSDemand {
    let settings = own[QuectelTLS.self].settings
    var demand = TLSDemand()
    demand.limit = .seconds(secureSetting(context, "negotiatetime"))
    demand.reachesVersion12 = secureSetting(context, "sslversion") >= 3
    let level = secureSetting(context, "seclevel")
    guard level > 0 else { return demand }
    demand.trust = trust(in: fileName(settings[context, "cacert"]))
    if level == 2 {
      for key: StaticString in ["clientcert", "clientkey"]
      where trust(in: fileName(settings[context, key])) == .missing {
        demand.trust = .missing
      }
    }
    demand.checksDates = secureSetting(context, "ignorelocaltime") == 0
    if secureSetting(context, "checkhost") == 1 { demand.expectedName = host }
    return demand
  }

  /// `UFS:` is where files go that name no place.
  private func fileName(_ name: [UInt8]?) -> [UInt8] {
    guard let name else { return [] }
    return name.hasPrefix("UFS:") ? Array(name.dropFirst(4)) : name
  }

  fileprivate func secureSocket(_ number: Int) -> Socket? {
    sockets[number].flatMap { $0.transport == .tls ? $0 : nil }
  }

  /// An empty buffer is `+QSSLRECV: 0`, or nothing but OK.
  fileprivate mutating func receiveSecure(_ number: Int, limit: Int) -> CommandOutcome {
    guard let socket = secureSocket(number), socket.phase != .opening else { return .error }
    if limit == 0 {
      inform("+QSSLRECV: \(socket.receivedCount),\(socket.readCount),\(socket.buffered)")
      return .ok
    }
    let data = read(number, limit: limit)
    if data.isEmpty {
      if firmware.isOdd(41) { inform("+QSSLRECV: 0") }
      return .ok
    }
    inform("+QSSLRECV: \(data.count)")
    inform(ATText(bytes: data))
    return .ok
  }

  fileprivate mutating func informSecureState(_ number: Int) {
    guard let socket = secureSocket(number) else { return }
    let address = socket.address.isEmpty ? socket.host : socket.address
    let peer: ATText = "\(quoted: address),\(socket.port),\(socket.localPort)"
    let state: ATText = "\(socket.phase.rawValue),\(socket.cid),\(number),\(socket.mode)"
    let context = own[QuectelSecureContexts.self].numbers[number] ?? 0
    inform("+QSSLSTATE: \(number),\"SSLClient\",\(peer),\(state),\"uart1\",\(context)")
  }

  // MARK: - What the stack says by itself

  /// On the port that sent the command, as `+QIOPEN`.
  mutating func secureOpened(_ socket: Socket, _ error: SocketError) {
    say("+QSSLOPEN: \(socket.id.number),\(error.rawValue)")
  }

  mutating func secureArrived(_ bytes: [UInt8], _ socket: Socket, isNews: Bool) {
    let number = socket.id.number
    if socket.mode == 1 {
      return sendURC("+QSSLURC: \"recv\",\(number),\(bytes.count)\r\n\(bytes)")
    }
    if isNews { sendURC("+QSSLURC: \"recv\",\(number)") }
  }
}

/// The context that each connection was opened with.
private struct QuectelSecureContexts: OwnState {
  var numbers: [Int: Int] = [:]
}

extension QuectelTLS.Key.Field {
  fileprivate func value(_ command: ATCommand, _ index: Int) -> [UInt8]? {
    switch self {
    case .number(let range): return command.number(index, range).map { Array("\($0)".utf8) }
    case .name: return command.string(index)
    case .hexadecimal:
      guard case .plain(let text) = command.arguments[index] else { return nil }
      let isHexadecimal = text.hasPrefix("0x") || text.hasPrefix("0X")
      guard isHexadecimal, (3...6).contains(text.count),
        text.dropFirst(2).allSatisfy({ $0.hexDigitValue != nil })
      else { return nil }
      return text.uppercased
    }
  }
}

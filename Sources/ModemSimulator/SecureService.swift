import Primitives

/// TLS on SIM7600 and A7670: the service from AT+CCHSTART on, with two sessions (TinyGSM's A7672x;
/// for SIM7600 the same is assumed). A boot forgets all of it.
struct SecureService: OwnState {
  enum State: Sendable { case closed, opening, open }
  static let sessions = 0...1
  /// Where the sessions lie in the table of sockets, behind the links.
  static let base = NetService.links
  static let contexts = 0...9

  var state = State.closed
  /// AT+CCHSET: `+CCHSEND` follows each send; data waits until the host reads it.
  var reportsSending = false
  var keepsData = false
  /// AT+CCHSSLCFG: each session's context.
  var contextOf: [Int: Int] = [:]
  var settings = TLSSettings()
}

extension CommandGroup {
  // MARK: - SIM7600: TLS

  static let secureService: [CommandEntry] = [
    CommandEntry("+CSSLCFG", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      command.kind == .test ? .ok : modem.describeServiceContext(command)
    },
    CommandEntry("+CCHSET") { modem, command in
      if command.kind == .test { return .ok }
      guard let reports = command.number(0, 0...1),
        let keeps = command.number(1, 0...1, otherwise: 0),
        modem.own[SecureService.self].state == .closed
      else { return .error }
      modem.own[SecureService.self].reportsSending = reports == 1
      modem.own[SecureService.self].keepsData = keeps == 1
      return .ok
    },
    CommandEntry("+CCHSTART", time: .milliseconds(10) ... .milliseconds(60)) { modem, command in
      guard command.kind == .execute else { return command.kind == .test ? .ok : .error }
      return modem.startSecureService()
    },
    CommandEntry("+CCHSTOP", time: .milliseconds(10) ... .milliseconds(60)) { modem, command in
      guard command.kind == .execute, modem.own[SecureService.self].state == .open else {
        return command.kind == .test ? .ok : .error
      }
      for number in SecureService.sessions {
        if let socket = modem.session(number) { modem.close(socket.id) }
      }
      modem.own[SecureService.self].state = .closed
      modem.sayLater("+CCHSTOP: 0")
      return .ok
    },
    CommandEntry("+CCHADDR") { modem, command in
      guard command.kind == .execute else { return command.kind == .test ? .ok : .error }
      guard modem.own[SecureService.self].state == .open else { return .error }
      modem.inform("+CCHADDR: \(modem.contextAddress(NetService.cid))")
      return .ok
    },
    CommandEntry("+CCHSSLCFG") { modem, command in
      if command.kind == .test { return .ok }
      guard let number = command.number(0, SecureService.sessions),
        let context = command.number(1, SecureService.contexts), command.arguments.count == 2,
        modem.session(number) == nil
      else { return .error }
      modem.own[SecureService.self].contextOf[number] = context
      return .ok
    },
    CommandEntry("+CCHOPEN", time: .milliseconds(10) ... .milliseconds(60)) { modem, command in
      command.kind == .test ? .ok : modem.openSession(command)
    },
    CommandEntry("+CCHSEND", time: .milliseconds(5) ... .milliseconds(25)) { modem, command in
      if command.kind == .test { return .ok }
      guard let number = command.number(0, SecureService.sessions),
        let count = command.number(1, 1...modem.personality.sockets.payloadLimit),
        command.arguments.count == 2, modem.session(number)?.phase == .connected
      else { return .error }
      return .prompt(
        PayloadRequest(
          socket: SecureService.base + number, count: count, prompt: crlf + [UInt8(ascii: ">")]))
    },
    CommandEntry("+CCHRECV", time: .milliseconds(3) ... .milliseconds(15)) { modem, command in
      switch command.kind {
      case .read:
        let counts = SecureService.sessions.map { modem.session($0)?.buffered ?? 0 }
        modem.inform("+CCHRECV: LEN,\(counts[0]),\(counts[1])")
        return .ok
      case .set: return modem.receiveOnSession(command)
      case .test: return .ok
      case .execute, .malformed: return .error
      }
    },
    CommandEntry("+CCHCLOSE", time: .milliseconds(20) ... .milliseconds(90)) { modem, command in
      if command.kind == .test { return .ok }
      guard let number = command.number(0, SecureService.sessions), command.arguments.count == 1,
        let socket = modem.session(number)
      else { return .error }
      modem.close(socket.id)
      let delay = modem.sample(modem.network.timing.uplink)
      modem.schedule(.urc(Array("+CCHCLOSE: \(number),0".utf8)), after: delay)
      return .ok
    },
  ]
}

extension SimulatedModem {
  fileprivate func session(_ number: Int) -> Socket? { sockets[SecureService.base + number] }

  var keepsSessionData: Bool { own[SecureService.self].keepsData }

  /// Keys are known as they are written here alone. `authmode` and `ignorelocaltime` are SIM7600's
  /// (its manual wasn't seen; assumed); without the former a named certificate is demanded.
  fileprivate mutating func describeServiceContext(_ command: ATCommand) -> CommandOutcome {
    guard let key = command.string(0), let context = command.number(1, SecureService.contexts),
      command.arguments.count == 3
    else { return .error }
    if key.equals("cacert") {
      guard let name = command.text(2) else { return .error }
      own[SecureService.self].settings[context, "cacert"] = name
      return .ok
    }
    let numbers: [(StaticString, ClosedRange<Int>)] = [
      ("sslversion", 0...4), ("enableSNI", 0...1), ("authmode", 0...3), ("ignorelocaltime", 0...1),
    ]
    guard let (name, range) = numbers.first(where: { key.equals($0.0) }),
      let value = command.number(2, range)
    else { return .error }
    own[SecureService.self].settings[context, name] = Array("\(value)".utf8)
    return .ok
  }

  /// OK; in half of the firmwares `+CCHSTART: 0` follows. It brings its context up by itself.
  fileprivate mutating func startSecureService() -> CommandOutcome {
    guard own[SecureService.self].state == .closed, radio.phase == .camped else { return .error }
    own[SecureService.self].state = .opening
    if isUp(NetService.cid) {
      secureServiceAnswered(isOpen: true)
    } else {
      askForContext(NetService.cid, apn: definition(NetService.cid)?.apn ?? [])
    }
    return .ok
  }

  mutating func secureServiceAnswered(isOpen: Bool) {
    guard own[SecureService.self].state == .opening else { return }
    own[SecureService.self].state = isOpen ? .open : .closed
    if !isOpen { return sayLater("+CCHSTART: 1") }
    if firmware.isOdd(42) { sayLater("+CCHSTART: 0") }
  }

  /// The network took the context.
  mutating func secureServiceLost() {
    own[SecureService.self].state = .closed
    for number in SecureService.sessions {
      guard let socket = session(number) else { continue }
      close(socket.id)
      sendURC("+CCH_PEER_CLOSED: \(number)")
    }
  }

  /// AT+CCHOPEN=<session>,"host",port,2: OK, later `+CCHOPEN: <session>,<error>`.
  fileprivate mutating func openSession(_ command: ATCommand) -> CommandOutcome {
    guard let number = command.number(0, SecureService.sessions), let host = command.string(1),
      (1...255).contains(host.count), let port = portNumber(command, 2),
      command.number(3, 2...2) != nil, command.arguments.count == 4,
      own[SecureService.self].state == .open
    else { return .error }
    if let socket = session(number) {
      guard socket.phase == .closing else { return .error }
      close(socket.id)
    }
    guard isUp(NetService.cid) else {
      sayLater("+CCHOPEN: \(number),1")
      return .ok
    }
    var socket = newSocket(
      SecureService.base + number, cid: NetService.cid, transport: .tls, host: host, port: port)
    socket.security = sessionDemand(number)
    open(socket)
    return .ok
  }

  private func sessionDemand(_ number: Int) -> TLSDemand {
    let service = own[SecureService.self]
    var demand = TLSDemand()
    guard let context = service.contextOf[number] else { return demand }
    let settings = service.settings
    demand.reachesVersion12 = settings.number(context, "sslversion", otherwise: 4) >= 3
    let authority = settings[context, "cacert"] ?? []
    let mode = settings.number(context, "authmode", otherwise: authority.isEmpty ? 0 : 1)
    guard mode == 1 || mode == 2 else { return demand }
    demand.trust = trust(in: authority)
    demand.checksDates = settings.number(context, "ignorelocaltime", otherwise: 1) == 0
    return demand
  }

  mutating func sendOnSession(_ place: Int, _ payload: [UInt8]) -> CommandOutcome {
    switch take(payload, on: place) {
    case .refused, .full: return .error
    case .taken:
      if own[SecureService.self].reportsSending {
        let line: ATText = "+CCHSEND: \(place - SecureService.base),0"
        schedule(.urc(line.bytes), after: sample(.milliseconds(30) ... .milliseconds(120)))
      }
      return .ok
    }
  }

  /// `+CCHRECV: DATA,<session>,<count>`, the bytes, and `+CCHRECV: <session>,0` behind them. The
  /// facts leave open where OK stands: before all that, or behind it, by the firmware.
  fileprivate mutating func receiveOnSession(_ command: ATCommand) -> CommandOutcome {
    guard let number = command.number(0, SecureService.sessions),
      let limit = command.number(1, 1...personality.sockets.payloadLimit),
      command.arguments.count == 2, let socket = session(number), socket.phase != .opening,
      own[SecureService.self].keepsData
    else { return .error }
    let data = read(socket.id.number, limit: limit)
    var answer: ATText = "+CCHRECV: \(number),0"
    if !data.isEmpty {
      answer = "+CCHRECV: DATA,\(number),\(data.count)\r\n\(data)\r\n\(answer)"
    }
    if firmware.isOdd(43) { sayLater(answer) } else { inform(answer) }
    return .ok
  }

  // MARK: - What the service says by itself

  mutating func sessionOpened(_ socket: Socket, _ error: SocketError) {
    let number = socket.id.number - SecureService.base
    if error != .ok { close(socket.id) }
    // 1 is the network's fault, 4 the connection's (assumed).
    let code = error == .ok ? 0 : error == .nameNotFound ? 1 : 4
    sendURC("+CCHOPEN: \(number),\(code)")
  }

  mutating func sessionArrived(_ bytes: [UInt8], _ socket: Socket, isNews: Bool) {
    let number = socket.id.number - SecureService.base
    if !keepsSessionData {
      return sendURC("+CCHRECV: DATA,\(number),\(bytes.count)\r\n\(bytes)")
    }
    if isNews { sendURC("+CCHEVENT: \(number),RECV EVENT") }
  }

  mutating func sessionPeerClosed(_ socket: Socket) {
    sendURC("+CCH_PEER_CLOSED: \(socket.id.number - SecureService.base)")
  }
}

import Primitives

/// The TCP/IP stack of Quectel's GSM modules: one context in the foreground, from AT+QIREGAPP to
/// AT+QIDEACT (RT-Thread at_device class m26; TinyGSM M95 and MC60; users' logs).
struct QuectelGSMState: OwnState {
  enum State: Sendable { case initial, start, configuring, active, deactivated }
  var state = State.initial
  /// AT+QIMUX.
  var allowsSeveral = false
  /// AT+QINDI: 0 pushes the data, 1 says once that some is there, 2 says it for each packet.
  var receiveMode = 0
  /// AT+QIDNSIP: AT+QIOPEN is given a name, and not an address.
  var takesNames = false
  var apn: [UInt8] = []
  /// AT+QISDE.
  var foreground = 0
  /// Packets that came in since the last read, by socket: AT+QINDI=2 counts them.
  var packets: [Int: Int] = [:]

  static let cid = 1
  static let connections = 0...5
}

extension SimulatedModem {
  var gsmStack: QuectelGSMState {
    get { own[QuectelGSMState.self] }
    set { own[QuectelGSMState.self] = newValue }
  }
}

extension CommandGroup {
  // MARK: - Quectel GSM: the context

  static let gsmContext: [CommandEntry] = [
    number("+QIFGCNT", 0...1) {
      $0.gsmStack.foreground
    } set: {
      $0.gsmStack.foreground = $1
    },
    CommandEntry("+QICSGP") { modem, command in
      switch command.kind {
      case .read: modem.inform("+QICSGP: 1")
      case .set:
        guard command.number(0, 1...1) != nil, let apn = command.string(1, otherwise: []),
          apn.count <= 63, command.string(2, otherwise: []) != nil,
          command.string(3, otherwise: []) != nil, command.arguments.count <= 4
        else { return .error }
        guard modem.gsmStack.state != .active else { return .error }
        modem.gsmStack.apn = apn
      case .test: break
      case .execute, .malformed: return .error
      }
      return .ok
    },
    number("+QIMODE", 0...0) { _ in
      0
    } set: { _, _ in
    },
    CommandEntry("+QIMUX") { modem, command in
      switch command.kind {
      case .read: modem.inform("+QIMUX: \(modem.gsmStack.allowsSeveral ? 1 : 0)")
      case .test: modem.inform("+QIMUX: (0,1)")
      case .set:
        // Refused while a context is up (vshymanskyy/TinyGSM#324).
        guard let mode = command.number(0, 0...1), modem.gsmStack.state != .active else {
          return .error
        }
        modem.gsmStack.allowsSeveral = mode == 1
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+QIREGAPP") { modem, command in
      guard command.isSet || command.kind == .execute else {
        return command.kind == .test ? .ok : .error
      }
      guard modem.gsmStack.state == .initial else { return .error }
      if command.isSet {
        guard let apn = command.string(0, otherwise: []), apn.count <= 63,
          command.string(1, otherwise: []) != nil, command.string(2, otherwise: []) != nil,
          command.arguments.count <= 3
        else { return .error }
        modem.gsmStack.apn = apn
      }
      modem.gsmStack.state = .start
      return .ok
    },
    CommandEntry("+QIACT", time: .milliseconds(20) ... .milliseconds(80)) { modem, command in
      guard command.kind == .execute else { return command.kind == .test ? .ok : .error }
      return modem.activateForeground()
    },
    CommandEntry("+QIDEACT", time: .milliseconds(20) ... .milliseconds(80)) { modem, command in
      guard command.kind == .execute else { return command.kind == .test ? .ok : .error }
      return modem.deactivateForeground()
    },
    CommandEntry("+QILOCIP") { modem, command in
      guard command.kind == .execute else { return command.kind == .test ? .ok : .error }
      guard modem.gsmStack.state == .active else { return .error }
      modem.inform(ATText(bytes: modem.contextAddress(QuectelGSMState.cid)))
      return .silent
    },
    text("+QNSTATUS") { "+QNSTATUS: \($0.radio.phase == .camped ? 0 : 1)" },
  ]

  // MARK: - Quectel GSM: names

  static let gsmNames: [CommandEntry] = [
    number("+QIDNSIP", 0...1) {
      $0.gsmStack.takesNames ? 1 : 0
    } set: {
      $0.gsmStack.takesNames = $1 == 1
    },
    CommandEntry("+QIDNSCFG") { modem, command in
      switch command.kind {
      case .read:
        let servers = modem.session.dnsServers ?? modem.network.dnsServers
        modem.inform("PrimaryDns:\(servers.first ?? Array("0.0.0.0".utf8))")
        modem.inform("SecondaryDns:\(servers.dropFirst().first ?? Array("0.0.0.0".utf8))")
      case .set:
        let servers = [command.string(0), command.string(1)].compactMap { $0 }
        guard (1...2).contains(servers.count), servers.count == command.arguments.count,
          servers.allSatisfy({ IPv4Address($0) != nil })
        else { return .error }
        modem.session.dnsServers = servers
      case .test: break
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+QIDNSGIP") { modem, command in
      guard command.isSet else { return command.kind == .test ? .ok : .error }
      guard let name = command.string(0), (1...255).contains(name.count),
        modem.gsmStack.state == .active, !modem.packet.isLookingUp
      else { return .error }
      modem.packet.isLookingUp = true
      modem.request(.lookUp(NameQuery(asker: .host(), name: name)))
      return .ok
    },
  ]
}

extension SimulatedModem {
  /// AT+QIACT: from AT+QIREGAPP's state, or from none, as AT+QIREGAPP alone would do (assumed).
  fileprivate mutating func activateForeground() -> CommandOutcome {
    guard gsmStack.state == .initial || gsmStack.state == .start, radio.phase == .camped,
      let execution
    else { return .error }
    gsmStack.state = .configuring
    askForContext(QuectelGSMState.cid, apn: gsmStack.apn, serial: execution.serial)
    return wait(.seconds(150), then: .error)
  }

  mutating func foregroundAnswered(isOpen: Bool, serial: Int) {
    guard gsmStack.state == .configuring else { return }
    gsmStack.state = isOpen ? .active : .deactivated
    complete(isOpen ? .ok : .error, serial: serial)
  }

  /// AT+QIDEACT: `DEACT OK` stands where OK does, whether something was up or not (RT-Thread sends
  /// it first of all).
  fileprivate mutating func deactivateForeground() -> CommandOutcome {
    let wasActive = gsmStack.state == .active
    gsmStack.state = .initial
    giveUpContext(QuectelGSMState.cid)
    packet.bearers.removeAll { $0.cid == QuectelGSMState.cid }
    let delay = wasActive ? sample(network.timing.contextChange) : .milliseconds(30)
    return wait(delay, then: .says(Array("DEACT OK".utf8)))
  }

  /// The network took the context: only AT+QIDEACT leads on.
  mutating func foregroundLost() {
    closeAllSockets()
    gsmStack.state = .deactivated
    sendURC("+PDP DEACT")
  }

  /// Bare addresses behind the OK, sometimes after another blank line (RT-Thread class m26).
  mutating func gsmNameAnswered(_ answer: SimulatedNetwork.NameAnswer) {
    switch answer {
    case .address(let address):
      let blank: [UInt8] = random.next(below: 2) == 0 ? crlf : []
      sendURC(ATText(bytes: blank + address))
    case .failure: sendURC("ERROR: 565")
    case .silence: break
    }
  }
}

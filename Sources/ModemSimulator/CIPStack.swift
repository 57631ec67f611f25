import Primitives

/// The TCP/IP stack of SIM800 and SIM7000, from AT+CSTT to AT+CIPSHUT (SIM800 AT manual V1.09 §8;
/// SIM7000 AT manual V1.06 §8). Only its mode with several connections is simulated (AT+CIPMUX=1).
struct CIPStack: Sendable {
  /// What AT+CIPSTATUS calls it, but for `IP PROCESSING`: that is `.status` with a connection.
  enum State: Sendable {
    case initial, start, configuring, active, status, deactivated
  }
  var state = State.initial
  var allowsSeveral = false
  /// AT+CIPQSEND: a send is answered when it is taken, not when the peer has acknowledged it.
  var answersEarly = false
  /// AT+CIPRXGET: data waits until the host reads it.
  var keepsData = false
  /// AT+CIPSSL: the next connections are TLS.
  var isSecure = false
  var apn: [UInt8] = []
  var user: [UInt8] = []
  var password: [UInt8] = []

  /// The context that the stack asks the network for. AT+CGDCONT doesn't know of it.
  static let cid = 1
}

extension CommandGroup {
  /// The stack's own commands; `sockets` is how many connections it holds.
  static func cipStack(sockets: Int) -> [CommandEntry] {
    cipSettings + [
      CommandEntry("+CSTT") { modem, command in
        switch command.kind {
        case .read:
          let stack = modem.simcom.cip
          modem.inform(
            "+CSTT: \(quoted: stack.apn),\(quoted: stack.user),\(quoted: stack.password)")
        case .set, .execute: return modem.startTask(command)
        case .test: break
        case .malformed: return .error
        }
        return .ok
      },
      CommandEntry("+CIICR", time: .milliseconds(20) ... .milliseconds(80)) { modem, command in
        guard command.kind == .execute else { return command.kind == .test ? .ok : .error }
        return modem.bringUpConnection()
      },
      CommandEntry("+CIFSR") { modem, command in
        guard command.kind == .execute else { return command.kind == .test ? .ok : .error }
        return modem.tellLocalAddress()
      },
      CommandEntry("+CIPSTATUS") { modem, command in
        switch command.kind {
        case .execute: return modem.tellStackState(sockets: sockets)
        case .set:
          guard let number = command.number(0, 0...sockets - 1) else {
            return .equipmentError(SIMComError.notAllowed)
          }
          modem.inform("+CIPSTATUS: \(modem.connectionLine(number))")
          return .ok
        case .test: return .ok
        case .read, .malformed: return .error
        }
      },
      CommandEntry("+CIPSHUT", time: .milliseconds(50) ... .milliseconds(300)) { modem, command in
        guard command.kind == .execute else { return command.kind == .test ? .ok : .error }
        return modem.shutStack()
      },
    ] + cipConnections(sockets: sockets)
  }

  /// AT+CIPMUX is taken in IP INITIAL alone; the data modes are for connections yet to come.
  private static let cipSettings: [CommandEntry] = [
    CommandEntry("+CIPMUX") { modem, command in
      switch command.kind {
      case .read: modem.inform("+CIPMUX: \(modem.simcom.cip.allowsSeveral ? 1 : 0)")
      case .test: modem.inform("+CIPMUX: (0,1)")
      case .set:
        guard let mode = command.number(0, 0...1) else { return .error }
        guard modem.simcom.cip.state == .initial else {
          return .equipmentError(SIMComError.notAllowed)
        }
        modem.simcom.cip.allowsSeveral = mode == 1
      case .execute, .malformed: return .error
      }
      return .ok
    },
    number("+CIPQSEND", 0...1) {
      $0.simcom.cip.answersEarly ? 1 : 0
    } set: {
      $0.simcom.cip.answersEarly = $1 == 1
    },
    number("+CIPMODE", 0...0) { _ in
      0
    } set: { _, _ in
    },
    number("+CIPHEAD", 0...1) { _ in
      0
    } set: { _, _ in
    },
    number("+CIPSRIP", 0...1) { _ in
      0
    } set: { _, _ in
    },
  ]
}

extension SimulatedModem {
  /// AT+CSTT: names the access point, in IP INITIAL alone.
  fileprivate mutating func startTask(_ command: ATCommand) -> CommandOutcome {
    guard simcom.cip.state == .initial else { return .equipmentError(SIMComError.notAllowed) }
    if command.isSet {
      guard let apn = command.string(0, otherwise: []), apn.count <= 63,
        let user = command.string(1, otherwise: []), user.count <= 32,
        let password = command.string(2, otherwise: []), password.count <= 32,
        command.arguments.count <= 3
      else { return .error }
      (simcom.cip.apn, simcom.cip.user, simcom.cip.password) = (apn, user, password)
    }
    simcom.cip.state = .start
    return .ok
  }

  /// AT+CIICR: up to 85 s. A failure leaves the stack in PDP DEACT, from which only AT+CIPSHUT
  /// leads (assumed; the manual names the state and not its way in).
  fileprivate mutating func bringUpConnection() -> CommandOutcome {
    guard simcom.cip.state == .start, radio.phase == .camped, let execution else {
      return .equipmentError(SIMComError.notAllowed)
    }
    simcom.cip.state = .configuring
    askForContext(CIPStack.cid, apn: simcom.cip.apn, serial: execution.serial)
    return wait(.seconds(85), then: .equipmentError(SIMComError.contextFailed))
  }

  mutating func stackContextAnswered(isOpen: Bool, serial: Int) {
    guard simcom.cip.state == .configuring else { return }
    simcom.cip.state = isOpen ? .active : .deactivated
    complete(isOpen ? .ok : .equipmentError(SIMComError.contextFailed), serial: serial)
  }

  /// AT+CIFSR says the address and no OK; the stack goes on to IP STATUS only through it.
  fileprivate mutating func tellLocalAddress() -> CommandOutcome {
    switch simcom.cip.state {
    case .active: simcom.cip.state = .status
    case .status: break
    case .initial, .start, .configuring, .deactivated:
      return .equipmentError(SIMComError.notAllowed)
    }
    inform(ATText(bytes: contextAddress(CIPStack.cid)))
    return .silent
  }

  /// AT+CIPSTATUS: the state comes behind the OK.
  fileprivate mutating func tellStackState(sockets: Int) -> CommandOutcome {
    var text: ATText = "OK\r\n\r\nSTATE: \(stackStateText)"
    if simcom.cip.allowsSeveral {
      text = "\(text)\r\n"
      for number in 0..<sockets { text = "\(text)\r\nC: \(connectionLine(number))" }
    }
    return .says(text.bytes)
  }

  private var stackStateText: ATText {
    switch simcom.cip.state {
    case .initial: "IP INITIAL"
    case .start: "IP START"
    case .configuring: "IP CONFIG"
    case .active: "IP GPRSACT"
    case .status: sockets.slots.contains { $0 != nil } ? "IP PROCESSING" : "IP STATUS"
    case .deactivated: "PDP DEACT"
    }
  }

  fileprivate func connectionLine(_ number: Int) -> ATText {
    guard let socket = sockets.slots[number] else { return "\(number),,\"\",\"\",\"\",\"INITIAL\"" }
    let type: ATText = socket.transport == .udp ? "UDP" : "TCP"
    let state: ATText =
      switch socket.phase {
      case .initial, .opening: "CONNECTING"
      case .connected, .listening: "CONNECTED"
      case .closing: "CLOSED"
      }
    let peer: ATText = "\(quoted: socket.address),\"\(socket.port)\""
    return "\(number),0,\(quoted: type.bytes),\(peer),\(quoted: state.bytes)"
  }

  /// The network took the context: nothing but AT+CIPSHUT leads on.
  mutating func stackContextLost() {
    giveUpContext(CIPStack.cid)
    simcom.cip.state = .deactivated
    sendURC("+PDP: DEACT")
  }

  /// AT+CIPSHUT: everything of the stack ends, whatever its state; `SHUT OK` stands where OK does.
  fileprivate mutating func shutStack() -> CommandOutcome {
    let wasUp = simcom.cip.state == .active || simcom.cip.state == .status
    giveUpContext(CIPStack.cid)
    simcom.cip.state = .initial
    simcom.cip.apn = []
    let delay = wasUp ? sample(network.timing.contextChange) : .milliseconds(20)
    return wait(delay, then: .says(Array("SHUT OK".utf8)))
  }
}

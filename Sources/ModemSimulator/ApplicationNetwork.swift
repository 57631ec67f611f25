import Primitives

/// The PDP contexts of SIMCom's applications (AT+CNCFG, AT+CNACT): on SIM7080 four, numbered from 0
/// (SIM7080 AT manual V1.02 §12); on SIM7000 one, numbered 1 (SIM7000 AT manual V1.06).
struct ApplicationNetwork: Sendable {
  struct Context: Sendable {
    /// 0 both, 1 IPv4, 2 IPv6.
    var type = 1
    var apn: [UInt8] = []
    var user: [UInt8] = []
    var password: [UInt8] = []
    var authentication = 0
    var isActive = false
    /// AT+CNACT=<n>,2: the module tries again by itself.
    var isAutomatic = false
  }
  static let count = 4
  /// The index of SIM7000's only one.
  static let single = 1
  /// Pause before another attempt in automatic mode; the makers state none.
  static let retryPause = Duration.seconds(30)
  var contexts = [Context](repeating: Context(), count: count)

  /// The cid on the air of an application's context: AT+CGDCONT's first is the default bearer.
  static func cid(_ index: Int) -> Int { index + 1 }
}

extension CommandGroup {
  // MARK: - SIM7080: contexts of the applications

  static let applicationContexts: [CommandEntry] = [
    CommandEntry("+CNCFG") { modem, command in
      switch command.kind {
      case .read:
        for (index, context) in modem.simcom.applications.contexts.enumerated() {
          let login: ATText = "\(quoted: context.user),\(quoted: context.password)"
          let name: ATText = "\(index),\(context.type),\(quoted: context.apn)"
          modem.inform("+CNCFG: \(name),\(login),\(context.authentication)")
        }
      case .set: return modem.describeApplicationContext(command)
      case .test: modem.inform("+CNCFG: (0-3),(0-2),<APN>,<username>,<password>,(0-3)")
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+CNACT", time: .milliseconds(10) ... .milliseconds(60)) { modem, command in
      switch command.kind {
      case .read:
        for index in 0..<ApplicationNetwork.count {
          let address = modem.applicationAddress(index)
          modem.inform("+CNACT: \(index),\(modem.isServing(index) ? 1 : 0),\(quoted: address)")
        }
        return .ok
      case .set:
        guard let index = command.number(0, 0...3), let action = command.number(1, 0...2),
          command.arguments.count == 2
        else { return .error }
        return action == 0
          ? modem.stopApplications(index)
          : modem.startApplications(index, isAutomatic: action == 2)
      case .test:
        modem.inform("+CNACT: (0-3),(0-2)")
        return .ok
      case .execute, .malformed: return .error
      }
    },
    text("+CGNAPN") { modem in
      guard let bearer = modem.packet.bearers.first else { return "+CGNAPN: 0,\"\"" }
      return "+CGNAPN: 1,\(quoted: bearer.apn)"
    },
  ]
}

extension CommandGroup {
  // MARK: - SIM7000: the one context of its applications

  static let singleApplicationContext: [CommandEntry] = [
    CommandEntry("+CNACT", time: .milliseconds(10) ... .milliseconds(60)) { modem, command in
      switch command.kind {
      case .read:
        let isActive = modem.isServing(ApplicationNetwork.single)
        let address = modem.applicationAddress(ApplicationNetwork.single)
        modem.inform("+CNACT: \(isActive ? 1 : 0),\(quoted: address)")
        return .ok
      case .set:
        guard let action = command.number(0, 0...2), command.arguments.count <= 2,
          let apn = command.string(1, otherwise: []), apn.count <= 63
        else { return .error }
        if action == 0 { return modem.stopApplications(ApplicationNetwork.single) }
        if !command.isOmitted(1) {
          modem.simcom.applications.contexts[ApplicationNetwork.single].apn = apn
        }
        return modem.startApplications(ApplicationNetwork.single, isAutomatic: action == 2)
      case .test:
        modem.inform("+CNACT: (0-2),<APN>")
        return .ok
      case .execute, .malformed: return .error
      }
    },
    text("+CGNAPN") { modem in
      guard let bearer = modem.packet.bearers.first else { return "+CGNAPN: 0,\"\"" }
      return "+CGNAPN: 1,\(quoted: bearer.apn)"
    },
  ]
}

extension SimulatedModem {
  /// Whether sockets can be opened on a context.
  func isServing(_ index: Int) -> Bool {
    simcom.applications.contexts[index].isActive && isUp(ApplicationNetwork.cid(index))
  }

  fileprivate func applicationAddress(_ index: Int) -> [UInt8] {
    isServing(index)
      ? contextAddress(ApplicationNetwork.cid(index)) : Array("0.0.0.0".utf8)
  }

  fileprivate mutating func describeApplicationContext(_ command: ATCommand) -> CommandOutcome {
    guard let index = command.number(0, 0...3), let type = command.number(1, 0...2),
      let apn = command.string(2, otherwise: []), apn.count <= 150,
      let user = command.string(3, otherwise: []), user.count <= 127,
      let password = command.string(4, otherwise: []), password.count <= 127,
      let authentication = command.number(5, 0...3, otherwise: 0), command.arguments.count <= 6,
      !isServing(index)
    else { return .error }
    simcom.applications.contexts[index] = ApplicationNetwork.Context(
      type: type, apn: apn, user: user, password: password, authentication: authentication)
    return .ok
  }

  /// OK says only that the command was taken; `+APP PDP:` says what came of it. One that is active
  /// already is refused (assumed).
  fileprivate mutating func startApplications(
    _ index: Int, isAutomatic: Bool
  ) -> CommandOutcome {
    if session.function != 1 { return .equipmentError(SIMComError.radioOff) }
    if isServing(index) { return .error }
    simcom.applications.contexts[index].isAutomatic = isAutomatic
    guard radio.phase == .camped else {
      schedule(
        .own(OwnEvent(OwnEvent.contextClosed, number: index)),
        after: sample(.milliseconds(20) ... .milliseconds(300)))
      return .ok
    }
    let context = simcom.applications.contexts[index]
    askForContext(ApplicationNetwork.cid(index), apn: context.apn)
    return .ok
  }

  fileprivate mutating func stopApplications(_ index: Int) -> CommandOutcome {
    simcom.applications.contexts[index].isAutomatic = false
    guard simcom.applications.contexts[index].isActive else { return .ok }
    simcom.applications.contexts[index].isActive = false
    giveUpContext(ApplicationNetwork.cid(index))
    schedule(
      .own(OwnEvent(OwnEvent.contextClosed, number: index)),
      after: sample(network.timing.contextChange))
    return .ok
  }

  /// `+APP PDP: 0,ACTIVE`; SIM7000, which has but one, leaves the number out.
  mutating func applicationContextChanged(_ index: Int, isActive: Bool, isNumbered: Bool = true) {
    simcom.applications.contexts[index].isActive = isActive
    let number: ATText = isNumbered ? "\(index)," : ""
    sendURC("+APP PDP: \(number)\(isActive ? "ACTIVE" : "DEACTIVE" as ATText)")
    guard !isActive, simcom.applications.contexts[index].isAutomatic else { return }
    schedule(
      .own(OwnEvent(OwnEvent.contextRetry, number: index)), after: ApplicationNetwork.retryPause)
  }

  /// The network took the context: the sockets of it are closed, and said to be.
  mutating func applicationContextLost(_ index: Int, isNumbered: Bool = true) {
    let cid = ApplicationNetwork.cid(index)
    for case let socket? in sockets.slots where socket.cid == cid {
      let base = isNumbered ? 0 : ApplicationStack.sim7000.base
      sendURC("+CASTATE: \(socket.id.number - base),0")
      close(socket.id)
    }
    applicationContextChanged(index, isActive: false, isNumbered: isNumbered)
  }

  mutating func retryApplications(_ index: Int) {
    let context = simcom.applications.contexts[index]
    guard context.isAutomatic, !context.isActive else { return }
    _ = startApplications(index, isAutomatic: true)
  }
}

import Primitives

/// The socket service of SIM7600 and A7670, from AT+NETOPEN to AT+NETCLOSE (A7600 TCPIP note V1.00
/// §3; SIM7600 users' logs).
struct NetService: Sendable {
  enum State: Sendable { case closed, opening, open, closing }
  var state = State.closed
  /// AT+CIPRXGET=1: data waits until the host reads it.
  var keepsData = false
  /// AT+CIPCCFG's header: 0 `RECV FROM` and `+IPD`, 1 `+RECEIVE`.
  var header = 1
  static let links = 10
  /// AT+NETOPEN opens the first context.
  static let cid = 1
}

extension CommandGroup {
  // MARK: - SIM7600: the socket service

  static let netService: [CommandEntry] = [
    CommandEntry("+NETOPEN", time: .milliseconds(10) ... .milliseconds(60)) { modem, command in
      switch command.kind {
      case .execute: return modem.openNetService()
      case .set:
        // A7670 takes a 1, which means the same.
        return command.number(0, 1...1) == nil ? .error : modem.openNetService()
      case .read: modem.inform("+NETOPEN: \(modem.simcom.service.state == .open ? 1 : 0)")
      case .test: break
      case .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+NETCLOSE", time: .milliseconds(10) ... .milliseconds(60)) { modem, command in
      guard command.kind == .execute else { return command.kind == .test ? .ok : .error }
      return modem.closeNetService()
    },
    CommandEntry("+IPADDR") { modem, command in
      guard command.kind == .execute else { return command.kind == .test ? .ok : .error }
      guard modem.simcom.service.state == .open else {
        modem.inform("+IP ERROR: Network not opened")
        return .error
      }
      modem.inform("+IPADDR: \(modem.contextAddress(NetService.cid))")
      return .ok
    },
    number("+CIPMODE", 0...0) { _ in
      0
    } set: { _, _ in
    },
    number("+CIPSENDMODE", 0...1) { _ in
      0
    } set: { _, _ in
    },
    number("+CIPHEAD", 0...1) { _ in
      1
    } set: { _, _ in
    },
    number("+CIPSRIP", 0...1) { _ in
      1
    } set: { _, _ in
    },
    CommandEntry("+CIPCCFG") { modem, command in
      switch command.kind {
      case .read: modem.inform("+CIPCCFG: 10,0,0,0,\(modem.simcom.service.header),0,75000")
      case .set:
        let ranges = [0...10, 0...1000, 0...1, 0...1, 0...1, 0...1, 500...120_000]
        guard command.arguments.count <= ranges.count else { return .error }
        for (index, range) in ranges.enumerated() {
          guard command.number(index, range, otherwise: range.lowerBound) != nil else {
            return .error
          }
        }
        modem.simcom.service.header = command.number(4, 0...1) ?? modem.simcom.service.header
      case .test: break
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+CIPTIMEOUT") { _, command in
      guard command.isSet else { return command.kind == .test ? .ok : .error }
      let isGood = command.arguments.indices.allSatisfy {
        command.number($0, 3000...120_000, otherwise: 3000) != nil
      }
      return isGood && command.arguments.count <= 3 ? .ok : .error
    },
    CommandEntry("+CIPDNSSET") { _, command in
      // Retries and times of the resolver, not its servers.
      guard command.isSet else { return command.kind == .test ? .ok : .error }
      let isGood = command.arguments.indices.allSatisfy {
        command.number($0, 0...120_000, otherwise: 0) != nil
      }
      return isGood && command.arguments.count <= 3 ? .ok : .error
    },
  ]
}

extension SimulatedModem {
  /// OK, and `+NETOPEN: 0` when the network has answered; 1 when it didn't let it.
  fileprivate mutating func openNetService() -> CommandOutcome {
    switch simcom.service.state {
    case .closed: break
    case .opening, .open, .closing:
      inform("+IP ERROR: Network is already opened")
      return .error
    }
    guard radio.phase == .camped else {
      sayLater("+NETOPEN: 1")
      return .ok
    }
    simcom.service.state = .opening
    let apn = definition(NetService.cid)?.apn ?? []
    askForContext(NetService.cid, apn: apn)
    return .ok
  }

  mutating func serviceContextAnswered(isOpen: Bool) {
    guard simcom.service.state == .opening else { return }
    simcom.service.state = isOpen ? .open : .closed
    sendURC("+NETOPEN: \(isOpen ? 0 : 1)")
  }

  fileprivate mutating func closeNetService() -> CommandOutcome {
    guard simcom.service.state == .open else {
      inform("+NETCLOSE: 2")
      return .error
    }
    giveUpContext(NetService.cid)
    simcom.service.state = .closing
    schedule(.own(OwnEvent(OwnEvent.serviceClosed)), after: sample(network.timing.contextChange))
    return .ok
  }

  mutating func serviceClosed() {
    guard simcom.service.state == .closing else { return }
    simcom.service.state = .closed
    sendURC("+NETCLOSE: 0")
  }

  /// The network took the context away: nothing of the service works until AT+NETCLOSE.
  mutating func serviceContextLost() {
    closeAllSockets()
    sendURC("+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY")
  }
}

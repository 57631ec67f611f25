import Primitives

extension CommandGroup {
  // MARK: - Quectel's contexts and names

  static let quectelPacket: [CommandEntry] = [
    CommandEntry("+QICSGP") { modem, command in
      switch command.kind {
      case .set: return modem.describeContext(command)
      case .test:
        modem.inform("+QICSGP: (1-16),(1-3),<APN>,<username>,<password>,(0-3)")
        return .ok
      case .read, .execute, .malformed: return .error
      }
    },
    CommandEntry("+QIACT", time: .milliseconds(10) ... .milliseconds(40)) { modem, command in
      switch command.kind {
      case .read:
        for cid in modem.packet.active {
          guard let bearer = modem.packet.bearers.first(where: { $0.cid == cid }) else { continue }
          let type = modem.packet.definition(cid, in: modem.stored)?.type ?? 1
          modem.inform("+QIACT: \(cid),1,\(type),\(quoted: bearer.address)")
        }
        return .ok
      case .test:
        modem.inform("+QIACT: (1-16)")
        return .ok
      case .set:
        guard command.arguments.count == 1, let cid = command.number(0, 1...16) else {
          return modem.badParameter()
        }
        return modem.activate(cid)
      case .execute, .malformed: return .error
      }
    },
    CommandEntry("+QIDEACT", time: .milliseconds(10) ... .milliseconds(40)) { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let cid = command.number(0, 1...16) else {
        return modem.badParameter()
      }
      return modem.deactivateContext(cid)
    },
    CommandEntry("+QIDNSCFG") { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let cid = command.number(0, 1...16) else {
        return modem.badParameter()
      }
      if command.arguments.count == 1 {
        guard modem.packet.active.contains(cid) else { return .error }
        let servers = modem.session.dnsServers ?? modem.network.dnsServers
        let (first, second) = (servers.first ?? [], servers.count > 1 ? servers[1] : [])
        modem.inform("+QIDNSCFG: \(cid),\(quoted: first),\(quoted: second)")
        return .ok
      }
      let servers = [command.string(1), command.string(2)].compactMap { $0 }
      guard servers.count == command.arguments.count - 1,
        servers.allSatisfy({ IPv4Address($0) != nil })
      else { return modem.badParameter() }
      modem.session.dnsServers = servers
      return .ok
    },
    CommandEntry("+QIDNSGIP") { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let cid = command.number(0, 1...16), let name = command.string(1),
        (1...255).contains(name.count)
      else { return modem.badParameter() }
      guard modem.packet.active.contains(cid) else {
        modem.session.lastSocketError = .openContext
        return .error
      }
      if modem.packet.isLookingUp {
        modem.session.lastSocketError = .busyLookUp
        return .error
      }
      modem.packet.isLookingUp = true
      modem.request(.lookUp(NameQuery(asker: .host(), name: name)))
      return .ok
    },
  ]
}

/// Contexts that may be active at once (BG96 TCP/IP manual V1.0).
let activeContextLimit = 3

extension SimulatedModem {
  /// What a wrong parameter of a socket command leaves for AT+QIGETERROR.
  mutating func badParameter() -> CommandOutcome {
    session.lastSocketError = .badParameter
    return .error
  }

  fileprivate mutating func describeContext(_ command: ATCommand) -> CommandOutcome {
    guard let cid = command.number(0, 1...16) else { return badParameter() }
    var context = definition(cid) ?? ContextDefinition(cid: cid)
    if command.arguments.count == 1 {
      let login: ATText = "\(quoted: context.user),\(quoted: context.password)"
      let description: ATText = "\(context.type),\(quoted: context.apn),\(login)"
      inform("+QICSGP: \(description),\(context.authentication)")
      return .ok
    }
    guard let type = command.number(1, 1...3), let apn = command.string(2), apn.count <= 100,
      let user = command.string(3, otherwise: []),
      let password = command.string(4, otherwise: []),
      let authentication = command.number(5, 0...3, otherwise: 0), command.arguments.count <= 6,
      !packet.active.contains(cid)
    else { return badParameter() }
    (context.type, context.apn, context.user) = (type, apn, user)
    (context.password, context.authentication) = (password, authentication)
    counters.flashWrites += 1
    store(context)
    return .ok
  }

  /// Twice is an error, and so is a context too many.
  fileprivate mutating func activate(_ cid: Int) -> CommandOutcome {
    guard !packet.active.contains(cid), packet.active.count < activeContextLimit else {
      session.lastSocketError = .openContext
      return .error
    }
    return activateContext(cid)
  }
}

import Primitives

extension CommandGroup {
  // MARK: - Contexts and names

  static let packet: [CommandEntry] = [
    CommandEntry("+CGDCONT") { modem, command in
      switch command.kind {
      case .read:
        for context in modem.stored.contexts {
          let type = contextTypes[context.type - 1]
          modem.inform(
            "+CGDCONT: \(context.cid),\(quoted: Array(type)),\(quoted: context.apn),\"0.0.0.0\",0,0"
          )
        }
        return .ok
      case .set: return modem.defineContext(command)
      case .test: return .ok
      case .execute, .malformed: return .error
      }
    },
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
      return modem.deactivate(cid)
    },
    CommandEntry("+CGPADDR") { modem, command in
      let wanted = command.number(0, 1...16)
      switch command.kind {
      case .execute, .set:
        if command.isSet, wanted == nil { return .error }
        for context in modem.stored.contexts where wanted == nil || context.cid == wanted {
          let bearer = modem.packet.bearers.first { $0.cid == context.cid }
          let address = bearer?.address ?? Array("0.0.0.0".utf8)
          modem.inform("+CGPADDR: \(context.cid),\(quoted: address)")
        }
        return .ok
      case .test: return .ok
      case .read, .malformed: return .error
      }
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
      modem.request(.lookUp(NameQuery(asker: .host, name: name)))
      return .ok
    },
  ]

  static let contextTypes: [StaticString] = ["IP", "IPV6", "IPV4V6"]
}

extension SimulatedModem {
  /// What a wrong parameter of a socket command leaves for AT+QIGETERROR.
  mutating func badParameter() -> CommandOutcome {
    session.lastSocketError = .badParameter
    return .error
  }

  fileprivate mutating func defineContext(_ command: ATCommand) -> CommandOutcome {
    // Right after a boot the command is refused (ARMmbed/mbed-os#9412, particle-iot/device-os).
    if card == .busy { return .error }
    guard let cid = command.number(0, 1...16), !packet.active.contains(cid) else { return .error }
    counters.flashWrites += 1
    if command.arguments.count == 1 {
      stored.contexts.removeAll { $0.cid == cid }
      return .ok
    }
    guard let name = command.string(1)?.uppercased,
      let type = CommandGroup.contextTypes.firstIndex(where: { name.equals($0) }),
      let apn = command.string(2, otherwise: []), apn.count <= 100
    else { return .error }
    var context = packet.definition(cid, in: stored) ?? ContextDefinition(cid: cid)
    context.type = type + 1
    context.apn = apn
    store(context)
    return .ok
  }

  fileprivate mutating func describeContext(_ command: ATCommand) -> CommandOutcome {
    guard let cid = command.number(0, 1...16) else { return badParameter() }
    var context = packet.definition(cid, in: stored) ?? ContextDefinition(cid: cid)
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

  private mutating func store(_ context: ContextDefinition) {
    stored.contexts.removeAll { $0.cid == context.cid }
    let index = stored.contexts.firstIndex { $0.cid > context.cid } ?? stored.contexts.count
    stored.contexts.insert(context, at: index)
  }

  /// A PDN connection that the network still holds is taken at once; another one is asked for.
  fileprivate mutating func activate(_ cid: Int) -> CommandOutcome {
    guard radio.phase == .camped, !packet.active.contains(cid), !packet.broken.contains(cid),
      packet.active.count < activeContextLimit,
      let definition = packet.definition(cid, in: stored), let execution
    else {
      session.lastSocketError = .openContext
      return .error
    }
    if packet.bearers.contains(where: { $0.cid == cid && $0.apn == definition.apn }) {
      packet.active.append(cid)
      return wait(sample(.milliseconds(30) ... .milliseconds(150)), then: .ok)
    }
    request(.openContext(cid, execution.serial))
    return wait(.seconds(150), then: .error)
  }

  fileprivate mutating func deactivate(_ cid: Int) -> CommandOutcome {
    let isKnown = packet.active.contains(cid) || packet.broken.contains(cid)
    guard isKnown, let execution else { return .ok }
    packet.active.removeAll { $0 == cid }
    packet.broken.removeAll { $0 == cid }
    for socket in sockets.slots {
      if let socket, socket.cid == cid { close(socket.id) }
    }
    guard radio.phase == .camped else { return .ok }
    request(.closeContext(cid, execution.serial))
    return wait(.seconds(40), then: .error)
  }
}

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
  ]

  /// Contexts as TS 27.007 has them: +CGACT (§10.1.10), +CGCONTRDP (§10.1.23), +CGAUTH (§10.1.31).
  static let activation: [CommandEntry] = [
    CommandEntry(
      "+CGACT", time: .milliseconds(10) ... .milliseconds(60), isAbortable: true
    ) { modem, command in
      switch command.kind {
      case .read:
        for context in modem.stored.contexts {
          modem.inform("+CGACT: \(context.cid),\(modem.hasBearer(context.cid) ? 1 : 0)")
        }
        return .ok
      case .set:
        guard let state = command.number(0, 0...1),
          let cid = command.number(1, 1...16, otherwise: 1)
        else { return .error }
        return state == 1 ? modem.activateContext(cid) : modem.deactivateContext(cid)
      case .test:
        modem.inform("+CGACT: (0,1)")
        return .ok
      case .execute, .malformed: return .error
      }
    },
    CommandEntry("+CGCONTRDP") { modem, command in
      let wanted = command.number(0, 1...16)
      switch command.kind {
      case .execute, .set:
        if command.isSet, wanted == nil { return .error }
        for bearer in modem.packet.bearers where wanted == nil || bearer.cid == wanted {
          modem.inform(modem.dynamicParameters(bearer))
        }
        return .ok
      case .test: return .ok
      case .read, .malformed: return .error
      }
    },
    CommandEntry("+CGAUTH") { modem, command in
      switch command.kind {
      case .read:
        for context in modem.stored.contexts where context.authentication > 0 {
          modem.inform(
            "+CGAUTH: \(context.cid),\(context.authentication),\(quoted: context.user)")
        }
        return .ok
      case .set:
        guard let cid = command.number(0, 1...16), var context = modem.definition(cid),
          let kind = command.number(1, 0...3, otherwise: 0),
          let user = command.string(2, otherwise: []),
          let password = command.string(3, otherwise: [])
        else { return .error }
        (context.authentication, context.user, context.password) = (kind, user, password)
        modem.counters.flashWrites += 1
        modem.store(context)
        return .ok
      case .test:
        modem.inform("+CGAUTH: (1-16),(0-2),(0-64),(0-64)")
        return .ok
      case .execute, .malformed: return .error
      }
    },
  ]

  static let contextTypes: [StaticString] = ["IP", "IPV6", "IPV4V6"]
}

extension SimulatedModem {
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

  mutating func store(_ context: ContextDefinition) {
    stored.contexts.removeAll { $0.cid == context.cid }
    let index = stored.contexts.firstIndex { $0.cid > context.cid } ?? stored.contexts.count
    stored.contexts.insert(context, at: index)
  }

  func definition(_ cid: Int) -> ContextDefinition? { packet.definition(cid, in: stored) }

  func hasBearer(_ cid: Int) -> Bool { packet.bearers.contains { $0.cid == cid } }

  /// Brings a context up. A bearer that the network still holds is taken at once; another one is
  /// asked for, and `PacketTraits.opened` is called when the answer is there.
  mutating func activateContext(_ cid: Int) -> CommandOutcome {
    guard radio.phase == .camped, !packet.broken.contains(cid), let definition = definition(cid),
      let execution
    else {
      session.lastSocketError = .openContext
      return .error
    }
    if packet.active.contains(cid) { return .ok }
    if packet.bearers.contains(where: { $0.cid == cid && $0.apn == definition.apn }) {
      packet.active.append(cid)
      return wait(sample(.milliseconds(30) ... .milliseconds(150)), then: .ok)
    }
    request(.openContext(cid, execution.serial))
    return wait(.seconds(150), then: .error)
  }

  /// Takes a context down, with the sockets on it.
  mutating func deactivateContext(_ cid: Int) -> CommandOutcome {
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

  /// `+CGCONTRDP: <cid>,<bearer_id>,<apn>,<address.mask>,<gateway>,<DNS>,<DNS>` (TS 27.007
  /// §10.1.23), a /24 with the gateway at its first address.
  fileprivate func dynamicParameters(_ bearer: Bearer) -> ATText {
    let parts = bearer.address.split(separator: UInt8(ascii: "."))
    let gateway = parts.prefix(3).joined(separator: [UInt8(ascii: ".")]) + Array(".1".utf8)
    let mask: ATText = "\(bearer.address).255.255.255.0"
    let servers = network.dnsServers + [[], []]
    let names: ATText = "\(quoted: servers[0]),\(quoted: servers[1])"
    let addresses: ATText = "\(quoted: mask.bytes),\(quoted: Array(gateway)),\(names)"
    return "+CGCONTRDP: \(bearer.cid),\(bearer.cid + 4),\(quoted: bearer.apn),\(addresses)"
  }
}

import Primitives

extension CommandGroup {
  // MARK: - Cinterion: contexts, names, services

  static let cinterionServices: [CommandEntry] = [
    CommandEntry("^SICA", time: .milliseconds(10) ... .milliseconds(40)) { modem, command in
      switch command.kind {
      case .read:
        for context in modem.stored.contexts {
          let isActive = modem.packet.active.contains(context.cid)
          modem.inform("^SICA: \(context.cid),\(isActive ? 1 : 0)")
        }
        return .ok
      case .test:
        modem.inform("^SICA: (0,1),(1-11)")
        return .ok
      case .set:
        guard let state = command.number(0, 0...1), let cid = command.number(1, 1...11) else {
          return .equipmentError(21)
        }
        return state == 1 ? modem.activateContext(cid) : modem.deactivateContext(cid)
      case .execute, .malformed: return .error
      }
    },
    CommandEntry("^SGAUTH", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      switch command.kind {
      case .read:
        for context in modem.stored.contexts {
          let user: ATText = context.authentication == 0 ? "" : ",\(quoted: context.user)"
          modem.inform("^SGAUTH: \(context.cid),\(context.authentication)\(user)")
        }
      case .test: modem.inform("^SGAUTH: (1-16),(0-2),127,127")
      case .set: return modem.describeLogin(command)
      case .execute, .malformed: return .error
      }
      return .ok
    },
    // Connection profiles take the name servers and nothing else, as the EMS31's do.
    CommandEntry("^SICS") { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let number = command.number(0, 0...16),
        let key = command.text(1)?.lowercased, let value = command.text(2),
        key.equals("dns1") || key.equals("dns2"), IPv4Address(value) != nil
      else { return .equipmentError(21) }
      var servers = modem.cinterion.servers[number] ?? [[], []]
      servers[key.equals("dns1") ? 0 : 1] = value
      modem.cinterion.servers[number] = servers
      return .ok
    },
    // The answer's form is UNVERIFIED in the facts.
    CommandEntry("^SISX", time: .milliseconds(10) ... .milliseconds(40)) { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let service = command.text(0)?.lowercased,
        service.equals("hostbyname"), let cid = command.number(1, 1...16),
        let name = command.string(2), (1...255).contains(name.count)
      else { return .equipmentError(21) }
      guard modem.packet.active.contains(cid) else { return .equipmentError(3) }
      return modem.lookUp(modem.charactersRead(name), within: .seconds(60))
    },
    CommandEntry("^SISS") { modem, command in
      switch command.kind {
      case .read:
        for number in 0..<CinterionState.profileCount { modem.informProfile(number) }
        return .ok
      case .test: return .ok
      case .set: return modem.describeService(command)
      case .execute, .malformed: return .error
      }
    },
    CommandEntry("^SISO", time: .milliseconds(20) ... .milliseconds(200)) { modem, command in
      switch command.kind {
      case .read:
        for number in 0..<CinterionState.profileCount { modem.inform(modem.serviceLine(number)) }
        return .ok
      case .test: return .ok
      case .set:
        guard command.arguments.count == 1, let number = command.number(0, 0...9) else {
          return .equipmentError(21)
        }
        return modem.openService(number)
      case .execute, .malformed: return .error
      }
    },
    CommandEntry("^SISC", time: .milliseconds(20) ... .milliseconds(200)) { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let number = command.number(0, 0...9),
        modem.cinterion.profiles[number].isSocket
      else { return .equipmentError(21) }
      modem.cinterion.profiles[number].isOpen = false
      return modem.endSocket(number, within: .seconds(20))
    },
    CommandEntry("^SISW", time: .milliseconds(5) ... .milliseconds(25)) { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let number = command.number(0, 0...9),
        let count = command.number(1, 0...1500), command.number(2, 0...1, otherwise: 0) != nil
      else { return .equipmentError(21) }
      return modem.writeService(number, count: count, to: command.string(3))
    },
    CommandEntry("^SISR", time: .milliseconds(3) ... .milliseconds(15)) { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let number = command.number(0, 0...9),
        let limit = command.number(1, 0...1500)
      else { return .equipmentError(21) }
      return modem.readService(number, limit: limit)
    },
    CommandEntry("^SISI") { modem, command in
      switch command.kind {
      case .read:
        for number in 0..<CinterionState.profileCount
        where modem.cinterion.profiles[number].isSocket {
          modem.inform(modem.serviceCounts(number))
        }
      case .set:
        guard let number = command.number(0, 0...9), modem.cinterion.profiles[number].isSocket
        else { return .equipmentError(21) }
        modem.inform(modem.serviceCounts(number))
      case .test: break
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("^SISE") { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let number = command.number(0, 0...9) else {
        return .equipmentError(21)
      }
      let information = modem.cinterion.profiles[number].lastInformation
      let text: ATText = information == .none ? "" : ",\"\(information.text)\""
      modem.inform("^SISE: \(number),\(information.rawValue)\(text)")
      return .ok
    },
  ]
}

extension SimulatedModem {
  /// Password before user. Both may be left out.
  fileprivate mutating func describeLogin(_ command: ATCommand) -> CommandOutcome {
    guard let cid = command.number(0, 1...16), let type = command.number(1, 0...2),
      let password = command.string(2, otherwise: []),
      let user = command.string(3, otherwise: []), command.arguments.count <= 4,
      let index = stored.contexts.firstIndex(where: { $0.cid == cid })
    else { return .equipmentError(21) }
    counters.flashWrites += 1
    stored.contexts[index].authentication = type
    stored.contexts[index].user = user
    stored.contexts[index].password = password
    return .ok
  }

  /// In the GSM alphabet `_` is 0x11 and `@` is 0; what stands for them in ASCII is § and ¡
  /// (TS 23.038 §6.2.1). So a host name with `_` must be written with `\11`.
  func charactersRead(_ text: [UInt8]) -> [UInt8] {
    guard session.characterSet.equals("GSM") else { return text }
    return text.map { byte in
      switch byte {
      case 0x11: UInt8(ascii: "_")
      case 0x00: UInt8(ascii: "@")
      case UInt8(ascii: "_"): 0xA7
      case UInt8(ascii: "@"): 0xA1
      default: byte
      }
    }
  }

  fileprivate mutating func describeService(_ command: ATCommand) -> CommandOutcome {
    guard let number = command.number(0, 0...9), let key = command.text(1)?.lowercased,
      let value = command.text(2), command.arguments.count == 3
    else { return .equipmentError(21) }
    if cinterion.profiles[number].isOpen { return .equipmentError(3) }
    if key.equals("srvtype") {
      let type = value.lowercased
      guard type.equals("socket") || type.equals("none") else { return .equipmentError(21) }
      cinterion.profiles[number] = ServiceProfile()
      cinterion.profiles[number].isSocket = type.equals("socket")
      return .ok
    }
    // Everything else belongs to a type, so that comes first.
    guard cinterion.profiles[number].isSocket else { return .equipmentError(21) }
    if key.equals("conid") {
      guard let connection = value.asciiWholeNumber, (0...16).contains(connection) else {
        return .equipmentError(21)
      }
      cinterion.profiles[number].connection = Int(connection)
    } else if key.equals("address") {
      guard ServiceAddress(charactersRead(value)) != nil else { return .equipmentError(21) }
      cinterion.profiles[number].address = value
    } else if key.equals("secopt") {
      guard value.equals("0") || value.equals("1") else { return .equipmentError(21) }
      cinterion.profiles[number].checksServer = value.equals("1")
    } else {
      return .equipmentError(21)
    }
    return .ok
  }

  fileprivate mutating func informProfile(_ number: Int) {
    let profile = cinterion.profiles[number]
    let type: ATText = profile.isSocket ? "Socket" : ""
    inform("^SISS: \(number),\"srvType\",\(quoted: type.bytes)")
    guard profile.isSocket else { return }
    let connection: ATText = profile.connection.map { "\($0)" } ?? ""
    inform("^SISS: \(number),\"conId\",\(quoted: connection.bytes)")
    inform("^SISS: \(number),\"address\",\(quoted: profile.address)")
  }
}

/// `socktcp://host:port`, `socktcps://host:port` (TLS) and `sockudp://host:port`, options after `;`
/// passed over; without a host, `sockudp://:port`, an endpoint that names the peer with each
/// datagram. Listeners aren't simulated.
struct ServiceAddress: Equatable {
  let transport: SocketTransport
  let host: [UInt8]
  let port: UInt16

  init?(_ url: [UInt8]) {
    let schemes: [(StaticString, SocketTransport)] = [
      ("socktcp://", .tcp), ("socktcps://", .tls), ("sockudp://", .udp),
    ]
    let text = url.lowercased
    guard let (scheme, transport) = schemes.first(where: { text.hasPrefix($0.0) }) else {
      return nil
    }
    self.transport = transport
    let place = url.dropFirst(scheme.utf8CodeUnitCount).prefix { $0 != UInt8(ascii: ";") }
    guard let colon = place.lastIndex(of: UInt8(ascii: ":")) else { return nil }
    host = Array(place[..<colon])
    guard let port = Array(place[(colon + 1)...]).asciiWholeNumber, (1...65_535).contains(port),
      host.count <= 255, !host.isEmpty || transport == .udp, !host.lowercased.equals("listener")
    else { return nil }
    self.port = UInt16(port)
  }
}

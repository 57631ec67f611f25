import Primitives

extension CommandGroup {
  // MARK: - Sierra HL78: connection and sessions

  static let sierraSessions: [CommandEntry] =
    sierraSecurity + [
      CommandEntry("+KCNXCFG") { modem, command in
        switch command.kind {
        case .read: if let line = modem.connectionLine { modem.inform(line) }
        case .test: break
        case .set: return modem.configureConnection(command)
        case .execute, .malformed: return .error
        }
        return .ok
      },
      CommandEntry("+KCNXUP") { modem, command in
        if command.kind == .test { return .ok }
        guard command.number(0, 1...1) != nil, modem.sierra.connection != nil else {
          return .equipmentError(3)
        }
        modem.raiseConnection()
        return .ok
      },
      CommandEntry("+KCNXDOWN") { modem, command in
        if command.kind == .test { return .ok }
        guard command.number(0, 1...1) != nil else { return .equipmentError(3) }
        modem.lowerConnection()
        return .ok
      },
      kept("+KCNXTIMER", factory: "1,60,2,60"),
      CommandEntry("+KTCPCFG", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
        switch command.kind {
        case .read:
          modem.informSessions(isUDP: false)
          return .ok
        case .test: return .ok
        case .set: return modem.configureTCP(command)
        case .execute, .malformed: return .error
        }
      },
      CommandEntry("+KUDPCFG", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
        switch command.kind {
        case .read:
          modem.informSessions(isUDP: true)
          return .ok
        case .test: return .ok
        case .set: return modem.configureUDP(command)
        case .execute, .malformed: return .error
        }
      },
      session("+KTCPCNX", .tcp) { modem, number, _ in modem.connectSession(number) },
      session("+KTCPCLOSE", .tcp) { modem, number, _ in
        modem.endSocket(number, within: .seconds(20))
      },
      session("+KTCPDEL", .tcp) { modem, number, _ in
        // Only what was closed may be deleted.
        guard modem.sockets[number] == nil else { return .equipmentError(3) }
        modem.sierra.sessions[number] = nil
        return .ok
      },
      session("+KUDPCLOSE", .udp) { modem, number, _ in
        modem.sierra.sessions[number] = nil
        return modem.endSocket(number, within: .seconds(20))
      },
      session("+KTCPSND", .tcp) { modem, number, command in
        guard let count = command.number(1, 1...1500) else { return .equipmentError(50) }
        return modem.promptSession(number, count: count)
      },
      session("+KUDPSND", .udp) { modem, number, command in
        guard let host = command.string(1), IPv4Address(host) != nil,
          let port = command.number(2, 1...65_535), let count = command.number(3, 1...1500)
        else { return .equipmentError(50) }
        guard modem.sockets[number]?.phase == .connected else {
          return .equipmentError(910)
        }
        modem.setPeer(number, host: host, port: UInt16(port))
        return modem.promptSession(number, count: count)
      },
      session("+KTCPRCV", .tcp) { modem, number, command in
        guard let limit = command.number(1, 1...1500) else { return .equipmentError(50) }
        return modem.receiveSession(number, limit: limit)
      },
      session("+KUDPRCV", .udp) { modem, number, command in
        guard let limit = command.number(1, 1...1500) else { return .equipmentError(50) }
        return modem.receiveSession(number, limit: limit)
      },
      session("+KTCPSTAT", .tcp) { modem, number, _ in
        modem.informStatus(number)
        return .ok
      },
    ]

  /// A command whose first parameter is a session; +CME ERROR 910 where there is none.
  private static func session(
    _ name: StaticString, _ transport: SocketTransport,
    run: @escaping @Sendable (inout SimulatedModem, Int, ATCommand) -> CommandOutcome
  ) -> CommandEntry {
    CommandEntry(name, time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let number = command.number(0, 0...255) else {
        return .equipmentError(50)
      }
      guard (1...SierraState.sessionCount).contains(number),
        let session = modem.sierra.sessions[number],
        (session.transport == .udp) == (transport == .udp)
      else { return .equipmentError(910) }
      return run(&modem, number, command)
    }
  }
}

extension SimulatedModem {
  /// `+KCNXCFG: 1,"GPRS","<apn>","<user>","<password>","IPV4","<ip>","<dns1>","<dns2>",<state>`.
  fileprivate var connectionLine: ATText? {
    guard let connection = sierra.connection else { return nil }
    let isUp = packet.active.contains(1)
    let servers = isUp ? network.dnsServers : []
    let address = isUp ? network.address : Array("0.0.0.0".utf8)
    let (first, second) = (servers.first ?? [], servers.count > 1 ? servers[1] : [])
    let login: ATText = "\(quoted: connection.user),\(quoted: connection.password)"
    let places: ATText = "\(quoted: address),\(quoted: first),\(quoted: second)"
    let head: ATText = "+KCNXCFG: 1,\"GPRS\",\(quoted: connection.apn),\(login)"
    return "\(head),\(quoted: connection.type),\(places),\(isUp ? 2 : 0)"
  }

  fileprivate mutating func configureConnection(_ command: ATCommand) -> CommandOutcome {
    guard command.number(0, 1...1) != nil, let bearer = command.string(1),
      bearer.equals("GPRS"), let apn = command.string(2), apn.count <= 100,
      let user = command.string(3, otherwise: []), let password = command.string(4, otherwise: []),
      let type = command.string(5, otherwise: Array("IPV4".utf8)),
      [StaticString](["IPV4", "IPV6", "IPV4V6"]).contains(where: { type.equals($0) })
    else { return .equipmentError(50) }
    // Not while it is up.
    guard !packet.active.contains(1) else { return .equipmentError(3) }
    sierra.connection = SierraConnection(apn: apn, user: user, password: password, type: type)
    return .ok
  }

  private var freeSession: Int? {
    (1...SierraState.sessionCount).first { sierra.sessions[$0] == nil && sockets[$0] == nil }
  }

  /// `=1,<mode>,"<host>",<port>[,<local port>[,…]]`; clients alone, mode 3 with TLS.
  fileprivate mutating func configureTCP(_ command: ATCommand) -> CommandOutcome {
    guard command.number(0, 1...1) != nil, let mode = command.number(1, 0...3),
      mode == 0 || mode == 3, let host = command.string(2), (1...255).contains(host.count),
      let port = command.number(3, 1...65_535),
      let localPort = command.number(4, 0...65_535, otherwise: 0)
    else { return .equipmentError(50) }
    guard sierra.connection != nil, let number = freeSession else { return .equipmentError(3) }
    sierra.sessions[number] = SierraSession(
      transport: mode == 3 ? .tls : .tcp, host: host, port: UInt16(port),
      localPort: UInt16(localPort))
    inform("+KTCPCFG: \(number)")
    return .ok
  }

  /// `=1,0[,<local port>[,<data mode>[,…]]]`. The session opens by itself: `+KUDP_IND: <id>,1`.
  fileprivate mutating func configureUDP(_ command: ATCommand) -> CommandOutcome {
    guard command.number(0, 1...1) != nil, command.number(1, 0...0) != nil,
      let localPort = command.number(2, 0...65_535, otherwise: 0),
      let mode = command.number(3, 0...1, otherwise: 0)
    else { return .equipmentError(50) }
    guard sierra.connection != nil, let number = freeSession else { return .equipmentError(3) }
    sierra.sessions[number] = SierraSession(
      transport: .udp, localPort: UInt16(localPort), dataMode: mode)
    inform("+KUDPCFG: \(number)")
    sierra.waiting.append(number)
    raiseConnection()
    return .ok
  }

  fileprivate mutating func informSessions(isUDP: Bool) {
    for (number, session) in sierra.sessions.enumerated() {
      guard let session, (session.transport == .udp) == isUDP else { continue }
      switch session.transport {
      case .tcp, .tls:
        let place: ATText = "\(quoted: session.host),\(session.port),\(session.localPort)"
        let mode = session.transport == .tls ? 3 : 0
        inform("+KTCPCFG: \(number),1,\(mode),,\(place),,0,,0")
      case .udp: inform("+KUDPCFG: \(number),1,0,\(session.localPort),\(session.dataMode)")
      }
    }
  }
}

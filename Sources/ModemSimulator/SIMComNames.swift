import Primitives

extension CommandGroup {
  // MARK: - SIMCom: names

  /// SIM800 and SIM7000: `+CDNSGIP:` follows the OK.
  static let simcomNames: [CommandEntry] = [
    CommandEntry("+CDNSCFG") { modem, command in
      switch command.kind {
      case .read:
        let servers = modem.nameServers
        modem.inform("PrimaryDns: \(servers.0)")
        modem.inform("SecondaryDns: \(servers.1)")
        return .ok
      case .set: return modem.setNameServers(command)
      case .test: return .ok
      case .execute, .malformed: return .error
      }
    },
    CommandEntry("+CDNSGIP") { modem, command in
      guard command.isSet else { return command.kind == .test ? .ok : .error }
      guard command.arguments.count == 1 else { return .error }
      return modem.lookUpLater(command.string(0))
    },
  ]

  /// SIM7080 (AT manual V1.02 §19.2).
  static let applicationNames: [CommandEntry] = [
    number("+CDNSPDPID", 0...4) {
      $0.simcom.nameContext
    } set: {
      $0.simcom.nameContext = $1
    },
    CommandEntry("+CDNSCFG") { modem, command in
      switch command.kind {
      case .read:
        let servers = modem.nameServers
        modem.inform("Ipv4PrimaryDns: \(servers.0)")
        modem.inform("Ipv4SecondaryDns: \(servers.1)")
        return .ok
      case .set:
        let outcome = modem.setNameServers(command)
        if outcome == .ok {
          modem.inform("+CDNSCFG: \(modem.nameServers.0),\(modem.nameServers.1)")
        }
        return outcome
      case .test: return .ok
      case .execute, .malformed: return .error
      }
    },
    CommandEntry("+CDNSGIP") { modem, command in
      guard command.isSet else { return command.kind == .test ? .ok : .error }
      guard command.arguments.count <= 3, command.number(1, 0...10, otherwise: 0) != nil,
        command.number(2, 0...60_000, otherwise: 0) != nil
      else { return .error }
      return modem.lookUpLater(command.string(0))
    },
  ]

  /// SIM7600: the answer comes before the OK, and the command waits for it.
  static let serviceNames: [CommandEntry] = [
    CommandEntry("+CDNSGIP", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      guard command.isSet else { return command.kind == .test ? .ok : .error }
      guard command.arguments.count == 1, let name = command.string(0),
        (1...254).contains(name.count)
      else { return .error }
      guard modem.simcom.service.state == .open else {
        modem.inform("+CDNSGIP: 0,10")
        return .error
      }
      modem.lookUp(name)
      return modem.wait(.seconds(70), then: .error)
    }
  ]
}

extension SimulatedModem {
  fileprivate var nameServers: ([UInt8], [UInt8]) {
    let servers = session.dnsServers ?? network.dnsServers
    return (
      servers.first ?? Array("0.0.0.0".utf8), servers.dropFirst().first ?? Array("0.0.0.0".utf8)
    )
  }

  fileprivate mutating func setNameServers(_ command: ATCommand) -> CommandOutcome {
    let servers = [command.string(0), command.string(1)].compactMap { $0 }
    guard (1...2).contains(servers.count), servers.count == command.arguments.count,
      servers.allSatisfy({ IPv4Address($0) != nil })
    else { return .error }
    session.dnsServers = servers
    return .ok
  }

  fileprivate mutating func lookUpLater(_ name: [UInt8]?) -> CommandOutcome {
    guard let name, (1...254).contains(name.count) else { return .error }
    guard isNetworkUpForNames, !packet.isLookingUp else {
      return .equipmentError(SIMComError.notAllowed)
    }
    lookUp(name)
    return .ok
  }

  private var isNetworkUpForNames: Bool {
    simcom.cip.state == .active || simcom.cip.state == .status
      || (0..<ApplicationNetwork.count).contains { isServing($0) }
  }

  fileprivate mutating func lookUp(_ name: [UInt8]) {
    packet.isLookingUp = true
    request(.lookUp(NameQuery(asker: .host(serial: execution?.serial ?? 0), name: name)))
  }

  /// The line of an answer; `failure` and `silence` are the family's numbers for those.
  private func nameLine(
    _ query: NameQuery, _ answer: SimulatedNetwork.NameAnswer, failure: Int, silence: Int
  ) -> ATText {
    switch answer {
    case .address(let address): "+CDNSGIP: 1,\(quoted: query.name),\(quoted: address)"
    case .failure: "+CDNSGIP: 0,\(failure)"
    case .silence: "+CDNSGIP: 0,\(silence)"
    }
  }

  /// SIM800 and SIM7000 know 3 (network) and 8 (other); SIM7080 has 5 for a time-out.
  mutating func nameFound(
    _ query: NameQuery, _ answer: SimulatedNetwork.NameAnswer, silence: Int
  ) {
    sendURC(nameLine(query, answer, failure: 8, silence: silence))
  }

  /// SIM7600: the waiting command gets the line, and OK or ERROR.
  mutating func serviceNameFound(_ query: NameQuery, _ answer: SimulatedNetwork.NameAnswer) {
    guard case .host(let serial) = query.asker, execution?.serial == serial else { return }
    inform(nameLine(query, answer, failure: 10, silence: 10))
    if case .address = answer {
      complete(.ok, serial: serial)
    } else {
      complete(.error, serial: serial)
    }
  }
}

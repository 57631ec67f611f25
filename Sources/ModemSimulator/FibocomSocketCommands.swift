import Primitives

extension CommandGroup {
  // MARK: - Fibocom L610: the call, names, sockets

  static let fibocomSockets: [CommandEntry] = [
    CommandEntry("+MIPCALL", time: .milliseconds(5) ... .milliseconds(40)) { modem, command in
      switch command.kind {
      case .read:
        let isUp = modem.packet.active.contains(1)
        let address: ATText = isUp ? ",\(modem.network.address)" : ""
        modem.inform("+MIPCALL: \(isUp ? 1 : 0)\(address)")
        return .ok
      case .test:
        modem.inform("+MIPCALL: (0,1)")
        return .ok
      case .set: return modem.call(command)
      case .execute, .malformed: return .error
      }
    },
    // The address comes without quotes.
    CommandEntry("+MIPDNS", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let name = command.string(0), (1...255).contains(name.count),
        command.number(1, 0...2, otherwise: 0) != nil
      else { return .equipmentError(50) }
      guard modem.packet.active.contains(1) else { return .error }
      return modem.lookUp(name, within: .seconds(14))
    },
    CommandEntry("+MIPOPEN", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      switch command.kind {
      case .read:
        let free = (1...FibocomState.socketCount).filter { modem.sockets[$0] == nil }
        let texts = free.map { Array("\($0)".utf8) }
        let list = Array(texts.joined(separator: [UInt8(ascii: " ")]))
        modem.inform("+MIPOPEN: \(list.isEmpty ? Array("0".utf8) : list)")
        return .ok
      case .test:
        modem.inform("+MIPOPEN: (1-6),(0-65535),,(1-65535),(0-2)")
        return .ok
      case .set: return modem.openFibocom(command)
      case .execute, .malformed: return .error
      }
    },
    CommandEntry("+MIPSEND") { modem, command in
      switch command.kind {
      case .read:
        for number in 1...FibocomState.socketCount {
          guard let socket = modem.sockets[number] else { continue }
          modem.inform("+MIPSEND: \(number),\(modem.freeSize(socket))")
        }
        return .ok
      case .test: return .ok
      case .set:
        guard let number = command.number(0, 1...6), let count = command.number(1, 1...2048),
          command.arguments.count == 2
        else { return .equipmentError(50) }
        guard modem.sockets[number]?.phase == .connected else { return .error }
        return .prompt(
          PayloadRequest(socket: number, count: count, prompt: crlf + [UInt8(ascii: ">")]))
      case .execute, .malformed: return .error
      }
    },
    CommandEntry("+MIPREAD", time: .milliseconds(3) ... .milliseconds(15)) { modem, command in
      if command.kind == .test { return .ok }
      guard command.isSet, let number = command.number(0, 1...6),
        let limit = command.number(1, 1...2048)
      else { return .equipmentError(50) }
      guard let socket = modem.sockets[number], socket.phase != .opening,
        socket.buffered > 0
      else { return .error }
      let data = modem.read(number, limit: limit)
      modem.inform("+MIPDATA: \(number),\(data.count)")
      modem.inform(ATText(bytes: data))
      modem.announceRest(number)
      return .ok
    },
    // OK, and the result behind it.
    CommandEntry("+MIPCLOSE", time: .milliseconds(10) ... .milliseconds(60)) { modem, command in
      switch command.kind {
      case .set:
        guard let number = command.number(0, 1...6) else { return .equipmentError(50) }
        guard modem.sockets[number] != nil else { return .error }
        let delay = modem.sample(.milliseconds(20) ... .milliseconds(150))
        modem.schedule(.own(OwnEvent("close", number: number)), after: delay)
        return .ok
      case .read:
        for number in 1...FibocomState.socketCount where modem.sockets[number] != nil {
          modem.inform("+MIPCLOSE: \(number)")
        }
        return .ok
      case .test: return .ok
      case .execute, .malformed: return .error
      }
    },
  ]
}

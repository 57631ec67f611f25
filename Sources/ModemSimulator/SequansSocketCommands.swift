import Primitives

/// AT+SQNSCFG and AT+SQNSCFGEXT of one socket. Both lie in the flash and outlive everything, so a
/// host finds what another one left there.
private struct SequansSocketSettings {
  /// `<cid>`, `<pktSz>`, `<maxTo>` in seconds, `<connTo>` and `<txTo>` in 100 ms.
  var base = [1, 300, 90, 600, 50]
  /// `<srMode>` 0 number, 1 number and length, 2 with the data; `<recvDataMode>` and, last,
  /// `<sendDataMode>` 1 hexadecimal.
  var ext = [0, 0, 0, 0, 0]

  init(_ number: Int, in stored: StoredSettings) {
    base = Self.values(stored.configuration(Self.key("sqnscfg", number))) ?? base
    ext = Self.values(stored.configuration(Self.key("sqnscfgext", number))) ?? ext
  }

  static func key(_ name: StaticString, _ number: Int) -> [UInt8] {
    Array(name) + Array("\(number)".utf8)
  }

  private static func values(_ text: [UInt8]?) -> [Int]? {
    guard let text else { return nil }
    let values = text.split(separator: UInt8(ascii: ",")).compactMap { $0.asciiWholeNumber }
    return values.count == 5 ? values.map { Int($0) } : nil
  }
}

extension SocketTraits {
  /// Six sockets, 1 to 6.
  static let sequans: SocketTraits = {
    var traits = SocketTraits()
    traits.numbers = 1...6
    traits.payloadLimit = 1500
    traits.payload = { modem, request, payload in
      let settings = SequansSocketSettings(request.socket, in: modem.stored)
      guard settings.ext[4] == 1 else { return modem.sequansSend(payload, on: request) }
      guard let bytes = CommandGroup.bytes(hex: payload) else { return .error }
      return modem.sequansSend(bytes, on: request)
    }
    traits.opened = { modem, socket, error in
      let number = socket.id.number
      modem.sockets[number]?.opener = nil
      if error != .ok { modem.sockets[number] = nil }
      if error == .ok { modem.sequansUsed(number) }
      guard let serial = socket.opener else { return }
      let refusal = CommandOutcome.says(Array("NO CARRIER".utf8), isError: true)
      modem.complete(error == .ok ? .ok : refusal, serial: serial)
    }
    traits.pushes = { modem, socket in
      SequansSocketSettings(socket.id.number, in: modem.stored).ext[0] == 2
    }
    traits.arrived = { modem, socket, bytes, isNews in
      let number = socket.id.number
      modem.sequansUsed(number)
      let settings = SequansSocketSettings(number, in: modem.stored)
      let shown = settings.ext[1] == 1 ? bytes.hex : bytes
      switch settings.ext[0] {
      case 2: modem.sendURC("+SQNSRING: \(number),\(bytes.count),\(shown)")
      // One URC stands for all that comes until the buffer was empty.
      case 1: if isNews { modem.sendURC("+SQNSRING: \(number),\(bytes.count)") }
      default: if isNews { modem.sendURC("+SQNSRING: \(number)") }
      }
    }
    traits.peerClosed = { modem, socket in
      modem.sendURC("+SQNSH: \(socket.id.number)")
      if socket.buffered == 0 { modem.close(socket.id) }
    }
    traits.named = { modem, query, answer in
      guard case .host(let serial) = query.asker else { return }
      guard case .address(let address) = answer, modem.execution?.serial == serial else {
        return modem.complete(.error, serial: serial)
      }
      modem.inform("+SQNDNSLKUP: \(quoted: query.name),\(quoted: address)")
      modem.complete(.ok, serial: serial)
    }
    return traits
  }()
}

extension CommandGroup {
  // MARK: - Sequans sockets

  static let sequansSockets: [CommandEntry] = [
    settings("+SQNSCFG", "sqnscfg", [1...8, 0...1500, 0...65_535, 10...1200, 0...255]),
    settings("+SQNSCFGEXT", "sqnscfgext", [0...2, 0...1, 0...240, 0...1, 0...1]),
    CommandEntry("+SQNSD", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      command.kind == .test ? .ok : modem.sequansDial(command)
    },
    CommandEntry("+SQNSSENDEXT", time: .milliseconds(5) ... .milliseconds(20)) { modem, command in
      if command.kind == .test { return .ok }
      guard let number = command.number(0, 1...6), let count = command.number(1, 1...1500),
        command.number(2, 0...2, otherwise: 0) != nil,
        modem.sockets[number]?.phase == .connected
      else { return .error }
      let isHexadecimal = SequansSocketSettings(number, in: modem.stored).ext[4] == 1
      return .prompt(
        PayloadRequest(
          command: command, socket: number, count: isHexadecimal ? count * 2 : count))
    },
    // Until Ctrl-Z.
    CommandEntry("+SQNSSEND", time: .milliseconds(5) ... .milliseconds(20)) { modem, command in
      if command.kind == .test { return .ok }
      guard let number = command.number(0, 1...6), modem.sockets[number]?.phase == .connected else {
        return .error
      }
      return .prompt(PayloadRequest(command: command, socket: number, count: nil))
    },
    // One datagram at most; an error where there is nothing (assumed).
    CommandEntry("+SQNSRECV", time: .milliseconds(3) ... .milliseconds(15)) { modem, command in
      if command.kind == .test { return .ok }
      guard let number = command.number(0, 1...6), let limit = command.number(1, 1...1500) else {
        return .error
      }
      let data = modem.read(number, limit: limit)
      if data.isEmpty { return .error }
      let isHexadecimal = SequansSocketSettings(number, in: modem.stored).ext[1] == 1
      modem.inform("+SQNSRECV: \(number),\(data.count)")
      modem.inform(ATText(bytes: isHexadecimal ? data.hex : data))
      if let socket = modem.sockets[number], socket.phase == .closing, socket.buffered == 0 {
        modem.close(socket.id)
      }
      return .ok
    },
    CommandEntry("+SQNSI") { modem, command in
      guard let number = command.number(0, 1...6), let socket = modem.sockets[number] else {
        return command.kind == .test ? .ok : .error
      }
      let counts: ATText = "\(socket.sentCount),\(socket.receivedCount),\(socket.buffered)"
      modem.inform("+SQNSI: \(number),\(counts),\(socket.sentCount - socket.deliveredCount)")
      return .ok
    },
    CommandEntry("+SQNSS") { modem, command in
      guard command.kind == .execute || command.kind == .read else {
        return command.kind == .test ? .ok : .error
      }
      for number in 1...6 {
        guard let socket = modem.sockets[number] else {
          modem.inform("+SQNSS: \(number),0")
          continue
        }
        let state = socket.phase == .opening ? 6 : socket.buffered > 0 ? 3 : 2
        let address = modem.packet.bearers.first { $0.cid == socket.cid }?.address ?? []
        let local: ATText = "\(quoted: address),\(socket.localPort)"
        let peer: ATText = "\(quoted: socket.address),\(socket.port)"
        modem.inform("+SQNSS: \(number),\(state),\(local),\(peer)")
      }
      return .ok
    },
    CommandEntry("+SQNSH", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      if command.kind == .test { return .ok }
      guard let number = command.number(0, 1...6), modem.sockets[number] != nil else {
        return .error
      }
      return modem.closeSocket(number, within: .seconds(10))
    },
    CommandEntry("+SQNDNSLKUP", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      if command.kind == .test { return .ok }
      guard let name = command.string(0), (1...255).contains(name.count), modem.hasBearer(1),
        let execution = modem.execution
      else { return .error }
      modem.packet.isLookingUp = true
      let asker = NameQuery.Asker.host(serial: execution.serial)
      modem.request(.lookUp(NameQuery(asker: asker, name: name)))
      return modem.wait(.seconds(20), then: .error)
    },
  ]

  /// `=<number>,<five values>`; what is left out is 0, or its factory value.
  private static func settings(
    _ name: StaticString, _ key: StaticString, _ ranges: [ClosedRange<Int>]
  ) -> CommandEntry {
    CommandEntry(name) { modem, command in
      let isBase = Array(name).equals("+SQNSCFG")
      switch command.kind {
      case .read:
        for number in 1...6 {
          let settings = SequansSocketSettings(number, in: modem.stored)
          let text = (isBase ? settings.base : settings.ext).map { Array("\($0)".utf8) }
          let values = Array(text.joined(separator: [UInt8(ascii: ",")]))
          modem.inform("\(Array(name)): \(number),\(values)")
        }
        return .ok
      case .set:
        guard let number = command.number(0, 1...6), command.arguments.count <= 6 else {
          return .error
        }
        let before = SequansSocketSettings(number, in: modem.stored)
        var values: [[UInt8]] = []
        for (index, range) in ranges.enumerated() {
          let usual = isBase ? before.base[index] : 0
          guard let value = command.number(index + 1, range, otherwise: usual) else {
            return .error
          }
          values.append(Array("\(value)".utf8))
        }
        modem.counters.flashWrites += 1
        modem.stored.setConfiguration(
          SequansSocketSettings.key(key, number),
          Array(values.joined(separator: [UInt8(ascii: ",")])))
        return .ok
      case .test: return .ok
      case .execute, .malformed: return .error
      }
    }
  }
}

extension SimulatedModem {
  /// `=<number>,<0 TCP, 1 UDP>,<port>,"<host>",<closure>,<local port>,<1 command mode>,…`. Without
  /// a context, and where no one answers, it is `NO CARRIER`; online mode isn't simulated.
  fileprivate mutating func sequansDial(_ command: ATCommand) -> CommandOutcome {
    guard let number = command.number(0, 1...6), let type = command.number(1, 0...1),
      let port = command.number(2, 1...65_535), let host = command.string(3),
      (1...255).contains(host.count), command.number(4, 0...255, otherwise: 0) != nil,
      let local = command.number(5, 0...65_535, otherwise: 0),
      command.number(6, 0...1, otherwise: 0) == 1, sockets[number] == nil, let execution
    else { return .error }
    let settings = SequansSocketSettings(number, in: stored)
    let cid = settings.base[0]
    guard radio.registration != nil, hasBearer(cid) else {
      return .says(Array("NO CARRIER".utf8), isError: true)
    }
    var socket = newSocket(
      number, cid: cid, transport: type == 0 ? .tcp : .udp, host: host, port: UInt16(port),
      localPort: UInt16(local))
    if type == 0, let demand = sequansDemand(number, host: host) {
      (socket.transport, socket.security) = (.tls, demand)
    }
    socket.opener = execution.serial
    open(socket)
    let limit = OwnEvent("limit", number: number, serial: Int(socket.id.opening))
    schedule(.own(limit), after: .milliseconds(Int64(settings.base[3]) * 100))
    return .waits
  }

  /// A send without an information line. The release assistance of the command goes along.
  fileprivate mutating func sequansSend(
    _ bytes: [UInt8], on request: PayloadRequest
  ) -> CommandOutcome {
    let index = request.command.name.equals("+SQNSSENDEXT") ? 2 : 9
    let assistance =
      ReleaseAssistance(rawValue: request.command.number(index, 0...2, otherwise: 0) ?? 0) ?? .none
    sequansUsed(request.socket)
    return take(bytes, on: request.socket, assistance: assistance) == .taken ? .ok : .error
  }

  /// `<maxTo>` runs anew: a socket that carries nothing for so long is closed by the module.
  fileprivate mutating func sequansUsed(_ number: Int) {
    guard let socket = sockets[number] else { return }
    own[SequansState.self].lastUse[number] = now
    let seconds = SequansSocketSettings(number, in: stored).base[2]
    if seconds == 0 { return }
    let event = OwnEvent("idle", number: number, serial: Int(socket.id.opening))
    agenda.cancel(.own(event))
    schedule(.own(event), after: .seconds(seconds))
  }

  mutating func performSequans(_ event: OwnEvent) {
    let id = SocketID(number: event.number, opening: UInt32(event.serial))
    guard let socket = sockets[id] else { return }
    if event.isCalled("limit") {
      if socket.phase == .opening { openFailed(id, .timedOut) }
    } else if event.isCalled("idle") {
      let seconds = SequansSocketSettings(event.number, in: stored).base[2]
      guard let last = own[SequansState.self].lastUse[event.number], seconds > 0,
        now >= last + .seconds(seconds)
      else { return }
      close(id)
      sendURC("+SQNSH: \(event.number)")
    }
  }
}

import Primitives

/// Telit's one TLS socket, number 1 of its commands.
struct TelitTLS: OwnState {
  /// Where it lies in the table of sockets.
  static let place = TelitState.socketCount + 1
  static let factory = TelitSecureSettings()

  /// AT#SSLEN=1,1: until the next boot.
  var isEnabled = false
  /// An AT#SSLRECV that waits: its line's serial, and how many bytes it takes.
  var reader: (serial: Int, limit: Int)?
}

/// What AT#SSLCFG, AT#SSLSECCFG and AT#SSLSECCFG2 leave in the flash.
struct TelitSecureSettings {
  /// AT#SSLCFG: `<cid>,<pktSz>,<maxTo>,<defTo>,<txTo>,<ring>,<no carrier>,<skip host mismatch>,
  /// <equalize>`.
  var transport = [1, 0, 90, 100, 50, 0, 0, 1, 0]
  /// AT#SSLSECCFG: `<cipher>,<authentication>`.
  var security = [0, 0]
  /// AT#SSLSECCFG2: `<version>,<SNI>,<preloaded CA>,<own CA>`.
  var extended = [4, 0, 0, 1]
}

extension CommandGroup {
  // MARK: - Telit: TLS (telit/arduino-me310-library; LE910 software guide)

  static let telitSecurity: [CommandEntry] = [
    CommandEntry("#SSLEN") { modem, command in
      switch command.kind {
      case .read:
        modem.inform("#SSLEN: 1,\(modem.own[TelitTLS.self].isEnabled ? 1 : 0)")
        return .ok
      case .test: return .ok
      case .set: return modem.enableTelitTLS(command)
      case .execute, .malformed: return .error
      }
    },
    settings("#SSLSECCFG", [0...255, 0...2], least: 2),
    settings("#SSLSECCFG2", [0...4, 0...1, 0...1, 0...1], least: 1),
    settings(
      "#SSLCFG",
      [
        1...6, 0...1500, 0...65_535, 10...5000, 0...255, 0...2, 0...1, 0...1, 0...1,
      ], least: 5),
    CommandEntry("#SSLD", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      command.kind == .test ? .ok : modem.openTelitTLS(command)
    },
    CommandEntry("#SSLSENDEXT") { modem, command in
      if command.kind == .test { return .ok }
      guard command.number(0, 1...1) != nil, let count = command.number(1, 1...1500),
        command.number(2, 10...5000, otherwise: 100) != nil, command.arguments.count <= 3
      else { return .equipmentError(50) }
      guard modem.sockets[TelitTLS.place]?.phase == .connected else { return .error }
      return .prompt(PayloadRequest(socket: TelitTLS.place, count: count))
    },
    CommandEntry("#SSLRECV", time: .milliseconds(3) ... .milliseconds(15)) { modem, command in
      command.kind == .test ? .ok : modem.receiveTelitTLS(command)
    },
    CommandEntry("#SSLH", time: .milliseconds(10) ... .milliseconds(60)) { modem, command in
      if command.kind == .test { return .ok }
      guard command.number(0, 1...1) != nil, command.number(1, 0...1, otherwise: 0) != nil else {
        return .equipmentError(50)
      }
      return modem.endSocket(TelitTLS.place, within: .seconds(10))
    },
    // 1 closed, 2 open (general knowledge).
    CommandEntry("#SSLS") { modem, command in
      guard command.number(0, 1...1) != nil else { return command.kind == .test ? .ok : .error }
      let isOpen = modem.sockets[TelitTLS.place]?.phase == .connected
      modem.inform("#SSLS: 1,\(isOpen ? 2 : 1)")
      return .ok
    },
    CommandEntry("#SSLI") { modem, command in
      if command.kind == .test { return .ok }
      guard command.kind == .execute || command.number(0, 1...1) != nil else { return .error }
      let socket = modem.sockets[TelitTLS.place]
      let (sent, received) = (socket?.sentCount ?? 0, socket?.receivedCount ?? 0)
      let waiting = sent - (socket?.deliveredCount ?? 0)
      modem.inform("#SSLI: 1,\(sent),\(received),\(socket?.buffered ?? 0),\(waiting)")
      return .ok
    },
  ]

  /// `=1,<numbers>`, kept in the flash; nothing of it before AT#SSLEN=1,1, nor on an open socket.
  private static func settings(
    _ name: StaticString, _ ranges: [ClosedRange<Int>], least: Int
  ) -> CommandEntry {
    let key = Array(name).lowercased
    return CommandEntry(name, time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      let before = modem.telitSecure(key)
      switch command.kind {
      case .read:
        let texts = before.map { Array("\($0)".utf8) }
        modem.inform("\(Array(name)): 1,\(Array(texts.joined(separator: [UInt8(ascii: ",")])))")
        return .ok
      case .test: return .ok
      case .execute, .malformed: return .error
      case .set: break
      }
      guard modem.own[TelitTLS.self].isEnabled, modem.sockets[TelitTLS.place] == nil else {
        return .error
      }
      guard command.number(0, 1...1) != nil,
        (least + 1...ranges.count + 1).contains(command.arguments.count)
      else { return .equipmentError(50) }
      var values = before
      for (index, range) in ranges.enumerated() {
        guard let value = command.number(index + 1, range, otherwise: before[index]) else {
          return .equipmentError(50)
        }
        values[index] = value
      }
      modem.counters.flashWrites += 1
      modem.stored.setNumbers(key, values)
      return .ok
    }
  }
}

extension SimulatedModem {
  fileprivate func telitSecure(_ key: [UInt8]) -> [Int] {
    let factory = TelitTLS.factory
    let values =
      key.equals("#sslcfg")
      ? factory.transport : key.equals("#sslseccfg") ? factory.security : factory.extended
    return stored.numbers(key, otherwise: values)
  }

  private var telitTransport: [Int] { telitSecure(Array("#sslcfg".utf8)) }

  /// Enabling what is enabled is an error in half of the firmwares.
  fileprivate mutating func enableTelitTLS(_ command: ATCommand) -> CommandOutcome {
    guard command.number(0, 1...1) != nil, let isOn = command.number(1, 0...1),
      command.arguments.count == 2
    else { return .equipmentError(50) }
    let isEnabled = own[TelitTLS.self].isEnabled
    if isOn == 1, isEnabled, firmware.isOdd(44) { return .error }
    if isOn == 0, let socket = sockets[TelitTLS.place] { close(socket.id) }
    own[TelitTLS.self].isEnabled = isOn == 1
    return .ok
  }

  /// `=1,<port>,"<host>",<closure>,<1 command mode>,<timeout in tenths of a second>`; online mode
  /// isn't simulated.
  fileprivate mutating func openTelitTLS(_ command: ATCommand) -> CommandOutcome {
    let transport = telitTransport
    guard command.number(0, 1...1) != nil, let port = command.number(1, 1...65_535),
      let host = command.string(2), (1...255).contains(host.count),
      command.number(3, 0...255, otherwise: 0) != nil,
      let mode = command.number(4, 0...1, otherwise: 0),
      let patience = command.number(5, 10...5000, otherwise: transport[3]),
      command.arguments.count <= 6
    else { return .equipmentError(50) }
    guard own[TelitTLS.self].isEnabled else { return .error }
    guard mode == 1 else { return .equipmentError(4) }
    guard packet.active.contains(transport[0]) else {
      return .equipmentError(TelitError.noContext)
    }
    if let socket = sockets[TelitTLS.place] {
      guard socket.phase == .closing else { return .equipmentError(TelitError.wrongState) }
      close(socket.id)
    }
    var socket = newSocket(
      TelitTLS.place, cid: transport[0], transport: .tls, host: host, port: UInt16(port))
    socket.security = telitDemand(host: host, skipsName: transport[7] == 1)
    // The time is that between two packets, not of the whole.
    return openAndWait(socket, within: .milliseconds(patience * 100) + .seconds(20))
  }

  private func telitDemand(host: [UInt8], skipsName: Bool) -> TLSDemand {
    let extended = telitSecure(Array("#sslseccfg2".utf8))
    var demand = TLSDemand()
    demand.reachesVersion12 = extended[0] >= 3
    guard telitSecure(Array("#sslseccfg".utf8))[1] > 0 else { return demand }
    demand.trust = extended[3] == 1 ? trustInStored : .missing
    if !skipsName { demand.expectedName = host }
    return demand
  }

  /// `#SSLRECV: <n>` and the data; where there is none within the time, `#SSLRECV: 0` and `TIMEOUT`
  /// or `DISCONNECTED` (texts UNVERIFIED in the facts).
  fileprivate mutating func receiveTelitTLS(_ command: ATCommand) -> CommandOutcome {
    guard command.number(0, 1...1) != nil, let limit = command.number(1, 1...1500),
      let patience = command.number(2, 10...5000, otherwise: telitTransport[3]),
      command.arguments.count <= 3
    else { return .equipmentError(50) }
    guard let socket = sockets[TelitTLS.place], socket.phase != .opening, let execution else {
      return .error
    }
    if socket.buffered > 0 {
      tellTelitTLS(limit: limit)
      return .ok
    }
    guard socket.phase == .connected else {
      inform("#SSLRECV: 0")
      inform("DISCONNECTED")
      return .ok
    }
    own[TelitTLS.self].reader = (execution.serial, limit)
    let event = OwnEvent("secure read", serial: execution.serial)
    schedule(.own(event), after: .milliseconds(patience * 100))
    return .waits
  }

  private mutating func tellTelitTLS(limit: Int) {
    let data = read(TelitTLS.place, limit: limit)
    inform("#SSLRECV: \(data.count)")
    inform(ATText(bytes: data))
  }

  private mutating func endTelitRead(_ text: ATText?) -> Bool {
    guard let reader = own[TelitTLS.self].reader else { return false }
    own[TelitTLS.self].reader = nil
    agenda.cancel(.own(OwnEvent("secure read", serial: reader.serial)))
    guard execution?.serial == reader.serial else { return false }
    if let text {
      inform("#SSLRECV: 0")
      inform(text)
    } else {
      tellTelitTLS(limit: reader.limit)
    }
    complete(.ok, serial: reader.serial)
    return true
  }

  mutating func telitSecureReadExpired(_ serial: Int) {
    if own[TelitTLS.self].reader?.serial == serial { _ = endTelitRead("TIMEOUT") }
  }

  /// `SSLSRING: 1`, in half of the firmwares with the length (UNVERIFIED in the facts), where
  /// AT#SSLCFG asks for it.
  mutating func telitSecureArrived(_ bytes: [UInt8], isNews: Bool) {
    if endTelitRead(nil) { return }
    guard telitTransport[5] > 0, isNews else { return }
    sendURC(firmware.isOdd(45) ? "SSLSRING: 1,\(bytes.count)" : "SSLSRING: 1")
  }

  mutating func telitSecureEnded() {
    if !endTelitRead("DISCONNECTED") { sendURC("NO CARRIER") }
  }
}

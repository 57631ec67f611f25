import Primitives

extension CommandGroup {
  /// A registration command (TS 27.007 §10.1.20, §10.1.22, §7.2) with the modes that the family has.
  static func registration(
    _ name: StaticString, _ kind: RegistrationKind, modes: [Int],
    set: @escaping @Sendable (inout UserProfile, Int) -> Void
  ) -> CommandEntry {
    CommandEntry(name) { modem, command in
      switch command.kind {
      case .read: modem.inform(modem.registrationLine(kind))
      case .test:
        modem.inform("\(Array(name)): (\(Array(modeRanges(modes))))")
      case .set:
        guard command.arguments.count == 1, let mode = command.number(0, 0...5),
          modes.contains(mode)
        else { return .error }
        set(&modem.session.profile, mode)
      case .execute, .malformed: return .error
      }
      return .ok
    }
  }

  /// `0-2,4` for 0, 1, 2, 4.
  private static func modeRanges(_ modes: [Int]) -> [UInt8] {
    let isUnbroken = modes.last.map { $0 == modes.count - 1 } ?? false
    let last = modes.last ?? 0
    return Array((isUnbroken ? "0-\(last)" : "0-\(modes.count - 2),\(last)").utf8)
  }

  /// As most modules have it: all three, +CEREG with the timers.
  static let registration: [CommandEntry] = [
    registration("+CREG", .circuit, modes: [0, 1, 2]) { $0.creg = $1 },
    registration("+CGREG", .packet, modes: [0, 1, 2, 4]) { $0.cgreg = $1 },
    registration("+CEREG", .evolved, modes: [0, 1, 2, 4]) { $0.cereg = $1 },
  ]

  // MARK: - Operator, signal

  static let network: [CommandEntry] = [
    CommandEntry(
      "+COPS", time: .milliseconds(10) ... .milliseconds(50), isAbortable: true
    ) { modem, command in
      switch command.kind {
      case .read: modem.inform(modem.operatorLine)
      case .test:
        modem.inform(modem.operatorList)
        return modem.wait(modem.sample(modem.network.timing.operatorScan), then: .ok)
      case .set: return modem.selectOperator(command)
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry(
      "+CGATT", time: .milliseconds(10) ... .milliseconds(50), isAbortable: true
    ) { modem, command in
      switch command.kind {
      case .read: modem.inform("+CGATT: \(modem.radio.registration == nil ? 0 : 1)")
      case .test: modem.inform("+CGATT: (0,1)")
      case .set:
        guard let state = command.number(0, 0...1) else { return .error }
        if let error = modem.cardError { return .equipmentError(error) }
        return state == 1 ? modem.attach(within: .seconds(140)) : modem.detach()
      case .execute, .malformed: return .error
      }
      return .ok
    },
    text("+CSQ") { $0.hasCell ? "+CSQ: \($0.network.rssi),0" : "+CSQ: 99,99" },
    CommandEntry("+CGEREP") { modem, command in
      switch command.kind {
      case .read:
        modem.inform("+CGEREP: \(modem.session.eventReport.0),\(modem.session.eventReport.1)")
      case .set:
        guard let mode = command.number(0, 0...2),
          let buffer = command.number(1, 0...1, otherwise: 0)
        else { return .error }
        modem.session.eventReport = (mode, buffer)
      case .test: modem.inform("+CGEREP: (0-2),(0,1)")
      case .execute, .malformed: return .error
      }
      return .ok
    },
  ]

  /// +CESQ (TS 27.007 §8.69): RSRQ in half dB from -20, RSRP in dB from -141.
  static let extendedSignal = text("+CESQ") { modem in
    guard modem.hasCell else { return "+CESQ: 99,99,255,255,255,255" }
    let network = modem.network
    switch modem.access.technology {
    case .gsm: return "+CESQ: \(network.rssi * 2),0,255,255,255,255"
    case .umts: return "+CESQ: 99,99,\(network.rssi * 2),24,255,255"
    case .lte, .lteM, .nbIoT:
      let quality = min(34, max(0, (network.rsrqDB + 20) * 2))
      return "+CESQ: 99,99,255,255,\(quality),\(min(97, max(0, network.rsrpDBm + 141)))"
    }
  }

  /// +CSCON (TS 27.007 §10.1.30): the RRC connection.
  static let connectionStatus = CommandEntry("+CSCON") { modem, command in
    switch command.kind {
    case .read:
      let isConnected = modem.radio.connection == .connected
      modem.inform("+CSCON: \(modem.session.connectionReport),\(isConnected ? 1 : 0)")
    case .set:
      guard let value = command.number(0, 0...1) else { return .error }
      modem.session.connectionReport = value
    case .test: modem.inform("+CSCON: (0,1)")
    case .execute, .malformed: return .error
    }
    return .ok
  }
}

extension SimulatedModem {
  var hasCell: Bool { radio.phase == .camped || radio.phase == .attaching }

  /// What the module uses of what the network offers.
  var access: AccessTraits {
    let all = personality.radio.accesses
    if network.hasGSM, personality.radio.isGSMAlone(self),
      let gsm = all.first(where: { $0.technology == .gsm })
    {
      return gsm
    }
    return all.first { $0.technology == network.accessTechnology } ?? all[0]
  }

  var accessName: [UInt8] { Array(access.name) }

  fileprivate var operatorLine: ATText {
    let mode = session.isDeregistered ? 2 : stored.operatorMode
    guard radio.phase == .camped else { return "+COPS: \(mode)" }
    let isNumeric = session.operatorFormat == 2
    let name = isNumeric ? serving.number : serving.name
    return "+COPS: \(mode),\(session.operatorFormat),\(quoted: name),\(access.number)"
  }

  fileprivate mutating func selectOperator(_ command: ATCommand) -> CommandOutcome {
    guard let mode = command.number(0, 0...4), let format = command.number(1, 0...2, otherwise: 0)
    else { return .error }
    if mode == 3 {
      session.operatorFormat = format
      return .ok
    }
    if let error = cardError { return .equipmentError(error) }
    if mode == 2 { return detach() }
    let wanted = command.string(2)
    if mode != 0, wanted == nil { return .error }
    counters.flashWrites += 1
    if mode == 0, configurationNumber("nwscanmode") == 3 {
      // BG96: the quirk of particle-iot/device-os#2112: the module forgets that only LTE was wanted.
      stored.setConfiguration(Array("nwscanmode".utf8), Array("0".utf8))
    }
    let isSame = mode == stored.operatorMode && (wanted ?? []) == stored.operatorWanted
    let reselects = personality.radio.reselectsWhenAutomatic
    let stays = mode == 0 ? !(isSame && reselects) : isSame
    stored.operatorMode = mode
    stored.operatorWanted = wanted ?? []
    if stays, radio.phase == .camped { return .ok }
    session.isDeregistered = false
    searchSettingsChanged()
    return attach(within: .seconds(180))
  }

  /// Waits for a registration.
  fileprivate mutating func attach(within limit: Duration) -> CommandOutcome {
    session.isDeregistered = false
    startRadio()
    if radio.phase == .camped { return .ok }
    guard session.function == 1, let execution else { return .error }
    radio.waiters.append(execution.serial)
    return wait(limit, then: .error)
  }

  fileprivate mutating func detach() -> CommandOutcome {
    session.isDeregistered = true
    let delay = radio.registration == nil ? .milliseconds(200) : sample(network.timing.detach)
    leaveNetwork()
    return wait(delay, then: .ok)
  }
}

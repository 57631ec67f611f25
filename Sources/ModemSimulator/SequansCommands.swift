import Primitives

/// What only Sequans modules have.
struct SequansState: OwnState {
  static let outlivesSleep = true
  /// The APN and the technology (AT+SQNMODEACTIVE) as they stood in the memory at boot.
  var apn: [UInt8] = []
  var mode = 1
  /// When each socket last carried something.
  var lastUse: [Int: Instant] = [:]
}

extension CommandGroup {
  // MARK: - Sequans: identity, power, radio settings

  static let sequans: [CommandEntry] = [
    CommandEntry("I") { modem, _ in
      let personality = modem.personality
      modem.inform(ATText(bytes: personality.model))
      modem.inform(ATText(bytes: personality.revision))
      modem.inform(ATText(bytes: personality.applicationVersion))
      return .ok
    },
    CommandEntry("+CGSN") { modem, command in
      let imei = modem.personality.imei
      switch command.kind {
      case .execute: modem.inform(ATText(bytes: imei))
      case .set:
        switch command.number(0, 0...3) {
        case 0: modem.inform(ATText(bytes: imei))
        case 1: modem.inform("+CGSN: \(quoted: imei)")
        // 14 digits of the IMEI and the software version (TS 23.003 §6.2.2).
        case 2: modem.inform("+CGSN: \(quoted: Array(imei.prefix(14)) + Array("01".utf8))")
        default: return .error
        }
      case .test: break
      case .read, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+SQNCCID", time: .milliseconds(5) ... .milliseconds(40)) { modem, command in
      guard command.kind == .execute || command.kind == .read else {
        return command.kind == .test ? .ok : .error
      }
      switch modem.card {
      case .off, .absent, .busy: return .equipmentError(modem.cardError ?? 13)
      case .wantsPIN, .blocked, .ready: modem.inform("+SQNCCID: \(quoted: modem.sim.iccid),\"\"")
      }
      return .ok
    },
    CommandEntry("+SQNSSHDN") { modem, command in
      guard command.kind == .execute else { return command.kind == .test ? .ok : .error }
      let end = PowerEvent.commandedOff(isOrderly: true, bootsAgain: false)
      modem.schedule(.power(end), after: .milliseconds(20))
      return .ok
    },
    CommandEntry("^RESET") { modem, command in
      guard command.kind == .execute else { return .error }
      let end = PowerEvent.commandedOff(isOrderly: true, bootsAgain: true)
      modem.schedule(.power(end), after: .milliseconds(20))
      return .ok
    },
    CommandEntry("+SQNMODEACTIVE") { modem, command in
      switch command.kind {
      case .read: modem.inform("+SQNMODEACTIVE: \(modem.stored.number("sqnmode", otherwise: 1))")
      case .set:
        guard let mode = command.number(0, 1...3) else { return .error }
        modem.counters.flashWrites += 1
        modem.stored.setNumber("sqnmode", mode)
      case .test: modem.inform("+SQNMODEACTIVE: (1-3)")
      case .execute, .malformed: return .error
      }
      return .ok
    },
    taken("+SQNBANDSEL"), taken("+SQNIPSCFG"), taken("+SQNIBRCFG"), taken("+SQNRICFG"),
    taken("+SQNHWCFG"),
    extendedDRX("+SQNEDRX", hasWindow: true),
    // The serving cell; the form is Walter's library's.
    CommandEntry("+SQNMONI") { modem, command in
      guard let mode = command.number(0, 0...9) else { return .error }
      guard modem.hasCell else { return .ok }
      let (network, serving) = (modem.network, modem.serving)
      let country = Array(serving.number.prefix(3))
      let name: ATText = "\(serving.name) Cc:\(country) Nc:\(Array(serving.number.dropFirst(3)))"
      let levels: ATText = "RSRP:\(network.rsrpDBm).00 CINR:8.00 RSRQ:\(network.rsrqDB).00"
      let area: ATText = "TAC:\(Int(serving.trackingArea)) Id:1 EARFCN:\(serving.channel)"
      let tail: ATText = mode == 9 ? " CE:0" : ""
      modem.inform("+SQNMONI: \(name) \(levels) \(area) BAND:\(serving.band)\(tail)")
      return .ok
    },
    CommandEntry("D") { _, _ in .says(Array("NO CARRIER".utf8), isError: true) },
  ]

  /// A setting that is kept and has no effect here.
  private static func taken(_ name: StaticString) -> CommandEntry {
    CommandEntry(name) { modem, command in
      let key = Array(name).lowercased
      switch command.kind {
      case .read:
        if let value = modem.stored.configuration(key) { modem.inform("\(Array(name)): \(value)") }
      case .set:
        let values = command.arguments.indices.map { command.text($0) ?? [] }
        modem.counters.flashWrites += 1
        modem.stored.setConfiguration(key, Array(values.joined(separator: [UInt8(ascii: ",")])))
      case .test: break
      case .execute, .malformed: return .error
      }
      return .ok
    }
  }
}

extension SimulatedModem {
  /// The network took a context: its sockets are closed.
  mutating func sequansContextLost(_ cid: Int) {
    if session.eventReport.0 > 0 { sendURC("+CGEV: NW PDN DEACT \(cid)") }
    for case let socket? in sockets.slots where socket.cid == cid {
      sockets.slots[socket.id.number] = nil
      sendURC("+SQNSH: \(socket.id.number)")
    }
  }
}

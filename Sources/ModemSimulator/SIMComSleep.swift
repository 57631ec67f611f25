import Primitives

extension CommandGroup {
  // MARK: - SIM7000 and SIM7080: PSM, release assistance

  static let simcomSleep: [CommandEntry] = [
    CommandEntry("+CPSMCFG") { modem, command in
      switch command.kind {
      case .read:
        modem.inform("+CPSMCFG: \(modem.stored.psmThresholdSeconds),\(modem.stored.psmMask)")
      case .set:
        guard let threshold = command.number(0, 60...86_400),
          let mask = command.number(1, 0...15, otherwise: modem.stored.psmMask)
        else { return .error }
        modem.counters.flashWrites += 1
        modem.stored.psmThresholdSeconds = Int64(threshold)
        modem.stored.psmMask = mask
      case .test: modem.inform("+CPSMCFG: (60-86400),(0-15)")
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+CPSMRDP") { modem, command in
      guard command.kind == .execute else { return command.kind == .test ? .ok : .error }
      let wanted = modem.stored.powerSaving
      let asked: ATText =
        "\(activeTimeSeconds(wanted.activeTime) ?? 0),\(periodicUpdateSeconds(wanted.periodicTAU) ?? 0)"
      let granted = modem.grantedSeconds
      let given: ATText = "\(granted?.active ?? 0),\(granted?.periodic ?? 0)"
      modem.inform("+CPSMRDP: \(wanted.isWanted ? 1 : 0),\(asked),\(given),3240")
      return .ok
    },
    // Stored (assumed: a URC of the end of PSM, after which all else is forgotten, needs it).
    CommandEntry("+CPSMSTATUS") { modem, command in
      switch command.kind {
      case .read: modem.inform("+CPSMSTATUS: \(modem.reportsSleep ? 1 : 0)")
      case .test: modem.inform("+CPSMSTATUS: (0,1)")
      case .set:
        guard let mode = command.number(0, 0...1) else { return .error }
        modem.counters.flashWrites += 1
        modem.stored.setConfiguration(Array("cpsmstatus".utf8), Array("\(mode)".utf8))
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+CRAI") { modem, command in
      switch command.kind {
      case .set:
        guard let mode = command.number(0, 0...2),
          let seconds = command.number(1, 0...65_535, otherwise: 0),
          let assistance = ReleaseAssistance(rawValue: mode)
        else { return .error }
        modem.simcom.assistance = assistance
        // `<valid_time>` in seconds: the unit is assumed.
        modem.simcom.assistanceEnds = seconds > 0 ? modem.now + .seconds(seconds) : nil
        return .ok
      case .test: return .ok
      case .read, .execute, .malformed: return .error
      }
    },
  ]
}

extension SimulatedModem {
  /// What AT+CRAI says of a datagram that goes out now.
  var simcomAssistance: ReleaseAssistance {
    if let end = simcom.assistanceEnds, now >= end { return .none }
    return simcom.assistance
  }

  var reportsSleep: Bool { stored.configuration(Array("cpsmstatus".utf8)) == [UInt8(ascii: "1")] }
}

import Primitives

extension CommandGroup {
  // MARK: - Quectel's own: card, radio, sleep, time

  static let quectel: [CommandEntry] = [
    CommandEntry("+QCCID") { modem, command in
      if command.kind == .test { return .ok }
      guard command.kind == .execute else { return .error }
      switch modem.card {
      case .off, .absent, .busy: return .equipmentError(modem.cardError ?? 13)
      case .wantsPIN, .blocked, .ready: modem.inform("+QCCID: \(modem.sim.iccid)")
      }
      return .ok
    },
    CommandEntry("+QINISTAT") { modem, command in
      guard command.kind == .execute else { return command.kind == .test ? .ok : .error }
      let messages = modem.card == .ready && !modem.agenda.contains(.boot(.messagesReady))
      modem.inform("+QINISTAT: \(modem.card == .ready ? (messages ? 3 : 1) : 0)")
      return .ok
    },
    CommandEntry("+QSIMSTAT") { modem, command in
      switch command.kind {
      case .read:
        let state = modem.sim.isPresent ? 1 : 0
        modem.inform("+QSIMSTAT: \(modem.session.simStateReport),\(state)")
      case .set:
        guard let report = command.number(0, 0...1) else { return .error }
        modem.session.simStateReport = report
      case .test: modem.inform("+QSIMSTAT: (0,1)")
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+QPOWD") { modem, command in
      guard let mode = command.number(0, 0...2, otherwise: 1),
        command.kind == .execute || command.isSet
      else { return .error }
      // A module that has just booted refuses (particle-iot/device-os: six attempts, 500 ms apart).
      guard modem.now >= modem.power.acceptsPowerOffAt else { return .error }
      modem.schedule(
        .power(.commandedOff(isOrderly: mode == 1, bootsAgain: false)), after: .milliseconds(20))
      return .ok
    },
    text("+QCSQ") { modem in
      guard modem.hasCell else { return "+QCSQ: \"NOSERVICE\"" }
      let network = modem.network
      let rssi = 2 * network.rssi - 113
      if modem.access.technology == .gsm { return "+QCSQ: \"GSM\",\(rssi)" }
      let name = modem.accessName
      return
        "+QCSQ: \(quoted: name),\(rssi),\(network.rsrpDBm),\(network.sinr),\(network.rsrqDB)"
    },
    text("+QNWINFO") { modem in
      guard modem.hasCell else { return "+QNWINFO: No Service" }
      let serving = modem.serving
      let band: ATText = "\"LTE BAND \(serving.band)\",\(serving.channel)"
      let names: ATText = "\(quoted: modem.accessName),\(quoted: serving.number)"
      return "+QNWINFO: \(names),\(band)"
    },
    number("+QCSCON", 0...1) {
      $0.session.connectionReport
    } set: {
      $0.session.connectionReport = $1
    },
    CommandEntry("+QPSMS", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      switch command.kind {
      case .read:
        let mode = modem.stored.powerSaving.isWanted ? 1 : 0
        if let granted = modem.grantedSeconds {
          modem.inform("+QPSMS: \(mode),,,\"\(granted.periodic)\",\"\(granted.active)\"")
        } else {
          modem.inform("+QPSMS: \(mode),,,,")
        }
      case .test: break
      case .set: return modem.requestPowerSaving(command)
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+QPSMCFG") { modem, command in
      switch command.kind {
      case .read:
        modem.inform("+QPSMCFG: \(modem.stored.psmThresholdSeconds),\(modem.stored.psmMask)")
      case .set:
        guard let threshold = command.number(0, 60...86_400),
          let mask = command.number(1, 0...15, otherwise: modem.stored.psmMask)
        else { return .error }
        modem.counters.flashWrites += 1
        modem.stored.psmThresholdSeconds = Int64(threshold)
        modem.stored.psmMask = mask
      case .test: modem.inform("+QPSMCFG: (60-86400),(0-15)")
      case .execute, .malformed: return .error
      }
      return .ok
    },
    number("+QSCLK", 0...1) {
      $0.session.isSleepEnabled ? 1 : 0
    } set: {
      $0.session.isSleepEnabled = $1 == 1
    },
    CommandEntry("+QLTS") { modem, command in
      if command.kind == .test {
        modem.inform("+QLTS: (0-2)")
        return .ok
      }
      guard let mode = command.number(0, 0...2, otherwise: 0),
        command.kind == .execute || command.isSet
      else { return .error }
      guard let time = modem.clock.network else {
        modem.inform("+QLTS: \"\"")
        return .ok
      }
      var shown = time.utc
      if mode != 0 { shown = shown + (modem.now - time.at) }
      if mode != 1 { shown = shown + .seconds(time.zoneQuarters * 900) }
      // Mode 1 is GMT, and yet the zone stands behind it (BG96 AT manual V2.2, sample).
      let date = modem.dateText(shown, fullYear: true) + modem.zoneText(time.zoneQuarters)
      modem.inform("+QLTS: \(quoted: date + Array(",0".utf8))")
      return .ok
    },
  ]
}

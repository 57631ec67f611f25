import Primitives

extension CommandGroup {
  // MARK: - Telit: identity, card, power, clock

  static let telit: [CommandEntry] =
    [
      // General knowledge: ATI's numbers, of which 3 and 4 are the names.
      CommandEntry("I") { modem, command in
        guard let number = command.number(0, 0...5, otherwise: 0) else { return .error }
        switch number {
        case 3: modem.inform(ATText(bytes: modem.personality.maker))
        case 4: modem.inform(ATText(bytes: modem.personality.model))
        case 5: modem.inform("1")
        default: modem.inform("332")
        }
        return .ok
      },
      text("#CGMI") { "#CGMI: \($0.personality.maker)" },
      text("#CGMM") { "#CGMM: \($0.personality.model)" },
      text("#CGMR") { "#CGMR: \($0.personality.revision)" },
      text("#CGSN") { "#CGSN: \($0.personality.imei)" },
      openCardText("#CIMI") { "#CIMI: \($0.sim.imsi)" },
      cardText("#CCID") { "#CCID: \($0.sim.iccid)" },
      cardText("+CCID") { "+CCID: \($0.sim.iccid)" },
      cardText("+ICCID") { "+ICCID: \($0.sim.iccid)" },
      // The form is UNVERIFIED in the facts.
      cardText("#PCT") { "#PCT: \($0.sim.pinTries)" },
      CommandEntry("#SWPKGV") { modem, command in
        guard command.kind == .execute else { return .error }
        let revision = modem.personality.revision
        modem.inform("\(revision)-P0F.\(revision)")
        modem.inform(ATText(bytes: revision))
        modem.inform("P0F.\(revision)")
        modem.inform("A0F.\(revision)")
        return .ok
      },
      CommandEntry("#QSS") { modem, command in
        switch command.kind {
        case .read: modem.inform("#QSS: \(modem.telit.simReport),\(modem.telitSIMState)")
        case .test: modem.inform("#QSS: (0-2)")
        case .set:
          guard let report = command.number(0, 0...2) else { return .error }
          modem.telit.simReport = report
        case .execute, .malformed: return .error
        }
        return .ok
      },
      number("#PSNT", 0...1) {
        $0.telit.technologyReport
      } set: {
        $0.telit.technologyReport = $1
      },
      kept("#SELINT", factory: "2"), kept("#BND", factory: "5,0,524420"),
      kept("#IOTBND", factory: "524420,0,524420"), kept("#AUTOBND", factory: "0"),
      kept("+WS46", factory: "28"), kept("#PORTCFG", factory: "0"), kept("#ENS", factory: "0"),
      kept("#PLMNMODE", factory: "1"), kept("#SIMDET", factory: "2,1"),
      letter("&K", 0...3) { $0.session.flowControl = $1 == 3 ? (2, 2) : (0, 0) },
      letter("&P", 0...1) { _, _ in },
      CommandEntry("#WS46") { modem, command in
        switch command.kind {
        case .read: modem.inform("#WS46: \(modem.stored.number("#ws46", otherwise: 2))")
        case .test: modem.inform("#WS46: (0-3)")
        case .set:
          guard let mode = command.number(0, 0...3) else { return .error }
          modem.counters.flashWrites += 1
          modem.stored.setNumber("#ws46", mode)
        case .execute, .malformed: return .error
        }
        return .ok
      },
    ]
    + [
      shutdown("#SHDN"), shutdown("#SYSHALT"),
      shutdown("#FASTSHDN", isOrderly: false), shutdown("#REBOOT", boots: true),
      // `=1,0` restarts at once; a delay isn't simulated.
      CommandEntry("#ENHRST") { modem, command in
        switch command.kind {
        case .read: modem.inform("#ENHRST: 0")
        case .test: modem.inform("#ENHRST: (0-2),(0-10080)")
        case .set:
          guard let mode = command.number(0, 0...2), command.number(1, 0...0, otherwise: 0) != nil
          else { return .error }
          if mode == 1 { modem.shutDown(isOrderly: true, boots: true) }
        case .execute, .malformed: return .error
        }
        return .ok
      },
      CommandEntry("#CCLK") { modem, command in
        switch command.kind {
        case .read:
          let date = modem.dateText(modem.localTime, fullYear: false)
          let zone = modem.zoneText(modem.clock.zoneQuarters)
          modem.inform("#CCLK: \(quoted: date + zone + Array(",0".utf8))")
        case .test: break
        case .execute, .set, .malformed: return .error
        }
        return .ok
      },
      kept("#CCLKMODE", factory: "0"),
      // <val> 0 to 15, of which an odd one sets the clock; <mode> 1 announces it (general knowledge).
      CommandEntry("#NITZ") { modem, command in
        switch command.kind {
        case .read:
          let values = modem.stored.numbers(Array("#nitz".utf8), otherwise: [0, 0])
          modem.inform("#NITZ: \(values[0]),\(values[1])")
        case .test: modem.inform("#NITZ: (0-15),(0,1)")
        case .set:
          guard let value = command.number(0, 0...15),
            let mode = command.number(1, 0...1, otherwise: 0)
          else { return .error }
          modem.counters.flashWrites += 1
          modem.stored.setNumbers(Array("#nitz".utf8), [value, mode])
          modem.stored.timeZoneUpdate = value & 1
        case .execute, .malformed: return .error
        }
        return .ok
      },
    ]

}

extension SimulatedModem {
  /// AT#QSS's second number: 0 absent, 1 inserted, 2 and its PIN is fine, 3 and its messages read.
  var telitSIMState: Int {
    switch card {
    case .off, .absent: 0
    case .busy, .wantsPIN, .blocked: 1
    case .ready: agenda.contains(.boot(.messagesReady)) ? 2 : 3
    }
  }
}

import Primitives

extension CommandGroup {
  // MARK: - Sierra HL78: identity, settings, power, sleep

  static let sierra: [CommandEntry] = [
    CommandEntry("+KGSN") { modem, command in
      if command.kind == .test { return .ok }
      guard command.number(0, 0...4) != nil else { return .error }
      // 3 is the serial number; the others aren't simulated.
      guard command.number(0, 3...3) != nil else { return .equipmentError(4) }
      modem.inform("+KGSN: X\(modem.personality.imei.suffix(13).map { $0 })")
      return .ok
    },
    cardText("+CCID", answersRead: true) { "+CCID: \($0.sim.iccid)" },
    storedNumber("+KSREP", 0...1, factory: 0),
    number("+KSTATEV", 0...1) {
      $0.sierra.stateReport
    } set: {
      $0.sierra.stateReport = $1
    },
    CommandEntry("+KPATTERN") { modem, command in
      switch command.kind {
      case .read: modem.inform("+KPATTERN: \(quoted: modem.sierra.pattern)")
      case .test: break
      case .set:
        guard let pattern = command.string(0), (1...32).contains(pattern.count) else {
          return .equipmentError(50)
        }
        modem.sierra.pattern = pattern
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+KSRAT", time: .milliseconds(20) ... .milliseconds(90)) { modem, command in
      switch command.kind {
      case .read:
        modem.inform("+KSRAT: \(modem.stored.number("+ksrat"))")
        return .ok
      case .test:
        modem.inform("+KSRAT: (0-3),(0,1)")
        return .ok
      case .set: return modem.selectSierraAccess(command)
      case .execute, .malformed: return .error
      }
    },
    // Written with a 0 in front, which isn't shown: `=0,1,2,3` is read as `1,2,3` (Sierra's FreeRTOS
    // reference; facts: telit-sierra…, HL78).
    CommandEntry("+KSELACQ", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      let entry = kept("+KSELACQ", factory: "0")
      guard command.kind == .read else { return entry.run(&modem, command) }
      let order = modem.stored.configuration(Array("+kselacq")) ?? Array("0")
      let shown = order.starts(with: Array("0,")) ? Array(order.dropFirst(2)) : order
      modem.inform("+KSELACQ: \(shown)")
      return .ok
    },
    kept("+KCARRIERCFG", factory: "0"),
    kept("+KBNDCFG", factory: "0,0002000000000F0F1B9F"), keptExtendedDRX("+KEDRXCFG", factory: "0"),
    kept("+WPPP", factory: "1,1"), kept("+KHWIOCFG", factory: "3,1,6"),
    CommandEntry("+KBND") { modem, command in
      if command.kind == .test { return .ok }
      guard command.kind == .read else { return .error }
      modem.inform("+KBND: \(modem.stored.number("+ksrat")),00000000000000080000")
      return .ok
    },
    // `=1?`: the question stands where a value would.
    CommandEntry("+KCELLMEAS") { modem, command in
      guard let mode = command.text(0), mode.equals("1?") || mode.equals("0?") else {
        return command.kind == .test ? .ok : .error
      }
      guard modem.hasCell else { return .equipmentError(30) }
      let network = modem.network
      modem.inform("+KCELLMEAS: \(network.rsrpDBm),110,-10,-12,\(network.sinr / 5 - 20)")
      return .ok
    },
    // <management>[,<level>[,<delay in s>]]: 0 by the WAKE pin, 1 by itself, 2 never.
    CommandEntry("+KSLEEP", time: .milliseconds(5) ... .milliseconds(30)) { modem, command in
      switch command.kind {
      case .read:
        let sleep = modem.stored.numbers(Array("+ksleep".utf8), otherwise: sierraSleep)
        let tail: ATText = sleep[0] == 2 ? "" : ",\(sleep[1]),\(sleep[2])"
        modem.inform("+KSLEEP: \(sleep[0])\(tail)")
      case .test: modem.inform("+KSLEEP: (0-2),(0-2),(0-99)")
      case .set:
        guard let management = command.number(0, 0...2),
          let level = command.number(1, 0...2, otherwise: 0),
          let delay = command.number(2, 0...99, otherwise: 0)
        else { return .equipmentError(50) }
        modem.counters.flashWrites += 1
        modem.stored.setNumbers(Array("+ksleep".utf8), [management, level, delay])
        modem.startActiveTimer()
      case .execute, .malformed: return .error
      }
      return .ok
    },
    shutdown("+CPOF"),
    // `=1` is the fast one.
    CommandEntry("+CPWROFF") { modem, command in
      guard command.kind == .execute || command.isSet,
        let mode = command.number(0, 0...1, otherwise: 0)
      else { return command.kind == .test ? .ok : .error }
      modem.shutDown(isOrderly: mode == 0)
      return .ok
    },
    kept("+WDSI", factory: "0"),
  ]

  /// AT+KSLEEP's factory values: never (assumed; the unkinder case, since PSM then ends nothing).
  static let sierraSleep = [2, 0, 0]
}

extension SimulatedModem {
  /// Firmware 4.5.4.0 and later want `,1` behind the number. The value that is there already is
  /// an error; another one boots the module anew.
  fileprivate mutating func selectSierraAccess(_ command: ATCommand) -> CommandOutcome {
    guard command.arguments.count == 2, let access = command.number(0, 0...3),
      command.number(1, 1...1) != nil, access != stored.number("+ksrat")
    else { return .error }
    counters.flashWrites += 1
    stored.setNumber("+ksrat", access)
    shutDown(isOrderly: true, boots: true)
    return .ok
  }

  /// Hibernation ends the UART; the lighter levels, and AT+KSLEEP=2, leave it alone.
  var mayHibernate: Bool {
    let sleep = stored.numbers(Array("+ksleep".utf8), otherwise: CommandGroup.sierraSleep)
    return sleep[0] != 2 && sleep[1] == 2
  }
}

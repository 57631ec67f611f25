import Primitives

extension CommandGroup {
  // MARK: - Fibocom L610: identity, settings, power

  static let fibocom: [CommandEntry] = [
    CommandEntry("I") { modem, _ in
      let personality = modem.personality
      modem.inform(ATText(bytes: personality.maker))
      modem.inform(ATText(bytes: personality.model))
      modem.inform(ATText(bytes: personality.revision))
      return .ok
    },
    CommandEntry("+GTPKGVER") { modem, command in
      if command.kind == .test { return .ok }
      guard command.kind == .read else { return .error }
      modem.inform("+GTPKGVER: \(quoted: modem.personality.applicationVersion)")
      return .ok
    },
    cardText("+CCID", answersRead: true) { "+CCID: \($0.sim.iccid)" },
    // UNVERIFIED in the facts: by the seed.
    onOddFirmware(0, cardText("+ICCID", answersRead: true) { "+ICCID: \($0.sim.iccid)" }),
    // The question mark isn't standard, and is answered (RT-Thread's driver sends it).
    CommandEntry("+CSQ") { modem, command in
      switch command.kind {
      case .execute, .read:
        modem.inform(modem.hasCell ? "+CSQ: \(modem.network.rssi),99" : "+CSQ: 99,99")
      case .test: modem.inform("+CSQ: (0-31,99),(0-7,99)")
      case .set, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+GTRAT", time: .milliseconds(20) ... .milliseconds(90)) { modem, command in
      switch command.kind {
      case .read:
        modem.inform("+GTRAT: \(modem.stored.configuration(gtratKey) ?? Array("10,3,0".utf8))")
        return .ok
      case .test:
        modem.inform("+GTRAT: (0,3,10),(0,3),(0,3)")
        return .ok
      case .set:
        let choices: [StaticString] = ["0", "3", "10", "10,3", "10,3,0", "10,0,3"]
        let text = command.argumentText
        guard choices.contains(where: { text.equals($0) }) else { return .equipmentError(50) }
        modem.counters.flashWrites += 1
        modem.stored.setConfiguration(gtratKey, text)
        modem.searchSettingsChanged()
        return .ok
      case .execute, .malformed: return .error
      }
    },
    function([0, 1, 4], restarts: [15]),
    shutdown("+CPWROFF"),
    kept("+GTBANDSEL", factory: "0"), kept("+GTRNDIS", factory: "0,1"),
    CommandEntry("+GTSET") { modem, command in
      if command.kind == .test { return .ok }
      guard let key = command.string(0)?.uppercased, key.equals("IPRFMT"),
        let format = command.number(1, 0...5), [0, 1, 2, 5].contains(format)
      else { return .equipmentError(50) }
      modem.fibocom.dataFormat = format
      return .ok
    },
    // =1,2 allows the UART to sleep after ATS24's time, =0,2 forbids it.
    CommandEntry("+GTWAKE") { modem, command in
      switch command.kind {
      case .read: modem.inform("+GTWAKE: \(modem.fibocom.wakeMode.0),\(modem.fibocom.wakeMode.1)")
      case .test: modem.inform("+GTWAKE: (0,1),(0-2)")
      case .set:
        guard let mode = command.number(0, 0...1), let kind = command.number(1, 0...2) else {
          return .equipmentError(50)
        }
        modem.fibocom.wakeMode = (mode, kind)
      case .execute, .malformed: return .error
      }
      return .ok
    },
    // ATS24: kept and read back; the UART's light sleep itself isn't simulated.
    CommandEntry("S") { modem, command in
      guard command.number(0, 24...24) != nil else { return standardRegister.run(&modem, command) }
      if command.arguments.count == 1 {
        modem.inform("\(modem.fibocom.idleSeconds)")
        return .ok
      }
      guard let seconds = command.number(1, 0...255) else { return .error }
      modem.fibocom.idleSeconds = seconds
      return .ok
    },
  ]

  private static let gtratKey = Array("+gtrat".utf8)
  private static let standardRegister = entry("S", in: general)
}

import Primitives

extension CommandGroup {
  // MARK: - SIMCom: who it is, and how it is switched off

  /// SIM800, SIM7000 and SIM7080: bare ICCID, `Revision:` without a blank, AT+CPOWD.
  static let simcomIdentity: [CommandEntry] = [
    CommandEntry("I") { modem, _ in
      // `SIM800 R14.18`, `SIM7080 R1951`: model and the first digits of the firmware's name.
      modem.inform(ATText(bytes: modem.personality.applicationVersion))
      return .ok
    },
    text("+CGMR") { "Revision:\($0.personality.revision)" },
    text("+GMR") { "Revision:\($0.personality.revision)" },
    text("+GSV") { "SIMCOM_Ltd\r\n\($0.personality.model)\r\nRevision:\($0.personality.revision)" },
    iccid("+CCID", answer: ""),
    CommandEntry("+CPOWD") { modem, command in
      guard command.isSet, let mode = command.number(0, 0...1) else { return .error }
      return modem.powerDown(isOrderly: mode == 1)
    },
  ]

  /// SIM7600 and A7670: a page of names, `+ICCID:`, AT+CPOF.
  static let simcomCat1Identity: [CommandEntry] = [
    CommandEntry("I") { modem, _ in
      modem.informIdentity()
      modem.inform("+GCAP: +CGSM")
      return .ok
    },
    CommandEntry("+SIMCOMATI") { modem, command in
      guard command.kind == .execute else { return command.kind == .test ? .ok : .error }
      modem.informIdentity()
      return .ok
    },
    text("+CGMR") { "+CGMR: \($0.personality.revision)" },
    text("+GMR") { "+GMR: \($0.personality.revision)" },
    iccid("+CICCID", answer: "+ICCID: "),
    iccid("+ICCID", answer: "+ICCID: "),
    text("+CBC") { _ in "+CBC: 3.800V" },
  ]
}

extension SimulatedModem {
  fileprivate mutating func informIdentity() {
    inform("Manufacturer: \(personality.maker)")
    inform("Model: \(personality.model)")
    inform("Revision: \(personality.revision)")
    inform("IMEI: \(personality.imei)")
  }
}

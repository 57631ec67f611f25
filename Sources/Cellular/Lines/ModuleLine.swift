import Primitives

/// The card, the attachment, the module's state, its line and its battery.
enum ModuleLine {
  /// `+CPIN: <code>`, TS 27.007 §8.3.
  static func sim(_ state: [UInt8]) -> LineMeaning? {
    if state.isEmpty { return nil }
    let sentence: String
    if state.equals("READY") {
      sentence = "the card is ready"
    } else if state.equals("NOT INSERTED") {
      sentence = "there is no card"
    } else if state.equals("NOT READY") {
      sentence = "the card isn't ready"
    } else if state.hasPrefix("SIM P") {
      sentence = "the card wants its \(state.dropFirst(4).printable)"
    } else {
      sentence = "the card or the module is locked: \(state.printable)"
    }
    return LineMeaning(.sim, fields: [LineField("state", .text(state))], sentence: sentence)
  }

  /// `+CGATT: <state>`, TS 27.007 §10.1.9.
  static func attach(_ values: ParameterList) -> LineMeaning? {
    guard let state = values.integer(0) else { return nil }
    return LineMeaning(
      .attach, fields: [LineField("isAttached", .flag(state == 1))],
      sentence: state == 1
        ? "attached to the packet service" : "not attached to the packet service")
  }

  /// `+CFUN: <fun>`, TS 27.007 §8.2.
  static func functionality(_ values: ParameterList) -> LineMeaning? {
    guard let level = values.integer(0) else { return nil }
    let sentence =
      switch level {
      case 0: "minimum: radio and card off"
      case 1: "full"
      case 2: "transmitter off"
      case 3: "receiver off"
      case 4: "flight mode: radio off"
      default: "the maker's own level \(level)"
      }
    return LineMeaning(
      .functionality, fields: [LineField("level", .number(Int64(level)))], sentence: sentence)
  }

  /// `+IFC: <by the host>,<by the modem>`, V.250 §6.2.12.
  static func flowControl(_ values: ParameterList) -> LineMeaning? {
    guard let host = values.integer(0) else { return nil }
    let modem = values.integer(1) ?? host
    return LineMeaning(
      .flowControl,
      fields: [
        LineField("byHost", .text(Array(flowText(host).utf8))),
        LineField("byModem", .text(Array(flowText(modem).utf8))),
      ],
      sentence: "the host holds the modem with \(flowText(host)), the modem the host with "
        + flowText(modem))
  }

  private static func flowText(_ code: Int) -> String {
    switch code {
    case 0: "none"
    case 1: "xon-xoff"
    case 2: "rts-cts"
    default: "method \(code)"
    }
  }

  /// `+CBC: <bcs>,<bcl>[,<millivolts>]`, TS 27.007 §8.4; the voltage is the makers'.
  static func battery(_ values: ParameterList) -> LineMeaning? {
    guard let status = values.integer(0) else { return nil }
    var meaning = LineMeaning(
      .battery, fields: [LineField("status", .number(Int64(status)))], sentence: "")
    switch status {
    case 0: meaning.say("runs from the battery")
    case 1: meaning.say("a battery is there, but isn't used")
    case 2: meaning.say("no battery")
    default: meaning.say("status \(status)")
    }
    if let percent = values.integer(1) {
      meaning.append("percent", percent)
      meaning.say("\(percent) %")
    }
    if let millivolts = values.integer(2) {
      meaning.append("millivolts", millivolts)
      meaning.say("\(millivolts) mV")
    }
    return meaning
  }

  /// `+CSCON: <mode>` or, read, `+CSCON: <n>,<mode>`, TS 27.007 §10.1.30.
  static func connection(_ line: NamedLine, _ context: LineContext) -> LineMeaning? {
    let isRead =
      line.values.count >= 2
      && (context.outstanding == nil || context.command(named: line.name)?.form == .read)
    guard let mode = line.values.integer(isRead ? 1 : 0) else { return nil }
    return LineMeaning(
      .connection, form: isRead ? .readAnswer : .urc,
      fields: [LineField("isConnected", .flag(mode == 1))],
      sentence: mode == 1 ? "the radio is connected" : "the radio is idle")
  }
}

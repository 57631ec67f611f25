import Primitives

/// `+CREG`, `+CGREG`, `+CEREG`, `+C5GREG`. TS 27.007 §7.2, §10.1.20, §10.1.22, §10.1.47.
enum RegistrationLine {
  enum Domain {
    case circuit, packet, eps, fiveG

    var text: StaticString {
      switch self {
      case .circuit: "cs"
      case .packet: "ps"
      case .eps: "eps"
      case .fiveG: "5gs"
      }
    }
  }

  static func meaning(
    _ line: NamedLine, _ domain: Domain, _ context: LineContext
  ) -> LineMeaning? {
    let values = line.values
    let isRead = isReadAnswer(line, context)
    let start = isRead ? 1 : 0
    guard let stat = values.integer(start) else { return nil }
    var meaning = LineMeaning(
      .registration, form: isRead ? .readAnswer : .urc,
      fields: [LineField("domain", .text([UInt8](domain.text)))], sentence: statusText(stat))
    if isRead { meaning.append("n", values.integer(0)) }
    meaning.append("stat", stat)
    let places = RegistrationPlaces(values, from: start, isPacket: domain == .packet)
    if let area = hexadecimal(values.text(places.area)) {
      meaning.append("tac", .number(area))
      meaning.say("tracking area \(values.text(places.area).printable)")
    }
    if let cell = hexadecimal(values.text(places.cell)) {
      meaning.append("ci", .number(cell))
      meaning.say("cell \(values.text(places.cell).printable)")
    }
    if let code = values.integer(places.technology), let technology = AccessTechnology(code: code) {
      meaning.append("act", code)
      meaning.say(technology.text)
    }
    addCause(values, at: places.cause, &meaning)
    addTimers(values, at: places.cause + 2, &meaning)
    return meaning
  }

  /// One value only is a URC, and so is a second one that is empty, quoted, or longer than any
  /// status: there the tracking area stands. What is left is told apart by what was sent; where
  /// nothing is known of that, it is taken for an answer.
  private static func isReadAnswer(_ line: NamedLine, _ context: LineContext) -> Bool {
    let values = line.values
    guard values.count >= 2, let mode = values.integer(0), (0...5).contains(mode),
      !values.isQuoted(1), values.integer(1) != nil, values.text(1).count <= 2
    else { return false }
    guard context.outstanding != nil else { return true }
    return context.command(named: line.name)?.form == .read
  }

  private static func addCause(_ values: ParameterList, at index: Int, _ meaning: inout LineMeaning)
  {
    guard let type = values.integer(index), let code = values.integer(index + 1) else { return }
    meaning.append("causeType", type)
    meaning.append("rejectCause", code)
    // Type 0 is a cause of the standard; others are the maker's own.
    if type == 0, let cause = RejectCause(code: code) {
      meaning.append("rejectCauseText", text: Array(cause.text.utf8))
      meaning.say("refused: \(cause.text)")
    } else {
      meaning.say("refused: the maker's own cause \(code)")
    }
  }

  private static func addTimers(
    _ values: ParameterList, at index: Int, _ meaning: inout LineMeaning
  ) {
    if let octet = TimerOctet(bits: values.text(index)) {
      let active = ActiveTime(octet).duration
      meaning.append("activeTimeSeconds", active.map { .number($0.wholeSeconds) } ?? LineValue.none)
      meaning.say(active.map { "active time \($0.text)" } ?? "no power saving mode granted")
    }
    if let octet = TimerOctet(bits: values.text(index + 1)) {
      let periodic = PeriodicTAU(octet).duration
      meaning.append(
        "periodicTauSeconds", periodic.map { .number($0.wholeSeconds) } ?? LineValue.none)
      meaning.say(periodic.map { "periodic update every \($0.text)" })
    }
  }

  private static func statusText(_ stat: Int) -> String {
    if stat == RegistrationStatus.lostForTheMoment { return "the network is lost for the moment" }
    return RegistrationStatus(code: stat)?.text ?? "status \(stat)"
  }

  /// At most 10 digits: a cell of 5G has 36 bits.
  private static func hexadecimal(_ digits: [UInt8]) -> Int64? {
    guard (1...10).contains(digits.count) else { return nil }
    var value: Int64 = 0
    for digit in digits {
      guard let nibble = digit.hexDigitValue else { return nil }
      value = value << 4 | Int64(nibble)
    }
    return value
  }
}

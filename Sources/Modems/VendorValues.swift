import Cellular
import Primitives

/// The makers' own lines that say what a standard's line says too: signal, timers, clock, card.
enum VendorValues {
  static func meaning(of line: NamedLine) -> LineMeaning? {
    guard let reader = readers.first(where: { line.isNamed($0.name) }) else { return nil }
    return reader.read(line.values)
  }

  private struct Reader: Sendable {
    let name: StaticString
    let read: @Sendable (ParameterList) -> LineMeaning?
  }

  private static let readers: [Reader] = [
    Reader(name: "+QCSQ") { signal($0) },
    Reader(name: "+QPSMS") { grantedTimers($0, periodic: 3, active: 4) },
    Reader(name: "+QPSMTIMER") { grantedTimers($0, periodic: 0, active: 1) },
    Reader(name: "#PSMURC") { grantedTimers($0, periodic: 1, active: 0) },
    Reader(name: "+UCPSMS") { grantedOctets($0) },
    Reader(name: "+QIOPEN") { opened($0) },
    Reader(name: "+QLTS") { ClockLine.clock($0.text(0)) },
    Reader(name: "+QIACT") { context($0) },
    Reader(name: "+QSIMSTAT") { card($0, at: 1) },
    Reader(name: "#QSS") { card($0, at: $0.count - 1) },
    Reader(name: "^SCKS") { card($0, at: $0.count - 1) },
    Reader(name: "+QCCID") { IdentityLine.iccid($0.text(0)) },
    Reader(name: "+ICCID") { IdentityLine.iccid($0.text(0)) },
    Reader(name: "#CCID") { IdentityLine.iccid($0.text(0)) },
    Reader(name: "+SQNCCID") { IdentityLine.iccid($0.text(0)) },
  ]

  /// Quectel `+QCSQ: "<technology>",<rssi>,<rsrp>,<sinr>,<rsrq>`; SINR is in fifths of a dB above
  /// -20 dB. BG96 AT manual V2.2 §6.4.
  private static func signal(_ values: ParameterList) -> LineMeaning? {
    let technology = values.text(0)
    var meaning = LineMeaning(
      .signal, fields: [LineField("technology", .text(technology))],
      sentence: technology.equals("NOSERVICE") ? "no service" : technology.printable)
    let isLTE =
      technology.hasPrefix("CAT") || technology.equals("eMTC") || technology.equals("NBIoT")
      || technology.equals("LTE")
    add("rssiDBm", "signal", values.signed(1), &meaning)
    guard isLTE else { return meaning }
    add("rsrpDBm", "RSRP", values.signed(2), &meaning)
    add("rsrqDB", "RSRQ", values.signed(4), &meaning)
    if let code = values.integer(3), (0...250).contains(code),
      let ratio = DecimalNumber(mantissa: Int64(code * 2 - 200), exponent: -1)?.normalized
    {
      meaning.fields.append(LineField("sinrDB", .decimal(ratio)))
      meaning.sentence += ", SINR \(ratio.text) dB"
    }
    return meaning
  }

  private static func add(
    _ name: StaticString, _ word: String, _ value: Int?, _ meaning: inout LineMeaning
  ) {
    guard let value else { return }
    meaning.fields.append(LineField(name, .number(Int64(value))))
    meaning.sentence += ", \(word) \(value)"
  }

  /// Seconds that the network granted.
  private static func grantedTimers(
    _ values: ParameterList, periodic: Int, active: Int
  ) -> LineMeaning? {
    guard values.has(periodic) || values.has(active) else { return nil }
    return granted(
      periodic: values.integer(periodic).map { .seconds($0) },
      active: values.integer(active).map { .seconds($0) })
  }

  /// u-blox `+UCPSMS: 1,,,"<periodic>","<active>"`.
  private static func grantedOctets(_ values: ParameterList) -> LineMeaning? {
    let periodic = TimerOctet(bits: values.text(3)).flatMap { PeriodicTAU($0).duration }
    let active = TimerOctet(bits: values.text(4)).flatMap { ActiveTime($0).duration }
    return granted(periodic: periodic, active: active)
  }

  private static func granted(periodic: Duration?, active: Duration?) -> LineMeaning {
    var meaning = LineMeaning(.psm, sentence: "power saving mode as the network granted it")
    if let periodic {
      meaning.fields.append(LineField("periodicTauSeconds", .number(periodic.wholeSeconds)))
      meaning.sentence += ", periodic update every \(periodic.text)"
    }
    if let active {
      meaning.fields.append(LineField("activeTimeSeconds", .number(active.wholeSeconds)))
      meaning.sentence += ", active time \(active.text)"
    }
    return meaning
  }

  /// Quectel `+QIOPEN: <socket>,<error>`.
  private static func opened(_ values: ParameterList) -> LineMeaning? {
    guard let socket = values.integer(0), let error = values.integer(1) else { return nil }
    let words = socketErrors.first { $0.code == error }?.words ?? "the maker's own code"
    return LineMeaning(
      .vendor, form: .urc,
      fields: [
        LineField("maker", .text(Array("Quectel".utf8))),
        LineField("event", .text(Array("socket opened".utf8))),
        LineField("socket", .number(Int64(socket))), LineField("error", .number(Int64(error))),
      ],
      sentence: error == 0
        ? "socket \(socket) is open"
        : "socket \(socket) wasn't opened: \([UInt8](words).printable) (\(error))")
  }

  /// TCP/IP application note V1.1, summary of error codes.
  private static let socketErrors: [(code: Int, words: StaticString)] = [
    (550, "unknown error"), (551, "operation blocked"), (552, "invalid parameters"),
    (553, "memory not enough"), (554, "no socket created"), (555, "not supported"),
    (556, "bind failed"), (557, "listen failed"), (558, "write failed"), (559, "read failed"),
    (560, "accept failed"), (561, "the context couldn't be opened"),
    (562, "the context couldn't be closed"), (563, "the socket number is in use"),
    (564, "name look-up busy"), (565, "the name wasn't found"), (566, "connection failed"),
    (567, "connection closed"), (568, "busy"), (569, "no answer in time"),
    (570, "the context is gone"), (571, "sending cancelled"), (572, "not allowed"),
    (573, "no APN set"), (574, "port busy"),
  ]

  /// Quectel `+QIACT: <context>,<state>,<type>,"<address>"`.
  private static func context(_ values: ParameterList) -> LineMeaning? {
    guard let cid = values.integer(0), let state = values.integer(1) else { return nil }
    var meaning = LineMeaning(
      .context,
      fields: [LineField("cid", .number(Int64(cid))), LineField("isActive", .flag(state == 1))],
      sentence: "context \(cid) is \(state == 1 ? "active" : "not active")")
    if values.has(3) {
      meaning.fields.append(LineField("address", .text(values.text(3))))
      meaning.sentence += ", address \(values.text(3).printable)"
    }
    return meaning
  }

  /// 0 is out everywhere; what other numbers add differs.
  private static func card(_ values: ParameterList, at index: Int) -> LineMeaning? {
    guard let state = values.integer(index) else { return nil }
    return LineMeaning(
      .sim, fields: [LineField("state", .number(Int64(state)))],
      sentence: state == 0 ? "there is no card" : "there is a card, state \(state)")
  }
}

import Primitives

/// The lines that the standards define. TS 27.007, TS 27.005, V.250.
public enum StandardLine {
  /// - Returns: nil for a line that no standard knows.
  public static func meaning(of line: [UInt8], in context: LineContext) -> LineMeaning? {
    guard let named = NamedLine(line) else { return bare(line, context) }
    guard let reader = readers.first(where: { named.isNamed($0.name) }) else { return nil }
    if named.rest.first == UInt8(ascii: "("), !named.isNamed("+COPS") {
      return LineMeaning(reader.kind, form: .testAnswer, sentence: "the values that it can have")
    }
    return reader.read(named, context)
  }

  private struct Reader: Sendable {
    let name: StaticString
    let kind: LineKind
    let read: @Sendable (NamedLine, LineContext) -> LineMeaning?
  }

  private static let readers: [Reader] = [
    Reader(name: "+CEREG", kind: .registration) { RegistrationLine.meaning($0, .eps, $1) },
    Reader(name: "+CGREG", kind: .registration) { RegistrationLine.meaning($0, .packet, $1) },
    Reader(name: "+CREG", kind: .registration) { RegistrationLine.meaning($0, .circuit, $1) },
    Reader(name: "+C5GREG", kind: .registration) { RegistrationLine.meaning($0, .fiveG, $1) },
    Reader(name: "+CSQ", kind: .signal) { line, _ in SignalLine.csq(line.values) },
    Reader(name: "+CESQ", kind: .signal) { line, _ in SignalLine.cesq(line.values) },
    Reader(name: "+COPS", kind: .operators) { line, _ in OperatorLine.meaning(line) },
    Reader(name: "+CGDCONT", kind: .context) { line, _ in ContextLine.definition(line.values) },
    Reader(name: "+CGPADDR", kind: .context) { line, _ in ContextLine.address(line.values) },
    Reader(name: "+CGACT", kind: .context) { line, _ in ContextLine.activation(line.values) },
    Reader(name: "+CGCONTRDP", kind: .dynamicContext) { line, _ in
      ContextLine.dynamic(line.values)
    },
    Reader(name: "+CGEV", kind: .context) { line, _ in ContextLine.event(line.rest) },
    Reader(name: "+CPSMS", kind: .psm) { line, _ in PowerSavingLine.requested(line.values) },
    Reader(name: "+CEDRXS", kind: .edrx) { line, _ in PowerSavingLine.edrx(line.values, nil) },
    Reader(name: "+CEDRXP", kind: .edrx) { line, _ in PowerSavingLine.edrx(line.values, .urc) },
    Reader(name: "+CEDRXRDP", kind: .edrx) { line, _ in PowerSavingLine.edrx(line.values, nil) },
    Reader(name: "+CCLK", kind: .clock) { line, _ in ClockLine.clock(line.values.text(0)) },
    Reader(name: "+CTZV", kind: .clock) { line, _ in ClockLine.zone(line.values.text(0)) },
    Reader(name: "+CTZE", kind: .clock) { line, _ in ClockLine.zoneAndTime(line.values) },
    Reader(name: "+CTZEU", kind: .clock) { line, _ in ClockLine.zoneAndUniversalTime(line.values) },
    Reader(name: "+CME ERROR", kind: .error) { line, _ in ErrorLine.equipment(line.rest) },
    Reader(name: "+CMS ERROR", kind: .error) { line, _ in ErrorLine.message(line.rest) },
    Reader(name: "+CPIN", kind: .sim) { line, _ in ModuleLine.sim(line.rest) },
    Reader(name: "+CGATT", kind: .attach) { line, _ in ModuleLine.attach(line.values) },
    Reader(name: "+CFUN", kind: .functionality) { line, _ in ModuleLine.functionality(line.values)
    },
    Reader(name: "+IFC", kind: .flowControl) { line, _ in ModuleLine.flowControl(line.values) },
    Reader(name: "+CBC", kind: .battery) { line, _ in ModuleLine.battery(line.values) },
    Reader(name: "+CSCON", kind: .connection) { ModuleLine.connection($0, $1) },
    Reader(name: "+CMTI", kind: .message) { line, _ in MessageLine.stored(line.values) },
    Reader(name: "+CDSI", kind: .message) { line, _ in MessageLine.storedReport(line.values) },
    Reader(name: "+CMT", kind: .message) { _, _ in MessageLine.direct("a message") },
    Reader(name: "+CDS", kind: .message) { _, _ in MessageLine.direct("a status report") },
    Reader(name: "+CBM", kind: .message) { _, _ in MessageLine.direct("a cell broadcast") },
    Reader(name: "+CMGR", kind: .message) { _, _ in MessageLine.direct("a stored message") },
    Reader(name: "+CMGL", kind: .message) { line, _ in MessageLine.listed(line.values) },
    Reader(name: "+CMGS", kind: .message) { line, _ in MessageLine.sent(line.values) },
    Reader(name: "+CGSN", kind: .identity) { line, _ in IdentityLine.imei(line.values.text(0)) },
    Reader(name: "+CCID", kind: .identity) { line, _ in IdentityLine.iccid(line.values.text(0)) },
  ]

  private static func bare(_ line: [UInt8], _ context: LineContext) -> LineMeaning? {
    if line.equals("ERROR") {
      return LineMeaning(
        .error,
        fields: [
          LineField("domain", .text(Array("at".utf8))),
          LineField("meaning", .text(Array("the command failed".utf8))),
        ],
        sentence: "the command failed; AT+CMEE=1 has the modem say why")
    }
    return IdentityLine.meaning(of: line, in: context)
  }
}

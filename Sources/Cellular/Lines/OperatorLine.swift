import Primitives

/// `+COPS`, read and scan. TS 27.007 §7.3.
public enum OperatorLine {
  /// Most operators taken from one scan.
  static let limit = 64

  /// The operators of an answer to `AT+COPS=?` that may be chosen, in the module's order, each once:
  /// those that it doesn't call forbidden.
  public static func available(in line: [UInt8]) -> [PLMN] {
    var found: [PLMN] = []
    for group in groups(in: line) where found.count < limit {
      let values = ParameterList([UInt8(ascii: ":")] + group)
      guard let stat = values.integer(0), stat != 3, let plmn = PLMN(values.text(3)),
        !found.contains(plmn)
      else { continue }
      found.append(plmn)
    }
    return found
  }

  static func meaning(_ line: NamedLine) -> LineMeaning? {
    // A scan that found nothing begins with commas.
    let isScan = line.rest.first == UInt8(ascii: "(") || line.rest.first == UInt8(ascii: ",")
    return isScan ? scan(line.rest) : current(line.values)
  }

  private static func current(_ values: ParameterList) -> LineMeaning? {
    guard let mode = values.integer(0) else { return nil }
    var meaning = LineMeaning(
      .operators, form: .readAnswer, fields: [LineField("mode", .number(Int64(mode)))],
      sentence: modeText(mode))
    var fields: [LineField] = []
    if values.has(2) {
      let name = values.text(2)
      fields.append(LineField("stat", .number(2)))
      fields.append(LineField(formatName(values.integer(1)), .text(name)))
      meaning.say("on \(name.printable)")
    } else {
      meaning.say("no operator")
    }
    if let code = values.integer(3), let technology = AccessTechnology(code: code) {
      fields.append(LineField("act", .number(Int64(code))))
      meaning.say(technology.text)
    }
    meaning.append("operators", .objects(fields.isEmpty ? [] : [fields]))
    return meaning
  }

  private static func scan(_ text: [UInt8]) -> LineMeaning {
    var operators: [[LineField]] = []
    var names: [[UInt8]] = []
    for group in groups(in: text) where operators.count < limit {
      let values = ParameterList([UInt8(ascii: ":")] + group)
      // Behind the operators stand the modes and formats: numbers alone.
      guard let stat = values.integer(0), values.count >= 4,
        values.isQuoted(3) || values.isQuoted(1)
      else { continue }
      var fields = [LineField("stat", .number(Int64(stat)))]
      for (index, name) in zip(1...3, ["long", "short", "numeric"] as [StaticString]) {
        if values.has(index) { fields.append(LineField(name, .text(values.text(index)))) }
      }
      if let code = values.integer(4) { fields.append(LineField("act", .number(Int64(code)))) }
      operators.append(fields)
      names.append((values.has(1) ? values.text(1) : values.text(3)) + statText(stat))
    }
    return LineMeaning(
      .operators, form: .testAnswer, fields: [LineField("operators", .objects(operators))],
      sentence: names.isEmpty ? "no operator found" : names.listed(lastSeparator: ", "))
  }

  /// What stands in parentheses; those inside quotes are part of a name.
  private static func groups(in text: [UInt8]) -> [[UInt8]] {
    var groups: [[UInt8]] = []
    var group: [UInt8]?
    var isInside = false
    for byte in text {
      if byte == UInt8(ascii: "\"") { isInside.toggle() }
      if !isInside, byte == UInt8(ascii: "(") {
        group = []
      } else if !isInside, byte == UInt8(ascii: ")") {
        if let group { groups.append(group) }
        group = nil
      } else {
        group?.append(byte)
      }
    }
    return groups
  }

  private static func formatName(_ format: Int?) -> StaticString {
    switch format {
    case 0: "long"
    case 1: "short"
    default: "numeric"
    }
  }

  private static func modeText(_ mode: Int) -> String {
    switch mode {
    case 0: "chosen automatically"
    case 1: "chosen by hand"
    case 2: "deregistered"
    case 4: "chosen by hand, else automatically"
    default: "mode \(mode)"
    }
  }

  private static func statText(_ stat: Int) -> [UInt8] {
    switch stat {
    case 1: Array(" (available)".utf8)
    case 2: Array(" (current)".utf8)
    case 3: Array(" (forbidden)".utf8)
    default: []
    }
  }
}

import Primitives

/// What announces SMS. TS 27.005 §3.4.1, §3.5.1. The texts themselves are not shown.
public enum MessageLine {
  /// `+CMTI: "<memory>",<index>`
  static func stored(_ values: ParameterList) -> LineMeaning? {
    storage(values, "a message has arrived")
  }

  /// `+CDSI: "<memory>",<index>`
  static func storedReport(_ values: ParameterList) -> LineMeaning? {
    storage(values, "a status report has arrived")
  }

  private static func storage(_ values: ParameterList, _ event: String) -> LineMeaning? {
    guard let index = values.integer(1) else { return nil }
    return LineMeaning(
      .message, form: .urc,
      fields: [
        LineField("memory", .text(values.text(0))), LineField("index", .number(Int64(index))),
      ],
      sentence: "\(event), in memory \(values.text(0).printable) at \(index)")
  }

  /// `+CMT`, `+CDS`, `+CBM`, `+CMGR`: the next line is the message (see `isFollowedByText`).
  static func direct(_ what: String) -> LineMeaning {
    LineMeaning(.message, sentence: "\(what) follows")
  }

  static func listed(_ values: ParameterList) -> LineMeaning? {
    guard let index = values.integer(0) else { return nil }
    return LineMeaning(
      .message, form: .readAnswer, fields: [LineField("index", .number(Int64(index)))],
      sentence: "message \(index) follows")
  }

  static func sent(_ values: ParameterList) -> LineMeaning? {
    guard let reference = values.integer(0) else { return nil }
    return LineMeaning(
      .message, fields: [LineField("reference", .number(Int64(reference)))],
      sentence: "sent, reference \(reference)")
  }

  /// Whether the line behind this one is a message, whatever it looks like.
  public static func isFollowedByText(_ line: [UInt8]) -> Bool {
    guard let named = NamedLine(line) else { return false }
    // In text mode a status report is one line, of many values.
    if named.isNamed("+CDS") { return named.values.count == 1 }
    let names: [StaticString] = ["+CMT", "+CBM", "+CMGR", "+CMGL"]
    return names.contains { named.isNamed($0) }
  }

  /// The line behind such a one.
  public static func text(_ line: [UInt8]) -> LineMeaning {
    LineMeaning(
      .message, fields: [LineField("textBytes", .number(Int64(line.count)))],
      sentence: "the message itself")
  }
}

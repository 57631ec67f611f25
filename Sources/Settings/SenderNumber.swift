import Primitives

/// A number, or a name, from which messages come (TS 23.040 §9.1.2.5). It proves nothing.
public struct SenderNumber: Equatable, Sendable {
  /// As it was written.
  public let bytes: [UInt8]

  public init(_ text: [UInt8]) throws(ValueProblem) {
    let digits = text.first == UInt8(ascii: "+") ? text.dropFirst() : text[...]
    let isNumber = (1...20).contains(digits.count) && digits.allSatisfy { $0.isASCIIDigit }
    let isName =
      (1...11).contains(text.count) && text.allSatisfy { $0.isASCIIDigit || $0.isASCIILetter }
    guard isNumber || isName else { throw .number }
    bytes = text
  }

  /// Whether a message's sender is this one: `+49…`, `0049…` and `49…` are the same number.
  public func covers(_ sender: [UInt8]) -> Bool { Self.digits(bytes) == Self.digits(sender) }

  private static func digits(_ number: [UInt8]) -> ArraySlice<UInt8> {
    if number.first == UInt8(ascii: "+") { return number.dropFirst() }
    return number.hasPrefix("00") ? number.dropFirst(2) : number[...]
  }
}

/// Who gets the answers to commands.
public enum AnswerTarget: Equatable, Sendable {
  case sender, nobody
  case number(SenderNumber)
}

/// What stands in a text of another maker's dialect where its password belongs: 4 to 50 bytes, and
/// with one blank between a login and its password.
public struct DialectPassword: Equatable, Sendable {
  public let bytes: [UInt8]

  public init(_ text: [UInt8]) throws(ValueProblem) {
    try Self.rule.check(text)
    let blanks = text.count { $0 == 0x20 }
    if blanks > 1 || text.first == 0x20 || text.last == 0x20 {
      throw .byte(
        0x20, position: 1 + (text.lastIndex(of: 0x20) ?? 0), allowed: Array("one blank inside"))
    }
    bytes = text
  }

  static let rule = TextRule(
    lengths: 4...50, allowed: "letters, digits, '-', '_', '.' and one blank between"
  ) {
    $0.isASCIILetter || $0.isASCIIDigit || $0.isOne(of: "-_. ")
  }
}

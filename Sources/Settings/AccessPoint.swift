import Primitives

/// An access point name that is safe inside a quoted AT string (TS 23.003 §9.1): dotted labels of
/// letters, digits and inner hyphens, 63 bytes each, 99 together (100 as coded, length bytes
/// included), none of the forms that the operators keep for themselves.
public struct AccessPoint: Equatable, Sendable {
  public let bytes: [UInt8]

  init(trusted: StaticString) { bytes = Array(trusted) }

  public init(_ text: [UInt8]) throws(ValueProblem) {
    try Self.rule.check(text)
    let labels = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    for label in labels {
      guard (1...63).contains(label.count), label.first != UInt8(ascii: "-"),
        label.last != UInt8(ascii: "-")
      else { throw .accessPointLabel }
    }
    var lower: [UInt8] = []
    for byte in text { lower.append(byte.isASCIILetter ? byte | 0x20 : byte) }
    let isReserved =
      lower.hasPrefix("rac") || lower.hasPrefix("lac") || lower.hasPrefix("sgsn")
      || lower.hasPrefix("rnc") || lower.suffix(5).equals(".gprs")
    if isReserved { throw .operatorSuffix }
    bytes = text
  }

  static let rule = TextRule(lengths: 1...99, allowed: "letters, digits, '-' and '.'") {
    $0.isASCIILetter || $0.isASCIIDigit || $0.isOne(of: "-.")
  }
}

import Primitives

/// What the text of a setting may be: its length and its bytes.
struct TextRule: Sendable {
  let lengths: ClosedRange<Int>
  /// The bytes that `contains` allows, as a person says it.
  let allowed: StaticString
  let contains: @Sendable (UInt8) -> Bool

  func check(_ text: [UInt8]) throws(ValueProblem) {
    if text.isEmpty { throw .empty }
    for (offset, byte) in text.enumerated() where !contains(byte) {
      throw .byte(byte, position: offset + 1, allowed: Array(allowed))
    }
    guard lengths.contains(text.count) else { throw .length(text.count, allowed: lengths) }
  }

  var shape: String {
    "\(lengths.lowerBound) to \(lengths.upperBound) of \(String(decoding: Array(allowed), as: UTF8.self))"
  }
}

/// The device's name in reports: 1 to 32 letters, digits, `-`, `.` and `_`. SenML names begin with
/// it, and so with a letter or a digit (RFC 8428 §4.5.1).
public struct DeviceLabel: Equatable, Sendable {
  public let bytes: [UInt8]

  init(trusted: StaticString) { bytes = Array(trusted) }

  public init(_ text: [UInt8]) throws(ValueProblem) {
    try Self.rule.check(text)
    guard text[0].isASCIILetter || text[0].isASCIIDigit else { throw .beginning(text[0]) }
    bytes = text
  }

  static let rule = TextRule(lengths: 1...32, allowed: "letters, digits, '-', '.' and '_'") {
    $0.isASCIILetter || $0.isASCIIDigit || $0.isOne(of: "-._")
  }
}

/// A sensor's name: what SenML allows (RFC 8428 §4.5.1), 1 to 64 bytes, and none of the device's
/// own (`godwit/…`).
public struct SensorLabel: Equatable, Sendable {
  public let bytes: [UInt8]

  init(trusted: StaticString) { bytes = Array(trusted) }

  public init(_ text: [UInt8]) throws(ValueProblem) {
    try Self.rule.check(text)
    guard text[0].isASCIILetter || text[0].isASCIIDigit else { throw .beginning(text[0]) }
    if text.hasPrefix("godwit/") { throw .reservedName }
    bytes = text
  }

  static let rule = TextRule(
    lengths: 1...64, allowed: "letters, digits, '-', ':', '.', '/' and '_'"
  ) {
    $0.isASCIILetter || $0.isASCIIDigit || $0.isOne(of: "-:./_")
  }
}

/// A reading's unit, best one of the SenML registry (RFC 8428 §12.1): 1 to 16 bytes.
public struct UnitLabel: Equatable, Sendable {
  public let bytes: [UInt8]

  public init(_ text: [UInt8]) throws(ValueProblem) {
    try Self.rule.check(text)
    bytes = text
  }

  static let rule = TextRule(
    lengths: 1...16, allowed: "visible ASCII without '\"', ';' and '\\'"
  ) {
    (0x21...0x7E).contains($0) && !$0.isOne(of: "\";\\")
  }
}

/// The user or password of an access point. Safe inside a quoted AT string: `"` would end it, `\`
/// begins an escape (ITU-T V.250 §5.4.2.2), and some modules cut a line at `;` even inside quotes.
public struct Credential: Equatable, Sendable {
  public let bytes: [UInt8]

  public init(_ text: [UInt8]) throws(ValueProblem) {
    try Self.rule.check(text)
    bytes = text
  }

  static let rule = TextRule(
    lengths: 1...64, allowed: "visible ASCII without '\"', ';' and '\\'"
  ) {
    (0x21...0x7E).contains($0) && !$0.isOne(of: "\";\\")
  }
}

/// A file of this board. A relative one is seen from the configuration file's folder.
public struct FilePath: Equatable, Sendable {
  public let bytes: [UInt8]

  init(trusted: StaticString) { bytes = Array(trusted) }

  public init(_ text: [UInt8]) throws(ValueProblem) { try self.init(text, rule: Self.rule) }

  /// The path of a socket, which must be shorter.
  init(socket text: [UInt8]) throws(ValueProblem) { try self.init(text, rule: Self.socketRule) }

  private init(_ text: [UInt8], rule: TextRule) throws(ValueProblem) {
    try rule.check(text)
    if text.last == UInt8(ascii: "/") { throw .folder }
    bytes = text
  }

  static let rule = TextRule(lengths: 1...255, allowed: allowed, contains: isAllowed)
  /// A socket's path must fit `sun_path` (unix(7)): 108 bytes with the closing NUL.
  static let socketRule = TextRule(lengths: 1...107, allowed: allowed, contains: isAllowed)

  private static let allowed: StaticString = "letters, digits and the signs /._-+=,:@"
  @Sendable private static func isAllowed(_ byte: UInt8) -> Bool {
    byte.isASCIILetter || byte.isASCIIDigit || byte.isOne(of: "/._-+:@,=")
  }
}

extension UInt8 {
  /// Whether the byte is one of `bytes`.
  func isOne(of bytes: StaticString) -> Bool {
    for offset in 0..<bytes.utf8CodeUnitCount where bytes.utf8Start[offset] == self { return true }
    return false
  }
}

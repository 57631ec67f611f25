import Primitives

/// An option of a CoAP message (RFC 7252 §3.1, §5.4).
public struct CoAPOption: Equatable, Sendable {
  public var number: UInt16
  /// 0 to 65,804 bytes, which is what the format can say.
  public var value: [UInt8]

  public init(_ number: UInt16, _ value: [UInt8]) {
    precondition(value.count <= 65_535 + 269)
    self.number = number
    self.value = value
  }

  /// An option of format uint, in its fewest bytes (§3.2).
  public init(_ number: UInt16, uint value: UInt32) {
    var bytes: [UInt8] = []
    for shift in stride(from: UInt32(24), through: 0, by: -8) {
      let byte = UInt8(truncatingIfNeeded: value >> shift)
      if byte != 0 || !bytes.isEmpty { bytes.append(byte) }
    }
    self.init(number, bytes)
  }

  // Numbers of §5.10 that are used here.
  public static let uriHost: UInt16 = 3
  public static let uriPath: UInt16 = 11
  public static let contentFormat: UInt16 = 12
  public static let maxAge: UInt16 = 14
  public static let uriQuery: UInt16 = 15

  /// Whether a message with it must be rejected by who doesn't understand it (§5.4.6).
  public var isCritical: Bool { number & 1 == 1 }

  /// The value as a number; nil when it is longer than `limit` bytes (4 at most).
  public func uint(limit: Int) -> UInt32? {
    guard value.count <= min(limit, 4) else { return nil }
    return value.reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// Appends the option as it stands behind one of number `previous`.
  func append(to bytes: inout [UInt8], after previous: UInt16) {
    let delta = Self.nibble(Int(number - previous))
    let length = Self.nibble(value.count)
    bytes.append(delta.nibble << 4 | length.nibble)
    bytes += delta.extended + length.extended + value
  }

  /// Reads options and payload up to the end of the message.
  static func readAll(
    from reader: inout ByteReader
  ) throws(CoAPFormatError) -> ([CoAPOption], payload: [UInt8]) {
    var options: [CoAPOption] = []
    var number = 0
    while let head = reader.byte() {
      if head == 0xFF {
        guard reader.remaining > 0 else { throw .emptyPayload }
        return (options, reader.rest())
      }
      number += try extended(head >> 4, &reader)
      guard let checked = UInt16(exactly: number) else { throw .optionNumberTooHigh }
      let length = try extended(head & 15, &reader)
      guard let value = reader.take(length) else { throw .truncated }
      options.append(CoAPOption(checked, value))
    }
    return (options, [])
  }

  /// A delta or length: up to 12 in the nibble; 13 and 14 announce one byte less 13, two less 269.
  private static func nibble(_ value: Int) -> (nibble: UInt8, extended: [UInt8]) {
    switch value {
    case 0...12: (UInt8(value), [])
    case 13...268: (13, [UInt8(value - 13)])
    default: (14, [UInt8((value - 269) >> 8), UInt8((value - 269) & 0xFF)])
    }
  }

  private static func extended(
    _ nibble: UInt8, _ reader: inout ByteReader
  ) throws(CoAPFormatError) -> Int {
    switch nibble {
    case 0...12: return Int(nibble)
    case 13:
      guard let byte = reader.byte() else { throw .truncated }
      return Int(byte) + 13
    case 14:
      guard let two = reader.bigEndian(2) else { throw .truncated }
      return Int(two) + 269
    default: throw .reservedOptionNibble
    }
  }
}

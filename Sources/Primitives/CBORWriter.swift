/// Writes CBOR (RFC 8949) in its shortest forms, definite lengths only.
public struct CBORWriter: Sendable {
  public private(set) var bytes: [UInt8] = []

  public init() {}

  /// A whole number, major type 0 or 1.
  public mutating func integer(_ value: Int64) {
    if value >= 0 { head(0, UInt64(value)) } else { head(1, UInt64(bitPattern: ~value)) }
  }

  /// A text string, major type 3. The caller sees to it that the bytes are UTF-8.
  public mutating func text(_ utf8: [UInt8]) {
    head(3, UInt64(utf8.count))
    bytes += utf8
  }

  public mutating func data(_ value: [UInt8]) {
    head(2, UInt64(value.count))
    bytes += value
  }

  /// The head of an array; `count` items must follow.
  public mutating func array(_ count: Int) { head(4, UInt64(count)) }

  /// The head of a map; `count` pairs must follow.
  public mutating func map(_ count: Int) { head(5, UInt64(count)) }

  public mutating func bool(_ value: Bool) { bytes.append(value ? 0xF5 : 0xF4) }

  /// An integer where the number is whole, else a decimal fraction (tag 4, RFC 8949 §3.4.4).
  public mutating func decimal(_ value: DecimalNumber) {
    let plain = value.normalized
    if plain.exponent == 0 { return integer(plain.mantissa) }
    head(6, 4)
    array(2)
    integer(Int64(plain.exponent))
    integer(plain.mantissa)
  }

  private mutating func head(_ major: UInt8, _ value: UInt64) {
    let type = major << 5
    switch value {
    case 0...23: bytes.append(type | UInt8(value))
    case 24...0xFF: append(type | 24, value, width: 1)
    case 0x100...0xFFFF: append(type | 25, value, width: 2)
    case 0x1_0000...0xFFFF_FFFF: append(type | 26, value, width: 4)
    default: append(type | 27, value, width: 8)
    }
  }

  private mutating func append(_ initial: UInt8, _ value: UInt64, width: Int) {
    bytes.append(initial)
    for shift in stride(from: (width - 1) * 8, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
    }
  }
}

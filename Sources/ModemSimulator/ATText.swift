import Primitives

/// Text for the UART, put together byte by byte: what a host sent comes back unchanged, be it
/// UTF-8 or not.
struct ATText: ExpressibleByStringInterpolation, Sendable {
  var bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }
  init(stringLiteral value: String) { bytes = Array(value.utf8) }
  init(stringInterpolation: StringInterpolation) { bytes = stringInterpolation.bytes }

  struct StringInterpolation: StringInterpolationProtocol {
    var bytes: [UInt8] = []

    init(literalCapacity: Int, interpolationCount: Int) { bytes.reserveCapacity(literalCapacity) }
    mutating func appendLiteral(_ literal: String) { bytes += literal.utf8 }
    mutating func appendInterpolation(_ value: some BinaryInteger) {
      bytes += String(value).utf8
    }
    mutating func appendInterpolation(_ value: [UInt8]) { bytes += value }
    mutating func appendInterpolation(_ value: ATText) { bytes += value.bytes }

    /// A string parameter (V.250 §5.4.2.2).
    mutating func appendInterpolation(quoted value: [UInt8]) {
      bytes += [UInt8(ascii: "\"")] + value + [UInt8(ascii: "\"")]
    }

    /// Hexadecimal in upper case with at least `digits` digits.
    mutating func appendInterpolation(hex value: UInt32, digits: Int) {
      let text = String(value, radix: 16, uppercase: true).utf8
      bytes += [UInt8](repeating: UInt8(ascii: "0"), count: max(0, digits - text.count)) + text
    }

    /// A decimal number with at least two digits.
    mutating func appendInterpolation(two value: Int) {
      if value < 10 { bytes.append(UInt8(ascii: "0")) }
      bytes += String(value).utf8
    }
  }
}

let crlf: [UInt8] = [0x0D, 0x0A]

extension CommandGroup {
  /// The bytes of a hexadecimal text; nil for an odd or wrong one.
  static func bytes(hex: [UInt8]) -> [UInt8]? {
    guard hex.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: hex.count, by: 2) {
      guard let high = hex[index].hexDigitValue, let low = hex[index + 1].hexDigitValue else {
        return nil
      }
      bytes.append(high << 4 | low)
    }
    return bytes
  }
}

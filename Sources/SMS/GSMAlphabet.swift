import Primitives

/// The GSM 7-bit default alphabet and its extension table, TS 23.038 §6.2.1. A septet is kept in a
/// byte; text is UTF-8.
public enum GSMAlphabet {
  /// The septet that makes the next one of the extension table.
  static let escape: UInt8 = 0x1B

  /// The text of septets. An unknown extension code shows as the character of the default table,
  /// a doubled escape as a blank, as the standard wants it.
  public static func text(_ septets: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    var isEscaped = false
    for septet in septets {
      if septet == escape {
        if isEscaped { text.append(UInt8(ascii: " ")) }
        isEscaped.toggle()
        continue
      }
      let extended = isEscaped ? extensions.first { $0.septet == septet }?.scalar : nil
      text.append(scalar: extended ?? table[Int(septet & 0x7F)])
      isEscaped = false
    }
    return text
  }

  /// The septets of a text.
  ///
  /// - Returns: nil when a character has no place in the alphabet.
  public static func septets(_ text: [UInt8]) -> [UInt8]? {
    guard let scalars = UTF8Text.scalars(text) else { return nil }
    var septets: [UInt8] = []
    for scalar in scalars {
      if let code = table.firstIndex(of: scalar) {
        septets.append(UInt8(code))
      } else if let code = extensions.first(where: { $0.scalar == scalar })?.septet {
        septets += [escape, code]
      } else {
        return nil
      }
    }
    return septets
  }

  /// Septets in octets (TS 23.038 §6.1.2.1.1), after `fill` bits of zero.
  static func pack(_ septets: [UInt8], fill: Int = 0) -> [UInt8] {
    var octets = [UInt8](repeating: 0, count: (septets.count * 7 + fill + 7) / 8)
    for (index, septet) in septets.enumerated() {
      let bit = fill + index * 7
      let wide = UInt16(septet & 0x7F) << UInt16(bit % 8)
      octets[bit / 8] |= UInt8(truncatingIfNeeded: wide)
      if wide > 0xFF { octets[bit / 8 + 1] |= UInt8(wide >> 8) }
    }
    return octets
  }

  /// - Returns: `count` septets from behind `fill` bits; nil when the octets end before.
  static func unpack(_ octets: [UInt8], count: Int, fill: Int = 0) -> [UInt8]? {
    guard count >= 0, (count * 7 + fill + 7) / 8 <= octets.count else { return nil }
    return (0..<count).map { index in
      let bit = fill + index * 7
      let low = UInt16(octets[bit / 8])
      let high = bit / 8 + 1 < octets.count ? UInt16(octets[bit / 8 + 1]) : 0
      return UInt8(truncatingIfNeeded: (high << 8 | low) >> UInt16(bit % 8)) & 0x7F
    }
  }

  /// Stands in the escape's place: no code point.
  private static let nothing = UInt32.max

  /// Code points in the order of their septets.
  private static let table: [UInt32] = [
    0x40, 0xA3, 0x24, 0xA5, 0xE8, 0xE9, 0xF9, 0xEC, 0xF2, 0xC7, 0x0A, 0xD8, 0xF8, 0x0D, 0xC5, 0xE5,
    0x394, 0x5F, 0x3A6, 0x393, 0x39B, 0x3A9, 0x3A0, 0x3A8, 0x3A3, 0x398, 0x39E, nothing, 0xC6,
    0xE6,
    0xDF, 0xC9, 0x20, 0x21, 0x22, 0x23, 0xA4, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x2B, 0x2C, 0x2D,
    0x2E, 0x2F, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3A, 0x3B, 0x3C, 0x3D,
    0x3E, 0x3F, 0xA1, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x4B, 0x4C, 0x4D,
    0x4E, 0x4F, 0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5A, 0xC4, 0xD6, 0xD1,
    0xDC, 0xA7, 0xBF, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D,
    0x6E, 0x6F, 0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A, 0xE4, 0xF6, 0xF1,
    0xFC, 0xE0,
  ]

  private static let extensions: [(septet: UInt8, scalar: UInt32)] = [
    (0x0A, 0x0C), (0x14, 0x5E), (0x28, 0x7B), (0x29, 0x7D), (0x2F, 0x5C), (0x3C, 0x5B),
    (0x3D, 0x7E), (0x3E, 0x5D), (0x40, 0x7C), (0x65, 0x20AC),
  ]
}

/// UTF-8 (RFC 3629) and the UTF-16 that SMS calls UCS-2, in plain arithmetic.
enum UTF8Text {
  /// What stands for something that is no character.
  static let replacement: UInt32 = 0xFFFD

  /// The code points of a text.
  ///
  /// - Returns: nil for bytes that aren't UTF-8: overlong forms, surrogates and what lies above
  ///   U+10FFFF included.
  static func scalars(_ text: [UInt8]) -> [UInt32]? {
    var scalars: [UInt32] = []
    var index = 0
    while index < text.count {
      let first = text[index]
      let (more, least): (Int, UInt32)
      switch first {
      case 0..<0x80: (more, least) = (0, 0)
      case 0xC2..<0xE0: (more, least) = (1, 0x80)
      case 0xE0..<0xF0: (more, least) = (2, 0x800)
      case 0xF0..<0xF5: (more, least) = (3, 0x1_0000)
      default: return nil
      }
      guard index + more < text.count else { return nil }
      var scalar = more == 0 ? UInt32(first) : UInt32(first) & (0x3F >> UInt32(more))
      for byte in text[(index + 1)..<(index + 1 + more)] {
        guard byte & 0xC0 == 0x80 else { return nil }
        scalar = scalar << 6 | UInt32(byte & 0x3F)
      }
      guard scalar >= least, scalar <= 0x10_FFFF, !(0xD800..<0xE000).contains(scalar) else {
        return nil
      }
      scalars.append(scalar)
      index += more + 1
    }
    return scalars
  }

  /// Text from UTF-16, most significant octet first. A lone surrogate and an odd octet at the end
  /// come out as U+FFFD.
  static func text(utf16 octets: [UInt8]) -> [UInt8] {
    var units: [UInt32] = []
    for index in stride(from: 0, to: octets.count - 1, by: 2) {
      units.append(UInt32(octets[index]) << 8 | UInt32(octets[index + 1]))
    }
    var text: [UInt8] = []
    var index = 0
    while index < units.count {
      let unit = units[index]
      index += 1
      if (0xD800..<0xDC00).contains(unit), index < units.count,
        (0xDC00..<0xE000).contains(units[index])
      {
        text.append(scalar: 0x1_0000 + (unit - 0xD800) << 10 + (units[index] - 0xDC00))
        index += 1
      } else {
        text.append(scalar: (0xD800..<0xE000).contains(unit) ? replacement : unit)
      }
    }
    if octets.count % 2 == 1 { text.append(scalar: replacement) }
    return text
  }

  /// UTF-16 in octets, most significant first; nil for bytes that aren't UTF-8. Each element is a
  /// character's two or four octets, so that none is split between two messages.
  static func utf16(_ text: [UInt8]) -> [[UInt8]]? {
    scalars(text)?.map { scalar in
      if scalar < 0x1_0000 { return octets(scalar) }
      let rest = scalar - 0x1_0000
      return octets(0xD800 + rest >> 10) + octets(0xDC00 + rest & 0x3FF)
    }
  }

  private static func octets(_ unit: UInt32) -> [UInt8] {
    [UInt8(truncatingIfNeeded: unit >> 8), UInt8(truncatingIfNeeded: unit)]
  }
}

extension [UInt8] {
  /// Appends a code point, which is one, in UTF-8.
  mutating func append(scalar: UInt32) {
    func continuation(_ shift: UInt32) -> UInt8 { UInt8(scalar >> shift & 0x3F) | 0x80 }
    switch scalar {
    case 0..<0x80: append(UInt8(scalar))
    case 0x80..<0x800: self += [UInt8(scalar >> 6) | 0xC0, continuation(0)]
    case 0x800..<0x1_0000:
      self += [UInt8(scalar >> 12) | 0xE0, continuation(6), continuation(0)]
    default:
      self += [UInt8(scalar >> 18) | 0xF0, continuation(12), continuation(6), continuation(0)]
    }
  }
}

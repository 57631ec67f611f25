/// Looks at text as bytes. What comes from outside stays bytes until it is a checked type.
///
/// Inlinable, since a generic function that isn't made for its type allocates for each byte that it
/// looks at (in ordinary Swift; Embedded Swift has no others).
extension Collection<UInt8> {
  /// Whether the bytes begin with `prefix`, which is plain ASCII.
  @inlinable public func hasPrefix(_ prefix: StaticString) -> Bool {
    var index = startIndex
    for offset in 0..<prefix.utf8CodeUnitCount {
      guard index != endIndex, self[index] == prefix.utf8Start[offset] else { return false }
      formIndex(after: &index)
    }
    return true
  }

  /// Whether the bytes are exactly `text`, which is plain ASCII.
  @inlinable public func equals(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount && hasPrefix(text)
  }

  /// A whole number without sign, blanks or anything else.
  ///
  /// - Returns: nil for an empty text, another byte, or a value above `Int64.max`.
  @inlinable public var asciiWholeNumber: Int64? {
    if isEmpty { return nil }
    var value: Int64 = 0
    for byte in self {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      let (product, overflowed) = value.multipliedReportingOverflow(by: 10)
      let (sum, carried) = product.addingReportingOverflow(Int64(byte - UInt8(ascii: "0")))
      if overflowed || carried { return nil }
      value = sum
    }
    return value
  }

  /// The text to show to a person: bytes that aren't printable ASCII come out as `\xHH`.
  public var printable: String {
    var text: [UInt8] = []
    for byte in self {
      if (0x20...0x7E).contains(byte) {
        text.append(byte)
      } else {
        text += [UInt8(ascii: "\\"), UInt8(ascii: "x"), byte.hexDigits.0, byte.hexDigits.1]
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Upper-case hexadecimal, two digits a byte.
  public var hex: [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(count * 2)
    for byte in self { text += [byte.hexDigits.0, byte.hexDigits.1] }
    return text
  }
}

extension [UInt8] {
  /// The bytes of a literal.
  public init(_ text: StaticString) {
    self = Array(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}

extension UInt32 {
  /// Eight lower-case hexadecimal digits, as identities and checks are written.
  public var hexText: [UInt8] {
    var text: [UInt8] = []
    for shift in stride(from: UInt32(28), through: 0, by: -4) {
      let digit = UInt8(truncatingIfNeeded: self >> shift & 15)
      text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
    return text
  }
}

extension UInt8 {
  /// Two upper-case hexadecimal digits, the high one first.
  public var hexDigits: (UInt8, UInt8) { (Self.hexDigit(self >> 4), Self.hexDigit(self & 15)) }

  /// The value of a hexadecimal digit of either case; nil for another byte.
  public var hexDigitValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  public var isASCIIDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
  public var isASCIILetter: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
  }
}

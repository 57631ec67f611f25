import Primitives

/// One measured value, as it was taken.
public struct Reading: Equatable, Sendable {
  public var name: ReadingName
  public var value: DecimalNumber
  public var unit: ReadingUnit?
  public var time: ReadingTime

  public init(name: ReadingName, value: DecimalNumber, unit: ReadingUnit?, time: ReadingTime) {
    self.name = name
    self.value = value
    self.unit = unit
    self.time = time
  }
}

/// When a reading was taken, as far as the device can honestly say.
public enum ReadingTime: Hashable, Sendable {
  /// The clock was trusted when it was taken.
  case utc(UTC)
  /// It was not, but the reading was taken in this boot: a point on the boot-time clock.
  case sinceBoot(Instant)
  /// Taken in an earlier boot, before the clock was known.
  case unknown
}

/// What was measured: 1 to 64 bytes of `A-Z a-z 0-9 - : . / _`, the first a letter or digit, so
/// that it stays a valid SenML name behind any base name (RFC 8428 §4.5.1).
public struct ReadingName: Hashable, Sendable {
  public static let lengths = 1...64
  public let bytes: [UInt8]

  /// - Returns: nil when `text` is not such a name.
  public init?(_ text: [UInt8]) {
    guard Self.lengths.contains(text.count), text[0].isASCIILetter || text[0].isASCIIDigit else {
      return nil
    }
    for byte in text where !byte.isSenMLNameByte { return nil }
    bytes = text
  }

  /// Whether the name is one of the device's own (`godwit/…`), which no sensor may use.
  public var isReserved: Bool { bytes.hasPrefix("godwit/") }
}

/// The unit of a value: 1 to 16 bytes of visible ASCII without `"` and `\`. Units of the SenML
/// registry (RFC 8428 §12.1: `Cel`, `%RH`, `V`, …) are understood everywhere; others pass too.
public struct ReadingUnit: Hashable, Sendable {
  public static let lengths = 1...16
  public let bytes: [UInt8]

  /// - Returns: nil when `text` is not such a unit.
  public init?(_ text: [UInt8]) {
    guard Self.lengths.contains(text.count) else { return nil }
    for byte in text {
      guard (0x21...0x7E).contains(byte), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\")
      else { return nil }
    }
    bytes = text
  }
}

/// The device's name: 1 to 32 letters, digits, `-`, `.` and `_`, the first a letter or digit,
/// since SenML names begin with it (RFC 8428 §4.5.1). It stands unescaped in a Uri-Query.
public struct DeviceName: Hashable, Sendable {
  public static let lengths = 1...32
  public let bytes: [UInt8]

  /// - Returns: nil when `text` is not such a name.
  public init?(_ text: [UInt8]) {
    guard Self.lengths.contains(text.count), text[0].isASCIILetter || text[0].isASCIIDigit else {
      return nil
    }
    for byte in text {
      guard byte.isSenMLNameByte, byte != UInt8(ascii: ":"), byte != UInt8(ascii: "/") else {
        return nil
      }
    }
    bytes = text
  }
}

extension UInt8 {
  /// The characters of a SenML name (RFC 8428 §4.5.1).
  var isSenMLNameByte: Bool {
    switch self {
    case UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "."), UInt8(ascii: "/"),
      UInt8(ascii: "_"):
      true
    default: isASCIILetter || isASCIIDigit
    }
  }
}

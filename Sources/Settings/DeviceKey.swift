import Primitives

/// A device's own secret, with which commands are signed: 16 to 64 bytes.
///
/// As text it is hexadecimal, or base64 (RFC 4648 §4, padded); a text of hexadecimal digits alone is
/// hexadecimal. It never goes into a log, a status or an answer.
public struct DeviceKey: Equatable, Sendable {
  public let bytes: [UInt8]

  /// The most bytes of a text or a file with a key, blanks and line ends included.
  public static let textLimit = 256

  /// - Parameter text: the key; blanks and line ends around it don't count.
  public init(_ text: [UInt8]) throws(DeviceKeyFault) {
    guard text.count <= Self.textLimit else { throw .tooLong }
    let digits = Array(text.trimmed)
    if digits.isEmpty { throw .empty }
    let bytes =
      digits.allSatisfy { $0.hexDigitValue != nil }
      ? try Self.bytes(hex: digits) : try Self.bytes(base64: digits)
    guard SignedMessage.keyLengths.contains(bytes.count) else { throw .length(bytes.count) }
    self.bytes = bytes
  }

  /// A key that was just made.
  ///
  /// - Returns: nil unless it has 16 to 64 bytes.
  public init?(bytes: [UInt8]) {
    guard SignedMessage.keyLengths.contains(bytes.count) else { return nil }
    self.bytes = bytes
  }

  private static func bytes(hex digits: [UInt8]) throws(DeviceKeyFault) -> [UInt8] {
    guard digits.count % 2 == 0 else { throw .odd }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = digits[index].hexDigitValue, let low = digits[index + 1].hexDigitValue else {
        throw .digit(position: index + 1)
      }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func bytes(base64 digits: [UInt8]) throws(DeviceKeyFault) -> [UInt8] {
    let padding = digits.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    let body = digits.dropLast(padding)
    var bytes: [UInt8] = []
    var (bits, count): (UInt32, UInt32) = (0, 0)
    for (index, digit) in body.enumerated() {
      guard let value = base64Value(digit) else { throw .digit(position: index + 1) }
      (bits, count) = (bits << 6 | UInt32(value), count + 6)
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> count))
      }
    }
    guard digits.count % 4 == 0, padding <= 2, bits & (1 << count - 1) == 0 else { throw .padding }
    return bytes
  }

  private static func base64Value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}

/// Why a text isn't a device's key. It says nothing of the key itself.
public enum DeviceKeyFault: Error, Equatable, Sendable {
  case empty, tooLong, odd, padding
  /// Counted from 1.
  case digit(position: Int)
  /// In bytes, decoded.
  case length(Int)

  /// What is wrong, and what to do.
  public var text: String {
    switch self {
    case .empty: "holds nothing; \(Self.remedy)"
    case .tooLong: "has more than \(DeviceKey.textLimit) bytes; \(Self.remedy)"
    case .odd: "has an odd number of hexadecimal digits; \(Self.remedy)"
    case .padding: "is base64 that is cut off; \(Self.remedy)"
    case .digit(let position):
      "is neither hexadecimal nor base64, by its character \(position); \(Self.remedy)"
    case .length(let count):
      "is a key of \(count) bytes; \(Self.remedy)"
    }
  }

  private static let remedy =
    "write one of \(SignedMessage.keyLengths.lowerBound) to "
    + "\(SignedMessage.keyLengths.upperBound) bytes in hexadecimal or base64"
}

extension [UInt8] {
  /// Without the blanks and line ends at both ends.
  fileprivate var trimmed: ArraySlice<UInt8> {
    var rest = self[...]
    while let first = rest.first, first <= 0x20 { rest.removeFirst() }
    while let last = rest.last, last <= 0x20 { rest.removeLast() }
    return rest
  }
}

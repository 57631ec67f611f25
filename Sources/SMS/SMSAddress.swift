import Primitives

/// Who sends or gets a message: a telephone number or, from the network only, a name. TS 23.040
/// §9.1.2.5. A sender proves nothing: whoever hands the message to the service centre chooses it.
public struct SMSAddress: Hashable, Sendable {
  /// Digits, `*`, `#`, `a` to `c`, with a `+` in front of an international number; or a name in
  /// UTF-8.
  public let text: [UInt8]
  /// Whether it is a name, to which nothing can be sent.
  public let isName: Bool

  /// The most digits that a number has in a message.
  public static let digitLimit = 20

  /// A number: up to 20 digits, `*`, `#`, `a`, `b`, `c`, with or without a `+` in front.
  public init?(number text: [UInt8]) {
    let digits = text.first == UInt8(ascii: "+") ? text.dropFirst() : text[...]
    guard (1...Self.digitLimit).contains(digits.count),
      digits.allSatisfy({ Self.nibble($0) != nil })
    else { return nil }
    self.text = text
    isName = false
  }

  init(name: [UInt8]) {
    text = name
    isName = true
  }

  /// - Parameters:
  ///   - type: type of number and numbering plan.
  ///   - length: of a number in digits, of a name in half octets.
  init?(type: UInt8, length: Int, octets: [UInt8]) {
    if type & 0x70 == 0x50 {
      guard let septets = GSMAlphabet.unpack(octets, count: length * 4 / 7) else { return nil }
      self.init(name: GSMAlphabet.text(septets))
      return
    }
    var digits: [UInt8] = type & 0x70 == 0x10 ? [UInt8(ascii: "+")] : []
    for index in 0..<length {
      let octet = octets[index / 2]
      guard let digit = Self.digit(index % 2 == 0 ? octet & 0xF : octet >> 4) else { break }
      digits.append(digit)
    }
    self.init(number: digits)
  }

  /// Type and digits, two an octet with the halves swapped and an F at the end of an odd number.
  /// nil for a name.
  var octets: (type: UInt8, length: Int, digits: [UInt8])? {
    if isName { return nil }
    let isInternational = text.first == UInt8(ascii: "+")
    let nibbles = (isInternational ? text.dropFirst() : text[...]).compactMap { Self.nibble($0) }
    var octets: [UInt8] = []
    for index in stride(from: 0, to: nibbles.count, by: 2) {
      let high = index + 1 < nibbles.count ? nibbles[index + 1] : 0xF
      octets.append(high << 4 | nibbles[index])
    }
    return (isInternational ? 0x91 : 0x81, nibbles.count, octets)
  }

  private static let marks = [UInt8]("*#abc")

  private static func nibble(_ digit: UInt8) -> UInt8? {
    if digit.isASCIIDigit { return digit - UInt8(ascii: "0") }
    return marks.firstIndex(of: digit).map { UInt8($0) + 10 }
  }

  private static func digit(_ nibble: UInt8) -> UInt8? {
    if nibble < 10 { return UInt8(ascii: "0") + nibble }
    return nibble == 15 ? nil : marks[Int(nibble) - 10]
  }
}

import Primitives

/// What a message carries, its header taken off. TS 23.040 §9.2.3.24.
public struct UserData: Equatable, Sendable {
  public enum Content: Equatable, Sendable {
    /// UTF-8.
    case text([UInt8])
    case data([UInt8])
  }

  public var content: Content
  public var part: MessagePart?
  /// Destination and source port, where the header has them.
  public var ports: Ports?
  /// The header names a national table (TS 23.038 §6.2.1.2), which is noted and not applied.
  public var hasNationalShift = false

  public struct Ports: Equatable, Sendable {
    public let destination: UInt16
    public let source: UInt16
  }

  /// Octets of user data in a message.
  public static let limit = 140

  /// - Parameters:
  ///   - length: TP-UDL: septets of a text in the GSM alphabet, else octets.
  ///   - octets: what follows it, to the end.
  init(
    octets: [UInt8], length: Int, coding: DataCoding, hasHeader: Bool
  ) throws(PDUFault) {
    guard let alphabet = coding.alphabet else { throw .compressed }
    let isPacked = alphabet == .gsm7
    guard length <= (isPacked ? Self.limit * 8 / 7 : Self.limit) else { throw .wrongLength }
    let total = isPacked ? (length * 7 + 7) / 8 : length
    guard octets.count >= total else { throw .tooShort }
    let body = Array(octets.prefix(total))
    var headerLength = 0
    content = .data([])
    if hasHeader {
      guard let first = body.first, Int(first) < body.count else { throw .badHeader }
      headerLength = Int(first) + 1
      readHeader(Array(body[1..<headerLength]))
    }
    switch alphabet {
    case .gsm7:
      let headerSeptets = (headerLength * 8 + 6) / 7
      guard length >= headerSeptets,
        let septets = GSMAlphabet.unpack(
          Array(body[headerLength...]), count: length - headerSeptets,
          fill: headerSeptets * 7 - headerLength * 8)
      else { throw .badHeader }
      content = .text(GSMAlphabet.text(septets))
    case .ucs2: content = .text(UTF8Text.text(utf16: Array(body[headerLength...])))
    case .data8: content = .data(Array(body[headerLength...]))
    }
  }

  /// Information elements; a later one of a kind wins, and an unknown one is passed over. One that
  /// is cut off ends the header.
  private mutating func readHeader(_ header: [UInt8]) {
    var reader = ByteReader(header)
    while let kind = reader.byte(), let length = reader.byte(), let value = reader.take(Int(length))
    {
      switch (kind, value.count) {
      case (0x00, 3):
        part = MessagePart(
          reference: UInt16(value[0]), isWide: false, count: value[1], number: value[2])
      case (0x08, 4):
        part = MessagePart(
          reference: UInt16(value[0]) << 8 | UInt16(value[1]), isWide: true, count: value[2],
          number: value[3])
      case (0x04, 2): ports = Ports(destination: UInt16(value[0]), source: UInt16(value[1]))
      case (0x05, 4):
        ports = Ports(
          destination: UInt16(value[0]) << 8 | UInt16(value[1]),
          source: UInt16(value[2]) << 8 | UInt16(value[3]))
      case (0x24, 1), (0x25, 1): hasNationalShift = true
      default: break
      }
    }
  }
}

/// Which part of a long message this is. TS 23.040 §9.2.3.24.1, §9.2.3.24.8.
public struct MessagePart: Hashable, Sendable {
  public let reference: UInt16
  /// Whether the reference has 16 bits.
  public let isWide: Bool
  public let count: UInt8
  /// 1 to `count`.
  public let number: UInt8

  /// - Returns: nil for numbers that make no sense; the message then counts as whole.
  public init?(reference: UInt16, isWide: Bool, count: UInt8, number: UInt8) {
    guard count > 0, number > 0, number <= count else { return nil }
    self.reference = reference
    self.isWide = isWide
    self.count = count
    self.number = number
  }

  /// The header's octets, its length in front.
  var header: [UInt8] {
    isWide
      ? [6, 0x08, 4, UInt8(reference >> 8), UInt8(reference & 0xFF), count, number]
      : [5, 0x00, 3, UInt8(truncatingIfNeeded: reference), count, number]
  }
}

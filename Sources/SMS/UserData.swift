import Primitives

/// What a message carries, its header taken off. TS 23.040 §9.2.3.24.
public struct UserData: Equatable, Sendable {
  public enum Content: Equatable, Sendable {
    /// UTF-8.
    case text([UInt8])
    case data([UInt8])
  }

  public var content: Content
  /// What the content was read from: a septet a byte in the GSM alphabet, else octets. The bodies of
  /// a long message's parts are to be put together before they are read, since a sender may have cut
  /// between an escape and its character or between two surrogates.
  public var body: [UInt8]
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

  /// How many octets TP-UDL stands for.
  ///
  /// - Parameter length: TP-UDL: septets of a text in the GSM alphabet, else octets.
  /// - Returns: nil for more than a message has, and for a text that isn't read.
  static func octetCount(length: Int, coding: DataCoding) -> Int? {
    guard let alphabet = coding.alphabet else { return nil }
    let isPacked = alphabet == .gsm7
    guard length <= (isPacked ? limit * 8 / 7 : limit) else { return nil }
    return isPacked ? (length * 7 + 7) / 8 : length
  }

  /// - Parameters:
  ///   - octets: as many as `octetCount` says.
  ///   - length: TP-UDL.
  /// - Returns: nil when the header doesn't fit.
  init?(octets: [UInt8], length: Int, coding: DataCoding, hasHeader: Bool) {
    guard let alphabet = coding.alphabet else { return nil }
    var header: [UInt8] = []
    if hasHeader {
      guard let first = octets.first, Int(first) < octets.count else { return nil }
      header = Array(octets[...Int(first)])
    }
    body = Array(octets[header.count...])
    if alphabet == .gsm7 {
      let headerSeptets = (header.count * 8 + 6) / 7
      guard length >= headerSeptets,
        let septets = GSMAlphabet.unpack(
          body, count: length - headerSeptets, fill: headerSeptets * 7 - header.count * 8)
      else { return nil }
      body = septets
    }
    content = Self.content(of: body, in: alphabet)
    readHeader(Array(header.dropFirst()))
  }

  /// Reads a message's body, or that of all its parts in their order.
  public static func content(of body: [UInt8], in alphabet: DataCoding.Alphabet) -> Content {
    switch alphabet {
    case .gsm7: .text(GSMAlphabet.text(body))
    case .ucs2: .text(UTF8Text.text(utf16: body))
    case .data8: .data(body)
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

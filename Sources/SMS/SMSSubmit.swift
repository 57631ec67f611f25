import Primitives

/// A message that the device sends: its parts as `AT+CMGS` takes them. TS 23.040 §9.2.2.2,
/// TS 27.005 §3.5.1.
public struct SMSSubmit: Equatable, Sendable {
  /// One `AT+CMGS`.
  public struct Part: Equatable, Sendable {
    /// The command's number: octets without the service centre's.
    public let length: Int
    /// Upper-case hexadecimal, the stored service centre in front.
    public let hex: [UInt8]
    /// The same as octets.
    public let octets: [UInt8]
  }

  public let parts: [Part]

  /// The most parts of one message.
  public static let partLimit = 8
  /// A relative validity of a day (§9.2.3.12.1): an answer that comes later helps nobody.
  static let validity: UInt8 = 0xA7

  /// - Parameters:
  ///   - text: UTF-8. It goes in the GSM alphabet where that has all its characters, else in UCS-2.
  ///   - reference: of a message in several parts; each message has another.
  /// - Returns: nil for a recipient that is a name, for text that isn't UTF-8, and for one of more
  ///   than `partLimit` parts.
  public init?(to recipient: SMSAddress, text: [UInt8], reference: UInt8 = 0) {
    guard let address = recipient.octets, let pieces = Self.pieces(of: text),
      pieces.bodies.count <= Self.partLimit
    else { return nil }
    var parts: [Part] = []
    for (index, body) in pieces.bodies.enumerated() {
      let part =
        pieces.bodies.count == 1
        ? nil
        : MessagePart(
          reference: UInt16(reference), isWide: false, count: UInt8(pieces.bodies.count),
          number: UInt8(index + 1))
      let coded = Self.userData(body, pieces.alphabet, header: part?.header ?? [])
      // TP-VPF relative (10), TP-UDHI where there is a header; the module puts the reference in.
      let first: UInt8 = part == nil ? 0x11 : 0x51
      var octets: [UInt8] = [first, 0, UInt8(address.length), address.type] + address.digits
      octets += [0, DataCoding(pieces.alphabet).octet, Self.validity] + coded
      parts.append(Part(length: octets.count, hex: Array("00") + octets.hex, octets: [0] + octets))
    }
    self.parts = parts
  }

  /// The text cut so that each piece fits, no character in two.
  private static func pieces(
    of text: [UInt8]
  ) -> (alphabet: DataCoding.Alphabet, bodies: [[UInt8]])? {
    if let septets = GSMAlphabet.septets(text) {
      var characters: [[UInt8]] = []
      for septet in septets {
        if characters.last?.count == 1, characters.last?.first == GSMAlphabet.escape {
          characters[characters.count - 1].append(septet)
        } else {
          characters.append([septet])
        }
      }
      return (.gsm7, cut(characters, whole: 160, part: 153))
    }
    guard let characters = UTF8Text.utf16(text) else { return nil }
    return (.ucs2, cut(characters, whole: UserData.limit, part: 134))
  }

  private static func cut(_ characters: [[UInt8]], whole: Int, part: Int) -> [[UInt8]] {
    let all = Array(characters.joined())
    if all.count <= whole { return [all] }
    var bodies: [[UInt8]] = [[]]
    for character in characters {
      if bodies[bodies.count - 1].count + character.count > part { bodies.append([]) }
      bodies[bodies.count - 1] += character
    }
    return bodies
  }

  /// TP-UDL and TP-UD.
  private static func userData(
    _ body: [UInt8], _ alphabet: DataCoding.Alphabet, header: [UInt8]
  ) -> [UInt8] {
    guard alphabet == .gsm7 else { return [UInt8(header.count + body.count)] + header + body }
    let headerSeptets = (header.count * 8 + 6) / 7
    let fill = headerSeptets * 7 - header.count * 8
    let packed = GSMAlphabet.pack(body, fill: fill)
    return [UInt8(headerSeptets + body.count)] + header + packed
  }
}

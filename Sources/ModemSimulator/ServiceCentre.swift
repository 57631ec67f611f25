import Primitives

/// What a service centre makes of a text for a device: SMS-DELIVER, TS 23.040 §9.2.2.1.
public struct CentreText: Equatable, Sendable {
  /// In their order, without the service centre's address; one for a text that fits.
  public let tpdus: [[UInt8]]
  /// TP-DCS: 0 for the default alphabet, 8 for UCS2 (TS 23.038 §4).
  public let coding: UInt8

  /// The most parts that a text is cut into.
  public static let partLimit = 10

  /// - Parameters:
  ///   - text: goes in the default alphabet where that has all its characters, else in UCS2.
  ///   - sender: up to 20 digits with or without `+`, or a name of up to 11 characters of the
  ///     default alphabet.
  ///   - utc: when the centre took it (TP-SCTS).
  ///   - reference: of a text in several parts; each has another.
  /// - Returns: nil for a sender that is neither, and for a text of more than `partLimit` parts.
  public init?(_ text: String, from sender: String, at utc: UTC, reference: UInt8) {
    guard let address = CentreAddress(sender) else { return nil }
    let septets = DefaultAlphabet.septets(text)
    let pieces: [[UInt8]] =
      septets.map { Self.cut($0, whole: 160, part: 153) }
      ?? Self.cut(text.unicodeScalars.map(Self.units), whole: 140, part: 134)
    guard pieces.count <= Self.partLimit else { return nil }
    let coding: UInt8 = septets == nil ? 8 : 0
    self.coding = coding
    tpdus = pieces.indices.map { index in
      let header: [UInt8] =
        pieces.count == 1
        ? [] : [5, 0, 3, reference, UInt8(pieces.count), UInt8(index + 1)]
      // TP-MMS is inverted: set when no more messages wait (§9.2.3.2). TP-UDHI is 0x40.
      let first: UInt8 = (index == pieces.count - 1 ? 0x04 : 0) | (header.isEmpty ? 0 : 0x40)
      return [first, address.length, address.type] + address.octets + [0, coding]
        + Self.timestamp(utc) + Self.userData(pieces[index], header, isPacked: septets != nil)
    }
  }

  /// Characters of one or more units each, none of which is split between two pieces.
  private static func cut(_ characters: [[UInt8]], whole: Int, part: Int) -> [[UInt8]] {
    let all = Array(characters.joined())
    if all.count <= whole { return [all] }
    return characters.reduce(into: [[]]) { pieces, character in
      if pieces[pieces.count - 1].count + character.count > part { pieces.append([]) }
      pieces[pieces.count - 1] += character
    }
  }

  /// UTF-16, most significant octet first.
  private static func units(_ scalar: Unicode.Scalar) -> [UInt8] {
    UTF16.encode(scalar)?.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } ?? []
  }

  /// TP-UDL and TP-UD; the text begins on a septet's border (§9.2.3.24).
  private static func userData(_ piece: [UInt8], _ header: [UInt8], isPacked: Bool) -> [UInt8] {
    guard isPacked else { return [UInt8(header.count + piece.count)] + header + piece }
    let room = (header.count * 8 + 6) / 7
    let septets = [UInt8](repeating: 0, count: room) + piece
    return [UInt8(septets.count)] + header + packed(septets).dropFirst(header.count)
  }

  /// Two digits an octet, the halves swapped, and no distance from UTC (§9.2.3.11).
  private static func timestamp(_ utc: UTC) -> [UInt8] {
    let digits = Array(utc.text.utf8).filter { $0.isASCIIDigit }.dropFirst(2)
    return semiOctets(Array(digits)) + [0]
  }
}

/// An originating address (TS 23.040 §9.1.2.5).
private struct CentreAddress {
  /// Of a number in digits, of a name in half octets that mean something.
  let length: UInt8
  let type: UInt8
  let octets: [UInt8]

  private static let nameLimit = 11

  init?(_ text: String) {
    let isInternational = text.utf8.first == UInt8(ascii: "+")
    let digits = Array(isInternational ? text.utf8.dropFirst() : text.utf8[...])
    if digits.allSatisfy({ $0.isASCIIDigit }), (1...MessageLimit.digits).contains(digits.count) {
      length = UInt8(digits.count)
      // The platform sends a number without a plus as a national one (type 161).
      type = isInternational ? 0x91 : 0xA1
      octets = semiOctets(digits)
      return
    }
    guard let characters = DefaultAlphabet.septets(text), !isInternational else { return nil }
    let septets = Array(characters.joined())
    guard (1...Self.nameLimit).contains(septets.count) else { return nil }
    length = UInt8((septets.count * 7 + 3) / 4)
    type = 0xD0
    octets = packed(septets)
  }
}

/// A message that a device has submitted, read: SMS-SUBMIT, TS 23.040 §9.2.2.2.
public struct SubmittedText: Equatable, Sendable {
  /// With `+` where the type of number is international.
  public let recipient: String
  /// 8-bit data is in hexadecimal.
  public let text: String
  public let coding: UInt8
  public let protocolIdentifier: UInt8
  /// The user data's header with its length, in hexadecimal; empty where there is none.
  public let header: String

  /// - Returns: nil where a field is missing or longer than it may be.
  public init?(tpdu: [UInt8]) {
    guard tpdu.count >= 4, tpdu[0] & 0x03 == 0x01, tpdu[2] <= MessageLimit.digits else {
      return nil
    }
    let digits = Int(tpdu[2])
    let codingAt = 4 + (digits + 1) / 2 + 1
    let lengthAt = codingAt + 1 + [0, 7, 1, 7][Int(tpdu[0] >> 3 & 0x03)]
    guard lengthAt < tpdu.count else { return nil }
    let number = tpdu[4..<(codingAt - 1)].flatMap { [$0 & 0x0F, $0 >> 4] }.prefix(digits)
    let marks = Array("0123456789*#abc?")
    recipient = (tpdu[3] & 0x70 == 0x10 ? "+" : "") + String(number.map { marks[Int($0)] })
    (protocolIdentifier, coding) = (tpdu[codingAt - 1], tpdu[codingAt])
    let data = Array(tpdu[(lengthAt + 1)...])
    let headerCount = tpdu[0] & 0x40 == 0 ? 0 : Int(data.first ?? 0) + 1
    guard data.count <= MessageLimit.userData, headerCount <= data.count else { return nil }
    header = String(decoding: Array(data.prefix(headerCount)).hex, as: UTF8.self)
    let body = data.dropFirst(headerCount)
    switch alphabet(ofCoding: coding) {
    case .septets:
      let room = (headerCount * 8 + 6) / 7
      let count = Int(tpdu[lengthAt]) - room
      guard count >= 0, (Int(tpdu[lengthAt]) * 7 + 7) / 8 <= data.count else { return nil }
      text = DefaultAlphabet.text(septets(data, count: count, skipping: room * 7))
    case .ucs2:
      let pairs = stride(from: body.startIndex, to: body.endIndex - 1, by: 2)
      let units = pairs.map { UInt16(body[$0]) << 8 | UInt16(body[$0 + 1]) }
      text = String(decoding: units, as: UTF16.self)
    case .octets: text = String(decoding: Array(body).hex, as: UTF8.self)
    }
  }
}

/// The default alphabet with its extension table (TS 23.038 §6.2.1).
enum DefaultAlphabet {
  private static let escape: UInt8 = 0x1B
  /// In the order of the codes; the escape stands for itself.
  private static let table = Array(
    ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{1B}ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
      + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà").unicodeScalars)
  private static let extensions: [(code: UInt8, scalar: Unicode.Scalar)] = [
    (0x0A, "\u{0C}"), (0x14, "^"), (0x28, "{"), (0x29, "}"), (0x2F, "\\"), (0x3C, "["),
    (0x3D, "~"), (0x3E, "]"), (0x40, "|"), (0x65, "€"),
  ]

  /// One code a character, two for one of the extension table; nil where a character has none.
  static func septets(_ text: String) -> [[UInt8]]? {
    var characters: [[UInt8]] = []
    for scalar in text.unicodeScalars {
      if let code = extensions.first(where: { $0.scalar == scalar })?.code {
        characters.append([escape, code])
      } else if let code = table.firstIndex(of: scalar), code != escape {
        characters.append([UInt8(code)])
      } else {
        return nil
      }
    }
    return characters
  }

  static func text(_ septets: [UInt8]) -> String {
    var scalars = String.UnicodeScalarView()
    var isEscaped = false
    for septet in septets {
      if septet == escape, !isEscaped {
        isEscaped = true
        continue
      }
      let extended = isEscaped ? extensions.first { $0.code == septet }?.scalar : nil
      scalars.append(extended ?? (septet == escape ? " " : table[Int(septet & 0x7F)]))
      isEscaped = false
    }
    return String(scalars)
  }
}

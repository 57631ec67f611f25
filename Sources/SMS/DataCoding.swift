/// How a message's user data is to be read. TS 23.038 §4.
public struct DataCoding: Hashable, Sendable {
  public enum Alphabet: Hashable, Sendable { case gsm7, data8, ucs2 }

  public let octet: UInt8

  public init(octet: UInt8) { self.octet = octet }

  /// The scheme that Godwit itself sends with.
  init(_ alphabet: Alphabet) {
    switch alphabet {
    case .gsm7: octet = 0x00
    case .data8: octet = 0x04
    case .ucs2: octet = 0x08
    }
  }

  /// nil for a compressed text, which nobody can read without TS 23.042. A reserved coding group
  /// and a reserved alphabet are read as the GSM alphabet.
  public var alphabet: Alphabet? {
    switch octet >> 4 {
    case 0...7:
      if octet & 0x20 != 0 { return nil }
      return octet >> 2 & 3 == 1 ? .data8 : octet >> 2 & 3 == 2 ? .ucs2 : .gsm7
    case 0xE: return .ucs2
    case 0xF: return octet & 4 == 0 ? .gsm7 : .data8
    default: return .gsm7
    }
  }

  /// 0 to be shown at once, 1 for the module, 2 for the card, 3 for the host; nil for none.
  public var messageClass: UInt8? {
    switch octet >> 4 {
    case 0...7: octet & 0x10 == 0 ? nil : octet & 3
    case 0xF: octet & 3
    default: nil
    }
  }
}

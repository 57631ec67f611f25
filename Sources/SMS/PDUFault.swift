/// Why a PDU can't be read, and where.
public struct PDUFault: Error, Equatable, Sendable {
  public enum Kind: Equatable, Sendable {
    case notHexadecimal, tooLong, tooShort, unknownKind, badAddress, badHeader, wrongLength
    case compressed, trailing
  }

  public let kind: Kind
  /// Which octet of the line that the modem gives, counted from 1; one past the last where some are
  /// missing.
  public let octet: Int

  public init(_ kind: Kind, octet: Int) {
    self.kind = kind
    self.octet = octet
  }

  /// What is wrong, to stand behind the PDU's name, and what to do.
  public var text: String {
    switch kind {
    case .notHexadecimal: "isn't hexadecimal: octet \(octet) isn't two digits of 0-9 and A-F"
    case .tooLong: "has more than \(PDU.limit) octets; give one message at a time"
    case .tooShort: "ends before octet \(octet); copy the whole line that the modem gave"
    case .unknownKind:
      "is no message of this direction, by octet \(octet); say --submit for one that the device sends, and only for that"
    case .badAddress: "has an address at octet \(octet) that isn't one"
    case .badHeader: "has a user data header at octet \(octet) that doesn't fit into it"
    case .wrongLength: "says in octet \(octet) that it is longer than a message can be"
    case .compressed: "is compressed (TS 23.042), by octet \(octet), which isn't read"
    case .trailing: "ends before octet \(octet), but goes on; give one message at a time"
    }
  }
}

import Primitives

/// A message as modems hand it over in PDU mode. TS 23.040 §9.2.2, TS 27.005 §3.1.
public enum PDU: Equatable, Sendable {
  case deliver(Deliver)
  case statusReport(StatusReport)
  case submit(Submit)

  /// From the service centre to the device, TS 23.040 §9.2.2.1.
  public struct Deliver: Equatable, Sendable {
    public var serviceCentre: SMSAddress?
    public var sender: SMSAddress
    /// 0 for an ordinary message (§9.2.3.9).
    public var protocolIdentifier: UInt8
    public var coding: DataCoding
    public var timestamp: SMSTimestamp?
    public var userData: UserData
  }

  /// What became of a message that was sent, §9.2.2.3.
  public struct StatusReport: Equatable, Sendable {
    public var serviceCentre: SMSAddress?
    public var reference: UInt8
    public var recipient: SMSAddress
    public var timestamp: SMSTimestamp?
    public var discharge: SMSTimestamp?
    public var status: UInt8
  }

  /// From the device to the service centre, §9.2.2.2.
  public struct Submit: Equatable, Sendable {
    public var serviceCentre: SMSAddress?
    public var reference: UInt8
    public var recipient: SMSAddress
    public var protocolIdentifier: UInt8
    public var coding: DataCoding
    public var userData: UserData
  }

  /// The most octets of a PDU: the service centre's twelve and the 164 of TS 27.005 §3.1.
  public static let limit = 176

  /// Reads a PDU as the modem gives it, the service centre's address first.
  ///
  /// - Parameter isFromDevice: whether the message was sent by the device: the two low bits of the
  ///   first octet mean something else in either direction.
  public init(hex text: [UInt8], isFromDevice: Bool = false) throws(PDUFault) {
    guard text.count <= 2 * Self.limit else { throw .tooLong }
    guard let octets = Self.octets(hex: text) else { throw .notHexadecimal }
    var reader = PDUReader(octets)
    let serviceCentre = try reader.serviceCentre()
    let first = try reader.octet()
    switch (first & 3, isFromDevice) {
    case (0, false): self = .deliver(try reader.deliver(serviceCentre, first))
    case (2, false): self = .statusReport(try reader.statusReport(serviceCentre))
    case (1, true): self = .submit(try reader.submit(serviceCentre, first))
    default: throw .unknownKind
    }
  }

  private static func octets(hex text: [UInt8]) -> [UInt8]? {
    guard text.count % 2 == 0 else { return nil }
    var octets: [UInt8] = []
    for index in stride(from: 0, to: text.count, by: 2) {
      guard let high = text[index].hexDigitValue, let low = text[index + 1].hexDigitValue else {
        return nil
      }
      octets.append(high << 4 | low)
    }
    return octets
  }
}

/// Why a PDU can't be read.
public enum PDUFault: Error, Equatable, Sendable {
  case notHexadecimal, tooLong, tooShort, unknownKind, badAddress, badHeader, wrongLength
  case compressed

  public var text: String {
    switch self {
    case .notHexadecimal: "isn't an even number of hexadecimal digits"
    case .tooLong: "has more than \(PDU.limit) octets; give one message at a time"
    case .tooShort: "ends too soon; copy the whole line that the modem gave"
    case .unknownKind:
      "is no message of this direction; say --submit for one that the device sends"
    case .badAddress: "has an address that isn't one"
    case .badHeader: "has a user data header that doesn't fit into it"
    case .wrongLength: "says that it is longer than a message can be"
    case .compressed: "is compressed (TS 23.042), which isn't read"
    }
  }
}

/// The fields of a PDU, one after another.
private struct PDUReader {
  private var reader: ByteReader

  init(_ octets: [UInt8]) { reader = ByteReader(octets) }

  mutating func octet() throws(PDUFault) -> UInt8 {
    guard let octet = reader.byte() else { throw .tooShort }
    return octet
  }

  private mutating func take(_ count: Int) throws(PDUFault) -> [UInt8] {
    guard let octets = reader.take(count) else { throw .tooShort }
    return octets
  }

  /// Its length counts octets, the type's included; 0 where the stored one holds.
  mutating func serviceCentre() throws(PDUFault) -> SMSAddress? {
    let length = Int(try octet())
    if length == 0 { return nil }
    guard length <= 11 else { throw .badAddress }
    let octets = try take(length)
    return SMSAddress(type: octets[0], length: (length - 1) * 2, octets: Array(octets.dropFirst()))
  }

  /// Its length counts digits.
  private mutating func address() throws(PDUFault) -> SMSAddress {
    let length = Int(try octet())
    guard length <= SMSAddress.digitLimit + 2 else { throw .badAddress }
    let type = try octet()
    let octets = try take((length + 1) / 2)
    guard let address = SMSAddress(type: type, length: length, octets: octets) else {
      throw .badAddress
    }
    return address
  }

  private mutating func userData(
    _ coding: DataCoding, hasHeader: Bool
  ) throws(PDUFault) -> UserData {
    let length = Int(try octet())
    return try UserData(
      octets: reader.rest(), length: length, coding: coding, hasHeader: hasHeader)
  }

  mutating func deliver(
    _ serviceCentre: SMSAddress?, _ first: UInt8
  ) throws(PDUFault) -> PDU.Deliver {
    let sender = try address()
    let identifier = try octet()
    let coding = DataCoding(octet: try octet())
    let timestamp = SMSTimestamp(octets: try take(7))
    return PDU.Deliver(
      serviceCentre: serviceCentre, sender: sender, protocolIdentifier: identifier,
      coding: coding, timestamp: timestamp,
      userData: try userData(coding, hasHeader: first & 0x40 != 0))
  }

  mutating func statusReport(_ serviceCentre: SMSAddress?) throws(PDUFault) -> PDU.StatusReport {
    let reference = try octet()
    let recipient = try address()
    let timestamp = SMSTimestamp(octets: try take(7))
    let discharge = SMSTimestamp(octets: try take(7))
    return PDU.StatusReport(
      serviceCentre: serviceCentre, reference: reference, recipient: recipient,
      timestamp: timestamp, discharge: discharge, status: try octet())
  }

  mutating func submit(
    _ serviceCentre: SMSAddress?, _ first: UInt8
  ) throws(PDUFault) -> PDU.Submit {
    let reference = try octet()
    let recipient = try address()
    let identifier = try octet()
    let coding = DataCoding(octet: try octet())
    switch first >> 3 & 3 {
    case 0: break
    case 2: _ = try octet()
    default: _ = try take(7)
    }
    return PDU.Submit(
      serviceCentre: serviceCentre, reference: reference, recipient: recipient,
      protocolIdentifier: identifier, coding: coding,
      userData: try userData(coding, hasHeader: first & 0x40 != 0))
  }
}

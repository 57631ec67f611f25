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
  /// - Parameters:
  ///   - isFromDevice: whether the message was sent by the device: the two low bits of the first
  ///     octet mean something else in either direction.
  ///   - isExact: whether octets behind a text are refused. Service centres do pad, so a device
  ///     passes over them; a person who has copied two lines into one wants to know.
  public init(
    hex text: [UInt8], isFromDevice: Bool = false, isExact: Bool = false
  ) throws(PDUFault) {
    guard text.count <= 2 * Self.limit else {
      throw PDUFault(.tooLong, octet: Self.limit + 1)
    }
    var reader = PDUReader(try Self.octets(hex: text))
    let serviceCentre = try reader.serviceCentre()
    let first = try reader.octet()
    switch (first & 3, isFromDevice) {
    case (0, false): self = .deliver(try reader.deliver(serviceCentre, first))
    case (2, false): self = .statusReport(try reader.statusReport(serviceCentre))
    case (1, true): self = .submit(try reader.submit(serviceCentre, first))
    default: throw reader.fault(.unknownKind, back: 1)
    }
    // A status report may go on with fields that nobody needs (§9.2.2.3).
    if isExact, first & 3 != 2, reader.remaining > 0 { throw reader.fault(.trailing) }
  }

  private static func octets(hex text: [UInt8]) throws(PDUFault) -> [UInt8] {
    var octets: [UInt8] = []
    for index in stride(from: 0, to: text.count, by: 2) {
      guard index + 1 < text.count, let high = text[index].hexDigitValue,
        let low = text[index + 1].hexDigitValue
      else { throw PDUFault(.notHexadecimal, octet: index / 2 + 1) }
      octets.append(high << 4 | low)
    }
    return octets
  }
}

/// The fields of a PDU, one after another.
private struct PDUReader {
  private var reader: ByteReader

  init(_ octets: [UInt8]) { reader = ByteReader(octets) }

  var remaining: Int { reader.remaining }

  /// What is wrong with the next octet, or with one that was read already.
  func fault(_ kind: PDUFault.Kind, back count: Int = 0) -> PDUFault {
    PDUFault(kind, octet: reader.offset + 1 - count)
  }

  private var tooShort: PDUFault {
    PDUFault(.tooShort, octet: reader.offset + reader.remaining + 1)
  }

  mutating func octet() throws(PDUFault) -> UInt8 {
    guard let octet = reader.byte() else { throw tooShort }
    return octet
  }

  private mutating func take(_ count: Int) throws(PDUFault) -> [UInt8] {
    guard let octets = reader.take(count) else { throw tooShort }
    return octets
  }

  /// Its length counts octets, the type's included; 0 where the stored one holds.
  mutating func serviceCentre() throws(PDUFault) -> SMSAddress? {
    let length = Int(try octet())
    if length == 0 { return nil }
    guard length <= 11 else { throw fault(.badAddress, back: 1) }
    let octets = try take(length)
    return SMSAddress(type: octets[0], length: (length - 1) * 2, octets: Array(octets.dropFirst()))
  }

  /// Its length counts digits.
  private mutating func address() throws(PDUFault) -> SMSAddress {
    let length = Int(try octet())
    guard length <= SMSAddress.digitLimit + 2 else { throw fault(.badAddress, back: 1) }
    let type = try octet()
    let octets = try take((length + 1) / 2)
    guard let address = SMSAddress(type: type, length: length, octets: octets) else {
      throw fault(.badAddress, back: octets.count + 2)
    }
    return address
  }

  private mutating func coding() throws(PDUFault) -> DataCoding {
    let coding = DataCoding(octet: try octet())
    if coding.alphabet == nil { throw fault(.compressed, back: 1) }
    return coding
  }

  private mutating func userData(
    _ coding: DataCoding, hasHeader: Bool
  ) throws(PDUFault) -> UserData {
    let length = Int(try octet())
    let first = reader.offset + 1
    guard let count = UserData.octetCount(length: length, coding: coding) else {
      throw fault(.wrongLength, back: 1)
    }
    let octets = try take(count)
    guard
      let userData = UserData(octets: octets, length: length, coding: coding, hasHeader: hasHeader)
    else { throw PDUFault(.badHeader, octet: first) }
    return userData
  }

  mutating func deliver(
    _ serviceCentre: SMSAddress?, _ first: UInt8
  ) throws(PDUFault) -> PDU.Deliver {
    let sender = try address()
    let identifier = try octet()
    let coding = try coding()
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
    let coding = try coding()
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

import Primitives

/// The identity of the equipment: 15 digits, the last one a check digit. TS 23.003 §6.2.
public struct IMEI: Hashable, Sendable {
  public let digits: [UInt8]

  /// - Returns: nil unless `text` is 15 digits. The check digit isn't checked: test units and
  ///   some makers get it wrong.
  public init?(_ text: [UInt8]) {
    guard text.count == 15, text.allSatisfy({ $0.isASCIIDigit }) else { return nil }
    digits = text
  }
}

/// The identity of the subscription: 6 to 15 digits, country code in front. TS 23.003 §2.2.
/// A multi-IMSI SIM changes it at run time.
public struct IMSI: Hashable, Sendable {
  public let digits: [UInt8]

  public init?(_ text: [UInt8]) {
    guard (6...15).contains(text.count), text.allSatisfy({ $0.isASCIIDigit }) else { return nil }
    digits = text
  }
}

/// The serial number of the card: 18 to 20 digits, often with a filler F. ITU-T E.118 §4.
public struct ICCID: Hashable, Sendable {
  public let digits: [UInt8]

  public init?(_ text: [UInt8]) {
    var digits = text
    while let last = digits.last, last | 0x20 == UInt8(ascii: "f") { digits.removeLast() }
    guard (18...20).contains(digits.count), digits.allSatisfy({ $0.isASCIIDigit }) else {
      return nil
    }
    self.digits = digits
  }
}

/// An operator: three digits of country, two or three of network. TS 23.003 §2.2.
public struct PLMN: Hashable, Sendable {
  public let digits: [UInt8]

  public init?(_ text: [UInt8]) {
    guard (5...6).contains(text.count), text.allSatisfy({ $0.isASCIIDigit }) else { return nil }
    digits = text
  }

  /// Three octets as TS 24.008 §10.5.1.13 codes them, nibbles swapped: 90143 is 09 F1 34.
  public var octets: [UInt8] {
    let d = digits.map { $0 - UInt8(ascii: "0") }
    let third: UInt8 = d.count == 6 ? d[5] : 0xF
    return [d[1] << 4 | d[0], third << 4 | d[2], d[4] << 4 | d[3]]
  }
}

/// What is known of the module and its card.
public struct ModuleIdentity: Equatable, Sendable {
  /// As the module prints them, 64 bytes at most; empty when not read.
  public var maker: [UInt8] = []
  public var model: [UInt8] = []
  public var firmware: [UInt8] = []
  public var imei: IMEI?
  public var imsi: IMSI?
  public var iccid: ICCID?

  public init() {}
}

/// The state of the card, `+CPIN`. TS 27.007 §8.3.
public enum SIMState: Equatable, Sendable {
  case ready
  /// A PIN or PUK is wanted.
  case locked
  case notReady

  /// - Parameter line: `+CPIN: …`.
  public init?(_ line: [UInt8]) {
    let text = ParameterList(line).text(0)
    if text.isEmpty { return nil }
    if text.equals("READY") {
      self = .ready
    } else if text.equals("NOT READY") || text.equals("NOT INSERTED") {
      self = .notReady
    } else {
      self = .locked
    }
  }
}

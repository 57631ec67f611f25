import Primitives

/// An access point name: labels of letters, digits and inner hyphens, 100 bytes at most.
/// TS 23.003 §9.1.
public struct APN: Hashable, Sendable {
  public static let lengths = 1...100
  public let bytes: [UInt8]

  /// The network is to choose: the subscription's own one.
  public static let blank = APN(unchecked: [])
  private init(unchecked bytes: [UInt8]) { self.bytes = bytes }

  /// - Returns: nil when `text` is no access point name.
  public init?(_ text: [UInt8]) {
    guard Self.lengths.contains(text.count) else { return nil }
    for label in text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
      guard (1...63).contains(label.count), label.first != UInt8(ascii: "-"),
        label.last != UInt8(ascii: "-")
      else { return nil }
      for byte in label {
        guard byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "-") else {
          return nil
        }
      }
    }
    bytes = text
  }

  /// Whether a modem's text names the same access point: letters of either case (TS 23.003 §9.1),
  /// an operator's suffix (`em.mnc043.mcc901.gprs`) left aside.
  public func isNamed(by text: [UInt8]) -> Bool {
    if bytes.isEmpty { return text.isEmpty }
    guard text.count >= bytes.count else { return false }
    for (mine, other) in zip(bytes, text) {
      let isSame = mine == other || (mine.isASCIILetter && mine | 0x20 == other | 0x20)
      if !isSame { return false }
    }
    return text.count == bytes.count || text[bytes.count...].hasPrefix(".mnc")
  }
}

/// A user name or password for the access point: 0 to 64 visible ASCII bytes, neither `"` nor `\`.
public struct CredentialText: Hashable, Sendable {
  public static let lengths = 0...64
  public let bytes: [UInt8]

  public init?(_ text: [UInt8]) {
    guard Self.lengths.contains(text.count) else { return nil }
    for byte in text {
      guard (0x21...0x7E).contains(byte), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\")
      else { return nil }
    }
    bytes = text
  }

  public static let none = CredentialText(unchecked: [])
  private init(unchecked bytes: [UInt8]) { self.bytes = bytes }
}

/// How the access point wants to be shown who comes (TS 27.007 §10.1.31).
public enum AccessAuthentication: Hashable, Sendable {
  case none
  case pap(user: CredentialText, password: CredentialText)
  case chap(user: CredentialText, password: CredentialText)
}

/// The access point and how to be let in.
public struct AccessPoint: Hashable, Sendable {
  public var apn: APN
  public var authentication: AccessAuthentication

  public init(apn: APN, authentication: AccessAuthentication = .none) {
    self.apn = apn
    self.authentication = authentication
  }
}

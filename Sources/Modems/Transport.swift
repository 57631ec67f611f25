import AT
import Primitives

/// What carries the bytes.
public enum Transport: Hashable, Sendable {
  case udp, tcp
  /// TLS 1.2 or later over TCP, by the module itself.
  case tls(TLSTrust)

  /// Bytes in a row, rather than datagrams.
  public var isStream: Bool { self != .udp }

  public var trust: TLSTrust? {
    if case .tls(let trust) = self { return trust }
    return nil
  }
}

/// Whom a TLS server's certificate must come from.
public enum TLSTrust: Hashable, Sendable {
  /// Any certificate passes: whoever is in the way can read and change everything. For tests only.
  case nobody
  /// A CA certificate that the module stores.
  case certificate(CertificateName)
}

/// Under which name, or in which numbered slot, the module stores a certificate: 1 to 32 letters,
/// digits, dots, underscores and hyphens. A family with slots takes decimal digits only.
public struct CertificateName: Hashable, Sendable {
  public let bytes: [UInt8]

  public init?(_ text: [UInt8]) {
    guard (1...Self.limit).contains(text.count) else { return nil }
    for byte in text {
      guard
        byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: ".")
          || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
      else { return nil }
    }
    bytes = text
  }

  /// Longest name in bytes.
  public static let limit = 32

  /// nil for a name that isn't a number.
  public var slot: Int? {
    bytes.asciiWholeNumber.flatMap { $0 <= Self.slotLimit ? Int($0) : nil }
  }

  private static let slotLimit: Int64 = 255
}

extension CertificateName: CommandText {
  public var commandText: [UInt8] { bytes }
}

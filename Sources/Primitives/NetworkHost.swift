/// Where a server is: an address or a name that is safe inside a quoted AT string.
public enum NetworkHost: Hashable, Sendable {
  case ipv4(IPv4Address)
  case name(HostName)

  /// - Returns: nil when `text` is neither a dotted address nor a host name.
  public init?(_ text: [UInt8]) {
    if let address = IPv4Address(text) {
      self = .ipv4(address)
    } else if let name = HostName(text) {
      self = .name(name)
    } else {
      return nil
    }
  }

  /// ASCII letters, digits, `-` and `.` only.
  public var bytes: [UInt8] {
    switch self {
    case .ipv4(let address): address.bytes
    case .name(let name): name.bytes
    }
  }
}

/// An IPv4 address in dotted form (RFC 791 §3.2; four decimal numbers without leading zeros).
public struct IPv4Address: Hashable, Sendable {
  public let octets: (UInt8, UInt8, UInt8, UInt8)

  public init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) { octets = (a, b, c, d) }

  public init?(_ text: [UInt8]) {
    let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var octets: [UInt8] = []
    for part in parts {
      guard part.count == 1 || (part.count <= 3 && part.first != UInt8(ascii: "0")),
        let value = part.asciiWholeNumber, value <= 255
      else { return nil }
      octets.append(UInt8(value))
    }
    self.init(octets[0], octets[1], octets[2], octets[3])
  }

  public var bytes: [UInt8] {
    Array("\(octets.0).\(octets.1).\(octets.2).\(octets.3)".utf8)
  }

  public static func == (a: IPv4Address, b: IPv4Address) -> Bool { a.octets == b.octets }
  public func hash(into hasher: inout Hasher) {
    hasher.combine([octets.0, octets.1, octets.2, octets.3])
  }
}

/// A host name: labels of letters, digits and inner hyphens (RFC 1123 §2.1; 253 bytes at most,
/// RFC 1035 §2.3.4), the last of which is not all digits. Kept in lower case, without a final dot.
public struct HostName: Hashable, Sendable {
  public let bytes: [UInt8]

  public init?(_ text: [UInt8]) {
    let name = text.last == UInt8(ascii: ".") ? Array(text.dropLast()) : text
    guard (1...253).contains(name.count) else { return nil }
    let labels = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    for label in labels {
      guard (1...63).contains(label.count), label.first != UInt8(ascii: "-"),
        label.last != UInt8(ascii: "-")
      else { return nil }
      for byte in label {
        guard byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "-") else {
          return nil
        }
      }
    }
    guard let last = labels.last, last.asciiWholeNumber == nil else { return nil }
    var lower: [UInt8] = []
    for byte in name { lower.append(byte.isASCIILetter ? byte | 0x20 : byte) }
    bytes = lower
  }
}

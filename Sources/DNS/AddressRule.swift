import Primitives

/// Which addresses an answer may give. A wrong or hostile server must not lead a device to itself, to
/// its own network, or nowhere.
public struct AddressRule: Equatable, Sendable {
  /// Whether a name may lead to a private address: in a private network it does.
  public var allowsPrivate: Bool

  public init(allowsPrivate: Bool = false) { self.allowsPrivate = allowsPrivate }

  /// The same for one name: a private one, which no public name server may know, leads to a private
  /// address as a rule: one label alone, `.internal` (ICANN resolution 2024.07.29.06) and
  /// `.home.arpa` (RFC 8375).
  public func applied(to name: HostName) -> AddressRule {
    let labels = name.bytes.split(separator: UInt8(ascii: "."))
    let isPrivate =
      labels.count == 1 || labels[labels.count - 1].equals("internal")
      || labels[labels.count - 1].equals("arpa") && labels[labels.count - 2].equals("home")
    return AddressRule(allowsPrivate: allowsPrivate || isPrivate)
  }

  public func allows(_ address: DNSAddress) -> Bool {
    switch address {
    case .ipv4(let address): allows(address)
    case .ipv6(let address): allows(address)
    }
  }

  /// The special blocks of RFC 6890 §2.2.2.
  public func allows(_ address: IPv4Address) -> Bool {
    let (a, b, c, d) = address.octets
    switch a {
    case 0, 127: return false  // This network, loopback.
    case 224...255: return false  // Multicast, reserved, broadcast.
    case 169 where b == 254: return false  // Link-local.
    case 192 where b == 0 && c == 0: return d == 9 || d == 10  // Protocol assignments.
    case 10: return allowsPrivate
    case 172 where b & 0xF0 == 16: return allowsPrivate
    case 192 where b == 168: return allowsPrivate
    case 100 where b & 0xC0 == 64: return allowsPrivate  // Shared by an operator's customers.
    default: return true
    }
  }

  /// RFC 6890 §2.2.3; an address that holds an IPv4 one is judged by that.
  private func allows(_ address: IPv6Address) -> Bool {
    let octets = address.octets
    if octets.prefix(10).allSatisfy({ $0 == 0 }), octets[10] == octets[11],
      octets[10] == 0 || octets[10] == 0xFF
    {
      // Unspecified, loopback, and the old and the new form of an IPv4 address in IPv6.
      return octets[10] == 0xFF
        && allows(IPv4Address(octets[12], octets[13], octets[14], octets[15]))
    }
    switch octets[0] {
    case 0xFF: return false  // Multicast.
    case 0xFE: return octets[1] & 0xC0 == 0xC0 && allowsPrivate  // Link-local; the old site-local.
    case 0xFC, 0xFD: return allowsPrivate  // Unique local.
    default: return true
    }
  }
}

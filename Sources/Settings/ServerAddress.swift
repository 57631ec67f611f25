import Primitives

/// Where reports go: `coap://host[:port]/path` (RFC 7252 §6.1), in its parts.
public struct ServerAddress: Equatable, Sendable {
  public let host: NetworkHost
  public let port: UInt16
  /// The segments between the slashes, none empty; none at all for the server's root.
  public let path: [[UInt8]]

  /// The port of CoAP without security (RFC 7252 §12.6).
  public static let defaultPort: UInt16 = 5683
  /// In bytes, scheme and all.
  public static let lengthLimit = 255

  init(trusted host: NetworkHost) {
    self.host = host
    port = Self.defaultPort
    path = []
  }

  public init(_ text: [UInt8]) throws(ValueProblem) {
    try Self.rule.check(text)
    let scheme: StaticString = "coap://"
    guard text.hasPrefix(scheme) else { throw .scheme }
    let rest = text.dropFirst(scheme.utf8CodeUnitCount)
    let authority = rest.prefix { $0 != UInt8(ascii: "/") }
    for byte in rest where byte.isOne(of: "?#@") { throw .query }
    if authority.first == UInt8(ascii: "[") { throw .ipv6 }
    let name = authority.prefix { $0 != UInt8(ascii: ":") }
    guard let host = NetworkHost(Array(name)) else { throw .host }
    if name.count == authority.count {
      port = Self.defaultPort
    } else {
      guard let number = authority.dropFirst(name.count + 1).asciiWholeNumber,
        let port = UInt16(exactly: number), port > 0
      else { throw .port }
      self.port = port
    }
    self.host = host
    path = try Self.segments(Array(rest.dropFirst(authority.count)))
  }

  /// `coap://host:port/path`, the port only where it isn't the default.
  public var bytes: [UInt8] {
    var text = Array("coap://") + host.bytes
    if port != Self.defaultPort { text += Array(":\(port)".utf8) }
    for segment in path { text += [UInt8(ascii: "/")] + segment }
    return path.isEmpty ? text + [UInt8(ascii: "/")] : text
  }

  private static func segments(_ path: [UInt8]) throws(ValueProblem) -> [[UInt8]] {
    var segments: [[UInt8]] = []
    let parts = path.dropFirst().split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    for part in parts {
      if part.isEmpty, parts.count == 1 { break }
      guard !part.isEmpty, !part.allSatisfy({ $0 == UInt8(ascii: ".") }) else { throw .segment }
      segments.append(Array(part))
    }
    return segments
  }

  static let rule = TextRule(
    lengths: 1...lengthLimit, allowed: "letters, digits and : / . - _ ~"
  ) {
    // '?', '#', '@', '[' and ']' pass here: they get a better explanation afterwards.
    $0.isASCIILetter || $0.isASCIIDigit || $0.isOne(of: ":/.-_~?#@[]")
  }
}

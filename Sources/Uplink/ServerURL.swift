import Primitives

/// Where reports go: `coap://host[:port][/path]` (RFC 7252 §6.1), checked.
public struct ServerURL: Equatable, Sendable {
  /// How the server is spoken to. CoAP over UDP is the one kind there is so far.
  public enum Scheme: Equatable, Sendable {
    case coap

    /// UDP port where the URL names none (RFC 7252 §6.1).
    public var defaultPort: UInt16 { 5683 }
  }

  /// Longest URL, in bytes.
  public static let sizeLimit = 512
  /// Longest path segment, in bytes (RFC 7252 §5.10.1, Uri-Path).
  public static let segmentLimit = 255

  public let scheme: Scheme
  public let host: NetworkHost
  /// 1 to 65,535.
  public let port: UInt16
  /// Percent-decoded segments; empty for no path and for `/` (§6.4, steps 8 and 9).
  public let path: [[UInt8]]

  public init(_ text: [UInt8]) throws(ServerURLError) {
    guard text.count <= Self.sizeLimit else { throw .tooLong(bytes: text.count) }
    guard let mark = text.firstIndex(of: UInt8(ascii: ":")), text[mark...].hasPrefix("://") else {
      throw .noScheme
    }
    guard text[..<mark].map({ $0.isASCIILetter ? $0 | 0x20 : $0 }).equals("coap") else {
      throw .unsupportedScheme
    }
    scheme = .coap
    let rest = text[(mark + 3)...]
    for byte in rest where byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") {
      throw .queryOrFragment
    }
    let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
    (host, port) = try Self.authority(Array(rest[..<end]), scheme)
    path = try Self.path(Array(rest[end...]))
  }

  private static func authority(
    _ text: [UInt8], _ scheme: Scheme
  ) throws(ServerURLError) -> (NetworkHost, UInt16) {
    if text.contains(UInt8(ascii: "@")) { throw .userInformation }
    if text.first == UInt8(ascii: "[") { throw .ipv6 }
    let parts = text.split(
      separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
    guard let host = NetworkHost(Array(parts[0])) else { throw .badHost }
    guard parts.count == 2, !parts[1].isEmpty else { return (host, scheme.defaultPort) }
    guard let number = parts[1].asciiWholeNumber, let port = UInt16(exactly: number), port > 0
    else { throw .badPort }
    return (host, port)
  }

  private static func path(_ text: [UInt8]) throws(ServerURLError) -> [[UInt8]] {
    if text.count <= 1 { return [] }
    var segments: [[UInt8]] = []
    for part in text[1...].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      let segment = try decoded(Array(part))
      guard segment.count <= segmentLimit, !segment.equals("."), !segment.equals("..") else {
        throw .badPath
      }
      segments.append(segment)
    }
    return segments
  }

  /// Takes the characters of a path segment (RFC 3986 §3.3) and resolves percent-encoding.
  private static func decoded(_ part: [UInt8]) throws(ServerURLError) -> [UInt8] {
    var segment: [UInt8] = []
    var index = 0
    while index < part.count {
      let byte = part[index]
      if byte == UInt8(ascii: "%") {
        guard index + 2 < part.count, let high = part[index + 1].hexDigitValue,
          let low = part[index + 2].hexDigitValue
        else { throw .badPath }
        segment.append(high << 4 | low)
        index += 3
      } else {
        guard byte.isPathByte else { throw .badPath }
        segment.append(byte)
        index += 1
      }
    }
    return segment
  }
}

/// Why a text is no server URL.
public enum ServerURLError: Error, Equatable, Sendable, CustomStringConvertible {
  case tooLong(bytes: Int)
  case noScheme
  case unsupportedScheme
  case userInformation
  case ipv6
  case badHost
  case badPort
  case badPath
  case queryOrFragment

  public var description: String {
    switch self {
    case .tooLong(let bytes): "has \(bytes) bytes; use at most \(ServerURL.sizeLimit)"
    case .noScheme: "has no scheme; write coap://host[:port]/path"
    case .unsupportedScheme: "has a scheme that isn't supported; write coap://host[:port]/path"
    case .userInformation: "has a user name; CoAP URLs have none, leave it out"
    case .ipv6: "has an IPv6 address; give an IPv4 address or a host name"
    case .badHost: "has no valid host; give an IPv4 address or a host name"
    case .badPort: "has no valid port; use 1 to 65535, or leave it out for 5683"
    case .badPath:
      "has a path that isn't valid; use percent-encoding, segments up to 255 bytes, no '.' or '..'"
    case .queryOrFragment: "has a query or fragment; leave out '?' and '#' and what follows"
    }
  }
}

extension UInt8 {
  /// pchar of RFC 3986 §3.3 without percent-encoding: unreserved, sub-delims, `:` and `@`.
  fileprivate var isPathByte: Bool {
    if isASCIILetter || isASCIIDigit { return true }
    return Array("-._~!$&'()*+,;=:@").contains(self)
  }
}

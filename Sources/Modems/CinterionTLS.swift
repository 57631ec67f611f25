import AT
import Primitives

extension CinterionEXS82 {
  /// `socktcps://`, EHS6 AT manual. How a certificate is stored and chosen isn't known, so one is
  /// never promised to be checked.
  ///
  /// UNVERIFIED: `secopt`, 0 to check nothing. Where the line with it is refused, the service is
  /// described without it, and the module's own choice stands.
  static let secureSocket = socket.secured(SocketSecurity(.none) { _ in [] })

  static func security(_ target: LinkTarget) -> StaticString {
    target.transport.trust == nil ? "" : "^SISS=0,\"secopt\",\"0\";"
  }
}

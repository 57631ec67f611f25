import AT
import Primitives

extension FibocomL610 {
  /// TLS 1.2 without a check of the server. The module forgets its trusted certificates with its
  /// power, so none can be named. Code in the field.
  static let secureSocket = socket.secured(
    SocketSecurity(.none) { _ in [Exchange("AT+GTSSLVER=4"), Exchange("AT+GTSSLMODE=0")] })

  /// As `+MIPOPEN` has it.
  static func code(_ transport: Transport) -> Int {
    switch transport {
    case .tcp: 0
    case .udp: 1
    case .tls: 2
    }
  }
}

import AT
import Primitives

extension SierraHL78 {
  /// Security profile 0, with a root certificate by its slot (`+KCERTSTORE=0,<size>,<slot>`).
  /// Zephyr's driver for the HL78xx.
  ///
  /// UNVERIFIED: the last but one value of `+KSSLCRYPTO`; Zephyr's 3 checks the server and has the
  /// server check the module, 0 is taken for neither. The dates and the server's name aren't known
  /// to be checked. Where a certificate isn't taken the module says so as it connects.
  private static let security = SocketSecurity(.slot(0...3)) { target in
    [
      Exchange("AT+KSSLCFG=0,3", mayFail: true),  // TLS 1.2, in the field
      target.certificate.flatMap { $0.slot }.map {
        Exchange("AT+KSSLCRYPTO=0,8,1,8192,4,4,3,\($0)")
      } ?? Exchange("AT+KSSLCRYPTO=0,8,1,8192,4,4,0,0"),
    ]
  }

  static let secureSocket = socket.secured(security)
}

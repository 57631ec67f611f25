import AT
import Primitives

extension SARA {
  /// Security profile 0, SARA-R4 AT manual §20, ubxlib. Reset first, so that nothing is left of
  /// what another host wanted.
  ///
  /// Its levels are 1 the certificate, 2 the server's name too, 3 the dates too: without a name
  /// neither is checked. The SARA-R410M-02B can't ask for a server by its name; there it answers
  /// by its address.
  static let security = SocketSecurity(.name, asksClock: true) { target in
    var steps = [
      Exchange("AT+USECPRF=0"), Exchange("AT+USECPRF=0,1,3"),  // TLS 1.2 at least
    ]
    var level = 0
    if let certificate = target.certificate {
      steps.append(Exchange("AT+USECPRF=0,3,\"\(certificate)\""))
      level = 1
      if target.hasName == 1 {
        // The level is refused before the name that it wants.
        steps.append(Exchange("AT+USECPRF=0,4,\"\(target.host)\""))
        level = target.isClockSet ? 3 : 2
      }
    }
    steps.append(Exchange("AT+USECPRF=0,0,\(level)"))
    if target.hasName == 1 {
      steps.append(Exchange("AT+USECPRF=0,10,\"\(target.host)\"", mayFail: true))
    }
    return steps
  }

  /// From the socket's being attached to the profile to its connection, ubxlib.
  static let securityPause = Duration.milliseconds(250)
}

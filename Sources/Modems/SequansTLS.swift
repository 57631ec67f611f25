import AT
import Primitives

extension GM02S {
  /// Security profile 1, with a CA certificate by its slot (`+SQNSNVW="certificate",<slot>`); as
  /// the driver for the GM02SP sends it. What is checked is 0 nothing, 1 the certificate and its
  /// dates, 5 the server's name too: the dates can't be left alone, so the clock must be set.
  private static let security = SocketSecurity(.slot(0...19)) { target in
    let profile =
      target.certificate.flatMap { $0.slot }.map { slot in
        Exchange(
          "AT+SQNSPCFG=1,2,\"\",\(target.hasName == 1 ? 5 : 1),\(slot),,,\"\",\"\",0,1,0",
          answers: [.named("+SQNSPCFG")], timeout: .seconds(5))
      }
      ?? Exchange(
        "AT+SQNSPCFG=1,2,\"\",0,,,,\"\",\"\",0,1,0", answers: [.named("+SQNSPCFG")],
        timeout: .seconds(5))
    return [profile, Exchange("AT+SQNSSCFG=\(secureNumber),1,1", timeout: .seconds(5))]
  }

  /// Not the plain socket's: what is configured may be kept.
  static let secureNumber = 2
  static let secureSocket = sockets(secureNumber).secured(security)
}

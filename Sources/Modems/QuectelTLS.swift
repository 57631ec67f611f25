import AT
import Primitives

extension BG95 {
  /// TLS context 1, BG96 SSL application note V1.0, BG95 and BG77 SSL note V1.1. By default the
  /// module checks nothing, so everything is set, each time: nothing says what survives a start.
  ///
  /// `sni` and `checkhost` aren't in the BG96's note; where they are refused, the module has
  /// neither. `checkhost` and the number of seconds in `negotiatetime` are named, their defaults
  /// left where they are refused.
  static let security = SocketSecurity(.name, asksClock: true) { target in
    var steps = [
      Exchange("AT+QSSLCFG=\"sslversion\",1,3"),  // TLS 1.2
      Exchange("AT+QSSLCFG=\"ciphersuite\",1,0XFFFF"),  // quoted, it is refused
    ]
    if let certificate = target.certificate {
      steps += [
        Exchange("AT+QSSLCFG=\"seclevel\",1,1"),
        Exchange("AT+QSSLCFG=\"cacert\",1,\"\(certificate)\""),
        Exchange("AT+QSSLCFG=\"ignorelocaltime\",1,\(target.ignoresDates)"),
        Exchange("AT+QSSLCFG=\"checkhost\",1,\(target.hasName)", mayFail: true),
      ]
    } else {
      steps.append(Exchange("AT+QSSLCFG=\"seclevel\",1,0"))
    }
    return steps + [
      Exchange("AT+QSSLCFG=\"sni\",1,\(target.hasName)", mayFail: true),
      Exchange("AT+QSSLCFG=\"negotiatetime\",1,\(negotiationSeconds)", mayFail: true),
    ]
  }

  /// 10 to 300; the module's own is 300, which a server that says nothing makes the radio stay on.
  private static let negotiationSeconds = 60
  static let secureOpenLimit = Duration.seconds(150 + negotiationSeconds)
}

import AT
import Cellular
import Primitives

extension TelitME910 {
  /// The one secure socket, 1, with the CA certificate that `#SSLSECDATA=1,1,1` has stored for it:
  /// the name is `1`. Telit's own library, LE910 guide.
  ///
  /// UNVERIFIED: the versions behind the numbers of `#SSLSECCFG2` (models differ; 4 is that of
  /// Telit's library), and the text of `SSLSRING`, of which both forms are understood. Where a
  /// command is refused there is no connection.
  private static let security = SocketSecurity(.slot(1...1)) { target in
    let checks = target.certificate == nil ? 0 : 1
    let skipsName = checks == 1 ? 1 - target.hasName : 1
    return [
      Exchange("AT#SSLEN=1,1", mayFail: true),  // refused where it is on
      // No end for want of traffic; `SSLSRING` with a count.
      Exchange("AT#SSLCFG=1,1,0,0,100,50,1,0,\(skipsName),0"),
      Exchange("AT#SSLSECCFG=1,0,\(checks)"),
      // With the custom CA, and none of those that the module came with.
      Exchange("AT#SSLSECCFG2=1,4,\(target.hasName),0,\(checks)"),
    ]
  }

  /// A read waits for 100 ms where nothing is there.
  static let secureSocket = SocketCommands(
    open: { target, progress in
      progress.step == 0
        ? .run(
          Exchange(
            "AT#SSLD=1,\(target.port),\"\(target.host)\",0,1,100", timeout: .seconds(75),
            completion: .call))
        : .open
    },
    note: note, sendLimit: 1000,  // more is refused in the field
    send: { payload, _, _ in
      Exchange("AT#SSLSENDEXT=1,\(payload.count)", timeout: .seconds(30), payload: payload)
    },
    read: { _ in
      Exchange(
        "AT#SSLRECV=1,1000,1", answers: [.named("#SSLRECV")], timeout: .seconds(10),
        mayFail: true, countedBytes: { ParameterList($0).integer(0) })
    },
    close: { _ in Exchange("AT#SSLH=1,0", timeout: .seconds(10), mayFail: true) },
    failure: failure, security: security)
}

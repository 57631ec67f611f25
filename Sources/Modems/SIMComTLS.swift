import AT
import Cellular
import Primitives

extension SIM7080 {
  /// SSL context 0 for connection 0, SIM7080 AT manual V1.02 §12.2.2; the keys of `+CSSLCFG` in
  /// lower case, as TinyGSM found. The certificate has to be converted where it is stored
  /// (`AT+CSSLCFG="convert"`). The module doesn't compare the server's name.
  static let security = SocketSecurity(.name, asksClock: true) { target in
    var steps = [Exchange("AT+CSSLCFG=\"sslversion\",0,3")]  // TLS 1.2
    if target.certificate != nil {
      // Refused, the dates are checked.
      steps.append(
        Exchange("AT+CSSLCFG=\"ignorertctime\",0,\(target.ignoresDates)", mayFail: true))
    }
    if target.hasName == 1 {
      steps.append(Exchange("AT+CSSLCFG=\"sni\",0,\"\(target.host)\"", mayFail: true))
    }
    steps.append(Exchange("AT+CASSLCFG=0,\"SSL\",1"))
    steps.append(Exchange("AT+CASSLCFG=0,\"CRINDEX\",0"))
    if let certificate = target.certificate {
      steps.append(Exchange("AT+CASSLCFG=0,\"CACERT\",\"\(certificate)\""))
    } else {
      // Without one any passes; refused, the one that is left over is asked for.
      steps.append(Exchange("AT+CASSLCFG=0,\"CACERT\",\"\"", mayFail: true))
    }
    return steps
  }

  /// The connection's number keeps its security, which a plain one mustn't have.
  static let secureSocket: SocketCommands = {
    var socket = SIM7080.socket.secured(security)
    socket.close = { _ in
      Exchange(
        "AT+CACLOSE=0;+CASSLCFG=0,\"SSL\",0", answers: [.named("+CACLOSE")],
        timeout: .seconds(15))
    }
    return socket
  }()
}

/// What the SIM7000 has of its own: its secure sockets are the SIM7080's, over a bearer of their
/// own. SIM7000 SSL application note; a log of TinyGSM's issue 507.
///
/// UNVERIFIED: that `+CNACT` comes up beside the session of `+CIICR`. Where it doesn't, the
/// connection is refused as one without a network.
enum SIM7000 {
  static let secureSocket: SocketCommands = {
    var socket = SIM7080.secureSocket
    socket.security = SocketSecurity(.name, asksClock: true) { target in
      // Refused where it is up already.
      let bearer: CommandLine =
        target.accessPoint.map { "AT+CNACT=1,\"\($0.apn)\"" } ?? "AT+CNACT=1"
      return [Exchange(bearer, timeout: .seconds(10), mayFail: true), Exchange("AT+CACID=0")]
        + SIM7080.security.setUp(target)
    }
    socket.open = { target, progress in
      .command(
        Exchange(
          "AT+CAOPEN=0,\"\(target.host)\",\(target.port)", answers: [.named("+CAOPEN")],
          timeout: .seconds(80)),
        then: .seconds(80), progress)
    }
    socket.note = { answer, progress in
      let failure = SIM7080.note(answer, &progress)
      return failure == .context ? .busy : failure
    }
    socket.failure = failure
    return socket
  }()

  /// The bearer may need a moment, and isn't the one that the link looks after.
  private static let failure: @Sendable (Int) -> SocketFailure = { result in
    let failure = SIM7080.failure(result)
    return failure == .context ? .busy : failure
  }

  static let meaning: @Sendable ([UInt8]) -> ModuleURC = { line in
    line.hasPrefix("+CA") ? SIM7080.meaning(line) : CIPStack.meaning(line)
  }
}

extension SIM7600 {
  /// SSL context 0 and session 0, as TinyGSM sends them to the A7672 and others to the SIM7600.
  ///
  /// UNVERIFIED: the values of `authmode`, 1 to check the server, and of `ignorelocaltime`, which
  /// only code in the field has. Where the module refuses the former there is no connection.
  private static let security = SocketSecurity(.name, asksClock: true) { target in
    var steps = [Exchange("AT+CSSLCFG=\"sslversion\",0,3")]  // TLS 1.2
    if let certificate = target.certificate {
      steps += [
        Exchange("AT+CSSLCFG=\"authmode\",0,1"),
        Exchange("AT+CSSLCFG=\"cacert\",0,\"\(certificate)\""),
        Exchange("AT+CSSLCFG=\"ignorelocaltime\",0,\(target.ignoresDates)", mayFail: true),
      ]
    } else {
      steps.append(Exchange("AT+CSSLCFG=\"authmode\",0,0", mayFail: true))
    }
    return steps + [
      Exchange("AT+CSSLCFG=\"enableSNI\",0,\(target.hasName)", mayFail: true),
      // Sends are reported, received data is fetched. Refused where the service has been started.
      Exchange("AT+CCHSET=1,1", mayFail: true),
      Exchange(
        "AT+CCHSTART", answers: [.named("+CCHSTART")], timeout: .seconds(15), mayFail: true),
      Exchange("AT+CCHSSLCFG=0,0"),
    ]
  }

  static let secureSocket = SocketCommands(
    open: { target, progress in
      .command(
        Exchange("AT+CCHOPEN=0,\"\(target.host)\",\(target.port),2", timeout: .seconds(20)),
        then: .seconds(120), progress)
    },
    sendLimit: 1460,
    send: { payload, _, _ in
      Exchange("AT+CCHSEND=0,\(payload.count)", timeout: .seconds(20), payload: payload)
    },
    read: { _ in secureRead },
    close: { _ in Exchange("AT+CCHCLOSE=0", timeout: .seconds(15), mayFail: true) },
    failure: { _ in .remote },
    security: security)

  /// `+CCHRECV: DATA,0,<n>`, the bytes, and `+CCHRECV: 0,0`; the OK may come before or after.
  private static let secureRead = Exchange(
    "AT+CCHRECV=0,1460",
    answers: [.namedIf("+CCHRECV") { ParameterList($0, first: 1).text(0).equals("DATA") }],
    timeout: .seconds(5),
    completion: .special(success: "+CCHRECV: 0,0", failure: "+CCHRECV: 0,1"), mayFail: true,
    countedBytes: { ParameterList($0).integer(2) })

  /// The lines that begin with `+CCH`.
  static func secureMeaning(_ line: [UInt8]) -> ModuleURC {
    let values = ParameterList(line)
    guard values.integer(0) == 0 else { return .other }
    if line.isNamed("+CCHEVENT") {
      return values.text(1).equals("RECV EVENT") ? .dataWaiting : .other
    }
    if line.isNamed("+CCH_PEER_CLOSED") { return .socketClosed }
    guard let result = values.integer(1) else { return .other }
    if line.isNamed("+CCHOPEN") { return .socketOpened(error: result) }
    return line.isNamed("+CCHSEND") && result != 0 ? .socketClosed : .other
  }
}

extension CIPStack {
  /// TinyGSM. The SIM800 checks no certificate, and which versions of TLS it speaks depends on its
  /// firmware; the SIM900 has no TLS and refuses the command. It stays until the module starts
  /// anew: a plain connection after a secure one becomes secure too.
  static let secureSocket = socket.secured(
    SocketSecurity(.none) { _ in [Exchange("AT+CIPSSL=1")] })
}

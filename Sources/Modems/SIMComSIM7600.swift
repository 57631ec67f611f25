import AT
import Cellular
import Primitives

extension ModuleProfile {
  /// SIMCom SIM7500, SIM7600, A7600 to A7680 (LTE Cat 1 and Cat 4 with 3G and 2G).
  ///
  /// Sources: the socket commands of SIM7600's TCP/IP note as public drivers send them; pulses of
  /// boards in the field. It has no power saving mode: at rest it is off. It has no command for
  /// roaming, and says nothing when it has turned itself off.
  ///
  /// UNVERIFIED: all pulses (no hardware design was read), how long turning itself off takes, the
  /// numbers 5 and above of `+CIPOPEN`, `+CNMP` 14, that the SIM7600 has `+CDNSCFG` (the A7672
  /// has), and the order in which `+CGAUTH?` answers user and password, so either is taken. Where
  /// the module answers ERROR, the network's name servers serve, and a setting stays as it is.
  public static let simcomSIM7600 = ModuleProfile(
    name: "simcom-sim7600",
    covers: ["SIMCOM_SIM75", "SIMCOM_SIM76", "SIM75", "SIM76", "A76"],
    dialect: SIMCom.dialect,
    power: PowerTimings(
      // SIM7600 100 ms to 500 ms, A7670 100 ms; far from the 2.5 s that turn a running one off.
      onPulse: .milliseconds(500),
      offPulse: .seconds(3),
      resetPulse: nil,  // Only its RESET pin does that.
      statusLimit: .seconds(20),
      pollFrom: .seconds(14),  // A7670 after 3 s, SIM7600 up to 15 s; RDY or *ATREADY tells
      pollAfterBoot: .seconds(1),
      bootLimit: .seconds(30),
      probeTimeout: .milliseconds(400),
      probes: 2,
      rest: .seconds(3),
      offLimit: .seconds(30)),  // SIM7912: STATUS off after 26 s
    wake: [
      Exchange("AT+CMEE=1"), Exchange("AT+CGREG=2"), Exchange("AT+CEREG=2"),
      Exchange("AT+CIPRXGET=1"),
    ],
    settings: [
      .number("+CTZU") { _ in 1 }, SIM7600.radioMode, StandardSettings.attachContext,
      SIM7600.authentication,
    ],
    identity: SIMCom.identity(
      Exchange("AT+CICCID", answers: [.named("+ICCID"), .bare(Standard.isICCID)])),
    registrations: ["+CEREG", "+CGREG"],
    context: ContextCommands(
      query: Exchange("AT+NETOPEN?", answers: [.named("+NETOPEN")], timeout: .seconds(5)),
      isActive: { lines in
        lines.contains { $0.isNamed("+NETOPEN") && ParameterList($0).integer(0) == 1 }
      },
      activate: { _ in [Exchange("AT+NETOPEN", timeout: .seconds(15))] },
      activationLimit: .seconds(120),
      deactivate: Exchange("AT+NETCLOSE", timeout: .seconds(40)),
      setServers: SIMCom.setServers),
    socket: SocketCommands(
      open: SIM7600.open,
      note: SIM7600.note,
      sendLimit: 1460,
      send: SIM7600.send,
      read: SIM7600.read,
      close: { _ in
        Exchange("AT+CIPCLOSE=0", answers: [.named("+CIPCLOSE")], timeout: .seconds(15))
      },
      failure: SIM7600.failure),
    secureSocket: SIM7600.secureSocket,
    powerOff: Exchange("AT+CPOF", timeout: .seconds(5)), cell: SIMCom.cell,
    meaning: SIM7600.meaning)
}

/// The small functions of the SIM7600's profile.
enum SIM7600 {
  /// Where the datagrams that are sent come from: the module wants a number.
  static let localPort = 49_152

  /// One of GSM (13), UMTS (14) and LTE (38), or whatever there is (2).
  static let radioMode = StoredSetting.number("+CNMP") { wanted in
    var mode: Int?
    for rat in wanted.rats {
      guard let code = code(rat) else { continue }
      mode = mode == nil || mode == code ? code : 2
    }
    return mode
  }

  private static func code(_ rat: RAT) -> Int? {
    switch rat {
    case .gsm: 13
    case .umts: 14
    case .lte: 38
    case .lteM, .nbIoT: nil  // The module has neither.
    }
  }

  /// The password stands in front of the user.
  static let authentication: StoredSetting = {
    let standard = StandardSettings.authentication
    var setting = standard
    setting.isRight = { lines, wanted in
      standard.isRight(lines, wanted) == true
        ? true : standard.isRight(lines, passwordFirst(wanted))
    }
    setting.writes = { standard.writes(passwordFirst($0)) }
    return setting
  }()

  private static func passwordFirst(_ wanted: NetworkSettings) -> NetworkSettings {
    var swapped = wanted
    switch wanted.accessPoint?.authentication {
    case nil, .some(.none): break
    case .pap(let user, let password):
      swapped.accessPoint?.authentication = .pap(user: password, password: user)
    case .chap(let user, let password):
      swapped.accessPoint?.authentication = .chap(user: password, password: user)
    }
    return swapped
  }

  // MARK: - Sockets

  /// A datagram's way is given with each send, and by its address: a name is looked up first.
  static let open: @Sendable (LinkTarget, SocketProgress) -> OpenStep = { target, progress in
    switch progress.step {
    case 0:
      if target.transport == .udp, case .name = target.host, progress.address == nil {
        .run(
          Exchange(
            "AT+CDNSGIP=\"\(target.host)\"", answers: [.named("+CDNSGIP")], timeout: .seconds(60),
            alwaysHasLine: true))
      } else {
        .run(Exchange(line(for: target), answers: [.named("+CIPOPEN")], timeout: .seconds(20)))
      }
    case 1: .await(.seconds(120))
    default: .open
    }
  }

  private static func line(for target: LinkTarget) -> CommandLine {
    target.transport == .udp
      ? "AT+CIPOPEN=0,\"UDP\",,,\(localPort)"
      : "AT+CIPOPEN=0,\"TCP\",\"\(target.host)\",\(target.port)"
  }

  /// `+CDNSGIP: 1,"name","address"` or `+CDNSGIP: 0,10`; `+CIPOPEN: 0,<result>`, mostly after the
  /// OK, but before an ERROR.
  static let note: @Sendable (Answer, inout SocketProgress) -> SocketFailure? = {
    answer, progress in
    if let line = answer.line(named: "+CDNSGIP") {
      let values = ParameterList(line)
      for index in 2..<max(2, values.count) {
        progress.address = progress.address ?? IPv4Address(values.text(index))
      }
      return progress.address == nil ? .name : nil
    }
    guard let line = answer.line(named: "+CIPOPEN"), let result = ParameterList(line).integer(1)
    else { return SocketCommands.nextStep(answer, &progress) }
    if result != 0 { return failure(result) }
    progress.step = 2
    return nil
  }

  static let send: @Sendable ([UInt8], LinkTarget, SocketProgress) -> Exchange = {
    payload, target, progress in
    Exchange(
      line(count: payload.count, to: target, progress.address), answers: [.named("+CIPSEND")],
      timeout: .seconds(20), payload: payload)
  }

  private static func line(
    count: Int, to target: LinkTarget, _ found: IPv4Address?
  ) -> CommandLine {
    guard target.transport == .udp else { return "AT+CIPSEND=0,\(count)" }
    guard let found else { return "AT+CIPSEND=0,\(count),\"\(target.host)\",\(target.port)" }
    return "AT+CIPSEND=0,\(count),\"\(found)\",\(target.port)"
  }

  /// An empty buffer answers a read with ERROR. So the module is asked first how much there is;
  /// what it answers is taken like a URC.
  static let read: @Sendable (SocketProgress) -> Exchange = { progress in
    progress.available == nil ? Exchange("AT+CIPRXGET=4,0") : CIPStack.read
  }

  static let failure: @Sendable (Int) -> SocketFailure = { result in
    switch result {
    case 4, 9: .stale  // not supported now; opened already
    case 2: .context
    case 11: .name
    case 1, 10: .remote
    default: .busy
    }
  }

  static let meaning: @Sendable ([UInt8]) -> ModuleURC = { line in
    if line.isNamed("+CIPRXGET") { return CIPStack.received(line) }
    if line.isNamed("*ATREADY") { return .ready }
    if line.hasPrefix("+CCH") { return secureMeaning(line) }
    // `+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY`
    if line.isNamed("+CIPEVENT") { return .contextLost }
    let values = ParameterList(line, first: 2)
    if line.isNamed("+NETOPEN") {
      return values.integer(0).map { .contextActivated(error: $0) } ?? .other
    }
    let isOurs = values.integer(0) == 0
    if line.isNamed("+IPCLOSE") { return isOurs ? .socketClosed : .other }
    if line.isNamed("+CIPOPEN"), isOurs, let result = values.integer(1) {
      return .socketOpened(error: result)
    }
    return SIMCom.meaning(line)
  }
}

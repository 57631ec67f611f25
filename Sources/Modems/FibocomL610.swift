import AT
import Cellular
import Primitives

extension ModuleProfile {
  /// Fibocom L610: LTE Cat 1 and GSM, the `+MIP` commands.
  ///
  /// Sources: RT-Thread's and TencentOS's drivers for the L610, ModemManager's Fibocom plugin, the
  /// Motorola G24 manual (the ancestor). It has neither power saving mode nor eDRX.
  /// UNVERIFIED, and harmless where it is wrong: `+CCID` beside `+ICCID`, `AT+CEREG`, `AT+CCLK?` and
  /// `AT+CTZU`, the form in which `+GTRAT` is read back, and whether its first number alone tells.
  /// UNVERIFIED, with no way out: that an OK ends `AT+MIPSEND` and `AT+MIPREAD`.
  public static let fibocomL610 = ModuleProfile(
    name: "fibocom-l610",
    covers: ["L610"],
    dialect: Dialect(bareURCs: ["RDY", "RING"], textsWithoutEnd: [], restartTexts: ["RDY"]),
    power: PowerTimings(
      // RT-Thread: 2 s, the same for off; a busy host may cut that short.
      onPulse: .milliseconds(2100),
      offPulse: .milliseconds(2100),
      resetPulse: nil,
      statusLimit: .seconds(5),  // UNVERIFIED
      pollFrom: .milliseconds(4500),  // Not every firmware says RDY; RT-Thread asks for 5 s.
      pollAfterBoot: .milliseconds(100),
      bootLimit: .seconds(20),
      probeTimeout: .milliseconds(500),
      probes: 2,
      rest: .seconds(2),  // UNVERIFIED
      offLimit: .seconds(15)),  // UNVERIFIED
    wake: [
      // What may be refused comes first and last on its line, where a refusal costs least.
      Exchange("AT+CEREG=2", mayFail: true), Exchange("AT+CMEE=1"), Exchange("AT+CGREG=2"),
      // Received data waits until it is read, and doesn't come inside a URC.
      Exchange("AT+GTSET=\"IPRFMT\",5"),
    ],
    settings: [
      FibocomL610.rat, StandardSettings.networkTime,
      StandardSettings.attachContext,
    ],
    identity: [
      Exchange("AT+CCID", answers: [.named("+CCID")], mayFail: true)
    ] + Standard.identity + [
      Exchange("AT+ICCID", answers: [.named("+ICCID")], mayFail: true)
    ],
    registrations: ["+CGREG", "+CEREG"],
    context: ContextCommands(
      query: Exchange("AT+MIPCALL?", answers: [.named("+MIPCALL")], timeout: .seconds(5)),
      isActive: { $0.values(of: "+MIPCALL")?.integer(0) == 1 },
      activate: FibocomL610.activate,
      activationLimit: .seconds(60),  // the drivers poll for 10 s and longer
      deactivate: Exchange(
        "AT+MIPCALL=0", answers: [.named("+MIPCALL")], timeout: .seconds(30), mayFail: true)),
    socket: FibocomL610.socket,
    secureSocket: FibocomL610.secureSocket,
    powerOff: Exchange("AT+CPWROFF", timeout: .seconds(10)),
    meaning: FibocomL610.meaning)
}

/// The small functions of Fibocom's profile. It has one context and one socket, 1.
enum FibocomL610 {
  /// `+GTRAT`: 0 GSM, 3 LTE, 10 both, LTE first (`10,3,0`); GSM first is inferred from that.
  static let rat = StoredSetting(
    name: "rat", read: Exchange("AT+GTRAT?", answers: [.named("+GTRAT")]),
    isWanted: { !codes($0).isEmpty },
    isRight: { lines, wanted in
      guard let values = lines.values(of: "+GTRAT") else { return nil }
      let codes = codes(wanted)
      if codes.count == 1 { return values.integer(0) == codes[0] }
      return values.integer(0) == 10 && (values.count < 2 || values.integer(1) == codes[0])
    },
    writes: { wanted in
      let codes = codes(wanted)
      let line: CommandLine =
        codes.count == 1 ? "AT+GTRAT=\(codes[0])" : "AT+GTRAT=10,\(codes[0]),\(codes[1])"
      return [Exchange(line, timeout: .seconds(10))]
    })

  private static func codes(_ wanted: NetworkSettings) -> [Int] {
    var codes: [Int] = []
    for rat in wanted.rats {
      switch rat {
      case .gsm: codes.append(0)
      case .lte: codes.append(3)
      case .umts, .lteM, .nbIoT: break  // The module has none of them.
      }
    }
    return codes
  }

  /// The address comes after the OK.
  static let activate: @Sendable (NetworkSettings) -> [Exchange] = { wanted in
    var line: CommandLine = "AT+MIPCALL=1"
    if let wish = wanted.accessPoint {
      let (user, password, code) = StandardSettings.credentials(wish.authentication)
      line =
        code == 0
        ? "AT+MIPCALL=1,\"\(wish.apn)\""
        : "AT+MIPCALL=1,\"\(wish.apn)\",\"\(user)\",\"\(password)\""
    }
    return [Exchange(line, timeout: .seconds(30))]
  }

  static let socket = SocketCommands(
    open: open, sendLimit: 1460,  // 2048 at most
    send: { payload, _, _ in
      Exchange(
        "AT+MIPSEND=1,\(payload.count)", answers: [.named("+MIPSEND"), .named("+MIPPUSH")],
        timeout: .seconds(20), payload: payload)
    },
    // `+MIPSEND: 1,<0 taken, 1 buffer full>,<free>`.
    accepted: { ($0.lines.values(of: "+MIPSEND")?.integer(1) ?? 0) == 0 ? nil : 0 },
    read: { progress in
      Exchange(
        "AT+MIPREAD=1,\(min(progress.available ?? 1500, 1500))", answers: [.named("+MIPDATA")],
        timeout: .seconds(10), countedBytes: { ParameterList($0).integer(1) })
    },
    close: { _ in Exchange("AT+MIPCLOSE=1", timeout: .seconds(15), mayFail: true) },
    failure: { _ in .remote })

  static let open: @Sendable (LinkTarget, SocketProgress) -> OpenStep = { target, progress in
    .command(
      Exchange(
        "AT+MIPOPEN=1,,\"\(target.host)\",\(target.port),\(code(target.transport))",
        timeout: .seconds(10)),
      then: .seconds(45), progress)
  }

  static let meaning: @Sendable ([UInt8]) -> ModuleURC = { line in
    if line.equals("RDY") { return .booting }
    guard line.hasPrefix("+MIP") else { return Standard.meaning(line) }
    let values = ParameterList(line)
    if line.isNamed("+MIPCALL") {
      // `+MIPCALL: <address>` or `+MIPCALL: 1,<address>`, and `+MIPCALL: 0`.
      if IPv4Address(values.text(values.count - 1)) != nil { return .contextActivated(error: 0) }
      return values.integer(0) == 0 ? .contextLost : .other
    }
    guard values.integer(0) == 1, let second = values.integer(1) else { return .other }
    if line.isNamed("+MIPREAD") { return .dataAvailable(second) }
    if line.isNamed("+MIPOPEN") { return .socketOpened(error: second == 1 ? 0 : 1) }
    // 0: the module's own doing, everything else the server's or the stack's.
    if second == 0 { return .other }
    if line.isNamed("+MIPSTAT") { return .socketOpened(error: second) }
    if line.isNamed("+MIPCLOSE") || line.isNamed("+MIPCLOSED") { return .socketClosed }
    return .other
  }
}

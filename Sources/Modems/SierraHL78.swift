import AT
import Cellular
import Primitives

extension ModuleProfile {
  /// Sierra Wireless HL7800, HL7802, HL7810, HL7812: LTE-M, NB-IoT, the HL7802 GSM too.
  ///
  /// Sources: Zephyr's drivers for the HL7800 and HL78xx, Sierra's own reference for FreeRTOS
  /// (HL7802), the HL7548 AT manual (states and error numbers of connections and sockets).
  /// UNVERIFIED, and harmless where it is wrong: how `+PSMEV` is turned on (it is only understood),
  /// the forms in which `+KSREP`, `+KSLEEP` and `+KSELACQ` are read back (then they are left
  /// alone). UNVERIFIED, with no way out: a name instead of an address in `+KUDPSND`; the module
  /// has no command for a look-up.
  public static let sierraHL78 = ModuleProfile(
    name: "sierra-hl78",
    covers: ["HL78"],
    dialect: Dialect(bareURCs: ["RING"], textsWithoutEnd: [], restartTexts: ["+KSUP: 0"]),
    power: PowerTimings(
      onPulse: .milliseconds(1600),  // Zephyr's 1.5 s on PWR_ON; a busy host may cut that short
      offPulse: nil,  // UNVERIFIED that the key can
      resetPulse: nil,  // RESET_IN is another pin
      statusLimit: .seconds(12),  // VGPIO; the whole start takes no longer
      pollFrom: .seconds(7),  // +KSUP after 6.5 s, once it has been asked for
      pollAfterBoot: .seconds(1),
      bootLimit: .seconds(20),  // 12 s, and 5 × 500 ms of asking
      probeTimeout: .milliseconds(500),
      probes: 2,
      rest: .seconds(2),  // UNVERIFIED
      offLimit: .seconds(15)),  // Zephyr waits 5 s; it says nothing when it goes
    wake: [
      Exchange("AT+CMEE=1"), Exchange("AT+CEREG=4"), Exchange("AT+CGREG=2", mayFail: true),
      Exchange("AT+KPATTERN=\"\(SierraHL78.mark)\"", mayFail: true),
    ],
    settings: SierraHL78.settings,
    identity: [Exchange("AT+CCID?", answers: [.named("+CCID")])] + Standard.identity,
    registrations: ["+CEREG", "+CGREG"],
    context: ContextCommands(
      query: Exchange("AT+KCNXCFG?", answers: [.named("+KCNXCFG")], timeout: .seconds(5)),
      isActive: SierraHL78.isActive,
      activate: SierraHL78.activate,
      deactivate: Exchange("AT+KCNXDOWN=1", timeout: .seconds(30), mayFail: true)),
    socket: SierraHL78.socket,
    secureSocket: SierraHL78.secureSocket,
    // No byte on the UART wakes it from hibernation, and not every firmware says +PSMEV.
    sleepEvidence: .silence(after: .seconds(30)),
    powerOff: Exchange("AT+CPOF", timeout: .seconds(10)),
    restart: Exchange("AT+CFUN=1,1", timeout: .seconds(15)),
    meaning: SierraHL78.meaning)
}

/// The small functions of Sierra's profile. It has one connection, 1, and one session, whose number
/// the module gives.
enum SierraHL78 {
  /// Follows every payload, although its length has been said.
  static let mark: StaticString = "--EOF--Pattern--"

  // MARK: - Settings

  static let settings: [StoredSetting] =
    [
      // Without it the module doesn't say when it has started.
      .number("+KSREP", { _ in 1 }), StandardSettings.networkTime, sleep, StandardSettings.psm,
      StandardSettings.attachContext,
    ] + StandardSettings.edrx + [order, rat]  // The last of them restarts the module.

  /// `+KSLEEP: <who decides>,<level>,<delay s>`. With power saving mode the module decides by
  /// itself to hibernate, else it never sleeps: there is no line to its WAKE pin.
  private static let sleep = StoredSetting(
    name: "sleep", read: Exchange("AT+KSLEEP?", answers: [.named("+KSLEEP")]),
    isRight: { lines, wanted in
      lines.values(of: "+KSLEEP").map {
        wanted.psm == nil ? $0.integer(0) == 2 : $0.integer(0) == 1 && $0.integer(1) == 2
      }
    },
    writes: { wanted in
      [wanted.psm == nil ? Exchange("AT+KSLEEP=2") : Exchange("AT+KSLEEP=1,2,10")]
    })

  /// The technologies that are searched for, in their order: `+KSELACQ: 1,2,3`, which is one more
  /// than the numbers of `codes`; 0 alone turns it off. It is UNVERIFIED that the 0 in front of what is
  /// written isn't shown; where it is, it is passed over, since each write costs a restart.
  private static let order = StoredSetting(
    name: "rat order", read: Exchange("AT+KSELACQ?", answers: [.named("+KSELACQ")]),
    needsRestart: true, isWanted: { !codes($0).isEmpty },
    isRight: { lines, wanted in
      guard let values = lines.values(of: "+KSELACQ") else { return nil }
      let codes = codes(wanted)
      let first = values.count > 1 && values.integer(0) == 0 ? 1 : 0
      if codes.count == 1 { return (values.integer(first) ?? 0) == 0 }
      for (index, code) in codes.enumerated() where values.integer(first + index) != code + 1 {
        return false
      }
      return values.count == first + codes.count
    },
    writes: { wanted in
      let codes = codes(wanted).map { $0 + 1 }
      let line: CommandLine =
        switch codes.count {
        case 0, 1: "AT+KSELACQ=0,0"
        case 2: "AT+KSELACQ=0,\(codes[0]),\(codes[1])"
        default: "AT+KSELACQ=0,\(codes[0]),\(codes[1]),\(codes[2])"
        }
      return [Exchange(line, timeout: .seconds(5))]
    })

  /// The technology in use, right while it is one of those that are wanted: where several are, the
  /// order above chooses. Written, the module starts anew by itself, at the latest when it is told
  /// to; old firmware takes one number.
  private static let rat = StoredSetting(
    name: "rat", read: Exchange("AT+KSRAT?", answers: [.named("+KSRAT")]), needsRestart: true,
    isWanted: { !codes($0).isEmpty },
    isRight: { lines, wanted in
      guard let code = lines.values(of: "+KSRAT")?.integer(0) else { return nil }
      return codes(wanted).contains(code)
    },
    writes: { wanted in
      guard let code = codes(wanted).first else { return [] }
      return [
        Exchange("AT+KSRAT=\(code),1", timeout: .seconds(5)),
        Exchange("AT+KSRAT=\(code)", timeout: .seconds(5)),
      ]
    })

  /// `+KSRAT`: 0 LTE-M, 1 NB-IoT, 2 GSM, most preferred first.
  private static func codes(_ wanted: NetworkSettings) -> [Int] {
    var codes: [Int] = []
    for rat in wanted.rats {
      switch rat {
      case .lteM: codes.append(0)
      case .nbIoT: codes.append(1)
      case .gsm: codes.append(2)
      case .umts, .lte: break  // The module has neither.
      }
    }
    return codes
  }

  // MARK: - Data session

  /// `+KCNXCFG: 1,"GPRS","apn",…,<state>`: 0 down; UNVERIFIED: 1 to 3 coming, up or idle.
  static let isActive: @Sendable ([[UInt8]]) -> Bool = { lines in
    guard let values = lines.values(of: "+KCNXCFG", number: 1) else { return false }
    return (1...3).contains(values.integer(values.count - 1) ?? 0)
  }

  /// The module forgets the connection in hibernation. Whether it is up shows when the socket is
  /// opened: not every firmware says `+KCNX_IND`, nor takes a connection that exists already.
  static let activate: @Sendable (NetworkSettings) -> [Exchange] = { wanted in
    var line: CommandLine = "AT+KCNXCFG=1,\"GPRS\",\"\""
    if let wish = wanted.accessPoint {
      let (user, password, _) = StandardSettings.credentials(wish.authentication)
      line = "AT+KCNXCFG=1,\"GPRS\",\"\(wish.apn)\",\"\(user)\",\"\(password)\",\"IPV4\""
    }
    return [
      Exchange(line, timeout: .seconds(5), mayFail: true),
      Exchange("AT+KCNXUP=1", timeout: .seconds(30), mayFail: true),
    ]
  }

  // MARK: - Socket

  static let socket = SocketCommands(
    open: open, note: note, sendLimit: 1460, send: send, read: read, close: close,
    failure: failure, wantsAddressForUDP: true)

  /// A number from here on is a TCP session's.
  private static let firstTCP = 100

  /// UDP: a session, and `+KUDP_IND`. TCP: a session, its connection, and `+KTCP_IND`.
  static let open: @Sendable (LinkTarget, SocketProgress) -> OpenStep = { target, progress in
    switch (target.transport, progress.step) {
    case (.udp, 0):
      // Read by command, IPv4, not restored after hibernation.
      return .run(
        Exchange("AT+KUDPCFG=1,0,,0,,,0,0", answers: [.named("+KUDPCFG")], timeout: .seconds(30)))
    case (.udp, 1): return .await(.seconds(30))
    case (.tcp, 0):
      return .run(
        Exchange(
          "AT+KTCPCFG=1,0,\"\(target.host)\",\(target.port)", answers: [.named("+KTCPCFG")],
          timeout: .seconds(5)))
    case (.tls, 0):
      // IPv4, security profile 0, not restored after hibernation.
      return .run(
        Exchange(
          "AT+KTCPCFG=1,3,\"\(target.host)\",\(target.port),,,,0,0,0",
          answers: [.named("+KTCPCFG")], timeout: .seconds(5)))
    case (.tcp, 1), (.tls, 1):
      return .run(Exchange("AT+KTCPCNX=\(session(progress))", timeout: .seconds(30)))
    case (.tcp, 2), (.tls, 2): return .await(.seconds(120))
    default: return .open
    }
  }

  static let note: @Sendable (Answer, inout SocketProgress) -> SocketFailure? = {
    answer, progress in
    if let number = answer.lines.values(of: "+KUDPCFG")?.integer(0) {
      progress.number = number
    } else if let number = answer.lines.values(of: "+KTCPCFG")?.integer(0) {
      progress.number = firstTCP + number
    }
    return SocketCommands.nextStep(answer, &progress)
  }

  private static func isTCP(_ progress: SocketProgress) -> Bool {
    (progress.number ?? 0) >= firstTCP
  }

  private static func session(_ progress: SocketProgress) -> Int {
    let number = progress.number ?? 1
    return number >= firstTCP ? number - firstTCP : number
  }

  static let send: @Sendable ([UInt8], LinkTarget, SocketProgress) -> Exchange = {
    payload, target, progress in
    let number = session(progress)
    let line: CommandLine =
      target.transport.isStream
      ? "AT+KTCPSND=\(number),\(payload.count)"
      : "AT+KUDPSND=\(number),\"\(target.host)\",\(target.port),\(payload.count)"
    return Exchange(
      line, timeout: .seconds(62), payload: payload, prompt: .connect, payloadEnd: mark)
  }

  /// What comes before the mark is counted, so no more is asked for than there is.
  static let read: @Sendable (SocketProgress) -> Exchange = { progress in
    let number = session(progress)
    let count = min(progress.available ?? 1500, 1500)
    return Exchange(
      isTCP(progress) ? "AT+KTCPRCV=\(number),\(count)" : "AT+KUDPRCV=\(number),\(count)",
      answers: [.named("+KUDP_RCV")], timeout: .seconds(10),
      connectData: ConnectData(count: count, end: mark))
  }

  static let close: @Sendable (SocketProgress) -> Exchange? = { progress in
    let number = session(progress)
    return Exchange(
      isTCP(progress)
        ? "AT+KTCPCLOSE=\(number),1;+KTCPDEL=\(number)" : "AT+KUDPCLOSE=\(number)",
      timeout: .seconds(60), mayFail: true)
  }

  /// The module's number 0, which elsewhere means success.
  private static let networkError = 100

  /// HL7548 manual, `+KTCP_NOTIF` and `+KUDP_NOTIF`.
  static let failure: @Sendable (Int) -> SocketFailure = { error in
    switch error {
    case networkError: .context
    case 3: .name
    case 4, 5, 7, 12: .remote
    case 8, 9, 10: .stale
    case 13, 14, 15: .untrusted
    default: .busy
    }
  }

  // MARK: - Unsolicited lines

  static let meaning: @Sendable ([UInt8]) -> ModuleURC = { line in
    guard line.hasPrefix("+K") || line.hasPrefix("+PSMEV") else { return Standard.meaning(line) }
    if line.isNamed("+KSUP") { return .ready }  // 0, or what is wrong with the card
    let values = ParameterList(line)
    let second = values.integer(1)
    if line.isNamed("+PSMEV") { return values.integer(0) == 1 ? .asleep : .other }
    if line.isNamed("+KUDP_DATA") || line.isNamed("+KTCP_DATA") {
      return second.map { .dataAvailable($0) } ?? .other
    }
    if line.isNamed("+KUDP_IND") || line.isNamed("+KTCP_IND") {
      return second == 1 ? .socketOpened(error: 0) : .other
    }
    if line.isNamed("+KUDP_NOTIF") || line.isNamed("+KTCP_NOTIF") {
      guard let second else { return .other }
      return second == 4
        ? .socketClosed : .socketOpened(error: second == 0 ? networkError : second)
    }
    guard line.isNamed("+KCNX_IND"), values.integer(0) == 1 else { return .other }
    switch second {
    case 0: return .contextLost  // by the network; 3 is the answer to AT+KCNXDOWN
    case 1: return .contextActivated(error: 0)
    case 2: return .contextActivated(error: 2)
    default: return .other
    }
  }
}

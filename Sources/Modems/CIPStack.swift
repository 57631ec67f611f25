import AT
import Cellular
import Primitives

/// The TCP/IP commands of SIM800 and SIM7000: SIM800 AT manual V1.09 §8, SIM7000 AT manual V1.06.
/// Several connections at a time (`+CIPMUX`), of which the link uses number 0; what arrives is
/// fetched (`+CIPRXGET`).
enum CIPStack {
  /// `+CIPSHUT` brings the stack to its first state, whatever an earlier run left behind, and
  /// nothing short of it says in which one it is. So the context is never taken for active, and
  /// each activation begins with it, or was refused before.
  static let context = context(activate)

  /// The same in one line, for a stack in its first state: the SIM7000 takes 39 commands on one of 559 bytes (AT manual V1.06). The
  /// address, which comes without an OK, is followed by a command that has one, as TinyGSM does it.
  /// That the SIM800 takes as many, and that the session is brought up on such a line too is UNVERIFIED: refused, it is done at length.
  static let joinedContext: ContextCommands = {
    var commands = context { wanted in
      [
        Exchange(
          joined(wanted.accessPoint), answers: [.bare { IPv4Address($0) != nil }],
          timeout: .seconds(165))
      ]
    }
    commands.activateAtLength = activate
    return commands
  }()

  private static func context(
    _ activate: @escaping @Sendable (NetworkSettings) -> [Exchange]
  ) -> ContextCommands {
    ContextCommands(
      query: Exchange("AT+CGATT?", answers: [.named("+CGATT")]),
      isActive: { _ in false },
      activate: activate,
      deactivate: nil,
      setServers: SIMCom.setServers)
  }

  private static let shut = Exchange(
    "AT+CIPSHUT", timeout: .seconds(70),
    completion: .special(success: "SHUT OK", failure: "SHUT FAIL"))

  private static let activate: @Sendable (NetworkSettings) -> [Exchange] = { wanted in
    [
      // Circuits are registered before packets.
      Exchange("AT+CGATT=1", timeout: .seconds(75)),
      shut,
      Exchange("AT+CIPMUX=1"),
      Exchange("AT+CIPRXGET=1"),
      Exchange(start(wanted.accessPoint), timeout: .seconds(5)),
      Exchange("AT+CIICR", timeout: .seconds(90)),
      // The address has to be asked for; it comes without an OK.
      Exchange(
        "AT+CIFSR", answers: [.bare { IPv4Address($0) != nil }], completion: .answer),
    ]
  }

  private static func start(_ accessPoint: AccessPoint?) -> CommandLine {
    guard let accessPoint else { return "AT+CSTT" }
    let (user, password, _) = StandardSettings.credentials(accessPoint.authentication)
    return "AT+CSTT=\"\(accessPoint.apn)\",\"\(user)\",\"\(password)\""
  }

  private static func joined(_ accessPoint: AccessPoint?) -> CommandLine {
    guard let accessPoint else {
      return "AT+CGATT=1;+CIPMUX=1;+CIPRXGET=1;+CSTT;+CIICR;+CIFSR;E0"
    }
    let (apn, (user, password, _)) = (
      accessPoint.apn, StandardSettings.credentials(accessPoint.authentication)
    )
    return
      "AT+CGATT=1;+CIPMUX=1;+CIPRXGET=1;+CSTT=\"\(apn)\",\"\(user)\",\"\(password)\";+CIICR;+CIFSR;E0"
  }

  static let socket = SocketCommands(
    open: { target, progress in
      switch progress.step {
      case 0: .run(Exchange(line(for: target), timeout: .seconds(5)))
      case 1: .await(.seconds(80))  // 75 s
      default: .open
      }
    },
    sendLimit: 1460,
    send: { payload, _, _ in
      Exchange(
        "AT+CIPSEND=0,\(payload.count)", timeout: .seconds(60), completion: NumberedLines.sent,
        payload: payload)
    },
    read: { _ in read },
    close: { _ in
      Exchange("AT+CIPCLOSE=0", timeout: .seconds(15), completion: NumberedLines.closed)
    },
    failure: NumberedLines.failure)

  private static func line(for target: LinkTarget) -> CommandLine {
    target.transport == .udp
      ? "AT+CIPSTART=0,\"UDP\",\"\(target.host)\",\(target.port)"
      : "AT+CIPSTART=0,\"TCP\",\"\(target.host)\",\(target.port)"
  }

  // MARK: - Receiving, shared with the SIM7600

  /// `+CIPRXGET: 2,<number>,<read>,<left>` is followed by the bytes; `+CIPRXGET: 1,<number>` may
  /// come before it and says that there are some.
  static let read = Exchange(
    "AT+CIPRXGET=2,0,1460", answers: [.namedIf("+CIPRXGET") { mode($0) == 2 }],
    timeout: .seconds(5), alwaysHasLine: true,
    countedBytes: { line in mode(line) == 2 ? ParameterList(line).integer(2) : nil })

  /// `+CIPRXGET: 1,0` says that there is data, `+CIPRXGET: 4,0,<count>` how much.
  static func received(_ line: [UInt8]) -> ModuleURC {
    let values = ParameterList(line)
    guard values.integer(1) == 0 else { return .other }
    switch values.integer(0) {
    case 1: return .dataWaiting
    case 4: return values.integer(2).flatMap { $0 > 0 ? .dataAvailable($0) : nil } ?? .other
    default: return .other
    }
  }

  private static func mode(_ line: [UInt8]) -> Int? {
    line.isNamed("+CIPRXGET") ? ParameterList(line, first: 1).integer(0) : nil
  }

  static let meaning: @Sendable ([UInt8]) -> ModuleURC = { line in
    if line.isNamed("+CIPRXGET") { return received(line) }
    if line.isNamed("+PDP") {
      return ParameterList(line).text(0).equals("DEACT") ? .contextLost : .other
    }
    let socket = NumberedLines.meaning(line)
    return socket == .other ? SIMCom.meaning(line) : socket
  }
}

import AT
import Cellular
import Primitives

extension ModuleProfile {
  /// SIMCom SIM7070, SIM7080, SIM7090 (LTE-M and NB-IoT, the SIM7070 EGPRS too).
  ///
  /// Sources: SIM7070/SIM7080/SIM7090 AT manual V1.02; the pulses are those of the SIM7000.
  /// It has no command for roaming: the card and the network decide.
  ///
  /// UNVERIFIED: that `+CPSMSTATUS` has to be sent at each start, that a read takes one datagram at
  /// a time, and the longest send (1459 bytes). The context is the module's own (`+CNACT`), is
  /// configured in memory that PSM clears, and comes up after a URC, not with the OK.
  public static let simcomSIM7080 = ModuleProfile(
    name: "simcom-sim7080",
    covers: ["SIMCOM_SIM707", "SIMCOM_SIM708", "SIMCOM_SIM709", "SIM707", "SIM708", "SIM709"],
    dialect: SIMCom.dialect,
    power: SIMCom.narrowPower,
    wake: SIMCom.narrowWake,
    settings: [
      SIMCom.networkTime, SIMCom.narrowRadioMode, SIMCom.narrowBand, StandardSettings.psm,
      StandardSettings.attachContext,
    ] + StandardSettings.edrx,
    identity: SIMCom.identity(SIMCom.bareICCID),
    registrations: ["+CEREG", "+CGREG"],
    context: ContextCommands(
      query: Exchange("AT+CNACT?", answers: [.named("+CNACT")], timeout: .seconds(5)),
      isActive: SIM7080.isActive,
      activate: SIM7080.activateBriefly,
      activateAtLength: SIM7080.activate,
      activationLimit: .seconds(60),
      // An activation needs none before it, and its URC would look like a loss.
      deactivate: nil,
      setServers: SIMCom.setServers),
    socket: SIM7080.socket,
    secureSocket: SIM7080.secureSocket,
    powerOff: SIMCom.powerOff, cell: SIMCom.cell, staysAwakeWithPIN: true,
    meaning: SIM7080.meaning)
}

/// The small functions of the SIM7080's profile. Its context and its socket are number 0: so some
/// firmware may take the two arguments of `+CAOPEN` in either order.
enum SIM7080 {
  /// `+CNACT: 0,1,"10.0.0.1"`, one line for each context.
  static let isActive: @Sendable ([[UInt8]]) -> Bool = { lines in
    lines.contains { line in
      let values = ParameterList(line)
      return line.isNamed("+CNACT") && values.integer(0) == 0 && values.integer(1) == 1
    }
  }

  /// On one line, which is UNVERIFIED of these two: refused, one after the other.
  static let activateBriefly: @Sendable (NetworkSettings) -> [Exchange] = { wanted in
    Exchange.joined(activate(wanted)).map { [Exchange($0.0.line, timeout: $0.0.timeout)] } ?? []
  }

  static let activate: @Sendable (NetworkSettings) -> [Exchange] = { wanted in
    let start = Exchange("AT+CNACT=0,1", timeout: .seconds(10))
    guard let wish = wanted.accessPoint else { return [start] }
    let (user, password, code) = StandardSettings.credentials(wish.authentication)
    let configure: CommandLine =
      code == 0
      ? "AT+CNCFG=0,1,\"\(wish.apn)\""
      : "AT+CNCFG=0,1,\"\(wish.apn)\",\"\(user)\",\"\(password)\",\(code)"
    // Where it is refused, the access point of the attachment serves, which is the same.
    return [Exchange(configure, mayFail: true), start]
  }

  static let socket = SocketCommands(
    open: { target, progress in
      .command(
        Exchange(line(for: target), answers: [.named("+CAOPEN")], timeout: .seconds(80)),
        then: .seconds(80), progress)  // 75 s
    },
    note: note,
    sendLimit: 1459,
    send: { payload, _, _ in
      Exchange(
        "AT+CASEND=0,\(payload.count)", answers: [.named("+CASEND")], timeout: .seconds(15),
        payload: payload)
    },
    read: { _ in
      Exchange(
        "AT+CARECV=0,1459", answers: [.named("+CARECV")], timeout: .seconds(5),
        alwaysHasLine: true, inlineData: inlineData)
    },
    close: { _ in
      Exchange("AT+CACLOSE=0", answers: [.named("+CACLOSE")], timeout: .seconds(15))
    },
    failure: failure)

  private static func line(for target: LinkTarget) -> CommandLine {
    target.transport == .udp
      ? "AT+CAOPEN=0,0,\"UDP\",\"\(target.host)\",\(target.port)"
      : "AT+CAOPEN=0,0,\"TCP\",\"\(target.host)\",\(target.port)"
  }

  /// The result comes before the OK (manual) or after it (in the field).
  static let note: @Sendable (Answer, inout SocketProgress) -> SocketFailure? = {
    answer, progress in
    guard let line = answer.line(named: "+CAOPEN"), let result = ParameterList(line).integer(1)
    else { return SocketCommands.nextStep(answer, &progress) }
    if result != 0 { return failure(result) }
    progress.step = 2
    return nil
  }

  /// `+CARECV: 5,` is followed by five bytes, `+CARECV: 0` by none. One manual has the socket's
  /// number in front.
  static let inlineData: @Sendable ([UInt8]) -> Int? = { line in
    let values = ParameterList(line)
    guard line.isNamed("+CARECV"), let first = values.integer(0) else { return nil }
    if first > 0 { return values.count == 2 ? first : nil }
    return values.count == 3 ? values.integer(1) : nil
  }

  /// AT manual V1.02, +CAOPEN. 1, a socket error, is what a socket that is left over and a context
  /// that PSM took look like: after a second one the context is looked at.
  static let failure: @Sendable (Int) -> SocketFailure = { result in
    switch result {
    case 1, 3: .stale
    case 21: .context
    case 6, 20: .name
    case 24...26: .untrusted
    case 23, 27: .remote
    default: .busy
    }
  }

  static let meaning: @Sendable ([UInt8]) -> ModuleURC = { line in
    let values = ParameterList(line, first: 2)
    let isOurs = values.integer(0) == 0
    if line.isNamed("+CAOPEN") {
      return isOurs ? values.integer(1).map { .socketOpened(error: $0) } ?? .other : .other
    }
    if line.isNamed("+CADATAIND") { return isOurs ? .dataWaiting : .other }
    if line.isNamed("+CASTATE") {
      return isOurs && values.integer(1) == 0 ? .socketClosed : .other
    }
    if line.isNamed("+APP PDP") {
      guard isOurs else { return .other }
      if values.text(1).equals("ACTIVE") { return .contextActivated(error: 0) }
      return values.text(1).equals("DEACTIVE") ? .contextLost : .other
    }
    return SIMCom.meaning(line)
  }
}

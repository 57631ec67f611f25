import AT
import Cellular
import Primitives

extension ModuleProfile {
  /// Quectel M65, M66, M95, MC60 (GSM and GPRS).
  ///
  /// Sources: hardware designs of M95, M66, MC60 (pins); TCP/IP commands as public drivers send
  /// them (RT-Thread's, TinyGSM's). Nothing is known of a context that an earlier run left behind:
  /// `+QNSTATUS` tells of the network, not of the context. So it is always activated anew, and
  /// taken down first where that fails.
  ///
  /// UNVERIFIED: that a send takes 1460 bytes, that `+CCLK` is local time once `+CTZU` is 3, and
  /// the MC60's default of `+QISRVC` (client). Where the module answers ERROR, the clock isn't
  /// asked for again, and the setting stays as it is.
  public static let quectelM95 = ModuleProfile(
    name: "quectel-m95",
    // They call themselves so in `+CGMM`.
    covers: ["Quectel_M", "M65", "M66", "M95", "MC60"],
    dialect: Dialect(
      bareURCs: ["RDY", "Call Ready", "SMS Ready", "NORMAL POWER DOWN", "RING", "NO CARRIER"],
      textsWithoutEnd: ["NORMAL POWER DOWN"],
      restartTexts: ["RDY"]),
    power: PowerTimings(
      // More than 1 s turns it on; from 0.6 s to 1 s it turns a running one off.
      onPulse: .milliseconds(1100),
      offPulse: .milliseconds(850),  // M66: 0.7 s to 1 s
      resetPulse: nil,  // Only its EMERG_OFF pin does that.
      statusLimit: .seconds(2),  // STATUS 0.8 s after the pulse began
      pollFrom: .seconds(3),  // With automatic baud rate it says nothing before the first AT.
      pollAfterBoot: .seconds(1),
      bootLimit: .seconds(12),
      probeTimeout: .milliseconds(400),
      probes: 3,  // The first one may only teach it the baud rate.
      rest: .seconds(2),
      offLimit: .seconds(14)),  // log-out 2 to 12 s
    wake: [
      Exchange("AT+CMEE=1"), Exchange("AT+CREG=2"), Exchange("AT+CGREG=2"),
      Exchange("AT+QIMODE=0"), Exchange("AT+QISDE=0"), Exchange("AT+QINDI=1"),
    ],
    settings: [M95.timeZone],
    identity: [
      Exchange(
        "AT+QCCID", answers: [.named("+QCCID"), .named("+CCID"), .bare(Standard.isICCID)])
    ] + Standard.identity,
    registrations: ["+CGREG", "+CREG"],
    context: ContextCommands(
      query: Exchange("AT+CGATT?", answers: [.named("+CGATT")]),
      isActive: { _ in false },
      activate: M95.activateBriefly,
      activateAtLength: M95.activate,
      deactivate: Exchange(
        "AT+QIDEACT", timeout: .seconds(60),
        completion: .special(success: "DEACT OK", failure: "DEACT FAIL")),
      setServers: M95.setServers),
    socket: SocketCommands(
      open: M95.open,
      sendLimit: 1460,
      send: { payload, _, _ in
        Exchange(
          "AT+QISEND=0,\(payload.count)", timeout: .seconds(60),
          completion: .special(success: "SEND OK", failure: "SEND FAIL"), payload: payload)
      },
      read: { _ in
        Exchange(
          "AT+QIRD=0,1,0,1500", answers: [.named("+QIRD")], timeout: .seconds(5),
          countedBytes: M95.countedBytes)
      },
      close: { _ in
        Exchange("AT+QICLOSE=0", timeout: .seconds(15), completion: NumberedLines.closed)
      },
      failure: NumberedLines.failure),
    // No OK comes first: the last word is the answer.
    powerOff: Exchange("AT+QPOWD=1", timeout: .seconds(15)),
    meaning: M95.meaning)
}

/// The small functions of the M95's profile. It has one foreground context, and the socket 0.
enum M95 {
  /// All up to the session's start on one line, which is UNVERIFIED: refused, it is done at length.
  static let activateBriefly: @Sendable (NetworkSettings) -> [Exchange] = { wanted in
    let steps = activate(wanted)
    guard let (settings, count) = Exchange.joined(steps.dropLast(2)), count == steps.count - 2
    else { return steps }
    return [settings] + steps.suffix(2)
  }

  /// Circuits are registered before packets; `+CGATT` waits for the latter.
  static let activate: @Sendable (NetworkSettings) -> [Exchange] = { wanted in
    var steps = [Exchange("AT+CGATT=1", timeout: .seconds(140)), Exchange("AT+QIFGCNT=0")]
    if let wish = wanted.accessPoint {
      let (user, password, _) = StandardSettings.credentials(wish.authentication)
      steps.append(Exchange("AT+QICSGP=1,\"\(wish.apn)\",\"\(user)\",\"\(password)\""))
    }
    // Refused while a context is up: then it is taken down, and this list begins again.
    steps.append(Exchange("AT+QIMUX=1"))
    steps.append(Exchange("AT+QIREGAPP", timeout: .seconds(20)))
    steps.append(Exchange("AT+QIACT", timeout: .seconds(150)))
    return steps
  }

  static let setServers: @Sendable ([IPv4Address]) -> Exchange? = { servers in
    guard let first = servers.first else { return nil }
    return servers.count == 1
      ? Exchange(
        "AT+QIDNSCFG=\"\(first)\";+QIDNSCFG?", answers: ContextCommands.serverLines)
      : Exchange(
        "AT+QIDNSCFG=\"\(first)\",\"\(servers[1])\";+QIDNSCFG?",
        answers: ContextCommands.serverLines)
  }

  /// `+QIDNSIP` says whether the host is a name.
  static let open: @Sendable (LinkTarget, SocketProgress) -> OpenStep = { target, progress in
    switch progress.step {
    case 0:
      switch target.host {
      case .name: .run(Exchange("AT+QIDNSIP=1"))
      case .ipv4: .run(Exchange("AT+QIDNSIP=0"))
      }
    case 1: .run(Exchange(line(for: target), timeout: .seconds(5)))
    case 2: .await(.seconds(75))
    default: .open
    }
  }

  private static func line(for target: LinkTarget) -> CommandLine {
    target.transport == .udp
      ? "AT+QIOPEN=0,\"UDP\",\"\(target.host)\",\(target.port)"
      : "AT+QIOPEN=0,\"TCP\",\"\(target.host)\",\(target.port)"
  }

  /// `+QIRD: 192.0.2.1:5683,UDP,12` is followed by 12 bytes; an empty buffer has no such line.
  static let countedBytes: @Sendable ([UInt8]) -> Int? = { line in
    line.isNamed("+QIRD") ? ParameterList(line).integer(2) : nil
  }

  /// 3: the clock is set to the network's local time, so that `+CCLK` and its zone agree.
  static let timeZone: StoredSetting = {
    var setting = StoredSetting.number("+CTZU") { _ in 3 }
    setting.writes = { _ in [Exchange("AT+QNITZ=1;+CTZU=3"), Exchange("AT+CTZU=3")] }
    return setting
  }()

  static let meaning: @Sendable ([UInt8]) -> ModuleURC = { line in
    if line.isNamed("+QIRDI") {
      return ParameterList(line).integer(2) == 0 ? .dataWaiting : .other
    }
    if line.equals("+PDP DEACT") { return .contextLost }
    if line.hasName { return Standard.meaning(line) }
    if line.equals("RDY") { return .ready }
    return NumberedLines.isGoodbye(line) ? .poweredDown : NumberedLines.meaning(line)
  }
}

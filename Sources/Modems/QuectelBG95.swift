import AT
import Cellular
import Primitives

extension ModuleProfile {
  /// Quectel BG95 (LTE-M, NB-IoT, EGPRS).
  ///
  /// Sources: BG95 hardware design V1.3 (pins), BG95&BG77&BG600L TCP/IP application note V1.1
  /// (sockets), BG96 AT commands manual V2.2 and PSM application note V1.0, which the BG95 shares.
  /// UNVERIFIED where the BG95 may differ: which settings the volatile ones are beyond those named
  /// in `wake`, and whether `+QCFG: "psm/urc"` is needed for `PSM POWER DOWN`; both are harmless.
  public static let quectelBG95 = ModuleProfile(
    name: "quectel-bg95",
    covers: ["BG95", "BG96", "BG77", "BG600L"],
    dialect: Dialect(
      bareURCs: [
        "RDY", "APP RDY", "POWERED DOWN", "NORMAL POWER DOWN", "PSM POWER DOWN", "POWER DOWN",
        "RING", "NO CARRIER",
      ],
      textsWithoutEnd: ["POWERED DOWN", "NORMAL POWER DOWN", "PSM POWER DOWN", "POWER DOWN"],
      restartTexts: ["RDY", "APP RDY"]),
    power: PowerTimings(
      // Hardware design: 500 to 1000 ms turns it on, 650 ms and more turns a running one off. In
      // between nothing can go wrong; 575 ms is what runs in the field.
      onPulse: .milliseconds(575),
      offPulse: .milliseconds(1000),  // 650 to 1500 ms
      resetPulse: .milliseconds(2900),  // 2 to 3.8 s
      statusLimit: .seconds(4),  // STATUS 2.1 s after the pulse began
      pollFrom: .seconds(5),  // UART 2.5 s after the pulse began; APP RDY normally tells
      pollAfterBoot: .seconds(3),
      bootLimit: .seconds(15),
      probeTimeout: .milliseconds(400),
      probes: 2,
      rest: .milliseconds(1500),  // off after 1.3 s; 1 s after PSM POWER DOWN
      offLimit: .seconds(65)),  // AT manual, +QPOWD: log-out up to 60 s
    wake: [Exchange("AT+CMEE=1"), Exchange("AT+CGREG=2"), Exchange("AT+CEREG=4")],
    settings: BG95Settings.all,
    identity: [
      Exchange("AT+QCCID", answers: [.named("+QCCID"), .bare(Standard.isICCID)])
    ] + Standard.identity,
    // On 2G the former stays 0.
    registrations: ["+CEREG", "+CGREG"],
    // The network's own word. `AT+CCLK?` shows it only after `AT+CTZU=1`, a write to the memory.
    clock: Exchange("AT+QLTS=2", answers: [.named("+QLTS")]),
    context: ContextCommands(
      query: Exchange("AT+QIACT?", answers: [.named("+QIACT")], timeout: .seconds(5)),
      isActive: BG95.isActive,
      activate: { _ in [Exchange("AT+QIACT=1", timeout: .seconds(150))] },
      deactivate: Exchange("AT+QIDEACT=1", timeout: .seconds(40)),
      setServers: BG95.setServers),
    socket: BG95.sockets("I", read: "+QIRD").releasing(by: BG95.sendLast),
    secureSocket: BG95.sockets("SSL", read: "+QSSLRECV").secured(BG95.security),
    powerOff: Exchange("AT+QPOWD=1", timeout: .seconds(5)),
    cell: BG95.cell,
    meaning: BG95.meaning)
}

/// The small functions of the BG95's profile. It has one context, 1, and one socket, 0.
enum BG95 {
  /// `+QNWINFO: "eMTC","20408","LTE BAND 20",6400`.
  static let cell = Exchange("AT+QNWINFO", answers: [.named("+QNWINFO")], timeout: .seconds(5))

  /// `+QIACT: 1,1,1,"10.76.51.180"`: context, state, type, address.
  static let isActive: @Sendable ([[UInt8]]) -> Bool = { lines in
    lines.contains { line in
      let values = ParameterList(line)
      return line.isNamed("+QIACT") && values.integer(0) == 1 && values.integer(1) == 1
    }
  }

  static let setServers: @Sendable ([IPv4Address]) -> Exchange? = { servers in
    guard let first = servers.first else { return nil }
    return servers.count == 1
      ? Exchange("AT+QIDNSCFG=1,\"\(first)\";+QIDNSCFG=1", answers: [.named("+QIDNSCFG")])
      : Exchange(
        "AT+QIDNSCFG=1,\"\(first)\",\"\(servers[1])\";+QIDNSCFG=1",
        answers: [.named("+QIDNSCFG")])
  }

  /// - Parameters:
  ///   - stack: what stands in front of OPEN, SEND and CLOSE: I, or SSL.
  ///   - read: the command that reads.
  static func sockets(_ stack: StaticString, read: StaticString) -> SocketCommands {
    SocketCommands(
      open: open,
      sendLimit: 1460,
      send: { payload, _, _ in
        Exchange(
          "AT+Q\(stack)SEND=0,\(payload.count)", timeout: .seconds(120),
          completion: .special(success: "SEND OK", failure: "SEND FAIL"), payload: payload)
      },
      read: { _ in
        // An empty buffer of TLS may be answered with OK alone.
        Exchange(
          "AT\(read)=0,1500", answers: [.named(read)], timeout: .seconds(5),
          alwaysHasLine: stack.utf8CodeUnitCount == 1, countedBytes: countedBytes)
      },
      close: { _ in Exchange("AT+Q\(stack)CLOSE=0", timeout: .seconds(15)) },  // blocks up to 10 s
      failure: failure)
  }

  private static let open: @Sendable (LinkTarget, SocketProgress) -> OpenStep = {
    target, progress in
    .command(
      Exchange(line(for: target)),
      then: target.transport.trust == nil ? .seconds(150) : secureOpenLimit, progress)
  }

  private static func line(for target: LinkTarget) -> CommandLine {
    switch target.transport {
    case .udp: "AT+QIOPEN=1,0,\"UDP\",\"\(target.host)\",\(target.port),0,0"
    case .tcp: "AT+QIOPEN=1,0,\"TCP\",\"\(target.host)\",\(target.port),0,0"
    case .tls: "AT+QSSLOPEN=1,1,0,\"\(target.host)\",\(target.port),0"
    }
  }

  /// `+QIRD: n` and `+QIRD: n,"address",port` are followed by n bytes; `+QIRD: a,b,c`, the answer
  /// to a query, by none.
  static let countedBytes: @Sendable ([UInt8]) -> Int? = { line in
    let values = ParameterList(line)
    guard line.isNamed("+QIRD") || line.isNamed("+QSSLRECV"),
      values.count == 1 || values.isQuoted(1)
    else { return nil }
    return values.integer(0)
  }

  /// TCP/IP application note, summary of error codes.
  static let failure: @Sendable (Int) -> SocketFailure = { error in
    switch error {
    case 563, 574: .stale
    case 561, 562, 570, 573: .context
    case 565: .name
    case 566, 567, 569: .remote
    default: .busy
    }
  }

  static let meaning: @Sendable ([UInt8]) -> ModuleURC = { line in
    if line.hasName { return named(line) }
    if line.equals("APP RDY") { return .ready }
    if line.equals("RDY") { return .booting }
    if line.equals("PSM POWER DOWN") || line.equals("POWER DOWN") { return .asleep }
    if line.equals("POWERED DOWN") || line.equals("NORMAL POWER DOWN") { return .poweredDown }
    return .other
  }

  private static func named(_ line: [UInt8]) -> ModuleURC {
    let values = ParameterList(line)
    if line.isNamed("+QIOPEN") || line.isNamed("+QSSLOPEN") {
      guard values.integer(0) == 0, let error = values.integer(1) else { return .other }
      return .socketOpened(error: error)
    }
    guard line.isNamed("+QIURC") || line.isNamed("+QSSLURC") else {
      return Standard.meaning(line)
    }
    let subject = values.text(0)
    if subject.equals("recv") { return values.integer(1) == 0 ? .dataWaiting : .other }
    if subject.equals("closed") { return values.integer(1) == 0 ? .socketClosed : .other }
    if subject.equals("pdpdeact") { return values.integer(1) == 1 ? .contextLost : .other }
    return .other
  }
}

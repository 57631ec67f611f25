import AT
import Cellular
import Primitives

extension ModuleProfile {
  /// Telit ME910, ME310 and LE910: the `#` commands.
  ///
  /// Sources: Telit's own library for the ME310G1 and ME910G1 (sockets, sleep), the drivers of
  /// Zephyr and mbed (pins, gap), ModemManager's Telit plugin (radio), the ML865 and LE910 guides.
  /// UNVERIFIED, and harmless where it is wrong: `AT+CEREG=4`, which public code for the xE310 sends
  /// (refused, nothing is granted as far as the link knows, and the module is turned off instead of
  /// sleeping; so it comes early on its line, where a refusal costs least), whether PSM forgets
  /// `#PSMURC`, the forms in which `#SCFG` and `#SCFGEXT` are read back (then they are left alone).
  public static let telitME910 = ModuleProfile(
    name: "telit-me910",
    covers: ["ME910", "ME310", "LE910", "ML865"],
    dialect: Dialect(
      bareURCs: ["RING", "NO CARRIER"], textsWithoutEnd: [], restartTexts: [],
      gap: .milliseconds(20)),  // mbed: after each final result
    power: PowerTimings(
      onPulse: .milliseconds(5050),  // Zephyr, for ME910G1, ME310G1 and LE910C1 alike
      // LE910C guide: 2.5 s and more; Zephyr uses the same pulse for off as for on.
      offPulse: .milliseconds(5050),
      resetPulse: nil,  // RESET* is another pin
      // UNVERIFIED when PWRMON rises: by the end of the start-up allowance.
      statusLimit: .seconds(20),
      // It says nothing when it is ready, 7 s at the earliest after the pulse began; with a short
      // active time it falls asleep again soon after. A reboot takes 8 s, and at first still answers.
      pollFrom: .milliseconds(4250),
      pollAfterRestart: .seconds(8),
      pollAfterBoot: .seconds(1),
      bootLimit: .seconds(20),  // LE910C1 20 s, ME910G1 15 s
      probeTimeout: .milliseconds(2700),
      probes: 3,
      rest: .seconds(5),  // UNVERIFIED; mbed leaves the key alone for 5 s
      offLimit: .seconds(20)),  // 15 s to finish after `AT#SHDN`
    wake: [
      Exchange("AT+CEREG=2"), Exchange("AT+CEREG=4", mayFail: true), Exchange("AT+CMEE=1"),
      Exchange("AT+CGREG=2", mayFail: true), Exchange("AT#PSMURC=1", mayFail: true),
    ],
    settings: TelitME910.settings,
    identity: [Exchange("AT#CCID", answers: [.named("#CCID")])] + Standard.identity,
    registrations: ["+CEREG", "+CGREG"],
    context: ContextCommands(
      query: Exchange("AT#SGACT?", answers: [.named("#SGACT")], timeout: .seconds(5)),
      isActive: { $0.showContextActive("#SGACT") },
      activate: { _ in
        // UNVERIFIED: 150 s, and the line `#SGACT: <address>` before the OK.
        [Exchange("AT#SGACT=1,1", answers: [.named("#SGACT")], timeout: .seconds(150))]
      },
      deactivate: Exchange("AT#SGACT=1,0", timeout: .seconds(40)),
      setServers: TelitME910.setServers),
    socket: SocketCommands(
      open: TelitME910.open, note: TelitME910.note, sendLimit: 1500,
      send: { payload, _, _ in
        Exchange("AT#SSENDEXT=1,\(payload.count)", timeout: .seconds(30), payload: payload)
      },
      read: TelitME910.read,
      close: { _ in Exchange("AT#SH=1", timeout: .seconds(10), mayFail: true) },
      failure: TelitME910.failure
    ).releasing { payload, _ in
      // UNVERIFIED: that 2 is the value for one answer; the guide's list has it in second place.
      Exchange("AT#SSENDEXT=1,\(payload.count),2", timeout: .seconds(30), payload: payload)
    },
    secureSocket: TelitME910.secureSocket,
    // No byte on the UART wakes it, and where #PSMURC fails it is asked.
    sleepEvidence: .silence(after: .seconds(30)),
    powerOff: Exchange("AT#SHDN", timeout: .seconds(5)),
    restart: Exchange("AT#REBOOT", timeout: .seconds(5)),
    meaning: TelitME910.meaning)
}

/// The small functions of Telit's profile. It has one context, 1, and one socket, 1.
enum TelitME910 {
  // MARK: - Settings

  static let settings: [StoredSetting] =
    [
      afterRestart(.number("#WS46", iotCode)), afterRestart(.number("+WS46", systemCode)), psm,
      StandardSettings.networkTime, StandardSettings.attachContext, StandardSettings.authentication,
      socketSizes, socketForm,
    ] + StandardSettings.edrx

  private static func afterRestart(_ setting: StoredSetting) -> StoredSetting {
    var setting = setting
    setting.needsRestart = true
    return setting
  }

  /// 0 LTE-M, 1 NB-IoT, 2 both with LTE-M first, 3 both with NB-IoT first; 1 to 3 UNVERIFIED.
  private static let iotCode: @Sendable (NetworkSettings) -> Int? = { wanted in
    let lteM = wanted.rats.firstIndex(of: .lteM)
    let nbIoT = wanted.rats.firstIndex(of: .nbIoT)
    guard let lteM else { return nbIoT == nil ? nil : 1 }
    guard let nbIoT else { return 0 }
    return lteM < nbIoT ? 2 : 3
  }

  /// ModemManager's table: 12 GSM, 22 UMTS, 28 LTE of any kind, and their sums.
  private static let systemCode: @Sendable (NetworkSettings) -> Int? = { wanted in
    let (hasGSM, hasUMTS) = (wanted.rats.contains(.gsm), wanted.rats.contains(.umts))
    let hasLTE = wanted.rats.contains { $0 == .lte || $0 == .lteM || $0 == .nbIoT }
    return switch (hasGSM, hasUMTS, hasLTE) {
    case (false, false, false): nil
    case (true, false, false): 12
    case (false, true, false): 22
    case (false, false, true): 28
    case (true, true, false): 29
    case (true, false, true): 30
    case (false, true, true): 31
    case (true, true, true): 25
    }
  }

  /// The guide of the ME910C1 writes the octets as bare decimal numbers, so both forms are tried
  /// and either is understood.
  private static let psm: StoredSetting = {
    var setting = StandardSettings.psm
    let (isRight, writes) = (setting.isRight, setting.writes)
    setting.isRight = { lines, wanted in
      guard let values = lines.values(of: "+CPSMS"), let request = wanted.psm,
        values.integer(0) == 1, let tau = octet(values, 3), let active = octet(values, 4)
      else { return isRight(lines, wanted) }
      return PeriodicTAU(tau).duration == request.periodicTAU.duration
        && ActiveTime(active).duration == request.activeTime.duration
    }
    setting.writes = { wanted in
      guard let request = wanted.psm else { return writes(wanted) }
      let (tau, active) = (request.periodicTAU.octet.octet, request.activeTime.octet.octet)
      return writes(wanted) + [Exchange("AT+CPSMS=1,,,\(tau),\(active)", timeout: .seconds(5))]
    }
    return setting
  }()

  private static func octet(_ values: ParameterList, _ index: Int) -> TimerOctet? {
    guard values.text(index).count <= 3, let number = values.integer(index), number <= 255 else {
      return nil
    }
    return TimerOctet(octet: UInt8(number))
  }

  /// `#SCFG: <socket>,<context>,<packet>,<idle s>,<connect>,<send>`: whole datagrams, and no end
  /// for want of traffic.
  private static let socketSizes = StoredSetting(
    name: "socket sizes", read: Exchange("AT#SCFG?", answers: [.named("#SCFG")]),
    isRight: { lines, _ in
      lines.values(of: "#SCFG", number: 1).map {
        $0.integer(1) == 1 && $0.integer(2) == 1500 && $0.integer(3) == 0
      }
    },
    writes: { _ in [Exchange("AT#SCFG=1,1,1500,0,600,50")] })

  /// `#SCFGEXT: <socket>,<SRING>,<read>,<keep alive>,<listen>,<send>`: `SRING: 1,<n>`, so that no
  /// read is in vain, and the data as it is rather than in hexadecimal.
  private static let socketForm = StoredSetting(
    name: "socket form", read: Exchange("AT#SCFGEXT?", answers: [.named("#SCFGEXT")]),
    isRight: { lines, _ in
      lines.values(of: "#SCFGEXT", number: 1).map {
        $0.integer(1) == 1 && $0.integer(2) == 0 && ($0.integer(5) ?? 0) == 0
      }
    },
    writes: { _ in [Exchange("AT#SCFGEXT=1,1,0,0,0,0")] })

  // MARK: - Data session and socket

  static let setServers: @Sendable ([IPv4Address]) -> Exchange? = { servers in
    guard let first = servers.first else { return nil }
    return Exchange(
      "AT#DNS=1,\"\(first)\",\"\(servers.count > 1 ? servers[1] : first)\";#DNS?",
      answers: [.named("#DNS")])
  }

  /// UDP is open after its first step, TCP after the second: so the step tells them apart.
  static let open: @Sendable (LinkTarget, SocketProgress) -> OpenStep = { target, progress in
    let isTCP = target.transport == .tcp
    switch progress.step {
    case 0:
      // The module itself waits 60 s for the connection.
      return .run(
        Exchange(
          "AT#SD=1,\(isTCP ? 0 : 1),\(target.port),\"\(target.host)\",0,0,1",
          timeout: .seconds(75), completion: .call))
    case 1 where isTCP:
      return .run(Exchange("AT#SS=1", answers: [.named("#SS")], timeout: .seconds(10)))
    default: return .open
    }
  }

  static let note: @Sendable (Answer, inout SocketProgress) -> SocketFailure? = {
    answer, progress in
    if progress.step == 0, !answer.isOK {
      return switch answer.outcome {
      case .refused: .remote  // NO CARRIER
      case .equipmentError(let code): failure(code)
      default: .stale
      }
    }
    progress.step += 1
    return answer.lines.values(of: "#SS")?.integer(1) == 0 ? .remote : nil
  }

  /// With the third value 1 a read ends where the datagram ends. What the module answers when there
  /// is nothing to read is UNVERIFIED: an error, or 0 bytes.
  static let read: @Sendable (SocketProgress) -> Exchange = { progress in
    Exchange(
      progress.step > 1 ? "AT#SRECV=1,1500" : "AT#SRECV=1,1500,1", answers: [.named("#SRECV")],
      timeout: .seconds(10), mayFail: true, countedBytes: countedBytes)
  }

  /// `#SRECV: 1,<n>[,<left>]`, for a datagram `#SRECV: <address>,<port>,1,<n>,<left>`.
  private static let countedBytes: @Sendable ([UInt8]) -> Int? = { line in
    let values = ParameterList(line)
    return values.integer(values.text(0).contains(UInt8(ascii: ".")) ? 3 : 1)
  }

  /// Numbers of the LE910 guide; UNVERIFIED for the others, where they only choose what is tried
  /// first.
  static let failure: @Sendable (Int) -> SocketFailure = { error in
    switch error {
    case 551, 553, 564: .stale
    case 555, 556, 567, 568, 569, 573: .context
    case 558: .name
    case 559, 561, 562: .remote
    default: .busy
    }
  }

  static let meaning: @Sendable ([UInt8]) -> ModuleURC = { line in
    if line.isNamed("SRING") || line.isNamed("SSLSRING") {
      let values = ParameterList(line, first: 2)
      guard values.integer(0) == 1 else { return .other }
      return values.integer(1).map { .dataAvailable($0) } ?? .dataWaiting
    }
    // UNVERIFIED: the number of the socket, or the cause, may follow a colon.
    if line.equals("NO CARRIER") || line.isNamed("NO CARRIER") { return .socketClosed }
    if line.equals("DISCONNECTED") { return .socketClosed }  // in place of data that is read
    if line.isNamed("#PSMURC") {  // One value answers a question.
      return ParameterList(line, first: 2).count > 1 ? .asleep : .other
    }
    return Standard.meaning(line)
  }
}

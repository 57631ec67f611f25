import AT
import Cellular
import Primitives

/// What the u-blox SARA modules have in common. SARA-R4/N4 AT manual UBX-17003787; the drivers
/// ubxlib and toitware/cellular for what differs on the SARA-R5.
enum SARA {
  static let identity =
    [Exchange("AT+CCID", answers: [.named("+CCID")], timeout: .seconds(5))] + Standard.identity

  /// Errors as numbers, sockets' data as bytes (some firmware keeps the hexadecimal form over a
  /// power cycle), and the end of the context told.
  static let wake = [
    Exchange("AT+CMEE=1"), Exchange("AT+UDCONF=1,0"), Exchange("AT+CGEREP=1"),
  ]

  static let meaning: @Sendable ([UInt8]) -> ModuleURC = { line in
    if line.equals("RDY") { return .ready }
    let values = ParameterList(line)
    if line.isNamed("+UUSORD") || line.isNamed("+UUSORF") {
      guard let count = values.integer(1), count > 0 else { return .other }
      return .dataAvailable(count)
    }
    if line.isNamed("+UUSOCL") { return .socketClosed }
    if line.isNamed("+UUSOCO") {
      return values.integer(1).map { .socketOpened(error: $0) } ?? .other
    }
    if line.isNamed("+UUPSDA") {
      return values.integer(0).map { .contextActivated(error: $0) } ?? .other
    }
    if line.isNamed("+UUPSDD") { return values.integer(0) == 0 ? .contextLost : .other }
    return Standard.meaning(line)
  }

  // MARK: - Settings

  /// The text that the module says once it takes commands; without it nothing tells, and it has to
  /// be asked again and again. A module that looks for the baud rate says it behind the first AT.
  static let greeting = StoredSetting(
    name: "CSGT", read: Exchange("AT+CSGT?", answers: [.named("+CSGT")]),
    isRight: { lines, _ in
      guard let line = lines.first(where: { $0.isNamed("+CSGT") }) else { return nil }
      let values = ParameterList(line)
      return values.text(0).equals("RDY") && values.integer(1) == 1
    },
    writes: { _ in [Exchange("AT+CSGT=1,\"RDY\"")] })

  /// 7 LTE-M, 8 NB-IoT, 9 GSM, most preferred first.
  ///
  /// With its default operator profile the module refuses it altogether, and then searches as that
  /// profile says.
  ///
  /// - Parameter needsCardOff: the module may take it only with its card off too.
  static func radioAccess(needsCardOff: Bool) -> StoredSetting {
    StoredSetting(
      name: "URAT", read: Exchange("AT+URAT?", answers: [.named("+URAT")]), needsRadioOff: true,
      needsRestart: true, isWanted: { !codes($0).isEmpty },
      isRight: { lines, wanted in
        guard let line = lines.first(where: { $0.isNamed("+URAT") }) else { return nil }
        let values = ParameterList(line)
        let read = (0..<values.count).map { values.integer($0) }
        return read == codes(wanted).map { $0 }
      },
      writes: { wanted in
        let codes = codes(wanted)
        let write: Exchange
        switch codes.count {
        case 0: return []
        case 1: write = Exchange("AT+URAT=\(codes[0])")
        case 2: write = Exchange("AT+URAT=\(codes[0]),\(codes[1])")
        default: write = Exchange("AT+URAT=\(codes[0]),\(codes[1]),\(codes[2])")
        }
        let cardOff = Exchange("AT+CFUN=0", timeout: .seconds(15))
        guard needsCardOff, let both = Exchange.joined([cardOff, write]) else { return [write] }
        return [write, both.0]
      })
  }

  private static func codes(_ wanted: NetworkSettings) -> [Int] {
    var codes: [Int] = []
    for rat in wanted.rats {
      switch rat {
      case .lteM: codes.append(7)
      case .nbIoT: codes.append(8)
      case .gsm: codes.append(9)
      case .lte, .umts: break  // The modules have neither.
      }
    }
    return codes
  }

  /// Who comes to the access point. The R4 takes the password first, the R5 the user. Whether it
  /// can be read back is UNVERIFIED: where it can't, it is written at every cold start. That nobody
  /// has to show who he is is written only where it was otherwise before.
  static func authentication(isPasswordFirst: Bool) -> StoredSetting {
    StoredSetting(
      name: "UAUTHREQ", read: Exchange("AT+UAUTHREQ?", answers: [.named("+UAUTHREQ")]),
      needsRadioOff: true, isShown: false,
      isWanted: { $0.accessPoint.map { $0.authentication != .none } ?? false },
      isRight: { lines, wanted in
        let code = wanted.accessPoint.map { StandardSettings.credentials($0.authentication).code }
        return lines.contains { line in
          let values = ParameterList(line)
          return line.isNamed("+UAUTHREQ") && values.integer(0) == 1 && values.integer(1) == code
        }
      },
      writes: { wanted in
        guard let wish = wanted.accessPoint else { return [] }
        let (user, password, code) = StandardSettings.credentials(wish.authentication)
        if code == 0 {
          return [Exchange("AT+UAUTHREQ=1,0"), Exchange("AT+UAUTHREQ=1,0,\"\",\"\"")]
        }
        let (first, second) = isPasswordFirst ? (password, user) : (user, password)
        return [Exchange("AT+UAUTHREQ=1,\(code),\"\(first)\",\"\(second)\"")]
      })
  }

  /// The UART sleeps after 6 s, without which the module never enters power saving mode.
  ///
  /// - Parameter write: turns that on.
  static func uartSleep(mode: Int, write: CommandLine) -> StoredSetting {
    StoredSetting(
      name: "UPSV", read: Exchange("AT+UPSV?", answers: [.named("+UPSV")]),
      isRight: { lines, wanted in
        guard let line = lines.first(where: { $0.isNamed("+UPSV") }) else { return nil }
        return ParameterList(line).integer(0) == (wanted.psm == nil ? 0 : mode)
      },
      writes: { $0.psm == nil ? [Exchange("AT+UPSV=0")] : [Exchange(write)] })
  }

  // MARK: - Sockets

  /// - Parameters:
  ///   - connectsLater: whether a TCP connection is made behind the OK. Older SARA-R410M hang in
  ///     the form that waits; the oldest know no other.
  ///   - isSecure: whether the socket is attached to the security profile first.
  static func sockets(connectsLater: Bool, isSecure: Bool = false) -> SocketCommands {
    let connecting = isSecure ? 3 : 1
    return SocketCommands(
      open: { target, progress in
        switch progress.step {
        case 0:
          if case .udp = target.transport, case .name(let name) = target.host,
            progress.address == nil
          {
            return .run(lookUp(name))
          }
          return .run(create(target.transport))
        case connecting:
          guard target.transport.isStream else { return .open }
          return .run(connect(target, progress, isLater: connectsLater))
        case connecting + 1 where connectsLater: return .await(connectLimit)
        case waitingConnect: return .run(connect(target, progress, isLater: false))
        case 1 where isSecure:
          return .run(Exchange("AT+USOSEC=\(progress.number ?? 0),1,0", timeout: .seconds(5)))
        case 2 where isSecure: return .pause(securityPause)
        default: return .open
        }
      },
      note: { answer, progress in
        if answer.isOK {
          note(answer, &progress)
          return nil
        }
        if connectsLater, progress.step == connecting {
          progress.step = waitingConnect
          return nil
        }
        // An error at once says that it is busy, ubxlib; a late one, that nothing answered.
        if answer.duration < .seconds(2) { return .busy }
        return progress.step == 0 ? .name : .remote
      },
      sendLimit: 1024,
      send: send,
      accepted: { $0.line(named: "+USOWR").flatMap { ParameterList($0).integer(1) } },
      read: { progress in
        let number = progress.number ?? 0
        return Exchange(
          isConnected(progress) ? "AT+USORD=\(number),1024" : "AT+USORF=\(number),1024",
          answers: [.named("+USORD"), .named("+USORF")], timeout: .seconds(10),
          alwaysHasLine: true, mayFail: true, inlineData: inlineData)
      },
      // Blocks for as long as the other side takes to agree.
      close: { Exchange("AT+USOCL=\($0.number ?? 0)", timeout: connectLimit) },
      failure: { _ in .remote },
      security: isSecure ? security : nil)
  }

  private static let connectLimit = Duration.seconds(130)
  /// The step at which a connection is made by the command that waits for it.
  private static let waitingConnect = 10

  /// Only TCP has more steps than one behind it.
  private static func isConnected(_ progress: SocketProgress) -> Bool { progress.step > 1 }

  private static func note(_ answer: Answer, _ progress: inout SocketProgress) {
    if let line = answer.line(named: "+UDNSRN") {
      progress.address = IPv4Address(ParameterList(line).text(0))
      return
    }
    if let line = answer.line(named: "+USOCR") { progress.number = ParameterList(line).integer(0) }
    progress.step += 1
  }

  private static func lookUp(_ name: HostName) -> Exchange {
    Exchange(
      "AT+UDNSRN=0,\"\(NetworkHost.name(name))\"",
      answers: [.namedIf("+UDNSRN", { IPv4Address(ParameterList($0).text(0)) != nil })],
      timeout: .seconds(120), alwaysHasLine: true)
  }

  private static func create(_ transport: Transport) -> Exchange {
    let line: CommandLine = transport == .udp ? "AT+USOCR=17" : "AT+USOCR=6"
    return Exchange(line, answers: [.named("+USOCR")], timeout: .seconds(5), alwaysHasLine: true)
  }

  private static func connect(
    _ target: LinkTarget, _ progress: SocketProgress, isLater: Bool
  ) -> Exchange {
    let number = progress.number ?? 0
    return isLater
      ? Exchange("AT+USOCO=\(number),\"\(target.host)\",\(target.port),1", timeout: .seconds(10))
      : Exchange("AT+USOCO=\(number),\"\(target.host)\",\(target.port)", timeout: connectLimit)
  }

  private static let send: @Sendable ([UInt8], LinkTarget, SocketProgress) -> Exchange = {
    payload, target, progress in
    let (number, count) = (progress.number ?? 0, payload.count)
    let host = progress.address.map { NetworkHost.ipv4($0) } ?? target.host
    return Exchange(
      isConnected(progress)
        ? "AT+USOWR=\(number),\(count)"
        : "AT+USOST=\(number),\"\(host)\",\(target.port),\(count)",
      answers: [.named("+USOWR"), .named("+USOST")], timeout: .seconds(60), payload: payload,
      prompt: .at(pause: .milliseconds(50), isEchoed: true), promptTimeout: .seconds(10),
      alwaysHasLine: true)
  }

  /// `+USORD: 0,5,"` and `+USORF: 0,"192.0.2.1",5683,5,"` are followed by five bytes.
  static let inlineData: @Sendable ([UInt8]) -> Int? = { line in
    let commas = line.isNamed("+USORD") ? 2 : line.isNamed("+USORF") ? 4 : -1
    let values = ParameterList(line)
    guard line.last == UInt8(ascii: "\""), values.count == commas + 1, !values.has(commas) else {
      return nil
    }
    return values.integer(commas - 1)
  }
}

import AT
import Cellular
import Primitives

extension ModuleProfile {
  /// Cinterion (Thales, Gemalto) EXS82, EXS62, TX82, TX62: LTE-M, NB-IoT, EGPRS.
  ///
  /// Sources: hardware descriptions of EXS62, TX62, TX82 and ALAS5V (pins, power saving), the EHS6
  /// AT manual and mbed's driver (internet services), vendor tests for `^SXRAT` and `^SICA`.
  /// UNVERIFIED, and harmless where it is wrong: `^SCID` beside `+CCID`, `AT+CEREG=4`, the value of
  /// `MEopMode/PowerMgmt/Suspend`, which indicator is the last word before SUSPEND (`suspendReady`
  /// is taken for it), `AT^SICA=0,1`. Where the URCs of internet services go (`URC/DstIfc`) is left
  /// as it is: on which UART "app" is depends on the board.
  public static let cinterionEXS82 = ModuleProfile(
    name: "cinterion-exs82",
    covers: ["EXS82", "EXS62", "TX82", "TX62"],
    dialect: Dialect(bareURCs: ["RING"], textsWithoutEnd: [], restartTexts: ["^SYSSTART"]),
    power: PowerTimings(
      onPulse: .milliseconds(200),  // 100 ms and more; a running module doesn't notice it
      offPulse: nil,  // only where the ignition line has been set up for it
      resetPulse: nil,  // EMERG_RST is another pin
      statusLimit: .seconds(5),  // UNVERIFIED; another pulse does no harm
      // ^SYSSTART tells, and ^SYSRESUME after SUSPEND; nothing does with automatic baud rate.
      pollFrom: .seconds(9),
      pollAfterBoot: .seconds(1),
      bootLimit: .seconds(40),  // ^SYSSTART comes up to 32 s later
      probeTimeout: .milliseconds(500),
      probes: 2,
      rest: .seconds(1),  // off 16 ms after ^SHUTDOWN
      offLimit: .seconds(70)),  // on NB-IoT a minute and more
    wake: [
      Exchange("AT+CEREG=2"), Exchange("AT+CEREG=4", mayFail: true), Exchange("AT+CMEE=1"),
      Exchange("AT+CGREG=2", mayFail: true),
      Exchange("AT^SIND=\"suspendReady\",1", answers: [.named("^SIND")], mayFail: true),
    ],
    settings: CinterionEXS82.settings,
    identity: [
      Exchange("AT^SCID", answers: [.named("^SCID")], mayFail: true),
      Exchange("AT+CCID", answers: [.named("+CCID")], mayFail: true),
    ] + Standard.identity,
    registrations: ["+CEREG", "+CGREG"],
    context: ContextCommands(
      query: Exchange("AT^SICA?", answers: [.named("^SICA")], timeout: .seconds(5)),
      isActive: { $0.showContextActive("^SICA") },
      activate: { _ in [Exchange("AT^SICA=1,1", timeout: .seconds(120))] },
      deactivate: Exchange("AT^SICA=0,1", timeout: .seconds(40))),
    socket: CinterionEXS82.socket,
    secureSocket: CinterionEXS82.secureSocket,
    // No byte on the UART wakes it, and where `suspendReady` doesn't come it is asked.
    sleepEvidence: .silence(after: .seconds(30)),
    powerOff: Exchange("AT^SMSO", answers: [.named("^SMSO")], timeout: .seconds(10)),
    meaning: CinterionEXS82.meaning)
}

/// The small functions of Cinterion's profile. It has one context, 1, and one service, 0.
enum CinterionEXS82 {
  // MARK: - Settings

  static let settings: [StoredSetting] =
    [
      configuration("service URCs", key: "Tcp/WithURCs", value: "on"),
      suspend, StandardSettings.networkTime, StandardSettings.psm,
      StandardSettings.attachContext, authentication, rats,
    ] + StandardSettings.edrx

  /// `^SCFG: "<key>","<value>"`, the letters of either case.
  private static func configuration(
    _ name: StaticString, key: StaticString, value: StaticString
  ) -> StoredSetting {
    StoredSetting(
      name: name, read: Exchange("AT^SCFG=\"\(key)\"", answers: [.named("^SCFG")]),
      isRight: { lines, _ in
        for line in lines where line.isNamed("^SCFG") {
          let values = ParameterList(line)
          if isSame(values.text(0), key) { return isSame(values.text(1), value) }
        }
        return nil
      },
      writes: { _ in
        [Exchange("AT^SCFG=\"\(key)\",\"\(value)\"", answers: [.named("^SCFG")])]
      })
  }

  private static func isSame(_ text: [UInt8], _ word: StaticString) -> Bool {
    text.count == word.utf8CodeUnitCount
      && zip(text, [UInt8](word)).allSatisfy { $0 | 0x20 == $1 | 0x20 }
  }

  /// Without it the module never goes to sleep, whatever the network grants.
  private static let suspend: StoredSetting = {
    var setting = configuration("suspend", key: "MEopMode/PowerMgmt/Suspend", value: "1")
    setting.isWanted = { $0.psm != nil }
    return setting
  }()

  /// `^SGAUTH: 1,<code>,"user"`; the password isn't read back. Written, it comes first.
  private static let authentication = StoredSetting(
    name: "authentication", read: Exchange("AT^SGAUTH?", answers: [.named("^SGAUTH")]),
    needsRadioOff: true, isShown: false, isWanted: { $0.accessPoint != nil },
    isRight: { lines, wanted in
      guard let wish = wanted.accessPoint else { return nil }
      let (user, _, code) = StandardSettings.credentials(wish.authentication)
      guard let values = lines.values(of: "^SGAUTH", number: 1) else {
        return code == 0 ? nil : false
      }
      return values.integer(1) == code && (code == 0 || values.text(2) == user.bytes)
    },
    writes: { wanted in
      guard let wish = wanted.accessPoint else { return [] }
      let (user, password, code) = StandardSettings.credentials(wish.authentication)
      return code == 0
        ? [Exchange("AT^SGAUTH=1,0")]
        : [Exchange("AT^SGAUTH=1,\(code),\"\(password)\",\"\(user)\"")]
    })

  /// `^SXRAT: <which>, <first>, <second>`. In airplane mode it is refused, so it is written last,
  /// if need be with the radio on again. The write may register anew.
  private static let rats = StoredSetting(
    name: "rat", read: Exchange("AT^SXRAT?", answers: [.named("^SXRAT")]),
    isWanted: { !codes($0).isEmpty },
    isRight: { lines, wanted in
      guard let values = lines.values(of: "^SXRAT") else { return nil }
      let codes = codes(wanted)
      return values.integer(0) == whole(of: codes)
        && (codes.count < 2 || values.integer(1) == codes[0] && values.integer(2) == codes[1])
    },
    writes: { wanted in
      let codes = codes(wanted)
      let whole = whole(of: codes)
      let limit = Duration.seconds(200)
      guard codes.count > 1 else {
        return [
          Exchange("AT^SXRAT=\(whole)", timeout: limit),
          Exchange("AT+CFUN=1;^SXRAT=\(whole)", timeout: limit),
        ]
      }
      return [
        Exchange("AT^SXRAT=\(whole),\(codes[0]),\(codes[1])", timeout: limit),
        Exchange("AT+CFUN=1;^SXRAT=\(whole),\(codes[0]),\(codes[1])", timeout: limit),
      ]
    })

  /// 0 GSM, 7 LTE-M, 8 NB-IoT, in the order of the search.
  private static func codes(_ wanted: NetworkSettings) -> [Int] {
    var codes: [Int] = []
    for rat in wanted.rats {
      switch rat {
      case .gsm: codes.append(0)
      case .lteM: codes.append(7)
      case .nbIoT: codes.append(8)
      case .umts, .lte: break  // The module has neither.
      }
    }
    return codes
  }

  /// The number for them all: 9 GSM and LTE-M and 10 LTE-M and NB-IoT are UNVERIFIED, inferred from
  /// 11 NB-IoT and GSM and 12 all three.
  private static func whole(of codes: [Int]) -> Int {
    guard codes.count > 1 else { return codes.first ?? 0 }
    return switch (codes.contains(0), codes.contains(7), codes.contains(8)) {
    case (true, true, false): 9
    case (false, true, true): 10
    case (true, false, true): 11
    default: 12
    }
  }

  // MARK: - Socket

  static let socket = SocketCommands(
    open: open, note: note, sendLimit: 1460,
    send: { payload, _, _ in
      Exchange(
        "AT^SISW=0,\(payload.count)", timeout: .seconds(30), payload: payload,
        prompt: .line(named: "^SISW", accepts: accepted))
    },
    read: { _ in
      Exchange(
        "AT^SISR=0,1460", answers: [.namedIf("^SISR", isRead)], timeout: .seconds(10),
        countedBytes: { ParameterList($0).integer(1) })
    },
    close: { _ in Exchange("AT^SISC=0", timeout: .seconds(10), mayFail: true) })

  /// The service is described and opened, and then says with `^SISW: 0,1` that it may be written.
  /// Where its description isn't taken on one line, it is given in three.
  static let open: @Sendable (LinkTarget, SocketProgress) -> OpenStep = { target, progress in
    switch progress.step {
    case 0:
      return .run(
        Exchange(
          """
          AT^SISS=0,"srvType","Socket";^SISS=0,"conId","1";\(security(target))\
          ^SISS=0,"address","\(scheme(target))\(target.host):\(target.port)"
          """, timeout: .seconds(5)))
    case 1: return .run(Exchange("AT^SISS=0,\"srvType\",\"Socket\"", timeout: .seconds(5)))
    case 2: return .run(Exchange("AT^SISS=0,\"conId\",\"1\"", timeout: .seconds(5)))
    case 3:
      return .run(
        Exchange("AT^SISS=0,\"address\",\"\(scheme(target))\(target.host):\(target.port)\""))
    case opening: return .run(Exchange("AT^SISO=0", timeout: .seconds(30)))
    case opening + 1: return .await(.seconds(30))
    default: return .open
    }
  }

  private static let opening = 4

  private static func scheme(_ target: LinkTarget) -> StaticString {
    switch target.transport {
    case .udp: "sockudp://"
    case .tcp: "socktcp://"
    case .tls: "socktcps://"
    }
  }

  static let note: @Sendable (Answer, inout SocketProgress) -> SocketFailure? = {
    answer, progress in
    if progress.step == 0 {
      progress.step = answer.isOK ? opening : 1
      return nil
    }
    return SocketCommands.nextStep(answer, &progress)
  }

  /// `^SISW: 0,<taken>,<unacknowledged>` asks for the payload; with two values it is a URC.
  static let accepted: @Sendable ([UInt8]) -> Int? = { line in
    let values = ParameterList(line)
    return values.count > 2 && values.integer(0) == 0 ? values.integer(1) : nil
  }

  /// Tells `^SISR: 0,<n>[,<left>][,"address:port"]`, the answer to a read, from the URCs
  /// `^SISR: 0,1`, data has come, and `^SISR: 0,2`, no more will come. A read that finds one or two
  /// bytes and says no more about them looks like those; such short messages there are none.
  static let isRead: @Sendable ([UInt8]) -> Bool = { line in
    let values = ParameterList(line)
    guard values.integer(0) == 0 else { return false }
    return values.count > 2 || (values.integer(1) != 1 && values.integer(1) != 2)
  }

  static let meaning: @Sendable ([UInt8]) -> ModuleURC = { line in
    // With AIRPLANE MODE behind it, it also comes when the radio is turned off.
    if line.equals("^SYSSTART") || line.equals("^SYSRESUME") { return .ready }
    if line.equals("^SHUTDOWN") { return .poweredDown }
    let values = ParameterList(line)
    if line.isNamed("+CIEV") {
      return isSame(values.text(0), "suspendReady") && values.integer(1) == 1 ? .asleep : .other
    }
    guard line.hasPrefix("^SIS"), values.integer(0) == 0 else { return Standard.meaning(line) }
    if line.isNamed("^SISW") { return values.integer(1) == 1 ? .socketOpened(error: 0) : .other }
    if line.isNamed("^SISR"), values.count == 2 {
      return values.integer(1) == 1 ? .dataWaiting : values.integer(1) == 2 ? .socketClosed : .other
    }
    // `^SIS: 0,0,<number>[,"text"]`: up to 2000 the service is down; 48 is the server's own wish.
    guard line.isNamed("^SIS"), values.integer(1) == 0, let number = values.integer(2),
      (1...2000).contains(number)
    else { return .other }
    return number == 48 ? .socketClosed : .socketOpened(error: number)
  }
}

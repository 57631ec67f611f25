import AT
import Cellular
import Primitives

extension ModuleProfile {
  /// u-blox SARA-R500S and SARA-R510 (LTE-M, NB-IoT).
  ///
  /// Sources: ubxlib (power table, activation, sleep), toitware/cellular. The AT manual of the R5
  /// wasn't read. UNVERIFIED: that it takes several commands on one line (an error there has them
  /// sent one by one), `AT+CTZU?`, and how long it must rest before it can be turned on again.
  /// Name servers of one's own can't be set.
  public static let ubloxSARAR5 = ModuleProfile(
    name: "ublox-sara-r5",
    covers: ["SARA-R50", "SARA-R51"],
    dialect: Dialect(
      bareURCs: Dialect.generic.bareURCs + ["RDY"], textsWithoutEnd: [], restartTexts: ["RDY"],
      gap: .milliseconds(20), idleLimit: .seconds(5)),
    power: PowerTimings(
      onPulse: .milliseconds(1500), offPulse: .milliseconds(2000), resetPulse: nil,
      statusLimit: .seconds(3),  // V_INT within 1 s
      pollFrom: .milliseconds(5500), pollAfterBoot: .seconds(3), bootLimit: .seconds(20),
      probeTimeout: .seconds(1), probes: 3, rest: .seconds(2), offLimit: .seconds(20),
      minimumOn: .seconds(10)),
    wake: SARA.wake + [Exchange("AT+CEREG=4")],
    settings: [
      SARA.greeting, SARA.uartSleep(mode: 1, write: "AT+UPSV=1,1300"),
      SARA.radioAccess(needsCardOff: true),
      StandardSettings.networkTime, StandardSettings.psm, StandardSettings.attachContext,
      SARA.authentication(isPasswordFirst: false),
    ] + StandardSettings.edrx,
    identity: SARA.identity,
    context: ContextCommands(
      query: Exchange("AT+UPSND=0,8", answers: [.named("+UPSND")], timeout: .seconds(5)),
      isActive: { lines in
        lines.contains { line in
          let values = ParameterList(line)
          return line.isNamed("+UPSND") && values.integer(1) == 8 && values.integer(2) == 1
        }
      },
      // The sockets' own profile 0 is laid over context 1, and is gone after every sleep. The context
      // itself is the default bearer's, which LTE brings up with the attachment; where that is
      // refused all the same, it is activated first, as ubxlib does it.
      activate: { _ in profile },
      activateAtLength: { _ in
        [Exchange("AT+CGACT=1,1", timeout: .seconds(150), mayFail: true)] + profile
      },
      activationLimit: .seconds(30),
      deactivate: Exchange("AT+UPSDA=0,4", timeout: .seconds(40))),
    socket: SARA.sockets(connectsLater: false),
    secureSocket: SARA.sockets(connectsLater: false, isSecure: true),
    sleepEvidence: .silence(after: .seconds(10)),
    powerOff: Exchange("AT+CPWROFF", timeout: .seconds(40)),
    restart: Exchange("AT+CFUN=16", timeout: .seconds(15)),
    meaning: SARA.meaning)

  /// IPv4, over context 1, taken up.
  private static var profile: [Exchange] {
    [
      Exchange("AT+UPSD=0,0,0", mayFail: true), Exchange("AT+UPSD=0,100,1", mayFail: true),
      Exchange("AT+UPSDA=0,3", timeout: .seconds(180)),
    ]
  }
}

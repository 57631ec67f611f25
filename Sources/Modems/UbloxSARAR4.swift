import AT
import Cellular
import Primitives

extension ModuleProfile {
  /// u-blox SARA-R404M, SARA-R410M and SARA-R412M (LTE-M, NB-IoT; the R412M 2G too).
  ///
  /// Sources: SARA-R4/N4 AT manual UBX-17003787 R11 and R16, ubxlib, Particle's device-os.
  /// UNVERIFIED: that it takes several commands on one line (an error there has them sent one by
  /// one), the form of `+UPSMVER`, `AT+CTZU?`, and how long it must rest before it can be turned
  /// on again. Name servers of one's own can't be set. The SARA-R422 isn't covered: it maps its
  /// sockets otherwise, and ubxlib found that it doesn't sleep again.
  public static let ubloxSARAR4 = ModuleProfile(
    name: "ublox-sara-r4",
    covers: ["SARA-R404", "SARA-R410", "SARA-R412"],
    dialect: Dialect(
      bareURCs: Dialect.generic.bareURCs + ["RDY"], textsWithoutEnd: [], restartTexts: ["RDY"],
      gap: .milliseconds(100), idleLimit: .seconds(5)),
    power: PowerTimings(
      // RESET_N is another pin, and leaves the module off.
      onPulse: .milliseconds(300), offPulse: .milliseconds(2000), resetPulse: nil,
      statusLimit: .seconds(3),  // V_INT within 1 s
      pollFrom: .milliseconds(6500), pollAfterBoot: .seconds(3), bootLimit: .seconds(25),
      probeTimeout: .seconds(1), probes: 3, rest: .seconds(2), offLimit: .seconds(35),
      minimumOn: .seconds(30)),
    // The oldest firmware knows 0 to 3; what the first of the two sets then stays.
    wake: SARA.wake + [
      Exchange("AT+CGREG=2"), Exchange("AT+CEREG=2"), Exchange("AT+CEREG=4"),
    ],
    settings: [
      SARA.greeting, SARA.uartSleep(mode: 4, write: "AT+UPSV=4"), sleepsAsAgreed,
      SARA.radioAccess(needsCardOff: false),
      StandardSettings.networkTime, psm, StandardSettings.attachContext,
      SARA.authentication(isPasswordFirst: true),
    ] + edrx,
    identity: SARA.identity,
    registrations: ["+CEREG", "+CGREG"],
    // The default bearer comes up by itself.
    context: Standard.context,
    socket: SARA.sockets(connectsLater: true),
    secureSocket: SARA.sockets(connectsLater: true, isSecure: true),
    sleepEvidence: .silence(after: .seconds(10)),
    powerOff: Exchange("AT+CPWROFF", timeout: .seconds(40)),
    restart: Exchange("AT+CFUN=15", timeout: .seconds(15)), staysAwakeWithPIN: true,
    meaning: SARA.meaning)

  /// Without it the module may sleep although the network didn't agree.
  private static var sleepsAsAgreed: StoredSetting {
    .number("+UPSMVER") { $0.psm == nil ? nil : 4 }
  }

  /// As power saving mode; and mode 0 leaves something of it on.
  private static var edrx: [StoredSetting] {
    zip(StandardSettings.edrx, [4, 5]).map { standard, technology in
      var setting = standard
      (setting.needsRadioOff, setting.needsRestart) = (true, true)
      setting.writes = { wanted in
        wanted.edrx == .off
          ? [Exchange("AT+CEDRXS=3,\(technology)", timeout: .seconds(5))]
          : standard.writes(wanted)
      }
      return setting
    }
  }

  /// It is taken only while deregistered, and counts after a restart.
  private static var psm: StoredSetting {
    var setting = StandardSettings.psm
    (setting.needsRadioOff, setting.needsRestart) = (true, true)
    return setting
  }
}

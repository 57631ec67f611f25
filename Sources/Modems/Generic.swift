import AT
import Cellular
import Primitives

extension ModuleProfile {
  /// A module that nobody knows: what TS 27.007 has, and nothing else. It registers, brings the
  /// data session up and asks for power saving; sockets aren't in the standard, so a connection
  /// ends there and says so.
  ///
  /// UNVERIFIED for any module: the power key. The standard has no power-off either; `AT+CFUN=0`
  /// (§8.2) leaves the module on, with its radio and its card off.
  public static let generic = ModuleProfile(
    name: "generic",
    covers: [],
    dialect: Dialect(
      bareURCs: Dialect.generic.bareURCs, textsWithoutEnd: Dialect.generic.textsWithoutEnd,
      restartTexts: Dialect.generic.restartTexts,
      gap: .milliseconds(100)),  // the longest that a family is known to need
    power: PowerTimings(
      onPulse: .seconds(1), offPulse: nil, resetPulse: nil, statusLimit: .seconds(5),
      pollFrom: .seconds(5), pollAfterBoot: .seconds(3), bootLimit: .seconds(30),
      probeTimeout: .seconds(1), probes: 3, rest: .seconds(3), offLimit: .seconds(15),
      turnsOff: false),
    wake: [
      Exchange("AT+CMEE=1"), Exchange("AT+CGEREP=1"), Exchange("AT+CGREG=2"),
      Exchange("AT+CEREG=2"), Exchange("AT+CEREG=4"),
    ],
    settings: [
      StandardSettings.networkTime, StandardSettings.psm, StandardSettings.attachContext,
      StandardSettings.authentication,
    ] + StandardSettings.edrx,
    identity: Standard.identity,
    registrations: ["+CEREG", "+CGREG"],
    context: Standard.context,
    socket: nil,
    sleepEvidence: .statusLine,
    startsWithRadioOff: true,
    powerOff: Exchange("AT+CFUN=0", timeout: .seconds(40)),
    restart: Exchange("AT+CFUN=1,1", timeout: .seconds(30)),
    meaning: { line in
      if line.equals("APP RDY") || line.equals("RDY") { return .booting }
      return Standard.meaning(line)
    })
}

import AT
import Cellular
import Primitives

extension ModuleProfile {
  /// SIMCom SIM800 and SIM900 (GSM and GPRS).
  ///
  /// Sources: SIM800 hardware design V1.09, SIM800C hardware design V1.02, SIM800 AT manual V1.09.
  ///
  /// UNVERIFIED: SIM900's pulses (as the SIM800's), how long it takes to turn itself off, and
  /// `AT+CSTT` without an access point, which stands only where none is configured. A module that
  /// stays mute after its power-off counts as off, unconfirmed.
  public static let simcomSIM800 = ModuleProfile(
    name: "simcom-sim800",
    covers: ["SIMCOM_SIM8", "SIMCOM_SIM9", "SIM8", "SIM9"],
    dialect: SIMCom.dialect,
    power: PowerTimings(
      onPulse: .milliseconds(1200),  // 1 s and more; from 1.5 s on a running one goes off
      offPulse: .seconds(2),  // 1.5 s to 33 s
      resetPulse: nil,  // Only its RST pin does that.
      statusLimit: .seconds(5),
      pollFrom: .seconds(3),  // With automatic baud rate it says nothing before the first AT.
      pollAfterBoot: .seconds(1),
      bootLimit: .seconds(12),
      probeTimeout: .milliseconds(400),
      probes: 3,  // The first one may only teach it the baud rate.
      rest: .seconds(2),
      offLimit: .seconds(12)),
    wake: [Exchange("AT+CMEE=1"), Exchange("AT+CREG=2"), Exchange("AT+CGREG=2")],
    settings: [SIMCom.networkTime],
    identity: SIMCom.identity(SIMCom.bareICCID),
    registrations: ["+CGREG", "+CREG"],
    context: CIPStack.joinedContext,
    socket: CIPStack.socket,
    secureSocket: CIPStack.secureSocket,
    powerOff: SIMCom.powerOff,
    meaning: CIPStack.meaning)
}

import AT
import Cellular
import Primitives

extension ModuleProfile {
  /// SIMCom SIM7000 (LTE-M, NB-IoT, EGPRS): the SIM800's sockets, the SIM7080's radio.
  ///
  /// Sources: SIM7000 AT manual V1.06, hardware design V1.07, low-power note V1.01.
  ///
  /// UNVERIFIED: that `+CPSMSTATUS` has to be sent at each start. Some firmware doesn't enter
  /// power saving mode without `AT+CSCLK=1`, which makes the UART deaf wherever DTR isn't wired: it
  /// isn't sent, and a module that stays awake is turned off.
  public static let simcomSIM7000: ModuleProfile = {
    var profile = ModuleProfile.simcomSIM7080
    profile.name = "simcom-sim7000"
    profile.covers = ["SIMCOM_SIM7000", "SIM7000"]
    profile.context = CIPStack.joinedContext
    profile.socket = CIPStack.socket
    profile.secureSocket = SIM7000.secureSocket
    profile.meaning = SIM7000.meaning
    return profile
  }()
}

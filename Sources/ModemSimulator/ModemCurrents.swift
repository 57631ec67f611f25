import Primitives

extension SimulatedModem {
  /// How long the transmitter is on for one datagram. LTE-M: 180 kbit/s, the rate at which the
  /// nRF9160's uplink is specified; NB-IoT 5.2 times as long, as that module's update takes 550 mJ
  /// there and 105 mJ here. The other technologies are assumed to be as fast as LTE-M.
  func airTime(ofPayload count: Int) -> Duration {
    // IPv4 and UDP without options: 20 and 8 bytes (RFC 791, RFC 768).
    let bits = Int64(count + 28) * 8
    let bitsPerSecond: Int64 = access.technology == .nbIoT ? 34_400 : 180_000
    return .microseconds(bits * 1_000_000 / bitsPerSecond)
  }
}

extension ModemCurrents {
  /// What LTE-M adds to the current of a module that is awake, in nanoamperes at 3.8 V. No maker's
  /// table in the facts has it, so it is derived from what was measured of an nRF9160 (boaks, on a
  /// PPK2 at 5 V), a modem that draws next to nothing beside its radio.
  enum LTEM {
    /// Looking for a cell, camping on it, attaching: as a wake with its tracking area update on
    /// average, 348 mJ in 2.4 s = 145 mW.
    static let searching: Int64 = 38_200_000
    /// The open connection with nothing to say, in connected DRX: a request with its answer through
    /// a tail of 10 s, 540 mJ in 12 s, less the same with the modem switched off behind the answer,
    /// 228 mJ in 2.9 s. 312 mJ in 9.1 s = 34.3 mW.
    static let connected: Int64 = 9_000_000
  }

  /// An LTE-M module of whose table only these are known.
  ///
  /// - Parameters:
  ///   - awake: idle, sleep not enabled. The boot and the radio switched off are assumed to draw as
  ///     much: no table has them.
  ///   - extendedIdle: asleep between the windows of eDRX.
  static func lteM(
    off: Int64, asleep: Int64, awake: Int64, extendedIdle: Int64, transmitting: Int64
  ) -> ModemCurrents {
    var currents = ModemCurrents()
    currents[.off] = off
    currents[.asleep] = asleep
    currents[.booting] = awake
    currents[.radioOff] = awake
    currents[.idle] = awake
    currents[.extendedIdle] = extendedIdle
    currents[.searching] = awake + LTEM.searching
    currents[.connected] = awake + LTEM.connected
    currents[.transmitting] = transmitting
    return currents
  }

  /// BG95-M3, Hardware Design V1.3, table 40, at 3.8 V: off 12.99 µA, PSM 3.89 µA, idle with sleep
  /// not enabled 18.9 mA, asleep with e-I-DRX of 81.92 s 0.63 mA, LTE-M data at about 21 dBm 185 mA
  /// to 199 mA.
  static let bg95 = lteM(
    off: 12_990, asleep: 3890, awake: 18_900_000, extendedIdle: 630_000,
    transmitting: 192_000_000)

  /// SIM7000, as the Botletics wiki quotes SIMCom's hardware manual: off 7 µA, PSM 9 µA, asleep
  /// 1 mA, idle 11 mA, sending at 23 dBm 167 mA. That eDRX saves two thirds of the sleep, as on a
  /// BG95, is assumed.
  static let sim7000 = lteM(
    off: 7000, asleep: 9000, awake: 11_000_000, extendedIdle: 330_000,
    transmitting: 167_000_000)

  /// LTE-M modules without a table in the facts: a BG95's, but off and in PSM what the maker claims
  /// (unverified), or 5 µA.
  static func assumed(restNanoamperes: Int64 = 5000) -> ModemCurrents {
    var currents = bg95
    currents[.off] = restNanoamperes
    currents[.asleep] = restNanoamperes
    return currents
  }

  /// LTE Cat 1 and Cat 4 (EC25, SIM7600, L610), all assumed: the facts have no figure of any.
  static let assumedLTE: ModemCurrents = {
    var currents = ModemCurrents()
    currents[.off] = 20_000
    currents[.asleep] = 20_000
    currents[.booting] = 60_000_000
    currents[.radioOff] = 22_000_000
    currents[.searching] = 90_000_000
    currents[.idle] = 30_000_000
    currents[.connected] = 120_000_000
    currents[.transmitting] = 450_000_000
    return currents
  }()

  /// GSM (M95, SIM800), all assumed: the facts have no figure of any.
  static let assumedGSM: ModemCurrents = {
    var currents = ModemCurrents()
    currents[.off] = 30_000
    currents[.asleep] = 30_000
    currents[.booting] = 20_000_000
    currents[.radioOff] = 12_000_000
    currents[.searching] = 60_000_000
    currents[.idle] = 15_000_000
    currents[.connected] = 80_000_000
    currents[.transmitting] = 400_000_000
    return currents
  }()
}

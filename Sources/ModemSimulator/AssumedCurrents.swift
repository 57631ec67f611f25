extension ModemCurrents {
  /// Currents of a family for which the facts have none but, at most, PSM's: what the BG95 draws.
  /// Where they have none for PSM either, 5 µA is assumed.
  static func assumed(asleepNanoamperes: Int64 = 5000) -> ModemCurrents {
    var currents = ModemPersonality.bg95.currents
    currents[.asleep] = asleepNanoamperes
    return currents
  }
}

/// What signal fields mean in physical units.
public enum Signal {
  /// Received signal strength from `+CSQ`. TS 27.007 §8.5.
  ///
  /// - Parameter rssi: 0 to 31, or 99 when the modem can't tell.
  /// - Returns: dBm in steps of 2, -113 (or weaker) to -51 (or stronger); nil for other values.
  public static func rssiDBm(_ rssi: Int) -> Int? {
    (0...31).contains(rssi) ? 2 * rssi - 113 : nil
  }

  /// Reference signal received power from `+CESQ`. TS 27.007 §8.69, TS 36.133 §9.1.4.
  ///
  /// - Parameter rsrp: 0 to 97, or 255 when the modem can't tell.
  /// - Returns: dBm, -141 for "below -140"; nil for other values.
  public static func rsrpDBm(_ rsrp: Int) -> Int? {
    (0...97).contains(rsrp) ? rsrp - 141 : nil
  }
}

import AT
import Primitives

/// What a family's modules draw at rest and on the air, in nanoamperes, for choosing between rests.
/// What no source that was read has is assumed, and says so.
public struct RestCurrents: Equatable, Sendable {
  public var off: Int64
  public var psm: Int64
  /// Radio off, the module asleep beside it.
  public var radioOff: Int64
  /// Registered and asleep between two paging occasions of eDRX.
  public var edrx: Int64
  /// Registered or with its radio off, and not allowed to sleep.
  public var awake: Int64
  /// Looking for its cell, and attaching.
  public var searching: Int64
  /// Connected, with little to say.
  public var connected: Int64

  /// - Parameter awake: to which the radio's part is added, as boaks measured it of an nRF9160, which
  ///   draws next to nothing beside: a wake with its update, 348 mJ in 2.4 s, is 38 mA at 3.8 V; the
  ///   tail of 10 s, 540 mJ in 12 s less 228 mJ in 2.9 s without it, is 9 mA.
  init(off: Int64, psm: Int64, radioOff: Int64, edrx: Int64, awake: Int64) {
    (self.off, self.psm, self.radioOff, self.edrx, self.awake) = (off, psm, radioOff, edrx, awake)
    searching = awake + 38_000_000
    connected = awake + 9_000_000
  }

  /// BG95 hardware design V1.3, table 40, the M3's column: power-off leakage 12.99 µA, PSM 3.89 µA,
  /// CFUN=0 asleep 0.575 mA, e-I-DRX of 81.92 s asleep 0.63 mA (LTE-M), idle with sleep not enabled
  /// 18.9 mA.
  static let bg95 = RestCurrents(
    off: 12_990, psm: 3890, radioOff: 575_000, edrx: 630_000, awake: 18_900_000)

  /// SIM7000, second-hand from SIMCom's hardware manual: off 7 µA, PSM 9 µA, asleep 1 mA, idle
  /// 11 mA. Assumed: asleep with its radio off or in eDRX it draws the same.
  static let sim7000 = RestCurrents(
    off: 7000, psm: 9000, radioOff: 1_000_000, edrx: 1_000_000, awake: 11_000_000)

  /// The same with another current in PSM.
  func sleeping(at psm: Int64, off: Int64? = nil) -> RestCurrents {
    var currents = self
    currents.psm = psm
    currents.off = off ?? currents.off
    return currents
  }
}

/// How a module that stays on is let sleep.
public enum LightSleep: Sendable {
  /// Not at all, or no source says how.
  case none
  /// By this command, while DTR is released.
  case dtr(Exchange)
  /// While nothing comes on its UART, of which the first bytes are lost. Only with `psm` wanted is
  /// it told to.
  case uart
}

/// What choosing between rests has to know of a family.
public struct RestTraits: Sendable {
  public let currents: RestCurrents
  public let lightSleep: LightSleep
  /// Where the currents come from, for the documentation: no full stop.
  public let source: StaticString
}

extension ModuleProfile {
  public var restTraits: RestTraits {
    let known = Self.restTable.first { [UInt8]($0.family).equals(name) }
    return known?.traits ?? Self.otherRestTraits
  }

  /// Of a family that nothing was found about: the BG95's, but for PSM.
  private static let otherRestTraits = RestTraits(
    currents: .bg95.sleeping(at: 5000), lightSleep: .none,
    source: "assumed: the BG95's, and 5 µA in PSM")

  private static let restTable: [(family: StaticString, traits: RestTraits)] = [
    (
      "quectel-bg95",
      RestTraits(
        currents: .bg95, lightSleep: .dtr(Exchange("AT+QSCLK=1")),
        source: "BG95 hardware design V1.3, table 40")
    ),
    (
      "simcom-sim7000",
      RestTraits(
        currents: .sim7000, lightSleep: .dtr(Exchange("AT+CSCLK=1")),
        source: "SIMCom's hardware manual, second-hand")
    ),
    (
      "simcom-sim7080",
      RestTraits(
        currents: .sim7000.sleeping(at: 3200), lightSleep: .dtr(Exchange("AT+CSCLK=1")),
        source: "PSM: the maker's claim, unverified; else assumed: the SIM7000's")
    ),
    (
      "ublox-sara-r4",
      RestTraits(
        currents: .bg95.sleeping(at: 9000), lightSleep: .uart,
        source: "PSM: the maker's claim, unverified; else assumed: the BG95's")
    ),
    (
      "ublox-sara-r5",
      RestTraits(
        currents: .bg95.sleeping(at: 500), lightSleep: .uart,
        source: "PSM: the maker's claim, unverified; else assumed: the BG95's")
    ),
    (
      "sierra-hl78",
      RestTraits(
        currents: .bg95.sleeping(at: 1800), lightSleep: .none,
        source: "PSM: the maker's claim, unverified; else assumed: the BG95's")
    ),
    (
      "sequans-gm02s",
      RestTraits(
        currents: .bg95.sleeping(at: 1000, off: 1000), lightSleep: .none,
        source: "PSM: the maker's claim, unverified, off alike; else assumed: the BG95's")
    ),
  ]
}

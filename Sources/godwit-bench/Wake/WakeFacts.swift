import Primitives

/// What a module's documents say of a wake, for the floor: times and currents, each with its
/// source. The simulator has the same facts in words of its own; a test compares the two.
struct WakeFacts: Sendable {
  /// In microamperes.
  struct Currents: Equatable, Sendable {
    /// Idle, sleep not enabled; the boot draws as much where no document tells it apart.
    var awake: Int64
    var radioOff: Int64
    var searching: Int64
    var connected: Int64
    var transmitting: Int64
    var booting: Int64

    /// An LTE-M module. No document has its draw while it searches and while the connection is
    /// open, so what an nRF9160 adds to nearly nothing is added to its draw when awake (boaks, PPK2
    /// at 5 V, in energy-bytes-flash.md P1.2, turned into mA at 3.8 V).
    ///
    /// - Searching: a wake with its tracking area update, 348 mJ / 2.4 s / 3.8 V = 38.2 mA.
    /// - Connected: request and answer with a tail of 10 s, 540 mJ in 12 s, less the same without
    ///   the tail, 228 mJ in 2.9 s: 312 mJ / 9.1 s / 3.8 V = 9.0 mA.
    static func lteM(awake: Int64, transmitting: Int64) -> Currents {
      Currents(
        awake: awake, radioOff: awake, searching: awake + 38_200, connected: awake + 9000,
        transmitting: transmitting, booting: awake)
    }

    /// BG95 Hardware Design V1.3, table 40: idle with sleep not enabled 18.9 mA; LTE-M data at
    /// about 21 dBm 185 mA to 199 mA.
    static let bg95 = lteM(awake: 18_900, transmitting: 192_000)
    /// Botletics' wiki from SIMCom's hardware manual: idle 11 mA, sending at 23 dBm 167 mA.
    static let sim7000 = lteM(awake: 11_000, transmitting: 167_000)
    /// No document that was read has a figure: assumed.
    static let lte = Currents(
      awake: 30_000, radioOff: 22_000, searching: 90_000, connected: 120_000,
      transmitting: 450_000, booting: 60_000)
    /// No document that was read has a figure: assumed.
    static let gsm = Currents(
      awake: 15_000, radioOff: 12_000, searching: 60_000, connected: 80_000,
      transmitting: 400_000, booting: 20_000)
  }

  var module: String
  var hasPSM = true
  /// The shortest pulse of the power key that starts it; until its end the module is still off.
  var key: Duration
  /// From the power key's first edge until commands are taken.
  var boot: Duration
  /// The same out of PSM.
  var wake: Duration
  var currents: Currents
  /// Whether registering brings no bearer along: GSM.
  var opensContext = false

  /// Bytes of a report with its CoAP head: SenML CBOR of three readings.
  static let payload = 110
  /// T3324 as the measurement asks for it and the network grants it.
  static let activeTime = Duration.seconds(2)

  /// - Parameters:
  ///   - key: milliseconds.
  ///   - boot: milliseconds; of a range its middle.
  private init(
    _ module: String, key: Int64, boot: Int64, wake: Int64? = nil, _ currents: Currents = .bg95,
    hasPSM: Bool = true, opensContext: Bool = false
  ) {
    self.module = module
    self.key = .milliseconds(key)
    self.boot = .milliseconds(boot)
    self.wake = .milliseconds(wake ?? boot)
    self.currents = currents
    self.hasPSM = hasPSM
    self.opensContext = opensContext
  }

  static func of(_ module: String) -> WakeFacts? { all.first { $0.module == module } }

  /// The keys' pulses: hardware designs and the drivers that the families' chapters name. The GM02S has
  /// no key. An LTE-M module without currents of its own is taken to draw what a BG95 does.
  static let all = [
    // Hardware design: UART from 2.5 s on; the upper end of 3.3 s is assumed.
    WakeFacts("quectel-bg95", key: 500, boot: 2900),
    // EC21: RDY at about 11 s; EG25-G: from 12 s on.
    WakeFacts("quectel-ec25", key: 500, boot: 12_000, .lte, hasPSM: false),
    // STATUS at 0.8 s; 2 s to 3.5 s to the UART are assumed.
    WakeFacts("quectel-m95", key: 800, boot: 2750, .gsm, hasPSM: false, opensContext: true),
    // FreeRTOS: it answers 4 s to 6 s after the pulse.
    WakeFacts("ublox-sara-r4", key: 150, boot: 5000),
    // ubxlib waits 6 s; from 3.5 s on.
    WakeFacts("ublox-sara-r5", key: 1000, boot: 4750),
    // SIM7000 hardware design V1.07: 4.5 s typically; the upper end of 5.5 s is assumed.
    WakeFacts("simcom-sim7080", key: 1000, boot: 5000, .sim7000),
    WakeFacts("simcom-sim7000", key: 1000, boot: 5000, .sim7000),
    // LilyGO waits 15 s; 8 s to 12 s are assumed.
    WakeFacts("simcom-sim7600", key: 100, boot: 10_000, .lte, hasPSM: false),
    // SIM800 hardware design V1.09: more than 3 s.
    WakeFacts("simcom-sim800", key: 1000, boot: 3250, .gsm, hasPSM: false, opensContext: true),
    // It answers within 15 s (zephyr); Telit's library expects it 7 s to 12 s after the pulse's begin.
    WakeFacts("telit-me910", key: 5000, boot: 9500),
    // +KSUP at about 6.5 s (zephyrproject-rtos/zephyr#75398).
    WakeFacts("sierra-hl78", key: 1500, boot: 6500),
    // ^SYSSTART after some seconds; 4 s to 9 s are assumed.
    WakeFacts("cinterion-exs82", key: 100, boot: 6500),
    // RT-Thread's pulse of 2 s, and some seconds to the first answer.
    WakeFacts("fibocom-l610", key: 2000, boot: 4750, .lte, hasPSM: false),
    // +SYSSTART within 2 s (zephyr), 1 s (Walter); out of PSM it comes back at once.
    WakeFacts("sequans-gm02s", key: 0, boot: 1050, wake: 425),
  ]
}

/// What the network takes, as `godwit-bench network` prints it: the middle of each range. Where a
/// document gives none, it is chosen so that boaks' totals come out (2.4 s to 2.9 s for a request
/// and its answer).
struct NetworkFacts: Equatable, Sendable {
  /// The card is busy 0.2 s to 1.5 s (assumed) before the radio starts.
  var card = Duration.milliseconds(850)
  /// A search that begins with the cell last used: seconds (BG95 Network Searching Scheme V2.0).
  var search = Duration.milliseconds(2750)
  /// The cell found again after PSM.
  var camp = Duration.milliseconds(600)
  /// From idle to RRC connected, with 20 ms of random access.
  var access = Duration.milliseconds(450)
  var accessOnAir = Duration.milliseconds(20)
  var attach = Duration.milliseconds(2750)
  /// Assumed.
  var attachOnAir = Duration.milliseconds(200)
  var context = Duration.milliseconds(750)
  /// Assumed.
  var contextOnAir = Duration.milliseconds(60)
  /// Grant, transmission and core network.
  var uplink = Duration.milliseconds(110)
  var downlink = Duration.milliseconds(80)
  /// The acknowledgement on the air (assumed).
  var downlinkOnAir = Duration.milliseconds(5)
  /// boaks: RRC inactivity 10 s.
  var tail = Duration.seconds(10)
  var logOut = Duration.milliseconds(1650)
  /// nRF9160 product specification: uplink of LTE-M at 180 kbit/s.
  var uplinkBitsPerSecond: Int64 = 180_000

  static let lteM = NetworkFacts()

  /// IPv4 and UDP heads are 28 bytes.
  func airTime(ofPayload count: Int) -> Duration {
    .microseconds(Int64(count + 28) * 8 * 1_000_000 / uplinkBitsPerSecond)
  }
}

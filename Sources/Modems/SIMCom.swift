import AT
import Cellular
import Primitives

/// What the SIMCom families share.
enum SIMCom {
  /// ICCID, IMSI, IMEI, maker, model, firmware.
  static func identity(_ iccid: Exchange) -> [Exchange] {
    [
      iccid,
      Standard.subscriber,
      Exchange("AT+CGSN", answers: [.bare(Standard.isDigits)]),
      Exchange("AT+CGMI", answers: [.bare(isText)]),
      Exchange("AT+CGMM", answers: [.bare(isText)]),
      Exchange("AT+CGMR", answers: [.bare(isText), .named("+CGMR")]),
    ]
  }

  static let cell = Exchange("AT+CPSI?", answers: [.named("+CPSI")], timeout: .seconds(5))

  /// Digits without a name, all but the SIM7600.
  static let bareICCID = Exchange("AT+CCID", answers: [.bare(Standard.isICCID)])

  /// `DST: 1`, which tells of daylight saving time at the registration, is no text.
  private static let isText: @Sendable ([UInt8]) -> Bool = { line in
    Standard.isText(line) && !line.isNamed("DST") && !NumberedLines.isGoodbye(line)
  }

  static let setServers: @Sendable ([IPv4Address]) -> Exchange? = { servers in
    guard let first = servers.first else { return nil }
    // The SIM7080 repeats them before its OK. Of SIM800 and SIM7000 only that they can be asked is
    // known, and not how two commands on one line go there.
    return servers.count == 1
      ? Exchange("AT+CDNSCFG=\"\(first)\"", answers: [.named("+CDNSCFG")])
      : Exchange("AT+CDNSCFG=\"\(first)\",\"\(servers[1])\"", answers: [.named("+CDNSCFG")])
  }

  /// The last word is the answer; no OK comes first.
  static let powerOff = Exchange("AT+CPOWD=1", timeout: .seconds(10))

  static let meaning: @Sendable ([UInt8]) -> ModuleURC = { line in
    if line.isNamed("+CPSMSTATUS") {
      return ParameterList(line).text(0).equals("ENTER PSM") ? .asleep : .other
    }
    if line.hasName { return Standard.meaning(line) }
    if line.equals("RDY") { return .ready }
    return NumberedLines.isGoodbye(line) ? .poweredDown : .other
  }

  // MARK: - Settings

  /// The network's time goes into the clock; kept with `&W`.
  static let networkTime: StoredSetting = {
    var setting = StoredSetting.number("+CLTS") { _ in 1 }
    setting.writes = { _ in [Exchange("AT+CLTS=1;&W"), Exchange("AT+CLTS=1")] }
    return setting
  }()

  /// Which of GSM and LTE: 13, 38, 51 both.
  static let narrowRadioMode = StoredSetting.number("+CNMP") { wanted in
    let hasLTE = wanted.rats.contains(.lteM) || wanted.rats.contains(.nbIoT)
    if wanted.rats.contains(.gsm) { return hasLTE ? 51 : 13 }
    return hasLTE ? 38 : nil
  }

  /// Which LTE for machines: 1 LTE-M, 2 NB-IoT, 3 both.
  static let narrowBand = StoredSetting.number("+CMNB") { wanted in
    let code = (wanted.rats.contains(.lteM) ? 1 : 0) + (wanted.rats.contains(.nbIoT) ? 2 : 0)
    return code == 0 ? nil : code
  }

  /// What the SIM7080 and the SIM7000 forget, at a wake from PSM too.
  static let narrowWake = [
    Exchange("AT+CMEE=1"), Exchange("AT+CGREG=2"), Exchange("AT+CEREG=4"),
    Exchange("AT+CPSMSTATUS=1"),
  ]

  /// SIM7000 hardware design V1.07; boards with a SIM7080 do with the same pulses.
  static let narrowPower = PowerTimings(
    onPulse: .milliseconds(1100),  // 1 s and more; from 1.2 s on a running one goes off
    offPulse: .milliseconds(1400),
    resetPulse: nil,  // Only the SIM7000's RESET pin does that.
    statusLimit: .seconds(7),  // UART and STATUS after 4.5 s
    pollFrom: .milliseconds(4700),  // With automatic baud rate it says nothing before the first AT.
    pollAfterBoot: .seconds(1),
    bootLimit: .seconds(15),
    probeTimeout: .milliseconds(400),
    probes: 3,  // The first one may only teach it the baud rate.
    rest: .seconds(2),  // off to on
    offLimit: .seconds(10))  // 1.8 s to 6.9 s

  /// RDY and the last words, and what is said at the registration.
  static let dialect = Dialect(
    bareURCs: [
      "RDY", "Call Ready", "SMS Ready", "SMS DONE", "PB DONE", "NORMAL POWER DOWN",
      "NORMAL POWER OFF", "RING", "NO CARRIER",
    ],
    textsWithoutEnd: ["NORMAL POWER DOWN", "NORMAL POWER OFF"],
    restartTexts: ["RDY"])
}

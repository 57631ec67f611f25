import AT
import Cellular
import Primitives

extension ModuleProfile {
  /// Quectel EC21, EC25, EG25-G, EG91, EG95 (LTE Cat 1 and Cat 4 with 3G and 2G).
  ///
  /// Sources: EC2x&EG9x&EG2x-G&EM05 AT commands manual V2.0; sockets and contexts are the BG95's
  /// (TCP/IP application notes). It has no power saving mode: at rest it is off.
  ///
  /// UNVERIFIED: the pulses of EC25 and EG95 (those of EC21, EG91 and EG25-G are known, and one
  /// length suits them all), `+QCFG: "roamservice"`, `+QLTS` and the values of
  /// `+QCFG: "nwscanmode"`. Where the module answers ERROR, the setting stays as it is, and a
  /// clock that can't be read isn't asked for again.
  public static let quectelEC25: ModuleProfile = {
    var profile = ModuleProfile.quectelBG95
    profile.name = "quectel-ec25"
    profile.covers = ["EC21", "EC25", "EG25", "EG91", "EG95"]
    profile.dialect.bareURCs = ["RDY", "POWERED DOWN", "NORMAL POWER DOWN", "RING", "NO CARRIER"]
    profile.dialect.textsWithoutEnd = ["POWERED DOWN", "NORMAL POWER DOWN"]
    profile.dialect.restartTexts = ["RDY"]
    profile.power = PowerTimings(
      // From 500 ms on it starts (EG91 with 200 ms only sometimes), from 600 ms on a running EC21
      // goes off.
      onPulse: .milliseconds(550),
      offPulse: .milliseconds(800),  // 700 ms and more
      resetPulse: nil,  // Only its RESET_N pin does that.
      statusLimit: .seconds(14),  // EG91: STATUS after 10 s
      pollFrom: .seconds(13),  // EC21 answers after 11 s, EG91 after 12 s; RDY normally tells
      pollAfterBoot: .seconds(1),
      bootLimit: .seconds(25),
      probeTimeout: .milliseconds(400),
      probes: 2,
      rest: .seconds(2),
      offLimit: .seconds(65))  // AT manual, +QPOWD: log-out up to 60 s
    // Modes 3 to 5 aren't there.
    profile.wake = [Exchange("AT+CMEE=1"), Exchange("AT+CGREG=2"), Exchange("AT+CEREG=2")]
    profile.registrations = ["+CEREG", "+CGREG"]
    profile.settings = [
      BG95Settings.urcPort, BG95Settings.roaming, EC25.scanMode, StandardSettings.attachContext,
      BG95Settings.context,
    ]
    profile.socket?.sendLast = nil  // It has no NB-IoT.
    profile.meaning = EC25.meaning
    return profile
  }()
}

/// What the EC25 has of its own.
enum EC25 {
  /// RDY is its last word on starting that is sure to come: `+QIND: PB DONE` needs a card.
  static let meaning: @Sendable ([UInt8]) -> ModuleURC = { line in
    line.equals("RDY") ? .ready : BG95.meaning(line)
  }

  /// 0 automatic, 1 GSM only, 3 LTE only (BG96 manual, and the same here), 2 UMTS only.
  static let scanMode = StoredSetting(
    name: "nwscanmode", read: BG95Settings.configuration("AT+QCFG=\"nwscanmode\""),
    isWanted: { mode($0) != nil },
    isRight: { lines, wanted in
      BG95Settings.value(of: "nwscanmode", lines).map { $0 == mode(wanted) }
    },
    writes: { wanted in
      guard let mode = mode(wanted) else { return [] }
      return [Exchange("AT+QCFG=\"nwscanmode\",\(mode),1")]
    })

  /// nil when nothing that the module has is wanted in particular.
  private static func mode(_ wanted: NetworkSettings) -> Int? {
    let codes = wanted.rats.compactMap { code($0) }
    guard let first = codes.first else { return nil }
    return codes.allSatisfy { $0 == first } ? first : 0
  }

  private static func code(_ rat: RAT) -> Int? {
    switch rat {
    case .gsm: 1
    case .umts: 2
    case .lte: 3
    case .lteM, .nbIoT: nil  // The module has neither.
    }
  }
}

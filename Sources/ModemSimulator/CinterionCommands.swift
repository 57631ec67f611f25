import Primitives

extension CommandGroup {
  // MARK: - Cinterion: identity, card, settings, power

  static let cinterion: [CommandEntry] = [
    CommandEntry("I") { modem, command in
      guard let number = command.number(0, 0...9, otherwise: 0) else { return .error }
      let personality = modem.personality
      modem.inform(ATText(bytes: personality.maker))
      modem.inform(ATText(bytes: personality.model))
      modem.inform("REVISION \(personality.revision)")
      // The layout is UNVERIFIED in the facts.
      if number == 1 { modem.inform("A-REVISION \(personality.applicationVersion)") }
      return .ok
    },
    text("+CGMR") { "REVISION \($0.personality.revision)" },
    text("+GMR") { "REVISION \($0.personality.revision)" },
    // Which of the two a product has is UNVERIFIED in the facts: by the seed.
    iccid("^SCID", isOdd: false), iccid("+CCID", isOdd: true),
    CommandEntry("^SCKS") { modem, command in
      switch command.kind {
      case .read:
        let state = modem.sim.isPresent ? 1 : 0
        modem.inform("^SCKS: \(modem.cinterion.cardReport),\(state)")
      case .test: modem.inform("^SCKS: (0,1)")
      case .set:
        guard let report = command.number(0, 0...1) else { return .equipmentError(21) }
        modem.cinterion.cardReport = report
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("^SPIC") { modem, command in
      guard command.kind == .execute || command.isSet else { return .error }
      modem.inform("^SPIC: \(modem.sim.pinTries)")
      return .ok
    },
    CommandEntry("^SIND") { modem, command in
      switch command.kind {
      case .read:
        for name in cinterionIndicators { modem.inform(modem.indicatorLine(Array(name))) }
      case .test: break
      case .set: return modem.selectIndicator(command)
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("^SCFG", time: .milliseconds(5) ... .milliseconds(40)) { modem, command in
      switch command.kind {
      case .read:
        for setting in cinterionSettings {
          modem.inform(modem.settingLine(setting, modem.settingValue(setting)))
        }
        return .ok
      case .test: return .ok
      case .set: return modem.configureCinterion(command)
      case .execute, .malformed: return .error
      }
    },
    CommandEntry("^SXRAT", time: .milliseconds(20) ... .milliseconds(90)) { modem, command in
      switch command.kind {
      case .read:
        let access = modem.stored.numbers(Array("^sxrat".utf8), otherwise: [10, 7, 8])
        // With a space after each comma, here and in the test answer.
        modem.inform("^SXRAT: \(access[0]), \(access[1]), \(access[2])")
        return .ok
      case .test:
        modem.inform("^SXRAT: (0,7-12), (0,7,8), (0,7,8)")
        return .ok
      case .set: return modem.selectAccess(command)
      case .execute, .malformed: return .error
      }
    },
    CommandEntry("^SMSO") { modem, command in
      switch command.kind {
      case .execute: modem.shutDown(isOrderly: true)
      case .test: modem.inform("^SMSO: (\"fast\")")
      case .set:
        guard let mode = command.string(0)?.lowercased, mode.equals("fast") else {
          return .equipmentError(21)
        }
        modem.shutDown(isOrderly: false)
      case .read, .malformed: return .error
      }
      return .ok
    },
    // Kept in the flash at once, where others need AT&W; a fixed rate ends autobauding.
    CommandEntry("+IPR") { modem, command in
      let outcome = standardRate.run(&modem, command)
      if command.isSet, outcome == .ok {
        modem.counters.flashWrites += 1
        modem.stored.setNumber("+ipr", modem.session.profile.baudRate)
      }
      return outcome
    },
    // `\Q3`: RTS and CTS.
    letter("\\Q", 0...3) { $0.session.flowControl = $1 == 3 ? (2, 2) : (0, 0) },
    keptExtendedDRX("^SEDRXS", factory: "0,4,\"1101\",\"0100\""), kept("^SPOW", factory: "1,0,0"),
  ]

  private static let standardRate = entry("+IPR", in: general)

  private static func iccid(_ name: StaticString, isOdd: Bool) -> CommandEntry {
    let line = cardText(name, answersRead: true) { "\(Array(name)): \($0.sim.iccid)" }
    return CommandEntry(name, time: line.time) { modem, command in
      // Half of the firmwares have both.
      if modem.firmware.isOdd(1), modem.firmware.isOdd(0) != isOdd { return .error }
      return line.run(&modem, command)
    }
  }

  static let cinterionIndicators: [StaticString] = [
    "suspendavailable", "suspendready", "psinfo", "simstatus", "nitz",
  ]
}

/// One key of AT^SCFG.
struct CinterionSetting: Sendable {
  let name: StaticString
  let factory: StaticString
  let values: [StaticString]

  init(_ name: StaticString, _ factory: StaticString, _ values: [StaticString] = []) {
    self.name = name
    self.factory = factory
    self.values = values
  }
}

/// The keys that the facts name; an empty list of values takes any. `MEShutdown/Fso` isn't on every
/// product and isn't on this one.
private let cinterionSettings: [CinterionSetting] = [
  CinterionSetting("GPRS/AutoAttach", "enabled", ["enabled", "disabled"]),
  CinterionSetting("MEopMode/CregRoam", "0", ["0", "1"]),
  CinterionSetting("MEopMode/NonBlock/Cops", "0", ["0", "1"]),
  CinterionSetting("MEopMode/PowerMgmt/Suspend", "0", ["0", "1"]),
  CinterionSetting("MEopMode/Prov/Cfg", "fallback"),
  CinterionSetting("MEopMode/PwrSave", "disabled"),
  CinterionSetting("MEShutdown/OnIgnition", "off", ["on", "off"]),
  CinterionSetting("Radio/Band/CatM", "80800"),
  CinterionSetting("Radio/Band/CatNB", "80800"),
  CinterionSetting("SIM/CS", "SIM_1", ["SIM_1", "SIM_2"]),
  CinterionSetting("SMS/AutoAck", "0", ["0", "1"]),
  CinterionSetting("Tcp/IRT", "3"), CinterionSetting("Tcp/MR", "10"),
  CinterionSetting("Tcp/OT", "6000"),
  CinterionSetting("Tcp/WithURCs", "off", ["on", "off"]),
  CinterionSetting("URC/DstIfc", "app", ["app", "mdm"]),
]

extension SimulatedModem {
  fileprivate func settingValue(_ setting: CinterionSetting) -> [UInt8] {
    stored.configuration(Array(setting.name).lowercased) ?? Array(setting.factory)
  }

  /// With AT+CSCS="UCS2" each quoted value is in hexadecimal UCS-2.
  fileprivate func settingLine(_ setting: CinterionSetting, _ value: [UInt8]) -> ATText {
    let isWide = session.characterSet.equals("UCS2")
    let shown = isWide ? value.flatMap { [0, $0] }.hex.uppercased : value
    return "^SCFG: \(quoted: Array(setting.name)),\(quoted: shown)"
  }

  /// `="<key>"` reads, `="<key>","<value>"` writes and says what it wrote.
  fileprivate mutating func configureCinterion(_ command: ATCommand) -> CommandOutcome {
    guard let name = command.string(0)?.lowercased,
      let setting = cinterionSettings.first(where: { Array($0.name).lowercased == name })
    else { return .equipmentError(21) }
    if command.arguments.count == 1 {
      inform(settingLine(setting, settingValue(setting)))
      return .ok
    }
    guard let value = command.text(1), !value.isEmpty,
      setting.values.isEmpty || setting.values.contains(where: { value.equals($0) })
    else { return .equipmentError(21) }
    counters.flashWrites += 1
    stored.setConfiguration(name, value)
    inform(settingLine(setting, value))
    return .ok
  }

  fileprivate func indicatorLine(_ name: [UInt8]) -> ATText {
    "^SIND: \(name),\(cinterion.indicators.contains(name) ? 1 : 0)"
  }

  /// `="<name>",<0 off, 1 on, 2 read>`.
  fileprivate mutating func selectIndicator(_ command: ATCommand) -> CommandOutcome {
    guard let name = command.text(0)?.lowercased, let mode = command.number(1, 0...2),
      CommandGroup.cinterionIndicators.contains(where: { name.equals($0) })
    else { return .equipmentError(21) }
    if mode < 2 {
      cinterion.indicators.removeAll { $0 == name }
      if mode == 1 { cinterion.indicators.append(name) }
    }
    inform(indicatorLine(name))
    return .ok
  }

  /// `=<act>[,<pref1>[,<pref2>]]`: left-out preferences are filled in; the search begins anew.
  fileprivate mutating func selectAccess(_ command: ATCommand) -> CommandOutcome {
    if session.function == 4 { return .equipmentError(3) }
    let choices: [Int: [Int]] = [
      0: [0], 7: [7], 8: [8], 9: [7, 0], 10: [7, 8], 11: [8, 0], 12: [7, 8, 0],
    ]
    guard let act = command.number(0, 0...12), let allowed = choices[act],
      command.arguments.count <= 3
    else { return .equipmentError(21) }
    var preferences: [Int] = []
    for index in 1..<3 where !command.isOmitted(index) {
      guard let wanted = command.number(index, 0...8), allowed.contains(wanted),
        !preferences.contains(wanted)
      else { return .equipmentError(21) }
      preferences.append(wanted)
    }
    for technology in allowed where !preferences.contains(technology) {
      preferences.append(technology)
    }
    while preferences.count < 2 { preferences.append(preferences[0]) }
    counters.flashWrites += 1
    let key = Array("^sxrat".utf8)
    let before = stored.numbers(key, otherwise: [10, 7, 8])
    let wanted = [act] + preferences.prefix(2)
    stored.setNumbers(key, wanted)
    if before != wanted { searchSettingsChanged() }
    return .ok
  }
}

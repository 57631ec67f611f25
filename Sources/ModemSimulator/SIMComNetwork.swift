import Primitives

extension CommandGroup {
  // MARK: - SIMCom: what to search, and what was found

  /// AT+CNMP and AT+CMNB are stored at once, and a new value begins the search anew.
  static func searchMode(_ name: StaticString, _ values: [Int], factory: Int) -> CommandEntry {
    let key = Array(name).lowercased
    return CommandEntry(name) { modem, command in
      switch command.kind {
      case .read: modem.inform("\(Array(name)): \(modem.searchSetting(name, factory))")
      case .test:
        let list = values.map { Array("\($0)".utf8) }.joined(separator: [UInt8(ascii: ",")])
        modem.inform("\(Array(name)): (\(Array(list)))")
      case .set:
        guard command.arguments.count == 1, let value = command.number(0, 0...255),
          values.contains(value)
        else { return .error }
        let isNew = modem.searchSetting(name, factory) != value
        modem.counters.flashWrites += 1
        modem.stored.setConfiguration(key, Array("\(value)".utf8))
        if isNew { modem.searchSettingsChanged() }
      case .execute, .malformed: return .error
      }
      return .ok
    }
  }

  /// The same for SIM7000 and SIM7080 (SIM7000 AT manual V1.06; SIM7080 AT manual V1.02).
  static let internetOfThings: [CommandEntry] = [
    searchMode("+CNMP", [2, 13, 38, 51], factory: 2),
    searchMode("+CMNB", [1, 2, 3], factory: 3),
    CommandEntry("+CBANDCFG") { modem, command in
      switch command.kind {
      case .read:
        for name: StaticString in ["CAT-M", "NB-IOT"] {
          let bands = modem.stored.configuration(bandKey(Array(name))) ?? Array("3,8,20".utf8)
          modem.inform("+CBANDCFG: \(quoted: Array(name)),\(bands)")
        }
      case .set:
        guard let name = command.string(0)?.uppercased,
          name.equals("CAT-M") || name.equals("NB-IOT"),
          command.arguments.count >= 2
        else { return .error }
        let bands = command.arguments.indices.dropFirst().compactMap { command.number($0, 1...85) }
        guard bands.count == command.arguments.count - 1 else { return .error }
        let list = bands.map { Array("\($0)".utf8) }.joined(separator: [UInt8(ascii: ",")])
        modem.counters.flashWrites += 1
        modem.stored.setConfiguration(bandKey(name), Array(list))
        modem.searchSettingsChanged()
      case .test: break
      case .execute, .malformed: return .error
      }
      return .ok
    },
    read("+CPSI") { $0.systemInformation },
    read("+CNSMOD") { "+CNSMOD: 0,\($0.systemMode)" },
  ]

  /// A command with a read form alone.
  static func read(
    _ name: StaticString, _ line: @escaping @Sendable (SimulatedModem) -> ATText
  ) -> CommandEntry {
    CommandEntry(name) { modem, command in
      switch command.kind {
      case .read: modem.inform(line(modem))
      case .test: break
      case .execute, .set, .malformed: return .error
      }
      return .ok
    }
  }

  private static func bandKey(_ name: [UInt8]) -> [UInt8] { Array("cbandcfg/".utf8) + name }
}

extension SimulatedModem {
  func searchSetting(_ name: StaticString, _ factory: Int) -> Int {
    let value = stored.configuration(Array(name).lowercased)?.asciiWholeNumber
    return value.map { Int($0) } ?? factory
  }

  /// AT+CNMP: 13 GSM, 38 LTE, 51 both, 2 whatever there is. AT+CMNB: 1 LTE-M, 2 NB-IoT.
  var searchModesAllow: Bool {
    let mode = searchSetting("+CNMP", 2)
    switch access.technology {
    case .gsm: return mode != 38
    case .umts: return mode != 13 && mode != 38
    case .lte: return mode != 13
    case .lteM: return mode != 13 && searchSetting("+CMNB", 3) != 2
    case .nbIoT: return mode != 13 && searchSetting("+CMNB", 3) != 1
    }
  }

  /// AT+CPSI? (SIM7000 AT manual V1.06; SIM7080 AT manual V1.02).
  var systemInformation: ATText {
    guard hasCell else { return "+CPSI: NO SERVICE,Online" }
    let number = serving.number
    let name: ATText = "\(Array(number.prefix(3)))-\(Array(number.dropFirst(3)))"
    let area: ATText = "0x\(hex: UInt32(serving.trackingArea), digits: 4)"
    if access.technology == .gsm {
      let cell = serving.cell & 0xFFFF
      return "+CPSI: GSM,Online,\(name),\(area),\(cell),94 EGSM 900,\(network.rssi * 2 - 113),0,0-0"
    }
    let mode: ATText =
      switch access.technology {
      case .lteM: "LTE CAT-M1"
      case .nbIoT: "LTE NB-IOT"
      default: "LTE"
      }
    let place: ATText = "\(serving.cell),257,EUTRAN-BAND\(serving.band),\(serving.channel),3,3"
    let signal: ATText =
      "\(network.rsrqDB),\(network.rsrpDBm),\(2 * network.rssi - 113),\(network.sinr / 10)"
    return "+CPSI: \(mode),Online,\(name),\(area),\(place),\(signal)"
  }

  /// `<stat>` of AT+CNSMOD: 1 GSM, 7 LTE-M, 8 LTE (SIM7600), 9 NB-IoT; 0 none.
  var systemMode: Int {
    guard hasCell else { return 0 }
    switch access.technology {
    case .gsm: return 1
    case .umts: return 4
    case .lte: return 8
    case .lteM: return 7
    case .nbIoT: return 9
    }
  }
}

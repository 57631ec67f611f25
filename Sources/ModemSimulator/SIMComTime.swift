import Primitives

extension CommandGroup {
  // MARK: - SIMCom: time, sleep of the UART

  /// AT+CLTS, kept by AT&W with everything else of these modules' profile (assumed to be written at
  /// once here, which spares the profile a field).
  static let localTime: [CommandEntry] = [
    CommandEntry("+CLTS") { modem, command in
      switch command.kind {
      case .read: modem.inform("+CLTS: \(modem.reportsLocalTime ? 1 : 0)")
      case .test: modem.inform("+CLTS: (0,1)")
      case .set:
        guard let mode = command.number(0, 0...1) else { return .error }
        modem.counters.flashWrites += 1
        modem.stored.setConfiguration(Array("clts".utf8), Array("\(mode)".utf8))
        modem.stored.timeZoneUpdate = mode
      case .execute, .malformed: return .error
      }
      return .ok
    }
  ]

  /// AT+CSCLK: with DTR high the UART sleeps; the simulator has no DTR, so it is a setting alone.
  static func slowClock(_ range: ClosedRange<Int>) -> CommandEntry {
    number("+CSCLK", range) {
      $0.session.isSleepEnabled ? 1 : 0
    } set: {
      $0.session.isSleepEnabled = $1 > 0
    }
  }
}

extension SimulatedModem {
  var reportsLocalTime: Bool { stored.configuration(Array("clts".utf8)) == [UInt8(ascii: "1")] }

  /// What comes with a registration where AT+CLTS=1, sometimes twice (SIM7000 AT manual V1.06).
  /// `*PSUTTZ` is in UTC although a zone stands behind it, and `DST:` has been taken for an IMSI
  /// (vshymanskyy/TinyGSM#682).
  mutating func tellLocalTime() {
    // A module that only finds its cell again is told no time.
    guard reportsLocalTime, let time = clock.network, time.at == now else { return }
    let number = serving.number
    let name = serving.name
    let country: ATText = "\(quoted: Array(number.prefix(3))),\(quoted: Array(number.dropFirst(3)))"
    let utc = Array(time.utc.text.utf8)
    let fields = [(0, 4), (5, 7), (8, 10), (11, 13), (14, 16), (17, 19)].map { start, end in
      Array("\(Int(utc[start..<end].asciiWholeNumber ?? 0))".utf8)
    }
    let moment = Array(fields.joined(separator: [UInt8(ascii: ",")]))
    let zone = zoneText(time.zoneQuarters)
    for _ in 0...(random.next(below: 4) == 0 ? 1 : 0) {
      sendURC("*PSNWID: \(country),\(quoted: name),0,\(quoted: name),0")
      sendURC("*PSUTTZ: \(moment),\(quoted: zone),0")
      sendURC("+CTZV: \(quoted: zone)")
      sendURC("DST: 0")
    }
  }
}

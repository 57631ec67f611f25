import Primitives

extension CommandGroup {
  // MARK: - Time

  static let time: [CommandEntry] = [
    CommandEntry("+CCLK") { modem, command in
      switch command.kind {
      case .read:
        let date = modem.dateText(modem.localTime, fullYear: false)
        let zone = modem.zoneText(modem.clock.zoneQuarters)
        modem.inform("+CCLK: \(quoted: date + zone)")
      case .set:
        guard let text = command.string(0), let (time, quarters) = clockTime(text) else {
          return .error
        }
        modem.clock.local = (time, modem.now)
        modem.clock.zoneQuarters = quarters
      case .test: break
      case .execute, .malformed: return .error
      }
      return .ok
    },
    number("+CTZU", 0...1, isStored: true) {
      $0.stored.timeZoneUpdate
    } set: {
      $0.stored.timeZoneUpdate = $1
    },
    number("+CTZR", 0...2, isStored: true) {
      $0.stored.timeZoneReport
    } set: {
      $0.stored.timeZoneReport = $1
    },
  ]

  /// `yy/MM/dd,hh:mm:ss±zz`, the zone in quarter hours and optional.
  static func clockTime(_ text: [UInt8]) -> (UTC, Int)? {
    guard text.count == 17 || text.count == 20 else { return nil }
    let marks: [(Int, Unicode.Scalar)] = [(2, "/"), (5, "/"), (8, ","), (11, ":"), (14, ":")]
    for (index, mark) in marks where text[index] != UInt8(ascii: mark) { return nil }
    var fields: [Int] = []
    for start in stride(from: 0, to: 17, by: 3) {
      guard let value = text[start..<start + 2].asciiWholeNumber else { return nil }
      fields.append(Int(value))
    }
    var quarters = 0
    if text.count == 20 {
      guard text[17] == UInt8(ascii: "+") || text[17] == UInt8(ascii: "-"),
        let value = text[18...].asciiWholeNumber, value <= 56
      else { return nil }
      quarters = text[17] == UInt8(ascii: "-") ? -Int(value) : Int(value)
    }
    let year = fields[0] + (fields[0] >= 70 ? 1900 : 2000)
    return UTC(
      year: year, month: fields[1], day: fields[2], hour: fields[3], minute: fields[4],
      second: fields[5]
    ).map { ($0, quarters) }
  }
}

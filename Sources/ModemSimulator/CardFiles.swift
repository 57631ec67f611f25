import Primitives

extension CommandGroup {
  /// +CRSM (TS 27.007 §8.18) on the files that are here, and +CLCK for the card's PIN (§7.4).
  static let cardFiles: [CommandEntry] = [
    CommandEntry("+CRSM", time: .milliseconds(10) ... .milliseconds(60)) { modem, command in
      if command.kind == .test { return .ok }
      if let error = modem.cardError { return .equipmentError(error) }
      guard command.isSet, let order = command.number(0, 0...255),
        let file = command.number(1, 0...65_535)
      else { return .equipmentError(50) }
      let length = command.number(4, 0...255, otherwise: 0) ?? 0
      modem.inform("+CRSM: \(modem.access(order, file, length, command.text(5) ?? []))")
      return .ok
    },
    CommandEntry("+CLCK") { modem, command in
      if command.kind == .test {
        modem.inform("+CLCK: (\"SC\")")
        return .ok
      }
      if let error = modem.cardError { return .equipmentError(error) }
      guard command.string(0)?.uppercased == Array("SC".utf8), let mode = command.number(1, 0...2)
      else { return .equipmentError(50) }
      return modem.lock(mode, pin: command.string(2))
    },
  ]

  /// Digits as a card stores them: two in an octet, the first one low, F where none is left.
  fileprivate static func swappedDigits(_ digits: [UInt8], count: Int) -> [UInt8] {
    var padded = Array(digits.prefix(count))
    while padded.count < count { padded.append(UInt8(ascii: "F")) }
    for index in stride(from: 0, to: count - 1, by: 2) { padded.swapAt(index, index + 1) }
    return padded
  }
}

extension SimulatedModem {
  /// READ BINARY 176 and UPDATE BINARY 214 of EF ICCID (2FE2) and EF FPLMN (6F7B); `<sw1>,<sw2>`
  /// and what was read. Whatever the card says, the command ends in OK.
  fileprivate mutating func access(
    _ order: Int, _ file: Int, _ length: Int, _ data: [UInt8]
  ) -> ATText {
    switch (order, file) {
    case (176, 12_258): return "144,0,\(quoted: CommandGroup.swappedDigits(sim.iccid, count: 20))"
    case (176, 28_539):
      guard length <= forbiddenFile.count else { return "108,\(forbiddenFile.count)" }
      let wanted = length == 0 ? forbiddenFile.count : length
      let text = forbiddenFile.prefix(wanted).flatMap { byte in
        [byte >> 4, byte & 0xF].map { Array("0123456789ABCDEF".utf8)[Int($0)] }
      }
      return "144,0,\(quoted: text)"
    case (214, 28_539):
      guard length == forbiddenFile.count, data.count == 2 * length,
        let octets = data.hexadecimalOctets
      else { return "103,0" }
      counters.cardWrites += 1
      sim.forbidden = stride(from: 0, to: octets.count, by: 3).compactMap {
        Self.number(Array(octets[$0..<$0 + 3]))
      }
      return "144,0"
    case (_, 12_258), (_, 28_539): return "109,0"
    default: return "106,130"
    }
  }

  /// Three octets for each place, FF where it is free (TS 31.102 §4.2.16).
  private var forbiddenFile: [UInt8] {
    var octets = sim.forbidden.flatMap { Self.octets($0) }
    while octets.count < 3 * SimulatedSIM.forbiddenPlaces { octets.append(0xFF) }
    return octets
  }

  /// TS 24.008 §10.5.1.13: MCC2 MCC1, MNC3 MCC3, MNC2 MNC1; a missing MNC3 is F.
  private static func octets(_ number: [UInt8]) -> [UInt8] {
    let digit = number.map { $0 & 0xF }
    let last: UInt8 = digit.count > 5 ? digit[5] : 0xF
    return [digit[1] << 4 | digit[0], last << 4 | digit[2], digit[4] << 4 | digit[3]]
  }

  private static func number(_ octets: [UInt8]) -> [UInt8]? {
    let nibbles = octets.flatMap { [$0 & 0xF, $0 >> 4] }
    let order = [nibbles[0], nibbles[1], nibbles[2], nibbles[4], nibbles[5], nibbles[3]]
    let digits = order.filter { $0 < 10 }.map { $0 + 0x30 }
    return digits.count < 5 ? nil : digits
  }

  /// 0 takes the PIN off, 1 puts it on, 2 asks.
  fileprivate mutating func lock(_ mode: Int, pin: [UInt8]?) -> CommandOutcome {
    if mode == 2 {
      inform("+CLCK: \(sim.pin == nil ? 0 : 1)")
      return .ok
    }
    guard mode == 0, pin == sim.pin else { return .equipmentError(16) }
    sim.pin = nil
    return .ok
  }
}

extension [UInt8] {
  /// Two digits for each; nil for anything else.
  fileprivate var hexadecimalOctets: [UInt8]? {
    guard count % 2 == 0 else { return nil }
    var octets: [UInt8] = []
    for index in stride(from: 0, to: count, by: 2) {
      guard let high = self[index].hexDigitValue, let low = self[index + 1].hexDigitValue else {
        return nil
      }
      octets.append(high << 4 | low)
    }
    return octets
  }
}

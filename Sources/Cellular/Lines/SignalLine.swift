import Primitives

/// `+CSQ` and `+CESQ`. TS 27.007 §8.5, §8.69.
enum SignalLine {
  static func csq(_ values: ParameterList) -> LineMeaning? {
    guard let rssi = values.integer(0) else { return nil }
    var meaning = LineMeaning(.signal, sentence: "")
    let power = Signal.rssiDBm(rssi)
    meaning.append("rssiDBm", power)
    meaning.say(power.map { "received signal \($0) dBm" } ?? "no signal known")
    addErrorRate(values.integer(1), &meaning)
    return meaning
  }

  static func cesq(_ values: ParameterList) -> LineMeaning? {
    guard values.count >= 6 else { return nil }
    var meaning = LineMeaning(.signal, sentence: "")
    if let level = values.integer(0), (0...63).contains(level) {
      meaning.append("rssiDBm", level - 111)
      meaning.say("received signal \(level - 111) dBm")
    }
    addErrorRate(values.integer(1), &meaning)
    if let code = values.integer(2), (0...96).contains(code) {
      meaning.append("rscpDBm", code - 121)
      meaning.say("RSCP \(code - 121) dBm")
    }
    if let power = values.integer(5).flatMap({ Signal.rsrpDBm($0) }) {
      meaning.append("rsrpDBm", power)
      meaning.say("RSRP \(power) dBm")
    }
    // 0 is below -19.5 dB, 34 is -3 dB or more, in steps of a half.
    if let code = values.integer(4), (0...34).contains(code),
      let quality = DecimalNumber(mantissa: Int64(code * 5 - 200), exponent: -1)?.normalized
    {
      meaning.append("rsrqDB", .decimal(quality))
      meaning.say("RSRQ \(quality.text) dB")
    }
    if meaning.sentence.isEmpty { meaning.say("no signal known") }
    return meaning
  }

  /// 0 to 7 as RXQUAL; 99 is unknown.
  private static func addErrorRate(_ code: Int?, _ meaning: inout LineMeaning) {
    guard let code, (0...7).contains(code) else { return }
    meaning.append("ber", code)
    meaning.say("bit error class \(code)")
  }
}

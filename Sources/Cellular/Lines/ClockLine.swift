import Primitives

/// `+CCLK`, `+CTZV`, `+CTZE`, `+CTZEU`. TS 27.007 §8.15, §8.41.
public enum ClockLine {
  /// - Parameter text: `yy/MM/dd,hh:mm:ss±zz`, local time, possibly with `,<dst>` behind it.
  public static func clock(_ text: [UInt8]) -> LineMeaning {
    let quoted = [UInt8(ascii: ":"), UInt8(ascii: "\"")] + text + [UInt8(ascii: "\"")]
    var meaning = LineMeaning(.clock, sentence: "the clock isn't set")
    let offset = text.lastIndex { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
      .flatMap { offsetMinutes(Array(text[$0...].prefix { $0 != UInt8(ascii: ",") })) }
    if let utc = NetworkClock.utc(quoted) {
      meaning.append("utc", .text(Array(utc.text.utf8)))
      meaning.sentence = utc.text
    }
    meaning.append("offsetMinutes", offset)
    if !meaning.fields.isEmpty { meaning.say(offset.map { zoneText($0) }) }
    return meaning
  }

  /// `+CTZV: "+08"`, sometimes without its quotes.
  static func zone(_ text: [UInt8]) -> LineMeaning? {
    guard let minutes = offsetMinutes(text) else { return nil }
    return LineMeaning(
      .clock, form: .urc, fields: [LineField("offsetMinutes", .number(Int64(minutes)))],
      sentence: "the network tells the time zone: \(zoneText(minutes))")
  }

  /// `+CTZE: "+08",<dst>,"yyyy/MM/dd,hh:mm:ss"`: the time is local.
  static func zoneAndTime(_ values: ParameterList) -> LineMeaning? {
    guard values.has(2) else { return zone(values.text(0)) }
    var meaning = clock(values.text(2) + values.text(0))
    meaning.form = .urc
    return meaning
  }

  /// `+CTZEU`: the same, with universal time.
  static func zoneAndUniversalTime(_ values: ParameterList) -> LineMeaning? {
    guard var meaning = zone(values.text(0)) else { return nil }
    guard case .text(let utc)? = clock(values.text(2)).fields.first?.value else { return meaning }
    meaning.fields.insert(LineField("utc", .text(utc)), at: 0)
    meaning.say(utc.printable)
    return meaning
  }

  /// Quarters of an hour with a sign.
  private static func offsetMinutes(_ text: [UInt8]) -> Int? {
    let isWest = text.first == UInt8(ascii: "-")
    let digits = isWest || text.first == UInt8(ascii: "+") ? text.dropFirst() : text[...]
    guard (1...2).contains(digits.count), let quarters = digits.asciiWholeNumber, quarters <= 56
    else { return nil }
    return Int(isWest ? -quarters : quarters) * 15
  }

  private static func zoneText(_ minutes: Int) -> String {
    let size = minutes < 0 ? -minutes : minutes
    let rest = size % 60
    let digits = (rest < 10 ? "0" : "") + "\(rest)"
    return "local time is UTC \(minutes < 0 ? "-" : "+")\(size / 60):" + digits
  }
}

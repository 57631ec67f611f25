import Primitives

/// The modem's clock as the network set it. TS 27.007 §8.15.
public enum NetworkClock {
  /// Years that are believed. An unset clock shows 1970, 1980, 2000 or 2004.
  public static let years = 2024...2060

  /// Reads `+CCLK: "yy/MM/dd,hh:mm:ss±zz"`, and `+QLTS`, which has the year in four digits and
  /// `,<dst>` inside the quotes. The time is local; zz are quarters of an hour east of UTC, and
  /// may be absent.
  ///
  /// - Returns: nil for anything else, and for a clock that isn't set.
  public static func utc(_ line: [UInt8]) -> UTC? {
    let text = ParameterList(line).text(0)
    guard let slash = text.firstIndex(of: UInt8(ascii: "/")), slash == 2 || slash == 4,
      text.count >= slash + 15, isPunctuated(text[slash...]), let year = number(text[..<slash]),
      let month = number(text[(slash + 1)..<(slash + 3)]),
      let day = number(text[(slash + 4)..<(slash + 6)]),
      let hour = number(text[(slash + 7)..<(slash + 9)]),
      let minute = number(text[(slash + 10)..<(slash + 12)]),
      let second = number(text[(slash + 13)..<(slash + 15)]),
      let quarters = zone(text[(slash + 15)...]),
      let local = UTC(
        year: slash == 2 ? 2000 + year : year, month: month, day: day, hour: hour, minute: minute,
        second: second)
    else { return nil }
    let utc = local + .seconds(-900 * Int64(quarters))
    guard let first = UTC(year: years.lowerBound, month: 1, day: 1),
      let end = UTC(year: years.upperBound + 1, month: 1, day: 1), utc >= first, utc < end
    else { return nil }
    return utc
  }

  /// `/MM/dd,hh:mm:ss`
  private static func isPunctuated(_ text: ArraySlice<UInt8>) -> Bool {
    let start = text.startIndex
    return text[start + 3] == UInt8(ascii: "/") && text[start + 6] == UInt8(ascii: ",")
      && text[start + 9] == UInt8(ascii: ":") && text[start + 12] == UInt8(ascii: ":")
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    digits.asciiWholeNumber.map { Int(truncatingIfNeeded: $0) }
  }

  /// Quarters of an hour, -48 to 56; 0 where the text ends.
  private static func zone(_ text: ArraySlice<UInt8>) -> Int? {
    guard let sign = text.first else { return 0 }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
    let digits = text.dropFirst().prefix { $0 != UInt8(ascii: ",") }
    guard (1...2).contains(digits.count), let quarters = number(digits) else { return nil }
    let signed = sign == UInt8(ascii: "-") ? -quarters : quarters
    return (-48...56).contains(signed) ? signed : nil
  }
}

/// An IPv6 address (RFC 4291 §2.2).
public struct IPv6Address: Hashable, Sendable {
  /// Sixteen.
  public let octets: [UInt8]

  public init?(octets: [UInt8]) {
    guard octets.count == 16 else { return nil }
    self.octets = octets
  }

  /// The canonical text (RFC 5952 §4): lower case, no leading zeros, the longest run of two and
  /// more zero groups, the first of equals, as `::`.
  public var text: String {
    let groups = stride(from: 0, to: 16, by: 2).map {
      UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1])
    }
    let gap = longestRun(groups)
    var text = ""
    var index = 0
    while index < 8 {
      if let gap, index == gap.lowerBound {
        text += "::"
        index = gap.upperBound
        continue
      }
      if index > 0, gap?.upperBound != index { text += ":" }
      text += hexadecimal(groups[index])
      index += 1
    }
    return text
  }

  private func longestRun(_ groups: [UInt16]) -> Range<Int>? {
    var best = 0..<0
    var begin = 0
    while begin < 8 {
      var end = begin
      while end < 8, groups[end] == 0 { end += 1 }
      if end - begin > best.count { best = begin..<end }
      begin = max(end, begin + 1)
    }
    return best.count > 1 ? best : nil
  }

  private func hexadecimal(_ group: UInt16) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for shift in [12, 8, 4, 0] as [UInt16] {
      let digit = group >> shift & 0xF
      if digit != 0 || !text.isEmpty || shift == 0 { text.append(digits[Int(digit)]) }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

import Primitives

extension Duration {
  /// Reads a whole number and its unit: `15s`, `5min`, `6h`, `2d`.
  init(setting text: [UInt8]) throws(ValueProblem) {
    let digits = text.prefix { $0.isASCIIDigit }
    let unit = Array(text.dropFirst(digits.count))
    guard let count = digits.asciiWholeNumber, count <= Self.countLimit else { throw .duration }
    for (name, seconds) in Self.units where unit.equals(name) {
      self = .seconds(count * seconds)
      return
    }
    throw .duration
  }

  /// The same form, in the largest unit that says it exactly. Whole seconds, not negative.
  var settingText: [UInt8] {
    let total = wholeSeconds
    for (name, seconds) in Self.units where total != 0 && total % seconds == 0 {
      return Array("\(total / seconds)".utf8) + Array(name)
    }
    return Array("\(total)s".utf8)
  }

  /// Keeps the product far from overflow: 31 years in seconds.
  private static let countLimit: Int64 = 1_000_000_000

  private static let units: [(StaticString, Int64)] = [
    ("d", 86_400), ("h", 3600), ("min", 60), ("s", 1),
  ]
}

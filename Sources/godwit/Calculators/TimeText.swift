import Primitives

extension Duration {
  /// Reads a number and its unit: `10s`, `1.5min`, `143.36s`, `140h`, `30d`.
  ///
  /// - Returns: nil for anything else, for fractions of a millisecond and for more than 31 years.
  init?(wish text: [UInt8]) {
    let digits = text.prefix { $0.isASCIIDigit || $0 == UInt8(ascii: ".") }
    let unit = text.dropFirst(digits.count)
    guard let number = DecimalNumber(digits),
      let length = Self.units.first(where: { unit.equals($0.name) })?.milliseconds,
      let product = number.multiplied(by: DecimalNumber(length))?.normalized,
      product.exponent == 0, product.mantissa <= Self.limitMilliseconds
    else { return nil }
    self = .milliseconds(product.mantissa)
  }

  /// The whole of it in the largest unit that says it without a fraction, as the configuration has
  /// it: `140h`; below a second's whole with one: `20.48s`. Not negative.
  var exactText: String {
    let all = wholeMilliseconds
    for (name, milliseconds) in Self.units where all != 0 && all % milliseconds == 0 {
      return "\(all / milliseconds)\(name.text)"
    }
    return "\(seconds.text)s"
  }

  /// In seconds, to the millisecond.
  var seconds: DecimalNumber {
    let whole = DecimalNumber(wholeSeconds)
    return DecimalNumber(mantissa: wholeMilliseconds, exponent: -3)?.normalized ?? whole
  }

  /// Far from overflow: a thousand million seconds.
  private static let limitMilliseconds: Int64 = 1_000_000_000_000

  private static let units: [(name: StaticString, milliseconds: Int64)] = [
    ("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000),
  ]
}

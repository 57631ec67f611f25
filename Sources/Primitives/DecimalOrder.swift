/// The order of values, whatever their spelling.
extension DecimalNumber {
  /// Whether the value is smaller: 1.49 is less than 1.5, and 1.50 isn't.
  ///
  /// Not `Comparable`: `==` tells 1.5 from 1.50, as it must for text that is kept as written.
  public func isLess(than other: DecimalNumber) -> Bool {
    let (a, b) = (normalized, other.normalized)
    let exponent = min(a.exponent, b.exponent)
    return Self.scaled(a.mantissa, by: a.exponent - exponent)
      < Self.scaled(b.mantissa, by: b.exponent - exponent)
  }

  /// The mantissa at a smaller exponent. One that doesn't fit saturates: only one of two is ever
  /// scaled, and the limit is beyond every mantissa that the other can have.
  private static func scaled(_ mantissa: Int64, by exponent: Int8) -> Int128 {
    var value = Int128(mantissa)
    for _ in 0..<exponent {
      let (product, overflowed) = value.multipliedReportingOverflow(by: 10)
      if overflowed { return mantissa < 0 ? .min : .max }
      value = product
    }
    return value
  }
}

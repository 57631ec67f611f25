/// A decimal number kept exactly as it was written: `mantissa` × 10^`exponent`.
///
/// Sensors and people give decimals, and a decimal survives storing and sending unchanged only as
/// a decimal. It also spares the boards every conversion from and to binary floating point.
public struct DecimalNumber: Hashable, Sendable {
  public let mantissa: Int64
  /// -18 to 18.
  public let exponent: Int8

  public static let exponents: ClosedRange<Int8> = -18...18

  /// - Returns: nil when `exponent` is outside `exponents`.
  public init?(mantissa: Int64, exponent: Int8) {
    guard Self.exponents.contains(exponent) else { return nil }
    self.mantissa = mantissa
    self.exponent = exponent
  }

  public init(_ whole: Int64) {
    mantissa = whole
    exponent = 0
  }

  /// Reads `-12.50`, `7`, `.5`, `1e-3` (RFC 8259 §6, and besides a leading `+` or `.`).
  ///
  /// - Returns: nil for anything else, for `NaN` and infinities, for more than 18 significant
  ///   digits, and for an exponent outside `exponents`.
  public init?(_ text: some Sequence<UInt8>) {
    var scan = Scan()
    for byte in text where !scan.take(byte) { return nil }
    guard let number = scan.number else { return nil }
    self = number
  }

  /// The same value with the fewest digits: no trailing zeros in a fraction, no exponent above 0
  /// where the whole number fits.
  public var normalized: DecimalNumber {
    var (mantissa, exponent) = (self.mantissa, self.exponent)
    if mantissa == 0 { return DecimalNumber(0) }
    while exponent < 0, mantissa % 10 == 0 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while exponent > 0 {
      let (product, overflowed) = mantissa.multipliedReportingOverflow(by: 10)
      if overflowed { break }
      (mantissa, exponent) = (product, exponent - 1)
    }
    return DecimalNumber(mantissa: mantissa, exponent: exponent) ?? self
  }

  /// Multiplies two numbers exactly.
  ///
  /// - Returns: nil when the product does not fit.
  public func multiplied(by other: DecimalNumber) -> DecimalNumber? {
    let (a, b) = (normalized, other.normalized)
    let (product, overflowed) = a.mantissa.multipliedReportingOverflow(by: b.mantissa)
    return overflowed ? nil : DecimalNumber(mantissa: product, exponent: a.exponent + b.exponent)
  }

  /// Adds two numbers exactly.
  ///
  /// - Returns: nil when the sum does not fit.
  public func adding(_ other: DecimalNumber) -> DecimalNumber? {
    let (a, b) = (normalized, other.normalized)
    let common = min(a.exponent, b.exponent)
    guard let left = a.mantissa(atExponent: common), let right = b.mantissa(atExponent: common)
    else { return nil }
    let (sum, overflowed) = left.addingReportingOverflow(right)
    return overflowed ? nil : DecimalNumber(mantissa: sum, exponent: common)?.normalized
  }

  /// The mantissa that the same value has with a smaller exponent; nil when it does not fit.
  private func mantissa(atExponent target: Int8) -> Int64? {
    if mantissa == 0 { return 0 }
    var result = mantissa
    for _ in 0..<Int(exponent - target) {
      let (product, overflowed) = result.multipliedReportingOverflow(by: 10)
      if overflowed { return nil }
      result = product
    }
    return result
  }

  /// Plain decimal text that JSON takes as a number: `-12.5`, `0.001`, `3e15`.
  public var text: String {
    let plain = normalized
    if plain.exponent >= 0 {
      return plain.exponent == 0 ? "\(plain.mantissa)" : "\(plain.mantissa)e\(plain.exponent)"
    }
    var digits = Array("\(plain.mantissa.magnitude)".utf8)
    let fraction = Int(-plain.exponent)
    while digits.count <= fraction { digits.insert(UInt8(ascii: "0"), at: 0) }
    digits.insert(UInt8(ascii: "."), at: digits.count - fraction)
    if plain.mantissa < 0 { digits.insert(UInt8(ascii: "-"), at: 0) }
    return String(decoding: digits, as: UTF8.self)
  }

  /// Reads one byte at a time: sign, whole, fraction, exponent.
  private struct Scan {
    private enum Part { case start, whole, fraction, exponentStart, exponentSign, exponent }
    private var part = Part.start
    private var isNegative = false
    private var isExponentNegative = false
    private var mantissa: Int64 = 0
    private var digits = 0
    private var significant = 0
    private var fractionDigits = 0
    private var exponent = 0

    mutating func take(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): return take(digit: Int64(byte - 48))
      case UInt8(ascii: "-"), UInt8(ascii: "+"): return take(minus: byte == UInt8(ascii: "-"))
      case UInt8(ascii: "."):
        guard part == .start || part == .whole else { return false }
        part = .fraction
        return true
      case UInt8(ascii: "e"), UInt8(ascii: "E"):
        guard digits > 0, part == .whole || part == .fraction else { return false }
        part = .exponentStart
        return true
      default: return false
      }
    }

    private mutating func take(minus: Bool) -> Bool {
      switch part {
      case .start where !isNegative:
        (isNegative, part) = (minus, .whole)
        return true
      case .exponentStart:
        (isExponentNegative, part) = (minus, .exponentSign)
        return true
      case .start, .whole, .fraction, .exponentSign, .exponent: return false
      }
    }

    private mutating func take(digit: Int64) -> Bool {
      switch part {
      case .start, .whole, .fraction:
        if part == .start { part = .whole }
        digits += 1
        if part == .fraction { fractionDigits += 1 }
        if significant > 0 || digit != 0 { significant += 1 }
        mantissa = mantissa &* 10 &+ digit
        return significant <= 18 && fractionDigits <= 36
      case .exponentStart, .exponentSign, .exponent:
        part = .exponent
        exponent = exponent * 10 + Int(digit)
        return exponent <= 99
      }
    }

    var number: DecimalNumber? {
      guard digits > 0, part != .exponentStart, part != .exponentSign else { return nil }
      let shift = (isExponentNegative ? -exponent : exponent) - fractionDigits
      if mantissa == 0 { return DecimalNumber(0) }
      guard let narrow = Int8(exactly: shift) else { return nil }
      return DecimalNumber(mantissa: isNegative ? -mantissa : mantissa, exponent: narrow)
    }
  }
}

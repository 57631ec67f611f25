/// Reads a SenML pack in CBOR and resolves its records (RFC 8428 §4.5, §4.6, §6).
enum CollectorSenML {
  /// What the device sends about itself: readings dropped, and readings of unknown time.
  private static let lostName = "godwit/lost"
  private static let untimedPrefix = "godwit/untimed/"

  static func read(
    _ payload: [UInt8], device: String
  ) throws(CollectorRefusal) -> (readings: [CollectedReading], lost: Int64) {
    guard case .array(let records)? = CollectorCBOR.read(payload), !records.isEmpty else {
      throw bad("no pack")
    }
    var base = CollectorRecord.Base()
    var readings: [CollectedReading] = []
    var lost: Int64 = 0
    for record in records {
      let resolved = try CollectorRecord.resolve(record, &base)
      guard resolved.name.hasPrefix(device + ":") else { throw bad("name of another device") }
      var reading = CollectedReading(
        name: String(resolved.name.dropFirst(device.count + 1)), value: resolved.value.text,
        unit: resolved.unit, time: resolved.time)
      if reading.name == lostName {
        guard let count = Int64(reading.value), count > 0, reading.unit == "count" else {
          throw bad("lost count")
        }
        lost += count
        continue
      }
      if reading.name.hasPrefix(untimedPrefix) {
        guard reading.time == .beforeSending(milliseconds: 0) else { throw bad("untimed time") }
        reading.name = String(reading.name.dropFirst(untimedPrefix.count))
        reading.time = .unknown
      }
      readings.append(reading)
    }
    return (readings, lost)
  }

  static func bad(_ reason: String) -> CollectorRefusal {
    CollectorRefusal(code: (4, 0), reason: "SenML: " + reason)
  }
}

/// One resolved record.
struct CollectorRecord {
  /// The base values in force.
  struct Base {
    var name = ""
    var time = CollectorDecimal.zero
    var unit: String?
    var value = CollectorDecimal.zero
  }

  var name: String
  var unit: String?
  var value: CollectorDecimal
  var time: CollectedTime

  static func resolve(
    _ item: CollectorCBOR, _ base: inout Base
  ) throws(CollectorRefusal) -> CollectorRecord {
    let fields = try fields(of: item)
    if let name = fields[-2] { base.name = try text(name) }
    if let time = fields[-3] { base.time = try number(time) }
    if let unit = fields[-4] { base.unit = try text(unit) }
    if let value = fields[-5] { base.value = try number(value) }
    let name = base.name + (try fields[0].map(text) ?? "")
    guard isName(name) else { throw CollectorSenML.bad("name") }
    guard let own = fields[2] else { throw CollectorSenML.bad("no numeric value") }
    let time = try fields[6].map(number) ?? .zero
    guard let value = base.value.adding(try number(own)), let seconds = base.time.adding(time),
      let milliseconds = seconds.flooredThousandths, milliseconds > .min
    else { throw CollectorSenML.bad("number too long") }
    return CollectorRecord(
      name: name, unit: try fields[1].map(text) ?? base.unit, value: value,
      time: milliseconds < 268_435_456_000
        ? .beforeSending(milliseconds: -milliseconds) : .utc(milliseconds: milliseconds))
  }

  /// The fields with integer labels. Text labels are extensions: those that end in `_` must be
  /// understood (RFC 8428 §4.4), which none is here.
  private static func fields(of item: CollectorCBOR) throws(CollectorRefusal) -> [Int64:
    CollectorCBOR]
  {
    guard case .map(let pairs) = item else { throw CollectorSenML.bad("record is no map") }
    var fields: [Int64: CollectorCBOR] = [:]
    for (key, value) in pairs {
      switch key {
      case .text(let label):
        if label.hasSuffix("_") { throw CollectorSenML.bad("label must be understood") }
      case .unsigned(let label) where label < 1 << 32:
        guard fields.updateValue(value, forKey: Int64(label)) == nil else {
          throw CollectorSenML.bad("label twice")
        }
      case .negative(let label) where label < 1 << 32:
        guard fields.updateValue(value, forKey: -1 - Int64(label)) == nil else {
          throw CollectorSenML.bad("label twice")
        }
      default: throw CollectorSenML.bad("label")
      }
    }
    return fields
  }

  private static func text(_ item: CollectorCBOR) throws(CollectorRefusal) -> String {
    guard case .text(let text) = item else { throw CollectorSenML.bad("text expected") }
    return text
  }

  private static func number(_ item: CollectorCBOR) throws(CollectorRefusal) -> CollectorDecimal {
    guard let number = CollectorDecimal(item) else { throw CollectorSenML.bad("number expected") }
    return number
  }

  private static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, first.isLetterOrDigit else { return false }
    return text.utf8.allSatisfy { $0.isLetterOrDigit || "-:./_".utf8.contains($0) }
  }
}

/// `mantissa` × 10^`exponent`, exactly.
struct CollectorDecimal {
  var mantissa: Int128
  var exponent: Int

  static let zero = CollectorDecimal(mantissa: 0, exponent: 0)
  /// Smallest and largest exponent that is read.
  static let exponents = -30...30

  /// - Returns: nil for what isn't a finite number of a size that is of use.
  init?(_ item: CollectorCBOR) {
    switch item {
    case .unsigned(let value): self.init(mantissa: Int128(value), exponent: 0)
    case .negative(let value): self.init(mantissa: -1 - Int128(value), exponent: 0)
    case .tag(4, .array(let pair)):
      guard pair.count == 2, let exponent = Self.integer(pair[0]),
        let mantissa = Self.integer(pair[1]), Self.exponents.contains(Int(clamping: exponent))
      else { return nil }
      self.init(mantissa: mantissa, exponent: Int(exponent))
    case .float(let value): self.init(value)
    default: return nil
    }
  }

  /// The shortest decimal that reads back as the same binary number.
  private init?(_ value: Double) {
    guard value.isFinite else { return nil }
    let parts = "\(value)".split(separator: "e")
    let digits = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let fraction = digits.count == 2 ? String(digits[1]) : ""
    guard let mantissa = Int128(String(digits[0]) + fraction),
      let exponent = parts.count == 2 ? Int(parts[1]) : 0,
      Self.exponents.contains(exponent - fraction.count)
    else { return nil }
    self.init(mantissa: mantissa, exponent: exponent - fraction.count)
  }

  init(mantissa: Int128, exponent: Int) {
    self.mantissa = mantissa
    self.exponent = exponent
  }

  /// Plain digits, without exponent or trailing zeros of a fraction.
  var text: String {
    if mantissa == 0 { return "0" }
    var digits = "\(mantissa.magnitude)"
    if exponent >= 0 {
      digits += String(repeating: "0", count: exponent)
    } else {
      let missing = 1 - exponent - digits.count
      if missing > 0 { digits = String(repeating: "0", count: missing) + digits }
      var fraction = digits.suffix(-exponent)
      while fraction.last == "0" { fraction = fraction.dropLast() }
      digits = digits.dropLast(-exponent) + (fraction.isEmpty ? "" : "." + fraction)
    }
    return (mantissa < 0 ? "-" : "") + digits
  }

  func adding(_ other: CollectorDecimal) -> CollectorDecimal? {
    let common = min(exponent, other.exponent)
    guard let left = scaled(to: common), let right = other.scaled(to: common) else { return nil }
    let (sum, overflowed) = left.addingReportingOverflow(right)
    return overflowed ? nil : CollectorDecimal(mantissa: sum, exponent: common)
  }

  /// A thousand times the value, rounded down; nil when it isn't of use as milliseconds.
  var flooredThousandths: Int64? {
    if exponent >= -3 { return scaled(to: -3).flatMap { Int64(exactly: $0) } }
    var divisor: Int128 = 1
    for _ in 0..<(-3 - exponent) { divisor *= 10 }
    let quotient = mantissa / divisor
    return Int64(exactly: mantissa % divisor < 0 ? quotient - 1 : quotient)
  }

  private func scaled(to target: Int) -> Int128? {
    var result = mantissa
    if result == 0 { return 0 }
    for _ in 0..<(exponent - target) {
      let (product, overflowed) = result.multipliedReportingOverflow(by: 10)
      if overflowed { return nil }
      result = product
    }
    return result
  }

  private static func integer(_ item: CollectorCBOR) -> Int128? {
    switch item {
    case .unsigned(let value): Int128(value)
    case .negative(let value): -1 - Int128(value)
    default: nil
    }
  }
}

extension UInt8 {
  fileprivate var isLetterOrDigit: Bool {
    (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
  }
}

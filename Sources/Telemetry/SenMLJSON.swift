import Primitives

/// Reads SenML packs in JSON (RFC 8428 §5) that come from outside, and are hostile until read.
///
/// A pack is taken whole or refused whole. Base name, time, unit and value are resolved (§4.6),
/// numbers stay exact decimals. Values that aren't numbers, sums and labels that end in `_` are
/// refused; other unknown labels, and update times (`ut`), are passed over (§4.4).
public enum SenMLJSON {
  /// Longest text, in bytes.
  public static let sizeLimit = 262_144
  /// Most records of one pack.
  public static let recordLimit = 1000
  /// Most members of one record.
  public static let memberLimit = 64
  /// Deepest nesting, the pack's own two levels included.
  public static let depthLimit = 8
  /// The highest SenML version understood (RFC 8428 §4.4).
  public static let version: Int64 = 10

  /// - Parameters:
  ///   - now: the moment of the call, which relative and missing times count from.
  ///   - utc: the same moment in civil time, where the clock is trusted; nil makes relative times
  ///     points since boot, possibly before it.
  /// - Returns: the readings in the pack's order, at least one. A time is rounded down to
  ///   milliseconds.
  public static func decode(
    _ text: [UInt8], now: Instant, utc: UTC?
  ) throws(SenMLError) -> [Reading] {
    guard text.count <= sizeLimit else { throw .tooLarge(bytes: text.count) }
    var json = JSONReader(text, depthLimit: depthLimit)
    var resolver = SenMLResolver(now: now, utc: utc)
    var readings: [Reading] = []
    guard try json.begin(UInt8(ascii: "[")) else { throw .notAPack }
    while try json.next(endingWith: UInt8(ascii: "]")) {
      guard readings.count < recordLimit else { throw .tooManyRecords }
      let number = readings.count + 1
      let record = try record(number, from: &json)
      do throws(SenMLFault) {
        readings.append(try resolver.resolve(record))
      } catch {
        throw .badRecord(record: number, error)
      }
    }
    try json.end()
    guard !readings.isEmpty else { throw .emptyPack }
    return readings
  }

  private static func record(
    _ number: Int, from json: inout JSONReader
  ) throws(SenMLError) -> SenMLRecord {
    guard try json.begin(UInt8(ascii: "{")) else { throw .badRecord(record: number, .notAnObject) }
    var record = SenMLRecord()
    var labels: [[UInt8]] = []
    while try json.next(endingWith: UInt8(ascii: "}")) {
      let label = try json.key()
      let value = try json.value()
      if labels.contains(label) { throw .badRecord(record: number, .repeatedLabel) }
      guard labels.count < memberLimit else { throw .badRecord(record: number, .tooManyLabels) }
      labels.append(label)
      do throws(SenMLFault) {
        try record.set(label, value)
      } catch {
        throw .badRecord(record: number, error)
      }
    }
    return record
  }
}

/// The fields of one record as they stand there.
private struct SenMLRecord {
  var baseName: [UInt8]?
  var baseTime: DecimalNumber?
  var baseUnit: [UInt8]?
  var baseValue: DecimalNumber?
  var name: [UInt8]?
  var unit: [UInt8]?
  var value: DecimalNumber?
  var time: DecimalNumber?

  mutating func set(_ label: [UInt8], _ value: JSONReader.Value) throws(SenMLFault) {
    guard let field = SenMLField.allCases.first(where: { label.equals($0.label) }) else {
      if label.last == UInt8(ascii: "_") { throw .mandatoryLabel }
      return
    }
    switch field {
    case .baseName: baseName = try Self.text(value, field)
    case .baseUnit: baseUnit = try Self.text(value, field)
    case .name: name = try Self.text(value, field)
    case .unit: unit = try Self.text(value, field)
    case .baseTime: baseTime = try Self.number(value, field)
    case .baseValue: baseValue = try Self.number(value, field)
    case .value: self.value = try Self.number(value, field)
    case .time: time = try Self.number(value, field)
    case .stringValue, .boolValue, .dataValue: throw .notANumber(field)
    case .sum, .baseSum: throw .sum
    case .baseVersion:
      let version = try Self.number(value, field).normalized
      guard version.exponent == 0, (1...SenMLJSON.version).contains(version.mantissa) else {
        throw .badVersion
      }
    }
  }

  private static func text(
    _ value: JSONReader.Value, _ field: SenMLField
  ) throws(SenMLFault) -> [UInt8] {
    guard case .string(let text) = value else { throw .wrongType(field) }
    return text
  }

  private static func number(
    _ value: JSONReader.Value, _ field: SenMLField
  ) throws(SenMLFault) -> DecimalNumber {
    guard case .number(let text) = value else { throw .wrongType(field) }
    guard let number = DecimalNumber(text) else { throw .badNumber(field) }
    return number
  }
}

/// Applies base values to one record after another (RFC 8428 §4.6).
private struct SenMLResolver {
  let now: Instant
  let utc: UTC?
  private var baseName: [UInt8] = []
  private var baseTime = DecimalNumber(0)
  private var baseUnit: [UInt8]?
  private var baseValue = DecimalNumber(0)

  init(now: Instant, utc: UTC?) {
    self.now = now
    self.utc = utc
  }

  mutating func resolve(_ record: SenMLRecord) throws(SenMLFault) -> Reading {
    baseName = record.baseName ?? baseName
    baseTime = record.baseTime ?? baseTime
    baseUnit = record.baseUnit ?? baseUnit
    baseValue = record.baseValue ?? baseValue
    guard let name = ReadingName(baseName + (record.name ?? [])) else { throw .badName }
    guard !name.isReserved else { throw .reservedName }
    guard let own = record.value else { throw .noValue }
    guard let value = baseValue.adding(own) else { throw .valueOutOfRange }
    var unit: ReadingUnit?
    if let text = record.unit ?? baseUnit {
      unit = ReadingUnit(text)
      if unit == nil { throw .badUnit }
    }
    return Reading(name: name, value: value, unit: unit, time: try time(record.time))
  }

  /// §4.5.3: from 2^28 s on absolute, below it relative to now, missing means now.
  private func time(_ own: DecimalNumber?) throws(SenMLFault) -> ReadingTime {
    guard let seconds = baseTime.adding(own ?? DecimalNumber(0)),
      let milliseconds = seconds.flooredThousandths,
      milliseconds <= SenMLTime.absoluteMilliseconds.upperBound,
      milliseconds >= -SenMLTime.absoluteMilliseconds.lowerBound
    else { throw .timeOutOfRange }
    if milliseconds >= SenMLTime.absoluteMilliseconds.lowerBound {
      return .utc(UTC(millisecondsSince1970: milliseconds))
    }
    if let utc { return .utc(utc + .milliseconds(milliseconds)) }
    return .sinceBoot(now + .milliseconds(milliseconds))
  }
}

extension DecimalNumber {
  /// A thousand times the value, rounded towards minus infinity; nil when it does not fit.
  fileprivate var flooredThousandths: Int64? {
    var (result, places) = (mantissa, Int(exponent) + 3)
    while places > 0 {
      let (product, overflowed) = result.multipliedReportingOverflow(by: 10)
      if overflowed { return nil }
      (result, places) = (product, places - 1)
    }
    while places < 0 {
      result = result % 10 < 0 ? result / 10 - 1 : result / 10
      places += 1
    }
    return result
  }
}

import Primitives

/// Encodes a batch as a SenML pack in CBOR (RFC 8428 §6; media type `application/senml+cbor`,
/// CoAP Content-Format 112), as short as the pack's own rules allow, with every decimal exact.
///
/// The records come in four sections, and within each in the batch's order:
/// 1. readings of unknown time, under the base name `<device>:godwit/untimed/`. A record without a
///    time means "now" (RFC 8428 §4.5.3), so under its own name such a reading would claim a time
///    that nobody knows; under this one it claims none, and no series gets a wrong point;
/// 2. the batch's lost count, as `godwit/lost` in unit `count`, and readings of this boot that have
///    no UTC yet, whose time is relative to the moment of sending (below 2^28, §4.5.3);
/// 3. readings with UTC whose name is rare in the batch, relative to one base time;
/// 4. readings with UTC whose name repeats: each name stands once, as a base name of its own, its
///    unit as a base unit. Names without a unit come first, since a base unit can't be unset.
///
/// Times are exact to the millisecond. The caller sees to it that the batch fits: see `SenMLSize`.
public enum SenMLCBOR {
  /// CoAP Content-Format of the encoding (RFC 8428 §12.3.1, IANA "CoAP Content-Formats").
  public static let contentFormat: UInt16 = 112

  /// - Parameter now: the moment of sending, to which times since boot are made relative.
  public static func encode(_ batch: Batch, device: DeviceName, now: Instant) -> [UInt8] {
    let plan = SenMLPlan(batch, device: device)
    var pack = Pack(device: device, records: plan.recordCount, base: plan.base ?? 0)
    pack.untimed(plan.untimed)
    if batch.lostReadings > 0 { pack.lost(batch.lostReadings) }
    pack.relative(plan.relative, now: now)
    pack.single(plan.rare)
    for group in plan.repeated where group.key.unit == nil { pack.repeated(group) }
    for group in plan.repeated where group.key.unit != nil { pack.repeated(group) }
    return pack.writer.bytes
  }

  /// The bytes of `batch` at most, whatever `now` is and if the clock is set or the device
  /// restarts before it is sent; exactly the encoding's count when every reading has its UTC.
  public static func size(_ batch: Batch, device: DeviceName) -> Int {
    var size = SenMLSize(device: device, lostReadings: batch.lostReadings)
    for reading in batch.readings { size.add(reading) }
    return size.bytes
  }
}

/// The names that the device itself uses in its packs.
enum SenMLNames {
  static let lost: StaticString = "godwit/lost"
  static let lostUnit: StaticString = "count"
  static let untimed: StaticString = "godwit/untimed/"
}

/// The integer labels of RFC 8428 §6, table 6.
enum SenMLLabel {
  static let baseName: Int64 = -2
  static let baseTime: Int64 = -3
  static let baseUnit: Int64 = -4
  static let name: Int64 = 0
  static let unit: Int64 = 1
  static let value: Int64 = 2
  static let time: Int64 = 6
}

/// Writes the records, and remembers which base values are in force.
private struct Pack {
  var writer = CBORWriter()
  private let prefix: [UInt8]
  private var hasDeviceBase = false
  private var hasBaseTime = false
  private let base: Int64

  init(device: DeviceName, records: Int, base: Int64) {
    self.base = base
    prefix = device.bytes + [UInt8(ascii: ":")]
    writer.array(records)
  }

  mutating func untimed(_ readings: [Reading]) {
    var isFirst = true
    for reading in readings {
      let baseName = isFirst ? prefix + Array(SenMLNames.untimed) : nil
      record(baseName, name: reading.name.bytes, unit: reading.unit, value: reading.value)
      isFirst = false
    }
  }

  mutating func lost(_ count: Int64) {
    record(
      deviceBase(), name: Array(SenMLNames.lost), unit: ReadingUnit(Array(SenMLNames.lostUnit)),
      value: DecimalNumber(count))
  }

  mutating func relative(_ readings: [(reading: Reading, taken: Instant)], now: Instant) {
    for (reading, taken) in readings {
      record(
        deviceBase(), name: reading.name.bytes, unit: reading.unit, value: reading.value,
        milliseconds: (taken - now).wholeMilliseconds)
    }
  }

  mutating func single(_ readings: [(reading: Reading, utc: Int64)]) {
    for (reading, utc) in readings {
      let newBase = baseTime()
      record(
        deviceBase(), newBase, name: reading.name.bytes, unit: reading.unit,
        value: reading.value, milliseconds: utc - base)
    }
  }

  mutating func repeated(_ group: SenMLPlan.Group) {
    var isFirst = true
    for (value, utc) in group.samples {
      let newBase = baseTime()
      let baseName = isFirst ? prefix + group.key.name.bytes : nil
      record(
        baseName, newBase, baseUnit: isFirst ? group.key.unit : nil, value: value,
        milliseconds: utc - base)
      isFirst = false
    }
  }

  /// The base name to write, where it isn't in force yet.
  private mutating func deviceBase() -> [UInt8]? {
    if hasDeviceBase { return nil }
    hasDeviceBase = true
    return prefix
  }

  /// The base time to write, where it isn't in force yet.
  private mutating func baseTime() -> Int64? {
    if hasBaseTime { return nil }
    hasBaseTime = true
    return base
  }

  /// One record: the fields that aren't nil; a time of 0 is left out, which means the same.
  private mutating func record(
    _ baseName: [UInt8]?, _ baseTime: Int64? = nil, baseUnit: ReadingUnit? = nil,
    name: [UInt8]? = nil, unit: ReadingUnit? = nil, value: DecimalNumber, milliseconds: Int64 = 0
  ) {
    let hasTime = milliseconds != 0
    var pairs = hasTime ? 2 : 1
    for isThere in [baseName != nil, baseTime != nil, baseUnit != nil, name != nil, unit != nil]
    where isThere { pairs += 1 }
    writer.map(pairs)
    if let baseName { text(SenMLLabel.baseName, baseName) }
    if let baseTime { time(SenMLLabel.baseTime, baseTime) }
    if let baseUnit { text(SenMLLabel.baseUnit, baseUnit.bytes) }
    if let name { text(SenMLLabel.name, name) }
    if let unit { text(SenMLLabel.unit, unit.bytes) }
    if hasTime { time(SenMLLabel.time, milliseconds) }
    writer.integer(SenMLLabel.value)
    writer.decimal(value)
  }

  private mutating func text(_ label: Int64, _ bytes: [UInt8]) {
    writer.integer(label)
    writer.text(bytes)
  }

  /// Seconds, with as many decimals as the milliseconds need.
  private mutating func time(_ label: Int64, _ milliseconds: Int64) {
    writer.integer(label)
    writer.decimal(DecimalNumber(mantissa: milliseconds, exponent: -3) ?? DecimalNumber(0))
  }
}

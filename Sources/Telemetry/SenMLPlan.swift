import Primitives

/// Which of a pack's sections each reading of a batch goes to; see `SenMLCBOR`.
struct SenMLPlan {
  /// Readings of one name and unit.
  struct Group {
    let key: SenMLSeries
    var samples: [(value: DecimalNumber, utc: Int64)]
  }

  private(set) var untimed: [Reading] = []
  private(set) var relative: [(reading: Reading, taken: Instant)] = []
  private(set) var rare: [(reading: Reading, utc: Int64)] = []
  private(set) var repeated: [Group] = []
  /// The base time in milliseconds since 1970: the first UTC in the batch's order.
  let base: Int64?
  let recordCount: Int

  init(_ batch: Batch, device: DeviceName) {
    recordCount = batch.readings.count + (batch.lostReadings > 0 ? 1 : 0)
    var timed: [(reading: Reading, utc: Int64)] = []
    var counts: [SenMLSeries: Int] = [:]
    for reading in batch.readings {
      switch SenMLTime(reading.time) {
      case .unknown: untimed.append(reading)
      case .relative(let taken): relative.append((reading, taken))
      case .absolute(let utc):
        timed.append((reading, utc))
        counts[SenMLSeries(reading), default: 0] += 1
      }
    }
    base = timed.first?.utc
    var places: [SenMLSeries: Int] = [:]
    for (reading, utc) in timed {
      let key = SenMLSeries(reading)
      guard key.isShorterGrouped(count: counts[key] ?? 0, device: device) else {
        rare.append((reading, utc))
        continue
      }
      if let place = places[key] {
        repeated[place].samples.append((reading.value, utc))
      } else {
        places[key] = repeated.count
        repeated.append(Group(key: key, samples: [(reading.value, utc)]))
      }
    }
  }
}

/// Readings that share a name and a unit.
struct SenMLSeries: Hashable {
  let name: ReadingName
  let unit: ReadingUnit?

  init(_ reading: Reading) {
    name = reading.name
    unit = reading.unit
  }

  /// Bytes that name and unit take in each record that carries them itself.
  var bytesPerRecord: Int {
    CBORLength.field(text: name.bytes.count)
      + (unit.map { CBORLength.field(text: $0.bytes.count) } ?? 0)
  }

  /// Bytes that they take once, as base name and base unit.
  func bytesAsBase(device: DeviceName) -> Int {
    CBORLength.field(text: device.bytes.count + 1 + name.bytes.count)
      + (unit.map { CBORLength.field(text: $0.bytes.count) } ?? 0)
  }

  func isShorterGrouped(count: Int, device: DeviceName) -> Bool {
    bytesAsBase(device: device) < count * bytesPerRecord
  }
}

/// A reading's time as SenML can say it (RFC 8428 §4.5.3).
enum SenMLTime {
  case absolute(milliseconds: Int64)
  case relative(Instant)
  case unknown

  /// 2^28 s, from which on a time is absolute, to the end of the year 9999.
  static let absoluteMilliseconds: ClosedRange<Int64> = 268_435_456_000...253_402_300_799_999

  /// A UTC outside `absoluteMilliseconds` counts as unknown: SenML can't say it, and no trusted
  /// clock shows it.
  init(_ time: ReadingTime) {
    switch time {
    case .utc(let utc) where Self.absoluteMilliseconds.contains(utc.millisecondsSince1970):
      self = .absolute(milliseconds: utc.millisecondsSince1970)
    case .sinceBoot(let taken): self = .relative(taken)
    case .utc, .unknown: self = .unknown
    }
  }
}

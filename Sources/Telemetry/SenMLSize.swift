import Primitives

/// Counts a pack's bytes reading by reading, each in constant time, so that a batch can be cut to
/// fit a datagram while it is read from a store.
///
/// The count holds as an upper bound however the pack is sent later: a time since boot counts at
/// its longest, since it grows, becomes UTC when the clock is set, and unknown when the device
/// restarts. With UTC in every reading it is exact.
public struct SenMLSize: Sendable {
  private struct Series {
    var count = 0
    let perRecord: Int
    let asBase: Int

    /// The shorter of the two ways; the same choice as `SenMLSeries.isShorterGrouped`.
    var bytes: Int { min(asBase, count * perRecord) }
    var isGrouped: Bool { asBase < count * perRecord }
  }

  private struct Totals {
    var records = 0
    /// Everything but the array's head, the base names of sections, the base time and `series`.
    var recordBytes = 0
    var seriesBytes = 0
    var ungroupedSeries = 0
    var base: Int64?
    var hasRelative = false
    var hasUntimed = false
  }

  private let device: DeviceName
  private let hasLost: Bool
  private var totals = Totals()
  private var series: [SenMLSeries: Series] = [:]

  public init(device: DeviceName, lostReadings: Int64) {
    self.device = device
    hasLost = lostReadings > 0
    if hasLost {
      totals.records = 1
      totals.recordBytes =
        CBORLength.mapHead + CBORLength.field(text: SenMLNames.lost.utf8CodeUnitCount)
        + CBORLength.field(text: SenMLNames.lostUnit.utf8CodeUnitCount)
        + CBORLength.field(number: DecimalNumber(lostReadings))
    }
  }

  /// The bytes of the pack so far.
  public var bytes: Int {
    var sum = CBORLength.head(UInt64(totals.records)) + totals.recordBytes + totals.seriesBytes
    let prefix = device.bytes.count + 1
    if hasLost || totals.hasRelative || totals.ungroupedSeries > 0 {
      sum += CBORLength.field(text: prefix)
    }
    if totals.hasRelative || totals.hasUntimed {
      sum += CBORLength.field(text: prefix + SenMLNames.untimed.utf8CodeUnitCount)
    }
    if totals.hasRelative { return sum + CBORLength.longestTimeField }
    if let base = totals.base { return sum + CBORLength.field(milliseconds: base) }
    return sum
  }

  /// Counts one more reading.
  public mutating func add(_ reading: Reading) {
    let key = SenMLSeries(reading)
    totals.records += 1
    totals.recordBytes += CBORLength.mapHead + CBORLength.field(number: reading.value)
    switch SenMLTime(reading.time) {
    case .unknown:
      totals.hasUntimed = true
      totals.recordBytes += key.bytesPerRecord
    case .relative:
      totals.hasRelative = true
      totals.recordBytes += key.bytesPerRecord + CBORLength.longestTimeField
    case .absolute(let utc):
      count(key)
      addTime(utc)
    }
  }

  /// Counts one more reading if the pack then still has at most `limit` bytes.
  ///
  /// - Returns: whether it fits; if not, nothing has changed.
  public mutating func add(_ reading: Reading, limit: Int) -> Bool {
    let key = SenMLSeries(reading)
    let (totalsBefore, seriesBefore) = (totals, series[key])
    add(reading)
    if bytes <= limit { return true }
    totals = totalsBefore
    series[key] = seriesBefore
    return false
  }

  private mutating func addTime(_ utc: Int64) {
    guard let base = totals.base else {
      totals.base = utc
      if totals.hasRelative { totals.recordBytes += CBORLength.longestTimeField }
      return
    }
    if totals.hasRelative {
      totals.recordBytes += CBORLength.longestTimeField
    } else if utc != base {
      totals.recordBytes += CBORLength.field(milliseconds: utc - base)
    }
  }

  private mutating func count(_ key: SenMLSeries) {
    var entry =
      series[key] ?? Series(perRecord: key.bytesPerRecord, asBase: key.bytesAsBase(device: device))
    let (bytesBefore, wasUngrouped) = (entry.bytes, entry.count > 0 && !entry.isGrouped)
    entry.count += 1
    series[key] = entry
    totals.seriesBytes += entry.bytes - bytesBefore
    totals.ungroupedSeries += (entry.isGrouped ? 0 : 1) - (wasUngrouped ? 1 : 0)
  }
}

/// Lengths of CBOR items in their shortest forms (RFC 8949 §3), and of SenML fields: a label of
/// one byte with its value.
enum CBORLength {
  /// A map of fewer than 24 pairs.
  static let mapHead = 1
  /// A field that holds a time: label, tag 4, array, exponent and a mantissa of nine bytes.
  static let longestTimeField = 13

  static func head(_ argument: UInt64) -> Int {
    switch argument {
    case 0...23: 1
    case 24...0xFF: 2
    case 0x100...0xFFFF: 3
    case 0x1_0000...0xFFFF_FFFF: 5
    default: 9
    }
  }

  static func integer(_ value: Int64) -> Int {
    head(UInt64(bitPattern: value >= 0 ? value : ~value))
  }

  static func field(text count: Int) -> Int { 1 + head(UInt64(count)) + count }

  static func field(number: DecimalNumber) -> Int {
    let plain = number.normalized
    if plain.exponent == 0 { return 1 + integer(plain.mantissa) }
    return 1 + 2 + integer(Int64(plain.exponent)) + integer(plain.mantissa)
  }

  static func field(milliseconds: Int64) -> Int {
    field(number: DecimalNumber(mantissa: milliseconds, exponent: -3) ?? DecimalNumber(0))
  }
}

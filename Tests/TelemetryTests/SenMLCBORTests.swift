import Primitives
import Telemetry
import Testing

/// Byte-exact packs. `Tests/second-opinion/senml.py` decodes and re-encodes the same hex with an
/// independent CBOR library, and says what each must mean.
@Suite("SenML in CBOR") struct SenMLCBORTests {
  @Test("packs come out byte for byte", arguments: SenMLVector.all)
  func bytes(vector: SenMLVector) {
    let bytes = SenMLCBOR.encode(vector.batch, device: meadow, now: SenMLVector.now)
    #expect(hex(bytes) == vector.hex, "\(vector.name)")
  }

  @Test("times since boot count from the moment of sending") func ages() {
    let taken = ReadingTime.sinceBoot(.milliseconds(1000))
    let pack = batch([reading("a", "1", nil, taken)])
    let soon = SenMLCBOR.encode(pack, device: meadow, now: .milliseconds(2000))
    #expect(hex(soon) == "81A421696D6561646F772D373A00616106200201")
    let later = SenMLCBOR.encode(pack, device: meadow, now: .milliseconds(2250))
    #expect(hex(later) == "81A421696D6561646F772D373A00616106C48221387C0201")
    let atOnce = SenMLCBOR.encode(pack, device: meadow, now: .milliseconds(1000))
    #expect(hex(atOnce) == "81A321696D6561646F772D373A0061610201")
  }

  @Test(
    "a UTC that SenML can't say counts as unknown",
    arguments: [268_435_455_999, 0, .min, .max, 253_402_300_800_000])
  func impossibleUTC(milliseconds: Int64) {
    let utc = UTC(millisecondsSince1970: milliseconds)
    let device = SenMLCBOR.encode(
      batch([reading("a", "1", nil, .utc(utc))]), device: meadow, now: .start)
    let unknown = SenMLCBOR.encode(
      batch([reading("a", "1", nil, .unknown)]), device: meadow, now: .start)
    #expect(device == unknown)
  }

  @Test("60 samples of one sensor take less than 12 bytes each") func compactness() {
    var readings: [Reading] = []
    for index in 0..<60 {
      readings.append(reading("temp", "2\(index % 10).5", "Cel", after: Double(index) * 60))
    }
    let size = SenMLCBOR.encode(batch(readings), device: meadow, now: .start).count
    #expect(size == 704)
  }
}

@Suite("The size of a pack") struct SenMLSizeTests {
  @Test("is exact with UTC, and never too small without", arguments: 0..<200 as Range<UInt64>)
  func bound(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let everyTimeIsUTC = seed % 2 == 0
    var readings: [Reading] = []
    for _ in 0..<random.next(below: 80) {
      readings.append(randomReading(&random, everyTimeIsUTC: everyTimeIsUTC))
    }
    let lost = Int64(random.next(below: 3)) * 1000
    let pack = batch(readings, lost: lost)
    let size = SenMLCBOR.size(pack, device: meadow)
    let now = Instant.milliseconds(Int64(random.next(below: 1 << 40)))
    let encoded = SenMLCBOR.encode(pack, device: meadow, now: now).count
    if everyTimeIsUTC {
      #expect(size == encoded, "seed \(seed)")
    } else {
      #expect(size >= encoded, "seed \(seed)")
    }
    // What may become of the same batch before it is sent.
    let clockSet = batch(readings.map { timed($0, bootedAt: evening) }, lost: lost)
    #expect(size >= SenMLCBOR.encode(clockSet, device: meadow, now: now).count, "seed \(seed)")
    let restarted = batch(readings.map { timed($0, bootedAt: nil) }, lost: lost)
    #expect(size >= SenMLCBOR.encode(restarted, device: meadow, now: now).count, "seed \(seed)")
  }

  @Test("cuts a batch at the last reading that fits") func cut() {
    for limit in [0, 20, 40, 100, 101, 102, 103, 104, 105, 500] {
      var size = SenMLSize(device: meadow, lostReadings: 0)
      var taken: [Reading] = []
      for index in 0..<200 {
        let next = reading("s\(index % 7)", "\(index)", "V", after: Double(index))
        if !size.add(next, limit: limit) {
          #expect(SenMLCBOR.size(batch(taken + [next]), device: meadow) > limit)
          break
        }
        taken.append(next)
      }
      #expect(taken.isEmpty || size.bytes <= limit)
      #expect(size.bytes == SenMLCBOR.encode(batch(taken), device: meadow, now: .start).count)
    }
  }

  private func randomReading(_ random: inout SeededRandom, everyTimeIsUTC: Bool) -> Reading {
    let names = ["t", "temp", "a/rather/long/name/of/a/sensor", "load", "hum"]
    let units = [nil, "Cel", "%RH", "sixteenlongunits"]
    let exponent = Int8(random.next(below: 37)) - 18
    let bits = random.next(below: 64)
    let mantissa = Int64(bitPattern: random.next()) >> Int64(bits)
    let kind = everyTimeIsUTC ? 0 : random.next(below: 3)
    let span = Int64(1) << Int64(random.next(below: 40))
    let time: ReadingTime =
      switch kind {
      case 0: .utc(evening + .milliseconds(Int64(random.next(below: UInt64(span))) - span / 2))
      case 1: .sinceBoot(.milliseconds(Int64(random.next(below: UInt64(span)))))
      default: .unknown
      }
    var next = reading(
      names[Int(random.next(below: 5))], "0", units[Int(random.next(below: 4))], time)
    next.value = DecimalNumber(mantissa: mantissa, exponent: exponent)!
    return next
  }

  /// The reading after the clock was set, or after a restart.
  private func timed(_ reading: Reading, bootedAt boot: UTC?) -> Reading {
    guard case .sinceBoot(let taken) = reading.time else { return reading }
    var changed = reading
    changed.time = boot.map { .utc($0 + taken.sinceStart) } ?? .unknown
    return changed
  }
}

import Testing

@testable import World

/// `"81 a2"` or `"81a2"` as bytes.
func collectorBytes(_ hex: String) -> [UInt8] {
  let digits = hex.filter { $0 != " " && $0 != "\n" }
  return stride(from: 0, to: digits.count, by: 2).map { offset in
    let start = digits.index(digits.startIndex, offsetBy: offset)
    return UInt8(digits[start..<digits.index(start, offsetBy: 2)], radix: 16)!
  }
}

@Suite("The collector's SenML") struct CollectorSenMLTests {
  /// The CBOR example of RFC 8428 §6, which is the JSON one of §5.1.2.
  static let example = collectorBytes(
    """
    87 a7 21 78 1b 75 72 6e 3a 64 65 76 3a 6f 77 3a 31 30 65 32 30 37 33 61 30 31 30 38 30 30 36 3a
    22 fb 41 d3 03 a1 5b 00 10 62 23 61 41 20 05 00 67 76 6f 6c 74 61 67 65 01 61 56 02 fb 40 5e 06
    66 66 66 66 66 a3 00 67 63 75 72 72 65 6e 74 06 24 02 fb 3f f3 33 33 33 33 33 33 a3 00 67 63 75
    72 72 65 6e 74 06 23 02 fb 3f f4 cc cc cc cc cc cd a3 00 67 63 75 72 72 65 6e 74 06 22 02 fb 3f
    f6 66 66 66 66 66 66 a3 00 67 63 75 72 72 65 6e 74 06 21 02 f9 3e 00 a3 00 67 63 75 72 72 65 6e
    74 06 20 02 fb 3f f9 99 99 99 99 99 9a a3 00 67 63 75 72 72 65 6e 74 06 00 02 fb 3f fb 33 33 33
    33 33 33
    """)

  @Test("reads the example of RFC 8428 §6") func rfcExample() throws {
    let pack = try CollectorSenML.read(Self.example, device: "urn:dev:ow:10e2073a0108006")
    func current(_ value: String, _ after: Int64) -> CollectedReading {
      CollectedReading(
        name: "current", value: value, unit: "A",
        time: .utc(milliseconds: 1_276_020_076_001 + after))
    }
    let voltage = CollectedReading(
      name: "voltage", value: "120.1", unit: "V", time: .utc(milliseconds: 1_276_020_076_001))
    #expect(
      pack.readings == [
        voltage, current("1.2", -5000), current("1.3", -4000), current("1.4", -3000),
        current("1.5", -2000), current("1.6", -1000), current("1.7", 0),
      ])
    #expect(pack.lost == 0)
  }

  @Test(
    "takes every form of a number, floats by their shortest decimal, RFC 8949 appendix A",
    arguments: [
      ("00", "0"), ("18 64", "100"), ("1b ff ff ff ff ff ff ff ff", "18446744073709551615"),
      ("20", "-1"), ("3b ff ff ff ff ff ff ff ff", "-18446744073709551616"), ("f9 00 00", "0"),
      ("f9 3e 00", "1.5"), ("f9 7b ff", "65504"), ("f9 c4 00", "-4"),
      ("f9 00 01", "0.00000005960464477539063"), ("fa 47 c3 50 00", "100000"),
      ("fb 3f f1 99 99 99 99 99 9a", "1.1"), ("fb c0 10 66 66 66 66 66 66", "-4.1"),
      ("c4 82 21 19 6a b3", "273.15"), ("c4 82 20 18 d7", "21.5"), ("c4 82 03 05", "5000"),
      ("c4 82 22 38 63", "-0.1"), ("c4 82 31 01", "0.000000000000000001"),
    ])
  func numbers(hex: String, text: String) throws {
    let item = try #require(CollectorCBOR.read(collectorBytes(hex)))
    #expect(CollectorDecimal(item)?.text == text)
  }

  @Test(
    "refuses what is no number of use",
    arguments: [
      "f9 7c 00", "f9 7e 00", "fb 7f f0 00 00 00 00 00 00", "f5", "f6", "61 31", "c4 82 18 63 01",
      "c4 81 01", "c4 82 61 30 01", "c5 82 01 01", "fb 00 00 00 00 00 00 00 01",
    ])
  func noNumbers(hex: String) throws {
    let item = try #require(CollectorCBOR.read(collectorBytes(hex)))
    #expect(CollectorDecimal(item) == nil)
  }

  @Test(
    "refuses packs that aren't right",
    arguments: [
      "", "80", "a0", "81 00", "81 a0 00", "9f ff",  // No pack; trailing byte; indefinite length.
      "81 a1 00 62 6d 3a", "81 a2 00 62 6d 3a 03 61 61",  // No numeric value.
      "81 a2 00 63 6d 3a 61 02 61 31", "81 a2 00 63 78 3a 61 02 01",  // Text; another device.
      "81 a1 02 01", "81 a2 00 64 6d 3a 20 61 02 01",  // No name; a blank in it.
      "81 a3 00 63 6d 3a 61 02 01 02 01",  // A label twice.
      "81 a3 00 63 6d 3a 61 02 01 62 61 5f 01",  // A label that must be understood.
      "81 a2 00 63 6d 3a ff 02 01",  // No UTF-8.
      "81 a3 21 42 6d 3a 00 61 61 02 01",  // A base name that is no text.
      "81 81 81 81 81 81 81 81 00",  // Too deep.
      "9b ff ff ff ff ff ff ff ff", "81 a2 00 7b ff ff ff ff ff ff ff ff 61",
      // godwit/lost without its unit; godwit/untimed/a with a time.
      "81 a2 00 6d 6d 3a 67 6f 64 77 69 74 2f 6c 6f 73 74 02 05",
      "81 a3 00 72 6d 3a 67 6f 64 77 69 74 2f 75 6e 74 69 6d 65 64 2f 61 02 01 06 20",
    ])
  func badPack(hex: String) {
    #expect(throws: CollectorRefusal.self) {
      try CollectorSenML.read(collectorBytes(hex), device: "m")
    }
  }

  @Test("no truncation and no changed byte of a pack makes it trap") func hostile() {
    var refused = 0
    for end in Self.example.indices { refused += reads(Array(Self.example[..<end])) ? 0 : 1 }
    #expect(refused == Self.example.count)
    for index in Self.example.indices {
      for byte in UInt8.min...UInt8.max {
        var changed = Self.example
        changed[index] = byte
        refused += reads(changed) ? 0 : 1
      }
    }
    #expect(refused > 10_000)
  }

  private func reads(_ payload: [UInt8]) -> Bool {
    (try? CollectorSenML.read(payload, device: "urn:dev:ow:10e2073a0108006")) != nil
  }
}

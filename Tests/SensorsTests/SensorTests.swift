import Primitives
import Sensors
import Telemetry
import Testing

@Suite("A sensor") struct SensorTests {
  @Test(
    "takes the word that is its field, scales it and adds its offset, exactly",
    arguments: [
      ("0.52 0.58 0.59 1/467 12345\n", 1, "1", "0", "0.52"),
      ("0.52 0.58 0.59 1/467 12345\n", 3, "1", "0", "0.59"),
      ("45277\n", 1, "0.001", "0", "45.277"),
      ("  29815 \r\n", 1, "0.01", "-273.15", "25"),
      ("MemTotal:  1024 kB\nMemFree:\t 512 kB\n", 5, "1", "0", "512"),
      ("12345.67 45678.90", 1, "1", "0", "12345.67"),
      ("-5", 1, "-1e-3", "0", "0.005"),
      ("7", 1, "1e3", "0.5", "7000.5"),
    ])
  func value(contents: String, field: Int, scale: String, offset: String, expected: String) throws {
    let definition = try sensor(field: field, scale: number(scale), offset: number(offset))
    #expect(try definition.value(in: Array(contents.utf8)).text == expected)
  }

  @Test(
    "refuses contents without a number, saying what it saw",
    arguments: [
      (1, [], .empty), (1, Array(" \n\n\t".utf8), .empty),
      (2, Array("7\n".utf8), .fieldMissing(2, found: 1)),
      (4, Array("1 2 3".utf8), .fieldMissing(4, found: 3)),
      (1, Array("23.5C".utf8), .notNumber(Array("23.5C".utf8))),
      (1, Array("nan".utf8), .notNumber(Array("nan".utf8))),
      (1, Array("0x1F".utf8), .notNumber(Array("0x1F".utf8))),
      (1, [0x00], .notNumber([0x00])), (1, [0xFF, 0xFE, 0x31], .notNumber([0xFF, 0xFE, 0x31])),
      (1, Array("1234567890123456789".utf8), .notNumber(Array("1234567890123456789".utf8))),
      (
        1, [UInt8](repeating: 0x39, count: 4096),
        .notNumber([UInt8](repeating: 0x39, count: 32))
      ),
      (1, [UInt8](repeating: 0x20, count: 4097), .tooLong(lengthBytes: 4097)),
    ] as [(Int, [UInt8], SensorError)])
  func refusal(field: Int, contents: [UInt8], expected: SensorError) throws {
    let definition = try sensor(field: field)
    #expect(throws: expected) { _ = try definition.value(in: contents) }
  }

  @Test(
    "takes its limits and refuses what is outside",
    arguments: [("-40.0", true), ("-40.001", false), ("85", true), ("85.0001", false)])
  func limits(contents: String, isTaken: Bool) throws {
    let definition = try sensor(minimum: DecimalNumber(-40), maximum: DecimalNumber(85))
    let value = number(contents)
    if isTaken {
      #expect(try definition.value(in: Array(contents.utf8)) == value.normalized)
    } else {
      let expected: SensorError =
        value.mantissa < 0
        ? .belowMinimum(value, minimum: DecimalNumber(-40))
        : .aboveMaximum(value, maximum: DecimalNumber(85))
      #expect(throws: expected) { _ = try definition.value(in: Array(contents.utf8)) }
    }
  }

  @Test("refuses what scale and offset can't make exactly") func tooManyDigits() throws {
    let fine = try sensor(scale: number("1.23456789"))
    #expect(throws: SensorError.doesNotFit(number("999999999999"))) {
      _ = try fine.value(in: Array("999999999999".utf8))
    }
    let small = try sensor(scale: number("1e-18"))
    #expect(throws: SensorError.doesNotFit(number("0.1"))) {
      _ = try small.value(in: Array("0.1".utf8))
    }
  }

  @Test("counts its readings and refusals, and tells only news") func news() throws {
    var sensor = Sensor(try sensor(maximum: DecimalNumber(10)))
    let time = ReadingTime.sinceBoot(.milliseconds(5))
    func reading(_ value: Int64) throws -> Reading {
      Reading(
        name: try #require(ReadingName(Array("t"))), value: DecimalNumber(value),
        unit: ReadingUnit(Array("Cel")), time: time)
    }
    #expect(sensor.take(Array("3".utf8), at: time) == .reading(try reading(3), isRecovery: false))
    #expect(sensor.take(nil, at: time) == .refused(.unreadable, isNews: true))
    #expect(sensor.take(nil, at: time) == .refused(.unreadable, isNews: false))
    let high = { (value: Int64) in
      SensorError.aboveMaximum(DecimalNumber(value), maximum: DecimalNumber(10))
    }
    #expect(sensor.take(Array("11".utf8), at: time) == .refused(high(11), isNews: true))
    #expect(sensor.take(Array("12".utf8), at: time) == .refused(high(12), isNews: false))
    #expect(sensor.failure == high(12))
    #expect(sensor.take(Array("4".utf8), at: time) == .reading(try reading(4), isRecovery: true))
    #expect(sensor.failure == nil)
    #expect(sensor.counters.taken == 2)
    #expect(sensor.counters.refused == 4)
  }

  @Test("survives random contents, each seed") func noise() throws {
    for seed: UInt64 in 0..<2000 {
      var random = SeededRandom(seed: seed)
      let definition = try sensor(
        field: 1 + Int(random.next(below: 4)), scale: number("0.001"), offset: number("-273.15"),
        minimum: DecimalNumber(-300), maximum: DecimalNumber(1000))
      let letters = Array(" \n\t0123456789.-+eE\u{0}x".utf8)
      let contents = (0..<random.next(below: 40)).map { _ in
        letters[Int(random.next(below: UInt64(letters.count)))]
      }
      guard let value = try? definition.value(in: contents) else { continue }
      #expect(!value.isLess(than: DecimalNumber(-300)), "seed \(seed)")
      #expect(!DecimalNumber(1000).isLess(than: value), "seed \(seed)")
    }
  }

  private func sensor(
    field: Int = 1, scale: DecimalNumber = DecimalNumber(1),
    offset: DecimalNumber = DecimalNumber(0), minimum: DecimalNumber? = nil,
    maximum: DecimalNumber? = nil
  ) throws -> SensorDefinition {
    SensorDefinition(
      name: try #require(ReadingName(Array("t"))), file: Array("/sys/t"), field: field,
      scale: scale, offset: offset, unit: ReadingUnit(Array("Cel")), interval: .seconds(60),
      minimum: minimum, maximum: maximum)
  }

  private func number(_ text: String) -> DecimalNumber { DecimalNumber(text.utf8)! }
}

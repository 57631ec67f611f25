import Primitives
import Telemetry
import Testing

@testable import godwit

@Suite("Readings on the control socket") struct PutRequestTests {
  private let now = Instant.milliseconds(90_000)

  @Test("come out as they went in", arguments: 0..<200 as Range<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var lines: [PutRequest.Line] = []
    for index in 0..<Int(random.next(below: 300)) {
      let number = Int64(bitPattern: random.next() >> 6)
      let times: [ReadingTime?] = [
        nil, .utc(UTC(millisecondsSince1970: number / 100_000)),
        .sinceBoot(.milliseconds(-number / 100_000)),
      ]
      lines.append(
        PutRequest.Line(
          name: try #require(ReadingName(Array("s/\(index)".utf8))),
          value: try #require(DecimalNumber(mantissa: number, exponent: -6)).normalized,
          unit: random.next(below: 2) == 0 ? nil : ReadingUnit(Array("%RH")),
          time: times[Int(random.next(below: 3))]))
    }
    var readings: [Reading] = []
    for packet in PutRequest.packets(lines) {
      #expect(packet.count <= 4096)
      readings += try PutRequest.readings(in: packet, now: now)
    }
    #expect(readings.count == lines.count)
    for (line, reading) in zip(lines, readings) {
      #expect(reading.name == line.name && reading.value == line.value)
      #expect(reading.unit == line.unit && reading.time == line.time ?? .sinceBoot(now))
    }
  }

  @Test("are written like this") func form() throws {
    let name = try #require(ReadingName(Array("t")))
    let unit = try #require(ReadingUnit(Array("Cel")))
    var line = PutRequest.Line(name: name, value: DecimalNumber(7), unit: nil, time: nil)
    #expect(PutRequest.packets([line]) == [Array("put t 7\n")])
    line.unit = unit
    #expect(PutRequest.packets([line, line]) == [Array("put t 7 Cel\nput t 7 Cel\n")])
    line.time = .utc(UTC(millisecondsSince1970: 12))
    #expect(PutRequest.packets([line]) == [Array("put t 7 Cel utc:12\n")])
    line.unit = nil
    line.time = .sinceBoot(.milliseconds(-5))
    #expect(PutRequest.packets([line]) == [Array("put t 7 - boot:-5\n")])
    #expect(PutRequest.packets([]) == [])
  }

  @Test(
    "are refused whole, with the line and the reason",
    arguments: [
      ("put", 1, .notPut), ("put t", 1, .notPut), ("set t 1", 1, .notPut),
      ("put t 1\n\nput u 2", 2, .notPut), ("put t 1\nput", 2, .notPut),
      ("put t 1\nput -t 1", 2, .name), ("put t\u{0} 1", 1, .name), ("put é 1", 1, .name),
      ("put godwit/lost 0", 1, .reservedName), ("put t nan", 1, .value), ("put t 1,5", 1, .value),
      ("put t 1\r", 1, .value), ("put t 1 a\"b", 1, .unit), ("put t 1 12345678901234567", 1, .unit),
      ("put t 1 C now", 1, .time), ("put t 1 - utc:", 1, .time), ("put t 1 - utc:1.5", 1, .time),
      ("put t 1 - gps:1", 1, .time), ("put t 1 - utc:253402300800000", 1, .time),
      ("put t 1 - utc:99999999999999999999", 1, .time), ("put t 1 - utc:--1", 1, .time),
      ("put t 1 - utc:1 x", 1, .tooMuch),
    ] as [(String, Int, PutFault)])
  func refused(packet: String, line: Int, fault: PutFault) {
    #expect(throws: PutRefusal(line: line, fault: fault)) {
      _ = try PutRequest.readings(in: Array(packet.utf8), now: now)
    }
  }

  @Test("survive random packets, each seed") func noise() {
    let letters = Array("put t1.-:utcboe \n\u{0}\"\\é".utf8)
    for seed: UInt64 in 0..<1000 {
      var random = SeededRandom(seed: seed)
      var packet = Array("put t 1.5 Cel utc:1234\nput u -2 - boot:5\n".utf8)
      for _ in 0..<3 {
        packet[Int(random.next(below: UInt64(packet.count)))] =
          letters[Int(random.next(below: UInt64(letters.count)))]
      }
      do throws(PutRefusal) {
        let readings = try PutRequest.readings(in: packet, now: now)
        #expect((1...2).contains(readings.count), "seed \(seed)")
      } catch {
        #expect((1...3).contains(error.line), "seed \(seed)")
        #expect(!error.answer.contains(UInt8(ascii: "\n")), "seed \(seed)")
      }
    }
  }

  @Test(
    "are answered",
    arguments: [
      ("stored 3", .stored(3)), ("stored 0", .stored(0)),
      ("refused 2 the disk is full", .refused(line: 2, reason: Array("the disk is full"))),
      ("refused 2", .unknown(Array("refused 2"))), ("stored", .unknown(Array("stored"))),
      ("stored x", .unknown(Array("stored x"))), ("stored 1 2", .unknown(Array("stored 1 2"))),
      ("", .unknown([])), ("busy 1", .unknown(Array("busy 1"))),
    ] as [(String, ControlAnswer)])
  func answers(packet: String, expected: ControlAnswer) {
    #expect(ControlAnswer(Array(packet.utf8)) == expected)
  }

  @Test("a refusal's answer is understood by the command line") func refusalAnswer() {
    let refusal = PutRefusal(line: 4, fault: .value)
    #expect(
      ControlAnswer(refusal.answer)
        == .refused(line: 4, reason: Array("the value isn't a number of at most 18 digits")))
  }
}

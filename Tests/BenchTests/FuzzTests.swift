import DNS
import Primitives
import SMS
import Testing

@testable import godwit_bench

@Suite("Fuzzing") struct FuzzTests {
  // `godwit-bench fuzz` does the same with 10^8 bytes for each parser.

  @Test("10^6 bytes of hostile input do a parser no harm", arguments: FuzzTarget.allCases)
  func parsers(target: FuzzTarget) {
    let report = FuzzRun(target: target, seed: 20_261_122).run(.bytes(1_000_000))
    #expect(report.fault == nil, "\(target.rawValue), seed 20261122: \(report.fault ?? "")")
    #expect(report.bytes >= 1_000_000 && report.cases > 60)
  }

  @Test("a case is the same for the same seed and number, and within the limit")
  func repeatable() {
    let input = FuzzTarget.engine.input
    var distinct: Set<[UInt8]> = []
    for number in 0..<200 as Range<UInt64> {
      let bytes = input.bytes(seed: 7, number: number)
      #expect(bytes == input.bytes(seed: 7, number: number))
      #expect(bytes.count <= input.limit)
      distinct.insert(bytes)
    }
    #expect(distinct.count > 190)
    #expect(input.bytes(seed: 7, number: 5) != input.bytes(seed: 8, number: 5))
  }

  @Test("good input is among the cases, so that more than the first check is reached")
  func depth() {
    let input = FuzzTarget.senml.input
    let good = input.samples.count { sample in
      var choice = SeededRandom(seed: 1)
      return FuzzTarget.senml.feed(sample, choice: &choice) == nil
    }
    #expect(good == input.samples.count)
    #expect(FuzzTarget.coap.input.samples.allSatisfy { !$0.isEmpty })
    #expect(MessageFuzz.commands.allSatisfy { !$0.isEmpty })
    let query = DNSQuery(id: 0x1234, name: HostName(Array("collector.example".utf8))!)
    #expect(DNSFuzz.answers.filter { (try? DNSResponse.read($0, of: query)) != nil }.count == 2)
    for (index, hex) in MessageFuzz.pdus.enumerated() {
      #expect(throws: Never.self, "\(hex)") {
        _ = try PDU(hex: Array(hex.utf8), isFromDevice: index == 7, isExact: true)
      }
    }
    var (read, varied) = (0, 0)
    var choice = SeededRandom(seed: 1)
    for number in 0..<2000 as Range<UInt64> {
      let hex = FuzzTarget.pdu.input.bytes(seed: 1, number: number)
      if (try? PDU(hex: hex)) != nil { read += 1 }
      if (try? PDU(hex: MessageFuzz.varied(by: hex, &choice))) != nil { varied += 1 }
    }
    #expect(read > 100 && varied > 800, "\(read) and \(varied) of 2000 PDUs are read")
    for (words, text) in DialectFuzz.texts {
      #expect(DialectFuzz.isObeyed(Array(text.utf8), in: words), "\(text)")
    }
    var obeyed = 0
    for number in 0..<2000 as Range<UInt64> {
      let bytes = FuzzTarget.dialect.input.bytes(seed: 1, number: number)
      let (words, text) = DialectFuzz.varied(by: bytes, &choice)
      if DialectFuzz.isObeyed(text, in: words) { obeyed += 1 }
    }
    #expect((400...1600).contains(obeyed), "\(obeyed) of 2000 texts are obeyed")
  }
}

import CSplitter
import Testing

@testable import godwit_bench

@Suite("Measuring the parser") struct ParseTests {
  // Not covered: the speeds, which a test can't hold a machine to.

  @Test("the stream is the same for the same seed, and as long as was wanted") func stream() {
    let one = ParseStream(bytes: 100_000, seed: 7)
    #expect(one.bytes == ParseStream(bytes: 100_000, seed: 7).bytes)
    #expect(one.bytes != ParseStream(bytes: 100_000, seed: 8).bytes)
    #expect((100_000..<100_600).contains(one.bytes.count))
    #expect(one.reads.first?.range.lowerBound == 0)
    #expect(one.reads.last?.range.upperBound == one.bytes.count)
  }

  @Test("engine and splitter find every line of it", arguments: [1, 2, 3] as [UInt64])
  func everyLine(seed: UInt64) {
    let stream = ParseStream(bytes: 200_000, seed: seed)
    #expect(ParseMeasurement.engine(stream).seen.lines == stream.lines)
    let (splitter, totals) = ParseMeasurement.splitter(stream)
    #expect(totals.lines == UInt64(stream.lines))
    #expect(totals.named > totals.lines / 2)
    #expect(splitter.bytes == stream.bytes.count)
  }

  @Test("allocations are counted, each once") func allocations() {
    let before = csplitter_allocations()
    let array = [UInt8](repeating: 1, count: 1000 + Int(before % 2))
    let between = csplitter_allocations()
    #expect(between - before == 1)
    #expect(array.count >= 1000)
  }

  @Test(
    "valgrind's count is found in its line, and nowhere else",
    arguments: [
      ("==31== Collected : 123456\n", 123_456), ("==31== Collected : x\n", nil),
      ("==31== Events    : Ir\n", nil), ("Collected : 5\n", nil), ("", nil),
    ] as [(String, Int?)])
  func valgrind(line: String, count: Int?) {
    #expect(InstructionCount.collected(in: line) == count)
  }
}

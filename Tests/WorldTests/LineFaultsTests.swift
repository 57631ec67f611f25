import Testing
import World

@Suite("Faults of a UART line") struct LineFaultsTests {
  @Test("passes everything when it is good, and repeats for its seed when it isn't") func seeded() {
    let bytes = (0..<20_000).map { UInt8(truncatingIfNeeded: $0) }
    var good = LineFaults(seed: 1)
    let unharmed = good.pass(bytes)
    #expect(unharmed == bytes)
    func bad(_ seed: UInt64) -> LineFaults {
      var faults = LineFaults(seed: seed)
      faults.flippedPerMillion = 1000
      faults.droppedPerMillion = 1000
      faults.garbledPerMillion = 1000
      faults.doubledPerMillion = 1000
      return faults
    }
    var (first, second, third) = (bad(1), bad(1), bad(2))
    let (arrived, again, other) = (first.pass(bytes), second.pass(bytes), third.pass(bytes))
    #expect(arrived == again)
    #expect(arrived != other)
    #expect((30...150).contains(first.hits))
  }
}

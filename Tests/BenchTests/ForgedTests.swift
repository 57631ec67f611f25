import Primitives
import Settings
import Testing

@testable import godwit_bench

@Suite("Forged commands") struct ForgedTests {
  // `godwit-bench fuzz` does the same with 10^7 of them and more.

  @Test("of 10^5 forged, truncated, replayed and reordered commands none is obeyed")
  func none() {
    var counts = [Int](repeating: 0, count: ForgedFuzz.Kind.allCases.count)
    var random = SeededRandom(seed: 20_261_123)
    let input = FuzzTarget.forged.input
    for number in 0..<100_000 {
      let index = number % counts.count
      let kind = ForgedFuzz.Kind.allCases[index]
      let noise = kind == .noise ? input.bytes(seed: 1, number: UInt64(number)) : []
      let one = ForgedFuzz.made(kind, noise: noise, &random)
      counts[index] += 1
      if let fault = ForgedFuzz.fault(in: one) {
        Issue.record("number \(number), seed 20261123: \(fault)")
        return
      }
    }
    #expect(counts.allSatisfy { $0 > 7_000 }, "\(counts)")
  }

  @Test("the command counts them by kind, and says that none was obeyed") func command() throws {
    let report = FuzzRun(target: .forged, seed: 3).run(.cases(5_000))
    #expect(report.cases == 5_000 && report.fault == nil)
    #expect(report.kinds.values.reduce(0, +) == 5_000)
    #expect(report.kinds.count == ForgedFuzz.Kind.allCases.count + 1)
    let text = try #require(FuzzCommand.kinds(report))
    for kind in ForgedFuzz.Kind.allCases { #expect(text.contains("    \(kind.rawValue) ")) }
    #expect(text.contains("that aren't genuine: none obeyed"))
    #expect(try FuzzCommand.run(["--parser", "forged", "--count", "500"]) == 0)
    #expect(throws: BenchError.self) { _ = try FuzzCommand.run(["--count", "0"]) }
  }

  @Test("each of the true ones that they are made of is obeyed, once") func genuine() {
    var ledger = CommandLedger()
    for message in ForgedFuzz.fresh {
      #expect(ForgedFuzz.isObeyed(message, &ledger))
      #expect(!ForgedFuzz.isObeyed(message, &ledger))
    }
  }

  @Test("a device that forgot its counter, or didn't look at the key, would be found out")
  func canFail() {
    var random = SeededRandom(seed: 1)
    let replayed = ForgedFuzz.made(.replayed, noise: [], &random)
    var forgetful = CommandLedger()
    #expect(ForgedFuzz.isObeyed(replayed.message, &forgetful))
    let true1 = ForgedFuzz.Case(kind: .tag, message: ForgedFuzz.fresh[0], earlier: [])
    #expect(ForgedFuzz.fault(in: true1) != nil)
  }
}

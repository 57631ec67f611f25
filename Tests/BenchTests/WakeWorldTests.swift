import Primitives
import Testing

@testable import godwit_bench

@Suite("What a report costs in virtual time") struct WakeWorldTests {
  private static let summaries = Result { try WakeFacts.all.map { try WakeWorld.summaries($0) } }

  private func summaries() throws -> [WakeSummary] { try Self.summaries.get().flatMap { $0 } }

  @Test("every family keeps its number of exchanges, and waits no more than 150 ms by itself")
  func limits() throws {
    for summary in try summaries() {
      let budget = WakeBudget(summary.kind, of: try #require(WakeFacts.of(summary.module)))
      #expect(summary.exchanges <= budget.exchanges, "\(summary.module), \(summary.kind.text)")
      #expect(summary.hostTime <= WakeBudget.hostTime, "\(summary.module), \(summary.kind.text)")
    }
  }

  @Test("a BG95 keeps to 6 exchanges out of PSM and 14 from off, no exception made") func bg95()
    throws
  {
    let facts = try #require(WakeFacts.of("quectel-bg95"))
    let (cold, warm) = (WakeBudget(.cold, of: facts), WakeBudget(.warm, of: facts))
    #expect((cold.exchanges, warm.exchanges) == (14, 6))
    #expect(cold.reason == nil && warm.reason == nil)
  }

  /// What is aimed at is 1.15; only an L610 whose firmware doesn't say RDY is asked later.
  @Test("no family draws much more than its floor; each rests as it can") func ratios() throws {
    let summaries = try summaries()
    for summary in summaries {
      let limit = summary.module == "fibocom-l610" ? 1.2 : 1.15
      #expect(summary.ratio <= limit, "\(summary.module), \(summary.kind.text)")
    }
    for facts in WakeFacts.all {
      let kinds = summaries.filter { $0.module == facts.module }.map(\.kind)
      #expect(kinds == [.cold, facts.hasPSM ? .warm : .standby], "\(facts.module)")
    }
  }

  @Test("stands in the documentation as it comes out") func page() throws {
    let top = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let page = try Path.read("/\(top)/board/wake.md")
    #expect(
      page == WakePage.text(try summaries()) + "\n",
      "To mend it: godwit-bench wake --page > board/wake.md")
  }

  @Test("the floor is reckoned without the driver") func independence() throws {
    let top = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    for name in ["ChargeFloor", "WakeFacts"] {
      let source = try Path.read("/\(top)/Sources/godwit-bench/Wake/\(name).swift")
      let imports = source.split(separator: "\n").filter { $0.hasPrefix("import ") }
      #expect(imports == ["import Primitives"], "\(name)")
    }
  }
}

import Primitives
import Testing

@testable import godwit

@Suite("When the board may sleep") struct BoardRestTests {
  private func wants(
    _ rest: inout BoardRest, at seconds: Int64, due: Int64?, isBusy: Bool = false
  ) -> Bool {
    rest.isWanted(now: at(seconds), due: due.map { at($0) }, isBusy: isBusy)
  }

  private func at(_ seconds: Int64) -> Instant { .milliseconds(seconds * 1000) }

  @Test(
    "only for three seconds and more, and never without an end",
    arguments: [(3, true), (600, true), (2, false), (0, false), (-5, false)])
  func length(seconds: Int64, isWanted: Bool) {
    var rest = BoardRest()
    #expect(wants(&rest, at: 100, due: 100 + seconds) == isWanted)
    #expect(!wants(&rest, at: 100, due: nil))
    #expect(rest.deadline == nil)
  }

  @Test("not while the modem or a person needs it awake") func busy() {
    var rest = BoardRest()
    #expect(!wants(&rest, at: 100, due: 200, isBusy: true))
    #expect(wants(&rest, at: 101, due: 200))
  }

  @Test("after a refusal the next attempt comes two seconds later, by a wake of its own")
  func refused() {
    var rest = BoardRest()
    #expect(wants(&rest, at: 100, due: 200))
    rest.wasRefused(now: at(100))
    #expect(rest.deadline == at(102))
    #expect(!wants(&rest, at: 101, due: 200))
    #expect(wants(&rest, at: 102, due: 200))
    #expect(rest.deadline == nil)
  }

  @Test("work that comes up after a refusal ends the waiting") func refusedThenBusy() {
    var rest = BoardRest()
    rest.wasRefused(now: at(100))
    #expect(!wants(&rest, at: 101, due: 200, isBusy: true))
    #expect(rest.deadline == nil)
  }
}

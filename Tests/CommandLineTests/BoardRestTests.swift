import Primitives
import Testing

@testable import godwit

@Suite("When the board may sleep") struct BoardRestTests {
  private func at(_ seconds: Int64) -> Instant { .milliseconds(seconds * 1000) }

  @Test(
    "only for three seconds and more, and never without an end",
    arguments: [(3, true), (600, true), (2, false), (0, false), (-5, false)])
  func length(seconds: Int64, isWanted: Bool) {
    var rest = BoardRest()
    #expect(rest.isWanted(now: at(100), due: at(100 + seconds), isBusy: false) == isWanted)
    #expect(!rest.isWanted(now: at(100), due: nil, isBusy: false))
    #expect(rest.deadline == nil)
  }

  @Test("not while the modem or a person needs it awake") func busy() {
    var rest = BoardRest()
    #expect(!rest.isWanted(now: at(100), due: at(200), isBusy: true))
    #expect(rest.isWanted(now: at(101), due: at(200), isBusy: false))
  }

  @Test("after a refusal the next attempt comes two seconds later, by a wake of its own")
  func refused() {
    var rest = BoardRest()
    #expect(rest.isWanted(now: at(100), due: at(200), isBusy: false))
    rest.wasRefused(now: at(100))
    #expect(rest.deadline == at(102))
    #expect(!rest.isWanted(now: at(101), due: at(200), isBusy: false))
    #expect(rest.isWanted(now: at(102), due: at(200), isBusy: false))
    #expect(rest.deadline == nil)
  }

  @Test("work that comes up after a refusal ends the waiting") func refusedThenBusy() {
    var rest = BoardRest()
    rest.wasRefused(now: at(100))
    #expect(!rest.isWanted(now: at(101), due: at(200), isBusy: true))
    #expect(rest.deadline == nil)
  }
}

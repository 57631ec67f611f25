import Agent
import Primitives
import Testing

@Suite("Wall clock") struct WallClockTests {
  private func at(_ seconds: Int64) -> Instant { .milliseconds(seconds * 1000) }
  private let noon = UTC(millisecondsSince1970: 1_800_000_000_000)

  @Test(
    "takes no time outside the years that this code can live in",
    arguments: [0, 1_793_491_199_999, 2_424_643_200_001, 3_471_292_800_000, -1])
  func outside(milliseconds: Int64) {
    var clock = WallClock()
    let utc = UTC(millisecondsSince1970: milliseconds)
    #expect(!take(&clock, utc, from: .network, at: at(1)))
    #expect(clock.utc(at: at(1)) == nil)
  }

  @Test("runs on with the clock that never jumps") func runs() {
    var clock = WallClock()
    #expect(take(&clock, noon, from: .system, at: at(100)))
    #expect(clock.utc(at: at(160)) == noon + .seconds(60))
  }

  @Test("believes the network over the system, and never the other way round") func precedence() {
    var clock = WallClock()
    #expect(take(&clock, noon, from: .system, at: at(0)))
    #expect(take(&clock, noon + .seconds(3600), from: .network, at: at(0)))
    #expect(!take(&clock, noon, from: .system, at: at(0)))
    #expect(clock.utc(at: at(0)) == noon + .seconds(3600))
    #expect(clock.source == .network)
  }

  @Test("does not move for less than its tolerance") func tolerance() {
    var clock = WallClock()
    #expect(take(&clock, noon, from: .system, at: at(0)))
    #expect(!take(&clock, noon + .milliseconds(1999), from: .network, at: at(0)))
    #expect(clock.utc(at: at(0)) == noon)
    #expect(clock.source == .network)
    #expect(take(&clock, noon + .milliseconds(2000), from: .network, at: at(0)))
  }
}

private func take(
  _ clock: inout WallClock, _ utc: UTC, from source: WallClock.Source, at now: Instant
) -> Bool {
  clock.take(utc, from: source, at: now)
}

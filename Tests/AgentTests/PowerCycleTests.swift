import Agent
import Link
import Primitives
import Testing

/// What counts as a power cycle of the ladder. Not covered: what the module sees (PolitenessTests).
@Suite("Power cycles of the ladder") struct PowerCycleTests {
  private func at(_ seconds: Int64) -> Instant { .milliseconds(seconds * 1000) }
  private static let cold = AccessLedger.Wish(isCold: true)

  @Test("a reset within an attempt is one, a radio that is switched off and on is none")
  func climbs() {
    var ledger = AccessLedger()
    ledger.climb(isReset: false, now: at(10))
    #expect(ledger.powerCyclesLeft(now: at(10)) == 6)
    ledger.climb(isReset: true, now: at(20))
    #expect(ledger.powerCyclesLeft(now: at(20)) == 5)
    ledger.failed(on: .power, retryAt: at(60))
    _ = ledger.begin(Self.cold, now: at(60))
    ledger.climb(isReset: true, now: at(90))
    #expect(ledger.powerCyclesLeft(now: at(90)) == 3)
    #expect(ledger.powerCyclesLeft(now: at(20 + 86_400)) == 4)
  }

  @Test("a supply that is cut as the attempt begins isn't one more") func supply() {
    var ledger = AccessLedger()
    ledger.failed(on: .power, retryAt: at(0))
    _ = ledger.begin(Self.cold, now: at(60))
    ledger.climb(isReset: true, now: at(60))
    #expect(ledger.powerCyclesLeft(now: at(60)) == 5)
    #expect(ledger.resetsLeft(now: at(60)) == 0)
  }

  @Test("six of any kind hold the next start back for the rest of their day") func full() {
    var ledger = AccessLedger()
    for hour in 0..<3 as Range<Int64> {
      ledger.failed(on: .power, retryAt: at(hour * 7200))
      #expect(ledger.hold(Self.cold, now: at(hour * 7200)) == nil)
      _ = ledger.begin(Self.cold, now: at(hour * 7200))
      ledger.climb(isReset: true, now: at(hour * 7200 + 30))
    }
    ledger.failed(on: .power, retryAt: at(20_000))
    let held = ledger.hold(Self.cold, now: at(20_000))
    #expect(held?.until == at(86_400))
    #expect(held?.reason == .powerCyclesPerDay)
  }
}

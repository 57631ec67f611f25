import Primitives
import Settings
import Testing

@Suite("The day in which commands are counted") struct CommandDayTests {
  private static let noon = UTC(millisecondsSince1970: 1_800_000_000_000)
  private func at(_ seconds: Int64) -> Instant { .milliseconds(seconds * 1000) }

  private func spent() -> CommandLedger {
    var ledger = CommandLedger()
    _ = ledger.take(counter: 77)
    (ledger.answers, ledger.trials, ledger.awakeSeconds) = (24, 6, 7200)
    ledger.wrongPasswords = 5
    return ledger
  }

  @Test("ends after a day of the board's clock where nobody tells the time") func untold() {
    var ledger = spent()
    ledger.elapse(to: at(100))
    ledger.refresh(nil)
    ledger.elapse(to: at(100 + 86_399))
    #expect(ledger.hasSpent && ledger.trials == 6)
    ledger.elapse(to: at(100 + 86_400))
    #expect(!ledger.hasSpent && ledger.age == 0)
    #expect(ledger.counter == 77 && ledger.since == nil)
  }

  @Test("its age outlives the process; what passed unkept, or while the board was off, isn't in it")
  func kept() throws {
    var ledger = spent()
    ledger.elapse(to: at(0))
    for boot in 1...24 {
      ledger.elapse(to: at(3600))
      #expect(ledger.hasSpent == (boot < 24))
      ledger = try #require(CommandLedger(kept: ledger.kept))
      ledger.elapse(to: at(0))
    }
  }

  @Test("is as long where the time is known, and begins with it") func told() {
    var ledger = spent()
    ledger.elapse(to: at(0))
    ledger.refresh(Self.noon)
    ledger.elapse(to: at(50_000))
    ledger.refresh(Self.noon + .seconds(86_399))
    #expect(ledger.trials == 6)
    ledger.refresh(Self.noon + .seconds(86_400))
    #expect(ledger.trials == 0 && ledger.age == 0 && ledger.since == Self.noon + .seconds(86_400))
  }

  @Test("ends on the board's clock too where the time of day went back") func backwards() {
    var ledger = spent()
    ledger.elapse(to: at(0))
    ledger.refresh(Self.noon)
    ledger.elapse(to: at(86_400))
    ledger.refresh(Self.noon + .seconds(-3600))
    #expect(!ledger.hasSpent && ledger.since == Self.noon + .seconds(-3600))
  }

  @Test("the versions before it are read") func versions() {
    let ledger = spent()
    let second = [2] + ledger.kept[1..<30]
    #expect(CommandLedger(kept: second) == ledger)
    #expect(CommandLedger(kept: [3] + second.dropFirst()) == nil)
    #expect(CommandLedger(kept: [2] + ledger.kept.dropFirst()) == nil)
  }
}

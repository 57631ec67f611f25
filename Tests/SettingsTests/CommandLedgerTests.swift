import Primitives
import Settings
import Testing

@Suite("What commands have cost") struct CommandLedgerTests {
  private static let noon = UTC(millisecondsSince1970: 1_800_000_000_000)

  private func spent() -> CommandLedger {
    var ledger = CommandLedger()
    _ = ledger.take(counter: 77)
    ledger.refresh(Self.noon)
    (ledger.answers, ledger.trials, ledger.awakeSeconds) = (24, 6, 7200)
    ledger.wrongPasswords = 5
    return ledger
  }

  @Test("is kept as a whole, and what came before it had passwords is read") func kept() throws {
    let ledger = spent()
    #expect(CommandLedger(kept: ledger.kept) == ledger)
    var earlier = Array(ledger.kept.prefix(29))
    earlier[0] = 1
    var expected = ledger
    expected.wrongPasswords = 0
    #expect(CommandLedger(kept: earlier) == expected)
    #expect(CommandLedger(kept: [1] + ledger.kept.dropFirst()) == nil)
    #expect(CommandLedger(kept: Array(ledger.kept.dropLast())) == nil)
    #expect(CommandLedger(kept: []) == nil)
  }

  @Test("begins anew after a day, the counter apart") func nextDay() {
    var ledger = spent()
    ledger.refresh(Self.noon + .seconds(86_399))
    #expect(ledger == spent())
    ledger.refresh(nil)
    #expect(ledger == spent())
    ledger.refresh(Self.noon + .seconds(86_400))
    #expect(ledger.answers == 0 && ledger.trials == 0 && ledger.awakeSeconds == 0)
    #expect(ledger.wrongPasswords == 0 && ledger.counter == 77)
  }

  @Test("a clock that goes back and comes right again gives nobody more") func backwards() {
    var ledger = spent()
    for days in [1, 3, 6] as [Int64] {
      ledger.refresh(Self.noon + .seconds(-86_400 * days))
      ledger.refresh(Self.noon + .seconds(3600))
      #expect(ledger == spent(), "\(days) days back")
    }
  }

  @Test("a day that began far in the future was never one: a day from now on it ends")
  func future() {
    var ledger = spent()
    let right = Self.noon + .seconds(-30 * 86_400)
    ledger.refresh(right)
    #expect(ledger.trials == 6 && ledger.since == right)
    ledger.refresh(right + .seconds(86_400))
    #expect(ledger.trials == 0)
  }
}

import Primitives
import Testing

@testable import godwit

@Suite("A power key that was pressed late") struct KeyLatenessTests {
  @Test("is let go so much later, and what comes after it is on time again") func pulse() {
    var key = KeyLateness()
    let decided = Instant.milliseconds(1000)
    let deadline = decided + .milliseconds(575)
    #expect(key.due(deadline) == deadline && key.due(nil) == nil)
    key.keyWasSet(asserted: true, decided: decided, now: .milliseconds(1400))
    #expect(key.due(deadline) == .milliseconds(1975))
    key.keyWasSet(asserted: false, decided: .milliseconds(1975), now: .milliseconds(1980))
    #expect(key.due(deadline) == deadline)
  }
}

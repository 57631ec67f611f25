import Primitives
import Testing

@testable import godwit

@Suite("The quota for readings from outside") struct PutQuotaTests {
  @Test("600 requests pass in a minute, and the next one when the minute is over") func requests() {
    var quota = PutQuota()
    let start = Instant.milliseconds(5000)
    for number in 0..<600 as Range<Int64> {
      #expect(quota.take(readings: 1, now: start + .milliseconds(number)) == nil)
    }
    let first = quota.take(readings: 1, now: start + .milliseconds(700))
    #expect(first == PutQuotaRefusal(seconds: 60, isFirst: true))
    let last = quota.take(readings: 1, now: start + .milliseconds(59_999))
    #expect(last == PutQuotaRefusal(seconds: 1, isFirst: false))
    #expect(quota.take(readings: 1, now: start + .seconds(60)) == nil)
  }

  @Test("6000 readings pass, and a request that is refused takes nothing of them") func readings() {
    var quota = PutQuota()
    #expect(quota.take(readings: 5990, now: .start) == nil)
    #expect(quota.take(readings: 11, now: .start)?.isFirst == true)
    #expect(quota.take(readings: 10, now: .start) == nil)
    #expect(quota.take(readings: 1, now: .start) != nil)
  }

  @Test("the refusal says the limits and when to come again") func words() {
    let refusal = PutQuotaRefusal(seconds: 17, isFirst: true)
    let text = "more than 600 requests or 6000 readings in a minute; send them again in 17 s"
    #expect(refusal.answer == Array("refused 0 \(text)".utf8))
    #expect(ControlAnswer(refusal.answer) == .refused(line: 0, reason: Array(text.utf8)))
  }
}

import Primitives
import Testing

@testable import godwit

// How many calls it spares is counted in Tests/end-to-end/test_costs.py.
@Suite("Gathering a line") struct LineGatherTests {
  private let now = Instant.milliseconds(1000)

  @Test(
    "only a read that ends inside a line has the next one put off",
    arguments: [
      ("\r\nOK\r\n", false), ("\r\n+CEREG: 4,5,\"2C", true), ("AT+CMEE=1;+CE", true),
      ("AT+CMEE=1\r", false), ("0\r", false), ("\r\n> ", false), ("\r\n@", false), ("", false),
      ("\r\nO", true), ("\r\n+CSQ: ", true),
    ])
  func lines(text: String, isPutOff: Bool) {
    var gather = LineGather(baud: 115_200)
    gather.note(Array(text.utf8), now: now)
    #expect((gather.ends != nil) == isPutOff)
  }

  @Test(
    "by the time of 48 bytes, at most 5 ms, and not at all where that is less than a FIFO",
    arguments: [
      (Int32(9600), nil), (19_200, nil), (38_400, 5_000_000), (57_600, 5_000_000),
      (115_200, 48 * 86_805), (921_600, 48 * 10_850),
    ] as [(Int32, Int64?)])
  func spans(baud: Int32, nanoseconds: Int64?) {
    var gather = LineGather(baud: baud)
    gather.note(Array("+CS".utf8), now: now)
    #expect(gather.ends == nanoseconds.map { now + .nanoseconds($0) })
  }

  @Test("the read that follows decides anew, one that brings nothing included") func again() {
    var gather = LineGather(baud: 115_200)
    gather.note(Array("+CS".utf8), now: now)
    gather.note([], now: now + .milliseconds(5))
    #expect(gather.ends == nil)
  }
}

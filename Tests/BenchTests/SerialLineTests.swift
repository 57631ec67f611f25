import Primitives
import Testing

@testable import godwit_bench

@Suite("One direction of a UART's line") struct SerialLineTests {
  /// 1 ms a byte.
  private static let baud = 10_000

  @Test("bytes come out once their last bit has passed, in bursts") func bursts() {
    var line = SerialLine(baud: Self.baud)
    line.push(Array(0..<40), now: .milliseconds(100))
    #expect(line.deadline == .milliseconds(132))
    #expect(line.take(now: .milliseconds(131)) == [])
    #expect(line.take(now: .milliseconds(132)) == Array(0..<32))
    #expect(line.deadline == .milliseconds(140))
    #expect(line.take(now: .milliseconds(139)) == [])
    #expect(line.take(now: .milliseconds(140)) == Array(32..<40))
    #expect(line.deadline == nil)
  }

  @Test("what is pushed meanwhile goes out behind it, without a gap") func behind() {
    var line = SerialLine(baud: Self.baud)
    line.push([1, 2], now: .milliseconds(0))
    line.push([3], now: .milliseconds(1))
    #expect(line.take(now: .milliseconds(3)) == [1, 2, 3])
  }

  @Test("a line that was silent begins anew") func silent() {
    var line = SerialLine(baud: Self.baud)
    line.push([1], now: .milliseconds(0))
    #expect(line.take(now: .milliseconds(1)) == [1])
    line.push([2], now: .milliseconds(50))
    #expect(line.deadline == .milliseconds(51))
  }

  @Test("a late look gets all that has passed") func late() {
    var line = SerialLine(baud: Self.baud)
    line.push(Array(0..<40), now: .milliseconds(0))
    #expect(line.take(now: .milliseconds(38)) == Array(0..<38))
    #expect(line.take(now: .milliseconds(40)) == [38, 39])
  }

  @Test("beyond the limit bytes are lost and counted") func limit() {
    var line = SerialLine(baud: Self.baud)
    line.push([UInt8](repeating: 0, count: SerialLine.limit + 7), now: .start)
    #expect(line.lostBytes == 7)
  }
}

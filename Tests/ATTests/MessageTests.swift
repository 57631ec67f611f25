import Primitives
import Testing

@testable import AT

/// What SMS ask of the engine: lines that belong to the line before, a payload of any length, and
/// messages that nobody asked for. TS 27.005 §3.4, §3.5.
@Suite("Messages in the stream") struct MessageTests {
  private static let list = Exchange(
    "AT+CMGL=4", answers: [.named("+CMGL"), .hexadecimal(behind: "+CMGL")])
  private static let send = Exchange(
    "AT+CMGS=23", answers: [.named("+CMGS")], timeout: .seconds(60),
    payload: Array("00AB".utf8), prompt: .text, payloadEnd: "\u{1A}", promptTimeout: .seconds(10))

  /// What the lines of the answer were, and the URCs.
  private func heard(
    _ text: String, _ exchange: Exchange = list, chunk: Int = 1
  ) -> (lines: [String], urcs: [String], outcome: Outcome?) {
    var engine = Engine(dialect: .generic)
    _ = engine.begin(exchange, now: .start)
    var (lines, urcs, outcome) = ([String](), [String](), Outcome?.none)
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      for event in engine.receive(Array(rest.prefix(chunk)), now: .start) {
        switch event {
        case .urc(let line): urcs.append(String(decoding: line, as: UTF8.self))
        case .finished(let answer):
          lines = answer.lines.map { String(decoding: $0, as: UTF8.self) }
          outcome = answer.outcome
        case .write, .resynced: break
        }
      }
      rest = rest.dropFirst(chunk)
    }
    return (lines, urcs, outcome)
  }

  @Test("a message follows the line that announces it, whatever stands between", arguments: [1, 7])
  func listing(chunk: Int) {
    let all = heard(
      "\r\n+CMGL: 1,0,,2\r\n00ABCD\r\n+CMGL: 4,1,,2\r\n\r\n+CMTI: \"SM\",9\r\n00ABCE\r\n\r\nOK\r\n",
      chunk: chunk)
    #expect(all.lines == ["+CMGL: 1,0,,2", "00ABCD", "+CMGL: 4,1,,2", "00ABCE"])
    #expect(all.urcs == ["+CMTI: \"SM\",9"])
    #expect(all.outcome == .ok)
  }

  @Test("digits that follow anything else are no message of the listing") func stray() {
    let all = heard("\r\n00ABCD\r\n+CMGL: 1,0,,2\r\n00ABCD\r\n00ABCE\r\n\r\nOK\r\n")
    #expect(all.lines == ["+CMGL: 1,0,,2", "00ABCD"])
    #expect(all.urcs == ["00ABCD", "00ABCE"])
  }

  @Test(
    "a message that nobody asked for takes its own line along, even one like an end",
    arguments: ["+CMT: ,2", "+CDS: 2", "+CBM: 3", "+CMT: \"+49\",,\"26/11/23,07:00:00+04\""],
    ["00ABCD", "OK", "ERROR"])
  func unasked(head: String, text: String) {
    let all = heard("+CMGL: 1,0,,2\r\n\(head)\r\n\(text)\r\n00ABCE\r\nOK\r\n")
    #expect(all.lines == ["+CMGL: 1,0,,2", "00ABCE"])
    #expect(all.urcs == [head, text])
    #expect(all.outcome == .ok)
  }

  @Test("a status report in text mode is one line") func oneLine() {
    let all = heard("+CDS: 6,52,\"+49\",145,\"26\",\"26\",0\r\n\r\nOK\r\n")
    #expect(all.outcome == .ok)
  }

  @Test("a text goes out behind the prompt and is ended with Ctrl-Z") func sent() {
    var engine = Engine(dialect: .generic)
    _ = engine.begin(Self.send, now: .start)
    let asked = engine.receive(Array("\r\n> ".utf8), now: .start)
    #expect(asked == [.write(Array("00AB\u{1A}".utf8))])
    let ended = engine.receive(
      Array("\r\n+CMTI: \"SM\",1\r\n\r\n+CMGS: 7\r\n\r\nOK\r\n".utf8), now: .start)
    #expect(ended.first == .urc(Array("+CMTI: \"SM\",1".utf8)))
    guard case .finished(let answer)? = ended.last else {
      Issue.record("not finished")
      return
    }
    #expect(answer.isOK && answer.lines == [Array("+CMGS: 7".utf8)])
  }

  @Test("a prompt that doesn't come in time is left with ESC, not before") func escaped() {
    var engine = Engine(dialect: .generic)
    _ = engine.begin(Self.send, now: .start)
    #expect(engine.elapse(now: .milliseconds(9999)) == [])
    let events = engine.elapse(now: .milliseconds(10_000))
    #expect(events.first == .write([0x1B]))
    guard case .finished(let answer)? = events.last else {
      Issue.record("not finished")
      return
    }
    #expect(answer.outcome == .timedOut)
    // Behind a payload that was sent there is nothing to leave.
    engine = Engine(dialect: .generic)
    _ = engine.begin(Self.send, now: .start)
    _ = engine.receive(Array("\r\n> ".utf8), now: .start)
    let late = engine.elapse(now: .milliseconds(60_000))
    #expect(late.count == 1)
  }
}

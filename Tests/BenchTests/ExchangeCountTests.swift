import Primitives
import Testing

@testable import godwit_bench

@Suite("Counting exchanges in a trace") struct ExchangeCountTests {
  @Test("a command with its prompt, payload and final result is one exchange") func prompt() {
    let count = Self.count(
      """
      > AT+QISEND=0,5\\r
      < \\r\\n>\\x20
      = 2
      > he\\rAT
      < \\r\\nSEND OK\\r\\n
      > AT+QICLOSE=0\\r
      < \\r\\nOK\\r\\n
      """)
    #expect(count.exchanges == 2)
    #expect(count.commands.map(\.printable) == ["AT+QISEND=0,5", "AT+QICLOSE=0"])
    #expect(count.hostTime == .milliseconds(2))
  }

  @Test("a probe that nobody answered counts") func probes() {
    #expect(Self.count("> AT\\r\n= 500\n> AT\\r\n= 500\n> ATE0\\r").exchanges == 3)
  }

  @Test("one command in many writes is one, many in one write are many") func splits() {
    #expect(Self.count("> A\n> T\n> \\r").exchanges == 1)
    #expect(Self.count("> AT\\rATE0\\r\\nATI\\r").exchanges == 3)
  }

  @Test("the prompt is seen in any split, and only at the start of a line") func promptSplits() {
    #expect(Self.count("> AT+X\\r\n< \\r\\n>\n< \\x20\n> AT\\r\n< \\r\\nOK\\r\\n").exchanges == 1)
    #expect(Self.count("> AT+X\\r\n< +Y: >\\x20\\r\\n\n> AT\\r").exchanges == 2)
  }

  @Test(
    "any final result ends a payload",
    arguments: ["OK", "ERROR", "SEND OK", "SEND FAIL", "+CME ERROR: 3", "+CMS ERROR: 500"])
  func results(result: String) {
    let text = "> AT+X\\r\n< \\r\\n>\\x20\n> p\n< \\r\\n\(result)\\r\\n\n> AT\\r"
    #expect(Self.count(text).exchanges == 2)
  }

  @Test("the host's time runs from the modem's last byte to the host's next") func hostTime() {
    let count = Self.count(
      """
      = 700
      > AT\\r
      = 100
      < \\r\\nO
      = 20
      < K\\r\\n
      = 7
      > ATI\\r
      = 900
      > ATI\\r
      """)
    #expect(count.hostTime == .milliseconds(7))
  }

  @Test("bytes are counted in each direction, payload included") func bytes() {
    let count = Self.count("> AT\\r\n< \\r\\nOK\\r\\n\n> ABC")
    #expect(count.bytesFromHost == 6)
    #expect(count.bytesFromModem == 6)
  }

  private static func count(_ text: String) -> ExchangeCount {
    do {
      return ExchangeCount(try TraceText.parse(Array(text.utf8)))
    } catch {
      Issue.record("\(error)")
      return ExchangeCount([])
    }
  }
}

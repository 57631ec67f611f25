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
    #expect(
      Self.count("> AT+CMGS=1\\r\n< \\r\\n>\n< \\x20\n> AT\\r\n< \\r\\nOK\\r\\n").exchanges == 1)
    #expect(Self.count("> AT+CMGS=1\\r\n< +Y: >\\x20\\r\\n\n> AT\\r").exchanges == 2)
    #expect(Self.count("> AT+QIRD=0\\r\n< \\r\\n>\n> AT\\r").exchanges == 2)
  }

  @Test(
    "any final result ends a payload",
    arguments: ["OK", "ERROR", "SEND OK", "SEND FAIL", "+CME ERROR: 3", "+CMS ERROR: 500"])
  func results(result: String) {
    let text = "> AT+CMGS=1\\r\n< \\r\\n>\\x20\n> p\n< \\r\\n\(result)\\r\\n\n> AT\\r"
    #expect(Self.count(text).exchanges == 2)
  }

  @Test(
    "every family's way to ask for a payload is known, and where the payload ends",
    arguments: [
      "> AT+QISEND=0,2\\r\n< \\r\\n>\\x20\n> \\r\\n\n< \\r\\nSEND OK\\r\\n",
      "> AT+CIPSEND=0,3\\r\n< \\r\\n>\n> a\\rb\n< \\r\\n0, SEND OK\\r\\n",
      "> AT+CASEND=0,3\\r\n< \\r\\n>\n> a\\rb\n< \\r\\nOK\\r\\n",
      "> AT+CIPSEND=0,3,\"192.0.2.1\",5683\\r\n< \\r\\n>\n> a\\rb\n< \\r\\nOK\\r\\n",
      // The SARA-R4 echoes the payload, whatever that says.
      "> AT+USOST=0,\"192.0.2.1\",5683,6\\r\n< \\r\\n@\n> OK\\r\n< OK\\r\\n\n> \\na\\r\n< OK\\r\\n",
      "> AT+KUDPSND=1,\"192.0.2.1\",5683,2\\r\n< \\r\\nCONNECT\\r\\n\n> a\\r--EOF--\n< OK\\r\\n",
      "> AT^SISW=0,2\\r\n< \\r\\n^SISW: 0,2,0\\r\\n\n> a\\r\n< \\r\\nOK\\r\\n",
      "> AT^SISW=0,2\\r\n< \\r\\n^SISW: 0,0,9\\r\\n\\r\\nOK\\r\\n",
      "> AT#SSENDEXT=1,2\\r\n< \\r\\n>\\x20\n> a\\r\n< \\r\\n+CME ERROR: 3\\r\\n",
    ])
  func prompts(exchange: String) {
    #expect(Self.count(exchange + "\n> AT\\r").exchanges == 2)
  }

  @Test("the family's documented pauses aren't the host's time") func gaps() {
    let text = """
      < \\r\\nOK\\r\\n
      = 103
      > AT+USOST=0,"192.0.2.1",5683,1\\r
      < \\r\\n@
      = 52
      > a
      < \\r\\nOK\\r\\n
      = 90
      > AT\\r
      """
    #expect(Self.count(text, HostGaps(module: "ublox-sara-r4")).hostTime == .milliseconds(5))
    #expect(Self.count(text).hostTime == .milliseconds(245))
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

  private static func count(_ text: String, _ gaps: HostGaps = HostGaps()) -> ExchangeCount {
    do {
      return ExchangeCount(try TraceText.parse(Array(text.utf8)), gaps: gaps)
    } catch {
      Issue.record("\(error)")
      return ExchangeCount([])
    }
  }
}

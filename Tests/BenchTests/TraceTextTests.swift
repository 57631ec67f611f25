import Primitives
import Testing

@testable import godwit_bench

@Suite("A UART trace as text") struct TraceTextTests {
  private static func entry(
    _ milliseconds: Int64, _ direction: UARTTrace.Direction, _ bytes: [UInt8]
  ) -> UARTTrace.Entry {
    UARTTrace.Entry(at: .milliseconds(milliseconds), direction: direction, bytes: bytes)
  }

  @Test("every byte goes there and back") func everyByte() throws {
    let entries = [Self.entry(0, .fromHost, Array(0...255))]
    #expect(try TraceText.parse(Self.text(entries)) == entries)
  }

  @Test("waits and directions go there and back") func waits() throws {
    let entries = [
      Self.entry(0, .fromHost, Array("AT\r".utf8)),
      Self.entry(3, .fromModem, Array("\r\nOK\r\n".utf8)),
      Self.entry(3, .fromModem, [0x5C, 0x00]), Self.entry(90_003, .fromHost, [0x1A]),
    ]
    #expect(try TraceText.parse(Self.text(entries)) == entries)
  }

  @Test("the text is that of the captured sessions") func form() {
    let entry = Self.entry(12, .fromModem, Array("\r\n+X: \"\\\"\t".utf8) + [0xFF])
    let lines = TraceText.lines(for: entry, after: .milliseconds(12))
    #expect(lines == ["= 12", #"< \r\n+X: "\\"\t\xFF"#])
    #expect(TraceText.lines(for: entry, after: .microseconds(900)).count == 1)
  }

  @Test("comments and blank lines are passed over") func comments() throws {
    let text = Array("# link: none\n\n> AT\\r\n".utf8)
    #expect(try TraceText.parse(text) == [Self.entry(0, .fromHost, Array("AT\r".utf8))])
  }

  @Test(
    "what is no trace is refused with its line",
    arguments: [("> a\n? b", 2), ("= ten", 1), ("< \\q", 1), ("< \\x4", 1), ("> \\", 1)])
  func refused(text: String, line: Int) {
    do {
      let entries = try TraceText.parse(Array(text.utf8))
      Issue.record("\(entries) came out")
    } catch {
      #expect(error.line == line)
    }
  }

  private static func text(_ entries: [UARTTrace.Entry]) -> [UInt8] {
    var last = Instant.start
    var lines: [String] = []
    for entry in entries {
      lines += TraceText.lines(for: entry, after: entry.at - last)
      last = entry.at
    }
    return Array(lines.joined(separator: "\n").utf8)
  }
}

@Suite("A UART trace in memory") struct UARTTraceTests {
  @Test("beyond its limit the oldest entries go and are counted") func limit() {
    var trace = UARTTrace()
    let piece = [UInt8](repeating: 1, count: 1024)
    let fits = UARTTrace.byteLimit / 1024
    for index in 0...fits {
      trace.append(
        UARTTrace.Entry(at: .milliseconds(Int64(index)), direction: .fromHost, bytes: piece))
      #expect(trace.entries.count <= fits)
    }
    #expect(trace.droppedEntries + trace.entries.count == fits + 1)
    #expect(trace.entries.first?.at == .milliseconds(Int64(trace.droppedEntries)))
    #expect(trace.entries.last?.at == .milliseconds(Int64(fits)))
  }
}

import Primitives
import Testing

@testable import godwit

@Suite("The line editor") struct LineEditorTests {
  private static let up = "\u{1B}[A", down = "\u{1B}[B", right = "\u{1B}[C", left = "\u{1B}[D"

  @Test(
    "edits as a terminal's user expects",
    arguments: [
      ("AT+CSQ\r", "AT+CSQ"), ("AT+CSX\u{7F}Q\r", "AT+CSQ"), ("AT+SQ\(left)\(left)C\r", "AT+CSQ"),
      ("T+CSQ\u{01}A\r", "AT+CSQ"), ("T+CS\u{1B}[HA\u{1B}[FQ\r", "AT+CSQ"),
      ("T+CS\u{1B}[1~A\u{1B}[4~Q\r", "AT+CSQ"), ("noise\u{15}AT\n", "AT"),
      ("ATxx\(left)\(left)\u{0B}\r", "AT"), ("ATx\(left)\u{1B}[3~I\r", "ATI"),
      ("ATx\(left)\u{04}\r", "AT"), ("\u{7F}\(left)\(right)AT\r", "AT"), ("A\u{1B}OCT\r", "AT"),
      ("A\u{07}\u{1B}[15~T\r", "AT"), ("A\u{1B}xT\r", "AT"), ("\r", ""),
    ])
  func edits(keys: String, line: String) {
    var editor = LineEditor(prompt: "> ")
    #expect(type(keys, &editor) == [.line(Array(line.utf8))])
  }

  @Test("goes through the history and back to what was being typed") func history() {
    var editor = LineEditor(prompt: "> ")
    _ = type("AT+A\r", &editor)
    _ = type("AT+B\r", &editor)
    _ = type("AT+B\r", &editor)
    #expect(type("\(Self.up)\r", &editor) == [.line(Array("AT+B".utf8))])
    #expect(editor.history.count == 2)
    #expect(type("\(Self.up)\(Self.up)\(Self.up)\r", &editor) == [.line(Array("AT+A".utf8))])
    #expect(type("AT+C\(Self.up)\(Self.down)D\r", &editor) == [.line(Array("AT+CD".utf8))])
  }

  @Test("ends at Ctrl-C, and at Ctrl-D on an empty line") func end() {
    var editor = LineEditor(prompt: "> ")
    #expect(type("AT\u{03}", &editor) == [.end])
    #expect(type("\u{04}", &editor) == [.end])
  }

  @Test("has a limit for the line and for the history") func limits() {
    var editor = LineEditor(prompt: "> ")
    let long = String(repeating: "x", count: LineEditor.lengthLimit)
    #expect(type(long + "yz\r", &editor) == [.line(Array(long.utf8))])
    for number in 0..<2 * LineEditor.historyLimit { _ = type("AT\(number)\r", &editor) }
    #expect(editor.history.count == LineEditor.historyLimit)
    #expect(editor.history.first == Array("AT100".utf8))
  }

  @Test("draws the line anew with the cursor in its place") func drawing() {
    var editor = LineEditor(prompt: "> ")
    #expect(editor.begin() == Array("> ".utf8))
    _ = editor.take(UInt8(ascii: "A"))
    #expect(editor.take(UInt8(ascii: "T")).output == Array("\r> AT\u{1B}[K".utf8))
    #expect(
      Self.left.utf8.map { editor.take($0).output }.last == Array("\r> AT\u{1B}[K\u{1B}[1D".utf8))
  }

  @Test("takes any bytes") func anything() {
    var random = SeededRandom(seed: 4)
    var editor = LineEditor(prompt: "> ")
    _ = editor.begin()
    for _ in 0..<100_000 {
      let (_, outcome) = editor.take(UInt8(random.next(below: 256)))
      if outcome != .editing { _ = editor.begin() }
    }
    #expect(editor.history.count <= LineEditor.historyLimit)
  }

  private func type(_ keys: String, _ editor: inout LineEditor) -> [LineEditor.Outcome] {
    _ = editor.begin()
    return keys.utf8.map { editor.take($0).1 }.filter { $0 != .editing }
  }
}

import Primitives
import Testing

@Suite("Words that a person may write") struct WordListTests {
  private let words = ["interval", "on", "off", "retry-after"].map { Array($0.utf8) }

  @Test(
    "suggest the one that was most likely meant, or none",
    arguments: [
      ("intervall", "interval"), ("itnerval", "interval"), ("Intrval", "interval"),
      ("retry_after", "retry-after"), ("onn", "on"), ("0n", "on"), ("offf", "off"), ("yes", nil),
      ("", nil), ("interim", nil), (String(repeating: "o", count: 65), nil),
    ] as [(String, String?)])
  func nearest(text: String, expected: String?) {
    #expect(words.nearest(to: Array(text.utf8)) == expected.map { Array($0.utf8) })
  }

  @Test("are listed as alternatives") func listed() {
    #expect(words.alternatives == "interval, on, off or retry-after")
    #expect([Array("a".utf8)].alternatives == "a")
    #expect([[UInt8]]().alternatives.isEmpty)
  }
}

import Primitives
import Testing

@Suite("The order of decimals") struct DecimalOrderTests {
  @Test(
    "is that of their values, not of their spellings",
    arguments: [
      ("1.5", "1.50", false), ("1.49", "1.5", true), ("-2", "1e-18", true), ("-1e18", "-1", true),
      ("1e18", "1e-18", false), ("0", "-0.0", false), ("9.99e17", "1e18", true),
      ("9e18", "9.1e18", true), ("-90e18", "-1e-18", true), ("1e-18", "90e18", true),
    ])
  func order(a: String, b: String, isLess: Bool) {
    #expect(number(a).isLess(than: number(b)) == isLess)
    if isLess { #expect(!number(b).isLess(than: number(a))) }
  }

  private func number(_ text: String) -> DecimalNumber { DecimalNumber(text.utf8)! }
}

import Primitives
import Testing

@Suite("Decimal numbers") struct DecimalNumberTests {
  @Test(
    "keep the value and come out in their shortest form",
    arguments: [
      ("0", "0"), ("-0.0", "0"), ("12.50", "12.5"), ("-.5", "-0.5"), ("1e-3", "0.001"),
      ("120", "120"), ("12e3", "12000"), ("0.000000000000000001", "0.000000000000000001"),
      ("999999999999999999", "999999999999999999"), ("+7", "7"), ("1e18", "1000000000000000000"),
    ])
  func text(written: String, expected: String) {
    #expect(DecimalNumber(Array(written.utf8))?.text == expected)
  }

  @Test(
    "refuse what isn't one",
    arguments: [
      "", "-", ".", "1.2.3", "1e", "1e+", "0x10", "NaN", "inf", " 1", "1 ", "1,5", "--1", "+-1",
      "1234567890123456789", "1e19", "1e-19",
    ])
  func refused(written: String) { #expect(DecimalNumber(Array(written.utf8)) == nil) }

  @Test("multiply exactly or not at all") func product() throws {
    let scale = try #require(DecimalNumber(Array("0.001".utf8)))
    #expect(DecimalNumber(23_456).multiplied(by: scale)?.text == "23.456")
    #expect(DecimalNumber(.max).multiplied(by: DecimalNumber(2)) == nil)
  }

  @Test(
    "add exactly",
    arguments: [
      ("0.1", "0.2", "0.3"), ("1e18", "-1", "999999999999999999"), ("20", "0.5", "20.5"),
      ("-0.25", "0.25", "0"), ("0", "1e-18", "0.000000000000000001"),
    ])
  func sum(a: String, b: String, expected: String) throws {
    let left = try #require(DecimalNumber(Array(a.utf8)))
    let right = try #require(DecimalNumber(Array(b.utf8)))
    #expect(left.adding(right)?.text == expected)
    #expect(right.adding(left)?.text == expected)
  }

  @Test("say so when a sum does not fit") func sumOverflows() throws {
    let tiny = try #require(DecimalNumber(mantissa: 1, exponent: -18))
    #expect(DecimalNumber(10).adding(tiny) == nil)
    #expect(DecimalNumber(.max).adding(DecimalNumber(1)) == nil)
  }
}

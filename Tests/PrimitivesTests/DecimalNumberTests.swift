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
}

import Telemetry
import Testing

@Suite("Names and units") struct NamesTests {
  @Test(
    "reading names follow RFC 8428 §4.5.1",
    arguments: [
      ("temp", true), ("a", true), ("0", true), ("urn:dev:ow:10e2073a/temp_1.x-y", true),
      (String(repeating: "n", count: 64), true), (String(repeating: "n", count: 65), false),
      ("", false), ("-a", false), (":a", false), ("_a", false), ("a b", false), ("a=b", false),
      ("tëmp", false), ("a\"", false), ("a\n", false),
    ])
  func readingName(text: String, isValid: Bool) {
    #expect((ReadingName(Array(text.utf8)) != nil) == isValid)
  }

  @Test(
    "device names leave out what ends a name or a query",
    arguments: [
      ("meadow-7", true), ("A.b_c-9", true), (String(repeating: "d", count: 32), true),
      (String(repeating: "d", count: 33), false), ("", false), ("a:b", false), ("a/b", false),
      ("a&b", false), (".a", false),
    ])
  func deviceName(text: String, isValid: Bool) {
    #expect((DeviceName(Array(text.utf8)) != nil) == isValid)
  }

  @Test(
    "units are short and visible",
    arguments: [
      ("Cel", true), ("%RH", true), ("/", true), ("µS", false),
      (String(repeating: "u", count: 16), true),
      (String(repeating: "u", count: 17), false), ("", false), ("a b", false), ("a\"", false),
      ("a\\", false), ("\u{7F}", false),
    ])
  func unit(text: String, isValid: Bool) {
    #expect((ReadingUnit(Array(text.utf8)) != nil) == isValid)
  }

  @Test("every byte alone is a name only when it is a letter or digit") func singleBytes() {
    for byte in UInt8.min...UInt8.max {
      let isAlphanumeric = Unicode.Scalar(byte).properties.isAlphabetic && byte < 0x80
      let isDigit = (0x30...0x39).contains(byte)
      #expect((ReadingName([byte]) != nil) == (isAlphanumeric || isDigit), "byte \(byte)")
      #expect((DeviceName([byte]) != nil) == (isAlphanumeric || isDigit), "byte \(byte)")
    }
  }

  @Test("the device's own names are told apart") func reserved() {
    #expect(ReadingName(Array("godwit/lost".utf8))?.isReserved == true)
    #expect(ReadingName(Array("godwits".utf8))?.isReserved == false)
  }

  @Test(
    "an identity reads the same whatever its digits",
    arguments: [
      (0x0123_ABCD, 17, "0123abcd-17"), (0, 0, "00000000-0"),
      (UInt32.max, UInt32.max, "ffffffff-4294967295"),
    ] as [(UInt32, UInt32, String)])
  func identity(era: UInt32, sequence: UInt32, text: String) {
    let bytes = BatchIdentity(era: era, sequence: sequence).bytes
    #expect(String(decoding: bytes, as: UTF8.self) == text)
  }
}

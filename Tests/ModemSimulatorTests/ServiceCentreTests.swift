import Primitives
import Testing

@testable import ModemSimulator

/// More texts are put before another decoder in Tests/second-opinion/centre.py.
@Suite("The service centre's messages") struct ServiceCentreTests {
  private static let utc = UTC(year: 2026, month: 11, day: 23, hour: 22, minute: 28, second: 47)!

  private static func hex(_ text: String, from sender: String = "12345689") -> [String]? {
    CentreText(text, from: sender, at: utc, reference: 0x5A)?.tpdus
      .map { String(decoding: $0.hex, as: UTF8.self) }
  }

  @Test("are SMS-DELIVER in the default alphabet where that has all the characters") func plain() {
    // 04, address 8 digits national, PID, DCS, 2026-11-23 22:28:47 UTC, ten septets (TS 23.038
    // §6.1.2.1: "hellohello").
    let head = "0408A12143659800"
    #expect(
      Self.hex("hellohello") == [head + "00" + "62113222827400" + "0AE8329BFD4697D9EC37"])
    #expect(Self.hex("€") == [head + "00" + "62113222827400" + "029B32"])
    #expect(Self.hex("ж") == [head + "08" + "62113222827400" + "020436"])
    #expect(Self.hex("😀") == [head + "08" + "62113222827400" + "04D83DDE00"])
    #expect(Self.hex("") == [head + "00" + "62113222827400" + "00"])
  }

  @Test(
    "come from a number or a name",
    arguments: [
      ("+491701", "0691947110"), ("123", "03A121F3"), ("Name", "07D0CE70BB0C"), ("", nil),
      ("+", nil), ("+Name", nil), ("A name of 12", nil), ("123456789012345678901", nil), ("ж", nil),
    ])
  func sender(text: String, wanted: String?) {
    let address = Self.hex("x", from: text).map { String($0[0].dropFirst(2).dropLast(22)) }
    #expect(address == wanted)
  }

  @Test("are cut where one is too long, never within a character") func long() throws {
    #expect(Self.hex(String(repeating: "a", count: 160))?.count == 1)
    let parts = try #require(Self.hex(String(repeating: "a", count: 161)))
    // TP-UDHI, more to come; then the last one. 153 septets and the header's seven.
    #expect(parts.map { String($0.prefix(2)) } == ["40", "44"])
    #expect(parts[0].contains("62113222827400" + "A0" + "0500035A0201"))
    #expect(parts[1].hasSuffix("62113222827400" + "0F" + "0500035A0202" + "C2E170381C0E8701"))
    // The euro sign would be septets 153 and 154.
    let euro = try #require(Self.hex(String(repeating: "a", count: 152) + "€" + "aaaaaaa"))
    #expect(euro[0].contains("62113222827400" + "9F" + "0500035A0201"))
    // A pair of surrogates would be octets 133 to 136.
    let smile = try #require(Self.hex(String(repeating: "ж", count: 66) + "😀aaaa"))
    #expect(smile[0].contains("62113222827400" + "8A" + "0500035A0201"))
    #expect(smile[1].hasSuffix("0500035A0202" + "D83DDE000061006100610061"))
    #expect(Self.hex(String(repeating: "a", count: 1530))?.count == 10)
    #expect(Self.hex(String(repeating: "a", count: 1531)) == nil)
  }

  @Test("that devices submit are read, and nothing that is cut short") func submitted() throws {
    // With a validity period and a header: part 2 of 2, "€ ok".
    let tpdu: [UInt8] =
      [0x51, 0, 8, 0x81, 0x21, 0x43, 0x65, 0x98, 0, 0, 0xA7, 12]
      + [5, 0, 3, 9, 2, 2] + [0x36, 0x65, 0xD0, 0x7B, 0x0D]
    let read = try #require(SubmittedText(tpdu: tpdu))
    #expect(read.recipient == "12345689")
    #expect(read.header == "050003090202")
    #expect(read.text == "€ ok")
    for count in 0..<tpdu.count { #expect(SubmittedText(tpdu: Array(tpdu[..<count])) == nil) }
    let wide: [UInt8] = [1, 0, 3, 0x91, 0x21, 0xF3, 0, 8, 4, 0xD8, 0x3D, 0xDE, 0]
    #expect(SubmittedText(tpdu: wide)?.text == "😀")
    #expect(SubmittedText(tpdu: wide)?.recipient == "+123")
    let data: [UInt8] = [1, 0, 3, 0x81, 0x21, 0xF3, 0, 4, 2, 0xAB, 0x01]
    #expect(SubmittedText(tpdu: data)?.text == "AB01")
  }

  @Test("random octets are read within the standard's bounds, or not at all") func noise() {
    var read = 0
    for seed in 0..<2000 as Range<UInt64> {
      var random = SeededRandom(seed: seed)
      let count = Int(random.next(below: 40))
      var tpdu = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      if !tpdu.isEmpty { tpdu[0] = tpdu[0] & 0xFC | 1 }
      guard let submitted = SubmittedText(tpdu: tpdu) else { continue }
      read += 1
      // TS 23.040 9.1.2.5: 10 octets of digits, and a plus; an octet of data is two digits.
      #expect(submitted.recipient.count <= 21)
      #expect(submitted.text.count <= 2 * count)
    }
    #expect((1..<2000).contains(read))
  }
}

import Cellular
import Primitives
import Testing

@Suite("Vocabulary") struct VocabularyTests {
  @Test(
    "the network's clock, TS 27.007 §8.15 and Quectel's +QLTS",
    arguments: [
      ("+CCLK: \"25/01/31,12:00:00+08\"", "2025-01-31T10:00:00Z"),
      ("+CCLK: \"26/11/22,22:28:47-20\"", "2026-11-23T03:28:47Z"),
      ("+CCLK: \"26/11/22,22:28:47\"", "2026-11-22T22:28:47Z"),
      ("+QLTS: \"2026/11/22,22:28:47+04,1\"", "2026-11-22T21:28:47Z"),
      ("+CCLK: \"24/02/29,00:00:00+00\"", "2024-02-29T00:00:00Z"),
      ("+CCLK: \"60/12/31,23:59:59+00\"", "2060-12-31T23:59:59Z"),
    ])
  func clock(line: String, utc: String) { #expect(NetworkClock.utc(Array(line.utf8))?.text == utc) }

  @Test(
    "an unset clock, and what is no time",
    arguments: [
      "+CCLK: \"80/01/06,00:00:12+00\"", "+CCLK: \"04/01/01,00:00:00+00\"",
      "+CCLK: \"70/01/01,00:00:00+00\"", "+CCLK: \"00/01/01,00:00:00+00\"",
      "+CCLK: \"23/12/31,23:59:59+00\"", "+CCLK: \"61/01/01,00:00:00+00\"", "+QLTS: \"\"",
      "+CCLK: \"25/13/31,12:00:00+08\"", "+CCLK: \"25/02/29,12:00:00+08\"", "+CCLK: ",
      "+CCLK: \"25/01/31,12:00:00+99\"", "+CCLK: \"25/01/31,12:00\"",
      "+CCLK: \"25/01/31,12:00:0a\"",
      "+CCLK: \"25/01/31,12:00:00x08\"", "+CCLK: \"25/01/31 12-00-00\"",
      "+CCLK: \"2025/1/31,12:00:00+08\"",
    ])
  func unset(line: String) { #expect(NetworkClock.utc(Array(line.utf8)) == nil) }

  @Test(
    "access point names",
    arguments: [
      ("em", true), ("iot.1nce.net", true), ("a-b.c", true), ("", false), ("em\"", false),
      ("em,\"x", false), ("em\r", false), ("-em", false), ("em.", false), ("e m", false),
      ("em;+CFUN=0", false), (String(repeating: "a", count: 64), false),
    ])
  func apn(text: String, isOne: Bool) { #expect((APN(Array(text.utf8)) != nil) == isOne) }

  @Test("an operator's suffix and the case of letters don't make another access point")
  func apnSame() {
    let apn = APN(Array("em".utf8))!
    #expect(apn.isNamed(by: Array("EM".utf8)))
    #expect(apn.isNamed(by: Array("em.mnc043.mcc901.gprs".utf8)))
    #expect(!apn.isNamed(by: Array("emnify".utf8)))
    #expect(!apn.isNamed(by: []))
    // Digits and hyphens differ in no case: a bit that would make them equal isn't looked at.
    #expect(!APN(Array("a1".utf8))!.isNamed(by: [97, 17]))
  }

  @Test("credentials can't end a string", arguments: ["a\"b", "a\\b", "a b", "a\rb", "\u{7F}"])
  func credential(text: String) { #expect(CredentialText(Array(text.utf8)) == nil) }

  @Test("identities") func identities() {
    #expect(IMEI(Array("861234567890123".utf8)) != nil)
    #expect(IMEI(Array("86123456789012".utf8)) == nil)
    #expect(ICCID(Array("8988239000001234567F".utf8))?.digits.count == 19)
    #expect(ICCID(Array("898823900000".utf8)) == nil)
    #expect(IMSI(Array("90143000001234x".utf8)) == nil)
  }

  @Test(
    "operators as the card stores them, TS 24.008 §10.5.1.13",
    arguments: [
      ("26201", [0x62, 0xF2, 0x10]), ("90143", [0x09, 0xF1, 0x34]), ("310410", [0x13, 0x00, 0x14]),
    ])
  func plmn(digits: String, octets: [UInt8]) {
    #expect(PLMN(Array(digits.utf8))?.octets == octets)
  }

  @Test("<rssi> and <rsrp> in dBm", arguments: [(0, -113), (31, -51), (32, nil), (99, nil)])
  func signal(rssi: Int, expected: Int?) {
    #expect(Signal.rssiDBm(rssi) == expected)
    #expect(Signal.rsrpDBm(97) == -44)
    #expect(Signal.rsrpDBm(255) == nil)
  }

  @Test(
    "what follows from a cause, TS 24.301 §5.5.1.2.5",
    arguments: [
      (3, RejectCause.Consequence.identityRefused), (8, .identityRefused), (11, .placeRefused),
      (15, .placeRefused), (19, .sessionRefused), (22, .congestion), (17, .temporary),
    ])
  func causes(code: Int, consequence: RejectCause.Consequence) {
    #expect(RejectCause(code: code)?.consequence == consequence)
  }

  @Test("every cause has a text of its own") func causeTexts() {
    for code in 0...255 {
      #expect(RejectCause(code: code)?.text.isEmpty == false)
      #expect(SessionCause(code: code)?.text.isEmpty == false)
    }
    #expect(SessionCause(code: 27)?.isPermanent == true)
    #expect(SessionCause(code: 26)?.isPermanent == false)
    #expect(RejectCause(code: 256) == nil)
  }

  @Test("values between commas, quoted or not") func parameters() {
    let values = ParameterList(Array("+X : 1, \"a,b\" ,,\"\", 0F ".utf8))
    #expect(values.count == 5)
    #expect(values.integer(0) == 1)
    #expect(values.text(1) == Array("a,b".utf8))
    #expect(values.isQuoted(1) && values.isQuoted(3) && !values.isQuoted(2))
    #expect(!values.has(2) && !values.has(3) && !values.has(9))
    #expect(values.hexadecimal(4) == 15)
    #expect(ParameterList(Array("+X: \"2026/11/22,22:28:47\"".utf8)).count == 1)
    #expect(ParameterList(Array(("+X: " + String(repeating: ",", count: 900)).utf8)).count == 64)
  }

  @Test(
    "the card",
    arguments: [
      ("+CPIN: READY", SIMState.ready), ("+CPIN: SIM PIN", .locked),
      ("+CPIN: NOT READY", .notReady),
      ("+CPIN: PH-NET PIN", .locked),
    ])
  func card(line: String, state: SIMState) { #expect(SIMState(Array(line.utf8)) == state) }
}

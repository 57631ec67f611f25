import Primitives
import SMS
import Testing

@Suite("A PDU from the modem") struct PDUTests {
  /// From 3GPP's rules by hand, TS 23.040 §9.2.2.1; the service centre is +491760000443.
  @Test(
    "gives sender and text",
    arguments: [
      (
        "0791947106004034040C919471831778780000620112214300801220D0BC4C8787E5E136480683C574E536",
        "+491738718787", "  setparam 2001:em"
      ),
      (
        "0791947106004034040881214365980000620112214300800741A893556E8F00", "12345689", "APN,em#"
      ),
      (
        "0791947106004034040BD0C5A63B6DCE030000620112214300800C61B83B269BD16A3650B90D", "EMnify",
        "apn123456 em"
      ),
      (
        "00040C919471831778780000620112214300801D41EAEA48154E93BD335B0683B1CA6D168BC562B15830184C2600",
        "+491738718787", "AT+GTBSI=gl200,em,,,,,,,0002$"
      ),
    ])
  func deliver(hex: String, sender: String, text: String) throws {
    guard case .deliver(let message) = try PDU(hex: Array(hex.utf8)) else {
      Issue.record("not a message to the device")
      return
    }
    #expect(String(decoding: message.sender.text, as: UTF8.self) == sender)
    #expect(message.userData.content == .text(Array(text.utf8)))
    #expect(message.timestamp?.utc.text == "2026-10-21T10:34:00Z")
    #expect(message.timestamp?.offsetMinutes == 120)
    #expect(message.userData.part == nil)
  }

  @Test(
    "says which part of a long message it is",
    arguments: [
      (
        "00440C91947183177878000062011221430080190500035A0201E6653A3C2C0FB74130194D062AB77720",
        MessagePart(reference: 0x5A, isWide: false, count: 2, number: 1), "setparam 0242 em; "
      ),
      (
        "00440C91947183177878000062011221430080170500035A0202E6653A3C2C0FB741B05CEC068AED00",
        MessagePart(reference: 0x5A, isWide: false, count: 2, number: 2), "setparam 0917 1;"
      ),
      (
        "00440C919471831778780000620112214300800A060804123402016131",
        MessagePart(reference: 0x1234, isWide: true, count: 2, number: 1), "ab"
      ),
    ])
  func parts(hex: String, part: MessagePart?, text: String) throws {
    guard case .deliver(let message) = try PDU(hex: Array(hex.utf8)) else {
      Issue.record("not a message to the device")
      return
    }
    #expect(message.userData.part == part)
    #expect(message.userData.content == .text(Array(text.utf8)))
  }

  @Test("that the device sends needs to be named so") func submit() throws {
    let hex = Array("00110005812143F50000A709CF25280C77F7CA6D".utf8)
    #expect(throws: PDUFault(.unknownKind, octet: 2)) { try PDU(hex: hex) }
    guard case .submit(let message) = try PDU(hex: hex, isFromDevice: true) else {
      Issue.record("not a message from the device")
      return
    }
    #expect(message.recipient == SMSAddress(number: Array("12345".utf8)))
    #expect(message.userData.content == .text(Array("OK apn=em".utf8)))
    #expect(message.serviceCentre == nil)
  }

  @Test("may be a status report") func statusReport() throws {
    let hex = Array("0006FF0C91947183177878620112214300806201122153008000".utf8)
    guard case .statusReport(let report) = try PDU(hex: hex) else {
      Issue.record("not a status report")
      return
    }
    #expect(report.reference == 255)
    #expect(report.recipient == SMSAddress(number: Array("+491738718787".utf8)))
    #expect(report.discharge?.utc.text == "2026-10-21T10:35:00Z")
    #expect(report.status == 0)
  }

  @Test("keeps its text when its time is nonsense") func badTime() throws {
    let hex = "000408812143659800006F011221430080" + "07" + "41A893556E8F00"
    guard case .deliver(let message) = try PDU(hex: Array(hex.utf8)) else {
      Issue.record("not a message to the device")
      return
    }
    #expect(message.timestamp == nil)
    #expect(message.userData.content == .text(Array("APN,em#".utf8)))
  }

  @Test("is refused with the reason, and where", arguments: faults)
  func refused(hex: String, kind: PDUFault.Kind, octet: Int) {
    let fault = PDUFault(kind, octet: octet)
    #expect(throws: fault) { try PDU(hex: Array(hex.utf8)) }
    #expect(!fault.text.isEmpty)
  }

  private static let faults: [(String, PDUFault.Kind, Int)] = [
    ("0", .notHexadecimal, 1), ("0G", .notHexadecimal, 1), ("00040", .notHexadecimal, 3),
    ("", .tooShort, 1), ("00", .tooShort, 2), ("0004", .tooShort, 3), ("0C0491", .badAddress, 1),
    ("0003", .unknownKind, 2), ("039104", .tooShort, 4), ("00041791", .badAddress, 3),
    ("00040281FF", .badAddress, 3), ("0004088121436598000062011221430080", .tooShort, 18),
    ("00040881214365980000620112214300800741A893", .tooShort, 22),
    ("0004088121436598000062011221430080FF41A893", .wrongLength, 18),
    ("00040881214365980004620112214300808D41A893", .wrongLength, 18),
    ("000408812143659800206201122143008000", .compressed, 10),
    ("004408812143659800046201122143008002FF00", .badHeader, 19),
    ("00440881214365980000620112214300800105", .badHeader, 19),
    (String(repeating: "00", count: 177), .tooLong, 177),
  ]

  @Test("may be followed by padding, unless exactness is asked for") func padding() throws {
    let hex = Array("0004088121436598000062011221430080".utf8) + Array("0141FFFF".utf8)
    guard case .deliver(let message) = try PDU(hex: hex) else {
      Issue.record("not a message to the device")
      return
    }
    #expect(message.userData.content == .text(Array("A".utf8)))
    #expect(throws: PDUFault(.trailing, octet: 20)) { try PDU(hex: hex, isExact: true) }
    let report = Array("0006FF0C91947183177878620112214300806201122153008000".utf8)
    // TP-PI and TP-PID behind the status.
    #expect(throws: Never.self) { try PDU(hex: report + Array("0100".utf8), isExact: true) }
  }

  @Test("in parts is read from their bodies together, wherever the sender has cut them")
  func joined() throws {
    let front = "0044088121436598000862011221430080"
    let halves = [front + "08050003070201D83D", front + "08050003070202DE00"]
    var body: [UInt8] = []
    for (index, hex) in halves.enumerated() {
      guard case .deliver(let message) = try PDU(hex: Array(hex.utf8)) else {
        Issue.record("not a message to the device")
        return
      }
      #expect(message.userData.part?.number == UInt8(index + 1))
      #expect(message.userData.content == .text(Array("\u{FFFD}".utf8)))
      body += message.userData.body
    }
    #expect(UserData.content(of: body, in: .ucs2) == .text(Array("😀".utf8)))
    #expect(UserData.content(of: [0x1B] + [0x65], in: .gsm7) == .text(Array("€".utf8)))
    #expect(UserData.content(of: [0x1B, 0x65], in: .data8) == .data([0x1B, 0x65]))
  }

  @Test("never traps, whatever the octets are") func hostile() {
    var random = SeededRandom(seed: 11)
    var read = 0
    for _ in 0..<40_000 {
      let octets = (0..<Int(random.next(below: 60))).map { _ in
        UInt8(truncatingIfNeeded: random.next())
      }
      // The first octets of a likely message, so that more than the front is reached.
      let front: [UInt8] = [0, UInt8(random.next(below: 2)) * 0x40 + 4, 4, 0x91, 0x21, 0x43, 0]
      let hex = (front + octets).hex
      if (try? PDU(hex: hex)) != nil { read += 1 }
      _ = try? PDU(hex: hex, isFromDevice: true)
    }
    #expect(read > 1000)
  }
}

@Suite("A message from the device") struct SMSSubmitTests {
  private let short = SMSAddress(number: Array("12345".utf8))

  @Test("is what the standard's rules give") func known() throws {
    let submit = try #require(SMSSubmit(to: short!, text: Array("OK apn=em".utf8)))
    #expect(submit.parts.map { $0.hex } == [Array("00110005812143F50000A709CF25280C77F7CA6D".utf8)])
    #expect(submit.parts[0].length == 19)
  }

  @Test(
    "is cut so that each part fits, and reads back whole",
    arguments: [
      ("a", 160, 1), ("a", 161, 2), ("a", 306, 2), ("a", 307, 3), ("{", 80, 1), ("{", 81, 2),
      ("ж", 70, 1), ("ж", 71, 2), ("ж", 134, 2), ("ж", 135, 3), ("😀", 35, 1), ("😀", 36, 2),
    ])
  func cut(character: String, count: Int, parts: Int) throws {
    let text = Array(String(repeating: character, count: count).utf8)
    let submit = try #require(SMSSubmit(to: short!, text: text, reference: 7))
    #expect(submit.parts.count == parts)
    var whole: [UInt8] = []
    for (index, part) in submit.parts.enumerated() {
      #expect(part.length == part.hex.count / 2 - 1)
      guard case .submit(let message) = try PDU(hex: part.hex, isFromDevice: true),
        case .text(let piece) = message.userData.content
      else {
        Issue.record("part \(index) isn't a message from the device with a text")
        return
      }
      #expect(message.userData.part?.number == (parts == 1 ? nil : UInt8(index + 1)))
      whole += piece
    }
    #expect(whole == text)
  }

  @Test("isn't sent to a name, in a hundred parts, or of bytes that are no text") func refused() {
    #expect(SMSAddress(number: Array("EMnify".utf8)) == nil)
    #expect(SMSAddress(number: Array(repeating: 0x31, count: 21)) == nil)
    #expect(SMSSubmit(to: short!, text: Array(repeating: 0x61, count: 8 * 153 + 1)) == nil)
    #expect(SMSSubmit(to: short!, text: [0xC0, 0xAF]) == nil)
  }
}

@Suite("The GSM alphabet") struct GSMAlphabetTests {
  @Test("has 127 characters and ten more, each of which comes back") func all() {
    var seen = 0
    for code in UInt8(0)..<0x80 where code != 0x1B {
      let text = GSMAlphabet.text([code])
      #expect(GSMAlphabet.septets(text) == [code])
      seen += 1
    }
    for character in "\u{0C}^{}\\[~]|€" {
      let septets = GSMAlphabet.septets(Array(String(character).utf8))
      #expect(septets?.count == 2)
      #expect(septets.map { GSMAlphabet.text($0) } == Array(String(character).utf8))
      seen += 1
    }
    #expect(seen == 137)
    #expect(GSMAlphabet.septets(Array("`".utf8)) == nil)
  }

  @Test("shows an unknown extension as the plain character, a doubled escape as a blank")
  func unknown() {
    #expect(GSMAlphabet.text([0x1B, 0x41]) == Array("A".utf8))
    #expect(GSMAlphabet.text([0x1B, 0x1B]) == Array(" ".utf8))
    #expect(GSMAlphabet.text([0x1B]) == [])
  }
}

import Foundation
import Primitives
import SMS
import Settings
import Testing

@testable import godwit

@Suite("SMS by hand") struct SMSByHandTests {
  // PDUs and their faults are tested in SMSTests, signatures in SettingsTests.

  private static let long = String(repeating: "a", count: 257)
  private let parts = [
    "00440C91947183177878000062011221430080190500035A0201E6653A3C2C0FB74130194D062AB77720",
    "00440C91947183177878000062011221430080170500035A0202E6653A3C2C0FB741B05CEC068AED00",
  ]

  @Test("shows a message to the device") func deliver() throws {
    #expect(
      try text([
        "0791947106004034040C919471831778780000620112214300801220D0BC4C8787E5E136480683C574E536"
      ]) == """
        kind       message to the device
        sender     +491738718787
        smsc       +491760000443
        sent       2026-10-21T12:34:00+02:00
        encoding   GSM 7-bit
        text       "  setparam 2001:em"

        """)
    #expect(
      try json(["0791947106004034040BD0C5A63B6DCE030000620112214300800C61B83B269BD16A3650B90D"])
        == #"{"kind":"deliver","smsc":"+491760000443","sender":"EMnify","#
        + #""timestamp":"2026-10-21T12:34:00+02:00","protocol":0,"encoding":"gsm7","#
        + #""text":"apn123456 em","data":null,"reference":null,"part":null,"parts":null,"#
        + #""class":null,"destinationPort":null,"sourcePort":null,"nationalShift":false}"# + "\n")
  }

  @Test("shows class, ports, a silent message, a national table and data") func details() throws {
    // Class 0 in 8-bit data (F4) to port 2948 from 9200, protocol 64; DCS F4.
    let data = "00440491214340F462011221430069" + "0A" + "060504" + "0B84" + "23F0" + "01AEFF"
    let shown = try text([data])
    #expect(shown.contains("protocol   64, silent: to be thrown away\n"))
    #expect(shown.contains("encoding   8-bit data, class 0\nports      to 2948 from 9200\n"))
    #expect(shown.contains("sent       2026-10-21T12:34:00-04:00\n"))
    #expect(shown.hasSuffix("data       01AEFF\n"))
    let object = try json([data])
    #expect(object.contains(#""encoding":"8bit","text":null,"data":"01AEFF","#))
    #expect(object.contains(#""class":0,"destinationPort":2948,"sourcePort":9200,"#))
    // A national locking shift (25 01 01) in front of "Hi".
    let national = "004404912143000062011221430080" + "07" + "03250101" + "903400"
    #expect(try text([national]).contains("a national table is named"))
    #expect(try json([national]).contains(#""nationalShift":true"#))
  }

  @Test("shows what the device sends, when told so") func submit() throws {
    let hex = "00110005812143F50000A709CF25280C77F7CA6D"
    #expect(
      try text([hex], isFromDevice: true) == """
        kind       message from the device
        recipient  12345
        smsc       not named
        encoding   GSM 7-bit
        text       "OK apn=em"

        """)
    #expect(
      try json([hex], isFromDevice: true).hasPrefix(
        #"{"kind":"submit","smsc":null,"recipient":"12345","timestamp":null,"protocol":0,"#))
  }

  @Test("shows a status report") func report() throws {
    let hex = "0006FF0C91947183177878620112214300806201122153008000"
    #expect(
      try text([hex]) == """
        kind       status report
        recipient  +491738718787
        smsc       not named
        reference  255
        sent       2026-10-21T12:34:00+02:00
        settled    2026-10-21T12:35:00+02:00
        status     0, delivered

        """)
    #expect(
      try json([hex]) == #"{"kind":"status-report","smsc":null,"recipient":"+491738718787","#
        + #""timestamp":"2026-10-21T12:34:00+02:00","encoding":null,"text":null,"data":null,"#
        + #""reference":255,"part":null,"parts":null,"class":null,"#
        + #""discharge":"2026-10-21T12:35:00+02:00","status":0,"statusText":"delivered"}"# + "\n")
  }

  @Test("puts parts together in any order, doubled and among others") func joins() throws {
    let whole =
      #""text":"setparam 0242 em; setparam 0917 1;","data":null,"reference":90,"part":null,"#
      + #""parts":2"#
    for order in [[0, 1], [1, 0], [0, 0, 1], [1, 1, 0]] {
      let objects = try json(order.map { parts[$0] }).split(separator: "\n")
      #expect(objects.count == 1 && objects[0].contains(whole), "\(order)")
    }
    let other = "0004088121436598000062011221430080" + "0741A893556E8F00"
    let mixed = try json([parts[1], other, parts[0]]).split(separator: "\n")
    #expect(mixed.count == 2 && mixed[0].contains("APN,em#") && mixed[1].contains(whole))
    #expect(try text(parts).contains("parts      all 2, reference 90\n"))
  }

  @Test("leaves parts alone of which others are missing, or which aren't of one message")
  func incomplete() throws {
    let alone = try json([parts[1], parts[1]]).split(separator: "\n")
    #expect(alone.count == 2)
    #expect(alone.allSatisfy { $0.contains(#""reference":90,"part":2,"parts":2"#) })
    #expect(try text([parts[1]]).contains("part       2 of 2, reference 90\n"))
    // The same reference from another sender, and in 16 bits.
    let stranger = parts[1].replacingOccurrences(of: "947183177878", with: "947183177879")
    #expect(try json([parts[0], stranger]).split(separator: "\n").count == 2)
    let wide = "00440C919471831778780000620112214300800A06080400" + "5A02026131"
    #expect(try json([parts[0], wide]).split(separator: "\n").count == 2)
  }

  @Test("never hands a terminal more than text") func escapes() throws {
    let hostile = "\u{1B}[2J\r\nö\u{9B}1m\u{202E}\u{2028}ж€\u{7F}"
    #expect(
      Array(hostile.utf8).shown
        == #"\x1B[2J\x0D\x0Aö\xC2\x9B1m\xE2\x80\xAE\xE2\x80\xA8ж€\x7F"#)
    #expect([0xE2, 0x80].shown.utf8.count > 0 && [0xC2].shown.utf8.count > 0)
  }

  @Test("makes PDUs with the lengths that AT+CMGS takes") func encode() throws {
    #expect(
      try encoded("OK apn=em", json: false) == """
        1 message in GSM 7-bit; each PDU goes to the prompt, with Ctrl-Z behind it

        AT+CMGF=0

        AT+CMGS=19
        00110005812143F50000A709CF25280C77F7CA6D

        """)
    #expect(
      try encoded("OK apn=em") == #"{"part":1,"parts":1,"encoding":"gsm7","length":19,"#
        + #""pdu":"00110005812143F50000A709CF25280C77F7CA6D"}"# + "\n")
  }

  @Test("makes PDUs that it reads back whole", arguments: ["a{", "ж", "😀b"]) func back(
    piece: String
  )
    throws
  {
    let long = String(repeating: piece, count: 150)
    let objects = try encoded(long).split(separator: "\n")
    #expect(objects.count > 1)
    let pdus = try objects.map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      let pdu = try #require(object?["pdu"] as? String)
      #expect(object?["length"] as? Int == pdu.count / 2 - 1)
      return pdu
    }
    let back = try json(pdus.reversed(), isFromDevice: true)
    #expect(back.contains("\"text\":\"\(long)\""))
    #expect(try encoded(long) == encoded(long))
  }

  @Test(
    "is refused with what to write instead",
    arguments: [
      ("", "there is no decode, encode or sign; "), ("frob", "'frob' isn't anything that sms does"),
      ("decode", "there is no PDU; "), ("decode --to 1 00", "'--to' doesn't go with sms decode; "),
      ("encode --to 1", "there is no TEXT; "), ("encode x", "--to is missing; "),
      ("encode --to EMnify x", "'EMnify' isn't a number that messages can go to; "),
      ("encode --to 123456789012345678901 x", "write 1 to 20 digits"),
      ("encode --submit --to 1 x", "'--submit' doesn't go with sms encode; "),
      ("sign --device d status", "--key is missing; "),
      ("sign --key k status", "--device is missing; "),
      ("sign --key k --device a/b status", "'a/b' isn't a device's name: '/' at position 2 isn't"),
      ("sign --key k --device d --counter 05 status", "'05' isn't a counter; "),
      ("sign --key k --device d --counter 0 status", "'0' isn't a counter; "),
      ("sign --key k --device d --counter 1234567890123456789 status", "isn't a counter; "),
      ("sign --key k --device d set user=ж", "else than printable ASCII at position 10; sign a"),
      ("sign --key k --device d " + long, "has 257 bytes; sign 1 to 256"),
      ("sign --key k --device d --json status", "'--json' doesn't go with sms sign; "),
    ])
  func refused(line: String, part: String) {
    #expect(refusal("sms " + line).contains(part), "\(refusal("sms " + line))")
  }

  @Test(
    "signs nothing that the device would refuse",
    arguments: [
      ("set apn=em interval=5min", nil), ("set authentication=pap", nil), ("status", nil),
      ("stauts", "no command 'stauts'; did you mean status?"), ("status now", "takes nothing"),
      ("set apn=a_b~", "apn=a_b~: "), ("set apm=em", "no setting 'apm'; did you mean apn?"),
      ("set apn=em apn=em", "set twice"), ("get password", "password is never told"),
      ("set key=00112233445566778899aabbccddeeff apn=em", "the key is changed alone"),
    ] as [(String, String?)])
  func signing(text: String, part: String?) throws {
    let file = FileManager.default.temporaryDirectory.path + "/godwit-\(UUID().uuidString).key"
    defer { try? FileManager.default.removeItem(atPath: file) }
    let key = Data("00112233445566778899aabbccddeeff".utf8)
    #expect(
      FileManager.default.createFile(
        atPath: file, contents: key, attributes: [.posixPermissions: 0o600]))
    let words = ["sms", "sign", "--key", file, "--device", "d", "--counter", "5"]
    guard case .sms(let request) = try Command((words + [text]).map { Array($0.utf8) }) else {
      Issue.record("not a request")
      return
    }
    #expect(SMSCommand.run(request) == (part == nil ? .done : .usage))
    let problem = OwnCommands.problem(in: Array(text.utf8))
    if let part {
      #expect(problem?.contains(part) == true, "\(problem ?? "")")
    } else {
      #expect(problem == nil)
    }
  }

  @Test("signs what goes together with the device's configuration, where it is given")
  func signingFor() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/godwit-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let key = Data("00112233445566778899aabbccddeeff".utf8)
    let isMade = FileManager.default.createFile(
      atPath: folder + "/key", contents: key, attributes: [.posixPermissions: 0o600])
    #expect(isMade)
    func sign(_ text: String, _ sms: String, _ file: String = "/conf") throws -> godwit.ExitStatus {
      let configuration = """
        [device]\nname = d\n[modem]\nmodule = quectel-bg95\nuart = u\npower-key = desk p
        [network]\napn = em\nactive-time = 2min\nperiodic-tau = 1h
        [server]\nurl = coap://a.example/r\n[sms]\nlisten = on\n\(sms)\n
        """
      try configuration.write(toFile: folder + "/conf", atomically: false, encoding: .utf8)
      let words = [
        "sms", "sign", "--key", folder + "/key", "--device", "d", "--counter", "5", "--config",
        folder + file, text,
      ]
      guard case .sms(let request) = try Command(words.map { Array($0.utf8) }) else {
        Issue.record("not a request")
        return .failed
      }
      return SMSCommand.run(request)
    }
    #expect(try sign("set periodic-tau=2h", "commands = on") == .done)
    #expect(try sign("set periodic-tau=1min", "commands = on") == .usage)
    #expect(OwnCommands.problem(in: Array("set periodic-tau=1min".utf8)) == nil)
    #expect(try sign("status", "commands = off") == .usage)
    #expect(try sign("status", "commands = maybe") == .failed)
    #expect(try sign("status", "commands = on", "/none") == .failed)
  }

  @Test("takes 255 PDUs at a time") func limit() throws {
    let words = [Array("sms".utf8), Array("decode".utf8)]
    _ = try Command(words + Array(repeating: [0x30], count: 255))
    #expect(throws: ArgumentError.badWord(.sms, [0x30], .tooManyPDUs(256))) {
      _ = try Command(words + Array(repeating: [0x30], count: 256))
    }
  }

  private func text(_ pdus: [String], isFromDevice: Bool = false) throws -> String {
    try show(pdus, isFromDevice, DecodedText.text)
  }

  private func json(_ pdus: [String], isFromDevice: Bool = false) throws -> String {
    try show(pdus, isFromDevice, DecodedText.json)
  }

  private func show(
    _ pdus: [String], _ isFromDevice: Bool, _ form: (DecodedMessage) -> [UInt8]
  ) throws -> String {
    let read = try pdus.map {
      try PDU(hex: Array($0.utf8), isFromDevice: isFromDevice, isExact: true)
    }
    return String(decoding: DecodedMessage.joined(read).flatMap(form), as: UTF8.self)
  }

  private func encoded(_ text: String, json: Bool = true) throws -> String {
    let recipient = try #require(SMSAddress(number: Array("12345".utf8)))
    let message = try #require(EncodedMessage(Array(text.utf8), to: recipient))
    return String(decoding: json ? message.json : message.text, as: UTF8.self)
  }
}

import Primitives
import SMS

/// How `godwit sms decode` shows a message. Its text comes from anybody, so nothing of it reaches a
/// terminal that would do more than show.
enum DecodedText {
  /// A line for each thing that the message tells.
  static func text(_ message: DecodedMessage) -> [UInt8] {
    var lines = Lines()
    switch message.pdu {
    case .deliver(let deliver):
      lines.add("kind", "message to the device")
      lines.add("sender", address(deliver.sender))
      lines.add("smsc", address(deliver.serviceCentre))
      lines.add("sent", deliver.timestamp.map { $0.text } ?? "at a time that makes no sense")
      lines.add("protocol", deliver.protocolIdentifier, Self.protocolText)
      add(message, deliver.coding, &lines)
    case .submit(let submit):
      lines.add("kind", "message from the device")
      lines.add("recipient", address(submit.recipient))
      lines.add("smsc", address(submit.serviceCentre))
      lines.add("protocol", submit.protocolIdentifier, Self.protocolText)
      add(message, submit.coding, &lines)
    case .statusReport(let report):
      lines.add("kind", "status report")
      lines.add("recipient", address(report.recipient))
      lines.add("smsc", address(report.serviceCentre))
      lines.add("reference", "\(report.reference)")
      lines.add("sent", report.timestamp.map { $0.text } ?? "at a time that makes no sense")
      lines.add("settled", report.discharge.map { $0.text } ?? "at a time that makes no sense")
      lines.add("status", "\(report.status), \(report.meaning.text)")
    }
    return lines.bytes
  }

  private static func add(_ message: DecodedMessage, _ coding: DataCoding, _ lines: inout Lines) {
    guard let userData = message.pdu.userData else { return }
    let encoding = coding.alphabet.map { $0.text.text } ?? ""
    lines.add("encoding", encoding + (coding.messageClass.map { ", class \($0)" } ?? ""))
    if userData.hasNationalShift {
      lines.add("", "a national table is named, which isn't applied: letters may be others")
    }
    if let ports = userData.ports {
      lines.add("ports", "to \(ports.destination) from \(ports.source)")
    }
    if let part = userData.part, part.count > 1 {
      let which = message.joined == nil ? "\(part.number) of \(part.count)" : "all \(part.count)"
      lines.add(message.joined == nil ? "part" : "parts", "\(which), reference \(part.reference)")
    }
    switch message.joined ?? userData.content {
    case .text(let text): lines.add("text", "\"\(text.shown)\"")
    case .data(let data): lines.add("data", data.hex.printable)
    }
  }

  private static func address(_ address: SMSAddress?) -> String {
    address.map { $0.text.shown } ?? "not named"
  }

  /// TS 23.040 §9.2.3.9; nil for an ordinary message.
  private static func protocolText(_ identifier: UInt8) -> String? {
    switch identifier {
    case 0: nil
    case 0x40: "64, silent: to be thrown away"
    case 0x41...0x47: "\(identifier), takes the place of an earlier one"
    case 0x7F: "127, for the SIM"
    default: "\(identifier)"
    }
  }

  /// One object and its line end. What every message is asked for is there, null where it doesn't
  /// tell; what only one kind has is left out of the others.
  static func json(_ message: DecodedMessage) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    switch message.pdu {
    case .deliver(let deliver):
      json.member("kind", "deliver")
      json.member("smsc", text: deliver.serviceCentre?.text)
      json.member("sender", text: deliver.sender.text)
      json.member("timestamp", deliver.timestamp?.text)
      json.member("protocol", Int64(deliver.protocolIdentifier))
      write(message, deliver.coding, reference: nil, &json)
    case .submit(let submit):
      json.member("kind", "submit")
      json.member("smsc", text: submit.serviceCentre?.text)
      json.member("recipient", text: submit.recipient.text)
      json.member("timestamp", text: nil)
      json.member("protocol", Int64(submit.protocolIdentifier))
      write(message, submit.coding, reference: UInt16(submit.reference), &json)
    case .statusReport(let report):
      json.member("kind", "status-report")
      json.member("smsc", text: report.serviceCentre?.text)
      json.member("recipient", text: report.recipient.text)
      json.member("timestamp", report.timestamp?.text)
      for name in ["encoding", "text", "data"] as [StaticString] { json.member(name, text: nil) }
      json.member("reference", Int64(report.reference))
      for name in ["part", "parts", "class"] as [StaticString] { json.member(name, text: nil) }
      json.member("discharge", report.discharge?.text)
      json.member("status", Int64(report.status))
      json.member("statusText", report.meaning.text)
    }
    json.endObject()
    return json.bytes + Array("\n".utf8)
  }

  /// - Parameter reference: what the message has besides a long one's; that of a part comes first.
  private static func write(
    _ message: DecodedMessage, _ coding: DataCoding, reference: UInt16?, _ json: inout JSONWriter
  ) {
    guard let userData = message.pdu.userData else { return }
    let part = userData.part
    json.member("encoding", coding.alphabet.map { $0.key.text })
    switch message.joined ?? userData.content {
    case .text(let text):
      json.member("text", text: text)
      json.member("data", text: nil)
    case .data(let data):
      json.member("text", text: nil)
      json.member("data", text: data.hex)
    }
    json.member("reference", (part?.reference ?? reference).map { Int64($0) })
    json.member("part", message.joined == nil ? part.map { Int64($0.number) } : nil)
    json.member("parts", part.map { Int64($0.count) })
    json.member("class", coding.messageClass.map { Int64($0) })
    json.member("destinationPort", userData.ports.map { Int64($0.destination) })
    json.member("sourcePort", userData.ports.map { Int64($0.source) })
    json.key("nationalShift")
    json.value(userData.hasNationalShift)
  }
}

/// Names and values in two columns.
private struct Lines {
  private(set) var bytes: [UInt8] = []

  mutating func add(_ name: StaticString, _ value: String) {
    var line = name.text
    for _ in name.utf8CodeUnitCount..<11 { line += " " }
    bytes += Array((line + value + "\n").utf8)
  }

  mutating func add(_ name: StaticString, _ number: UInt8, _ text: (UInt8) -> String?) {
    if let text = text(number) { add(name, text) }
  }
}

extension SMSTimestamp {
  /// Local time and its distance from UTC (RFC 3339): `2026-10-21T12:34:00+02:00`.
  var text: String {
    let local = Array((utc + .seconds(Int64(offsetMinutes * 60))).text.utf8.dropLast())
    let distance = abs(offsetMinutes)
    let sign = offsetMinutes < 0 ? "-" : "+"
    return "\(local.printable)\(sign)\(Self.two(distance / 60)):\(Self.two(distance % 60))"
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension DataCoding.Alphabet {
  /// In JSON.
  var key: StaticString {
    switch self {
    case .gsm7: "gsm7"
    case .data8: "8bit"
    case .ucs2: "ucs2"
    }
  }

  var text: StaticString {
    switch self {
    case .gsm7: "GSM 7-bit"
    case .data8: "8-bit data"
    case .ucs2: "UCS-2"
    }
  }
}

extension PDU.StatusReport {
  /// TP-ST, TS 23.040 §9.2.3.15.
  fileprivate var meaning: StaticString {
    switch status {
    case 0x00: "delivered"
    case 0x01: "passed on, delivery not confirmed"
    case 0x02: "replaced by the service centre"
    case 0x03...0x1F: "settled"
    case 0x20...0x3F: "not delivered yet, tried again"
    case 0x40...0x5F: "not delivered, given up for good"
    case 0x60...0x7F: "not delivered, no longer tried"
    default: "reserved"
    }
  }
}

extension [UInt8] {
  /// UTF-8 that only shows: control characters, the second set of them (U+0080 to U+009F), and
  /// marks that end a line or turn the direction of writing (U+200E, U+200F, U+2028 to U+202E,
  /// U+2066 to U+2069) come out as `\xHH` of their bytes.
  var shown: String {
    var text: [UInt8] = []
    var rest = self[...]
    while let first = rest.first {
      let count = rest.harmfulPrefix
      if count == 0 { text.append(first) }
      for byte in rest.prefix(count) {
        text += [UInt8(ascii: "\\"), UInt8(ascii: "x"), byte.hexDigits.0, byte.hexDigits.1]
      }
      rest = rest.dropFirst(Swift.max(1, count))
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension ArraySlice<UInt8> {
  /// How many bytes at the front are a character that does more than show.
  fileprivate var harmfulPrefix: Int {
    guard let first else { return 0 }
    if first < 0x20 || first == 0x7F { return 1 }
    let tail = Array(dropFirst().prefix(2))
    if first == 0xC2, let next = tail.first, (0x80...0x9F).contains(next) { return 2 }
    guard first == 0xE2, tail.count == 2 else { return 0 }
    switch (tail[0], tail[1]) {
    case (0x80, 0x8E), (0x80, 0x8F), (0x80, 0xA8...0xAE), (0x81, 0xA6...0xA9): return 3
    default: return 0
    }
  }
}

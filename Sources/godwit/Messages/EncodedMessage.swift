import Primitives
import SMS

/// What `godwit sms encode` makes of a text.
struct EncodedMessage {
  private let submit: SMSSubmit
  private let alphabet: DataCoding.Alphabet

  /// - Parameter text: UTF-8.
  /// - Returns: nil for a text of too many parts or that isn't UTF-8.
  init?(_ text: [UInt8], to recipient: SMSAddress) {
    guard
      let submit = SMSSubmit(
        to: recipient, text: text, reference: Self.reference(text, recipient))
    else { return nil }
    self.submit = submit
    alphabet = GSMAlphabet.septets(text) == nil ? .ucs2 : .gsm7
  }

  /// Whether a text is UTF-8: what isn't changes when it is read as such.
  static func isUTF8(_ text: [UInt8]) -> Bool {
    Array(String(decoding: text, as: UTF8.self).utf8) == text
  }

  /// What the parts of a message have in common. Made of text and recipient, so that the same
  /// command line gives the same PDUs, and two messages hardly ever the same reference.
  private static func reference(_ text: [UInt8], _ recipient: SMSAddress) -> UInt8 {
    var check = CRC32()
    check.update(recipient.text)
    check.update(text)
    return UInt8(truncatingIfNeeded: check.value)
  }

  /// The commands to paste, one after the other.
  var text: [UInt8] {
    let count = submit.parts.count
    var text = count == 1 ? "1 message" : "\(count) parts"
    text += " in \(alphabet.text.text); each PDU goes to the prompt, with Ctrl-Z behind it\n"
    text += "\nAT+CMGF=0\n"
    for part in submit.parts {
      text += "\nAT+CMGS=\(part.length)\n\(part.hex.printable)\n"
    }
    return Array(text.utf8)
  }

  /// An object a line for each PDU: `part`, `parts`, `encoding`, `length` (what `AT+CMGS` takes) and
  /// `pdu`.
  var json: [UInt8] {
    var lines: [UInt8] = []
    for (index, part) in submit.parts.enumerated() {
      var json = JSONWriter()
      json.beginObject()
      json.member("part", Int64(index + 1))
      json.member("parts", Int64(submit.parts.count))
      json.member("encoding", alphabet.key.text)
      json.member("length", Int64(part.length))
      json.member("pdu", text: part.hex)
      json.endObject()
      lines += json.bytes + Array("\n".utf8)
    }
    return lines
  }
}

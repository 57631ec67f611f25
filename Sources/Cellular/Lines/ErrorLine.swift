import Primitives

/// `+CME ERROR` and `+CMS ERROR`, TS 27.007 §9.2 and TS 27.005 §3.2.5: a number, or words
/// (`AT+CMEE=2`).
enum ErrorLine {
  static func equipment(_ text: [UInt8]) -> LineMeaning {
    meaning(text, domain: "cme", EquipmentErrors.table)
  }

  static func message(_ text: [UInt8]) -> LineMeaning {
    meaning(text, domain: "cms", MessageErrors.table)
  }

  private static func meaning(
    _ text: [UInt8], domain: StaticString, _ table: [(code: Int, words: StaticString)]
  ) -> LineMeaning {
    var meaning = LineMeaning(
      .error, fields: [LineField("domain", .text([UInt8](domain)))], sentence: "")
    // A number below zero, or one of more than five digits, is no code.
    if text.count <= 5, let code = text.asciiWholeNumber {
      let words = table.first { $0.code == Int(code) }?.words
      meaning.append("code", Int(code))
      let known = words.map { [UInt8]($0) } ?? Array("the maker's own code".utf8)
      meaning.append("meaning", text: known)
      meaning.say(known.printable)
    } else {
      meaning.append("code", table.first { isSame(text, $0.words) }?.code)
      meaning.append("meaning", text: text)
      meaning.say(text.isEmpty ? "an error without its code" : text.printable)
    }
    return meaning
  }

  /// Letters of either case: makers differ in that.
  private static func isSame(_ text: [UInt8], _ words: StaticString) -> Bool {
    guard text.count == words.utf8CodeUnitCount else { return false }
    for (byte, other) in zip(text, [UInt8](words)) {
      let isSame = byte == other || (byte.isASCIILetter && byte | 0x20 == other | 0x20)
      if !isSame { return false }
    }
    return true
  }
}

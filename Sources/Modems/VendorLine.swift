import AT
import Cellular
import Primitives

/// What the makers' own lines say, as data: a row for each form.
///
/// Sources: Quectel BG96 AT manual V2.2, TCP/IP note V1.1, PSM note V1.0; u-blox SARA-R4 AT manual
/// UBX-17003787; SIM7000 and SIM7080 AT manuals; Telit ME910C1 AT guide; Sierra HL7548 AT manual;
/// Cinterion EHS6 and EXS62 manuals; Fibocom L610 and Sequans GM02S drivers. UNVERIFIED rows only
/// ever explain a line; nothing acts on them.
enum VendorLine {
  struct Row: Sendable {
    let maker: StaticString
    /// The line's name, or the whole line where `isBare`.
    let name: StaticString
    /// What its first value must be for this row; empty for any.
    let first: StaticString
    let words: StaticString
    /// What the values are called, in order; empty for one that isn't shown.
    let values: [StaticString]

    init(
      _ maker: StaticString, _ name: StaticString, first: StaticString = "",
      _ words: StaticString, _ values: [StaticString] = []
    ) {
      (self.maker, self.name, self.first) = (maker, name, first)
      (self.words, self.values) = (words, values)
    }
  }

  static func meaning(of line: [UInt8]) -> LineMeaning? {
    guard let named = NamedLine(line) else {
      return VendorLines.bare.first { line.equals($0.name) }.map { meaning(of: $0, nil) }
    }
    if let special = VendorValues.meaning(of: named) { return special }
    let row = VendorLines.named.first { row in
      named.isNamed(row.name)
        && (row.first.utf8CodeUnitCount == 0 || named.values.text(0).equals(row.first))
    }
    return row.map { meaning(of: $0, named.values) }
  }

  private static func meaning(of row: Row, _ values: ParameterList?) -> LineMeaning {
    var fields = [LineField("event", .text([UInt8](row.words)))]
    if row.maker.utf8CodeUnitCount > 0 {
      fields.insert(LineField("maker", .text([UInt8](row.maker))), at: 0)
    }
    var sentence = [UInt8](row.words).printable
    for (index, name) in row.values.enumerated() where name.utf8CodeUnitCount > 0 {
      guard let values, values.has(index) else { continue }
      let text = values.text(index)
      fields.append(
        LineField(name, values.signed(index).map { .number(Int64($0)) } ?? .text(text)))
      sentence += ", \([UInt8](name).printable) \(text.printable)"
    }
    return LineMeaning(.vendor, form: .urc, fields: fields, sentence: sentence)
  }
}

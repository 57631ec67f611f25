import Primitives

extension SettingTable {
  /// The annotated example: a configuration that works once its values are the device's own, with
  /// every setting in it. `board/godwit.conf.example` is this text.
  ///
  /// A setting that may be left out stands behind a `#` that no blank follows.
  public static var example: [UInt8] {
    var text: [UInt8] = []
    append(comment: introduction, to: &text)
    for section in SettingSection.allCases {
      text.append(lineEnd)
      append(comment: section.meaning, to: &text)
      text += Array("[") + Array(section.name)
      text +=
        Array(
          section == .sensor ? " load]" : section == .dialect ? " teltonika]" : "]") + [lineEnd]
      for setting in settings(of: section) { append(setting, to: &text) }
    }
    return text
  }

  private static func append(_ setting: Setting, to text: inout [UInt8]) {
    text.append(lineEnd)
    append(comment: setting.meaning, to: &text)
    append(comment: Array(setting.rule.utf8), to: &text)
    if !setting.isRequired { text.append(UInt8(ascii: "#")) }
    text += Array(setting.key) + Array(" = ") + Array(setting.example) + [lineEnd]
  }

  private static func append(comment: StaticString, to text: inout [UInt8]) {
    append(comment: Array(comment), to: &text)
  }

  /// Lines behind `# `, broken at blanks.
  private static func append(comment: [UInt8], to text: inout [UInt8]) {
    for line in comment.wrapped(at: exampleWidth - 2) { text += Array("# ") + line + [lineEnd] }
  }

  /// In columns.
  private static let exampleWidth = 80
  private static let lineEnd = UInt8(ascii: "\n")
  private static let introduction: StaticString =
    "Godwit's configuration. A line behind '#' shows a setting that may be left out, with its default or an example; take the '#' away and change the value. `godwit check FILE` says what is wrong with a configuration, and changes nothing. Relative paths begin in this file's folder."
}

extension Setting {
  /// What may be written and what holds otherwise, for a person:
  /// `Value: 1s to 31d. Default: 15min.`
  public var rule: String {
    switch presence {
    case .required: "Value: \(shape). Required."
    case .preset(let value, _): "Value: \(shape). Default: \(Array(value).printable)."
    case .optional(_, let otherwise):
      "Value: \(shape). Left out: \(Array(otherwise).printable)."
    }
  }
}

extension [UInt8] {
  /// The words in lines of at most `width` bytes; a longer word stands alone.
  fileprivate func wrapped(at width: Int) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var line: [UInt8] = []
    for word in words {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = []
      }
      line += (line.isEmpty ? [] : [0x20]) + word
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }
}

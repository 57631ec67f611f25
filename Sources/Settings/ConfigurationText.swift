import Primitives

extension Configuration {
  /// Every setting as it holds, presets included, in the form that the parser reads; a secret is a
  /// comment that says that it is set.
  public var text: [UInt8] {
    var draft = SettingDraft(over: self)
    var text: [UInt8] = []
    for section in SettingSection.allCases where !section.isNamed {
      Self.append(section, name: [], draft, to: &text)
    }
    for sensor in sensors {
      draft.sensor = sensor
      Self.append(.sensor, name: sensor.name.bytes, draft, to: &text)
    }
    for dialect in dialects {
      draft.dialect = dialect
      Self.append(.dialect, name: Array(dialect.words.name), draft, to: &text)
    }
    return text
  }

  private static func append(
    _ section: SettingSection, name: [UInt8], _ draft: SettingDraft, to text: inout [UInt8]
  ) {
    if !text.isEmpty { text.append(UInt8(ascii: "\n")) }
    text += Array("[") + Array(section.name) + (name.isEmpty ? [] : [0x20] + name) + Array("]\n")
    for setting in SettingTable.settings(of: section) {
      guard let value = setting.show(draft) else { continue }
      if setting.isSecret { text += Array("# ") }
      text += Array(setting.key) + Array(" = ")
      text += (setting.isSecret ? Array("(set, not shown)") : value) + Array("\n")
    }
  }
}

import Modems
import Primitives

/// What `godwit modules` prints: what each family can do. As text it is Markdown, and the
/// documentation's `board/modules.md` is that text; a test compares them.
enum ModulesText {
  static var text: [UInt8] {
    Array((introduction.text + table + explanation + families + notes).utf8)
  }

  /// A list of objects, one a family: `family`, `models`, a member for each feature with the text of
  /// its ability, and `notes`.
  static var json: [UInt8] {
    var json = JSONWriter()
    json.beginArray()
    for profile in ModuleProfile.all { write(profile, &json) }
    json.endArray()
    return json.bytes + Array("\n".utf8)
  }

  private static func write(_ profile: ModuleProfile, _ json: inout JSONWriter) {
    json.beginObject()
    json.key("family")
    json.string([UInt8](profile.name))
    json.key("models")
    json.beginArray()
    for model in profile.covers { json.string([UInt8](model)) }
    json.endArray()
    for feature in ModuleFeature.allCases {
      json.key(feature.key)
      json.string([UInt8](profile.ability(of: feature).text))
    }
    json.key("notes")
    json.beginArray()
    for note in profile.notes {
      json.beginObject()
      json.key("feature")
      json.string([UInt8](note.feature.key))
      json.key("text")
      json.string([UInt8](note.text))
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }

  private static let introduction: StaticString = """
    # Module families

    What Godwit does with each family of modules that `module = …` of the configuration names, as
    `godwit modules` tells it.


    """

  /// The longest name of a family.
  private static let nameWidth = 15
  private static let cellWidth = 3

  private static var table: String {
    var head = "|" + padded("family", nameWidth)
    var line = "|"
    for _ in 0..<nameWidth { line += "-" }
    for feature in ModuleFeature.allCases {
      head += "|" + padded(feature.head, cellWidth)
      line += "|---"
    }
    var text = head + "|\n" + line + "|\n"
    for profile in ModuleProfile.all {
      text += "|" + padded(profile.name, nameWidth)
      for feature in ModuleFeature.allCases {
        text += "|" + padded(profile.ability(of: feature).mark, cellWidth)
      }
      text += "|\n"
    }
    return text
  }

  private static func padded(_ word: StaticString, _ width: Int) -> String {
    var text = word.text
    for _ in word.utf8CodeUnitCount..<max(width, word.utf8CodeUnitCount) { text += " " }
    return text
  }

  private static var explanation: String {
    var text = "\n## Words\n\n"
    for ability in Ability.allCases { text += "- `\(ability.mark.text)` \(ability.meaning.text)\n" }
    text += "\n## Columns\n\n"
    for feature in ModuleFeature.allCases {
      text += "- `\(feature.head.text)` \(feature.meaning.text)\n"
    }
    return text
  }

  private static var families: String {
    var text = "\n## Models\n\n"
    for profile in ModuleProfile.all {
      text += "- `\(profile.name.text)` "
      if profile.covers.isEmpty { text += "any module that speaks 3GPP TS 27.007\n" }
      for (index, model) in profile.covers.enumerated() {
        text += model.text + (index == profile.covers.count - 1 ? "\n" : ", ")
      }
    }
    return text
  }

  private static var notes: String {
    var text = "\n## Notes\n\n"
    for profile in ModuleProfile.all {
      for note in profile.notes {
        text += "- `\(profile.name.text)` `\(note.feature.head.text)` \(note.text.text)\n"
      }
    }
    return text
  }
}

import Foundation
import Modems
import Testing

@testable import godwit

@Suite("The table of module families") struct ModulesTests {
  @Test("is in the documentation as the command prints it") func documentation() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(contentsOf: root.appending(path: "board/modules.md"), encoding: .utf8)
    #expect(
      page == String(decoding: ModulesText.text, as: UTF8.self),
      "To mend it: .build/debug/godwit modules > board/modules.md")
  }

  @Test("fits 110 columns, a row for each family and a cell for each feature") func form() {
    let lines = String(decoding: ModulesText.text, as: UTF8.self).split(separator: "\n")
    for line in lines { #expect(line.count <= 110, "\(line)") }
    let rows = lines.filter { $0.hasPrefix("|") }
    #expect(rows.count == ModuleProfile.all.count + 2)
    for row in rows {
      #expect(row.count == rows[0].count, "\(row)")
      #expect(row.split(separator: "|").count == ModuleFeature.allCases.count + 1)
    }
    for word in ModuleFeature.allCases.map({ "\($0.head)" }) {
      #expect(rows[0].contains("|\(word)"))
    }
  }

  @Test("is a list of objects as JSON, which says the same") func json() throws {
    let data = Data(ModulesText.json)
    let list = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
    #expect(list.count == ModuleProfile.all.count)
    for (object, profile) in zip(list, ModuleProfile.all) {
      #expect(object["family"] as? String == "\(profile.name)")
      #expect(object["models"] as? [String] == profile.covers.map { "\($0)" })
      #expect((object["notes"] as? [Any])?.count == profile.notes.count)
      for feature in ModuleFeature.allCases {
        #expect(object["\(feature.key)"] as? String == "\(profile.ability(of: feature).text)")
      }
    }
  }

  @Test("gives each feature a word of its own") func words() {
    #expect(Set(ModuleFeature.allCases.map { "\($0.head)" }).count == ModuleFeature.allCases.count)
    #expect(Set(ModuleFeature.allCases.map { "\($0.key)" }).count == ModuleFeature.allCases.count)
    #expect(Set(Ability.allCases.map { "\($0.mark)" }).count == Ability.allCases.count)
  }

  @Test("notes nothing twice, and gives a reason wherever something is unverified") func notes() {
    for profile in ModuleProfile.all {
      let noted = profile.notes.map { "\($0.feature.key)" }
      #expect(Set(noted).count == noted.count, "\(profile.name)")
      for note in profile.notes { #expect(!"\(note.text)".hasSuffix(".")) }
    }
  }
}

import Board
import Foundation
import Primitives
import Settings
import Testing

@testable import godwit

@Suite("The manual page and the help") struct ManualTests {
  @Test("document every setting as the table has it") func settings() throws {
    let page = try manual()
    let begin = try #require(page.firstRange(of: ".\\\" Keys begin"))
    let end = try #require(page.firstRange(of: ".\\\" Keys end"))
    let first = try #require(page[begin.lowerBound...].firstIndex(of: "\n"))
    // To mend the page, replace what is between its two marks by this.
    #expect(String(page[page.index(after: first)..<end.lowerBound]) == Self.keys)
  }

  @Test("name every command", arguments: CommandName.allCases) func commands(command: CommandName)
    throws
  {
    let word = "\(command.word)"
    let lines = try manual().split(separator: "\n").map(String.init)
    let synopsis = try part("SYNOPSIS")
    #expect(synopsis.contains(".Cm \(word)"))
    #expect(lines.contains { $0 == ".It Cm \(word)" || $0.hasPrefix(".It Cm \(word) ") })
    #expect(help(nil).contains("\n  \(word) "))
  }

  @Test("name the options that the parser takes, and no others", arguments: CommandName.allCases)
  func options(command: CommandName) throws {
    let words = Set(command.options.map { "\($0.word)" })
    #expect(Self.options(in: "\(command.synopsis)") == words)
    let indented = help(.command(command)).split(separator: "\n").filter { $0.hasPrefix("  --") }
    #expect(Set(indented.map { String($0.split(separator: " ")[0]) }) == words)

    var synopsis: Set<String> = []
    for usage in try part("SYNOPSIS").joined(separator: "\n").split(separator: ".Nm\n") {
      let lines = usage.split(separator: "\n")
      guard lines.first.map(String.init) == ".Cm \(command.word)" else { continue }
      synopsis.formUnion(Self.options(in: String(usage).replacing("Fl -", with: " --")))
    }
    #expect(synopsis == words)
  }

  @Test("describe each option once") func descriptions() throws {
    let described = try part("OPTIONS").filter { $0.hasPrefix(".It Fl -") }.map {
      "--" + $0.dropFirst(8).prefix { $0 != " " }
    }
    let words = Option.allCases.map { "\($0.word)" }
    #expect(described == words + ["--help"])
    for option in Option.allCases {
      let line = try #require(
        try part("OPTIONS").first { $0.hasPrefix(".It Fl \("\(option.word)".dropFirst())") })
      #expect(
        line.hasSuffix(" Ar \("\(option.valueName ?? "")".lowercased())")
          == (option.valueName != nil))
    }
  }

  @Test("tell the limits and places that the code has") func limits() throws {
    let page = try manual()
    for number in [
      ConfigurationParser.fileLimit, ConfigurationParser.lineLimit, ConfigurationParser.sensorLimit,
      PutRequest.packetLimit, PutQuota.readingLimit, PutQuota.requestLimit,
      ControlSocket.clientLimit, Int(ControlSocket.idleLimit.wholeSeconds),
    ] {
      #expect(page.contains(" \(number)"), "\(number)")
    }
    guard case .configuration(let path) = ControlAddress.standard else { return }
    #expect(page.contains(".Pa \(String(decoding: path, as: UTF8.self))\n"))
    #expect(help(.command(.put)).contains(String(decoding: path, as: UTF8.self)))
    let statuses = try part("EXIT STATUS").filter { $0.hasPrefix(".It ") }
    #expect(
      statuses
        == [.done, .failed, .usage, .unreachable, .boardRestart].map { (s: godwit.ExitStatus) in
          ".It \(s.rawValue)"
        })
  }

  @Test("give examples that are understood") func examples() throws {
    let lines = try part("EXAMPLES").filter { $0.contains("godwit ") && !$0.contains("'") }
    #expect(lines.count == 6)
    for line in lines {
      let words = line.split(separator: " ").prefix { $0 != ">" }.dropFirst()
      #expect(throws: Never.self) { _ = try Command(words.map { Array($0.utf8) }) }
    }
  }

  @Test("fit a terminal", arguments: [HelpTopic?.none] + CommandName.allCases.map { .command($0) })
  func width(topic: HelpTopic?) {
    let text = help(topic)
    #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
    for line in text.split(separator: "\n") { #expect(line.utf8.count <= 88) }
  }

  private func help(_ topic: HelpTopic?) -> String {
    String(decoding: HelpText.text(of: topic), as: UTF8.self)
  }

  private func manual() throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "board/godwit.1"), encoding: .utf8)
  }

  /// The lines of one section of the page.
  private func part(_ name: String) throws -> [String] {
    let lines = try manual().split(separator: "\n").map(String.init)
    let start = try #require(lines.firstIndex(of: ".Sh \(name)"))
    return Array(lines[(start + 1)...].prefix { !$0.hasPrefix(".Sh ") })
  }

  private static func options(in text: String) -> Set<String> {
    let words = text.split(whereSeparator: { " []|()\n".contains($0) }).map { String($0) }
    return Set(words.filter { $0.hasPrefix("--") })
  }

  /// The page's part on settings, in mdoc(7).
  static var keys: String {
    var text = ""
    for section in SettingSection.allCases {
      text += ".Ss Section \(section.name)\(Self.isNamed(section) ? " NAME" : "")\n"
      text += sentences("\(section.meaning)") + ".Bl -tag -width Ds\n"
      for setting in SettingTable.settings(of: section) {
        text += ".It Ic \(escaped("\(setting.key)"))\n"
        text += sentences("\(setting.meaning)") + ".br\n" + sentences(setting.rule)
      }
      text += ".El\n"
    }
    return text
  }

  private static func isNamed(_ section: SettingSection) -> Bool {
    section == .sensor || section == .dialect
  }

  /// Each sentence begins a line, as mdoc(7) wants it.
  private static func sentences(_ text: String) -> String {
    var lines: [String] = []
    for sentence in text.replacing(". ", with: ".\n").split(separator: "\n") {
      var line = ""
      for word in sentence.split(separator: " ") {
        let escapedWord = escaped(String(word))
        if !line.isEmpty, line.utf8.count + 1 + escapedWord.utf8.count > 80 {
          lines.append(line)
          line = ""
        }
        line += (line.isEmpty ? "" : " ") + escapedWord
      }
      lines.append(line)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "\\": escaped += "\\e"
      case "-": escaped += "\\-"
      case "`": escaped += "\\(ga"
      case "'": escaped += "\\(aq"
      case "~": escaped += "\\(ti"
      default: escaped.append(character)
      }
    }
    return escaped
  }
}

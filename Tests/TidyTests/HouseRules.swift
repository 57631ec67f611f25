import Foundation
import Testing

/// The house's plan: which room may import which. An arrow goes only downwards.
private let imports: [String: Set<String>] = [
  "Primitives": [], "Crypto": [], "AT": [], "SMS": [], "Cellular": [], "Telemetry": [], "DNS": [],
  "Modems": ["AT", "Cellular"], "Settings": ["SMS", "Cellular", "Crypto"],
  "Uplink": ["Telemetry", "Crypto"], "Sensors": ["Telemetry"],
  "Link": ["Modems", "Cellular", "AT"],
  "Agent": [
    "Link", "Modems", "Cellular", "Uplink", "DNS", "Settings", "Sensors", "Telemetry", "SMS",
  ],
  "Vault": ["CLinux"], "Spool": ["CSQLite", "CLinux", "Telemetry"], "Board": ["CLinux", "CGPIOD"],
  "ModemSimulator": [],
]
private let pure: Set<String> = [
  "Primitives", "Crypto", "AT", "SMS", "Cellular", "Modems", "Telemetry", "DNS", "Uplink",
  "Settings", "Sensors", "Link", "Agent", "ModemSimulator",
]
private let hostOnly: Set<String> = ["World", "godwit-bench", "ModemSimulator"]
private let lineLimit = 500

@Suite("The rules of the house") struct HouseRules {
  @Test("a room imports only what the plan lets it") func rooms() throws {
    let rooms = Set(imports.keys).union(["CLinux", "CGPIOD", "CSQLite", "World"])
    var seen = 0
    for file in try sources() {
      guard let allowed = imports[file.room] else { continue }
      seen += 1
      for name in file.imports where rooms.contains(name) {
        let isAllowed = allowed.contains(name) || name == "Primitives"
        #expect(isAllowed, "\(file.path): \(file.room) imports \(name)")
      }
    }
    #expect(seen > 20, "the sources were not found")
  }

  @Test("nothing but the host's own tools imports Foundation or a C library's module")
  func systemModules() throws {
    for file in try sources() where !hostOnly.contains(file.room) || file.room == "ModemSimulator" {
      for name in ["Foundation", "Glibc", "Dispatch"] {
        #expect(!file.imports.contains(name), "\(file.path) imports \(name)")
      }
    }
  }

  @Test("a pure room reads no clock and sleeps nowhere") func purity() throws {
    for file in try sources() where pure.contains(file.room) {
      for call in ["clock_gettime", "ContinuousClock", "usleep(", "nanosleep(", "Date()"] {
        #expect(!file.code.contains(call), "\(file.path) has \(call)")
      }
    }
  }

  @Test("only Modems decides by a maker's name") func makers() throws {
    let pattern = try Regex(
      #"(?i)^[^/]*\b(if|case|switch)\b.*\b(quectel|ublox|simcom|telit|sierra|thales|fibocom|sequans)\b"#
    ).anchorsMatchLineEndings()
    for file in try sources() where file.room != "Modems" && !hostOnly.contains(file.room) {
      #expect(file.code.firstMatch(of: pattern) == nil, "\(file.path) decides by a maker")
    }
  }

  @Test("a file holds one concept and fits in 500 lines; its name is unique in its room")
  func files() throws {
    var names: Set<String> = []
    for file in try sources() {
      let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).count
      #expect(lines <= lineLimit, "\(file.path) has \(lines) lines")
      let name = "\(file.room)/\((file.path as NSString).lastPathComponent)"
      #expect(names.insert(name).inserted, "\(name) is there twice")
    }
  }

  @Test("nothing is left for later") func leftovers() throws {
    let words = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "not implemented"]
    for file in try sources() {
      for word in words {
        let found = try file.text.firstMatch(of: Regex("\\b\(word)\\b"))
        #expect(found == nil, "\(file.path) has \(word)")
      }
    }
  }
}

private struct SourceFile {
  var path: String
  var room: String
  var text: String
  var imports: Set<String>

  /// Without the lines that are comments.
  var code: String {
    text.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") }
      .joined(separator: "\n")
  }
}

private func sources() throws -> [SourceFile] {
  let top = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Sources")
  let found = try #require(FileManager.default.enumerator(atPath: top.path))
  var files: [SourceFile] = []
  for case let path as String in found where path.hasSuffix(".swift") {
    let text = try String(contentsOf: top.appendingPathComponent(path), encoding: .utf8)
    var names: Set<String> = []
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard let place = words.firstIndex(of: "import"), place <= 1, let name = words.last else {
        continue
      }
      names.insert(String(name))
    }
    let room = String(path.split(separator: "/")[0])
    files.append(SourceFile(path: path, room: room, text: text, imports: names))
  }
  return files
}

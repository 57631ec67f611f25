import Primitives

/// A device's configuration as text: what the bench must know of it, and changes to it.
///
/// The device's own parser says what is wrong with a configuration; this one only finds values.
struct ConfigurationText: Equatable, Sendable {
  private(set) var lines: [String]

  init(_ text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  var text: String { lines.joined(separator: "\n") }

  /// The last value of `key` in `[section]`; nil where it isn't set.
  func value(_ section: String, _ key: String) -> String? {
    places(section, key).last.map { Self.assignment(lines[$0])!.value }
  }

  /// Replaces a value, or adds it to the end of its section.
  mutating func set(_ section: String, _ key: String, _ value: String) {
    let found = places(section, key)
    for place in found { lines[place] = "\(key) = \(value)" }
    guard found.isEmpty else { return }
    if let header = lines.lastIndex(where: { Self.header($0) == section }) {
      lines.insert("\(key) = \(value)", at: header + 1)
    } else {
      lines += ["[\(section)]", "\(key) = \(value)"]
    }
  }

  /// The same for a copy in another folder: relative paths lead through `folder`.
  ///
  /// - Parameter folder: the folder that they are seen from now, as seen from the copy.
  func moved(seeing folder: String) -> ConfigurationText {
    var copy = self
    for (section, key) in [("modem", "uart"), ("store", "path"), ("control", "socket")] {
      if let path = value(section, key) { copy.set(section, key, Path.join(folder, path)) }
    }
    for key in ["power-key", "status"] {
      if let path = deskPath(key) { copy.set("modem", key, "desk " + Path.join(folder, path)) }
    }
    return copy
  }

  /// The path of a pin that is the desk's: `desk PATH`.
  func deskPath(_ key: String) -> String? {
    guard let words = value("modem", key)?.split(separator: " ", omittingEmptySubsequences: true),
      words.count == 2, words[0] == "desk"
    else { return nil }
    return String(words[1])
  }

  private func places(_ section: String, _ key: String) -> [Int] {
    var current = ""
    var found: [Int] = []
    for (index, line) in lines.enumerated() {
      if let header = Self.header(line) { current = header }
      if current == section, Self.assignment(line)?.key == key { found.append(index) }
    }
    return found
  }

  private static func header(_ line: String) -> String? {
    let line = trimmed(line[...])
    guard line.hasPrefix("["), line.hasSuffix("]") else { return nil }
    return trimmed(line.dropFirst().dropLast())
  }

  private static func assignment(_ line: String) -> (key: String, value: String)? {
    guard let equals = line.firstIndex(of: "=") else { return nil }
    let key = trimmed(line[..<equals])
    guard let first = key.first, first != "#", first != ";" else { return nil }
    return (key, trimmed(line[line.index(after: equals)...]))
  }

  private static func trimmed(_ text: Substring) -> String {
    let blanks: Set<Character> = [" ", "\t", "\r"]
    let front = text.drop { blanks.contains($0) }
    guard let last = front.lastIndex(where: { !blanks.contains($0) }) else { return "" }
    return String(front[...last])
  }
}

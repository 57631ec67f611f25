import Settings

/// Small configurations for tests.
enum Sample {
  /// All that is required, and one sensor.
  static let lines: [(section: String, key: String, value: String)] = [
    ("device", "name", "meadow-7"),
    ("modem", "module", "quectel-bg95"),
    ("modem", "uart", "/dev/ttyS0"),
    ("modem", "power-key", "gpiochip0 5"),
    ("network", "apn", "em"),
    ("server", "url", "coap://collector.example:5683/r"),
    ("sensor load", "file", "/proc/loadavg"),
  ]

  static let minimal = text("device", "name", "meadow-7")

  /// The lines above with one of them replaced or added.
  static func text(_ section: String, _ key: String, _ value: String) -> [UInt8] {
    var rows = lines
    if let index = rows.firstIndex(where: { $0.section == section && $0.key == key }) {
      rows[index].value = value
    } else {
      let index = rows.lastIndex { $0.section == section } ?? rows.count - 2
      rows.insert((section, key, value), at: index + 1)
    }
    var text = ""
    var current = ""
    for row in rows {
      if row.section != current { text += "[\(row.section)]\n" }
      current = row.section
      text += "\(row.key) = \(row.value)\n"
    }
    return Array(text.utf8)
  }

  /// The number of the line that sets `key`, from 1.
  static func line(of key: String, in text: [UInt8]) -> Int? {
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return lines.firstIndex { $0.starts(with: Array("\(key) =".utf8)) }.map { $0 + 1 }
  }
}

import Primitives

/// Reads a configuration from its text: sections in brackets, `key = value` below them, comments on
/// lines of their own behind `#` or `;`. Lines end in LF or CR LF.
public enum ConfigurationParser {
  /// In bytes.
  public static let fileLimit = 65_536
  /// In bytes, without the line's end.
  public static let lineLimit = 512
  public static let sensorLimit = 32
  /// The most problems that are told at once.
  public static let problemLimit = 20

  /// - Throws: everything that is wrong, not only the first of it.
  public static func parse(_ text: [UInt8]) throws(ConfigurationError) -> Configuration {
    var reading = ConfigurationReading()
    if text.count > fileLimit {
      reading.complain(nil, .fileTooLong(lengthBytes: text.count))
    } else {
      let mark: [UInt8] = [0xEF, 0xBB, 0xBF]  // The byte order mark that some editors write.
      let body = text.starts(with: mark) ? text[3...] : text[...]
      let lines = body.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      for (index, line) in lines.enumerated() { reading.take(line, number: index + 1) }
      reading.finish()
    }
    if let error = reading.error { throw error }
    return reading.draft.whole
  }
}

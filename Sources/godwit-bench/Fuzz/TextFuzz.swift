import Modems
import Primitives
import Settings
import Telemetry
import Uplink

/// Feeds the parsers of whole texts and datagrams, and looks at what they say.
enum TextFuzz {
  static func log(_ bytes: [UInt8]) -> String? {
    var reader = LogReader()
    var readings = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      for reading in reader.read(line) {
        readings += 1
        guard case .line(let shown, _, let meaning) = reading else { continue }
        if shown.count > LogReader.lineLimit { return "a line of \(shown.count) bytes" }
        if meaning.kind != .unknown, meaning.sentence.isEmpty {
          return "no words for \(shown.prefix(80).printable)"
        }
      }
    }
    readings += reader.end().count
    return readings > bytes.count + 1 ? "\(readings) lines out of \(bytes.count) bytes" : nil
  }

  static func settings(_ bytes: [UInt8]) -> String? {
    let configuration: Configuration
    do throws(ConfigurationError) {
      configuration = try ConfigurationParser.parse(bytes)
    } catch {
      let lines = error.lines(file: Array("f".utf8))
      if lines.isEmpty { return "refused without a word" }
      if lines.count > ConfigurationParser.problemLimit + 1 { return "\(lines.count) problems" }
      let isText = lines.allSatisfy { $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } }
      return isText ? nil : "a message that isn't printable"
    }
    // What is printed is read again as the same, but for secrets, which aren't printed.
    var printed = configuration
    printed.network.password = nil
    guard let again = try? ConfigurationParser.parse(printed.text) else {
      return "what it prints is refused"
    }
    return again == printed ? nil : "what it prints is another configuration"
  }

  static func senml(_ bytes: [UInt8]) -> String? {
    do throws(SenMLError) {
      let readings = try SenMLJSON.decode(bytes, now: .milliseconds(1000), utc: nil)
      if readings.isEmpty || readings.count > SenMLJSON.recordLimit {
        return "\(readings.count) readings"
      }
      return nil
    } catch {
      return error.description.isEmpty ? "refused without a word" : nil
    }
  }

  static func coap(_ bytes: [UInt8]) -> String? {
    _ = CoAPMessage.rejection(of: bytes)
    guard let message = try? CoAPMessage(bytes) else { return nil }
    guard let again = try? CoAPMessage(message.encoded()) else {
      return "what it writes is refused"
    }
    return again == message ? nil : "what it writes is another message"
  }
}

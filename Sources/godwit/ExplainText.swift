import Cellular
import Modems
import Primitives

/// How `godwit explain` shows a line.
enum ExplainText {
  /// The line, and below it what it means. Commands stand alone.
  static func text(_ reading: LogReader.Reading) -> [UInt8] {
    switch reading {
    case .command(let line): Array("\n\(line.printable)\n".utf8)
    case .done: Array("OK\n    done\n".utf8)
    case .line(let line, _, let meaning):
      Array("\(line.printable)\n    \(meaning.kind.text.text): \(meaning.sentence)\n".utf8)
    }
  }

  /// One object and its line end; nothing for commands, echoes and OK.
  static func json(_ reading: LogReader.Reading) -> [UInt8] {
    guard case .line = reading else { return [] }
    var json = JSONWriter()
    write(reading, &json)
    return json.bytes + Array("\n".utf8)
  }

  /// The same, among others.
  static func write(_ reading: LogReader.Reading, _ json: inout JSONWriter) {
    guard case .line(let line, let name, let meaning) = reading else { return }
    json.beginObject()
    json.key("line")
    json.string(line)
    if let name {
      json.key("name")
      json.string(name)
    }
    json.key("kind")
    json.string([UInt8](meaning.kind.text))
    if let form = meaning.form {
      json.key("form")
      json.string([UInt8](form.text))
    }
    write(meaning.fields, &json)
    if meaning.kind != .unknown {
      json.key("text")
      json.value(meaning.sentence)
    }
    json.endObject()
  }

  private static func write(_ fields: [LineField], _ json: inout JSONWriter) {
    for field in fields {
      json.key(field.name)
      switch field.value {
      case .number(let number): json.value(number)
      case .decimal(let number): json.value(number)
      case .flag(let flag): json.value(flag)
      case .text(let text): json.string(text)
      case .none: json.null()
      case .texts(let texts):
        json.beginArray()
        for text in texts { json.string(text) }
        json.endArray()
      case .objects(let objects):
        json.beginArray()
        for object in objects {
          json.beginObject()
          write(object, &json)
          json.endObject()
        }
        json.endArray()
      }
    }
  }
}

import Cellular
import Modems
import Primitives

/// How `godwit at` shows an answer.
enum ConsoleText {
  /// The lines, each with what it means below it, and the result.
  static func text(_ answer: ConsoleAnswer, to command: [UInt8]) -> [UInt8] {
    var reader = LogReader()
    _ = reader.read(command)
    var text: [UInt8] = []
    for line in answer.lines where !line.isURC { text += explained(line.bytes, &reader) }
    switch answer.end {
    case .answered(let outcome, let milliseconds)?:
      if outcome.equals("OK") {
        text += Array("OK in \(Duration.milliseconds(milliseconds).text)\n".utf8)
      } else {
        text += explained(outcome, &reader)
      }
    case .refused(let reason)?: text += Array("not sent: \(reason.printable)\n".utf8)
    case nil: break
    }
    for line in answer.lines where line.isURC {
      text += Array("* ") + explained(line.bytes, &reader)
    }
    return text
  }

  /// One object: `cmd`, `outcome` with `milliseconds`, or `refused`; `lines` and `urcs` as
  /// `godwit explain --json` has them.
  static func json(_ answer: ConsoleAnswer, to command: [UInt8]) -> [UInt8] {
    var reader = LogReader()
    _ = reader.read(command)
    var json = JSONWriter()
    json.beginObject()
    json.member("cmd", text: command)
    switch answer.end {
    case .answered(let outcome, let milliseconds)?:
      json.member("outcome", text: outcome)
      json.member("milliseconds", milliseconds)
    case .refused(let reason)?: json.member("refused", text: reason)
    case nil: break
    }
    for isURC in [false, true] {
      json.key(isURC ? "urcs" : "lines")
      json.beginArray()
      for line in answer.lines where line.isURC == isURC {
        for reading in reader.read(line.bytes) { ExplainText.write(reading, &json) }
      }
      json.endArray()
    }
    json.endObject()
    return json.bytes + [UInt8(ascii: "\n")]
  }

  private static func explained(_ line: [UInt8], _ reader: inout LogReader) -> [UInt8] {
    var text: [UInt8] = []
    for reading in reader.read(line) {
      switch reading {
      case .command: break
      case .done: text += Array("OK\n")
      case .line(let line, _, let meaning):
        text += Array("\(line.printable)\n".utf8)
        if meaning.kind != .unknown {
          text += Array("    \(meaning.kind.text.text): \(meaning.sentence)\n".utf8)
        }
      }
    }
    return text
  }
}

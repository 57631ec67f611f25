import Foundation
import Testing

/// A captured session: what the host wrote, what the modem sent, and how long was waited.
struct Session: CustomTestStringConvertible, Sendable {
  enum Step: Equatable {
    case host([UInt8])
    case modem([UInt8])
    case wait(Int64)
  }

  /// What the people who collected it read in it.
  struct Expectation: Decodable, Sendable {
    var cmd: String?
    var outcome: String?
    var lines: [String]?
    var urcs: [String]?
    var urcsBetweenCommands: [String]?
    var payloadLength: Int?
    var dataHex: String?

    private enum CodingKeys: String, CodingKey {
      case cmd, outcome, lines, urcs
      case urcsBetweenCommands = "urc_between_commands"
      case payloadLength = "payload_len"
      case dataHex = "data_hex"
    }
  }

  private struct Entry: Decodable {
    var id: String
    var file: String
    var steps: [Expectation]
  }

  var id: String
  var steps: [Step]
  var expected: [Expectation]
  var testDescription: String { id }

  /// The captured sessions stand beside the repository, or where `GODWIT_SHARED` says. Without
  /// them the tests fail: a list that is empty would pass every test.
  static let all: [Session] = {
    let beside = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let shared = ProcessInfo.processInfo.environment["GODWIT_SHARED"].map {
      URL(fileURLWithPath: $0)
    }
    let folder = (shared ?? beside.appendingPathComponent("shared"))
      .appendingPathComponent("data/sessions")
    guard let index = try? Data(contentsOf: folder.appendingPathComponent("sessions.json")),
      let entries = try? JSONDecoder().decode([Entry].self, from: index)
    else { return [] }
    return entries.compactMap { entry in
      let file = folder.appendingPathComponent(entry.file)
      guard let text = try? Data(contentsOf: file) else { return nil }
      return Session(id: entry.id, steps: read(Array(text)), expected: entry.steps)
    }
  }()

  private static func read(_ text: [UInt8]) -> [Step] {
    var steps: [Step] = []
    for line in text.split(separator: 10) where line.count >= 2 {
      let rest = unescaped(Array(line.dropFirst(2)))
      switch line.first {
      case UInt8(ascii: ">"): steps.append(.host(rest))
      case UInt8(ascii: "<"): steps.append(.modem(rest))
      case UInt8(ascii: "="):
        steps.append(.wait(Int64(String(decoding: rest, as: UTF8.self)) ?? 0))
      default: break
      }
    }
    return steps
  }

  private static func unescaped(_ text: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    var index = 0
    while index < text.count {
      guard text[index] == UInt8(ascii: "\\"), index + 1 < text.count else {
        bytes.append(text[index])
        index += 1
        continue
      }
      switch text[index + 1] {
      case UInt8(ascii: "r"): bytes.append(13)
      case UInt8(ascii: "n"): bytes.append(10)
      case UInt8(ascii: "t"): bytes.append(9)
      case UInt8(ascii: "x"):
        let digits = String(decoding: text[(index + 2)..<(index + 4)], as: UTF8.self)
        bytes.append(UInt8(digits, radix: 16) ?? 0)
        index += 2
      default: bytes.append(text[index + 1])
      }
      index += 2
    }
    return bytes
  }
}

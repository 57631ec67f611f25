import Board
import Primitives

/// Where a console's lines come from: the command line, a terminal with history, or a pipe.
struct ConsoleInput {
  /// The longest line taken from a pipe, in bytes: longer ones are refused when they are read.
  static let lineLimit = 4096

  private var given: [[UInt8]]
  private let isGiven: Bool
  private var editor = LineEditor(prompt: "at> ")
  private var pending: [UInt8] = []
  private var hasEnded = false
  /// Whether a person types them.
  let isTerminal: Bool

  /// - Parameter lines: those of the command line; without any, standard input is read.
  init(_ lines: [[UInt8]]) {
    given = lines
    isGiven = !lines.isEmpty
    isTerminal = lines.isEmpty && TerminalMode.isTerminal && StandardStream.output.isTerminal
  }

  /// - Returns: nil after the last one.
  mutating func next() throws(BoardError) -> [UInt8]? {
    if isGiven { return given.isEmpty ? nil : given.removeFirst() }
    return isTerminal ? try edited() : try piped()
  }

  private mutating func edited() throws(BoardError) -> [UInt8]? {
    let mode = TerminalMode()
    defer { mode.restore() }
    StandardStream.output.write(editor.begin())
    while true {
      while !pending.isEmpty {
        let (output, outcome) = editor.take(pending.removeFirst())
        StandardStream.output.write(output)
        switch outcome {
        case .editing: break
        case .line(let line): return line
        case .end: return nil
        }
      }
      pending = try StandardStream.readPart()
      if pending.isEmpty { return nil }
    }
  }

  private mutating func piped() throws(BoardError) -> [UInt8]? {
    while true {
      if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
        let line = pending[..<end]
        pending.removeFirst(end + 1)
        return Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
      }
      if hasEnded || pending.count > Self.lineLimit {
        defer { pending = [] }
        return pending.isEmpty ? nil : pending
      }
      let part = try StandardStream.readPart()
      hasEnded = part.isEmpty
      pending += part
    }
  }
}

import Primitives

/// Edits one line after another on a terminal (ECMA-48): the arrow keys move and go through the
/// history, Home and End, Backspace and Delete, and of Emacs Ctrl-A, Ctrl-E, Ctrl-U, Ctrl-K.
/// Pure: keys go in, what to write to the terminal and whole lines come out.
struct LineEditor {
  enum Outcome: Equatable {
    /// The line goes on.
    case editing
    case line([UInt8])
    /// Ctrl-D on an empty line, or Ctrl-C.
    case end
  }

  /// The longest line, in bytes; what is typed beyond it is dropped.
  static let lengthLimit = 512
  /// Most lines remembered; the oldest go first.
  static let historyLimit = 100

  private let prompt: [UInt8]
  private(set) var history: [[UInt8]] = []
  private var line: [UInt8] = []
  private var cursor = 0
  /// Which line of the history is shown; its count for the one being typed.
  private var place = 0
  private var typed: [UInt8] = []
  private var sequence = Sequence.none

  /// How far an escape sequence of a key has come.
  private enum Sequence: Equatable {
    case none, escape
    /// Behind `ESC [` or `ESC O`, with the parameter so far.
    case parameter(UInt8)
  }

  init(prompt: StaticString) { self.prompt = Array(prompt) }

  /// Begins a line.
  ///
  /// - Returns: what to write to the terminal.
  mutating func begin() -> [UInt8] {
    (line, cursor, place, typed, sequence) = ([], 0, history.count, [], .none)
    return prompt
  }

  /// Takes one byte from the keyboard.
  mutating func take(_ byte: UInt8) -> (output: [UInt8], Outcome) {
    switch sequence {
    case .none: break
    case .escape:
      let isKey = byte == UInt8(ascii: "[") || byte == UInt8(ascii: "O")
      sequence = isKey ? .parameter(0) : .none
      return ([], .editing)
    case .parameter(let value):
      if byte.isASCIIDigit || byte == UInt8(ascii: ";") {
        sequence = .parameter(byte)
      } else {
        sequence = .none
        key(byte, value)
      }
      return (redrawn, .editing)
    }
    switch byte {
    case 0x0D, 0x0A: return (Array("\r\n"), .line(finished()))
    case 0x03: return (Array("\r\n"), .end)
    case 0x04 where line.isEmpty: return (Array("\r\n"), .end)
    case 0x1B: sequence = .escape
    case 0x20...0x7E: insert(byte)
    default: control(byte)
    }
    return (redrawn, .editing)
  }

  private mutating func insert(_ byte: UInt8) {
    guard line.count < Self.lengthLimit else { return }
    line.insert(byte, at: cursor)
    cursor += 1
  }

  private mutating func control(_ byte: UInt8) {
    switch byte {
    case 0x08, 0x7F:
      guard cursor > 0 else { return }
      cursor -= 1
      line.remove(at: cursor)
    case 0x04: delete()
    case 0x01: cursor = 0
    case 0x05: cursor = line.count
    case 0x15:
      line.removeFirst(cursor)
      cursor = 0
    case 0x0B: line.removeLast(line.count - cursor)
    default: break
    }
  }

  /// - Parameter parameter: the last digit before the sequence's end, 0 without one.
  private mutating func key(_ final: UInt8, _ parameter: UInt8) {
    switch (final, parameter) {
    case (UInt8(ascii: "A"), _): show(place - 1)
    case (UInt8(ascii: "B"), _): show(place + 1)
    case (UInt8(ascii: "C"), _): cursor = min(cursor + 1, line.count)
    case (UInt8(ascii: "D"), _): cursor = max(cursor - 1, 0)
    case (UInt8(ascii: "H"), _), (UInt8(ascii: "~"), UInt8(ascii: "1")): cursor = 0
    case (UInt8(ascii: "F"), _), (UInt8(ascii: "~"), UInt8(ascii: "4")): cursor = line.count
    case (UInt8(ascii: "~"), UInt8(ascii: "3")): delete()
    default: break
    }
  }

  private mutating func delete() { if cursor < line.count { line.remove(at: cursor) } }

  private mutating func show(_ wanted: Int) {
    guard (0...history.count).contains(wanted), wanted != place else { return }
    if place == history.count { typed = line }
    place = wanted
    line = place == history.count ? typed : history[place]
    cursor = line.count
  }

  private mutating func finished() -> [UInt8] {
    if !line.isEmpty, line != history.last {
      history.append(line)
      if history.count > Self.historyLimit { history.removeFirst() }
    }
    return line
  }

  /// Back to the line's start, the line anew, the rest cleared, and the cursor to its place.
  private var redrawn: [UInt8] {
    let text = [0x0D] + prompt + line + Array("\u{1B}[K".utf8)
    let behind = line.count - cursor
    return behind == 0 ? text : text + Array("\u{1B}[\(behind)D".utf8)
  }
}

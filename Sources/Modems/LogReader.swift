import AT
import Cellular
import Primitives

/// Reads what a terminal or a trace shows of a modem, line by line, and says what each means.
///
/// It knows commands by their `AT` and so what was asked; where a log shows the modem's side alone,
/// lines are told apart by their shape.
public struct LogReader: Sendable {
  /// Longest line taken, in bytes; the rest of a longer one is left out.
  public static let lineLimit = Engine.lineLimit

  /// What a line of a log is.
  public enum Reading: Equatable, Sendable {
    /// What the host sent, or its echo.
    case command([UInt8])
    /// OK: the command is done.
    case done
    case line([UInt8], name: [UInt8]?, LineMeaning)
  }

  private var lines = LogLines()
  private var context = LineContext()
  private var isTextNext = false

  public init() {}

  /// - Parameter raw: one line of the log, without its end.
  /// - Returns: nothing for a blank line and for the prompt of a payload; several where the log is
  ///   a trace whose lines are reads.
  public mutating func read(_ raw: some Collection<UInt8>) -> [Reading] {
    var readings: [Reading] = []
    for line in lines.take(raw) {
      if let reading = reading(of: line) { readings.append(reading) }
    }
    return readings
  }

  /// To be called at the end of the log.
  public mutating func end() -> [Reading] {
    var readings: [Reading] = []
    for line in lines.flush() {
      if let reading = reading(of: line) { readings.append(reading) }
    }
    return readings
  }

  private mutating func reading(of raw: [UInt8]) -> Reading? {
    let line = Self.trimmed(raw)
    if line.isEmpty || line.equals(">") { return nil }
    if isTextNext {
      isTextNext = false
      return .line(line, name: nil, MessageLine.text(line))
    }
    if Self.isCommand(line) {
      context = LineContext(commandLine: line)
      return .command(line)
    }
    if line.equals("OK") {
      noteAnswered()
      return .done
    }
    let meaning = meaning(of: line)
    if meaning.kind == .error { noteAnswered() }
    isTextNext = MessageLine.isFollowedByText(line)
    return .line(line, name: NamedLine(line)?.name, meaning)
  }

  private func meaning(of line: [UInt8]) -> LineMeaning {
    if let meaning = StandardLine.meaning(of: line, in: context) { return meaning }
    return VendorLine.meaning(of: line) ?? .unknown
  }

  /// What was sent has been answered: from here on lines come unasked.
  private mutating func noteAnswered() {
    if context.outstanding != nil { context.outstanding = [] }
  }

  /// NULs are a UART that wakes up; blanks and arrows in front are the terminal's.
  private static func trimmed(_ raw: [UInt8]) -> [UInt8] {
    var line = raw.prefix(lineLimit).filter { $0 != 0 && $0 != UInt8(ascii: "\r") }[...]
    for mark in ["> ", "< ", "-> ", "<- ", ">> ", "<< "] as [StaticString] {
      let rest = line.dropFirst(mark.utf8CodeUnitCount)
      if line.hasPrefix(mark), !rest.isEmpty {
        line = rest
        break
      }
    }
    while line.last == UInt8(ascii: " ") { line.removeLast() }
    return Array(line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") })
  }

  /// `AT` or `at`, and behind it nothing or what a command begins with (V.250 §5.2.1, §5.3.1).
  private static func isCommand(_ line: [UInt8]) -> Bool {
    guard line.hasPrefix("AT") || line.hasPrefix("at") else { return false }
    guard line.count > 2 else { return true }
    if NamedLine([line[2], UInt8(ascii: ":")]) != nil || line[2] == UInt8(ascii: "&") {
      return true
    }
    // A basic command: one letter, then no second one. `ATTACHED` is none.
    return line[2].isASCIILetter && (line.count == 3 || !line[3].isASCIILetter)
      || line[2] | 0x20 == UInt8(ascii: "d")
  }
}

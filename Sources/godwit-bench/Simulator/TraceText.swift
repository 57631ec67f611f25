import Primitives

/// A UART trace as text: `> ` what the host wrote, `< ` what the modem sent, `= ` a wait in
/// milliseconds, `# ` a comment; `\r`, `\n`, `\t`, `\\` and `\xHH` for what isn't printable ASCII.
enum TraceText {
  /// Why a text is no trace.
  struct Mistake: Error, Equatable, CustomStringConvertible {
    /// Counted from 1.
    let line: Int
    let what: StaticString

    var description: String { "line \(line): \(what)" }

    static func == (a: Mistake, b: Mistake) -> Bool {
      a.line == b.line && [UInt8](a.what) == [UInt8](b.what)
    }
  }

  /// The lines for one entry that follows another after `wait`.
  static func lines(for entry: UARTTrace.Entry, after wait: Duration) -> [String] {
    let mark = entry.direction == .fromHost ? "> " : "< "
    let line = mark + escaped(entry.bytes)
    return wait.wholeMilliseconds > 0 ? ["= \(wait.wholeMilliseconds)", line] : [line]
  }

  /// Reads a trace; its first entry is at `start`, and times are as exact as the waits.
  static func parse(_ text: [UInt8], start: Instant = .start) throws(Mistake) -> [UARTTrace.Entry] {
    var entries: [UARTTrace.Entry] = []
    var now = start
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where !line.isEmpty && line.first != UInt8(ascii: "#") {
      let body = line.dropFirst(2)
      if line.hasPrefix("= ") {
        guard let wait = body.asciiWholeNumber else {
          throw Mistake(line: index + 1, what: "a wait is a whole number of milliseconds")
        }
        now = now + .milliseconds(wait)
      } else if line.hasPrefix("> ") || line.hasPrefix("< ") {
        guard let bytes = unescaped(body) else {
          throw Mistake(line: index + 1, what: "a backslash is followed by r, n, t, \\ or xHH")
        }
        let direction: UARTTrace.Direction = line.hasPrefix("> ") ? .fromHost : .fromModem
        entries.append(UARTTrace.Entry(at: now, direction: direction, bytes: bytes))
      } else {
        throw Mistake(line: index + 1, what: "a line begins with '> ', '< ', '= ' or '#'")
      }
    }
    return entries
  }

  private static func escaped(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\r"): text += Array("\\r")
      case UInt8(ascii: "\n"): text += Array("\\n")
      case UInt8(ascii: "\t"): text += Array("\\t")
      case UInt8(ascii: "\\"): text += Array("\\\\")
      case 0x20...0x7E: text.append(byte)
      default: text += [UInt8(ascii: "\\"), UInt8(ascii: "x"), byte.hexDigits.0, byte.hexDigits.1]
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var reader = ByteReader(Array(text))
    while let byte = reader.byte() {
      guard byte == UInt8(ascii: "\\") else {
        bytes.append(byte)
        continue
      }
      switch reader.byte() {
      case UInt8(ascii: "r"): bytes.append(0x0D)
      case UInt8(ascii: "n"): bytes.append(0x0A)
      case UInt8(ascii: "t"): bytes.append(0x09)
      case UInt8(ascii: "\\"): bytes.append(UInt8(ascii: "\\"))
      case UInt8(ascii: "x"):
        guard let high = reader.byte()?.hexDigitValue, let low = reader.byte()?.hexDigitValue
        else { return nil }
        bytes.append(high << 4 | low)
      default: return nil
      }
    }
    return bytes
  }
}

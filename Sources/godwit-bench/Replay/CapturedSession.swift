import Primitives

/// What a UART carried, as a captured session or a trace has it: what the host wrote, what the
/// modem sent in one read, how long was waited.
struct CapturedSession: Equatable, Sendable {
  enum Step: Equatable, Sendable {
    case host([UInt8])
    case modem([UInt8])
    case wait(Duration)
  }

  /// Longest wait taken, an hour; a longer one is an error of the file.
  static let longestWaitMilliseconds: Int64 = 3_600_000

  private(set) var steps: [Step] = []

  /// Reads the text form: `> `, `< ` and `= ` with the escapes `\r \n \t \\ \xHH`; lines that begin
  /// with `#` are comments.
  ///
  /// - Throws: which line is none of these.
  init(_ text: [UInt8]) throws(BenchError) {
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
      guard let step = Self.step(Array(line)) else {
        throw BenchError(
          "line \(index + 1) is no step of a session",
          remedy: "begin it with '> ', '< ', '= ' or '#', and escape with \\r \\n \\t \\\\ \\xHH")
      }
      steps.append(step)
    }
  }

  private static func step(_ line: [UInt8]) -> Step? {
    guard line.count >= 2, line[1] == UInt8(ascii: " "),
      let bytes = unescaped(Array(line.dropFirst(2)))
    else { return nil }
    switch line[0] {
    case UInt8(ascii: ">"): return .host(omitted(bytes) ?? bytes)
    case UInt8(ascii: "<"): return .modem(bytes)
    case UInt8(ascii: "="):
      guard let milliseconds = bytes.asciiWholeNumber, milliseconds <= longestWaitMilliseconds
      else { return nil }
      return .wait(.milliseconds(milliseconds))
    default: return nil
    }
  }

  /// `<83 payload bytes>` stands where whoever posted a log left its payload out.
  private static func omitted(_ bytes: [UInt8]) -> [UInt8]? {
    guard bytes.hasPrefix("<") else { return nil }
    let digits = bytes.dropFirst().prefix { $0.isASCIIDigit }
    guard bytes.dropFirst(1 + digits.count).equals(" payload bytes>"),
      let count = digits.asciiWholeNumber, count <= 65_536
    else { return nil }
    return [UInt8](repeating: UInt8(ascii: "x"), count: Int(count))
  }

  private static func unescaped(_ text: [UInt8]) -> [UInt8]? {
    var reader = ByteReader(text)
    var bytes: [UInt8] = []
    while let byte = reader.byte() {
      guard byte == UInt8(ascii: "\\") else {
        bytes.append(byte)
        continue
      }
      switch reader.byte() {
      case UInt8(ascii: "r"): bytes.append(UInt8(ascii: "\r"))
      case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "t"): bytes.append(UInt8(ascii: "\t"))
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

import Primitives

/// Cuts a log into the lines that went over the UART.
///
/// A terminal's log has them as they are. A trace has a read or write in each of its lines, `< ` or
/// `> ` in front and control characters escaped (`\r`, `\n`, `\t`, `\\`, `\xHH`): those are put
/// together again, since a read may end anywhere.
struct LogLines: Sendable {
  private var direction: UInt8?
  private var pending: [UInt8] = []

  /// - Parameter raw: one line of the log, without its end.
  /// - Returns: the lines that are whole now.
  mutating func take(_ raw: some Collection<UInt8>) -> [[UInt8]] {
    let raw = Array(raw)
    if raw.hasPrefix("# ") || raw.hasPrefix("= ") { return [] }
    let isStep = raw.hasPrefix("< ") || raw.hasPrefix("> ")
    guard isStep, raw.contains(UInt8(ascii: "\\")) || (direction == raw[0] && !pending.isEmpty)
    else { return flush() + [raw] }
    let flushed = direction == raw[0] ? [] : flush()
    direction = raw[0]
    pending += Self.unescaped(raw.dropFirst(2))
    return flushed + cut()
  }

  /// What is left at the end of the log.
  mutating func flush() -> [[UInt8]] {
    defer { (direction, pending) = (nil, []) }
    return pending.isEmpty ? [] : [pending]
  }

  private mutating func cut() -> [[UInt8]] {
    var lines: [[UInt8]] = []
    while let end = pending.firstIndex(where: {
      $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n")
    }
    ) {
      lines.append(Array(pending[..<end]))
      pending = Array(pending[(end + 1)...])
    }
    // A line that never ends isn't kept for ever.
    if pending.count > LogReader.lineLimit { lines += flush() }
    return lines
  }

  private static func unescaped(_ text: some Collection<UInt8>) -> [UInt8] {
    var reader = ByteReader(Array(text))
    var bytes: [UInt8] = []
    while let byte = reader.byte() {
      guard byte == UInt8(ascii: "\\"), let escaped = reader.byte() else {
        bytes.append(byte)
        continue
      }
      switch escaped {
      case UInt8(ascii: "r"): bytes.append(UInt8(ascii: "\r"))
      case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "t"): bytes.append(UInt8(ascii: "\t"))
      case UInt8(ascii: "x"):
        let high = reader.byte()?.hexDigitValue ?? 0
        bytes.append(high << 4 | (reader.byte()?.hexDigitValue ?? 0))
      default: bytes.append(escaped)
      }
    }
    return bytes
  }
}

import Modems
import Primitives

/// Records what goes over the UART in the text form of a captured session, which
/// `godwit-bench replay` plays and `godwit explain` reads: `> ` a write of the host, `< ` a read,
/// `= ` a wait in milliseconds, `# ` a comment; `\r`, `\n`, `\t`, `\\` and `\xHH` for bytes that
/// aren't printable. Pure: it gathers, and somebody else writes the text to a file.
struct UARTRecorder {
  /// Bytes gathered before they have to be written.
  static let bufferLimit = 16_384
  /// The longest wait that is recorded, in milliseconds, an hour: the longest that a replay takes.
  static let longestWait: Int64 = 3_600_000

  private let mask: SecretMask
  private var entries: [Entry] = []
  private var gatheredBytes = 0
  private var last: Instant?

  private struct Entry {
    enum Kind: Equatable { case host, modem, comment }
    var kind: Kind
    /// Since the entry before; nil for the first one of a session.
    var wait: Duration?
    var bytes: [UInt8]
  }

  init(secrets: [[UInt8]]) { mask = SecretMask(known: secrets) }

  /// The first lines of a file.
  static func header(module: StaticString) -> [UInt8] {
    Array("# Recorded by godwit \(HelpText.version.text). Passwords and PINs are masked.\n".utf8)
      + Array("# module: \(module.text)\n# framing: exact\n".utf8)
  }

  /// Whether it is time to write: see `bufferLimit`.
  var isFull: Bool { gatheredBytes >= Self.bufferLimit }

  mutating func opened(utc: UTC?, now: Instant) {
    last = nil
    let time = utc.map { $0.text } ?? "\(now.milliseconds / 1000) s after boot"
    append(.comment, Array("opened \(time)".utf8), now: now)
  }

  mutating func wrote(_ bytes: [UInt8], now: Instant) { append(.host, bytes, now: now) }

  mutating func read(_ bytes: [UInt8], now: Instant) { append(.modem, bytes, now: now) }

  /// Hands over the text of what has been gathered, secrets masked.
  ///
  /// - Parameter isAll: false to keep what follows the last line end, since a secret might be cut
  ///   in two there.
  mutating func take(isAll: Bool) -> [UInt8] {
    let count = isAll ? entries.count : wholeLines
    let taken = masked(Array(entries[..<count]))
    entries.removeFirst(count)
    gatheredBytes = entries.reduce(0) { $0 + $1.bytes.count }
    var text: [UInt8] = []
    for entry in taken { Self.append(entry, to: &text) }
    return text
  }

  private mutating func append(_ kind: Entry.Kind, _ bytes: [UInt8], now: Instant) {
    entries.append(Entry(kind: kind, wait: last.map { now - $0 }, bytes: bytes))
    gatheredBytes += bytes.count
    last = now
  }

  /// How many entries from the front end in a whole line; all, where none does.
  private var wholeLines: Int {
    let end = entries.lastIndex {
      $0.bytes.last == UInt8(ascii: "\n") || $0.bytes.last == UInt8(ascii: "\r")
    }
    return end.map { $0 + 1 } ?? entries.count
  }

  /// A secret may go over several reads: so each side is looked at as a whole, and what is left of
  /// a secret's bytes stands in the read in which it begins.
  private func masked(_ entries: [Entry]) -> [Entry] {
    var entries = entries
    for kind in [Entry.Kind.host, .modem] {
      var side: [UInt8] = []
      for entry in entries where entry.kind == kind { side += entry.bytes }
      let messages = Self.messages(in: side)
      let secrets = mask.ranges(in: side).filter { range in
        !messages.contains { $0.overlaps(range) }
      }
      let ranges = (messages + secrets).sorted { $0.lowerBound < $1.lowerBound }
      if ranges.isEmpty { continue }
      var start = 0
      for index in entries.indices where entries[index].kind == kind {
        let part = start..<start + entries[index].bytes.count
        entries[index].bytes = Self.masked(side, part, ranges)
        start = part.upperBound
      }
    }
    return entries
  }

  /// Short messages: lines of nothing but hexadecimal digits, so many that it can be one (TS 23.040
  /// §9.2.2). What is in them says passwords and keys, in any alphabet.
  private static func messages(in side: [UInt8]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    for index in 0...side.count {
      if index < side.count, side[index].hexDigitValue != nil { continue }
      let isLine =
        (start == 0 || side[start - 1] == UInt8(ascii: "\n") || side[start - 1] == 0x20)
        && (index == side.count || [0x0D, 0x0A, 0x1A].contains(side[index]))
      if isLine, index - start >= shortestMessage { ranges.append(start..<index) }
      start = index + 1
    }
    return ranges
  }

  /// In digits: a message without a text, from a number of three digits.
  private static let shortestMessage = 28

  private static func masked(
    _ side: [UInt8], _ part: Range<Int>, _ ranges: [Range<Int>]
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    var index = part.lowerBound
    for range in ranges where range.overlaps(part) {
      bytes += side[index..<max(index, range.lowerBound)]
      if part.contains(range.lowerBound) { bytes += [UInt8](SecretMask.mark) }
      index = min(range.upperBound, part.upperBound)
    }
    return bytes + side[index..<part.upperBound]
  }

  private static func append(_ entry: Entry, to text: inout [UInt8]) {
    if let wait = entry.wait?.wholeMilliseconds, wait > 0 {
      text += Array("= \(min(wait, longestWait))\n".utf8)
    }
    switch entry.kind {
    case .host: text += Array("> ")
    case .modem: text += Array("< ")
    case .comment: text += Array("# ")
    }
    for byte in entry.bytes { append(byte, to: &text) }
    text.append(UInt8(ascii: "\n"))
  }

  private static func append(_ byte: UInt8, to text: inout [UInt8]) {
    switch byte {
    case UInt8(ascii: "\r"): text += Array("\\r")
    case UInt8(ascii: "\n"): text += Array("\\n")
    case UInt8(ascii: "\t"): text += Array("\\t")
    case UInt8(ascii: "\\"): text += Array("\\\\")
    case 0x20...0x7E: text.append(byte)
    default: text += [UInt8(ascii: "\\"), UInt8(ascii: "x"), byte.hexDigits.0, byte.hexDigits.1]
    }
  }
}

import Primitives

/// When the serial line is next to be read: at once, or when a line that has begun to arrive has had
/// time to end. Pure.
///
/// A UART hands over an answer as its receive FIFO fills, often 8 or 16 bytes at a time, and each
/// piece would cost a wait and a read. So after a read that ends inside a line the UART is left out
/// of the wait for the time that a short line takes, and is then read without being asked about.
/// What ends a line, or is a prompt, is never waited behind: an answer that comes in one piece costs
/// one wait and one read, and no answer is late by more than `limit`.
///
/// The terminal's own ways are no good for this (termios(3), Linux drivers/tty/n_tty.c). With VTIME 0
/// poll(2) is silent until VMIN bytes are there, so that a prompt, or the last byte of a line, would
/// stay unread below it, and each change of VMIN is a call itself. With VTIME, VMIN is one to
/// poll(2), and VTIME counts tenths of seconds.
struct LineGather {
  /// A short line: a result code with a URC, or an answer of one value.
  static let lengthBytes: Int64 = 48
  /// What a UART's FIFO may hold back.
  static let leastBytes: Int64 = 16
  /// The longest that an answer may be late. It counts in the host's own time of a report.
  static let limit = Duration.milliseconds(5)

  /// When the UART is to be read; nil for as soon as it is readable.
  private(set) var ends: Instant?
  private let span: Duration?

  /// - Parameter baud: bits a second; a byte takes ten. A line on which a FIFO takes longer than the
  ///   limit is read as it comes.
  init(baud: Int32) {
    let byte = Duration.nanoseconds(10_000_000_000 / Int64(baud))
    span = byte * Self.leastBytes > Self.limit ? nil : min(byte * Self.lengthBytes, Self.limit)
  }

  /// Takes note of what a read brought.
  mutating func note(_ bytes: [UInt8], now: Instant) {
    ends = isInsideLine(bytes) ? span.map { now + $0 } : nil
  }

  /// `>` and `@` ask for a payload (TS 27.005 §3.5.1; u-blox), and nothing follows them.
  private func isInsideLine(_ bytes: [UInt8]) -> Bool {
    switch bytes.last(where: { $0 != UInt8(ascii: " ") }) {
    case nil, UInt8(ascii: "\r"), UInt8(ascii: "\n"), UInt8(ascii: ">"), UInt8(ascii: "@"): false
    default: true
    }
  }
}

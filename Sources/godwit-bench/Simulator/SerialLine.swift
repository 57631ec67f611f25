import Primitives

/// One direction of a UART's line. A byte takes ten bits: start, eight data bits, stop (8N1).
///
/// Bytes come out in bursts, as they come out of a UART whose receive FIFO asks for attention at
/// `burst` bytes or when the line falls silent.
struct SerialLine: Sendable {
  /// Bytes that wait for the line at most; more are lost and counted, as without flow control.
  static let limit = 65_536
  static let burst = 32

  private(set) var lostBytes: Int64 = 0
  private let byteNanoseconds: Int64
  private var waiting: [UInt8] = []
  /// When the first bit of `waiting` goes out.
  private var begins = Instant.start

  /// - Parameter baud: bits per second, 300 to 4,000,000.
  init(baud: Int) { byteNanoseconds = 10_000_000_000 / Int64(baud) }

  var isIdle: Bool { waiting.isEmpty }

  /// Puts bytes on the line behind those that are on it.
  mutating func push(_ bytes: [UInt8], now: Instant) {
    if waiting.isEmpty { begins = max(begins, now) }
    let room = Self.limit - waiting.count
    waiting += bytes.prefix(room)
    lostBytes += Int64(max(0, bytes.count - room))
  }

  /// The bytes whose last bit has passed; empty until a burst or the last of them has.
  mutating func take(now: Instant) -> [UInt8] {
    guard let deadline, deadline <= now else { return [] }
    let passed = (now - begins).wholeNanoseconds / byteNanoseconds
    let count = Int(min(passed, Int64(waiting.count)))
    begins = begins + .nanoseconds(Int64(count) * byteNanoseconds)
    defer { waiting.removeFirst(count) }
    return Array(waiting.prefix(count))
  }

  /// When `take` has bytes.
  var deadline: Instant? {
    guard !waiting.isEmpty else { return nil }
    return begins + .nanoseconds(Int64(min(waiting.count, Self.burst)) * byteNanoseconds)
  }
}

import Primitives

/// One direction of a UART: bytes take their time on it, and the reader sees them in pieces.
struct SerialLine {
  /// Bits a byte takes at 8N1: start, eight data bits, stop.
  static let bitsPerByte: Int64 = 10

  private(set) var bytes: Int64 = 0
  private let nanosecondsPerByte: Int64
  private var freeAt = Instant.start
  private var random: SeededRandom

  init(baud: Int64, seed: UInt64) {
    nanosecondsPerByte = Self.bitsPerByte * 1_000_000_000 / baud
    random = SeededRandom(seed: seed)
  }

  /// Cuts what is written at `now` into reads of random sizes, each with the moment at which its
  /// last byte is in.
  mutating func carry(_ written: [UInt8], now: Instant) -> [(at: Instant, bytes: [UInt8])] {
    var pieces: [(at: Instant, bytes: [UInt8])] = []
    var rest = written[...]
    var at = max(now, freeAt)
    while !rest.isEmpty {
      let size = min(rest.count, 1 + Int(random.next(below: 24)))
      at = at + .nanoseconds(Int64(size) * nanosecondsPerByte)
      pieces.append((at, Array(rest.prefix(size))))
      rest = rest.dropFirst(size)
    }
    freeAt = at
    bytes += Int64(written.count)
    return pieces
  }
}

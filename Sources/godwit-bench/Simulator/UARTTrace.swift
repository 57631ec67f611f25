import Primitives

/// What went over the UART, oldest first, for counting and for people to read.
struct UARTTrace: Equatable, Sendable {
  enum Direction: Equatable, Sendable { case fromHost, fromModem }

  /// One write of the host, or one burst of the modem.
  struct Entry: Equatable, Sendable {
    /// When the host's write was seen, or when the burst's last bit had passed.
    var at: Instant
    var direction: Direction
    var bytes: [UInt8]
  }

  /// Bytes kept at most: some 100 reports. The oldest entries go first, and are counted.
  static let byteLimit = 262_144

  private(set) var entries: [Entry] = []
  private(set) var droppedEntries = 0
  private var byteCount = 0

  mutating func append(_ entry: Entry) {
    entries.append(entry)
    byteCount += entry.bytes.count
    guard byteCount > Self.byteLimit else { return }
    // A quarter goes at once, so that the array isn't moved for every entry.
    var count = 0
    while byteCount > Self.byteLimit * 3 / 4, count < entries.count - 1 {
      byteCount -= entries[count].bytes.count
      count += 1
    }
    entries.removeFirst(count)
    droppedEntries += count
  }

  /// The entries from `begin` on, up to and including `end`.
  func entries(from begin: Instant, through end: Instant) -> [Entry] {
    entries.filter { begin <= $0.at && $0.at <= end }
  }
}

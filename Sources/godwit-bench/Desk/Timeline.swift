import Primitives

/// What the modem did lately: for each slice of time, how much of it was spent in each activity.
struct Timeline: Equatable, Sendable {
  /// Slices kept at most: wider than a terminal.
  static let limit = 400

  /// The length of one slice.
  let slice: Duration
  /// Oldest first; in each, the share of every activity in 1/255.
  private(set) var columns: [[UInt8]] = []
  private var last: Sample?

  private struct Sample: Equatable, Sendable {
    let at: Instant
    let times: [Duration]
  }

  init(slice: Duration) { self.slice = slice }

  /// The moment at which the next slice is full; nil before the first sample.
  var deadline: Instant? { last.map { $0.at + slice } }

  /// Takes how long the modem has spent in each activity so far.
  ///
  /// Does nothing before a slice is full. A sample that comes late fills all the slices since the
  /// one before alike.
  mutating func sample(_ times: [Duration], now: Instant) {
    guard let last else {
      self.last = Sample(at: now, times: times)
      return
    }
    let passed = (now - last.at).wholeNanoseconds
    let count = Int(clamping: passed / slice.wholeNanoseconds)
    guard count > 0, times.count == last.times.count else { return }
    let column = zip(times, last.times).map { new, old in
      UInt8(clamping: (new - old).wholeNanoseconds * 255 / passed)
    }
    columns += Array(repeating: column, count: min(count, Self.limit))
    columns.removeFirst(max(0, columns.count - Self.limit))
    self.last = Sample(at: now, times: times)
  }

  /// One activity's row, `width` columns wide, the newest at the right end: a bar's height is the
  /// share of the slice, and the least share still shows.
  func row(_ activity: Int, width: Int) -> String {
    let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    let shown = columns.suffix(max(0, width))
    let cells = shown.map { column -> Character in
      let share = Int(column[activity])
      return share == 0 ? " " : bars[(share * bars.count - 1) / 255]
    }
    return String(repeating: " ", count: max(0, width - shown.count)) + String(cells)
  }
}

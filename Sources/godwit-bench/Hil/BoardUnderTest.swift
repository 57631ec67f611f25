import Primitives

/// A board with its modem's lines in the bench's hands: QEMU's or a real one.
protocol BoardUnderTest: AnyObject {
  /// Whether the board has power and runs.
  var isRunning: Bool { get }
  /// What the board's console said, for a failure's report.
  var console: ConsoleLog { get }
  /// When a wait must end though no descriptor is ready.
  var deadline: Instant? { get }

  func addInterest(to set: inout PollSet)
  /// What the board did since the last call, oldest first.
  func serve(_ set: PollSet, now: Instant) -> [BoardEvent]
  /// Bytes for the board's UART.
  func transmit(_ bytes: [UInt8])
  /// A line for the shell of the board, where the bench has one.
  func tell(_ line: String)
  /// Tells the shell what the scenario wants of it; the board is up.
  func begin(_ guest: GuestPlan)
  func setStatus(isOn: Bool)
  func setRing(isAsserted: Bool)
  /// Takes the board's power away, at once and without a word to it.
  func cutPower()
}

extension BoardUnderTest {
  func begin(_ guest: GuestPlan) {
    for line in guest.commands { tell(line) }
  }
}

enum BoardEvent: Equatable, Sendable {
  /// The board wrote to its UART.
  case uart([UInt8])
  /// A pin changed; `at` is the board's own time of it where the board can tell.
  case pin(PinName, isAsserted: Bool, at: Instant)
  /// A whole line of the console.
  case console(String)
  /// The board's shell answered for the first time since power-on.
  case up
  /// A whole line of the board's shell.
  case shell(String)
  /// The board ended by itself; the text says how.
  case ended(String)
}

/// What a console said: its last lines, and the line that isn't ended yet.
struct ConsoleLog: Equatable, Sendable {
  /// Lines kept at most; the oldest go first.
  static let lineLimit = 20_000
  /// A longer line is cut in two.
  static let widthLimit = 4096

  private(set) var lines: [String] = []
  private var partial: [UInt8] = []

  /// Takes what was read and returns the lines that it completed.
  mutating func append(_ bytes: [UInt8]) -> [String] {
    var completed: [String] = []
    for byte in bytes {
      if byte == UInt8(ascii: "\n") || partial.count >= Self.widthLimit {
        completed.append(partial.printable)
        partial = []
      } else if byte != UInt8(ascii: "\r") {
        partial.append(byte)
      }
    }
    lines += completed
    if lines.count > Self.lineLimit { lines.removeFirst(lines.count - Self.lineLimit) }
    return completed
  }

  /// The last `count` lines, the unfinished one included.
  func tail(_ count: Int) -> [String] {
    Array((lines + (partial.isEmpty ? [] : [partial.printable])).suffix(count))
  }
}

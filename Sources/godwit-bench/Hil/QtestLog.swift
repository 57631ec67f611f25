import Primitives

/// One line of QEMU's qtest log (qemu 7.2 softmmu/qtest.c; the same form in QEMU 10).
///
/// `[R +2.085141] set_irq_in …` is what was asked and `[S +2.085141] IRQ raise 5` what QEMU said,
/// stamped by QEMU at the moment it did it. Pin times are taken from these stamps, so a bench that
/// gets the processor late still knows when an edge was.
enum QtestLog: Equatable, Sendable {
  /// An intercepted output changed; `line` is the controller's own number.
  case output(line: Int, isHigh: Bool, at: Duration)
  /// An input was driven from outside.
  case input(line: Int, isHigh: Bool, at: Duration)
  /// Something else of the protocol.
  case other(at: Duration)

  /// - Parameter text: one line without its line end.
  /// - Returns: nil for a line that isn't the log's: QEMU's own words.
  init?(_ text: some Sequence<UInt8>) {
    let text = Array(text)
    let words = text.split(separator: UInt8(ascii: " ")).map(Array.init)
    guard words.count >= 3, let at = Self.stamp(words[0], words[1]) else { return nil }
    switch (words[2], words.count) {
    case (Array("IRQ".utf8), 5):
      guard let line = words[4].asciiWholeNumber else { return nil }
      self = .output(line: Int(line), isHigh: words[3].equals("raise"), at: at)
    case (Array("set_irq_in".utf8), 7) where words[0].equals("[R"):
      guard let line = words[5].asciiWholeNumber else { return nil }
      self = .input(line: Int(line), isHigh: !words[6].equals("0"), at: at)
    default: self = .other(at: at)
    }
  }

  /// Reads `[S` `+2.085141]`, and `[I` `0.000000]` at the log's start.
  private static func stamp(_ mark: [UInt8], _ time: [UInt8]) -> Duration? {
    guard mark.equals("[R") || mark.equals("[S") || mark.equals("[I"), time.last == 0x5D else {
      return nil
    }
    let digits = time.dropLast().drop { $0 == UInt8(ascii: "+") }
    let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].count == 6, let seconds = parts[0].asciiWholeNumber,
      let microseconds = parts[1].asciiWholeNumber
    else { return nil }
    return .seconds(seconds) + .microseconds(microseconds)
  }
}

/// Puts QEMU's stamps on the bench's clock.
///
/// A stamp reaches the bench some time after it was made, never before; the smallest lag seen is
/// the best estimate of where the two clocks stand to each other.
struct StampClock: Equatable, Sendable {
  private var offset: Instant?

  /// The moment of a stamp that arrived at `now`; never later than that.
  mutating func moment(of stamp: Duration, now: Instant) -> Instant {
    let candidate = Instant(sinceStart: now.sinceStart - stamp)
    offset = earlier(offset, candidate)
    return (offset ?? candidate) + stamp
  }
}

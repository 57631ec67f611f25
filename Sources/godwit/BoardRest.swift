import Primitives

/// When the board may go to sleep. Pure.
struct BoardRest {
  /// A shorter sleep isn't worth its waking. The kernel itself refuses one that an alarm ends within
  /// two seconds (Linux, kernel/time/alarmtimer.c).
  static let least = Duration.seconds(3)
  /// From an attempt that the kernel refused to the next one.
  static let pause = Duration.seconds(2)

  private var notBefore: Instant?

  /// When the process has to wake to try again; nil when nothing was refused.
  var deadline: Instant? { notBefore }

  /// Whether to try now.
  ///
  /// - Parameters:
  ///   - due: what the process waits for next; nil for nothing, which is no reason to sleep on.
  ///   - isBusy: whether the modem or a person needs the board awake.
  mutating func isWanted(now: Instant, due: Instant?, isBusy: Bool) -> Bool {
    if isBusy {
      notBefore = nil
      return false
    }
    if let notBefore, now < notBefore { return false }
    notBefore = nil
    guard let due else { return false }
    return due - now >= Self.least
  }

  mutating func wasRefused(now: Instant) { notBefore = now + Self.pause }
}

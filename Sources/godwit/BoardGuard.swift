import Board
import Primitives

/// The board's watchdog at work: armed while the board is awake, fed as `Watchdog` says. What it
/// refuses is said once; the device goes on without it.
struct BoardGuard {
  private let device: HardwareWatchdog?
  private var timing = Watchdog(limit: nil, now: .start)

  /// - Parameter path: nil for no watchdog.
  init(path: [UInt8]?) { device = path.map { HardwareWatchdog(path: $0) } }

  /// When the process has to wake to feed it; nil while it isn't armed.
  var deadline: Instant? { timing.deadline }

  /// - Returns: why it isn't armed; nil when it is, or when there is none.
  mutating func arm(now: Instant) -> BoardError? {
    guard let device else { return nil }
    do throws(BoardError) {
      timing = Watchdog(limit: try device.arm(), now: now)
      return nil
    } catch {
      return error
    }
  }

  /// - Parameter due: what the process waits for next. When that is past, work is left over.
  mutating func feed(now: Instant, due: Instant?) {
    if timing.isToBeTold(now: now, due: due) { try? device?.feed() }
  }

  /// Before the board sleeps, and at the end.
  mutating func disarm() {
    timing = Watchdog(limit: nil, now: .start)
    try? device?.disarm()
  }
}

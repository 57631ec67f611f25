import CLinux
import Primitives

/// The board's watchdog: from `arm` on the board is restarted unless it is fed in time, also when the
/// process dies, since only `disarm` writes the character that lets go (Linux,
/// Documentation/watchdog/watchdog-api.rst, magic close).
public final class HardwareWatchdog {
  /// What is asked for, in seconds; a driver that can't wait so long says what it can.
  static let wishSeconds: Int32 = 300
  /// Where the driver doesn't say for how long it waits.
  static let assumedSeconds: Int32 = 15

  private let path: [UInt8]
  /// Negative while it isn't armed.
  private var descriptor: Int32 = -1

  public init(path: [UInt8]) { self.path = path }

  deinit { if descriptor >= 0 { _ = linux_close(descriptor) } }

  public var isArmed: Bool { descriptor >= 0 }

  /// - Returns: how long it waits for food.
  public func arm() throws(BoardError) -> Duration {
    let opened = linux_open_to_write(path + [0])
    if opened < 0 { throw .file(.cannotOpen(errno: -opened), path: path) }
    descriptor = opened
    let seconds = linux_watchdog_limit(opened, Self.wishSeconds)
    return .seconds(Int64(seconds > 0 ? seconds : Self.assumedSeconds))
  }

  public func feed() throws(BoardError) { try write(UInt8(ascii: "w")) }

  /// Lets go of the board: before it sleeps, and at the end.
  public func disarm() throws(BoardError) {
    if descriptor < 0 { return }
    defer {
      _ = linux_close(descriptor)
      descriptor = -1
    }
    try write(UInt8(ascii: "V"))
  }

  private func write(_ byte: UInt8) throws(BoardError) {
    if descriptor < 0 { return }
    let count = linux_write(descriptor, [byte], 1)
    if count < 0 { throw .file(.cannotWrite(errno: Int32(-count)), path: path) }
  }
}

import CLinux
import Primitives

/// The machine's two clocks.
public enum BoardClock {
  /// Boot-time clock: never jumps and goes on counting through suspend (clock_gettime(2),
  /// `CLOCK_BOOTTIME`).
  public static var now: Instant { Instant(linux_boot_time()) }

  /// Civil time as the machine believes it to be; 1970 on a board without a battery-backed clock.
  public static func wallClock() -> UTC {
    let time = linux_civil_time()
    return UTC(millisecondsSince1970: time.seconds * 1000 + time.nanoseconds / 1_000_000)
  }

  /// Sets civil time. Needs root or CAP_SYS_TIME.
  public static func setWallClock(_ utc: UTC) throws(BoardError) {
    let seconds = (utc - UTC(millisecondsSince1970: 0)).wholeSeconds
    let milliseconds = utc.millisecondsSince1970 - seconds * 1000
    let result = linux_set_civil_time(
      linux_time(seconds: seconds, nanoseconds: milliseconds * 1_000_000))
    if result < 0 { throw .kernel(.settingTheClock, errno: -result) }
  }
}

extension Instant {
  init(_ time: linux_time) {
    self.init(sinceStart: .seconds(time.seconds) + .nanoseconds(time.nanoseconds))
  }

  /// For the kernel, rounded up to the nanosecond, so that a timer never fires early.
  var kernelTime: linux_time {
    let (seconds, attoseconds) = sinceStart.components
    let nanoseconds = (attoseconds + 999_999_999) / 1_000_000_000
    if nanoseconds == 1_000_000_000 { return linux_time(seconds: seconds + 1, nanoseconds: 0) }
    return linux_time(seconds: seconds, nanoseconds: nanoseconds)
  }
}

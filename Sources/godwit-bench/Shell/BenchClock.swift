import Glibc
import Primitives

/// The machine's clocks: the boot-time clock for every deadline, civil time for what people read.
enum BenchClock {
  /// The kernel's boot-time clock, which never jumps (clock_gettime(2), `CLOCK_BOOTTIME`).
  static var now: Instant {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return Instant(
      sinceStart: .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec)))
  }

  /// Civil time as the machine has it, in UTC.
  static var utc: UTC {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return UTC(millisecondsSince1970: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}

extension Duration {
  /// Whole nanoseconds; for spans below 290 years.
  var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}

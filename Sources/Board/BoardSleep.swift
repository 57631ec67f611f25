import CLinux
import Primitives

/// The board's own sleep, by the kernel's race-free way (Linux, Documentation/ABI/testing/sysfs-power):
/// what has woken the board so far is counted, the count is read, everything that is ready is dealt
/// with, and only if the count is still the same does the kernel go to sleep. An alarm that rings in
/// between is not slept through.
public struct BoardSleep: Sendable {
  /// How deep the board sleeps.
  public enum Depth: Sendable {
    /// Suspend to idle: everything frozen, the processor idle. Every board has it.
    case freeze
    /// Suspend to RAM, as deep as the board's firmware allows.
    case memory

    var word: StaticString { self == .freeze ? "freeze" : "mem" }
  }

  /// How an attempt ended.
  public enum Outcome: Equatable, Sendable {
    /// The board slept and is awake again.
    case slept
    /// Something is going on or has just happened; it may be tried again a little later.
    case busy
  }

  /// What was counted before; see `begin`.
  public struct Count: Sendable {
    let text: [UInt8]
  }

  /// How long to wait for a wake-up event that is still being dealt with. The kernel would wait
  /// for it without end.
  static let countLimitMilliseconds: Int32 = 200
  /// RTCs are looked for at these numbers.
  private static let clocks = 0..<8

  private let depth: Depth
  /// `/sys`, but for tests.
  private let system: [UInt8]

  public init(_ depth: Depth, system: [UInt8] = Array("/sys".utf8)) {
    self.depth = depth
    self.system = system
  }

  /// Whether the board would ever wake again: it needs a real-time clock whose alarm can, and a
  /// timer that may set it.
  public func fault(timerWakesBoard: Bool) -> BoardSleepFault? {
    guard timerWakesBoard else { return .noCapability }
    let hasClock = Self.clocks.contains { number in
      let alarm = system + Array("/class/rtc/rtc\(number)/wakealarm".utf8)
      return (try? BoundedFile.read(alarm, limitBytes: SensorFile.limitBytes)) != nil
    }
    return hasClock ? nil : .noClock
  }

  /// The first half. Between it and `finish` the caller looks whether anything is ready.
  ///
  /// - Returns: nil while the board is still busy with what woke it.
  public func begin() throws(BoardError) -> Count? {
    let path = file("wakeup_count")
    let descriptor = linux_open_to_read(path + [0])
    if descriptor < 0 { throw .file(.cannotOpen(errno: -descriptor), path: path) }
    defer { _ = linux_close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = linux_read_within(
      descriptor, &bytes, bytes.count, Self.countLimitMilliseconds)
    if count == -Int(linux_EINTR) { return nil }
    if count < 0 { throw .file(.cannotRead(errno: Int32(-count)), path: path) }
    return Count(text: Array(bytes[..<count]))
  }

  /// The second half. Returns once the board is awake again.
  public func finish(_ count: Count) throws(BoardError) -> Outcome {
    guard try write(count.text, to: "wakeup_count", busy: linux_EINVAL) else { return .busy }
    return try write(Array(depth.word), to: "state", busy: linux_EBUSY) ? .slept : .busy
  }

  /// - Returns: false for the error that says that it is to be tried again.
  private func write(
    _ bytes: [UInt8], to name: StaticString, busy: Int32
  ) throws(BoardError) -> Bool {
    let path = file(name)
    let descriptor = linux_open_to_write(path + [0])
    if descriptor < 0 { throw .file(.cannotOpen(errno: -descriptor), path: path) }
    defer { _ = linux_close(descriptor) }
    let result = linux_write(descriptor, bytes, bytes.count)
    if result == -Int(busy) { return false }
    if result < 0 { throw .file(.cannotWrite(errno: Int32(-result)), path: path) }
    return true
  }

  private func file(_ name: StaticString) -> [UInt8] {
    system + Array("/power/".utf8) + Array(name)
  }
}

/// Why the board must not sleep.
public enum BoardSleepFault: Equatable, Sendable {
  case noCapability, noClock

  public var text: String {
    switch self {
    case .noCapability:
      "the board stays awake: nothing would wake it; run as root or with the capability "
        + "CAP_WAKE_ALARM"
    case .noClock:
      "the board stays awake: it has no real-time clock whose alarm could wake it "
        + "(/sys/class/rtc/rtc*/wakealarm); set suspend = none"
    }
  }
}

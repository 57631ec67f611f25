import CLinux
import Primitives

/// The process itself and the boot that it lives in.
public enum CurrentProcess {
  /// The command line's words, the program's name first.
  public static var arguments: [[UInt8]] {
    var words: [[UInt8]] = []
    for index in 0..<linux_argument_count() { words.append(bytes(at: linux_argument(index))) }
    return words
  }

  /// Different after each start of the machine (random(4), `/proc/sys/kernel/random/boot_id`): the
  /// 36 characters of a UUID.
  public static func bootIdentity() throws(BoardError) -> [UInt8] {
    var text = try SensorFile.read(Array("/proc/sys/kernel/random/boot_id"))
    while let last = text.last, last <= 0x20 { text.removeLast() }
    return text
  }

  /// A number that nobody can guess (getrandom(2)).
  public static func randomNumber() throws(BoardError) -> UInt64 {
    try randomBytes(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Bytes that nobody can guess (getrandom(2)); at most 256.
  public static func randomBytes(_ count: Int) throws(BoardError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let result = linux_random(&bytes, bytes.count)
    if result < 0 { throw .kernel(.randomNumbers, errno: -result) }
    return bytes
  }

  /// Standard output is passed on at each line's end even into a pipe. Call it first of all.
  public static func bufferOutputByLine() { linux_buffer_output_by_line() }

  /// Ends the process with a status (0: done).
  public static func exit(status: Int32) -> Never { linux_exit(status) }
}

/// What the service manager is told, when there is one (sd_notify(3)): a datagram to the socket
/// that `NOTIFY_SOCKET` names. Without that variable nothing happens.
public enum ServiceManager {
  public static func ready() { notify(Array("READY=1")) }
  public static func stopping() { notify(Array("STOPPING=1")) }
  /// Resets the watchdog of `WatchdogSec=`.
  public static func alive() { notify(Array("WATCHDOG=1")) }
  /// One line for `systemctl status`.
  public static func status(_ text: [UInt8]) { notify(Array("STATUS=") + text) }

  /// The time within which `alive` must be called again and again; nil without a watchdog.
  public static var watchdogLimit: Duration? {
    let text = bytes(at: linux_environment(Array("WATCHDOG_USEC") + [0]))
    guard let microseconds = text.asciiWholeNumber, microseconds > 0 else { return nil }
    return .microseconds(microseconds)
  }

  private static func notify(_ message: [UInt8]) {
    guard let path = linux_environment(Array("NOTIFY_SOCKET") + [0]) else { return }
    // A manager that doesn't listen is no reason to do anything else.
    _ = linux_send_datagram(path, message, message.count)
  }
}

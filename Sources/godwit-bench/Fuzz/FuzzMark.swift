import Glibc
import Primitives

/// Which case is being fed, so that a trap can say how to come back to it.
///
/// A trap is a signal, in whose handler only what is there already can be written (signal-safety(7)):
/// so the line stands ready in memory that never moves.
enum FuzzMark {
  private static let room = 256
  nonisolated(unsafe) private static let line = UnsafeMutablePointer<UInt8>.allocate(
    capacity: room)
  nonisolated(unsafe) private static var length = 0

  /// From here on a trap says which case it was, and then ends the process as it would have.
  static func watch() {
    for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE] {
      signal(number) { number in
        FuzzMark.say()
        signal(number, SIG_DFL)
        raise(number)
      }
    }
  }

  static func set(_ target: FuzzTarget, seed: UInt64, number: UInt64) {
    let text =
      "\ngodwit-bench: a trap; run it again with: godwit-bench fuzz --parser \(target.rawValue) "
      + "--seed \(seed) --from \(number) --bytes 1\n"
    length = 0
    for byte in text.utf8.prefix(room) {
      line[length] = byte
      length += 1
    }
  }

  static func clear() { length = 0 }

  private static func say() { _ = write(STDERR_FILENO, line, length) }
}

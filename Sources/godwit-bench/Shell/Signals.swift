import Glibc

/// Signals as bytes in a pipe, so that the one loop sees them between its turns.
final class Signals {
  /// What the bench acts on.
  enum Notice: Equatable { case stop, childEnded, windowChanged }

  private let readEnd: Descriptor

  /// Takes over this process's signals; a program that it starts has their usual effect again.
  init() throws(BenchError) {
    let ends = try Descriptor.pipe()
    _ = fcntl(ends.write, F_SETFL, O_NONBLOCK)
    readEnd = Descriptor(ends.read)
    signalPipe = ends.write
    signal(SIGPIPE, SIG_IGN)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGWINCH] {
      signal(number) { number in
        var byte = UInt8(truncatingIfNeeded: number)
        write(signalPipe, &byte, 1)
      }
    }
  }

  func addInterest(to set: inout PollSet) { set.addReadable(readEnd.number) }

  /// The signals that came since the last call.
  func read(_ set: PollSet) -> [Notice] {
    guard set.isReadable(readEnd.number), case .bytes(let numbers) = readEnd.read(limit: 64) else {
      return []
    }
    return numbers.map { number in
      switch Int32(number) {
      case SIGCHLD: .childEnded
      case SIGWINCH: .windowChanged
      default: .stop
      }
    }
  }
}

/// Where the signal handler writes; set before a handler is in place and never closed.
nonisolated(unsafe) private var signalPipe: Int32 = -1

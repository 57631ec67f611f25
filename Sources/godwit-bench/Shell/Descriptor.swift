import Glibc

/// A file descriptor that is closed when its owner lets go of it.
struct Descriptor: ~Copyable {
  let number: Int32

  init(_ number: Int32) { self.number = number }

  deinit { close(number) }

  /// What one read found.
  enum Input: Equatable {
    case bytes([UInt8])
    /// Nothing is there now.
    case nothing
    /// The other side is gone: end of file, or an error such as EIO on a pty nobody has open.
    case ended(errno: Int32)
  }

  /// Reads once, `limit` bytes at most. The descriptor doesn't block.
  func read(limit: Int) -> Input {
    var buffer = [UInt8](repeating: 0, count: limit)
    let count = Glibc.read(number, &buffer, limit)
    if count > 0 { return .bytes(Array(buffer.prefix(count))) }
    if count == 0 { return .ended(errno: 0) }
    return errno == EAGAIN || errno == EINTR ? .nothing : .ended(errno: errno)
  }

  /// Writes once.
  ///
  /// - Returns: how many bytes were taken; 0 when there is no room; nil when the other side is gone.
  func write(_ bytes: some Collection<UInt8>) -> Int? {
    let count = Array(bytes).withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
    if count >= 0 { return count }
    return errno == EAGAIN || errno == EINTR ? 0 : nil
  }

  /// A pipe that a child doesn't inherit, and whose reader doesn't block; the caller owns both.
  static func pipe() throws(BenchError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    guard Glibc.pipe(&ends) == 0 else {
      throw .system("opening a pipe", remedy: "raise the limit of open files")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    return (ends[0], ends[1])
  }

  /// Writes all of it to a descriptor that blocks, such as standard output.
  ///
  /// - Returns: false when the other side is gone.
  @discardableResult static func writeAll(_ bytes: [UInt8], to number: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN {
          var waiting = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
          poll(&waiting, 1, -1)
          continue
        }
        return false
      }
      rest = rest.dropFirst(count)
    }
    return true
  }
}

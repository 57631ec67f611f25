import Glibc

/// A listening Unix socket of packets (`SOCK_SEQPACKET`, unix(7)): one text message a packet.
struct UnixListener: ~Copyable {
  let path: String
  private let descriptor: Descriptor

  var number: Int32 { descriptor.number }

  /// Takes over a path that a dead process left behind, but not one that is in use.
  init(path: String) throws(BenchError) {
    let number = try Self.makeSocket()
    let descriptor = Descriptor(number)
    if (try? Self.connected(to: path)) != nil {
      throw BenchError("\(path) is in use", remedy: "stop the other desk or name another path")
    }
    unlink(path)
    let bound = try withAddress(path) { bind(number, $0, $1) }
    guard bound == 0, listen(number, 8) == 0 else {
      throw .system("listening on \(path)", remedy: "see that its folder is there and writable")
    }
    self.path = path
    self.descriptor = descriptor
  }

  deinit { unlink(path) }

  /// The next caller's socket, or nil when nobody waits.
  func accept() -> Int32? {
    let number = Glibc.accept(descriptor.number, nil, nil)
    guard number >= 0 else { return nil }
    _ = fcntl(number, F_SETFL, O_NONBLOCK)
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    return number
  }

  /// A socket that is connected to a listener at `path`; the caller owns the number.
  static func connected(to path: String) throws(BenchError) -> Int32 {
    let number = try makeSocket()
    let result = try withAddress(path) { connect(number, $0, $1) }
    guard result == 0 else {
      let error = BenchError.system("connecting to \(path)", remedy: "see that godwit runs")
      close(number)
      throw error
    }
    return number
  }

  private static func makeSocket() throws(BenchError) -> Int32 {
    let type =
      Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let number = socket(AF_UNIX, type, 0)
    guard number >= 0 else {
      throw .system("opening a Unix socket", remedy: "raise the limit of open files")
    }
    return number
  }
}

/// Calls `body` with `path` as a socket address.
///
/// - Throws: when the path is longer than a socket's address can be (107 bytes, unix(7)).
private func withAddress(
  _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
) throws(BenchError) -> Int32 {
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  let bytes = Array(path.utf8)
  guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
    throw BenchError(
      "\(path) has \(bytes.count) bytes",
      remedy: "a socket's path has 107 at most: use a shorter one")
  }
  withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
  return withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
    }
  }
}

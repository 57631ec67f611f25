import Glibc

/// One end of a stream that doesn't block: what doesn't fit now goes out later.
final class StreamEnd {
  private static let readLimit = 65_536
  /// Bytes that wait for the other side at most; what comes on top is lost, as on a line.
  private static let backlogLimit = 1_048_576

  private let descriptor: Descriptor
  private var waiting: [UInt8] = []
  private var isOpen = true

  /// - Parameter number: taken over.
  init(_ number: Int32) { descriptor = Descriptor(number) }

  func addInterest(to set: inout PollSet) {
    guard isOpen else { return }
    set.addReadable(descriptor.number)
    if !waiting.isEmpty { set.addWritable(descriptor.number) }
  }

  func send(_ bytes: [UInt8]) {
    waiting += bytes.prefix(Self.backlogLimit - waiting.count)
    flush()
  }

  /// Moves what waits, and returns what has come.
  func transfer() -> [UInt8] {
    flush()
    guard isOpen else { return [] }
    switch descriptor.read(limit: Self.readLimit) {
    case .bytes(let bytes): return bytes
    case .nothing: return []
    case .ended:
      isOpen = false
      return []
    }
  }

  private func flush() {
    guard isOpen, !waiting.isEmpty else { return }
    if let count = descriptor.write(waiting) {
      waiting.removeFirst(count)
    } else {
      isOpen = false
    }
  }

  /// A stream socket that is connected to the listener at `path`; the caller owns the number.
  static func connected(to path: String) throws(BenchError) -> Int32 {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let number = socket(AF_UNIX, type, 0)
    guard number >= 0 else {
      throw .system("opening a Unix socket", remedy: "raise the limit of open files")
    }
    let result = try withUnixAddress(path) { connect(number, $0, $1) }
    guard result == 0 else {
      let error = BenchError.system("connecting to \(path)", remedy: "see that QEMU runs")
      close(number)
      throw error
    }
    _ = fcntl(number, F_SETFL, O_NONBLOCK)
    return number
  }
}

/// Calls `body` with `path` as a socket address (unix(7): 107 bytes at most).
private func withUnixAddress(
  _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
) throws(BenchError) -> Int32 {
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  let bytes = Array(path.utf8)
  guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
    throw BenchError(
      "\(path) has \(bytes.count) bytes, and a socket's path 107 at most",
      remedy: "set TMPDIR to a shorter folder")
  }
  withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
  return withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
    }
  }
}

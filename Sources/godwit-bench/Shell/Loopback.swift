import Glibc

/// Sockets of this machine's loopback interface. No call here can reach another machine.
enum Loopback {
  enum Transport: Equatable, Sendable { case udp, tcp }

  /// A UDP socket bound to 127.0.0.1:`port`; port 0 lets the kernel choose.
  static func boundUDP(port: UInt16) throws(BenchError) -> Int32 {
    let number = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | flags, 0)
    guard number >= 0 else {
      throw .system("opening a UDP socket", remedy: "raise the limit of open files")
    }
    guard withAddress(port, { bind(number, $0, $1) }) == 0 else {
      let error = BenchError.system(
        "binding 127.0.0.1:\(port)", remedy: "stop what uses that port or name another")
      close(number)
      throw error
    }
    return number
  }

  /// A TCP socket that listens on 127.0.0.1:`port`; port 0 lets the kernel choose.
  static func listeningTCP(port: UInt16) throws(BenchError) -> Int32 {
    let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | flags, 0)
    guard number >= 0 else {
      throw .system("opening a TCP socket", remedy: "raise the limit of open files")
    }
    // A desk that was stopped a moment ago must not keep the next one from its port.
    var isOn: Int32 = 1
    setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &isOn, socklen_t(MemoryLayout<Int32>.size))
    guard withAddress(port, { bind(number, $0, $1) }) == 0, listen(number, backlog) == 0 else {
      let error = BenchError.system(
        "listening on 127.0.0.1:\(port)", remedy: "stop what uses that port or name another")
      close(number)
      throw error
    }
    return number
  }

  /// The next caller's socket, or nil when nobody waits.
  static func accept(_ listener: Int32) -> Int32? {
    let number = Glibc.accept(listener, nil, nil)
    guard number >= 0 else { return nil }
    _ = fcntl(number, F_SETFL, O_NONBLOCK)
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    return number
  }

  /// The port that a bound socket has.
  static func port(of number: Int32) -> UInt16 {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(number, $0, &length) }
    }
    return UInt16(bigEndian: address.sin_port)
  }

  /// A socket on its way to 127.0.0.1:`port`.
  ///
  /// - Returns: nil when the machine refuses at once; a TCP socket is connected, or has failed,
  ///   once it takes bytes (connect(2), `EINPROGRESS`).
  static func connecting(_ transport: Transport, to port: UInt16) -> Int32? {
    let type = transport == .udp ? SOCK_DGRAM : SOCK_STREAM
    let number = socket(AF_INET, Int32(type.rawValue) | flags, 0)
    guard number >= 0 else { return nil }
    let result = withAddress(port) { connect(number, $0, $1) }
    if result == 0 || errno == EINPROGRESS { return number }
    close(number)
    return nil
  }

  /// Whether a TCP socket that takes bytes is connected (socket(7), `SO_ERROR`).
  static func isConnected(_ number: Int32) -> Bool {
    var error: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    return getsockopt(number, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error == 0
  }

  /// One datagram with its sender's port; nil when none is there.
  static func receive(_ number: Int32, limit: Int) -> (bytes: [UInt8], port: UInt16)? {
    var buffer = [UInt8](repeating: 0, count: limit)
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let count = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        recvfrom(number, &buffer, limit, 0, $0, &length)
      }
    }
    guard count >= 0 else { return nil }
    return (Array(buffer.prefix(count)), UInt16(bigEndian: address.sin_port))
  }

  /// Sends one datagram to 127.0.0.1:`port`; a lost one is lost.
  static func send(_ bytes: [UInt8], from number: Int32, to port: UInt16) {
    _ = withAddress(port) { address, length in
      Int32(truncatingIfNeeded: sendto(number, bytes, bytes.count, 0, address, length))
    }
  }

  /// Callers that wait to be accepted.
  private static let backlog: Int32 = 16

  private static var flags: Int32 { Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue) }

  private static func withAddress(
    _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}

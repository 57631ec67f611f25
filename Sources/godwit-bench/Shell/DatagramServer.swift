import Glibc
import Primitives

/// A UDP socket that answers whoever sends to it, and never speaks first.
final class DatagramServer {
  /// The largest UDP payload over IPv4.
  private static let datagramLimit = 65_507
  /// Datagrams thrown away in one go at most.
  private static let discardLimit = 10_000

  private let descriptor: Descriptor
  var number: Int32 { descriptor.number }

  /// - Parameters:
  ///   - address: of this machine; 0.0.0.0 is all it has.
  ///   - port: 0 lets the kernel choose.
  init(address: IPv4Address, port: UInt16) throws(BenchError) {
    let flags = Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let number = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | flags, 0)
    guard number >= 0 else {
      throw .system("opening a UDP socket", remedy: "raise the limit of open files")
    }
    let (a, b, c, d) = address.octets
    let peer = [a, b, c, d, UInt8(port >> 8), UInt8(port & 0xFF)]
    guard Self.withAddress(peer, { bind(number, $0, $1) }) == 0 else {
      let error = BenchError.system(
        "binding \(address.bytes.printable):\(port)",
        remedy: "name an address of this machine and a free port: [server] address, port")
      close(number)
      throw error
    }
    descriptor = Descriptor(number)
  }

  var port: UInt16 { Loopback.port(of: number) }

  /// One datagram and its sender: four bytes of address and two of port; nil when none is there.
  func receive() -> (bytes: [UInt8], peer: [UInt8])? {
    var buffer = [UInt8](repeating: 0, count: Self.datagramLimit)
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let count = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        recvfrom(number, &buffer, buffer.count, 0, $0, &length)
      }
    }
    guard count >= 0 else { return nil }
    let peer = withUnsafeBytes(of: address.sin_addr.s_addr) { Array($0) }
    let port = UInt16(bigEndian: address.sin_port)
    return (Array(buffer.prefix(count)), peer + [UInt8(port >> 8), UInt8(port & 0xFF)])
  }

  /// Answers a sender; a lost datagram is lost.
  func send(_ bytes: [UInt8], to peer: [UInt8]) {
    _ = Self.withAddress(peer) { address, length in
      Int32(truncatingIfNeeded: sendto(number, bytes, bytes.count, 0, address, length))
    }
  }

  /// Throws away what has come so far.
  func discard() {
    for _ in 0..<Self.discardLimit where receive() == nil { return }
  }

  private static func withAddress(
    _ peer: [UInt8], _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = (UInt16(peer[4]) << 8 | UInt16(peer[5])).bigEndian
    withUnsafeMutableBytes(of: &address.sin_addr.s_addr) { $0.copyBytes(from: peer[..<4]) }
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}

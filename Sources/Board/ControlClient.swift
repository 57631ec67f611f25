import CLinux
import Primitives

/// The command line's side of the control socket. It waits; the device's own process never uses it.
public struct ControlClient: ~Copyable {
  private let descriptor: Int32
  private let path: [UInt8]

  /// Connects to the process that listens at `path`.
  ///
  /// - Parameter timeout: how long connecting and each sending may take.
  public init(path: [UInt8], timeout: Duration) throws(BoardError) {
    let descriptor = linux_packet_socket(0)
    if descriptor < 0 { throw .control(.cannotConnect(errno: -descriptor), path: path) }
    var result = linux_set_send_timeout(descriptor, max(1, timeout.wholeMilliseconds))
    if result == 0 { result = linux_connect(descriptor, path + [0]) }
    if result < 0 {
      _ = linux_close(descriptor)
      if result == -linux_EAGAIN { throw .control(.notAnswering, path: path) }
      throw .control(.cannotConnect(errno: -result), path: path)
    }
    self.descriptor = descriptor
    self.path = path
  }

  deinit { _ = linux_close(descriptor) }

  /// Sends one packet of at most `ControlSocket.packetLimit` bytes.
  public func send(_ packet: [UInt8]) throws(BoardError) {
    if packet.count > ControlSocket.packetLimit {
      throw .control(.packetTooLong(lengthBytes: packet.count), path: path)
    }
    let count = linux_send(descriptor, packet, packet.count)
    if count == -Int(linux_EAGAIN) { throw .control(.notAnswering, path: path) }
    if count < 0 { throw .control(.transferFailed(errno: Int32(-count)), path: path) }
  }

  /// Waits for the next packet.
  ///
  /// - Parameter limit: how long; nil waits for ever.
  /// - Returns: nil when the other side has closed.
  /// - Throws: `.notAnswering` when the time was up.
  public func receive(within limit: Duration?) throws(BoardError) -> [UInt8]? {
    let milliseconds = limit.map { max(0, $0.wholeMilliseconds) } ?? -1
    let waited = linux_wait_readable(descriptor, milliseconds)
    if waited == 0 { throw .control(.notAnswering, path: path) }
    if waited < 0 { throw .control(.transferFailed(errno: -waited), path: path) }
    var packet = [UInt8](repeating: 0, count: ControlSocket.packetLimit)
    let count = linux_receive(descriptor, &packet, packet.count)
    if count == 0 || count == -Int(linux_ECONNRESET) { return nil }
    if count < 0 { throw .control(.transferFailed(errno: Int32(-count)), path: path) }
    if count > packet.count { throw .control(.packetTooLong(lengthBytes: count), path: path) }
    return Array(packet[..<count])
  }
}

import CLinux

/// The two pins of a simulated modem: one connection to a Unix socket that keeps packets apart.
///
/// A packet is one byte. We send `K` (power key asserted) and `k` (released); the desk sends `S`
/// (STATUS on) and `s` (off), the level of that moment first. A class, because the power key and
/// the STATUS line share it.
public final class DeskPins {
  let path: [UInt8]
  let descriptor: Int32
  /// The last level that the desk sent.
  private(set) var isStatusOn: Bool?

  init(path: [UInt8]) throws(BoardError) {
    let descriptor = linux_packet_socket(1)
    if descriptor < 0 { throw .pin(.cannotOpen(errno: -descriptor), .desk(path: path)) }
    let result = linux_connect(descriptor, path + [0])
    if result < 0 {
      _ = linux_close(descriptor)
      throw .pin(.cannotOpen(errno: -result), .desk(path: path))
    }
    self.path = path
    self.descriptor = descriptor
  }

  deinit { _ = linux_close(descriptor) }

  func setPowerKey(asserted: Bool) throws(BoardError) {
    let count = linux_send(descriptor, [UInt8(ascii: asserted ? "K" : "k")], 1)
    if count == -Int(linux_EPIPE) || count == -Int(linux_ECONNRESET) {
      throw .pin(.deskGone, .desk(path: path))
    }
    if count < 0 { throw .pin(.cannotSet(errno: Int32(-count)), .desk(path: path)) }
  }

  /// The next level that the desk sent; nil when there is none. Other packets are passed over.
  func nextStatus() throws(BoardError) -> Bool? {
    var packet: [UInt8] = [0]
    while true {
      let count = linux_receive(descriptor, &packet, packet.count)
      if count == -Int(linux_EAGAIN) { return nil }
      if count == 0 || count == -Int(linux_ECONNRESET) {
        throw .pin(.deskGone, .desk(path: path))
      }
      if count < 0 { throw .pin(.cannotRead(errno: Int32(-count)), .desk(path: path)) }
      let isLevel = packet[0] == UInt8(ascii: "S") || packet[0] == UInt8(ascii: "s")
      guard count == 1, isLevel else { continue }
      isStatusOn = packet[0] == UInt8(ascii: "S")
      return isStatusOn
    }
  }
}

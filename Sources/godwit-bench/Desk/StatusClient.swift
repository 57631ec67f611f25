import Glibc
import Primitives

/// Asks the device how it is, over its control socket, without ever waiting for it.
final class StatusClient {
  private static let answerLimit = 4096

  private let path: String
  private var socket: Socket?

  private final class Socket {
    let descriptor: Descriptor
    init(_ number: Int32) { descriptor = Descriptor(number) }
  }

  init(path: String) { self.path = path }

  /// Asks once; a device that isn't there, or still owes an answer, isn't asked.
  func ask() {
    guard socket == nil, let number = try? UnixListener.connected(to: path) else { return }
    let socket = Socket(number)
    if socket.descriptor.write(Array("status".utf8)) != nil { self.socket = socket }
  }

  func addInterest(to set: inout PollSet) {
    if let socket { set.addReadable(socket.descriptor.number) }
  }

  /// The answer, once it is there.
  func read(_ set: PollSet) -> DeviceStatus? {
    guard let descriptor = socket, set.isReadable(descriptor.descriptor.number) else { return nil }
    switch descriptor.descriptor.read(limit: Self.answerLimit) {
    case .nothing: return nil
    case .ended:
      socket = nil
      return nil
    case .bytes(let text):
      socket = nil
      return DeviceStatus(json: text)
    }
  }
}

import Glibc
import ModemSimulator
import Primitives

/// The simulated modem's sockets, carried out on this machine's loopback interface.
final class ModemSockets {
  /// What the sockets have to tell the modem.
  enum Report: Equatable {
    case input(SimulatedModem.Input)
    /// The device asked for a server that isn't in the table. Nothing was sent anywhere.
    case unmapped(host: [UInt8], port: UInt16)
    /// The module asked for TLS, which it doesn't really speak: a real server would see plain bytes.
    case secure(host: [UInt8], port: UInt16)
  }

  /// One datagram or one piece of a stream.
  private static let readLimit = 2048
  /// Reads of one socket in one turn, so that a flood can't hold up the modem.
  private static let turnLimit = 64
  /// Bytes of a stream that wait for the peer at most; a slower peer loses its connection.
  private static let backlogLimit = 65_536

  private let map: SocketMap
  private var sockets: [Entry] = []
  private var reports: [Report] = []

  private final class Entry {
    let id: SocketID
    let transport: Loopback.Transport
    let descriptor: Descriptor
    var isConnected: Bool
    var backlog: [UInt8] = []

    init(_ id: SocketID, _ transport: Loopback.Transport, _ number: Int32) {
      self.id = id
      self.transport = transport
      descriptor = Descriptor(number)
      isConnected = transport == .udp
    }
  }

  init(map: SocketMap) { self.map = map }

  func addInterest(to set: inout PollSet) {
    for socket in sockets {
      if socket.isConnected { set.addReadable(socket.descriptor.number) }
      if !socket.isConnected || !socket.backlog.isEmpty {
        set.addWritable(socket.descriptor.number)
      }
    }
  }

  func open(_ id: SocketID, _ transport: Loopback.Transport, host: [UInt8], port: UInt16) {
    guard let local = map.localPort(host: host, port: port) else {
      reports += [.unmapped(host: host, port: port), .input(.socketFailed(id, .unreachable))]
      return
    }
    guard let number = Loopback.connecting(transport, to: local) else {
      reports.append(.input(.socketFailed(id, .refused)))
      return
    }
    sockets.append(Entry(id, transport, number))
    if transport == .udp { reports.append(.input(.socketOpened(id))) }
  }

  /// Refuses a TLS connection as one that fails. Nothing was sent anywhere.
  func refuseSecure(_ id: SocketID, host: [UInt8], port: UInt16) {
    reports += [.secure(host: host, port: port), .input(.socketFailed(id, .unreachable))]
  }

  func send(_ bytes: [UInt8], on id: SocketID) {
    guard let socket = sockets.first(where: { $0.id == id }) else { return }
    if socket.transport == .udp {
      _ = socket.descriptor.write(bytes)
    } else {
      socket.backlog += bytes
      flush(socket)
    }
  }

  func close(_ id: SocketID) { sockets.removeAll { $0.id == id } }

  /// What happened since the last call, oldest first.
  func read(_ set: PollSet) -> [Report] {
    for socket in sockets {
      let number = socket.descriptor.number
      if !socket.isConnected, set.isWritable(number) {
        connected(socket)
      } else {
        if set.isWritable(number) { flush(socket) }
        if set.isReadable(number) { receive(socket) }
      }
    }
    defer { reports = [] }
    return reports
  }

  /// Whether `read` has something to say without waiting.
  var hasReports: Bool { !reports.isEmpty }

  private func connected(_ socket: Entry) {
    if Loopback.isConnected(socket.descriptor.number) {
      socket.isConnected = true
      reports.append(.input(.socketOpened(socket.id)))
    } else {
      close(socket.id)
      reports.append(.input(.socketFailed(socket.id, .refused)))
    }
  }

  private func receive(_ socket: Entry) {
    for _ in 0..<Self.turnLimit {
      switch socket.descriptor.read(limit: Self.readLimit) {
      case .bytes(let bytes): reports.append(.input(.socketReceived(socket.id, bytes)))
      case .nothing: return
      case .ended:
        // On UDP that is an ICMP "port unreachable": the datagram is lost, the socket stays.
        if socket.transport == .udp { return }
        close(socket.id)
        reports.append(.input(.socketClosed(socket.id)))
        return
      }
    }
  }

  private func flush(_ socket: Entry) {
    guard !socket.backlog.isEmpty else { return }
    guard let count = socket.descriptor.write(socket.backlog),
      socket.backlog.count - count <= Self.backlogLimit
    else {
      close(socket.id)
      reports.append(.input(.socketClosed(socket.id)))
      return
    }
    socket.backlog.removeFirst(count)
  }
}

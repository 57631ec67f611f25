import CLinux
import Primitives

/// The device's side of the control socket: packets from the command line and from the machine's
/// own sensor programs (unix(7), SOCK_SEQPACKET, mode 0660).
///
/// It has an event loop of its own inside, so the process watches one descriptor for all clients.
/// Closed, and its file removed, when it goes out of scope.
public struct ControlSocket: ~Copyable {
  /// The most clients at a time. One more takes the place of the one that has been idle longest, or
  /// is closed as soon as it comes where none has been idle for `idleLimit`.
  public static let clientLimit = 8
  /// A client that has sent no request for so long makes room when another wants in.
  public static let idleLimit = Duration.seconds(10)
  /// The longest packet either way, in bytes.
  public static let packetLimit = 4096
  /// The most packets that wait for one client, over what the kernel holds (`SO_SNDBUF`). A client
  /// that reads too slowly for that is dropped.
  public static let queueLimit = 64

  /// To be watched for reading; then call `poll`.
  public let descriptor: Int32
  private let listener: Int32
  private let path: [UInt8]
  private var clients: [Client] = []
  private var lastID: UInt32 = 0
  private var ready = [linux_ready](
    repeating: linux_ready(token: 0, conditions: 0), count: Int(linux_ready_limit))
  private var packet = [UInt8](repeating: 0, count: ControlSocket.packetLimit)

  /// Listens at `path` (at most 107 bytes). A socket file that nobody answers on any more is
  /// replaced; anything else of that name is left alone.
  public init(path: [UInt8]) throws(BoardError) {
    let listener = try Self.listen(at: path)
    let epoll = linux_epoll()
    let added = epoll < 0 ? epoll : linux_epoll_add(epoll, listener, 0, Conditions.readable.mask)
    if added < 0 {
      _ = linux_close(listener)
      if epoll >= 0 { _ = linux_close(epoll) }
      throw .kernel(.eventLoop, errno: -added)
    }
    self.descriptor = epoll
    self.listener = listener
    self.path = path
  }

  deinit {
    for client in clients { _ = linux_close(client.descriptor) }
    _ = linux_close(listener)
    _ = linux_close(descriptor)
    _ = linux_unlink(path + [0])
  }

  /// What the clients have sent since the last call, at most one packet of each; more stays for the
  /// next call, the descriptor being readable still. Sends on what waits. Never waits itself.
  ///
  /// - Parameter kept: clients that never count as idle: something is still to be sent to them.
  public mutating func poll(
    now: Instant = BoardClock.now, keeping kept: [ControlClientID] = []
  ) throws(BoardError) -> [ControlInput] {
    let count = linux_epoll_wait(descriptor, &ready, 0)
    if count < 0 { throw .kernel(.eventLoop, errno: -count) }
    var inputs: [ControlInput] = []
    var isKnocking = false
    for entry in ready[..<Int(count)] {
      if entry.token == 0 {
        isKnocking = true
      } else if let index = index(of: ControlClientID(rawValue: entry.token)) {
        serve(index, Conditions(rawValue: entry.conditions), now: now, into: &inputs)
      }
    }
    // Last, so that nobody is shown out whose request has just come.
    if isKnocking { try acceptClients(now: now, keeping: kept, into: &inputs) }
    return inputs
  }

  /// Sends a packet to a client, or keeps it until the client reads.
  ///
  /// - Returns: false when the client has gone, or has been dropped now for reading too slowly.
  @discardableResult
  public mutating func send(_ packet: [UInt8], to id: ControlClientID) -> Bool {
    precondition(!packet.isEmpty && packet.count <= Self.packetLimit)
    guard let index = index(of: id) else { return false }
    if clients[index].waiting.count >= Self.queueLimit {
      drop(index)
      return false
    }
    clients[index].waiting.append(packet)
    if flush(index) { return true }
    drop(index)
    return false
  }

  /// Ends a client's connection. One that has gone is ignored.
  public mutating func close(_ id: ControlClientID) {
    if let index = index(of: id) { drop(index) }
  }

  /// How many packets wait for a client; 0 for one that has gone.
  func waitingPackets(of id: ControlClientID) -> Int {
    index(of: id).map { clients[$0].waiting.count } ?? 0
  }

  private mutating func acceptClients(
    now: Instant, keeping kept: [ControlClientID], into inputs: inout [ControlInput]
  ) throws(BoardError) {
    // Bounded, though a flood of connections would only be closed again.
    for _ in 0..<Self.clientLimit {
      let client = linux_accept(listener)
      if client == -linux_EAGAIN { return }
      if client < 0 { throw .control(.transferFailed(errno: -client), path: path) }
      lastID = lastID == .max ? 1 : lastID + 1
      if clients.count == Self.clientLimit { showOutIdle(now: now, keeping: kept, into: &inputs) }
      let isWelcome = clients.count < Self.clientLimit
      if isWelcome, linux_epoll_add(descriptor, client, lastID, Conditions.readable.mask) == 0 {
        clients.append(
          Client(id: ControlClientID(rawValue: lastID), descriptor: client, heardAt: now))
      } else {
        _ = linux_close(client)
      }
    }
  }

  /// Drops the client that has been idle longest, if that is long enough.
  private mutating func showOutIdle(
    now: Instant, keeping kept: [ControlClientID], into inputs: inout [ControlInput]
  ) {
    let idle = clients.indices.filter {
      clients[$0].heardAt + Self.idleLimit <= now && !kept.contains(clients[$0].id)
    }
    guard let index = idle.min(by: { clients[$0].heardAt < clients[$1].heardAt }) else { return }
    inputs.append(.closed(clients[index].id))
    drop(index)
  }

  private mutating func serve(
    _ index: Int, _ conditions: Conditions, now: Instant, into inputs: inout [ControlInput]
  ) {
    let id = clients[index].id
    if conditions.contains(.writable), !flush(index) {
      drop(index)
      inputs.append(.closed(id))
      return
    }
    if conditions.isDisjoint(with: [.readable, .hungUp]) { return }
    let count = linux_receive(clients[index].descriptor, &packet, packet.count)
    if count == -Int(linux_EAGAIN) { return }
    if count <= 0 {
      drop(index)
      inputs.append(.closed(id))
      return
    }
    clients[index].heardAt = now
    if count > packet.count {
      inputs.append(.tooLong(id, lengthBytes: count))
    } else {
      inputs.append(.received(id, Array(packet[..<count])))
    }
  }

  /// Sends what waits for a client; false when the client has gone.
  private mutating func flush(_ index: Int) -> Bool {
    while let packet = clients[index].waiting.first {
      let count = linux_send(clients[index].descriptor, packet, packet.count)
      if count == -Int(linux_EAGAIN) { break }
      if count < 0 { return false }
      clients[index].waiting.removeFirst()
    }
    let isWaiting = !clients[index].waiting.isEmpty
    if isWaiting == clients[index].isWatchedForWriting { return true }
    clients[index].isWatchedForWriting = isWaiting
    let conditions: Conditions = isWaiting ? [.readable, .writable] : .readable
    let client = clients[index]
    return linux_epoll_change(descriptor, client.descriptor, client.id.rawValue, conditions.mask)
      == 0
  }

  private mutating func drop(_ index: Int) {
    _ = linux_close(clients[index].descriptor)  // This takes it out of the epoll set as well.
    clients.remove(at: index)
  }

  private func index(of id: ControlClientID) -> Int? { clients.firstIndex { $0.id == id } }

  private struct Client {
    let id: ControlClientID
    let descriptor: Int32
    /// When its last request came, or it itself.
    var heardAt: Instant
    var waiting: [[UInt8]] = []
    var isWatchedForWriting = false
  }
}

/// What came over the control socket.
public enum ControlInput: Equatable, Sendable {
  case received(ControlClientID, [UInt8])
  /// A packet above `ControlSocket.packetLimit`, which was thrown away.
  case tooLong(ControlClientID, lengthBytes: Int)
  /// The client has gone; its identity isn't used again.
  case closed(ControlClientID)
}

/// One connection to the control socket.
public struct ControlClientID: Hashable, Sendable {
  let rawValue: UInt32
}

extension ControlSocket {
  /// The most connections that wait to be accepted.
  private static let backlog: Int32 = 8
  /// Read and write for the owner and the group (chmod(2)).
  private static let mode: UInt32 = 0o660

  private static func listen(at path: [UInt8]) throws(BoardError) -> Int32 {
    let listener = linux_packet_socket(1)
    if listener < 0 { throw .control(.cannotListen(errno: -listener), path: path) }
    var bound = linux_bind(listener, path + [0])
    if bound == -linux_EADDRINUSE {
      if let fault = removeStale(path) {
        _ = linux_close(listener)
        throw .control(fault, path: path)
      }
      bound = linux_bind(listener, path + [0])
    }
    // The mode before listen(2): until then nobody can connect.
    if bound == 0 { bound = linux_set_mode(path + [0], mode) }
    if bound == 0 { bound = linux_listen(listener, backlog) }
    if bound == 0 { return listener }
    _ = linux_close(listener)
    throw .control(.cannotListen(errno: -bound), path: path)
  }

  /// Removes a socket file on which nobody listens; nil when it could be.
  private static func removeStale(_ path: [UInt8]) -> ControlFault? {
    let found = linux_is_socket(path + [0])
    if found < 0 { return .cannotListen(errno: -found) }
    if found == 0 { return .notSocket }
    let probe = linux_packet_socket(1)
    if probe < 0 { return .cannotListen(errno: -probe) }
    let connected = linux_connect(probe, path + [0])
    _ = linux_close(probe)
    guard connected == -linux_ECONNREFUSED else { return .taken }
    let removed = linux_unlink(path + [0])
    return removed < 0 ? .cannotListen(errno: -removed) : nil
  }
}

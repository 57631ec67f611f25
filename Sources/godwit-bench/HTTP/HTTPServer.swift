import Glibc
import Primitives

/// A server on 127.0.0.1: one request and one answer a connection, without ever waiting for a peer.
final class HTTPServer {
  /// Peers at once; the next waits in the kernel until one has gone.
  static let connectionLimit = 16
  /// So long a peer has for its request, and as long to take the answer.
  static let patience = Duration.seconds(10)
  private static let readLimit = 4096

  let port: UInt16
  private let listener: Descriptor
  private var connections: [Connection] = []

  private final class Connection {
    let descriptor: Descriptor
    var reader = HTTPRequestReader()
    var output: [UInt8] = []
    /// The answer is in `output`: what else comes is ignored.
    var isAnswered = false
    var end: Instant

    init(_ number: Int32, end: Instant) {
      descriptor = Descriptor(number)
      self.end = end
    }
  }

  /// - Parameter port: 0 lets the kernel choose.
  init(port: UInt16) throws(BenchError) {
    let number = try Loopback.listeningTCP(port: port)
    listener = Descriptor(number)
    self.port = Loopback.port(of: number)
  }

  var deadline: Instant? { connections.map(\.end).min() }

  func addInterest(to set: inout PollSet) {
    if connections.count < Self.connectionLimit { set.addReadable(listener.number) }
    for connection in connections {
      if connection.output.isEmpty { set.addReadable(connection.descriptor.number) }
      if !connection.output.isEmpty { set.addWritable(connection.descriptor.number) }
    }
  }

  /// Carries what is ready, and answers every whole request with what `body` makes of it.
  func serve(_ set: PollSet, now: Instant, _ body: (HTTPRequest) -> HTTPResponse) {
    for connection in connections where set.isReadable(connection.descriptor.number) {
      read(connection, now: now, body)
    }
    for connection in connections {
      if connection.end <= now, !connection.isAnswered {
        answer(connection, .refusal(408, "the request didn't come in time"), now: now)
      }
      if !connection.output.isEmpty { write(connection, now: now) }
    }
    connections.removeAll { $0.end <= now }
    guard set.isReadable(listener.number) else { return }
    while connections.count < Self.connectionLimit,
      let number = Loopback.accept(listener.number)
    {
      connections.append(Connection(number, end: now + Self.patience))
    }
  }

  private func read(_ connection: Connection, now: Instant, _ body: (HTTPRequest) -> HTTPResponse) {
    guard !connection.isAnswered else { return }
    switch connection.descriptor.read(limit: Self.readLimit) {
    case .nothing: return
    case .ended: connection.end = now
    case .bytes(let bytes):
      switch connection.reader.push(bytes) {
      case .incomplete: return
      case .wantsContinue: connection.output += HTTPResponse.goOn
      case .refused(let response): answer(connection, response, now: now)
      case .request(let request):
        let response =
          isOurs(request)
          ? body(request) : .refusal(421, "this server is 127.0.0.1 or localhost, no other host")
        answer(connection, response, now: now)
      }
    }
  }

  /// A page in a browser may reach this port under a name of its own choice (DNS rebinding): only the
  /// loopback's names are answered.
  private func isOurs(_ request: HTTPRequest) -> Bool {
    let host = request.value("host") ?? ""
    let name = host.hasSuffix(":\(port)") ? String(host.dropLast("\(port)".count + 1)) : host
    return name == "127.0.0.1" || name == "localhost"
  }

  private func answer(_ connection: Connection, _ response: HTTPResponse, now: Instant) {
    connection.output += response.bytes
    connection.isAnswered = true
    connection.end = now + Self.patience
  }

  private func write(_ connection: Connection, now: Instant) {
    guard let count = connection.descriptor.write(connection.output) else {
      connection.end = now
      return
    }
    connection.output.removeFirst(count)
    if connection.isAnswered, connection.output.isEmpty {
      // Bytes that were never read would make the close a reset, which may overtake the answer.
      shutdown(connection.descriptor.number, Int32(SHUT_WR))
      while case .bytes = connection.descriptor.read(limit: Self.readLimit) {}
      connection.end = now
    }
  }
}

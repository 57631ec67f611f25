import Glibc
import ModemSimulator
import Primitives
import Testing

@testable import godwit_bench

@Suite("The modem's sockets") struct ModemSocketsTests {
  private static let socket = SocketID(number: 0, opening: 1)

  @Test("a datagram goes to the port that stands for the server, and its answer comes back")
  func datagrams() throws {
    let server = Descriptor(try Loopback.boundUDP(port: 0))
    let sockets = ModemSockets(map: try Self.map(Loopback.port(of: server.number)))
    sockets.open(Self.socket, .udp, host: Array("a.example".utf8), port: 5683)
    #expect(sockets.hasReports)
    #expect(Self.turn(sockets) == [.input(.socketOpened(Self.socket))])
    sockets.send([1, 2, 3], on: Self.socket)
    let (bytes, peer) = try #require(Self.receive(server.number))
    #expect(bytes == [1, 2, 3])
    Loopback.send([4], from: server.number, to: peer)
    Loopback.send([], from: server.number, to: peer)
    Loopback.send([5], from: server.number, to: peer)
    #expect(Self.turn(sockets).first == .input(.socketReceived(Self.socket, [4])))
  }

  @Test("a server that isn't in the table is refused and named; nothing is opened")
  func unmapped() throws {
    let sockets = ModemSockets(map: try Self.map(9))
    sockets.open(Self.socket, .udp, host: Array("b.example".utf8), port: 53)
    #expect(
      Self.turn(sockets) == [
        .unmapped(host: Array("b.example".utf8), port: 53),
        .input(.socketFailed(Self.socket, .unreachable)),
      ])
    var set = PollSet()
    sockets.addInterest(to: &set)
    #expect(set.isEmpty)
  }

  @Test("TLS is refused and named, be the server in the table or not; nothing is opened")
  func secure() throws {
    let sockets = ModemSockets(map: try Self.map(9))
    sockets.refuseSecure(Self.socket, host: Array("a.example".utf8), port: 443)
    #expect(
      Self.turn(sockets) == [
        .secure(host: Array("a.example".utf8), port: 443),
        .input(.socketFailed(Self.socket, .unreachable)),
      ])
    var set = PollSet()
    sockets.addInterest(to: &set)
    #expect(set.isEmpty)
  }

  @Test("a TCP port that nobody listens on is refused") func refused() throws {
    let free = Descriptor(try Loopback.boundUDP(port: 0))
    let sockets = ModemSockets(map: try Self.map(Loopback.port(of: free.number)))
    sockets.open(Self.socket, .tcp, host: Array("a.example".utf8), port: 80)
    #expect(Self.turn(sockets) == [.input(.socketFailed(Self.socket, .refused))])
  }

  @Test("a datagram that nobody takes is lost, and the socket stays") func lost() throws {
    let free = Descriptor(try Loopback.boundUDP(port: 0))
    let port = Loopback.port(of: free.number)
    _ = consume free
    let sockets = ModemSockets(map: try Self.map(port))
    sockets.open(Self.socket, .udp, host: Array("a.example".utf8), port: 1)
    _ = Self.turn(sockets)
    sockets.send([1], on: Self.socket)
    #expect(Self.turn(sockets) == [])
    var set = PollSet()
    sockets.addInterest(to: &set)
    #expect(!set.isEmpty)
  }

  private static func map(_ port: UInt16) throws -> SocketMap {
    var map = SocketMap()
    try map.add(text: "a.example=127.0.0.1:\(port)")
    return map
  }

  private static func turn(_ sockets: ModemSockets) -> [ModemSockets.Report] {
    var set = PollSet()
    sockets.addInterest(to: &set)
    if !sockets.hasReports { set.wait(until: .milliseconds(2000), now: .start) }
    return sockets.read(set)
  }

  private static func receive(_ number: Int32) -> (bytes: [UInt8], port: UInt16)? {
    var set = PollSet()
    set.addReadable(number)
    set.wait(until: .milliseconds(2000), now: .start)
    return Loopback.receive(number, limit: 100)
  }
}

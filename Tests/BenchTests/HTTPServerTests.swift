import Glibc
import Primitives
import Testing

@testable import godwit_bench

@Suite("The desk's server") struct HTTPServerTests {
  private static func at(_ milliseconds: Int64) -> Instant { .milliseconds(milliseconds) }

  @Test("answers a request of this machine's names, and no other") func hosts() throws {
    let server = try HTTPServer(port: 0)
    for (host, wanted) in [
      ("127.0.0.1:\(server.port)", "200 OK"), ("localhost", "200 OK"),
      ("127.0.0.1:\(server.port)0", "421 Misdirected Request"),
      ("evil.example:\(server.port)", "421 Misdirected Request"),
    ] {
      let text = try Self.exchange(server, "GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n")
      #expect(text.hasPrefix("HTTP/1.1 \(wanted)\r\n"), "\(host)")
      #expect(text.contains("Connection: close\r\n"))
    }
  }

  @Test("a peer that doesn't finish is answered 408 after its time, and let go") func slow() throws
  {
    let server = try HTTPServer(port: 0)
    let peer = try Self.connected(server)
    _ = peer.write(Array("GET / HT".utf8))
    Self.turn(server, now: Self.at(0))
    Self.turn(server, now: Self.at(1))
    #expect(server.deadline == Self.at(10_000))
    Self.turn(server, now: Self.at(9999))
    #expect(peer.read(limit: 100) == .nothing)
    Self.turn(server, now: Self.at(10_000))
    guard case .bytes(let bytes) = peer.read(limit: 1000) else {
      Issue.record("no answer")
      return
    }
    #expect(Array(bytes).hasPrefix("HTTP/1.1 408 "))
    Self.turn(server, now: Self.at(10_001))
    #expect(server.deadline == nil)
  }

  @Test("keeps so many peers at once; the next is served once one has gone") func crowd() throws {
    let server = try HTTPServer(port: 0)
    var peers: [Peer] = []
    for _ in 0...HTTPServer.connectionLimit { peers.append(Peer(try Self.connecting(server))) }
    for _ in 0..<3 { Self.turn(server, now: Self.at(0)) }
    _ = peers.last?.descriptor.write(Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
    Self.turn(server, now: Self.at(1))
    #expect(peers.last?.descriptor.read(limit: 10) == .nothing)
    peers.removeFirst()
    for now in 2...5 as ClosedRange<Int64> { Self.turn(server, now: Self.at(now)) }
    #expect(peers.last?.descriptor.read(limit: 12) == .bytes(Array("HTTP/1.1 200".utf8)))
  }

  private final class Peer {
    let descriptor: Descriptor
    init(_ number: Int32) { descriptor = Descriptor(number) }
  }

  private static func connecting(_ server: HTTPServer) throws -> Int32 {
    let number = try #require(Loopback.connecting(.tcp, to: server.port))
    var waiting = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
    poll(&waiting, 1, 1000)
    return number
  }

  private static func connected(_ server: HTTPServer) throws -> Descriptor {
    Descriptor(try connecting(server))
  }

  private static func turn(_ server: HTTPServer, now: Instant) {
    var set = PollSet()
    server.addInterest(to: &set)
    set.wait(until: now + .milliseconds(20), now: now)
    server.serve(set, now: now) { _ in HTTPResponse(200) }
  }

  private static func exchange(_ server: HTTPServer, _ request: String) throws -> String {
    let peer = try connected(server)
    _ = peer.write(Array(request.utf8))
    var text: [UInt8] = []
    for now in 0..<50 as Range<Int64> {
      turn(server, now: at(now))
      switch peer.read(limit: 1000) {
      case .bytes(let bytes): text += bytes
      case .nothing: continue
      case .ended: return String(decoding: text, as: UTF8.self)
      }
    }
    Issue.record("the connection wasn't closed")
    return String(decoding: text, as: UTF8.self)
  }
}

import Glibc
import Primitives
import Testing

@testable import godwit_bench

@Suite("The modem's pins") struct PinServerTests {
  @Test("a board hears STATUS at once and at each change, and RI once it has asked for it")
  func levels() throws {
    let folder = try Folder()
    let server = try PinServer(path: folder.path + "/pins")
    server.setStatus(isOn: true)
    let board = try Board(folder.path + "/pins")
    #expect(Self.turn(server) == [])
    #expect(board.packet() == Array("S".utf8))
    server.setRing(isAsserted: true)
    server.setStatus(isOn: false)
    #expect(board.packet() == Array("s".utf8))
    board.send("R")
    #expect(Self.turn(server) == [])
    #expect(board.packet() == Array("R".utf8))
    server.setRing(isAsserted: false)
    #expect(board.packet() == Array("r".utf8))
  }

  @Test("the key is asserted while any board holds it, and let go by one that leaves")
  func key() throws {
    let folder = try Folder()
    let server = try PinServer(path: folder.path + "/pins")
    var boards = [try Board(folder.path + "/pins"), try Board(folder.path + "/pins")]
    #expect(Self.turn(server) == [])
    #expect(Self.turn(server) == [])
    boards[0].send("K")
    #expect(Self.turn(server) == [.powerKey(isAsserted: true)])
    boards[1].send("K")
    #expect(Self.turn(server) == [])
    boards[0].send("k")
    #expect(Self.turn(server) == [])
    boards.removeLast()
    #expect(Self.turn(server) == [.powerKey(isAsserted: false)])
  }

  @Test("a pulse within one turn is seen whole, and other packets mean nothing") func pulse() throws
  {
    let folder = try Folder()
    let server = try PinServer(path: folder.path + "/pins")
    let board = try Board(folder.path + "/pins")
    _ = Self.turn(server)
    for packet in ["x", "K", "KK", "k"] { board.send(packet) }
    #expect(Self.turn(server) == [.powerKey(isAsserted: true), .powerKey(isAsserted: false)])
  }

  @Test("a path in use is refused, one left behind is taken over") func path() throws {
    let folder = try Folder()
    let path = folder.path + "/pins"
    do {
      let server = try PinServer(path: path)
      #expect(throws: BenchError.self) { try PinServer(path: path) }
      _ = Self.turn(server)
    }
    #expect(access(path, F_OK) != 0)
    #expect(throws: BenchError.self) {
      try PinServer(path: folder.path + "/" + String(repeating: "x", count: 108))
    }
  }

  private static func turn(_ server: PinServer) -> [PinServer.Input] {
    var set = PollSet()
    server.addInterest(to: &set)
    set.wait(until: .milliseconds(1000), now: .start)
    return server.read(set)
  }
}

/// The board's end of the socket.
private final class Board {
  private let descriptor: Descriptor

  init(_ path: String) throws { descriptor = Descriptor(try UnixListener.connected(to: path)) }

  func send(_ text: String) { _ = descriptor.write(Array(text.utf8)) }

  func packet() -> [UInt8] {
    var set = PollSet()
    set.addReadable(descriptor.number)
    set.wait(until: .milliseconds(1000), now: .start)
    guard case .bytes(let bytes) = descriptor.read(limit: 64) else { return [] }
    return bytes
  }
}

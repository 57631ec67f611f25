import Glibc
import Primitives
import Testing

@testable import godwit_bench

@Suite("The modem's pty", .serialized) struct PseudoTerminalTests {
  @Test("bytes go both ways, whatever they are") func bytes() throws {
    let folder = try Folder()
    let modem = try PseudoTerminal(path: folder.path + "/modem")
    let host = try Host(modem.path)
    #expect(Self.read(modem, count: 0) == [])
    #expect(modem.isOpen)
    host.write(Array(0...255))
    #expect(Self.read(modem, count: 256) == Array(0...255))
    modem.write(Array(0...255))
    #expect(host.read(count: 256) == Array(0...255))
  }

  @Test("what the modem sends while nobody has it open is lost, and counted") func unheard() throws
  {
    let folder = try Folder()
    let modem = try PseudoTerminal(path: folder.path + "/modem")
    modem.write([1, 2, 3])
    #expect(modem.unheardBytes == 3)
    let host = try Host(modem.path)
    _ = Self.read(modem, count: 0)
    modem.write([4])
    #expect(host.read(count: 1) == [4])
  }

  @Test("closing and opening again is seen, and what was unread is gone") func again() throws {
    let folder = try Folder()
    let modem = try PseudoTerminal(path: folder.path + "/modem")
    do {
      let host = try Host(modem.path)
      _ = Self.read(modem, count: 0)
      modem.write([1, 2, 3])
      host.write([9])
    }
    #expect(Self.read(modem, count: 1) == [9])
    #expect(Self.read(modem, count: 0) == [])
    #expect(!modem.isOpen)
    let host = try Host(modem.path)
    _ = Self.read(modem, count: 0)
    #expect(modem.isOpen)
    modem.write([4])
    #expect(host.read(count: 1) == [4])
  }

  @Test("while the host has it closed, the loop sleeps") func sleeps() throws {
    let folder = try Folder()
    let modem = try PseudoTerminal(path: folder.path + "/modem")
    do {
      _ = try Host(modem.path)
    }
    for _ in 0..<3 { _ = Self.turn(modem, milliseconds: 0) }
    var set = PollSet()
    modem.addInterest(to: &set)
    set.wait(until: .start, now: .start)
    #expect(!set.isAnyReady)
  }

  @Test("its link goes with it, and only a link is replaced") func link() throws {
    let folder = try Folder()
    let path = folder.path + "/modem"
    do {
      _ = try PseudoTerminal(path: path)
    }
    #expect(access(path, F_OK) != 0)
    try Path.write("precious", to: path)
    #expect(throws: BenchError.self) { try PseudoTerminal(path: path) }
    #expect(try Path.read(path) == "precious")
  }

  /// One turn of the loop; a byte that was written is there at once, so nothing is waited for long.
  private static func turn(_ modem: PseudoTerminal, milliseconds: Int64 = 1000) -> [UInt8] {
    var set = PollSet()
    modem.addInterest(to: &set)
    set.wait(until: .milliseconds(milliseconds), now: .start)
    return modem.read(set)
  }

  private static func read(_ modem: PseudoTerminal, count: Int) -> [UInt8] {
    var bytes = turn(modem, milliseconds: 0)
    var turns = 0
    while bytes.count < count, turns < 100 {
      bytes += turn(modem)
      turns += 1
    }
    return bytes
  }
}

/// The other side of the pty, as a board has it open.
private final class Host {
  private let descriptor: Descriptor

  init(_ path: String) throws {
    descriptor = Descriptor(open(path, O_RDWR | O_NOCTTY | O_NONBLOCK))
    try #require(descriptor.number >= 0)
  }

  func write(_ bytes: [UInt8]) { Descriptor.writeAll(bytes, to: descriptor.number) }

  func read(count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var turns = 0
    while bytes.count < count, turns < 100 {
      var set = PollSet()
      set.addReadable(descriptor.number)
      set.wait(until: .milliseconds(1000), now: .start)
      if case .bytes(let more) = descriptor.read(limit: 512) { bytes += more }
      turns += 1
    }
    return bytes
  }
}

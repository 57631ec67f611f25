import CLinux
import Glibc
import Primitives
import Testing

@testable import Board

@Suite("Control socket") struct ControlSocketTests {
  @Test("a request arrives whole and its answer goes back to the one who asked") func exchange()
    throws
  {
    let folder = TemporaryFolder()
    var server = try ControlSocket(path: folder.file("s"))
    let one = try ControlClient(path: folder.file("s"), timeout: .seconds(2))
    let two = try ControlClient(path: folder.file("s"), timeout: .seconds(2))
    try one.send(Array("put t 21.5 Cel"))
    try two.send(Array("status"))
    var inputs: [ControlInput] = []
    while inputs.count < 2 { inputs += try server.poll() }
    for input in inputs {
      guard case .received(let id, let packet) = input else {
        Issue.record("\(input)")
        return
      }
      let isSent = server.send(Array("re ") + packet, to: id)
      #expect(isSent)
    }
    #expect(try one.receive(within: .seconds(2)) == Array("re put t 21.5 Cel"))
    #expect(try two.receive(within: .seconds(2)) == Array("re status"))
  }

  @Test("it is readable exactly when there is something to poll") func readiness() throws {
    let folder = TemporaryFolder()
    var server = try ControlSocket(path: folder.file("s"))
    #expect(linux_wait_readable(server.descriptor, 0) == 0)
    let client = try ControlClient(path: folder.file("s"), timeout: .seconds(2))
    #expect(linux_wait_readable(server.descriptor, 1000) == 1)
    expectInputs([], try server.poll())
    #expect(linux_wait_readable(server.descriptor, 0) == 0)
    try client.send(Array("x"))
    #expect(linux_wait_readable(server.descriptor, 1000) == 1)
  }

  @Test("a client's going is told once, and nothing can be sent to it") func leaving() throws {
    let folder = TemporaryFolder()
    var server = try ControlSocket(path: folder.file("s"))
    let client = try ControlClient(path: folder.file("s"), timeout: .seconds(2))
    try client.send(Array("x"))
    _ = try server.poll()
    guard case .received(let id, _)? = try server.poll().first else {
      Issue.record("nothing received")
      return
    }
    _ = consume client
    expectInputs([.closed(id)], try server.poll())
    expectInputs([], try server.poll())
    let isSent = server.send(Array("x"), to: id)
    #expect(!isSent)
  }

  @Test("the server can end a connection") func closing() throws {
    let folder = TemporaryFolder()
    var server = try ControlSocket(path: folder.file("s"))
    let client = try ControlClient(path: folder.file("s"), timeout: .seconds(2))
    try client.send(Array("x"))
    _ = try server.poll()
    guard case .received(let id, _)? = try server.poll().first else {
      Issue.record("nothing received")
      return
    }
    server.close(id)
    #expect(try client.receive(within: .seconds(2)) == nil)
  }

  @Test("a packet above the limit is thrown away and told; one at the limit passes") func long()
    throws
  {
    let folder = TemporaryFolder()
    var server = try ControlSocket(path: folder.file("s"))
    let path = folder.file("s")
    let client = linux_packet_socket(0)
    defer { linux_close(client) }
    #expect(linux_connect(client, path + [0]) == 0)
    for count in [ControlSocket.packetLimit, ControlSocket.packetLimit + 1] {
      let packet = [UInt8](repeating: 0x61, count: count)
      #expect(linux_send(client, packet, count) == count)
    }
    var inputs: [ControlInput] = []
    for _ in 0..<3 { inputs += try server.poll() }
    guard inputs.count == 2, case .received(let id, let packet) = inputs[0] else {
      Issue.record("\(inputs)")
      return
    }
    #expect(packet.count == ControlSocket.packetLimit)
    #expect(inputs[1] == .tooLong(id, lengthBytes: ControlSocket.packetLimit + 1))
    let polite = try ControlClient(path: path, timeout: .seconds(2))
    let error = thrown { () throws(BoardError) in
      try polite.send([UInt8](repeating: 0x61, count: 4097))
    }
    #expect(error == .control(.packetTooLong(lengthBytes: 4097), path: path))
  }

  @Test("one client more than the limit is turned away, and may come when another has gone")
  func crowd() throws {
    let folder = TemporaryFolder()
    let path = folder.file("s")
    var server = try ControlSocket(path: path)
    var crowd: [Int32] = []
    for _ in 0..<ControlSocket.clientLimit {
      let client = linux_packet_socket(0)
      #expect(linux_connect(client, path + [0]) == 0)
      crowd.append(client)
      _ = try server.poll()
    }
    let late = try ControlClient(path: path, timeout: .seconds(2))
    _ = try server.poll()
    #expect(try late.receive(within: .seconds(2)) == nil)
    linux_close(crowd.removeLast())
    _ = try server.poll()
    let next = try ControlClient(path: path, timeout: .seconds(2))
    _ = try server.poll()
    try next.send(Array("hello"))
    let inputs = try server.poll()
    #expect(inputs.count == 1)
    for client in crowd { linux_close(client) }
  }

  @Test("one client more takes the place of the one that has been idle longest, once that is 10 s")
  func idle() throws {
    let folder = TemporaryFolder()
    let path = folder.file("s")
    var server = try ControlSocket(path: path)
    var crowd: [Int32] = []
    var ids: [ControlClientID] = []
    defer { for client in crowd { linux_close(client) } }
    for number in 0..<ControlSocket.clientLimit {
      let client = linux_packet_socket(0)
      #expect(linux_connect(client, path + [0]) == 0)
      crowd.append(client)
      let now = Instant.milliseconds(Int64(number) * 100)
      expectInputs([], try server.poll(now: now))
      #expect(linux_send(client, Array("x"), 1) == 1)
      guard case .received(let id, _)? = try server.poll(now: now).first else {
        Issue.record("nothing received")
        return
      }
      ids.append(id)
    }
    // The first has sent something since; the second follows the log: the third is idle longest.
    #expect(linux_send(crowd[0], Array("x"), 1) == 1)
    expectInputs([.received(ids[0], Array("x"))], try server.poll(now: .milliseconds(1000)))
    let early = try ControlClient(path: path, timeout: .seconds(2))
    expectInputs([], try server.poll(now: .milliseconds(10_199), keeping: [ids[1]]))
    #expect(try early.receive(within: .seconds(2)) == nil)
    let late = try ControlClient(path: path, timeout: .seconds(2))
    let inputs = try server.poll(now: .milliseconds(10_200), keeping: [ids[1]])
    expectInputs([.closed(ids[2])], inputs)
    try late.send(Array("hello"))
    guard case .received(_, let packet)? = try server.poll(now: .milliseconds(10_200)).first else {
      Issue.record("the newcomer isn't heard")
      return
    }
    #expect(packet == Array("hello"))
    let isSent = server.send(Array("x"), to: ids[2])
    #expect(!isSent)
  }

  @Test("a follower that doesn't read is dropped; one that reads late gets all in order")
  func slowFollower() throws {
    let folder = TemporaryFolder()
    var server = try ControlSocket(path: folder.file("s"))
    let late = try ControlClient(path: folder.file("s"), timeout: .seconds(2))
    try late.send(Array("follow"))
    _ = try server.poll()
    guard case .received(let id, _)? = try server.poll().first else {
      Issue.record("nothing received")
      return
    }
    // Until packets wait over what the kernel holds, but below the limit.
    var sent = 0
    while linux_wait_readable(server.descriptor, 0) == 0, sent < 10_000 {
      let packet = Array("\(sent)".utf8) + [UInt8](repeating: 0x20, count: 1000)
      let isSent = server.send(packet, to: id)
      #expect(isSent)
      sent += 1
      if server.waitingPackets(of: id) > 0 { break }
    }
    expectWaiting(server.waitingPackets(of: id), 1...64)
    for expected in 0..<sent {
      let packet = try #require(try late.receive(within: .seconds(2)))
      #expect(Array(packet.prefix { $0 != 0x20 }) == Array("\(expected)".utf8))
      _ = try server.poll()
    }
    expectWaiting(server.waitingPackets(of: id), 0...0)
    #expect(linux_wait_readable(server.descriptor, 0) == 0)
    var isDropped = false
    for _ in 0..<100_000 where !isDropped {
      isDropped = !server.send([UInt8](repeating: 0x20, count: 1000), to: id)
    }
    #expect(isDropped)
  }

  @Test("only the owner and the group may connect") func mode() throws {
    let folder = TemporaryFolder()
    let server = try ControlSocket(path: folder.file("s"))
    var status = linux_file_status()
    #expect(linux_stat(folder.file("s") + [0], &status) == 0)
    #expect(status.mode & 0o777 == 0o660)
    _ = server.descriptor
  }

  @Test("the file goes with the socket; one left by a crash is replaced") func stale() throws {
    let folder = TemporaryFolder()
    let path = folder.file("s")
    do { _ = try ControlSocket(path: path) }
    #expect(linux_is_socket(path + [0]) == -linux_ENOENT)
    let crashed = linux_packet_socket(1)
    #expect(linux_bind(crashed, path + [0]) == 0)
    linux_close(crashed)
    #expect(linux_is_socket(path + [0]) == 1)
    let error = thrown { () throws(BoardError) in _ = try ControlSocket(path: path) }
    #expect(error == nil)
  }

  @Test("a socket that somebody answers on, and a file that is none, are left alone") func taken()
    throws
  {
    let folder = TemporaryFolder()
    let path = folder.file("s")
    let server = try ControlSocket(path: path)
    let second = thrown { () throws(BoardError) in _ = try ControlSocket(path: path) }
    #expect(second == .control(.taken, path: path))
    _ = try ControlClient(path: path, timeout: .seconds(2))
    let plain = folder.write("plain", Array("precious"))
    let refused = thrown { () throws(BoardError) in _ = try ControlSocket(path: plain) }
    #expect(refused == .control(.notSocket, path: plain))
    #expect(try SensorFile.read(plain) == Array("precious"))
    _ = server.descriptor
  }

  @Test("a client is told that nobody listens, and that an answer didn't come in time")
  func noServer() throws {
    let folder = TemporaryFolder()
    let path = folder.file("s")
    let missing = thrown { () throws(BoardError) in
      _ = try ControlClient(path: path, timeout: .seconds(1))
    }
    #expect(missing == .control(.cannotConnect(errno: ENOENT), path: path))
    let server = try ControlSocket(path: path)
    let client = try ControlClient(path: path, timeout: .seconds(1))
    let silent = thrown { () throws(BoardError) in
      _ = try client.receive(within: .milliseconds(20))
    }
    #expect(silent == .control(.notAnswering, path: path))
    _ = server.descriptor
  }

  @Test("a path of more than 107 bytes is refused by name") func longPath() {
    let path = Array("/tmp/") + [UInt8](repeating: 0x61, count: 103)
    let error = thrown { () throws(BoardError) in _ = try ControlSocket(path: path) }
    #expect(error == .control(.cannotListen(errno: linux_ENAMETOOLONG), path: path))
  }
}

private func expectInputs(
  _ expected: [ControlInput], _ inputs: [ControlInput],
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(inputs == expected, sourceLocation: sourceLocation)
}

private func expectWaiting(
  _ count: Int, _ expected: ClosedRange<Int>, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(expected.contains(count), sourceLocation: sourceLocation)
}

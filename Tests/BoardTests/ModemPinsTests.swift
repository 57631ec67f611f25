import CLinux
import Primitives
import Testing

@testable import Board

/// The desk's end of the simulated pins.
struct Desk: ~Copyable {
  let listener: Int32
  private(set) var connections: [Int32] = []

  init(path: [UInt8]) {
    listener = linux_packet_socket(1)
    #expect(linux_bind(listener, path + [0]) == 0)
    #expect(linux_listen(listener, 4) == 0)
  }

  deinit {
    for connection in connections { linux_close(connection) }
    linux_close(listener)
  }

  mutating func accept() {
    while true {
      let connection = linux_accept(listener)
      if connection < 0 { return }
      connections.append(connection)
    }
  }

  func send(_ packet: StaticString) {
    let bytes = [UInt8](packet)
    #expect(linux_send(connections[0], bytes, bytes.count) == bytes.count)
  }

  func receive() -> [UInt8] {
    var packet = [UInt8](repeating: 0, count: 16)
    let count = linux_receive(connections[0], &packet, packet.count)
    return count > 0 ? Array(packet[..<count]) : []
  }
}

// Not covered: a real GPIO chip, which comes with the boards in QEMU.
@Suite("Modem pins") struct ModemPinsTests {
  @Test("the desk's power key and STATUS line share one connection") func shared() throws {
    let folder = TemporaryFolder()
    let path = folder.file("pins")
    var desk = Desk(path: path)
    var pins = try ModemPins(powerKey: .desk(path: path), status: .desk(path: path))
    desk.accept()
    #expect(desk.connections.count == 1)
    try pins.powerKey.set(asserted: true)
    try pins.powerKey.set(asserted: false)
    #expect(desk.receive() == Array("K"))
    #expect(desk.receive() == Array("k"))
    let status = pins.status.take()!
    #expect(try status.isAsserted() == nil)
    #expect(try status.nextChange() == nil)
    desk.send("s")
    desk.send("S")
    #expect(linux_wait_readable(status.descriptor, 1000) == 1)
    #expect(try status.nextChange() == false)
    #expect(try status.isAsserted() == false)
    #expect(try status.nextChange() == true)
    #expect(try status.nextChange() == nil)
    #expect(try status.isAsserted() == true)
  }

  @Test("two desks are two connections, and a missing STATUS line none") func separate() throws {
    let folder = TemporaryFolder()
    let (one, two) = (folder.file("one"), folder.file("two"))
    var first = Desk(path: one)
    var second = Desk(path: two)
    let pins = try ModemPins(powerKey: .desk(path: one), status: .desk(path: two))
    let bare = try ModemPins(powerKey: .desk(path: one), status: nil)
    first.accept()
    second.accept()
    #expect(first.connections.count == 2)
    #expect(second.connections.count == 1)
    let hasStatus = (pins.status != nil, bare.status != nil)
    #expect(hasStatus == (true, false))
  }

  @Test("packets that are no level are passed over") func garbage() throws {
    let folder = TemporaryFolder()
    let path = folder.file("pins")
    var desk = Desk(path: path)
    let pins = try DeskPins(path: path)
    desk.accept()
    for packet: StaticString in ["x", "SS", "s"] { desk.send(packet) }
    #expect(try pins.nextStatus() == false)
    #expect(try pins.nextStatus() == nil)
  }

  @Test("a desk that has gone is an error of both pins") func gone() throws {
    let folder = TemporaryFolder()
    let path = folder.file("pins")
    var desk = Desk(path: path)
    let pins = try DeskPins(path: path)
    desk.accept()
    _ = consume desk
    let gone = BoardError.pin(.deskGone, .desk(path: path))
    #expect(thrown { () throws(BoardError) in _ = try pins.nextStatus() } == gone)
    #expect(thrown { () throws(BoardError) in try pins.setPowerKey(asserted: true) } == gone)
  }

  @Test("a chip or desk that isn't there is an error with its name") func missing() {
    let chip = PinAddress.gpio(chip: Array("gpiochip999"), offset: 5, isActiveLow: false)
    let desk = PinAddress.desk(path: Array("/does/not/exist"))
    for pin in [chip, desk] {
      let error = thrown { () throws(BoardError) in _ = try ModemPins(powerKey: pin, status: nil) }
      #expect(error == .pin(.cannotOpen(errno: linux_ENOENT), pin))
    }
    let notChip = PinAddress.gpio(chip: Array("/dev/null"), offset: 0, isActiveLow: true)
    let error = thrown { () throws(BoardError) in _ = try GPIOLine(input: notChip) }
    guard case .pin(.cannotOpen, notChip) = error else {
      Issue.record("not refused as a pin: \(error?.description ?? "no error")" as Comment)
      return
    }
  }
}

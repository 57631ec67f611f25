import CLinux
import Glibc
import Primitives
import Testing

@testable import Board

// Over pseudo-terminals. Not covered: what only a real serial driver does (RTS/CTS on the wire, a
// rate the driver refuses, closing while CTS holds output back).
@Suite("UART") struct UARTTests {
  @Test("every byte passes unchanged, both ways") func raw() throws {
    let modem = PseudoTerminal()
    var uart = try UART(path: modem.path, baud: 115_200, flowControl: .none)
    let all = (0...255).map { UInt8($0) }
    try uart.write(all)
    #expect(modem.read(256) == all)
    modem.write(all)
    var received: [UInt8] = []
    while received.count < 256, linux_wait_readable(uart.descriptor, 2000) == 1 {
      received += try uart.read()
    }
    #expect(received == all)
    let nothing = try uart.read()
    #expect(nothing == [])
  }

  @Test(
    "the line is set as asked",
    arguments: [
      (Int32(9600), FlowControl.none, tcflag_t(B9600)),
      (115_200, .rtsCTS, tcflag_t(B115200)), (921_600, .rtsCTS, tcflag_t(B921600)),
    ])
  func settings(baud: Int32, flow: FlowControl, code: tcflag_t) throws {
    let modem = PseudoTerminal()
    let uart = try UART(path: modem.path, baud: baud, flowControl: flow)
    var line = termios()
    #expect(tcgetattr(uart.descriptor, &line) == 0)
    #expect(cfgetospeed(&line) == code && cfgetispeed(&line) == code)
    let crtscts: tcflag_t = 0o20_000_000_000
    #expect((line.c_cflag & crtscts != 0) == (flow == .rtsCTS))
    let bits = tcflag_t(CSIZE) | tcflag_t(PARENB) | tcflag_t(CSTOPB)
    #expect(line.c_cflag & bits == tcflag_t(CS8))
    #expect(line.c_lflag & tcflag_t(ECHO | ICANON | ISIG) == 0)
  }

  @Test("what came before it was opened is dropped") func stale() throws {
    let modem = PseudoTerminal()
    let keepAlive = open(cString(modem.path), O_RDWR | O_NOCTTY)
    defer { close(keepAlive) }
    modem.write(Array("RDY\r\n"))
    var uart = try UART(path: modem.path, baud: 115_200, flowControl: .none)
    let received = try uart.read()
    #expect(received == [])
  }

  @Test("a second one on the same line is refused until the first is closed") func exclusive()
    throws
  {
    let modem = PseudoTerminal()
    let path = modem.path
    do {
      let uart = try UART(path: path, baud: 115_200, flowControl: .none)
      let refused = thrown { () throws(BoardError) in
        _ = try UART(path: path, baud: 115_200, flowControl: .none)
      }
      #expect(refused == .uart(.busy, path: path))
      _ = uart.descriptor
    }
    let again = thrown { () throws(BoardError) in
      _ = try UART(path: path, baud: 115_200, flowControl: .none)
    }
    #expect(again == nil)
  }

  @Test("output that isn't taken waits, up to a limit, and then goes out whole and in order")
  func backPressure() throws {
    let modem = PseudoTerminal()
    var uart = try UART(path: modem.path, baud: 115_200, flowControl: .none)
    var sent: [UInt8] = []
    var fault: BoardError?
    for round in 0..<1000 where fault == nil {
      let chunk = (0..<100).map { UInt8(truncatingIfNeeded: round &+ $0) }
      do throws(BoardError) {
        try uart.write(chunk)
        sent += chunk
      } catch {
        fault = error
      }
    }
    guard case .uart(.outputFull(let waiting), _) = fault else {
      Issue.record("not refused as full: \(fault?.description ?? "no error")" as Comment)
      return
    }
    #expect(waiting > UART.outputLimit - 100 && waiting <= UART.outputLimit)
    let hadOutputWaiting = uart.hasOutputWaiting
    var received: [UInt8] = []
    while received.count < sent.count {
      let part = modem.read(min(2048, sent.count - received.count))
      if part.isEmpty { break }
      received += part
      try uart.flush()
    }
    #expect(received == sent)
    let hasOutputWaiting = uart.hasOutputWaiting
    #expect(hadOutputWaiting && !hasOutputWaiting)
  }

  @Test("a device that has gone is told as hung up") func hungUp() throws {
    let modem = PseudoTerminal()
    let path = modem.path
    var uart = try UART(path: path, baud: 115_200, flowControl: .none)
    _ = consume modem
    var fault: BoardError?
    do throws(BoardError) { _ = try uart.read() } catch { fault = error }
    #expect(fault == .uart(.hungUp, path: path))
  }

  @Test(
    "what can't be the modem's line is refused with the reason",
    arguments: [
      ("/dev/does-not-exist", Int32(115_200), UARTFault.cannotOpen(errno: ENOENT)),
      ("/dev/null", 115_200, .notSerial), ("/dev/null", 100, .unknownBaudRate(100)),
      ("/", 115_200, .cannotOpen(errno: EISDIR)),
    ])
  func refused(path: String, baud: Int32, fault: UARTFault) {
    let bytes = Array(path.utf8)
    let error = thrown { () throws(BoardError) in
      _ = try UART(path: bytes, baud: baud, flowControl: .none)
    }
    #expect(error == .uart(fault, path: bytes))
  }
}

import Primitives
import Testing

@testable import godwit

@Suite("The record of the UART") struct UARTRecorderTests {
  @Test("has writes, reads and waits in the form of a captured session") func form() {
    var recorder = UARTRecorder(secrets: [])
    recorder.opened(utc: UTC(millisecondsSince1970: 1_795_385_327_000), now: at(1000))
    recorder.wrote(Array("AT\r".utf8), now: at(1000))
    recorder.read(Array("AT\r\r\nOK\r\n".utf8), now: at(1300))
    recorder.read([0x00, 0x09, 0x5C, 0xFF], now: at(1300))
    recorder.wrote(Array("x".utf8), now: at(9_999_999))
    #expect(
      text(recorder.take(isAll: true)) == """
        # opened 2026-11-22T22:08:47Z
        > AT\\r
        = 300
        < AT\\r\\r\\nOK\\r\\n
        < \\x00\\t\\\\\\xFF
        = 3600000
        > x

        """)
    #expect(recorder.take(isAll: true) == [])
  }

  @Test(
    "hides short messages, whose text may be a password in any alphabet", arguments: [1, 5, 500])
  func messages(chunk: Int) {
    let pdu = "00040481214300086201122143008010" + "0061007000200073006500630072"
    var recorder = UARTRecorder(secrets: [])
    var listing = Array(
      "\r\n+CMGL: 1,0,,29\r\n\(pdu)\r\n+CMT: ,29\r\n\(pdu)\r\n+QCCID: 89430301722123456789\r\nOK\r\n"
        .utf8)[...]
    while !listing.isEmpty {
      recorder.read(Array(listing.prefix(chunk)), now: at(0))
      listing = listing.dropFirst(chunk)
    }
    recorder.wrote(Array("\(pdu)\u{1A}".utf8), now: at(0))
    let text = text(recorder.take(isAll: true))
    let modem = text.split(separator: "\n").filter { $0.hasPrefix("< ") }.map { $0.dropFirst(2) }
    #expect(
      modem.joined()
        == #"\r\n+CMGL: 1,0,,29\r\n***\r\n+CMT: ,29\r\n***\r\n+QCCID: 89430301722123456789\r\nOK\r\n"#
    )
    #expect(text.contains(#"> ***\x1A"#))
  }

  @Test("hides secrets on both sides, wherever a read cuts them", arguments: 1...9)
  func secrets(chunk: Int) {
    let secret = "correct-horse"
    var recorder = UARTRecorder(secrets: [Array(secret.utf8)])
    recorder.wrote(Array("AT+NEW=\"\(secret)\"\r".utf8), now: at(0))
    var echo = Array("AT+NEW=\"\(secret)\"\r\r\n+NEW: \(secret)\r\nOK\r\n".utf8)[...]
    while !echo.isEmpty {
      recorder.read(Array(echo.prefix(chunk)), now: at(0))
      echo = echo.dropFirst(chunk)
    }
    let text = text(recorder.take(isAll: true))
    #expect(text.hasPrefix("> AT+NEW=\"***\"\\r\n"))
    let modem = text.split(separator: "\n").filter { $0.hasPrefix("< ") }.map { $0.dropFirst(2) }
    #expect(modem.joined() == "AT+NEW=\"***\"\\r\\r\\n+NEW: ***\\r\\nOK\\r\\n")
  }

  @Test("keeps a line that isn't whole when the buffer is full, so that no secret is cut in two")
  func wholeLines() {
    var recorder = UARTRecorder(secrets: [])
    recorder.read(Array("+CSQ: 1\r\n".utf8), now: at(0))
    recorder.wrote(Array("AT+CPIN=12".utf8), now: at(0))
    #expect(text(recorder.take(isAll: false)) == "< +CSQ: 1\\r\\n\n")
    recorder.wrote(Array("34\r".utf8), now: at(5))
    #expect(text(recorder.take(isAll: false)) == "> AT+CPIN=***\n= 5\n> \\r\n")
  }

  @Test("is full at its limit, and not one byte before") func limit() {
    var recorder = UARTRecorder(secrets: [])
    recorder.read([UInt8](repeating: 0x61, count: UARTRecorder.bufferLimit - 1), now: at(0))
    #expect(!recorder.isFull)
    recorder.read([0x0A], now: at(0))
    #expect(recorder.isFull)
    _ = recorder.take(isAll: false)
    #expect(!recorder.isFull)
  }

  private func at(_ milliseconds: Int64) -> Instant { .milliseconds(milliseconds) }
  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

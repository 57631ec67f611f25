import AT
import Primitives
import Testing

@Suite("A command line that a person typed") struct TypedCommandTests {
  @Test(
    "is taken in capitals or not, whatever it asks",
    arguments: [
      ("AT", "AT"), ("at+csq", "AT+csq"),
      ("aT+CGDCONT=1,\"IP\",\"a;b\"", "AT+CGDCONT=1,\"IP\",\"a;b\""),
      ("ATE0;+CSQ", "ATE0;+CSQ"), ("AT&F", "AT&F"), ("AT&D2", "AT&D2"), ("ATI", "ATI"),
      ("AT+CMGD=1", "AT+CMGD=1"), ("AT#SD=1", "AT#SD=1"), ("ATS3?", "ATS3?"),
      ("AT+COPS=1,2,\"90143\";+CREG?", "AT+COPS=1,2,\"90143\";+CREG?"),
    ])
  func taken(text: String, line: String) throws {
    let command = try TypedCommand(Array(text.utf8)) { $0 }
    #expect(command.line.bytes == Array(line.utf8))
  }

  @Test(
    "is refused where it is no single line, or would turn the line into data",
    arguments: [
      ("", .notATCommand), ("A", .notATCommand), ("+CSQ", .notATCommand), ("A/", .notATCommand),
      ("AT+CSQ\r", .byte(0x0D, position: 7)), ("AT\nATH", .byte(0x0A, position: 3)),
      ("AT\u{1A}", .byte(0x1A, position: 3)), ("AT\u{0}", .byte(0, position: 3)),
      ("ATD*99#", .dataMode), ("atdt1", .dataMode), ("ATE0D1", .dataMode), ("ATA", .dataMode),
      ("ATO", .dataMode), ("AT+CSQ;D1", .dataMode), ("AT+CGDATA=\"PPP\",1", .dataMode),
      ("AT+CSQ; O0", .dataMode), ("AT+X=\"a\";+cgdata=\"PPP\"", .dataMode),
    ] as [(String, TypedCommandError)])
  func refused(text: String, error: TypedCommandError) {
    #expect(throws: error) { try TypedCommand(Array(text.utf8)) { $0 } }
  }

  @Test("has a limit, and one byte more is refused") func length() throws {
    let longest = Array("AT".utf8) + [UInt8](repeating: 0x31, count: CommandLine.limit - 2)
    #expect(try TypedCommand(longest) { $0 }.line.bytes == longest)
    #expect(throws: TypedCommandError.tooLong(lengthBytes: CommandLine.limit + 1)) {
      try TypedCommand(longest + [0x31]) { $0 }
    }
  }

  @Test("shows logs what the mask leaves of it") func mask() throws {
    let command = try TypedCommand(Array("at+cpin=1".utf8)) { _ in Array("AT+CPIN=***".utf8) }
    #expect(command.line.shown == Array("AT+CPIN=***".utf8))
    #expect(command.line.bytes == Array("AT+cpin=1".utf8))
  }
}

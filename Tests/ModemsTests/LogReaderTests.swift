import Cellular
import Primitives
import Testing

@testable import Modems

@Suite("Reading a log") struct LogReaderTests {
  @Test("knows commands, their echo and what they asked for") func commands() {
    #expect(
      kinds("AT+CEREG?\nAT+CEREG?\n+CEREG: 2,1\nOK\n+CEREG: 2,\"1\"") == [
        "command", "command", "registration read", "done", "registration urc",
      ])
    #expect(
      kinds("at\nATI\nBG96\nATTACHED\nATD*99#\nAT&C1\nAT^SISO=0") == [
        "command", "command", "unknown", "unknown", "command", "command", "command",
      ])
  }

  @Test("without any command, lines are told apart by their shape") func shape() {
    #expect(
      kinds("+CREG: 0,5\n+CREG: 5\n+CREG: 5,\"A\"") == [
        "registration read", "registration urc", "registration urc",
      ])
  }

  @Test("passes over blanks, NULs, prompts and a terminal's arrows") func noise() {
    #expect(
      kinds("\r\n\0\0RDY\r\n> \n-> AT\n<- +CSQ: 20,99\r\n  OK") == [
        "vendor urc", "command", "signal", "done",
      ])
    #expect(kinds("\u{FF}\u{FE}~~\n+??: 1") == ["unknown", "unknown"])
  }

  @Test("the line behind a message's head is the message, whatever it says") func message() {
    #expect(
      kinds("+CMT: \"+4912345\",,\"26/11/22,22:28:47+04\"\nOK\n+CSQ: 20,99") == [
        "sms", "sms", "signal",
      ])
    #expect(kinds("+CDS: 6,22,\"+49\",145\n+CSQ: 20,99") == ["sms", "signal"])
    #expect(kinds("+CDS: 25\n0006D60B\n+CSQ: 20,99") == ["sms", "sms", "signal"])
  }

  @Test("puts a trace's reads together again") func trace() {
    #expect(
      kinds(
        "# module: x\n> AT+CGREG?\\r\n< \\r\\n+CGREG:\n<  0,0\\r\\n\\r\\nOK\\r\\n\n= 5\n< +CREG: 1")
        == [
          "command", "registration read", "done", "registration urc",
        ])
  }

  @Test(
    "knows makers' lines",
    arguments: [
      ("+QIURC: \"recv\",3", "data has arrived, socket 3"),  // TCP/IP note V1.1
      ("+QIURC: \"pdpdeact\",1", "the context is gone, cid 1"),
      ("+QIOPEN: 0,0", "socket 0 is open"),
      ("+QIOPEN: 0,565", "socket 0 wasn't opened: the name wasn't found (565)"),
      ("+QIND: SMS DONE", "SMS can be sent"),
      ("+QUSIM: 1", "the card has been read (again), state 1"),
      ("PSM POWER DOWN", "the module sleeps in power saving mode"),  // PSM note V1.0
      (
        "+QPSMTIMER: 86400,2",
        "power saving mode as the network granted it, periodic update every 1 d, active time 2 s"
      ),
      ("+QCSQ: \"CAT-M1\",-52,-81,195,-10", "CAT-M1, signal -52, RSRP -81, RSRQ -10, SINR 19 dB"),
      ("+QCSQ: \"NOSERVICE\"", "no service"),
      ("+QLTS: \"2026/01/13,03:40:48+32,0\"", "2026-01-12T19:40:48Z, local time is UTC +8:00"),
      ("+QSIMSTAT : 1,0", "there is no card"),  // BG96 AT manual V2.2, its own sample
      ("+UUSORF: 0,23", "a datagram has arrived, socket 0, bytes 23"),  // UBX-17003787
      ("+UUPSMR: 1", "the module goes to sleep in power saving mode, state 1"),
      ("+CADATAIND: 0", "data has arrived, socket 0"),  // SIM7080 AT manual
      ("+CIPRXGET: 1,0", "data has arrived, socket 0"),
      ("*ATREADY: 1", "the module takes commands, state 1"),
      (
        "#PSMURC: 10,3600",
        "power saving mode as the network granted it, periodic update every 1 h, active time 10 s"
      ),
      ("+KSUP: 0", "the module has started, state 0"),  // HL7800
      ("+KUDP_DATA: 1,12", "a datagram has arrived, session 1, bytes 12"),
      ("^SYSSTART", "the module takes commands"),
      ("^SISR: 0,1", "data has arrived (1), or no more comes (2), service 0, state 1"),
      ("+MIPREAD: 1,20", "data has arrived, socket 1, bytes 20"),
      ("+SQNSRING: 1,5", "data has arrived, socket 1, bytes 5"),
    ])
  func makers(line: String, expected: String) {
    var reader = LogReader()
    guard case .line(_, _, let meaning)? = reader.read(Array(line.utf8)).first else {
      Issue.record("no line")
      return
    }
    #expect(meaning.sentence == expected)
  }

  @Test("random and cut lines trap nothing, and none is kept for ever", arguments: 1...30)
  func fuzz(seed: UInt64) {
    let pieces = [
      "+CEREG: ", "+COPS: (", "\"", ",", "4", "99999999999", "-", "11111111", "\r", "\n", "< ",
      "\\r", "\\x", "> ", "+CGCONTRDP: 1,5,", "1.2.3.4.5.6.7.8", "+CCLK: ", "26/11/22,22:28:47+04",
      "+CEDRXP: 5,", "\"1010\"", "AT", "+CMT: ", "+CGEV: PDN ACT ", "+QCSQ: ", "#QSS: ", "(", ")",
      "+CME ERROR: ", "^SCKS: ", ":", "+CTZE: ", "=", "?", "\0", "+CBC: ",
    ]
    var random = SeededRandom(seed: seed)
    var reader = LogReader()
    var count = 0
    for _ in 0..<3000 {
      var line: [UInt8] = random.next(below: 3) == 0 ? Array("< ".utf8) : []
      for _ in 0...random.next(below: 12) {
        line += Array(pieces[Int(random.next(below: UInt64(pieces.count)))].utf8)
        if random.next(below: 8) == 0 { line.append(UInt8(truncatingIfNeeded: random.next())) }
      }
      count += reader.read(line).count
    }
    #expect(count > 1000, "seed \(seed)")
  }

  private func kinds(_ log: String) -> [String] {
    var reader = LogReader()
    var readings: [LogReader.Reading] = []
    for line in Array(log.utf8).split(separator: 10) { readings += reader.read(line) }
    readings += reader.end()
    return readings.map { reading in
      switch reading {
      case .command: "command"
      case .done: "done"
      case .line(_, _, let meaning):
        "\(meaning.kind.text)" + (meaning.form.map { " \($0.text)" } ?? "")
      }
    }
  }
}

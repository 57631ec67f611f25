import Modems
import Testing

@testable import godwit

@Suite("Explaining a log") struct ExplainTests {
  // The forms of lines are tested in CellularTests and ModemsTests.

  @Test("gives an object a line, in JSON") func json() {
    #expect(
      json("AT+CEREG?\r\n+CEREG: 5,3,,,,0,15\nOK\nwhat \"is\" this\n+NEW: 1") == [
        #"{"line":"+CEREG: 5,3,,,,0,15","name":"+CEREG","kind":"registration","form":"read","#
          + #""domain":"eps","n":5,"stat":3,"causeType":0,"rejectCause":15,"#
          + #""rejectCauseText":"no suitable cells in this tracking area","#
          + #""text":"registration denied, refused: no suitable cells in this tracking area"}"#,
        #"{"line":"what \"is\" this","kind":"unknown"}"#,
        #"{"line":"+NEW: 1","name":"+NEW","kind":"unknown"}"#,
      ])
    #expect(
      json("+COPS: (1,\"A\",\"\",\"90143\",9)") == [
        #"{"line":"+COPS: (1,\"A\",\"\",\"90143\",9)","name":"+COPS","kind":"operators","#
          + #""form":"test","operators":[{"stat":1,"long":"A","numeric":"90143","act":9}],"#
          + #""text":"A (available)"}"#
      ])
    #expect(
      json("+CEREG: 1,,,,,,\"11100000\"") == [
        #"{"line":"+CEREG: 1,,,,,,\"11100000\"","name":"+CEREG","kind":"registration","#
          + #""form":"urc","domain":"eps","stat":1,"activeTimeSeconds":null,"#
          + #""text":"registered at home, no power saving mode granted"}"#
      ])
  }

  @Test("gives sentences to people") func sentences() {
    #expect(
      text("AT+CSQ\n+CSQ: 25,99\nOK\nRDY\n\u{1B}[2J") == """

        AT+CSQ
        +CSQ: 25,99
            signal: received signal -63 dBm
        OK
            done
        RDY
            vendor: the module has started
        \\x1B[2J
            unknown: not known

        """)
  }

  private func json(_ log: String) -> [String] {
    show(log, ExplainText.json).split(separator: "\n").map(String.init)
  }

  private func text(_ log: String) -> String { show(log, ExplainText.text) }

  private func show(_ log: String, _ form: (LogReader.Reading) -> [UInt8]) -> String {
    var reader = LogReader()
    var bytes: [UInt8] = []
    for line in Array(log.utf8).split(separator: 10) {
      for reading in reader.read(line) { bytes += form(reading) }
    }
    for reading in reader.end() { bytes += form(reading) }
    return String(decoding: bytes, as: UTF8.self)
  }
}

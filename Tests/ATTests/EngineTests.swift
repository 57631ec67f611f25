import Primitives
import Testing

@testable import AT

@Suite("AT engine") struct EngineTests {
  @Test(
    "a line ends an exchange whatever its framing",
    arguments: [
      ("\r\nOK\r\n", Outcome.ok), ("AT+X\r\r\nOK\r\n", .ok), ("0\r", .ok), ("\r\n\0OK\r", .ok),
      ("\r\nERROR\r\n", .error), ("4\r", .error), ("\r\n+CME ERROR: 14\r\n", .equipmentError(14)),
      ("\r\n+CMS ERROR:500\r\n", .messageError(500)),
      ("\r\n+CME ERROR: SIM busy\r\n", .errorText(Array("+CME ERROR: SIM busy".utf8))),
      ("\r\nCOMMAND NOT SUPPORT\r\n", .errorText(Array("COMMAND NOT SUPPORT".utf8))),
    ])
  func results(text: String, outcome: Outcome) {
    for chunk in [1, 2, 1000] {
      var wire = Wire()
      wire.begin(Exchange("AT+X"))
      wire.receive(text, chunk: chunk)
      #expect(wire.answer?.outcome == outcome)
    }
  }

  @Test("a call ends with its own codes; for other exchanges they are no end") func calls() {
    for (text, outcome) in [("CONNECT 115200", Outcome.connect), ("NO CARRIER", .refused)] {
      var wire = Wire()
      wire.begin(Exchange("ATD*99#", completion: .call))
      wire.receive("\r\n\(text)\r\n")
      #expect(wire.answer?.outcome == outcome)
      wire = Wire()
      wire.begin(Exchange("AT+X"))
      wire.receive("\r\n\(text)\r\n")
      #expect(wire.answer == nil)
      #expect(wire.urcs == [text])
    }
  }

  @Test("only what may answer answers; the rest are URCs, in the middle too") func routing() {
    var wire = Wire()
    wire.begin(
      Exchange(
        "AT+CEREG?", answers: [.namedIf("+CEREG", { $0.contains(UInt8(ascii: ",")) })]))
    wire.receive("\r\n+CEREG: 2\r\n\r\n+QIURC: \"recv\",0\r\n\r\n+CEREG: 4,5\r\n\r\n+CPIN : READY")
    wire.receive("\r\n\r\nOK\r\n\r\nRING\r\n")
    #expect(wire.answer?.lines == [Array("+CEREG: 4,5".utf8)])
    #expect(wire.urcs == ["+CEREG: 2", "+QIURC: \"recv\",0", "+CPIN : READY", "RING"])
  }

  @Test(
    "data is counted, whatever it looks like",
    arguments: [
      "OK\r\n", "\r\nOK\r\n", "\r\nERROR\r\n\r\n> ", "+QIURC: \"recv\",0", "--EOF--Pattern--",
      "RDY\r\n", "\n\n\r\0\u{1}", "POWERED DOWN", "AT\r",
    ])
  func counted(data: String) {
    let bytes = Array(data.utf8)
    for chunk in 1...3 {
      var wire = Wire()
      wire.begin(Wire.read)
      wire.receive("\r\n+QIRD: \(bytes.count)\r\n\(data)\r\n\r\nOK\r\n", chunk: chunk)
      #expect(wire.answer?.data == bytes)
      #expect(wire.answer?.outcome == .ok)
      #expect(wire.urcs == [])
    }
  }

  @Test("three numbers announce no data; an announcement over the limit is no answer")
  func announcements() {
    var wire = Wire()
    wire.begin(Wire.read)
    wire.receive("\r\n+QIRD: 4,0,4\r\n\r\nOK\r\n")
    #expect(wire.answer?.data == [])
    wire.begin(Wire.read)
    wire.receive("\r\n+QIRD: 4097\r\n")
    #expect(wire.answer?.outcome == .oversized)
  }

  @Test("a prompt is one only for the exchange that waits for it") func prompt() {
    let send = Exchange(
      "AT+QISEND=0,4", completion: .special(success: "SEND OK", failure: "SEND FAIL"),
      payload: Array("ping".utf8))
    var wire = Wire()
    wire.begin(send)
    wire.receive("\r\n>")
    #expect(wire.written == ["AT+QISEND=0,4\r", "ping"])
    wire.receive(" \r\nSEND OK\r\n")
    #expect(wire.answer?.outcome == .ok)
    wire.begin(Exchange("AT+X", answers: [.named("+X")]))
    wire.receive("\r\n> \r\n+X: > 1\r\n\r\nOK\r\n")
    #expect(wire.answer?.lines == [Array("+X: > 1".utf8)])
    #expect(wire.written.count == 3)
    wire.begin(send)
    wire.receive("\r\n> \r\nSEND FAIL\r\n")
    #expect(wire.answer?.outcome == .refused)
  }

  @Test(
    "a payload that the modem echoes is no answer",
    arguments: ["\r\nSEND OK\r\n", "SEND OK", "ping", "\r\nx"])
  func payloadEcho(payload: String) {
    for chunk in [1, 1000] {
      var wire = Wire()
      wire.begin(
        Exchange(
          "AT+QISEND=0,4", completion: .special(success: "SEND OK", failure: "SEND FAIL"),
          payload: Array(payload.utf8)))
      wire.receive("AT+QISEND=0,4\r\r\n> ", chunk: chunk)
      wire.receive("\(payload)\r\n", chunk: chunk)
      #expect(wire.answer == nil)
      wire.receive("SEND OK\r\n", chunk: chunk)
      #expect(wire.answer?.outcome == .ok)
    }
  }

  @Test("texts without an end are taken at their last byte") func endless() {
    var wire = Wire()
    wire.receive("\r\nPOWERED DOWN")
    #expect(wire.urcs == ["POWERED DOWN"])
    wire.receive("\r\n\r\nPSM POWER DOWN")
    #expect(wire.urcs == ["POWERED DOWN", "PSM POWER DOWN"])
  }

  @Test("a late answer satisfies no later command") func late() {
    var wire = Wire()
    wire.begin(Exchange("AT+A", answers: [.named("+A")], timeout: .seconds(1)))
    #expect(wire.engine.deadline == .milliseconds(1000))
    wire.elapse(at: 999)
    #expect(wire.answer == nil)
    wire.elapse(at: 1000)
    #expect(wire.answer?.outcome == .timedOut)
    wire.begin(Exchange("AT+B"))
    #expect(wire.written == ["AT+A\r", "AT\r"])
    wire.receive("\r\n+A: 1\r\n\r\nOK\r\n")  // of AT+A
    #expect(wire.urcs == [])
    #expect(wire.engine.deadline == .milliseconds(1300))
    wire.now = .milliseconds(1200)
    wire.receive("\r\nOK\r\n")  // of AT
    wire.elapse(at: 1300)
    #expect(wire.written.count == 2)
    wire.elapse(at: 1500)
    #expect(wire.written == ["AT+A\r", "AT\r", "AT+B\r"])
    #expect(wire.answer == nil)
    wire.receive("\r\nERROR\r\n")
    #expect(wire.answer?.outcome == .error)
    #expect(wire.engine.counters.strayResults == 1)
    #expect(wire.engine.counters.exchanges == 3)
  }

  @Test("a modem that answers no attempt to get back in step is deaf") func deaf() {
    var wire = Wire()
    wire.begin(Exchange("AT+A", timeout: .seconds(1)))
    wire.elapse(at: 1000)
    wire.begin(Exchange("AT+B"))
    for attempt in 1...5 { wire.elapse(at: Int64(1000 + 500 * attempt)) }
    #expect(wire.answer?.outcome == .deaf)
    #expect(wire.written.count == 6)
  }

  @Test("a line that is taken as in step needs no AT, and loses no byte") func takenAsInStep() {
    var wire = Wire()
    wire.begin(Exchange("AT+A", timeout: .seconds(1)))
    wire.elapse(at: 1000)
    wire.receive("\r\n+QIU")
    wire.engine.takeAsInStep()
    wire.begin(Exchange("AT+B"))
    #expect(wire.written == ["AT+A\r", "AT+B\r"])
    wire.receive("RC: \"recv\",0\r\n\r\nOK\r\n")
    #expect(wire.urcs == ["+QIURC: \"recv\",0"])
    #expect(wire.answer?.outcome == .ok)
  }

  @Test("an OK before the line that must come isn't this command's") func stray() {
    var wire = Wire()
    wire.begin(Exchange("AT+A?", answers: [.named("+A")], alwaysHasLine: true))
    wire.receive("\r\nOK\r\n")
    #expect(wire.answer == nil)
    wire.receive("\r\n+A: 1\r\n\r\nOK\r\n")
    #expect(wire.answer?.lines == [Array("+A: 1".utf8)])
  }

  @Test("a restart inside data that never came whole is told") func restartInData() {
    var wire = Wire()
    wire.begin(Wire.read)
    wire.receive("\r\n+QIRD: 100\r\nabc\r\nRDY\r\n")
    #expect(wire.urcs == [])
    wire.elapse(at: 60_000)
    #expect(wire.answer?.outcome == .timedOut)
    #expect(wire.urcs == ["RDY"])
  }

  @Test("the family's gap lies between a result and the next command") func gap() {
    var dialect = Dialect.generic
    dialect.gap = .milliseconds(20)
    var wire = Wire(dialect)
    wire.begin(Exchange("AT+A"))
    wire.receive("\r\nOK\r\n")
    wire.begin(Exchange("AT+B"))
    #expect(wire.written.count == 1)
    wire.elapse(at: 19)
    #expect(wire.written.count == 1)
    wire.elapse(at: 20)
    #expect(wire.written.count == 2)
  }

  @Test("a URC is followed by the family's gap too") func gapBehindURC() {
    var dialect = Dialect.generic
    dialect.gap = .milliseconds(20)
    var wire = Wire(dialect)
    wire.elapse(at: 5)
    wire.receive("\r\nRDY\r\n")
    wire.begin(Exchange("AT+A"))
    wire.elapse(at: 24)
    #expect(wire.written.count == 0)
    wire.receive("\r\n+CEREG: 5\r\n")
    wire.elapse(at: 25)
    #expect(wire.written.count == 0)
    wire.elapse(at: 44)
    #expect(wire.written.count == 1)
  }

  @Test("the gap is counted where a command had to wait for it") func gapsCounted() {
    var dialect = Dialect.generic
    dialect.gap = .milliseconds(20)
    var wire = Wire(dialect)
    for begun in [0, 10, 30, 200] as [Int64] {  // Free at 0, 20, 40 and 60.
      wire.elapse(at: begun)
      wire.begin(Exchange("AT+A"))
      wire.elapse(at: max(begun, (begun + 19) / 20 * 20))
      wire.receive("\r\nOK\r\n")
    }
    #expect(wire.engine.counters.gaps == 2)
  }

  @Test("an AT goes in front of a command after a silence in which the UART may have gone to sleep")
  func idleLimit() {
    var dialect = Dialect.generic
    dialect.idleLimit = .seconds(5)
    var wire = Wire(dialect)
    wire.begin(Exchange("AT+A"))
    #expect(wire.written == ["AT+A\r"])  // The UART was just opened.
    wire.receive("\r\nOK\r\n")
    wire.elapse(at: 4999)
    wire.begin(Exchange("AT+B"))
    #expect(wire.written.last == "AT+B\r")
    wire.receive("\r\nOK\r\n")
    wire.elapse(at: 9000)
    wire.receive("\r\n+Y: 7\r\n")  // Only what the host writes is sure to keep it awake.
    wire.elapse(at: 9999)
    wire.begin(Exchange("AT+C"))
    #expect(wire.written.suffix(2) == ["AT+B\r", "AT\r"])  // Lost in its sleep.
    wire.elapse(at: 10_499)
    wire.receive("\r\nOK\r\n")
    wire.elapse(at: 10_598)
    #expect(wire.written.suffix(2) == ["AT\r", "AT\r"])
    wire.elapse(at: 10_599)
    #expect(wire.written.suffix(3) == ["AT\r", "AT\r", "AT+C\r"])
  }

  @Test("a line over the limit is dropped whole and counted") func overlong() {
    var wire = Wire()
    wire.begin(Exchange("AT+X", answers: [.named("+X")]))
    wire.receive("\r\n+X: " + String(repeating: "a", count: 3000) + "\r\n\r\nOK\r\n")
    #expect(wire.answer?.outcome == .ok)
    #expect(wire.answer?.lines == [])
    #expect(wire.engine.counters.droppedLines == 1)
  }

  @Test(
    "a line of exactly the limit is kept in any split, one byte more is not",
    arguments: [1, 7, 9999])
  func limit(chunk: Int) {
    var wire = Wire()
    for extra in 0...1 {
      wire.begin(Exchange("AT+X", answers: [.named("+X")]))
      let text = "+X: " + String(repeating: "a", count: Engine.lineLimit - 4 + extra)
      wire.receive("\r\n\(text)\r\n\r\nOK\r\n", chunk: chunk)
      #expect(wire.answer?.lines == (extra == 0 ? [Array(text.utf8)] : []))
    }
    #expect(wire.engine.counters.droppedLines == 1)
  }

  @Test("a text without an end ends at its last byte, whatever stands behind it", arguments: 1...20)
  func endlessInAnySplit(chunk: Int) {
    var wire = Wire()
    wire.receive("POWERED DOWNRDY\r\nPOWERED UP\r\nPOWER\0 DOWN+X: POWER DOWN\r\n", chunk: chunk)
    #expect(wire.urcs == ["POWERED DOWN", "RDY", "POWERED UP", "POWER DOWN", "+X: POWER DOWN"])
  }

  @Test(
    "noise and random bytes never trap and never end in unbounded memory",
    arguments: 1...20)
  func fuzz(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let pieces = [
      "\r\n", "OK\r\n", "ERROR\r", "+QIRD: 9\r\n", "+QIRD: 5000\r\n", "> ", "POWERED DOWN", "AT",
      "+CME ERROR: 99999999999999999999\r\n", "\0", "\u{7F}", "+X:", "RDY\r\n", "SEND OK\r\n", "4",
    ]
    var wire = Wire()
    for step in 0..<5000 {
      if wire.engine.isIdle { wire.begin(step % 3 == 0 ? Wire.read : Exchange("AT+X")) }
      let piece = pieces[Int(random.next(below: UInt64(pieces.count)))]
      wire.receive(piece)
      wire.receive([UInt8(truncatingIfNeeded: random.next())])
      if random.next(below: 4) == 0, let deadline = wire.engine.deadline {
        wire.elapse(at: deadline.milliseconds)
      }
      wire.answer = nil
    }
    if let deadline = wire.engine.deadline { wire.elapse(at: deadline.milliseconds + 100_000) }
    #expect(wire.engine.intake.line.count <= Engine.lineLimit, "seed \(seed)")
    #expect(wire.engine.counters.exchanges > 100, "seed \(seed)")
  }
}

@Suite("Command lines") struct CommandLineTests {
  @Test("hold literals, numbers and checked types, and hide secrets") func built() {
    let host = NetworkHost(Array("a.example".utf8))!
    let line: CommandLine = "AT+QIOPEN=\(1),\"\(host)\",\(UInt16(5683)),\"\(Secret())\""
    #expect(line.bytes == Array("AT+QIOPEN=1,\"a.example\",5683,\"hush\"".utf8))
    #expect(line.shown == Array("AT+QIOPEN=1,\"a.example\",5683,\"***\"".utf8))
  }

  @Test("are joined with a semicolon, as long as they fit") func joined() {
    let parts = [Exchange("AT+A"), Exchange("AT+B?", timeout: .seconds(2)), Exchange("ATE0")]
    #expect(Exchange.joined(parts)?.0.line == "AT+A;+B?;E0")
    #expect(Exchange.joined(parts)?.0.timeout == .seconds(4))
    let call = Exchange("AT+SD", completion: .call)
    #expect(Exchange.joined([parts[0], call])?.count == 1)
    #expect(Exchange.joined([call, parts[0]])?.count == 1)
    #expect(Exchange.joined([parts[0], Exchange("AT+S=1", payload: [1])])?.count == 1)
    let long = CommandLine(
      Array("AT".utf8) + [UInt8](repeating: 65, count: 400), shown: Array("AT".utf8))
    let two = Exchange.joined([Exchange(long), Exchange(long)])
    #expect(two?.count == 1)
    #expect(two?.0.line == long)
  }
}

private struct Secret: CommandText {
  var commandText: [UInt8] { Array("hush".utf8) }
  static var isSecret: Bool { true }
}

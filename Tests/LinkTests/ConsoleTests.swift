import AT
import Cellular
import Link
import Modems
import Primitives
import Testing

@Suite("A person's command lines") struct ConsoleTests {
  @Test("are run on a modem that is on and idle, and change nothing when they only ask")
  func idle() throws {
    var bench = idleBench()
    bench.modem.answers["+CSQ"] = "+CSQ: 20,99"
    try bench.console("AT+CSQ")
    #expect(bench.run { $0.consoleResults.count == 1 })
    let (answer, urcs) = try #require(bench.consoleAnswer)
    #expect(answer.isOK && answer.lines == [Array("+CSQ: 20,99".utf8)] && urcs.isEmpty)
    #expect(bench.modem.violations == [])
  }

  @Test("don't take what the modem says unasked for an answer") func unasked() throws {
    var bench = idleBench()
    bench.modem.answers["+COPS?"] =
      "+COPS: 0,0,\"A\",7\r\n\r\n+CEREG: 5,\"1\",\"2\",7\r\n\r\n+QIND: 1"
    try bench.console("AT+COPS?")
    #expect(bench.run { $0.consoleResults.count == 1 })
    let (answer, urcs) = try #require(bench.consoleAnswer)
    #expect(answer.lines == [Array("+COPS: 0,0,\"A\",7".utf8)])
    #expect(urcs == [Array("+CEREG: 5,\"1\",\"2\",7".utf8), Array("+QIND: 1".utf8)])
  }

  @Test(
    "are refused while the modem is off, and sent when it may be woken", arguments: [true, false])
  func off(wakes: Bool) throws {
    var bench = Bench()
    bench.give(.statusLine(isOn: false))
    bench.give(.start)
    try bench.console("AT+CSQ", wakes: wakes)
    #expect(bench.run(for: .seconds(30)) { $0.consoleResults.count == 1 })
    if wakes {
      #expect(bench.consoleAnswer?.0.isOK == true)
      #expect(bench.key.count == 2)
      #expect(bench.run { $0.link.state == .off })
    } else {
      #expect(bench.consoleResults == [.refused(.off)])
      #expect(bench.key.isEmpty)
    }
  }

  @Test("never come into a report, and are refused when it goes on for long") func report() throws {
    var bench = Bench()
    bench.releases = false
    bench.give(.statusLine(isOn: false))
    bench.give(.start)
    bench.give(.connect(Bench.target))
    #expect(bench.run { $0.link.state == .registered })
    try bench.console("AT+CSQ")
    #expect(bench.run { $0.consoleResults.count == 1 })
    #expect(bench.consoleResults == [.refused(.reporting)])
    #expect(!bench.modem.lines.contains("AT+CSQ"))
    #expect(bench.received == [Array("pong".utf8)])
  }

  @Test("wait for the report, and then wake the modem that went to sleep") func afterReport()
    throws
  {
    var bench = Bench()
    bench.modem.hasPSMEntry = true
    bench.give(.statusLine(isOn: false))
    bench.give(.start)
    bench.give(.connect(Bench.target))
    #expect(bench.run { $0.link.state == .registered })
    try bench.console("AT+CSQ", wakes: true)
    #expect(bench.run { $0.link.state == .draining })
    #expect(bench.consoleResults.isEmpty)
    bench.now = bench.now + .seconds(12)
    bench.modem.fallAsleep(now: bench.now)
    #expect(bench.run { $0.consoleResults.count == 1 })
    #expect(bench.consoleAnswer?.0.isOK == true)
    // It was granted power saving mode, so it is left to fall asleep by itself.
    #expect(bench.run { $0.link.state == .draining })
    #expect(!bench.modem.lines.contains("AT+QPOWD=1"))
  }

  @Test("let the link look at everything anew once they may have changed something") func anew()
    throws
  {
    var bench = idleBench()
    try bench.console("AT+CFUN=4")
    #expect(bench.run { $0.consoleResults.count == 1 })
    let before = bench.modem.lines.count
    bench.give(.connect(Bench.target))
    #expect(bench.run { $0.link.state == .online })
    let since = bench.modem.lines[before...].joined(separator: "\n")
    #expect(since.contains("+CGDCONT?") && since.contains("+CFUN=1"))
  }

  @Test("may be answered with an error, or not at all, without any rung being climbed") func fails()
    throws
  {
    var bench = idleBench()
    let first = bench.modem.lines.count
    bench.modem.mishaps[first + 1] = .answer("\r\n+CME ERROR: 10\r\n")
    bench.modem.mishaps[first + 2] = .silence
    try bench.console("AT+CPIN?")
    #expect(bench.run { $0.consoleResults.count == 1 })
    #expect(bench.consoleAnswer?.0.outcome == .equipmentError(10))
    try bench.console("AT+COPS=?", timeout: .seconds(7))
    let sent = bench.now
    #expect(bench.run { $0.consoleResults.count == 2 })
    #expect(bench.consoleAnswer?.0.outcome == .timedOut)
    #expect(bench.now - sent == .seconds(7))
    try bench.console("AT+CSQ")
    #expect(bench.run { $0.consoleResults.count == 3 })
    #expect(bench.consoleAnswer?.0.isOK == true)
    #expect(bench.key.isEmpty)
  }

  @Test("end when the modem reboots beneath them") func reboot() throws {
    var bench = idleBench()
    bench.modem.mishaps[bench.modem.lines.count + 1] = .reboot
    try bench.console("AT+CFUN=1,1", timeout: .seconds(60))
    #expect(bench.run { $0.consoleResults.count == 1 })
    #expect(bench.consoleResults == [.refused(.interrupted)])
  }

  @Test("come one at a time") func taken() throws {
    var bench = idleBench()
    try bench.console("AT+CSQ")
    try bench.console("AT+CSQ")
    #expect(bench.run { $0.consoleResults.count == 2 })
    #expect(bench.consoleResults.first == .refused(.taken))
  }

  @Test("are refused once the process ends") func ending() throws {
    var bench = idleBench()
    bench.give(.powerOff)
    try bench.console("AT+CSQ", wakes: true)
    #expect(bench.run { $0.consoleResults.count == 1 })
    #expect(bench.consoleResults == [.refused(.ending)])
  }

  @Test("have limits of their time") func limits() throws {
    let command = try TypedCommand(Array("AT".utf8)) { $0 }
    for (asked, given) in [(0, 1), (10, 10), (1000, 180)] as [(Int64, Int64)] {
      let line = ConsoleCommand(id: 1, command: command, timeout: .seconds(asked), wakes: false)
      #expect(line.timeout == .seconds(given))
    }
  }

  /// A modem that is on, with nothing to do.
  private func idleBench() -> Bench {
    var modem = FakeModem()
    modem.isOn = true
    modem.isAwake = true
    var bench = Bench(modem: modem)
    bench.give(.statusLine(isOn: true))
    bench.give(.start)
    bench.run(for: .seconds(5)) { $0.link.state == .ready }
    return bench
  }
}

extension Bench {
  fileprivate mutating func console(
    _ text: String, timeout: Duration = .seconds(10), wakes: Bool = false
  ) throws {
    let command = try TypedCommand(Array(text.utf8)) { $0 }
    give(.console(ConsoleCommand(id: 1, command: command, timeout: timeout, wakes: wakes)))
  }

  fileprivate var consoleResults: [ConsoleResult] {
    events.compactMap { event in
      if case .console(_, let result) = event { result } else { nil }
    }
  }

  /// The last one, where the modem answered.
  fileprivate var consoleAnswer: (Answer, [[UInt8]])? {
    guard case .answered(let answer, let urcs)? = consoleResults.last else { return nil }
    return (answer, urcs)
  }
}

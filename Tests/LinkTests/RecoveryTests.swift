import AT
import Cellular
import Link
import Modems
import Primitives
import Testing

@Suite("Mishaps") struct RecoveryTests {
  /// Lines of an undisturbed cold journey.
  static let lines = 1...7

  @Test(
    "an error at any line ends in a report or in a failure with the modem off", arguments: lines)
  func error(line: Int) {
    for text in ["\r\nERROR\r\n", "\r\n+CME ERROR: 14\r\n", "\r\n+CME ERROR: 30\r\n"] {
      var bench = Bench()
      bench.modem.mishaps = [line: .answer(text)]
      bench.report()
      bench.expectRest("\(text) at line \(line)")
      // Opening and sending are answered by the module about this very socket: that may fail the
      // attempt, never anything before.
      if line < 6 { #expect(bench.received == [Array("pong".utf8)], "line \(line)") }
      bench.expectNextReportWorks()
    }
  }

  @Test("silence at any line is overcome within the attempt", arguments: lines)
  func silence(line: Int) {
    for hasStatusLine in [true, false] {
      var bench = Bench(modem: FakeModem(hasStatusLine: hasStatusLine))
      bench.modem.mishaps = [line: .silence]
      bench.report()
      bench.expectRest("silence at line \(line)")
      if line < 6 { #expect(bench.received == [Array("pong".utf8)], "line \(line)") }
      #expect(bench.link.counters.powerCycles == 0)
      bench.expectNextReportWorks()
    }
  }

  @Test("a late answer at any line satisfies no other command", arguments: lines)
  func late(line: Int) {
    for milliseconds: Int64 in [1100, 1400, 5100, 12_400] {
      var bench = Bench()
      bench.modem.mishaps = [line: .late(milliseconds)]
      bench.report()
      bench.expectRest("late at line \(line)")
      #expect(bench.received.count <= 1)
      if line < 6 { #expect(bench.received == [Array("pong".utf8)], "line \(line)") }
    }
  }

  @Test("a reboot at any line: everything is void, and done again", arguments: lines)
  func reboot(line: Int) {
    var bench = Bench()
    bench.modem.mishaps = [line: .reboot]
    bench.report()
    bench.expectRest("reboot at line \(line)")
    #expect(bench.link.counters.reboots == 1)
    let firstLine = bench.modem.lines[0]
    #expect(bench.modem.lines.filter { $0 == firstLine }.count == (line < 6 ? 2 : 1))
    if line < 6 { #expect(bench.received == [Array("pong".utf8)]) }
    if line >= 6 { #expect(bench.losses == [.rebooted]) }
    bench.expectNextReportWorks()
  }

  @Test("reboots without end are given up") func rebootLoop() {
    var bench = Bench()
    for line in 1...200 { bench.modem.mishaps[line] = .reboot }
    bench.report()
    #expect(bench.failure == .rebooted || bench.failure == .deaf)
    bench.expectRest("reboot loop")
  }

  @Test("a URC inside any answer changes nothing", arguments: lines)
  func interrupted(line: Int) {
    var plain = Bench()
    plain.report()
    let urcs = [
      "\r\n+QIND: SMS DONE\r\n",
      "\r\n+CEREG: 5,\"0A1B\",\"01234567\",7,,,\"00000001\",\"00100110\"\r\n",
      "\r\n+QUSIM: 1\r\n\r\n+CFUN: 1\r\n", "\r\n+QPSMTIMER: 21600,2\r\n",
    ]
    for urc in urcs {
      for at in stride(from: 0, through: 260, by: 13) {
        var bench = Bench()
        bench.modem.mishaps = [line: .interrupted(urc, at: at)]
        bench.report()
        #expect(bench.received == plain.received, "\(urc) at byte \(at) of line \(line)")
        #expect(bench.modem.lines.count <= plain.modem.lines.count, "\(urc) at \(at)")
      }
    }
  }

  @Test("the size of the reads changes nothing", arguments: [1, 2, 3, 7, 64])
  func chunks(size: Int) {
    var plain = Bench()
    plain.report()
    var bench = Bench()
    bench.chunk = size
    bench.report()
    #expect(bench.modem.lines == plain.modem.lines)
    #expect(bench.events.count == plain.events.count)
    #expect(bench.received == plain.received)
  }

  @Test("a modem that goes deaf at any line is reset by its key, once", arguments: lines)
  func deafen(line: Int) {
    var bench = Bench()
    bench.modem.deafAtLine = line
    bench.report()
    bench.expectRest("deaf at line \(line)")
    if line < 6 {
      #expect(bench.link.counters.powerCycles == 1)
      #expect(bench.pulses == [575, 2900])
      #expect(bench.received == [Array("pong".utf8)])
    } else {
      // The connection was lost with the silence, and the module then slept by itself.
      #expect(bench.losses == [.deaf])
      #expect(bench.pulses == [575])
    }
    bench.expectNextReportWorks()
  }

  @Test("a modem that stays deaf is given up with the key's help") func deafForGood() {
    var bench = Bench()
    bench.modem.deafAtLine = 3
    bench.modem.canBeReset = false
    bench.report()
    #expect(bench.failure == .deaf)
    #expect(bench.link.state == .failed(.power))
    #expect(!bench.isUARTOpen)
    #expect(bench.pulses == [575, 2900, 1000])
    #expect(!bench.modem.isOn)
  }

  @Test("garbage before every answer is left aside", arguments: 1...5) func garbage(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var bench = Bench()
    for line in Self.lines where line != 6 && line != 7 {
      let noise = (0..<20).map { _ in UInt8(128 + random.next(below: 128)) }
      bench.modem.noise[line] = noise + [13, 10]
    }
    bench.report()
    #expect(bench.received == [Array("pong".utf8)], "seed \(seed)")
  }

  @Test("random input never traps, and the link always comes to rest", arguments: 1...30)
  func fuzz(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var bench = Bench()
    bench.give(.statusLine(isOn: false))
    bench.give(.start)
    let pieces = [
      "\r\nOK\r\n", "\r\nERROR\r\n", "\r\nRDY\r\n", "\r\nAPP RDY\r\n", "\r\nPSM POWER DOWN\r\n",
      "POWERED DOWN", "\r\n+QIOPEN: 0,0\r\n", "\r\n+QIOPEN: 0,566\r\n", "\r\n> ", "\r\nSEND OK\r\n",
      "\r\n+QIURC: \"recv\",0\r\n", "\r\n+QIURC: \"closed\",0\r\n",
      "\r\n+QIURC: \"pdpdeact\",1\r\n",
      "\r\n+CEREG: 5\r\n", "\r\n+CEREG: 4,5,,,,,,\"00000001\",\"00100110\"\r\n",
      "\r\n+CEREG: 3\r\n",
      "\r\n+QIRD: 3\r\nabc\r\n\r\nOK\r\n", "\r\n+CPIN: READY\r\n", "\r\n+CME ERROR: 10\r\n",
      "\r\n+QIACT: 1,1,1,\"10.0.0.1\"\r\n", "\r\n+QIRD: 9000\r\n", "\0\u{7F}",
    ]
    for _ in 0..<3000 {
      switch random.next(below: 16) {
      case 0: bench.give(.connect(Bench.target))
      case 1: bench.give(.release)
      case 2: bench.give(.statusLine(isOn: random.next(below: 2) == 0))
      case 3: bench.give(.send([1, 2, 3], expectsAnswer: random.next(below: 2) == 0))
      case 4: if random.next(below: 40) == 0 { bench.give(.uartFailed) }
      case 5...8:
        if let deadline = bench.link.deadline {
          bench.now = max(bench.now, deadline)
          bench.give(.deadline)
        }
      default:
        let piece = pieces[Int(random.next(below: UInt64(pieces.count)))]
        bench.give(.uartReceived(Array(piece.utf8)))
      }
    }
    bench.events = []
    bench.modem = FakeModem()
    bench.modem.isDeaf = true
    bench.give(.powerOff)
    bench.run { $0.link.deadline == nil }
    #expect(bench.link.deadline == nil, "seed \(seed): \(bench.link.state.text)")
    #expect(!bench.isUARTOpen, "seed \(seed)")
    #expect(bench.key.last?.isAsserted != true, "seed \(seed)")
  }
}

extension Bench {
  var losses: [LinkCause] {
    events.compactMap { event in
      if case .connectionLost(let cause) = event { cause } else { nil }
    }
  }

  /// The lengths of the pulses in milliseconds.
  var pulses: [Int64] {
    zip(key, key.dropFirst()).compactMap { first, second in
      first.isAsserted ? (second.at - first.at).wholeMilliseconds : nil
    }
  }

  /// At rest: told so, UART closed, nothing due, key released.
  func expectRest(_ what: String) {
    #expect(isOver, "\(what): \(link.state.text)")
    #expect(!isUARTOpen, "\(what)")
    #expect(link.deadline == nil, "\(what)")
    #expect(key.last?.isAsserted != true, "\(what)")
    #expect(!modem.isAwake, "\(what)")
    // Where no STATUS line is wired, whether the module is on can only be found out by asking; and
    // before a pulse that restarts, the line isn't believed alone.
    let mayAsk = !modem.hasStatusLine || link.counters.ignoredPulses >= 2
    let violations = modem.violations.filter { !mayAsk || $0 != "wrote while off: AT\r" }
    #expect(violations == [], "\(what)")
  }

  mutating func expectNextReportWorks() {
    modem.mishaps = [:]
    modem.deafAtLine = nil
    events = []
    now = now + .seconds(600)
    give(.connect(Self.target))
    run { $0.link.state == .draining || $0.isOver }
    #expect(received == [Array("pong".utf8)])
  }
}

import Agent
import Link
import Primitives
import Telemetry
import Testing

/// The agent's end, and the promise that it never waits for ever.
@Suite("An agent's deadlines") struct AgentEndTests {
  /// From `.stop` to `.stopped`, with a modem that answers: log-out and power-off included.
  static let stopLimit = Duration.seconds(30)

  @Test(
    "stop ends in one `.stopped`, soon, at whatever moment of a report it comes",
    arguments: 0..<40)
  func stop(step: Int64) throws {
    for reply in [ScriptedModem.Reply.answer(.changed), .silence] {
      let bench = try AgentBench()
      bench.modem.otherwise = reply
      bench.put(4)
      bench.start()
      bench.run(for: .milliseconds(step * 317))
      let before = bench.now
      bench.give(.stop)
      bench.run(for: .seconds(300)) { $0.stops > 0 }
      #expect(bench.now - before < Self.stopLimit)
      bench.give(.stop)
      bench.run(for: .seconds(3600))
      #expect(bench.stops == 1)
      let deadline = bench.agent.deadline
      #expect(deadline == nil)
      // Whoever hands readings in until the very end still gets them stored.
      bench.put(1)
      #expect(bench.stored.last == 2)
    }
  }

  @Test("stop while it waits, and while nothing is up, ends at once") func stopAtRest() throws {
    let bench = try AgentBench()
    bench.modem.otherwise = .reset
    bench.put(1)
    bench.start()
    bench.run(until: .milliseconds(60_000)) { $0.agent.link.state == .asleep }
    bench.give(.stop)
    #expect(bench.stops == 1)
  }

  @Test("stop ends with a modem that is deaf, dead or without a UART") func stopOfBroken() throws {
    for step: Int64 in 0..<30 {
      for isUARTGone in [true, false] {
        let bench = try AgentBench()
        bench.put(1)
        bench.modem.isDead = step % 2 == 0
        bench.start()
        bench.run(for: .milliseconds(step * 211))
        bench.modem.wentOff()
        if isUARTGone { bench.give(.link(.uartFailed)) }
        bench.give(.stop)
        bench.run(for: .seconds(240)) { $0.stops > 0 }
        let state = bench.agent.link.state
        #expect(bench.stops == 1, "step \(step): \(state.text)")
      }
    }
  }

  @Test("whatever comes, there is a deadline, and stop ends it", arguments: 1...40)
  func always(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let bench = try AgentBench(interval: .seconds(60), seed: seed)
    bench.modem.isDead = seed % 2 == 0
    bench.put(3)
    bench.start()
    let pieces = [
      "\r\nOK\r\n", "\r\nERROR\r\n", "\r\nRDY\r\n", "\r\nAPP RDY\r\n", "\r\nPSM POWER DOWN\r\n",
      "POWERED DOWN", "\r\n+QIOPEN: 0,0\r\n", "\r\n+QIOPEN: 0,566\r\n", "\r\n> ",
      "\r\nSEND OK\r\n", "\r\n+QIURC: \"recv\",0\r\n", "\r\n+QIURC: \"closed\",0\r\n",
      "\r\n+QIURC: \"pdpdeact\",1\r\n", "\r\n+CEREG: 5\r\n", "\r\n+CEREG: 3\r\n",
      "\r\n+CEREG: 4,5,,,,,,\"00000001\",\"00100110\"\r\n", "\r\n+CPIN: READY\r\n",
      "\r\n+QIRD: 4\r\n\u{60}\u{44}\0\0\r\n\r\nOK\r\n", "\r\n+QIACT: 1,1,1,\"10.0.0.1\"\r\n",
    ]
    let calls: [FakeStore.Call] = [.append, .nextBatch, .confirm, .setAside, .waiting]
    for _ in 0..<1500 {
      switch random.next(below: 14) {
      case 0: bench.give(.link(.statusLine(isOn: random.next(below: 2) == 0)))
      case 1: if random.next(below: 20) == 0 { bench.give(.link(.uartFailed)) }
      case 2: bench.put(1, 2)
      case 3:
        let isFailing = random.next(below: 3) == 0
        bench.store.failing =
          isFailing ? [calls[Int(random.next(below: UInt64(calls.count)))]] : []
      case 4...8: bench.run(for: .milliseconds(Int64(random.next(below: 20_000))))
      default:
        let piece = pieces[Int(random.next(below: UInt64(pieces.count)))]
        bench.give(.link(.uartReceived(Array(piece.utf8))))
      }
      let deadline = bench.agent.deadline
      #expect(deadline != nil, "seed \(seed)")
      if deadline == nil { break }
    }
    bench.give(.stop)
    bench.run(for: .seconds(400)) { $0.stops > 0 }
    #expect(bench.stops == 1, "seed \(seed)")
  }
}

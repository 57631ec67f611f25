import Cellular
import Link
import Modems
import Primitives
import Testing

/// What a modem and its wires do at their worst: everything ends, at rest, within a time that can
/// be named. Not covered: the process that carries out the effects (CommandLineTests, the boards).
@Suite("Stubborn modems") struct StubbornTests {
  @Test("power-off that is asked for stands, whatever takes the connection down meanwhile")
  func powerOffStands() {
    for text in ["\r\n+QIURC: \"closed\",0\r\n", "\r\n+QIURC: \"pdpdeact\",1\r\n"] {
      var bench = Bench()
      bench.giveStart()
      bench.run { $0.modem.lines.last?.hasPrefix("AT+QISEND") == true }
      bench.give(.powerOff)
      bench.give(.uartReceived(Array(text.utf8)))
      let ended = bench.run(for: .seconds(30)) { $0.isOver }
      #expect(ended, "\(text)")
      #expect(bench.modem.lines.last == "AT+QPOWD=1")
      #expect(bench.events.last == .asleep(.poweredOff))
      bench.expectRest(text)
    }
  }

  @Test("power-off stands where the modem goes deaf in the middle of a message")
  func powerOffOfDeaf() {
    var bench = Bench()
    bench.modem.deafAtLine = 6
    bench.giveStart()
    bench.run { $0.modem.lines.count == 6 }
    bench.give(.powerOff)
    let ended = bench.run(for: .seconds(240)) { $0.isOver }
    #expect(ended)
    #expect(!bench.modem.isOn)
    bench.expectRest("deaf")
  }

  @Test(
    "a modem that begins to boot for ever is given up, and so is power-off",
    arguments: [true, false]
  ) func bootLoop(isStopping: Bool) {
    var bench = Bench()
    bench.modem.saysReady = false
    bench.modem.bootMilliseconds = 1_000_000_000
    bench.giveStart()
    var elapsed = Duration.zero
    while !bench.isOver, elapsed < .seconds(120) {
      bench.run(for: .seconds(2)) { $0.isOver }
      elapsed += .seconds(2)
      if isStopping, elapsed == .seconds(6) { bench.give(.powerOff) }
      bench.give(.uartReceived(Array("\r\nRDY\r\n".utf8)))
    }
    #expect(bench.isOver, "\(bench.link.state.text)")
    #expect(elapsed < .seconds(60))
    if !isStopping { #expect(bench.failure == .rebooted) }
    #expect(!bench.isUARTOpen)
    #expect(bench.key.last?.isAsserted == false)
  }

  @Test("a modem that reboots for ever while nothing is wanted doesn't keep the link awake")
  func idleReboots() {
    var bench = Bench()
    bench.modem.boot(now: bench.now)
    bench.give(.statusLine(isOn: true))
    bench.give(.start)
    var elapsed = Duration.zero
    while bench.link.deadline != nil, elapsed < .seconds(600) {
      bench.run(for: .seconds(4)) { $0.link.deadline == nil }
      elapsed += .seconds(4)
      if bench.isUARTOpen { bench.give(.uartReceived(Array("\r\nAPP RDY\r\n".utf8))) }
    }
    #expect(elapsed < .seconds(120), "\(bench.link.state.text)")
  }

  @Test("a UART that can't be opened fails the attempt, and the modem isn't left on")
  func uartFails() {
    var bench = Bench()
    bench.failsToOpen = true
    for _ in 0..<5 {
      bench.events = []
      if bench.link.state == .off, bench.key.isEmpty {
        bench.giveStart()
      } else {
        bench.give(.connect(Bench.target))
      }
      bench.run(for: .seconds(120)) { _ in false }
      #expect(bench.failure == .uartFailed)
      #expect(!bench.modem.isOn)
      #expect(bench.link.deadline == nil)
      bench.now = bench.now + .seconds(60)
    }
    bench.failsToOpen = false
    bench.expectNextReportWorks()
  }

  @Test("a key without effect is given up after three pulses") func deadKey() {
    var bench = Bench()
    bench.modem.ignoredPulses = 1000
    bench.modem.ignoresReset = true
    bench.giveStart()
    let ended = bench.run(for: .seconds(120)) { $0.isOver }
    #expect(ended)
    #expect(bench.failure == .keyIgnored)
    #expect(bench.pulses.count == LinkLimits.pulses)
  }

  @Test("a modem that babbles at the full rate of the line is given up, whatever it babbles")
  func babble() {
    var random = SeededRandom(seed: 5)
    let words = ["\r\n", "OK", "RDY", "+QIRD: 4096", "> ", "+CME ERROR: 3", "+CEREG: 5", "\u{1}~x"]
    for isOrdered in [true, false] {
      var bench = Bench()
      bench.modem.isDeaf = true
      bench.giveStart()
      var elapsed: Int64 = 0
      while !bench.isOver, elapsed < 600_000 {
        bench.run(for: .milliseconds(100)) { $0.isOver }
        elapsed += 100
        guard bench.isUARTOpen, !bench.isOver else { continue }
        var noise: [UInt8] = []
        while noise.count < 1152 {
          if isOrdered {
            noise += Array(words[Int(random.next(below: UInt64(words.count)))].utf8)
          } else {
            noise.append(UInt8(truncatingIfNeeded: random.next()))
          }
        }
        bench.give(.uartReceived(noise))
      }
      #expect(bench.isOver, "\(bench.link.state.text)")
      #expect(!bench.isUARTOpen)
    }
  }
}

extension Bench {
  fileprivate mutating func giveStart() {
    if modem.hasStatusLine { give(.statusLine(isOn: modem.isOn)) }
    give(.start)
    give(.connect(target))
  }
}

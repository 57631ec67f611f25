import ModemSimulator
import Primitives
import Testing

/// Pulse limits of the BG95/BG77 hardware design, at each and 1 ms to either side.
@Suite("Power key, STATUS and boot") struct PowerTests {
  @Test(
    "a pulse turns a module on from 500 ms",
    arguments: [
      (0, false, 1), (499, false, 1), (500, true, 0), (501, true, 0), (1000, true, 0),
      (1001, true, 1), (1999, true, 1),
    ])
  func turnsOn(pulse: Int64, isOn: Bool, violations: Int) {
    var bench = Bench()
    bench.input(.supply(isOn: true))
    bench.wait(30)
    bench.pulse(pulse)
    bench.wait(4000)
    #expect(bench.isStatusOn == isOn)
    #expect(bench.modem.counters.violations.total == violations)
    #expect(bench.modem.counters.boots == (isOn ? 1 : 0))
  }

  @Test("a pulse of 2 s at a module that is off starts it twice") func onByReset() {
    var bench = Bench()
    bench.input(.supply(isOn: true))
    bench.wait(30)
    bench.pulse(2000)
    bench.wait(4000)
    #expect(bench.modem.counters.boots == 2)
    #expect(bench.isStatusOn)
  }

  @Test(
    "a pulse at a running module does nothing, turns it off or resets it, by its length",
    arguments: [
      (499, true, 1, 1), (500, true, 1, 0), (649, true, 1, 0), (650, false, 1, 0),
      (1500, false, 1, 0), (1501, false, 1, 1), (1999, false, 1, 1), (2000, true, 2, 0),
      (3800, true, 2, 0), (3801, true, 2, 1),
    ])
  func atRunning(pulse: Int64, isOn: Bool, boots: Int, violations: Int) {
    var bench = Bench.registered()
    bench.pulse(pulse)
    bench.wait(6000)
    #expect(bench.isStatusOn == isOn)
    #expect(bench.modem.counters.boots == boots)
    #expect(bench.modem.counters.violations.total == violations)
    #expect(bench.modem.state == (isOn ? bench.modem.state : "off"))
  }

  @Test("the shutdown starts at the key's release and takes 1.3 s at least", arguments: 1...30)
  func shutdown(seed: UInt64) throws {
    var bench = Bench.registered(seed: seed)
    let count = bench.trace.count
    bench.pulse(700)
    let released = bench.now.milliseconds
    #expect(bench.trace.count == count)
    bench.wait(8000)
    let down = bench.trace.last { $0.effect == .statusLine(isOn: false) }
    #expect(try #require(down).at >= released + 1300)
    #expect(bench.said("\r\nPOWERED DOWN"))
  }

  @Test("STATUS and UART come when the manual says, whatever the seed", arguments: 1...40)
  func bootTimes(seed: UInt64) throws {
    var bench = Bench(seed: seed)
    bench.input(.supply(isOn: true))
    bench.wait(100)
    bench.pulse(600)
    bench.wait(10_000)
    let status = bench.trace.first { $0.effect == .statusLine(isOn: true) }
    let first = bench.trace.first { if case .transmit = $0.effect { true } else { false } }
    #expect((2200...2550).contains(try #require(status).at))
    #expect((2600...3500).contains(try #require(first).at))
    let urcs = ["RDY", "+CFUN: 1", "APP RDY", "+CPIN: READY", "+QUSIM: 1", "+QIND: SMS DONE"]
    for urc in urcs { #expect(bench.said("\r\n\(urc)\r\n")) }
    #expect(bench.heard.hasPrefix("\r\nRDY\r\n"))
  }

  @Test("the order of the boot URCs varies") func bootOrder() {
    let orders = Set(
      (1...40).map { (seed: UInt64) in
        var bench = Bench.running(seed: seed)
        bench.wait(5000)
        return bench.heard
      })
    #expect(orders.count > 3)
  }

  @Test("from the factory no URC comes to the UART, RDY neither, until it is routed there")
  func urcPort() {
    var bench = Bench.running(stored: .factory)
    bench.wait(10_000)
    #expect(bench.output == [])
    _ = bench.ask("ATE0\r")
    #expect(bench.ask("AT+QURCCFG=\"urcport\",\"uart1\"\r") == "\r\nOK\r\n")
    _ = bench.ask("AT+CFUN=0\r", for: 5000)
    #expect(bench.said("\r\n+CPIN: NOT READY\r\n"))
    #expect(bench.modem.stored.urcPort == Array("uart1".utf8))
  }

  @Test("bytes before the UART is up are lost; into a dead module they are a violation")
  func lostBytes() {
    var bench = Bench()
    bench.write("AT\r")
    bench.input(.supply(isOn: true))
    bench.wait(100)
    bench.write("AT\r")
    #expect(bench.modem.counters.violations[.uartDrivenWhileOff] == 6)
    bench.pulse(600)
    bench.wait(1800)
    bench.write("AT\r")
    bench.wait(5000)
    #expect(!bench.said("OK"))
    #expect(bench.modem.counters.violations[.uartDrivenWhileOff] == 6)
    #expect(bench.modem.counters.bytesLost == 9)
  }

  @Test(
    "a key pressed within 30 ms of the supply does nothing", arguments: [(29, false), (30, true)])
  func unstableSupply(delay: Int64, isOn: Bool) {
    var bench = Bench()
    bench.input(.supply(isOn: true))
    bench.wait(delay)
    bench.pulse(600)
    bench.wait(4000)
    #expect(bench.isStatusOn == isOn)
  }

  @Test("AT+QPOWD answers, says POWERED DOWN and lets STATUS fall") func powerDown() {
    var bench = Bench.registered()
    _ = bench.ask("AT+QPOWD=1\r", for: 5000)
    #expect(bench.heard.hasPrefix("\r\nOK\r\n\r\nPOWERED DOWN"))
    #expect(!bench.isStatusOn)
    #expect(bench.modem.stored.knowsCell)
  }

  @Test("a module that has just booted refuses AT+QPOWD for a while, with some seeds")
  func earlyPowerDown() {
    let refusals = (1...20).filter { (seed: UInt64) in
      var bench = Bench.running(seed: seed)
      _ = bench.ask("AT+QPOWD\r")
      return bench.said("ERROR")
    }
    #expect((1...19).contains(refusals.count))
  }

  @Test("AT+CFUN=1,1 restarts: OK, POWERED DOWN, RDY, echo on again") func restart() {
    var bench = Bench.registered()
    _ = bench.ask("AT+CFUN=1,1\r", for: 12_000)
    #expect(bench.heard.hasPrefix("\r\nOK\r\n\r\nPOWERED DOWN"))
    #expect(bench.said("\r\nRDY\r\n"))
    #expect(bench.ask("AT\r") == "AT\r\r\nOK\r\n")
  }

  @Test("a cut supply forgets the cell, so the next search is a long one") func cut() {
    var bench = Bench.registered(network: .real)
    bench.input(.supply(isOn: false))
    #expect(!bench.isStatusOn)
    #expect(bench.modem.counters.violations[.supplyCutWhileRunning] == 1)
    bench.wait(1000)
    bench.input(.supply(isOn: true))
    bench.wait(100)
    bench.pulse(600)
    bench.wait(15_000)
    #expect(bench.modem.state == "searching")
  }

  @Test(
    "after a reset by the key it can't be turned off for 5 s", arguments: [(4999, 1), (5000, 0)])
  func resetGuard(delay: Int64, violations: Int) {
    var bench = Bench.registered()
    bench.pulse(2500)
    bench.wait(delay - 800)
    bench.pulse(800)
    #expect(bench.modem.counters.violations[.powerOffTooSoon] == violations)
  }
}

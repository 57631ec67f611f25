import AT
import Cellular
import Link
import Modems
import Primitives
import Testing

@Suite("Starting and stopping") struct StartTests {
  @Test("from off: the key's pulse, the UART's opening, and the wait for the boot, to the ms")
  func exactEffects() {
    var link = Link.forTests(hasStatusLine: true)
    #expect(link.handle(.statusLine(isOn: false), now: .at(0)) == [])
    #expect(
      link.handle(.start, now: .at(0)) == [
        .event(.stateChanged(.starting, cause: .processStarted)),
        .event(.stateChanged(.off, cause: .statusOff)),
      ])
    #expect(link.deadline == nil)
    #expect(
      link.handle(.connect(Bench.target), now: .at(10)) == [
        .event(.stateChanged(.starting, cause: .connectRequested)),
        .setPowerKey(asserted: true),
      ])
    #expect(link.deadline == .at(585))
    #expect(link.handle(.deadline, now: .at(584)) == [])
    #expect(
      link.handle(.deadline, now: .at(585)) == [
        .setPowerKey(asserted: false), .openUART(baud: nil),
      ])
    #expect(link.deadline == .at(4585))  // STATUS
    #expect(link.handle(.statusLine(isOn: true), now: .at(2100)) == [])
    #expect(link.deadline == .at(5585))  // the first AT, if no word comes
    #expect(link.handle(.uartReceived(Array("\r\nRDY\r\n".utf8)), now: .at(2500)) == [])
    #expect(link.deadline == .at(5500))
    let effects = link.handle(.uartReceived(Array("\r\nAPP RDY\r\n".utf8)), now: .at(2700))
    #expect(effects.count == 2)
    #expect(effects.first == .event(.stateChanged(.ready, cause: .bootURC)))
    #expect(link.deadline == .at(2700 + 15_000))  // the first line: fifteen commands of 1 s
  }

  @Test("a module that says nothing at its start is asked from 5 s after the pulse on")
  func noBootURC() {
    var modem = FakeModem()
    modem.saysReady = false
    var bench = Bench(modem: modem)
    bench.report()
    #expect(bench.received == [Array("pong".utf8)])
    #expect(bench.modem.lines.first == "AT")
    #expect(bench.exchanges == 8)
  }

  @Test(
    "STATUS off: no AT, a pulse. STATUS on: an AT, no pulse. Not wired: AT, then a pulse",
    arguments: [
      (true, false, ["AT+CMEE=1"], 1), (true, true, ["AT", "AT+CMEE=1"], 0),
      (false, false, ["AT+CMEE=1"], 1), (false, true, ["AT", "AT+CMEE=1"], 0),
    ])
  func matrix(isWired: Bool, isOn: Bool, first: [String], pulses: Int) {
    var modem = FakeModem(hasStatusLine: isWired)
    if isOn {
      modem.boot(now: .start)
      _ = modem.take(dueAt: .milliseconds(10_000))
    }
    var bench = Bench(modem: modem)
    bench.report()
    #expect(bench.received == [Array("pong".utf8)])
    #expect(zip(bench.modem.lines, first).allSatisfy { $0.hasPrefix($1) })
    #expect(bench.pulses.count == pulses)
    // Two probes in vain and seven exchanges, where nothing tells whether it is on.
    #expect(bench.exchanges == (isOn ? 8 : isWired ? 7 : 9))
  }

  @Test("a STATUS line that isn't told in time is done without") func statusUntold() {
    var link = Link.forTests(hasStatusLine: true)
    _ = link.handle(.start, now: .at(0))
    #expect(link.deadline == .at(5000))
    #expect(
      link.handle(.deadline, now: .at(5000)) == [.openUART(baud: nil), .write(Array("AT\r".utf8))])
  }

  @Test(
    "an ignored key is pressed again, then held until the module restarts, then given up",
    arguments: [
      (1, [575, 575], true), (2, [575, 575, 2900], true), (9, [575, 575, 2900], false),
    ])
  func ignored(count: Int, pulses: [Int64], works: Bool) {
    var modem = FakeModem()
    modem.ignoredPulses = count
    modem.ignoresReset = !works
    var bench = Bench(modem: modem)
    bench.report()
    #expect(bench.pulses == pulses)
    #expect(bench.failure == (works ? nil : .keyIgnored))
    #expect(bench.link.counters.ignoredPulses == (works ? Int64(count) : 3))
    bench.expectRest("ignored key")
  }

  @Test("a module that runs behind a broken STATUS line is never restarted") func stuckStatus() {
    var modem = FakeModem()
    modem.isStatusStuckOff = true
    modem.isOn = true
    var bench = Bench(modem: modem)
    bench.report()
    #expect(bench.pulses == [575, 575])
    #expect(bench.failure == nil)
    #expect(bench.link.counters.messagesReceived == 1)
  }

  @Test("a module that is booting when the process starts is waited for") func foundBooting() {
    var modem = FakeModem(hasStatusLine: false)
    modem.boot(now: .milliseconds(9800))
    modem.scheduled(remove: 0)
    var bench = Bench(modem: modem)
    bench.report()
    #expect(bench.received == [Array("pong".utf8)])
  }

  @Test(
    "power-off at any moment leaves the module off and the UART closed",
    arguments: stride(from: Int64(0), through: 9000, by: 100).map { $0 })
  func powerOff(after milliseconds: Int64) {
    var bench = Bench()
    bench.releases = false
    bench.give(.statusLine(isOn: false))
    bench.give(.start)
    bench.give(.connect(Bench.target))
    bench.run(for: .milliseconds(milliseconds)) { _ in false }
    bench.give(.powerOff)
    bench.run { $0.link.deadline == nil }
    bench.expectRest("off after \(milliseconds) ms")
    #expect(!bench.modem.isOn)
    #expect(bench.link.state == .off)
  }

  @Test("a module that is found on and for which nobody has any use is turned off") func unused() {
    var modem = FakeModem()
    modem.boot(now: .start)
    _ = modem.take(dueAt: .milliseconds(10_000))
    var bench = Bench(modem: modem)
    bench.give(.statusLine(isOn: true))
    bench.give(.start)
    bench.run { $0.link.deadline == nil }
    bench.expectRest("unused")
    #expect(bench.modem.lines == ["AT", "AT+QPOWD=1"])
  }

  @Test("a module that refuses to turn off is told again, then its key is pressed")
  func refusesOff() {
    var modem = FakeModem()
    modem.isPSMGranted = false
    modem.answers["+QPOWD=1"] = "ERROR"
    modem.registration = "5,\"0A1B\",\"01234567\",7"
    modem.hasPSMEntry = false
    var bench = Bench(modem: modem)
    bench.report()
    #expect(bench.modem.lines.filter { $0 == "AT+QPOWD=1" }.count == 6)
    #expect(bench.pulses == [575, 1000])
    #expect(bench.events.last == .asleep(.poweredOff))
    bench.expectRest("refuses off")
  }

  @Test("a UART that fails ends in a failure with the module off") func uartFailed() {
    var bench = Bench()
    bench.message = nil
    bench.give(.statusLine(isOn: false))
    bench.give(.start)
    bench.give(.connect(Bench.target))
    bench.run { $0.link.state == .online }
    bench.give(.uartFailed)
    bench.run { $0.isOver }
    #expect(bench.losses == [.uartFailed])
    #expect(bench.failure == .uartFailed)
    bench.expectRest("UART failed")
    bench.message = Array("ping".utf8)
    bench.expectNextReportWorks()
  }
}

extension Instant {
  static func at(_ milliseconds: Int64) -> Instant { .milliseconds(milliseconds) }
}

extension Link {
  static func forTests(hasStatusLine: Bool) -> Link {
    Link(
      LinkSettings(module: .quectelBG95, network: .forTests, hasStatusLine: hasStatusLine), seed: 1)
  }
}

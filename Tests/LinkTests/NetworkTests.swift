import AT
import Cellular
import Link
import Modems
import Primitives
import Testing

@Suite("Network, socket and sleep") struct NetworkTests {
  private func report(_ change: (inout FakeModem) -> Void) -> Bench {
    var modem = FakeModem()
    change(&modem)
    var bench = Bench(modem: modem)
    bench.report()
    return bench
  }

  @Test("a network that never takes it in: given up after the search limit, modem off")
  func neverRegistered() {
    let bench = report { $0.registrationDelay = nil }
    #expect(bench.failure == .notRegistered(.searching, nil))
    #expect(bench.link.state == .failed(.registration))
    #expect(bench.now > .milliseconds(610_000) && bench.now < .milliseconds(630_000))
    bench.expectRest("never registered")
    #expect(bench.link.counters.powerCycles == 0)
  }

  @Test("a denial is waited out, since it comes before a change of identity") func denied() {
    var modem = FakeModem()
    modem.registrationDelay = 300_000
    modem.say(
      "\r\n+CEREG: 3,\"0A1B\",\"01234567\",7,0,11,,\r\n", at: .milliseconds(30_000))
    var bench = Bench(modem: modem)
    bench.report()
    #expect(bench.received == [Array("pong".utf8)])
    let causes = bench.events.compactMap { event in
      if case .registration(let registration) = event {
        registration.rejectCause?.code
      } else {
        nil
      }
    }
    #expect(causes == [11])
  }

  @Test(
    "no card, a card that is late, and a card that is locked",
    arguments: [
      ("+CME ERROR: 10", LinkCause.simMissing(error: 10)), ("+CPIN: SIM PIN", .simLocked),
    ])
  func card(answer: String, cause: LinkCause) {
    let bench = report { $0.answers["+CPIN?"] = answer }
    #expect(bench.failure == cause)
    #expect(bench.link.state == .failed(.sim))
    bench.expectRest("card")
  }

  @Test("a card that is busy at first is asked again") func busyCard() {
    let bench = report { $0.mishaps = [2: .answer("\r\n+CME ERROR: 14\r\n")] }
    #expect(bench.received == [Array("pong".utf8)])
    #expect(bench.exchanges == 8)
  }

  @Test(
    "a context that can't be had: taken down, registration read, radio off and on, given up, asleep"
  )
  func contextRefused() {
    let bench = report { $0.answers["+QIACT=1"] = "ERROR" }
    #expect(bench.failure == .contextRefused(error: nil))
    let lines = bench.modem.lines.dropFirst(3).filter { !$0.hasPrefix("AT+QIACT?") }
    #expect(
      lines == [
        "AT+QIACT=1", "AT+QIDEACT=1", "AT+QIACT=1", "AT+CEREG?;+CGREG?", "AT+QIDEACT=1",
        "AT+QIACT=1", "AT+CFUN=4", "AT+CFUN=1", "AT+QIACT=1",
      ])
    #expect(bench.link.counters.powerCycles == 0)
    bench.expectRest("context refused")
  }

  @Test("a context that survived an earlier run is used as it is") func contextSurvived() {
    let bench = report { $0.answers["+QIACT?"] = "+QIACT: 1,1,1,\"10.1.2.3\"" }
    #expect(bench.exchanges == 6)
    #expect(bench.received == [Array("pong".utf8)])
  }

  @Test(
    "a failure to open is evidence of its own layer only",
    arguments: [
      (566, LinkCause.serverUnreachable(error: 566)), (569, .serverUnreachable(error: 569)),
    ])
  func unreachable(error: Int, cause: LinkCause) {
    let bench = report { $0.openErrors = Array(repeating: error, count: 99) }
    #expect(bench.failure == cause)
    #expect(bench.link.state == .asleep)
    #expect(!bench.modem.lines.contains("AT+QPOWD=1"))
    #expect(!bench.modem.lines.contains("AT+QIDEACT=1"))
    bench.expectRest("unreachable")
  }

  @Test(
    "a socket from before is closed and opened again; a broken context is made anew",
    arguments: [
      (563, ["AT+QICLOSE=0"]), (570, ["AT+QIDEACT=1", "AT+QIACT=1", "AT+QICLOSE=0"]),
      (553, ["AT+QICLOSE=0"]),
    ])
  func reopened(error: Int, between: [String]) {
    let bench = report { $0.openErrors = [error] }
    #expect(bench.received == [Array("pong".utf8)])
    let open = "AT+QIOPEN=1,0,\"UDP\",\"192.0.2.1\",5683,0,0"
    let opens = bench.modem.lines.enumerated().filter { $0.element == open }.map { $0.offset }
    #expect(opens.count == 2)
    #expect(Array(bench.modem.lines[(opens[0] + 1)..<opens[1]]) == between)
  }

  @Test("a name: servers are set once a context, in the same count of exchanges") func name() {
    var bench = Bench()
    bench.target = LinkTarget(
      host: NetworkHost(Array("collector.example".utf8))!, port: 5683, transport: .udp)
    bench.report()
    #expect(bench.modem.lines[4] == "AT+QIDNSCFG=1,\"9.9.9.9\";+QIDNSCFG=1")
    #expect(bench.exchanges == 8)
  }

  @Test("a name that isn't found: servers set again, then given up") func nameNotFound() {
    var modem = FakeModem()
    modem.openErrors = [565, 565, 565]
    var bench = Bench(modem: modem)
    bench.target = LinkTarget(
      host: NetworkHost(Array("collector.example".utf8))!, port: 5683, transport: .udp)
    bench.report()
    #expect(bench.failure == .nameNotFound)
    #expect(bench.modem.lines.filter { $0.hasPrefix("AT+QIDNSCFG") }.count == 2)
  }

  @Test(
    "servers that the module reads back otherwise than told are the device's own to ask",
    arguments: [
      ("+QIDNSCFG: 1,\"9.9.9.9\",\"0.0.0.0\"", false),
      ("+QIDNSCFG: 1,\"8.8.8.8\",\"8.8.4.4\"", true),
      ("", false), ("ERROR", true),
    ])
  func serversReadBack(line: String, isAddressWanted: Bool) {
    var modem = FakeModem()
    modem.answers["+QIDNSCFG=1"] = line
    var bench = Bench(modem: modem)
    bench.target = LinkTarget(
      host: NetworkHost(Array("collector.example".utf8))!, port: 5683, transport: .udp)
    bench.report()
    #expect(bench.events.contains(.addressWanted) == isAddressWanted)
  }

  @Test("a time that hasn't come yet is asked for again in front of the next commands")
  func clock() {
    var modem = FakeModem()
    modem.answers["+QLTS=2"] = "+QLTS: \"\""
    var bench = Bench(modem: modem)
    bench.report()
    #expect(bench.exchanges == 7)
    #expect(bench.modem.lines[4].hasPrefix("AT+QLTS=2;+QIOPEN="))
    #expect(!bench.events.contains { if case .networkTime = $0 { true } else { false } })
    modem.answers["+QLTS=2"] = "ERROR"
    bench = Bench(modem: modem)
    bench.report()
    #expect(bench.received == [Array("pong".utf8)])
  }

  @Test("a module that can't tell the time is asked once, and its name servers are set anyway")
  func clockRefused() {
    var modem = FakeModem()
    modem.answers["+QLTS=2"] = "ERROR"
    var bench = Bench(modem: modem)
    bench.target = LinkTarget(
      host: NetworkHost(Array("collector.example".utf8))!, port: 5683, transport: .udp)
    bench.report()
    #expect(bench.received == [Array("pong".utf8)])
    #expect(bench.modem.lines.contains("AT+QIDNSCFG=1,\"9.9.9.9\";+QIDNSCFG=1"))
    let asked = bench.modem.lines.filter { $0.contains("+QLTS") }.count
    bench.expectNextReportWorks()
    #expect(bench.modem.lines.filter { $0.contains("+QLTS") }.count == asked)
  }

  @Test("the network's time is told once a start, in UTC") func time() {
    let bench = report { _ in }
    let times = bench.events.compactMap { event in
      if case .networkTime(let utc) = event { utc.text } else { nil }
    }
    #expect(times == ["2026-11-22T21:28:47Z"])
  }

  @Test("settings that differ are written once, the APN with the radio off; right ones never")
  func settings() {
    let wrong = [
      "+QURCCFG=\"urcport\"": "+QURCCFG: \"urcport\",\"usbat\"",
      "+QCFG=\"roamservice\"": "+QCFG: \"roamservice\",1",
      "+CPSMS?": "+CPSMS: 0,,,\"00100110\",\"00000001\"",
      "+CGDCONT?": "+CGDCONT: 1,\"IPV4V6\",\"\",\"0.0.0.0\",0,0",
      "+QICSGP=1": "+QICSGP: 1,\"\",\"\",\"\",0",
    ]
    var bench = report { $0.answers = wrong }
    #expect(
      Array(bench.modem.lines[1...7]) == [
        "AT+CFUN=4", "AT+QURCCFG=\"urcport\",\"uart1\"", "AT+QCFG=\"roamservice\",2,1",
        "AT+CPSMS=1,,,\"00100110\",\"00000001\"", "AT+CGDCONT=1,\"IP\",\"em\"",
        "AT+QICSGP=1,1,\"em\",\"\",\"\",0", "AT+CFUN=1",
      ])
    #expect(bench.link.counters.settingWrites == 5)
    #expect(bench.received == [Array("pong".utf8)])
    bench = report { _ in }
    #expect(bench.link.counters.settingWrites == 0)
  }

  @Test(
    "a question that the module doesn't know costs three exchanges at most, not one for each part",
    arguments: ["+QCFG=\"nwscanmode\"", "+CPSMS?", "+QCCID", "+CGMR", "+QLTS=2"])
  func unknownQuestion(command: String) {
    let bench = report { $0.answers[command] = "ERROR" }
    #expect(bench.received == [Array("pong".utf8)])
    #expect(bench.exchanges <= 10)
  }

  @Test("a setting that is refused for good stops nothing") func refusedSetting() {
    let bench = report {
      $0.answers["+QCFG=\"roamservice\""] = "+QCFG: \"roamservice\",1"
      $0.answers["+QCFG=\"roamservice\",2,1"] = "ERROR"
      $0.answers["+QCFG=\"roamservice\",2"] = "ERROR"
    }
    #expect(bench.link.counters.refusedWrites == 3)
    #expect(bench.received == [Array("pong".utf8)])
  }

  @Test(
    "what takes the ground from under the socket is told once, and mended on its own layer",
    arguments: [
      ("\r\n+QIURC: \"closed\",0\r\n", LinkCause.socketClosed, ["AT+QICLOSE=0"]),
      (
        "\r\n+QIURC: \"pdpdeact\",1\r\n", .contextLost,
        ["AT+QIDEACT=1", "AT+QIACT=1", "AT+QICLOSE=0"]
      ),
    ])
  func groundLost(urc: String, cause: LinkCause, mending: [String]) {
    var bench = Bench()
    bench.releases = false
    bench.give(.statusLine(isOn: false))
    bench.give(.start)
    bench.give(.connect(Bench.target))
    bench.run { !$0.received.isEmpty }
    bench.run(for: .seconds(5)) { _ in false }
    let before = bench.modem.lines.count
    bench.give(.uartReceived(Array(urc.utf8)))
    #expect(bench.losses == [cause])
    bench.give(.connect(Bench.target))
    bench.run { $0.received.count == 2 }
    #expect(Array(bench.modem.lines.dropFirst(before).prefix(mending.count)) == mending)
    #expect(bench.pulses.count == 1)
  }

  @Test("a registration that is gone for 30 s while online is a loss; a shorter gap is none")
  func registrationLost() {
    for (gap, losses) in [(Int64(29_000), 0), (31_000, 1)] {
      var bench = Bench()
      bench.releases = false
      bench.give(.statusLine(isOn: false))
      bench.give(.start)
      bench.give(.connect(Bench.target))
      bench.run { !$0.received.isEmpty }
      bench.give(.uartReceived(Array("\r\n+CEREG: 2\r\n".utf8)))
      bench.run(for: .milliseconds(gap)) { _ in false }
      bench.give(.uartReceived(Array("\r\n+CEREG: 5\r\n".utf8)))
      #expect(bench.losses.count == losses)
    }
  }

  @Test("everything is read when the owner doesn't release; the last read finds nothing")
  func drained() {
    var bench = Bench()
    bench.releases = false
    bench.give(.statusLine(isOn: false))
    bench.give(.start)
    bench.give(.connect(Bench.target))
    bench.run { !$0.received.isEmpty }
    let at = bench.now
    bench.run(for: .milliseconds(99)) { _ in false }
    #expect(bench.modem.lines.last == "AT+QIRD=0,1500")
    #expect(bench.modem.lines.count == 7)
    bench.run(for: .milliseconds(200)) { _ in false }
    #expect(bench.modem.lines.count == 8)
    #expect(bench.now - at < .seconds(1))
  }

  @Test("a full send buffer is tried again; a refused socket is a loss") func sending() {
    var bench = report { $0.mishaps = [6: .sendFails] }
    #expect(bench.received == [Array("pong".utf8)])
    bench = report { $0.mishaps = [6: .answer("\r\nERROR\r\n")] }
    #expect(bench.losses == [.socketClosed])
  }

  @Test("what can't be sent is refused and counted") func refusedSends() {
    var bench = Bench()
    bench.message = nil
    bench.give(.send([1], expectsAnswer: false))
    bench.give(.statusLine(isOn: false))
    bench.give(.start)
    bench.give(.connect(Bench.target))
    bench.run { $0.link.state == .online }
    bench.give(.send([UInt8](repeating: 0, count: 1461), expectsAnswer: false))
    for _ in 0..<6 { bench.give(.send([1], expectsAnswer: false)) }
    // One is on its way and counts as waiting until the module has taken it.
    #expect(bench.link.counters.refusedSends == 4)
    bench.run(for: .seconds(10)) { _ in false }
    #expect(bench.link.counters.messagesSent == 4)
  }

  @Test("released without a grant, it is powered off") func notGranted() {
    let bench = report {
      $0.registration = "5,\"0A1B\",\"01234567\",7"
      $0.hasPSMEntry = false
    }
    #expect(bench.modem.lines.last == "AT+QPOWD=1")
    #expect(bench.events.last == .asleep(.poweredOff))
    #expect(bench.link.state == .off)
    bench.expectRest("not granted")
  }

  @Test("granted but not entered: counted, and powered off once the time is over") func notEntered()
  {
    var bench = Bench()
    bench.modem.hasPSMEntry = false
    bench.report()
    #expect(bench.link.counters.missedSleeps == 1)
    #expect(bench.events.last == .asleep(.poweredOff))
    #expect(bench.events.contains(.stateChanged(.draining, cause: .sleepIsLate)))
    bench.expectRest("not entered")
  }

  @Test("the STATUS line alone proves sleep too") func statusAlone() {
    var bench = Bench()
    bench.modem.hasPSMEntry = false
    bench.give(.statusLine(isOn: false))
    bench.give(.start)
    bench.give(.connect(Bench.target))
    bench.run { $0.link.state == .draining }
    bench.give(.statusLine(isOn: false))
    #expect(bench.events.last == .asleep(.statusLine))
    #expect(bench.link.state == .asleep)
  }

  @Test("wanted again while it still drains, it is online at once") func changedMind() {
    var bench = Bench()
    bench.give(.statusLine(isOn: false))
    bench.give(.start)
    bench.give(.connect(Bench.target))
    bench.run { $0.link.state == .draining }
    let before = bench.modem.lines.count
    bench.give(.connect(Bench.target))
    #expect(bench.link.state == .online)
    bench.run { $0.received.count == 2 }
    // The buffer is read to its end first: data left in it would keep new data from being told.
    #expect(bench.modem.lines.count == before + 3)
  }

  @Test("a pulse so soon after the sleep that it would be ignored is held back") func heldBack() {
    var bench = Bench()
    bench.report()
    bench.events = []
    bench.give(.connect(Bench.target))
    #expect(bench.pulses.count == 1)
    #expect(bench.key.last?.isAsserted == false)
    bench.run { !$0.received.isEmpty }
    #expect(bench.pulses == [575, 575])
    #expect(bench.link.counters.ignoredPulses == 0)
  }

  @Test("TCP: long data goes in parts, and the connection is closed before the power-off or sleep")
  func tcp() {
    var bench = Bench()
    bench.target.transport = .tcp
    bench.message = [UInt8](repeating: 120, count: 3000)
    bench.report()
    #expect(bench.modem.sent.map { $0.count } == [1460, 1460, 80])
    #expect(bench.events.filter { $0 == .sent }.count == 1)
    #expect(bench.modem.lines.last == "AT+QICLOSE=0")
    #expect(bench.events.last == .asleep(.psmURC))
  }

  @Test(
    "an attempt that takes too long is given up in whatever state it is",
    arguments: [1, 3, 5, 30, 61])
  func timeIsUp(seconds: Int) {
    var limits = LinkLimits()
    limits.connect = .seconds(seconds)
    var modem = FakeModem()
    modem.registrationDelay = nil
    var bench = Bench(modem: modem, limits: limits)
    bench.report()
    #expect(bench.failure == .timeIsUp)
    #expect(bench.now < .milliseconds(10_000 + 1000 * Int64(seconds) + 10_000))
    bench.expectRest("time is up")
  }

  @Test("a server that never answers: the owner's matter, until nothing moved for long")
  func noAnswer() {
    let bench = report { $0.serverAnswer = nil }
    #expect(bench.losses == [.idleForLong])
    bench.expectRest("no answer")
  }
}

import AT
import Cellular
import Link
import Modems
import Primitives
import Testing

/// What other families do otherwise, each shown with the BG95's profile changed in that one place.
@Suite("Other families' ways") struct FamilyTests {
  private func profile(_ change: (inout ModuleProfile) -> Void) -> ModuleProfile {
    var profile = ModuleProfile.quectelBG95
    let meaning = profile.meaning
    profile.meaning = { line in
      let number = ParameterList(line).integer(0)
      if line.isNamed("+CTX") { return .contextActivated(error: number ?? 0) }
      if line.isNamed("+OPENED") { return .socketOpened(error: number ?? 0) }
      if line.isNamed("+DATA") { return .dataAvailable(number ?? 0) }
      if line.isNamed("+CGREG") { return Standard.meaning(line) }
      return meaning(line)
    }
    change(&profile)
    return profile
  }

  private func lines(_ bench: Bench, _ prefixes: String...) -> [String] {
    bench.modem.lines.filter { line in prefixes.contains { line.hasPrefix("AT" + $0) } }
  }

  // MARK: - Falling asleep

  private func drainingBench(
    _ evidence: SleepEvidence, hasStatusLine: Bool
  ) -> (Bench, since: Instant) {
    var modem = FakeModem(hasStatusLine: hasStatusLine)
    modem.hasPSMEntry = false
    var bench = Bench(
      modem: modem,
      module: profile { $0.sleepEvidence = evidence })
    if hasStatusLine { bench.give(.statusLine(isOn: false)) }
    bench.give(.start)
    bench.give(.connect(Bench.target))
    bench.run { $0.link.state == .draining }
    return (bench, bench.now)
  }

  @Test("silence after the active time is sleep; nothing is asked before") func silence() {
    var (bench, since) = drainingBench(.silence(after: .seconds(10)), hasStatusLine: false)
    let before = bench.modem.lines.count
    #expect(bench.link.deadline == since + .seconds(12))  // 2 s active, 10 s after it
    bench.run(for: .milliseconds(11_999)) { _ in false }
    #expect(bench.modem.lines.count == before)
    bench.modem.isDeaf = true
    bench.run { $0.isOver }
    #expect(bench.events.last == .asleep(.silence))
    #expect(bench.link.state == .asleep)
    #expect(bench.now == since + .seconds(12) + .milliseconds(2 * 400))
    #expect(bench.link.counters.sleeps == 1)
    #expect(bench.link.counters.missedSleeps == 0)
    // It is woken as one that sleeps: looked at, not set up anew.
    bench.modem.isDeaf = false
    bench.events = []
    bench.give(.connect(Bench.target))
    bench.run { !$0.received.isEmpty }
    #expect(bench.link.counters.warmWakes == 1)
  }

  @Test("a module that answers isn't asleep: it is asked again, and at last turned off")
  func awake() {
    var (bench, since) = drainingBench(.silence(after: .seconds(10)), hasStatusLine: false)
    let before = bench.modem.lines.count
    bench.run { $0.isOver }
    #expect(
      Array(bench.modem.lines.dropFirst(before))
        == ["AT", "AT", "AT", "AT", "AT", "AT+QPOWD=1"])
    #expect(bench.now > since + .seconds(62))
    #expect(bench.link.counters.missedSleeps == 1)
    #expect(bench.events.last == .asleep(.poweredOff))
  }

  @Test("one lost AT proves nothing") func oneLost() {
    var (bench, _) = drainingBench(.silence(after: .seconds(10)), hasStatusLine: false)
    bench.modem.mishaps[bench.modem.lines.count + 1] = .silence
    bench.run(for: .seconds(20)) { $0.isOver }
    #expect(!bench.isOver)
    #expect(bench.modem.lines.suffix(2) == ["AT", "AT"])
  }

  @Test("where the STATUS line works, it tells, and nothing is asked") func statusTells() {
    var (bench, since) = drainingBench(.silence(after: .seconds(10)), hasStatusLine: true)
    let before = bench.modem.lines.count
    bench.run(for: .seconds(30)) { _ in false }
    #expect(bench.modem.lines.count == before)
    #expect(bench.link.deadline == since + .seconds(62))
    bench.give(.statusLine(isOn: false))
    #expect(bench.events.last == .asleep(.statusLine))
  }

  @Test("where only a STATUS line could tell and there is none, it is turned off at once")
  func unprovable() {
    var (bench, _) = drainingBench(.statusLine, hasStatusLine: false)
    bench.run { $0.isOver }
    #expect(bench.modem.lines.last == "AT+QPOWD=1")
    #expect(bench.link.counters.missedSleeps == 0)
    #expect(bench.events.last == .asleep(.poweredOff))
  }

  @Test("a connection that is wanted meanwhile doesn't wait for the question's answer")
  func wantedMeanwhile() {
    var (bench, since) = drainingBench(.silence(after: .seconds(10)), hasStatusLine: false)
    bench.run { $0.modem.lines.last == "AT" }
    #expect(bench.now == since + .seconds(12))
    bench.events = []
    bench.give(.connect(Bench.target))
    bench.run { !$0.received.isEmpty }
    #expect(bench.received.count == 1)
    #expect(bench.pulses.count == 1)
  }

  // MARK: - Power and restart

  @Test("a module isn't turned off before it has been on for as long as it needs")
  func minimumOn() {
    var bench = Bench(
      network: NetworkSettings(accessPoint: nil),
      module: profile { $0.power.minimumOn = .seconds(30) })
    bench.give(.statusLine(isOn: false))
    bench.give(.start)
    bench.give(.connect(Bench.target))
    bench.run { $0.isOver }
    let started = bench.key[1].at
    #expect(bench.received == [Array("pong".utf8)])
    #expect(bench.events.last == .asleep(.poweredOff))
    #expect(bench.now > started + .seconds(30))
    #expect(bench.now < started + .seconds(33))
    #expect(bench.modem.lines.last == "AT+QPOWD=1")
  }

  @Test(
    "a setting that counts after a restart restarts the module, once", arguments: [true, false])
  func restart(isForgotten: Bool) {
    var modem = FakeModem()
    modem.answers["+QCFG=\"iotopmode\""] = "+QCFG: \"iotopmode\",0"
    var bench = Bench(
      modem: modem,
      module: profile { profile in
        profile.restart = Exchange("AT+CFUN=15")
        profile.power.pollFrom = .seconds(2)
        for index in profile.settings.indices { profile.settings[index].needsRestart = true }
      })
    bench.give(.statusLine(isOn: false))
    bench.give(.start)
    bench.give(.connect(Bench.target))
    bench.run { $0.modem.lines.last == "AT+CFUN=15" }
    let restarted = bench.now
    if !isForgotten { bench.modem.answers["+QCFG=\"iotopmode\""] = "+QCFG: \"iotopmode\",2" }
    bench.run { !$0.received.isEmpty }
    #expect(bench.received == [Array("pong".utf8)])
    #expect(lines(bench, "+CFUN=15").count == 1)
    #expect(lines(bench, "+QCFG=\"iotopmode\",2").count == (isForgotten ? 2 : 1))
    #expect(lines(bench, "+CMEE=1").count == 2)
    #expect(bench.now > restarted + .seconds(2))
    #expect(bench.link.counters.restarts == 1)
    #expect(bench.link.counters.reboots == 0)
  }

  @Test("a radio that isn't turned on so soon after it was turned off is turned on a moment later")
  func radioRefused() {
    var modem = FakeModem()
    modem.answers["+CGDCONT?"] = "+CGDCONT: 1,\"IP\",\"other\",\"0.0.0.0\",0,0"
    var bench = Bench(modem: modem, module: profile { _ in })
    bench.give(.statusLine(isOn: false))
    bench.give(.start)
    bench.give(.connect(Bench.target))
    bench.run { $0.modem.lines.last == "AT+CGDCONT=1,\"IP\",\"em\"" }
    bench.modem.mishaps[bench.modem.lines.count + 1] = .answer("\r\nERROR\r\n")
    bench.run { !$0.received.isEmpty }
    #expect(bench.received == [Array("pong".utf8)])
    #expect(lines(bench, "+CFUN") == ["AT+CFUN=4", "AT+CFUN=1", "AT+CFUN=1"])
  }

  @Test("one command a line, where the module takes no more") func oneByOne() {
    var bench = Bench(module: profile { $0.dialect.joinsCommands = false })
    bench.report()
    #expect(bench.received == [Array("pong".utf8)])
    #expect(bench.modem.lines.allSatisfy { !$0.contains(";") })
    #expect(bench.modem.lines.prefix(3) == ["AT+CMEE=1", "AT+CGREG=2", "AT+CEREG=4"])
    #expect(bench.link.counters.failures == 0)
    #expect(
      bench.events.contains(
        .networkTime(
          UTC(
            year: 2026, month: 11, day: 22, hour: 21, minute: 28, second: 47)!)))
  }

  // MARK: - Registration

  @Test("one name that lets data flow is enough, whatever the others say") func names() {
    var modem = FakeModem()
    modem.registrationDelay = nil
    modem.answers["+CGREG?"] = "+CGREG: 2,5,\"6F42\",\"3C6D32C\",0"
    var bench = Bench(modem: modem, module: profile { $0.registrations = ["+CEREG", "+CGREG"] })
    bench.message = nil
    bench.give(.statusLine(isOn: false))
    bench.give(.start)
    bench.give(.connect(Bench.target))
    bench.run { $0.link.state == .online }
    #expect(bench.link.state == .online)
    // The other name's loss is none; its own is.
    bench.give(.uartReceived(Array("\r\n+CEREG: 0\r\n".utf8)))
    bench.run(for: .seconds(40)) { _ in false }
    #expect(bench.losses == [])
    bench.give(.uartReceived(Array("\r\n+CGREG: 0\r\n".utf8)))
    bench.run(for: .seconds(40)) { _ in false }
    #expect(bench.losses == [.registrationLost(.idle)])
  }

  @Test("a name that isn't the profile's concerns nobody") func otherName() {
    var modem = FakeModem()
    modem.registrationDelay = nil
    var bench = Bench(modem: modem, module: profile { _ in })
    bench.give(.statusLine(isOn: false))
    bench.give(.start)
    bench.give(.connect(Bench.target))
    bench.run { $0.link.state == .searching }
    bench.give(.uartReceived(Array("\r\n+CREG: 5\r\n".utf8)))
    #expect(bench.link.state == .searching)
    bench.give(.uartReceived(Array("\r\n+CEREG: 5\r\n".utf8)))
    #expect(bench.link.state == .registered)
  }

  // MARK: - Data session

  @Test(
    "an activation of two commands and a word that comes later, or before the OK",
    arguments: [10, 25, 3000])
  func activation(after: Int64) {
    var modem = FakeModem()
    modem.urcs["+UP=1"] = ("+CTX: 0", after)
    modem.answers["+ODD"] = "ERROR"
    var bench = Bench(
      modem: modem,
      module: profile { profile in
        profile.context.activate = { wanted in
          [Exchange("AT+ODD", mayFail: true), Exchange("AT+UP=1")]
        }
        profile.context.activationLimit = .seconds(5)
      })
    bench.report()
    #expect(bench.received == [Array("pong".utf8)])
    #expect(lines(bench, "+ODD", "+UP", "+QIOPEN").prefix(2) == ["AT+ODD", "AT+UP=1"])
    #expect(bench.link.counters.contextActivations == 1)
  }

  @Test("an activation that fails, or of which nothing more is heard, is climbed from")
  func activationFails() {
    for urc in ["+CTX: 33", "+OTHER: 1"] {
      var modem = FakeModem()
      modem.urcs["+UP=1"] = (urc, 100)
      var bench = Bench(
        modem: modem,
        module: profile { profile in
          profile.context.activate = { _ in [Exchange("AT+UP=1")] }
          profile.context.activationLimit = .seconds(5)
          profile.context.deactivate = nil
        })
      bench.report()
      #expect(lines(bench, "+UP=1").count == 4)
      #expect(bench.link.counters.radioCycles == 1)
      guard case .contextRefused = bench.failure else {
        Issue.record("\(String(describing: bench.failure))")
        continue
      }
    }
  }

  // MARK: - Socket

  /// Creates, looks the name up, and connects; the number and the address come from the answers.
  private func scripted(_ change: @escaping (inout SocketCommands) -> Void = { _ in })
    -> ModuleProfile
  {
    profile { profile in
      profile.socket!.open = { target, progress in
        switch progress.step {
        case 0: return .run(Exchange("AT+MAKE", answers: [.named("+MAKE")], alwaysHasLine: true))
        case 1: return .run(Exchange("AT+FIND=\"\(target.host)\"", answers: [.named("+FIND")]))
        case 2:
          guard let address = progress.address, let number = progress.number else { return .open }
          return .run(Exchange("AT+GO=\(number),\"\(address)\",\(target.port)"))
        case 3: return .await(.seconds(10))
        default: return .open
        }
      }
      profile.socket!.note = { answer, progress in
        guard answer.isOK else { return progress.step == 1 ? .name : .remote }
        if let line = answer.line(named: "+MAKE") {
          progress.number = ParameterList(line).integer(0)
        }
        if let line = answer.line(named: "+FIND") {
          progress.address = IPv4Address(ParameterList(line).text(0))
        }
        progress.step += 1
        return nil
      }
      profile.socket!.close = { $0.number.map { Exchange("AT+END=\($0)") } }
      change(&profile.socket!)
    }
  }

  private var scriptedModem: FakeModem {
    var modem = FakeModem()
    modem.answers["+MAKE"] = "+MAKE: 3"
    modem.answers["+FIND=\"192.0.2.1\""] = "+FIND: \"192.0.2.9\""
    modem.urcs["+GO=3,\"192.0.2.9\",5683"] = ("+OPENED: 0", 500)
    return modem
  }

  @Test("a socket is opened step by step, each with what the ones before have found")
  func openScript() {
    var bench = Bench(modem: scriptedModem, module: scripted())
    bench.report()
    #expect(bench.received == [Array("pong".utf8)])
    #expect(
      lines(bench, "+MAKE", "+FIND", "+GO", "+END") == [
        "AT+MAKE", "AT+FIND=\"192.0.2.1\"", "AT+GO=3,\"192.0.2.9\",5683",
      ])
    #expect(bench.link.counters.socketsOpened == 1)
  }

  @Test("the result may come before the OK of its command") func earlyResult() {
    var modem = scriptedModem
    modem.urcs["+GO=3,\"192.0.2.9\",5683"] = ("+OPENED: 0", 5)
    var bench = Bench(modem: modem, module: scripted())
    bench.report()
    #expect(bench.received == [Array("pong".utf8)])
    #expect(lines(bench, "+MAKE").count == 1)
  }

  @Test("a step that fails ends the opening; the socket that was made is closed") func stepFails() {
    var modem = scriptedModem
    modem.answers["+FIND=\"192.0.2.1\""] = "ERROR"
    var bench = Bench(modem: modem, module: scripted())
    bench.report()
    #expect(bench.failure == .nameNotFound)
    #expect(lines(bench, "+MAKE", "+END") == ["AT+MAKE", "AT+END=3", "AT+MAKE"])
    modem = scriptedModem
    modem.answers["+GO=3,\"192.0.2.9\",5683"] = "+CME ERROR: 7"
    bench = Bench(modem: modem, module: scripted())
    bench.report()
    #expect(bench.failure == .serverUnreachable(error: 7))
  }

  @Test("a profile without socket commands registers, and then says what is missing")
  func noSockets() {
    var bench = Bench(module: profile { $0.socket = nil })
    bench.report()
    #expect(bench.failure == .noSocketCommands)
    #expect(bench.events.contains { if case .registration = $0 { true } else { false } })
    #expect(!bench.modem.lines.contains("AT+QPOWD=1"))
    #expect(bench.link.state == .asleep)
  }

  @Test("what the module didn't take of a message is sent again; all refused is tried later")
  func partlyTaken() {
    var bench = Bench(
      module: profile { profile in
        profile.socket!.accepted = {
          $0.line(named: "+TOOK").flatMap { ParameterList($0).integer(0) }
        }
        profile.socket!.send = { payload, _, _ in
          Exchange("AT+SEND=\(payload.count)", answers: [.named("+TOOK")])
        }
      })
    bench.target.transport = .tcp
    bench.message = [UInt8](repeating: 120, count: 100)
    bench.releases = false
    bench.modem.answers["+SEND=100"] = "+TOOK: 60"
    bench.modem.answers["+SEND=40"] = "+TOOK: 0"
    bench.give(.statusLine(isOn: false))
    bench.give(.start)
    bench.give(.connect(bench.target))
    bench.run { $0.lineCount("AT+SEND=40") == 1 }
    let refused = bench.now
    bench.modem.answers["+SEND=40"] = "+TOOK: 40"
    bench.run { $0.events.contains(.sent) }
    #expect(lines(bench, "+SEND") == ["AT+SEND=100", "AT+SEND=40", "AT+SEND=40"])
    #expect(bench.now >= refused + .seconds(1))
    #expect(bench.link.counters.messagesSent == 1)
  }

  @Test("an error to a read says that there is nothing, where the module has no other way")
  func emptyIsAnError() {
    for mayFail in [true, false] {
      var bench = Bench(
        module: profile { profile in
          let read = profile.socket!.read
          profile.socket!.read = { progress in
            let exchange = read(progress)
            return Exchange(
              exchange.line, answers: exchange.answers, timeout: exchange.timeout,
              alwaysHasLine: exchange.alwaysHasLine, mayFail: mayFail,
              countedBytes: exchange.countedBytes)
          }
        })
      bench.releases = false
      bench.give(.statusLine(isOn: false))
      bench.give(.start)
      bench.give(.connect(Bench.target))
      bench.run { !$0.received.isEmpty }
      bench.modem.answers["+QIRD=0,1500"] = "ERROR"
      bench.run(for: .seconds(5)) { _ in false }
      #expect(bench.losses == (mayFail ? [] : [.socketClosed]))
    }
  }

  @Test("data whose count was said is read without a question too many") func counted() {
    var modem = FakeModem()
    modem.serverAnswer = nil
    var bench = Bench(modem: modem, module: profile { _ in })
    bench.releases = false
    bench.message = nil
    bench.give(.statusLine(isOn: false))
    bench.give(.start)
    bench.give(.connect(Bench.target))
    bench.run { $0.link.state == .online }
    let before = bench.modem.lines.count
    bench.modem.waiting = [Array("pong".utf8)]
    bench.give(.uartReceived(Array("\r\n+DATA: 4\r\n".utf8)))
    bench.run(for: .seconds(5)) { _ in false }
    #expect(bench.received == [Array("pong".utf8)])
    #expect(bench.modem.lines.count == before + 1)
    // Some was left: it is read too.
    bench.modem.waiting = [Array("pong".utf8), Array("more".utf8)]
    bench.give(.uartReceived(Array("\r\n+DATA: 8\r\n".utf8)))
    bench.run(for: .seconds(5)) { _ in false }
    #expect(bench.received.count == 3)
    #expect(bench.modem.lines.count == before + 3)
    // More came while it was read.
    bench.modem.waiting = [Array("pong".utf8), Array("more".utf8)]
    bench.give(.uartReceived(Array("\r\n+DATA: 4\r\n".utf8)))
    bench.give(.uartReceived(Array("\r\n+DATA: 8\r\n".utf8)))
    bench.run(for: .seconds(5)) { _ in false }
    #expect(bench.received.count == 5)
  }
}

import Agent
import ModemSimulator
import Primitives
import SMS
import Settings
import Telemetry
import Testing
import World

// Not covered here: the words of the ten dialects, and what is refused of a text (SettingsTests).
@Suite("Commands by SMS") struct CommandTests {
  private typealias Bench = CommandBench

  private func hours(_ count: Double) -> Instant { Bench.hours(count) }

  // MARK: - Who is obeyed

  @Test("without a key nothing is obeyed, and nothing answered") func unprovisioned() throws {
    let world = try Bench.world(Bench.plan(), isProvisioned: false)
    world.deliver(message: Bench.signed("set apn=wrong", counter: 1), at: hours(0.5))
    try world.run(until: hours(2.5))
    #expect(Bench.storedAPN(world) == "em")
    #expect(world.submittedMessages.isEmpty)
    #expect(!world.agent.commandState(now: world.now).isListening)
  }

  @Test(
    "another key, another device's, or a counter that isn't greater: nothing, not even an answer")
  func refused() throws {
    let world = try Bench.world(Bench.plan())
    world.deliver(
      message: Bench.signed("set apn=wrong", counter: 9, key: Bench.otherKey), at: hours(0.5))
    world.deliver(message: Bench.signed("status", counter: 5), at: hours(0.5))
    world.deliver(message: Bench.signed("set apn=wrong", counter: 5), at: hours(1.5))
    world.deliver(message: Bench.signed("set apn=wrong", counter: 4), at: hours(1.5))
    world.deliver(message: Bench.tpdu("set apn=wrong"), at: hours(1.5))
    try world.run(until: hours(2.5))
    #expect(Bench.storedAPN(world) == "em")
    #expect(world.submittedMessages.count == 1)
    #expect(world.status().record.commandsObeyed == 1)
    #expect(world.status().record.commandsIgnored == 4)
    world.cutPower()
    world.deliver(message: Bench.signed("set apn=wrong", counter: 5), at: hours(2.7))
    try world.run(until: hours(4))
    #expect(Bench.storedAPN(world) == "em")
    #expect(world.submittedMessages.count == 1)
  }

  @Test("what proves nothing costs no write, no answer and no more than its deletion")
  func forged() throws {
    func run(_ messages: Int) throws -> (
      writes: Int, answers: Int, ignored: Int64, left: Int, commands: Int64
    ) {
      var plan = Bench.plan()
      plan.agent.messageWindow = .zero
      let world = try Bench.world(plan)
      for number in 0..<messages {
        let text = Bench.signed("set apn=wrong", counter: UInt64(1 + number), key: Bench.otherKey)
        world.deliver(message: text, at: hours(0.5))
      }
      try world.run(until: hours(2.5))
      return (
        world.commandWrites, world.submittedMessages.count, world.status().record.commandsIgnored,
        world.modem.stored.messages.count, world.agent.link.counters.exchanges
      )
    }
    let (none, some) = (try run(0), try run(5))
    #expect(some.writes == none.writes && some.answers == 0 && some.left == 0)
    #expect(some.ignored == 5)
    #expect(some.commands <= none.commands + 2, "\(some.commands) against \(none.commands)")
  }

  @Test("counters that can't be read let nothing be obeyed") func lostCounters() throws {
    let world = try World(Bench.plan())
    world.keep(DeviceIdentity(key: Bench.key, name: nil).kept, in: .identity)
    world.keep([9, 9], in: .counters)
    world.start()
    world.deliver(message: Bench.signed("status", counter: 1), at: hours(0.5))
    try world.run(until: hours(1.5))
    #expect(world.submittedMessages.isEmpty)
    #expect(world.trace.text.contains("the counters can't be read"))
  }

  @Test("what is refused is refused as a whole, with the reason") func whole() throws {
    let world = try Bench.world(Bench.plan())
    world.deliver(message: Bench.signed("set apn=right interval=0s", counter: 1), at: hours(0.5))
    try world.run(until: hours(2.5))
    #expect(Bench.storedAPN(world) == "em")
    #expect(world.kept(.settings) == nil && world.kept(.trial) == nil)
    #expect(Bench.answers(world).first?.hasPrefix("world-1 refused: interval") == true)
    #expect(world.status().record.commandsRefused == 1)
  }

  // MARK: - What is done

  @Test("what can't cut the device off holds at once, without a trial") func atOnce() throws {
    let world = try Bench.world(Bench.plan())
    world.deliver(message: Bench.signed("set interval=30min", counter: 1), at: hours(0.5))
    try world.run(until: hours(1.1))
    #expect(Bench.answers(world) == ["world-1 ok interval=30min"])
    #expect(Bench.heldSettings(world) == [try SettingChange(.interval, Array("30min".utf8))])
    #expect(world.kept(.trial) == nil)
    #expect(world.agent.plan.reportInterval == .seconds(1800))
    #expect(!world.trace.text.contains("trial: "))
    world.cutPower()
    #expect(world.agent.plan.reportInterval == .seconds(1800))
  }

  @Test("a report now doesn't wait for the next one") func report() throws {
    let world = try Bench.world(Bench.plan())
    world.deliver(message: Bench.signed("report now", counter: 1), at: hours(0.5))
    try world.run(until: hours(0.9))
    let before = world.collector.reports.count
    try world.run(until: hours(1.05))
    #expect(world.collector.reports.count == before + 2)
    #expect(Bench.answers(world) == ["world-1 ok"])
  }

  @Test("reboot begins anew, once") func reboot() throws {
    let world = try Bench.world(Bench.plan())
    world.deliver(message: Bench.signed("reboot", counter: 1), at: hours(0.5))
    try world.run(until: hours(3.5))
    #expect(Bench.answers(world) == ["world-1 ok"])
    #expect(world.trace.text.split(separator: "\n").count { $0.contains("as was asked for") } == 1)
  }

  @Test("get and status tell what holds") func told() throws {
    let world = try Bench.world(Bench.plan())
    world.deliver(message: Bench.signed("get apn interval", counter: 1), at: hours(0.5))
    world.deliver(message: Bench.signed("status", counter: 2), at: hours(0.5))
    try world.run(until: hours(1.5))
    let answers = Bench.answers(world)
    #expect(answers.first == "world-1 apn=em interval=15min")
    #expect(answers.last?.hasPrefix("world-1 Online") == true && answers.count == 2, "\(answers)")
  }

  @Test("rollback ends a trial at once; a trial is one at a time") func rollbackTrial() throws {
    let world = try Bench.world(Bench.plan())
    let server = "server=coap://nowhere.desk/r"
    world.deliver(message: Bench.signed("set \(server)", counter: 1), at: hours(0.5))
    world.deliver(message: Bench.signed("set apn=right", counter: 2), at: hours(0.5))
    world.deliver(message: Bench.signed("rollback", counter: 3), at: hours(1.1))
    try world.run(until: hours(1.5))
    #expect(
      Bench.answers(world) == [
        "world-1 refused: a trial is under way; rollback ends it",
        "world-1 undone \(server): as was asked for",
      ])
    #expect(world.kept(.trial) == nil && world.kept(.settings) == nil)
  }

  @Test(
    "else it tries what held before the last change, back and forth; or says that there is none")
  func rollback() throws {
    let world = try Bench.world(Bench.plan())
    world.deliver(message: Bench.signed("rollback", counter: 1), at: hours(0.5))
    world.deliver(message: Bench.signed("set apn=right", counter: 2), at: hours(1.5))
    world.deliver(message: Bench.signed("rollback", counter: 3), at: hours(3.5))
    try world.run(until: hours(3.4))
    #expect(Bench.storedAPN(world) == "right")
    try world.run(until: hours(5.5))
    #expect(Bench.storedAPN(world) == "em")
    #expect((Bench.heldSettings(world) ?? []).isEmpty)
    #expect(
      Bench.answers(world) == [
        "world-1 refused: there is nothing to roll back: no trial is under way",
        "world-1 ok apn=right", "world-1 ok",
      ])
    world.deliver(message: Bench.signed("rollback", counter: 4), at: hours(5.6))
    try world.run(until: hours(7.5))
    #expect(Bench.storedAPN(world) == "right")
  }

  @Test("factory-reset goes back to the file's settings, by a trial") func factoryReset() throws {
    let held = [
      try SettingChange(.apn, Array("right".utf8)), try SettingChange(.interval, Array("2h".utf8)),
    ]
    let world = try Bench.world(Bench.plan(), settings: held)
    #expect(world.agent.plan.reportInterval == .seconds(7200))
    world.deliver(message: Bench.signed("factory-reset", counter: 1), at: hours(0.5))
    try world.run(until: hours(2.5))
    #expect(world.trace.text.contains("trial: begins: the file's settings"))
    #expect(world.kept(.settings) == nil)
    #expect(Bench.storedAPN(world) == "em")
    #expect(Bench.answers(world) == ["world-1 ok"])
  }

  // MARK: - To whom

  @Test("answers go to the number that the configuration says, or to nobody")
  func recipients() throws {
    for (target, expected) in [("12345678", ["12345678"]), ("nobody", [])] {
      let world = try Bench.world(Bench.plan(sms: "answer-to = \(target)"))
      world.deliver(message: Bench.signed("status", counter: 1), at: hours(0.5))
      try world.run(until: hours(1.5))
      #expect(Bench.recipients(world) == expected)
      #expect(world.status().record.commandsObeyed == 1)
    }
  }

  // MARK: - Limits

  @Test("a day has so many answers, over restarts too; the next day has them again")
  func answerLimit() throws {
    let world = try Bench.world(Bench.plan())
    for number in 0..<30 {
      let at = hours(0.5 + 0.5 * Double(number))
      world.deliver(message: Bench.signed("get apn", counter: UInt64(1 + number)), at: at)
    }
    for hour in 1..<23 {
      try world.run(until: hours(Double(hour)))
      if hour % 5 == 0 { world.restartProcess() }
    }
    #expect(world.submittedMessages.count == Int(CommandLimits.answersPerDay))
    #expect(world.agent.commandState(now: world.now).answersLeft == 0)
    world.deliver(message: Bench.signed("get apn", counter: 99), at: hours(25.5))
    try world.run(until: hours(27.5))
    #expect(world.submittedMessages.count == Int(CommandLimits.answersPerDay) + 1)
  }

  private func ledger(_ change: (inout CommandLedger) -> Void) -> [UInt8] {
    var ledger = CommandLedger()
    ledger.since = WorldPlan(seed: 1).utcAtStart
    change(&ledger)
    return ledger.kept
  }

  @Test("a day has so many trials") func trialLimit() throws {
    let spent = ledger { $0.trials = CommandLimits.trialsPerDay }
    let world = try Bench.world(Bench.plan(), counters: spent)
    world.deliver(message: Bench.signed("set apn=right", counter: 1), at: hours(0.5))
    world.deliver(message: Bench.signed("set apn=right", counter: 2), at: hours(24.5))
    try world.run(until: hours(2.5))
    #expect(Bench.answers(world) == ["world-1 refused: too many trials today"])
    try world.run(until: hours(26.5))
    #expect(Bench.storedAPN(world) == "right")
  }

  @Test("when messages have used the day up they are counted and deleted, nothing else")
  func awakeLimit() throws {
    let spent = ledger { $0.awakeSeconds = CommandLimits.awakeSecondsPerDay }
    let world = try Bench.world(Bench.plan(), counters: spent)
    world.deliver(message: Bench.signed("status", counter: 1), at: hours(0.5))
    try world.run(until: hours(2.5))
    #expect(world.submittedMessages.isEmpty && world.modem.stored.messages.count == 0)
    #expect(world.status().record.commandsIgnored == 1)
    #expect(world.status().record.commandsObeyed == 0)
    world.deliver(message: Bench.signed("status", counter: 1), at: hours(24.5))
    try world.run(until: hours(26.5))
    #expect(world.submittedMessages.count == 1)
  }

  @Test("what a trial and answers keep the modem awake for is counted, over restarts")
  func awakeTime() throws {
    let world = try Bench.world(Bench.plan())
    world.deliver(message: Bench.signed("set apn=wrong", counter: 1), at: hours(0.5))
    try world.run(until: hours(2.5))
    let spent = try #require(world.kept(.counters).flatMap { CommandLedger(kept: $0) })
    #expect((60...3600).contains(spent.awakeSeconds), "\(spent.awakeSeconds) s")
    #expect(spent.trials == 1)
    world.cutPower()
    #expect(world.agent.commandLedger.awakeSeconds == spent.awakeSeconds)
  }

  // MARK: - Long messages and full storage

  private func parts(_ command: String, counter: UInt64) -> [[UInt8]] {
    let text = Bench.text(command, counter: counter)
    let half = text.count / 2
    return [
      Bench.tpdu(Array(text[..<half]), part: (7, 2, 1)),
      Bench.tpdu(Array(text[half...]), part: (7, 2, 2)),
    ]
  }

  @Test(
    "a long command's parts may come in any order, doubled, and in different wakes",
    arguments: [[0, 1], [1, 0], [1, 1, 0], [0, 0, 0, 1]])
  func parts(order: [Int]) throws {
    let world = try Bench.world(Bench.plan())
    let command = "get apn interval server roaming rats dns psm senders"
    for (wake, index) in order.enumerated() {
      world.deliver(message: parts(command, counter: 1)[index], at: hours(0.5 + Double(wake)))
    }
    try world.run(until: hours(Double(order.count) + 1.5))
    #expect(world.status().record.commandsObeyed == 1)
    #expect(world.submittedMessages.count == 1)
    #expect(world.status().record.commandsIgnored == Int64(order.count - 2))
  }

  @Test("a part that comes too late, or never, makes no command") func lateParts() throws {
    let world = try Bench.world(Bench.plan())
    let message = parts("get apn interval", counter: 1)
    world.deliver(message: message[0], at: hours(0.5))
    world.deliver(message: message[1], at: hours(1.5) + MessageAssembly.timeout)
    try world.run(until: hours(9.5))
    #expect(world.status().record.commandsObeyed == 0)
    #expect(world.submittedMessages.isEmpty)
    #expect(world.agent.assembly.deadline != nil)
  }

  @Test("a storage that was full is emptied, and what waited in the network comes after it")
  func fullStorage() throws {
    var plan = Bench.plan()
    plan.stored.messageCapacity = 3
    let world = try Bench.world(plan)
    for number in 0..<8 {
      world.deliver(message: Bench.signed("status", counter: UInt64(1 + number)), at: hours(0.5))
    }
    try world.run(until: hours(4.5))
    #expect(world.status().record.commandsObeyed == 8)
    #expect(world.modem.stored.messages.count == 0)
  }

  @Test(
    "a part outlives the process, the board and its power, and waits in the module for the others",
    arguments: ["process", "power", "twice", "nothing"])
  func partsOverRestarts(what: String) throws {
    let world = try Bench.world(Bench.plan())
    let message = parts("get apn interval server roaming rats dns psm senders", counter: 1)
    world.deliver(message: message[0], at: hours(0.5))
    try world.run(until: hours(1.6))
    #expect(world.modem.stored.messages.count == 1)
    switch what {
    case "process": world.restartProcess()
    case "power": world.cutPower()
    case "twice":
      world.cutPower()
      try world.run(until: hours(2.6))
      world.restartProcess()
    default: break
    }
    world.deliver(message: message[1], at: hours(2.7))
    try world.run(until: hours(4.5))
    #expect(world.status().record.commandsObeyed == 1)
    #expect(Bench.answers(world).count == 1)
    #expect(world.modem.stored.messages.isEmpty)
    #expect(world.status().record.commandsIgnored == 0, "listed again it isn't one more")
  }

  @Test("parts that fill the module are taken out of it, so that the others find room")
  func partsInFullStorage() throws {
    var plan = Bench.plan()
    plan.stored.messageCapacity = 2
    let world = try Bench.world(plan)
    let text = Bench.text("get apn interval server roaming rats dns psm senders", counter: 1)
    let third = text.count / 3
    for (number, range) in [0..<third, third..<2 * third, 2 * third..<text.count].enumerated() {
      let part = Bench.tpdu(Array(text[range]), part: (7, 3, UInt8(1 + number)))
      world.deliver(message: part, at: hours(0.5))
    }
    try world.run(until: hours(4.5))
    #expect(world.status().record.commandsObeyed == 1, "\(world.trace.text.suffix(3000))")
    #expect(world.modem.stored.messages.isEmpty)
  }

  @Test("parts of which the others never come leave the module after their time") func givenUp()
    throws
  {
    let world = try Bench.world(Bench.plan())
    world.deliver(message: parts("get apn interval", counter: 1)[0], at: hours(0.5))
    try world.run(until: hours(6.5))
    #expect(world.modem.stored.messages.count == 1)
    try world.run(until: hours(8.5))
    #expect(world.modem.stored.messages.isEmpty)
  }

  private func stored(_ status: StoredMessage.Status, _ index: Int, _ tpdu: [UInt8])
    -> [StoredMessage]
  {
    ["SM", "ME"].map {
      StoredMessage(memory: Array("\($0)".utf8), index: index, status: status, tpdu: tpdu)
    }
  }

  @Test(
    "a storage full of messages that somebody else wrote or sent is emptied before it is missed",
    arguments: [false, true])
  func fullOfOthers(isGSM: Bool) throws {
    var plan = Bench.plan()
    if isGSM {
      plan.personality = .m95
      plan.link.module = .quectelM95
      plan.link.network.rats = [.gsm]
      plan.link.network.psm = nil
    }
    plan.stored.messageCapacity = 3
    let submit: [UInt8] = [0x01, 0x00, 0x04, 0x81, 0x21, 0x43, 0x00, 0x00, 0x02, 0xC8, 0x34]
    plan.stored.messages =
      stored(.sent, 0, submit) + stored(.unsent, 1, submit) + stored(.sent, 2, submit)
    let world = try Bench.world(plan)
    world.deliver(message: Bench.signed("status", counter: 1), at: hours(0.5))
    try world.run(until: hours(5.5))
    #expect(world.status().record.commandsObeyed == 1, "\(world.trace.text.suffix(4000))")
    #expect(world.submittedMessages.count == 1)
  }

  @Test("with room left, what somebody else has stored stays") func othersStay() throws {
    var plan = Bench.plan()
    plan.stored.messageCapacity = 9
    plan.stored.messages = stored(.sent, 1, [0x01, 0, 4, 0x81, 0x21, 0x43, 0, 0, 2, 0xC8, 0x34])
    let world = try Bench.world(plan)
    world.deliver(message: Bench.signed("status", counter: 1), at: hours(0.5))
    try world.run(until: hours(2.5))
    #expect(world.status().record.commandsObeyed == 1)
    #expect(world.modem.stored.messages.count == 2)
  }

  @Test("the first listing takes what came while the process was away, read already or not")
  func cameBefore() throws {
    var plan = Bench.plan()
    plan.stored.messages =
      stored(.unread, 1, Bench.signed("get apn", counter: 1))
      + stored(.read, 2, Bench.signed("get interval", counter: 2))
    let world = try Bench.world(plan)
    try world.run(until: hours(1.5))
    #expect(Bench.answers(world) == ["world-1 apn=em", "world-1 interval=15min"])
  }

  // MARK: - Secrets

  @Test("secrets are in no log, no status, no finding and no answer") func secrets() throws {
    let secrets = ["ApnPassword77", "DialectPass88", String(repeating: "5A", count: 32)]
    var plan = Bench.plan(
      sms: """
        [dialect teltonika]
        enabled = yes
        senders = 1234
        password = login DialectPass88
        """)
    plan.network.accessPointNames = [Array("em".utf8)]
    let world = try Bench.world(plan)
    let commands = [
      "set authentication=pap user=me password=ApnPassword77", "get password", "get key",
      "set password=ApnPassword77,bad\u{7E}~", "set key=\(secrets[2])ZZ", "rollback",
      "set key=\(secrets[2])", "set password=ApnPassword77 password=ApnPassword77", "status", "get",
    ]
    var shown = ""
    func look() {
      let status = world.status()
      shown += status.text + String(decoding: status.json, as: UTF8.self)
      shown += status.finding.text + String(decoding: status.finding.json, as: UTF8.self)
    }
    for (number, command) in commands.enumerated() {
      let at = hours(0.5 + Double(number))
      world.deliver(message: Bench.signed(command, counter: UInt64(1 + number)), at: at)
      world.deliver(message: Bench.tpdu("login DialectPass88 setparam 2001:em"), at: at)
      for step in 1...6 {
        try world.run(until: hours(0.5 + Double(number) + Double(step) / 6))
        look()
      }
    }
    shown += Bench.answers(world).joined(separator: "\n")
    shown += world.trace.text.split(separator: "\n").filter { $0.contains(" log ") }
      .joined(separator: "\n")
    #expect(
      shown.contains("password=***") && shown.contains("key=***"), "the test sees them masked")
    #expect(world.status().record.commandsObeyed > 0)
    for secret in secrets {
      #expect(!shown.contains(secret), "\(secret)")
      #expect(!shown.lowercased().contains(secret.lowercased()), "\(secret)")
    }
  }
}

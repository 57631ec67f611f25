import Agent
import ModemSimulator
import Primitives
import Settings
import Telemetry
import Testing
import World

// Not covered here: what each form of a dialect means, with or without a proof (SettingsTests).
@Suite("What messages can't do") struct AbuseTests {
  private typealias Bench = CommandBench

  private func hours(_ count: Double) -> Instant { Bench.hours(count) }

  private func plan(
    _ dialect: String, accepts: Bool = false, senders: String = "1234", seed: UInt64 = 6
  ) -> WorldPlan {
    Bench.plan(
      seed: seed,
      sms: """
        [dialect \(dialect)]
        enabled = yes
        senders = \(senders)
        password = 74213
        accept-unauthenticated = \(accepts ? "yes" : "no")
        """)
  }

  private func ledger(_ world: World) throws -> CommandLedger {
    try #require(world.kept(.counters).flatMap { CommandLedger(kept: $0) })
  }

  // MARK: - Forms that prove nothing

  /// With the maker's password, or none.
  private static let forms = [
    ("teltonika", "  setparam 2001:right"), ("ruptela", " setconnection right"),
    ("concox", "APN,666666,right#"), ("coban", "apn123456 right"),
    ("meitrack", "0000,A81,right,,"), ("elinz", "APN,right#"), ("reachfar", "apn,right#"),
    ("queclink", "AT+GTBSI=gl200,right,,,,,,,0002$"), ("bitrek", "setparam 0242 right"),
    ("rut", "cellular apn=right"),
  ]

  @Test("a form that proves nothing causes nothing where that isn't accepted", arguments: forms)
  func notAccepted(dialect: String, text: String) throws {
    let world = try Bench.world(plan(dialect))
    let before = world.vaultWrites
    world.deliver(message: Bench.tpdu(text), at: hours(0.5))
    try world.run(until: hours(1.5))
    #expect(world.status().record.commandsIgnored == 1)
    #expect(world.status().record.commandsObeyed == 0)
    #expect(world.submittedMessages.isEmpty && world.kept(.trial) == nil)
    #expect(Bench.storedAPN(world) == "em")
    var quiet = try Bench.world(plan(dialect))
    try quiet.run(until: hours(1.5))
    #expect(world.vaultWrites == quiet.vaultWrites && world.vaultWrites > before)
  }

  @Test("where it is accepted it starts a trial, of which the outcome alone is told")
  func accepted() throws {
    for (dialect, text) in Self.forms {
      let world = try Bench.world(plan(dialect, accepts: true))
      world.deliver(message: Bench.tpdu(text), at: hours(0.5))
      try world.run(until: hours(1.5))
      #expect(Bench.storedAPN(world) == "right", "\(dialect)")
      #expect(try ledger(world).trials == 1, "\(dialect)")
      #expect(world.submittedMessages.count <= 1, "\(dialect): \(Bench.answers(world))")
    }
    let others = [("concox", "APN,666666,right,u,p#"), ("bitrek", "setparam 0020 26202")]
    for (dialect, text) in others {
      let world = try Bench.world(plan(dialect, accepts: true))
      world.deliver(message: Bench.tpdu(text), at: hours(0.5))
      try world.run(until: hours(1.2))
      let spent = world.kept(.counters).flatMap { CommandLedger(kept: $0) }
      #expect(spent?.trials == 1, "\(text)")
    }
    let world = try Bench.world(plan("concox", accepts: true))
    world.deliver(message: Bench.tpdu("APN,666666,wrong#"), at: hours(0.5))
    try world.run(until: hours(1.5))
    #expect(world.submittedMessages.isEmpty, "nothing before it is settled")
    try world.run(until: hours(3))
    #expect(Bench.storedAPN(world) == "em")
    #expect(Bench.answers(world) == ["ERROR: no report went through them in time"])
  }

  @Test("nothing else is had without a proof: no server, no state, no interval, no reboot")
  func others() throws {
    let world = try Bench.world(plan("concox", accepts: true))
    let texts = [
      "SERVER,666666,1,a.example,5683,1#", "SERVER,1,a.example,5683,1#", "STATUS#",
      "STATUS,666666#", "TIMER,666666,60,60#", "TIMER,60#", "RESET#", "RESET,666666#", "SERVER#",
    ]
    for text in texts { world.deliver(message: Bench.tpdu(text), at: hours(0.5)) }
    try world.run(until: hours(2.5))
    #expect(world.status().record.commandsIgnored == Int64(texts.count))
    #expect(world.submittedMessages.isEmpty)
    #expect(world.kept(.trial) == nil && world.kept(.settings) == nil)
    #expect(!world.trace.text.contains("as was asked for"))
  }

  @Test("a day has so many trials of those, over a power cut too; the others are the owner's")
  func unprovenTrials() throws {
    let world = try Bench.world(plan("concox", accepts: true))
    for number in 0..<6 {
      let apn = number % 2 == 0 ? "right" : "em"
      world.deliver(message: Bench.tpdu("APN,666666,\(apn)#"), at: hours(0.5 + Double(number)))
      try world.run(until: hours(1.4 + Double(number)))
      world.cutPower()
    }
    #expect(Bench.storedAPN(world) == "right")
    #expect(try ledger(world).trials == CommandLimits.unprovenTrialsPerDay)
    world.deliver(message: Bench.signed("set apn=em", counter: 1), at: hours(6.5))
    try world.run(until: hours(8))
    #expect(Bench.storedAPN(world) == "em", "the owner's trials are left")
    world.deliver(message: Bench.tpdu("APN,666666,right#"), at: hours(25.5))
    try world.run(until: hours(27))
    #expect(Bench.storedAPN(world) == "right", "the next day")
  }

  @Test("what proves nothing leaves the owner some of the day's awake time") func awakeShare()
    throws
  {
    var spent = CommandLedger()
    spent.since = WorldPlan(seed: 1).utcAtStart
    spent.awakeSeconds = CommandLimits.unprovenAwakeSeconds
    let world = try Bench.world(plan("concox", accepts: true), counters: spent.kept)
    world.deliver(message: Bench.tpdu("APN,666666,right#"), at: hours(0.5))
    try world.run(until: hours(1.5))
    #expect(Bench.storedAPN(world) == "em" && world.submittedMessages.isEmpty)
    world.deliver(message: Bench.signed("set apn=right", counter: 1), at: hours(1.6))
    try world.run(until: hours(3))
    #expect(Bench.storedAPN(world) == "right")
  }

  // MARK: - What it costs to be refused

  @Test(
    "another's signature, a strange number, a form without proof: a counter, no write, no answer",
    arguments: ["forged", "stranger", "dialect stranger", "unproven", "noise"])
  func free(kind: String) throws {
    func run(_ messages: Int) throws -> (writes: Int, ignored: Int64) {
      var plan = plan("concox")
      let file = Bench.file(
        sms: "senders = 1234\n[dialect concox]\nenabled = yes\nsenders = 1234\npassword = 74213")
      plan.agent.commands = CommandPlan(file: file, holding: file)
      let world = try Bench.world(plan)
      for number in 0..<messages {
        let counter = UInt64(1 + number)
        let message =
          switch kind {
          case "forged": Bench.signed("set apn=wrong", counter: counter, key: Bench.otherKey)
          case "stranger":
            Bench.tpdu(Bench.text("set apn=wrong", counter: counter), from: "9999")
          case "dialect stranger": Bench.tpdu("APN,74213,wrong#", from: "9999")
          case "unproven": Bench.tpdu("APN,666666,wrong#")
          default: Bench.tpdu("no command \(number)")
          }
        world.deliver(message: message, at: hours(0.5))
      }
      try world.run(until: hours(2.5))
      #expect(world.submittedMessages.isEmpty && world.status().record.commandsObeyed == 0)
      #expect(world.modem.stored.messages.isEmpty && Bench.storedAPN(world) == "em")
      return (world.vaultWrites, world.status().record.commandsIgnored)
    }
    let (none, some) = (try run(0), try run(8))
    #expect(some.writes == none.writes)
    #expect((none.ignored, some.ignored) == (0, 8))
  }

  // MARK: - Guesses

  private func guess(
    _ count: Int, _ world: World, from hour: Double, every step: Double = 0
  ) {
    for number in 0..<count {
      let text = "APN,\(20_000 + number),wrong#"
      world.deliver(message: Bench.tpdu(text), at: hours(hour + step * Double(number)))
    }
  }

  @Test("four wrong passwords don't shut the right one out") func fewGuesses() throws {
    let world = try Bench.world(plan("concox"))
    guess(4, world, from: 0.5)
    world.deliver(message: Bench.tpdu("APN,74213,right#"), at: hours(1.5))
    try world.run(until: hours(3))
    #expect(Bench.storedAPN(world) == "right")
    #expect(Bench.answers(world) == ["OK"])
  }

  @Test("after five no password is looked at until the next day, whatever starts anew; keys are")
  func manyGuesses() throws {
    let world = try Bench.world(plan("concox"))
    for round in 0..<5 {
      guess(1, world, from: 0.5 + Double(round))
      try world.run(until: hours(1.5 + Double(round)))
      if round % 2 == 0 { world.cutPower() } else { world.restartProcess() }
    }
    #expect(try ledger(world).wrongPasswords == CommandLimits.wrongPasswordsPerDay)
    world.deliver(message: Bench.tpdu("APN,74213,right#"), at: hours(5.6))
    world.deliver(message: Bench.tpdu("STATUS,74213#"), at: hours(5.6))
    world.deliver(message: Bench.tpdu("TIMER,74213,1,1#"), at: hours(5.6))
    try world.run(until: hours(7.5))
    #expect(Bench.storedAPN(world) == "em" && world.submittedMessages.isEmpty)
    #expect(world.status().record.commandsObeyed == 0)
    world.deliver(message: Bench.signed("get apn", counter: 1), at: hours(7.6))
    try world.run(until: hours(9))
    #expect(Bench.answers(world) == ["world-1 apn=em"])
    world.deliver(message: Bench.tpdu("APN,74213,right#"), at: hours(26.6))
    try world.run(until: hours(28.5))
    #expect(Bench.storedAPN(world) == "right")
  }

  @Test("however many come, so many are written down; and the limit holds without limits too")
  func guessWrites() throws {
    func writes(_ guesses: Int) throws -> Int {
      var plan = plan("concox")
      plan.agent.obeysLimits = false
      let world = try Bench.world(plan)
      guess(guesses, world, from: 0.5, every: 0.1)
      world.deliver(message: Bench.tpdu("APN,74213,right#"), at: hours(5.5))
      try world.run(until: hours(7.5))
      #expect(Bench.storedAPN(world) == "em")
      #expect(world.status().record.commandsIgnored == Int64(guesses + 1))
      return world.commandWrites
    }
    let limit = Int(CommandLimits.wrongPasswordsPerDay)
    let (few, many) = (try writes(limit), try writes(45))
    // Beside them, the seconds awake, of which half a minute goes into one write.
    #expect(few >= limit && many <= few + 2, "\(few) and \(many)")
  }

  // MARK: - A day's limits

  /// Each of them right, one an hour, with a power cut or a new process in between.
  private func trials(_ count: Int, obeysLimits: Bool) throws -> World {
    var plan = Bench.plan()
    plan.agent.obeysLimits = obeysLimits
    let world = try Bench.world(plan)
    for number in 0..<count {
      let apn = number % 2 == 0 ? "right" : "em"
      world.deliver(
        message: Bench.signed("set apn=\(apn)", counter: UInt64(1 + number)),
        at: hours(0.5 + Double(number)))
      try world.run(until: hours(1.45 + Double(number)))
      if number % 2 == 0 { world.cutPower() } else { world.restartProcess() }
    }
    try world.run(until: hours(2 + Double(count)))
    return world
  }

  @Test("a day's trials are counted over restarts; where limits are off, there may be more")
  func trialLimit() throws {
    let limited = try trials(7, obeysLimits: true)
    #expect(try ledger(limited).trials == CommandLimits.trialsPerDay)
    #expect(Bench.answers(limited).count { $0.contains("ok apn") } == 6)
    #expect(Bench.answers(limited).count { $0.contains("refused: too many trials today") } == 1)
    let unlimited = try trials(7, obeysLimits: false)
    #expect(try ledger(unlimited).trials == 7)
    #expect(Bench.answers(unlimited).count { $0.contains("ok apn") } == 7)
  }

  // MARK: - What only a command proves

  @Test("another window counts once a command came in while it was tried") func window() throws {
    let world = try Bench.world(Bench.plan())
    world.deliver(message: Bench.signed("set window=30s", counter: 1), at: hours(0.5))
    try world.run(until: hours(1.2))
    #expect(world.kept(.trial).flatMap { Trial(kept: $0) }?.stage == .running)
    #expect(world.collector.reports.count >= 2, "reports alone don't prove it")
    #expect(world.kept(.settings) == nil && world.submittedMessages.isEmpty)
    world.deliver(message: Bench.signed("set apn=wrong", counter: 2, key: Bench.otherKey))
    try world.run(until: hours(1.4))
    #expect(world.kept(.settings) == nil, "nor does what isn't signed")
    world.deliver(message: Bench.signed("status", counter: 3))
    try world.run(until: hours(1.8))
    #expect(Bench.heldSettings(world) == [try SettingChange(.window, Array("30s".utf8))])
    #expect(Bench.answers(world).contains("world-1 ok window=30s"))
  }

  @Test(
    "without that the old window, and the old senders, come back by themselves",
    arguments: ["window=30s", "window-interval=2h", "senders=5678"])
  func unproven(setting: String) throws {
    let world = try Bench.world(Bench.plan())
    world.deliver(message: Bench.signed("set \(setting)", counter: 1), at: hours(0.5))
    try world.run(until: hours(1) + (TrialLimits.time - .seconds(60)))
    #expect(world.kept(.trial).flatMap { Trial(kept: $0) }?.stage == .running)
    try world.run(until: hours(2.5))
    #expect(world.kept(.settings) == nil)
    #expect(
      Bench.answers(world) == ["world-1 undone \(setting): no report went through them in time"])
    world.deliver(message: Bench.signed("get senders", counter: 2), at: hours(2.6))
    try world.run(until: hours(3.5))
    #expect(world.status().record.commandsObeyed == 1)
  }

  // MARK: - What a message says of the device

  @Test("states are told as they are") func states() throws {
    let texts = [
      ("reachfar", "pw,74213,ts#", "9.8.7 "), ("teltonika", "74213 getstatus", "OP: 20408 "),
      ("bitrek", "74213 getstatus", "OP: 20408 "),
      ("queclink", "AT+GTRTO=74213,B,,,,,,0003$", ",20270101"),
      ("rut", "74213 status", "Data Connection state - connected; "),
      ("concox", "STATUS,74213#", "GPRS:Link Up; GSM Signal Level:; "),
    ]
    for (dialect, text, part) in texts {
      var plan = plan(dialect)
      plan.agent.version = "9.8.7"
      let world = try Bench.world(plan)
      world.deliver(message: Bench.tpdu(text), at: hours(0.5))
      try world.run(until: hours(1.5))
      let answers = Bench.answers(world)
      #expect(answers.count >= 1 && answers.joined().contains(part), "\(dialect): \(answers)")
    }
  }
}

import Agent
import Link
import ModemSimulator
import Primitives
import Telemetry
import Testing
import World

/// Agent, link, simulated modem and collector against each other in virtual time.
/// Not covered: the real UART, pins and files (BoardTests, Tests/end-to-end, the boards in QEMU).
@Suite("A device in its world") struct WorldTests {
  @Test("a day of hourly reports is delivered, each reading once") func day() throws {
    let world = try World(WorldPlan(seed: 1))
    world.start()
    try world.run(until: .start + .seconds(86_399))
    #expect(world.collector.reports.count == 24)
    #expect(world.collector.counts.duplicates == 0)
    #expect(world.status().store?.waiting == 0)
    #expect(world.modem.counters.violations.total == 0, "\(world.trace.text.suffix(4000))")
  }

  @Test("the same seed gives the same trace, another seed another") func determinism() throws {
    func trace(_ seed: UInt64) throws -> Trace {
      let world = try World(WorldPlan(seed: seed))
      world.start()
      try world.run(until: .start + .seconds(20_000))
      return world.trace
    }
    let (first, again, other) = (try trace(7), try trace(7), try trace(8))
    #expect(first.bytes == again.bytes)
    #expect(first.checksum == again.checksum)
    #expect(first.checksum != other.checksum)
  }

  @Test("a cold report takes at most 14 exchanges, a warm one at most 6") func exchanges() throws {
    let world = try World(WorldPlan(seed: 3))
    world.start()
    try world.run(until: .start + .seconds(1800))
    let cold = world.modem.counters.commandLines
    try world.run(until: .start + .seconds(5400))
    let warm = world.modem.counters.commandLines - cold
    #expect(world.collector.reports.count == 2)
    #expect((4...14).contains(cold), "cold: \(cold)")
    #expect((2...6).contains(warm), "warm: \(warm)")
  }

  @Test("a modem fresh from the factory is set up once, and its flash is then left alone")
  func stored() throws {
    var plan = WorldPlan(seed: 4)
    plan.stored = .factory
    let world = try World(plan)
    world.start()
    try world.run(until: .start + .seconds(1800))
    #expect(world.collector.reports.count == 1)
    let writes = world.modem.counters.flashWrites
    #expect(writes > 0)
    try world.run(until: .start + .seconds(20 * 3600))
    #expect(world.collector.reports.count == 20)
    #expect(world.modem.counters.flashWrites == writes)
  }

  @Test("a modem that is on at the start is never pulsed", arguments: [true, false])
  func alreadyOn(hasStatusLine: Bool) throws {
    var plan = WorldPlan(seed: 5)
    plan.link.hasStatusLine = hasStatusLine
    plan.agent.obeysLimits = false
    let world = try World(plan)
    world.start()
    try world.run(until: .start + .seconds(12))
    let pulses = world.modem.counters.powerKeyPulses
    world.restartProcess()
    try world.run(until: .start + .seconds(1800))
    #expect(world.modem.counters.powerKeyPulses == pulses)
    #expect(world.collector.reports.count >= 1)
    // Without STATUS a module can only be found off by talking to it.
    let violations = world.modem.counters.violations
    let probing = hasStatusLine ? 0 : violations[.uartDrivenWhileOff]
    #expect(violations.total == probing)
  }

  @Test("what fails ends in a retry, and everything arrives once the fault is over")
  func faults() throws {
    for (name, change) in Fault.all {
      for seed in 10..<14 as Range<UInt64> {
        var plan = WorldPlan(seed: seed)
        change(&plan)
        let world = try World(plan)
        world.start()
        try world.run(until: .start + .seconds(6 * 3600))
        world.endFaults()
        try world.run(until: .start + .seconds(36 * 3600))
        let text = "\(name), seed \(seed): \(world.trace.text.suffix(3000))"
        #expect((world.status().store?.waiting ?? -1) <= 1, "\(text)")
        #expect(world.collector.reports.count > 5, "\(text)")
        let identities = Set(world.collector.reports.map(\.identity))
        #expect(identities.count == world.collector.reports.count, "\(text)")
      }
    }
  }

  @Test("the process may die at any moment: what was acknowledged arrives, once", arguments: 0..<20)
  func restarts(round: Int) throws {
    var random = SeededRandom(seed: UInt64(round) + 100)
    var plan = WorldPlan(seed: UInt64(round), reportInterval: .seconds(120))
    plan.collector.loseRequestPercent = 10
    plan.collector.loseAnswerPercent = 20
    let world = try World(plan)
    world.start()
    var value: Int64 = 0
    var moment = Instant.start
    for _ in 0..<20 {
      for _ in 0..<5 {
        value += 1
        world.put(numbered(value), at: moment + .milliseconds(Int64(random.next(below: 60_000))))
      }
      moment = moment + .milliseconds(Int64(random.next(below: 90_000)) + 100)
      try world.run(until: moment)
      world.restartProcess()
    }
    try world.run(until: moment + .seconds(6 * 3600))
    let arrived = world.collector.reports.flatMap(\.readings).filter { $0.name == "numbered" }.map(
      \.value)
    #expect(arrived.count == Set(arrived).count, "round \(round): something arrived twice")
    let missing = world.acknowledged.filter { !arrived.contains($0.value.text) }
    #expect(missing.isEmpty, "round \(round): \(missing.count) lost")
    #expect(world.acknowledged.count > 50)
  }

  @Test("stopping leaves the modem off") func stops() throws {
    let world = try World(WorldPlan(seed: 6))
    world.start()
    try world.run(until: .start + .seconds(11))
    world.stop()
    try world.run(until: .start + .seconds(120))
    let (hasStopped, isStatusOn) = (world.hasStopped, world.isStatusOn)
    #expect(hasStopped)
    #expect(!isStatusOn)
  }
}

private func numbered(_ value: Int64) -> Reading {
  Reading(
    name: ReadingName(Array("numbered".utf8))!, value: DecimalNumber(value), unit: nil,
    time: .unknown)
}

private enum Fault {
  static let all: [(String, @Sendable (inout WorldPlan) -> Void)] = [
    ("two pulses ignored", { $0.faults.ignoredPowerKeyPulses = 2 }),
    ("deaf", { $0.faults.isDeaf = true }),
    ("babbling", { $0.faults.babbleInterval = .milliseconds(300) }),
    ("reboots while booting", { $0.faults.rebootsAt = .start + .seconds(4) }),
    ("reboots while sending", { $0.faults.rebootsOnCommand = Array("AT+QISEND".utf8) }),
    ("reboots while opening", { $0.faults.rebootsOnCommand = Array("AT+QIOPEN".utf8) }),
    ("brown-outs at the first transmission", { $0.faults.brownOuts = 3 }),
    ("never sleeps", { $0.faults.neverSleeps = true }),
    ("sleeps without a word", { $0.faults.sleepsSilently = true }),
    ("answers late", { $0.faults.answerDelay = .seconds(3) }),
    ("noise on the line", { $0.faults.noisePerMillion = 2000 }),
    ("loses requests", { $0.collector.loseRequestPercent = 60 }),
    ("loses answers", { $0.collector.loseAnswerPercent = 60 }),
    ("server busy", { $0.collector.unavailableAnswers = 4 }),
    (
      "separate responses",
      {
        $0.collector.separatePercent = 100
        $0.collector.separateDelay = .seconds(2)
      }
    ),
    ("network grants no PSM", { $0.network.powerSaving = .none }),
  ]
}

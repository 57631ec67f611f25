import Agent
import Primitives
import Telemetry
import Testing
import Uplink

/// Reports, their failures and what follows from these. Not covered: encodings (TelemetryTests),
/// retransmission (UplinkTests), what a modem can do wrong (LinkTests, WorldTests).
@Suite("An agent's reports") struct AgentReportTests {
  @Test("a backlog goes in one wake, batch after batch, each confirmed once") func backlog() throws
  {
    let bench = try AgentBench()
    bench.put(5, 4)
    bench.start()
    bench.run(for: .seconds(120))
    #expect(bench.store.confirmed.map(\.readings.count) == [2, 2, 2, 2, 1])
    #expect(bench.batches == (1...5).map { "b=00000001-\($0)" })
    #expect(bench.wakes.count == 1)
    let state = bench.agent.link.state
    #expect(state == .asleep)
  }

  @Test("what comes in while a report is under way waits for the next one") func lateComers() throws
  {
    let bench = try AgentBench()
    bench.put(2)
    bench.start()
    while bench.agent.link.state != .online { bench.run(for: .milliseconds(1)) }
    bench.put(1)
    bench.run(for: .seconds(120))
    #expect(bench.store.confirmed.map(\.readings.count) == [2])
    let waiting = try bench.store.waiting()
    #expect(waiting == 1)
    #expect(bench.wakes.count == 1)
  }

  @Test("one wake sends reportsPerWake batches at most, the next report the rest") func bounded()
    throws
  {
    let bench = try AgentBench(interval: .seconds(900), readingsPerBatch: 1)
    let limit = Agent<FakeStore>.reportsPerWake
    bench.put(limit + 3)
    bench.start()
    bench.run(for: .seconds(600))
    #expect(bench.store.confirmed.count == limit)
    bench.run(for: .seconds(600))
    #expect(bench.store.confirmed.count == limit + 3)
    #expect(bench.wakes == [.milliseconds(20_000), .milliseconds(920_000)])
  }

  @Test("a batch that is refused for good is set aside, and the next goes on the same wake")
  func refusedForGood() throws {
    let bench = try AgentBench()
    bench.modem.replies = [.refusal(.badRequest)]
    bench.put(4)
    bench.start()
    bench.run(for: .seconds(120))
    #expect(bench.store.aside.map(\.identity.sequence) == [1])
    #expect(bench.store.confirmed.map(\.identity.sequence) == [2])
    #expect(bench.agent.record.refused == 1)
    #expect(bench.wakes.count == 1)
    #expect(bench.logged("refused for good with 4.00; set aside"))
  }

  @Test("a refusal that may be of a changed report isn't believed before it came four times")
  func doubtfulRefusal() throws {
    let bench = try AgentBench()
    let limit = Agent<FakeStore>.resendLimit
    bench.modem.replies = Array(repeating: .answer(.badRequest), count: limit)
    bench.put(2, 2)
    bench.start()
    bench.run(for: .seconds(60))
    #expect(bench.store.aside.isEmpty)
    #expect(bench.batches == Array(repeating: "b=00000001-1", count: limit + 1) + ["b=00000001-2"])
    #expect(Set(bench.modem.requests.map(\.messageID)).count == limit + 2)
    #expect(Set(bench.modem.requests.map(\.token)).count == limit + 2)

    bench.modem.replies = Array(repeating: .answer(CoAPCode(4, 4)), count: limit + 1)
    bench.put(2, 2)
    bench.run(for: .seconds(900))
    #expect(bench.store.aside.map(\.identity.sequence) == [3])
    #expect(bench.store.confirmed.map(\.identity.sequence) == [1, 2, 4])
    #expect(bench.wakes.count == 2)
  }

  @Test(
    "what was changed on its way goes again at once as another message, four times in all",
    arguments: [ScriptedModem.Reply.answer(.requestEntityIncomplete), .reset])
  func damaged(reply: ScriptedModem.Reply) throws {
    let bench = try AgentBench()
    let limit = Agent<FakeStore>.resendLimit
    bench.modem.replies = Array(repeating: reply, count: limit)
    bench.put(1)
    bench.start()
    bench.run(for: .seconds(45))
    #expect(bench.wakes.count == 1)
    #expect(bench.store.confirmed.count == 1)
    #expect(bench.batches == Array(repeating: "b=00000001-1", count: limit + 1))
    // One more of them, even with a refusal among them, is a failure like any other.
    bench.modem.replies =
      Array(repeating: reply, count: limit - 1) + [.answer(.badRequest), reply]
    bench.put(1)
    bench.run(for: .seconds(890))
    #expect(bench.store.confirmed.count == 1)
    #expect(bench.store.aside.isEmpty)
    bench.run(for: .seconds(120))
    #expect(bench.store.confirmed.count == 2)
    #expect(bench.wakes.count == 3)
  }

  @Test("a server that refuses everything empties no store: one batch an attempt, with back-off")
  func refusesAll() throws {
    let bench = try AgentBench()
    bench.modem.otherwise = .answer(CoAPCode(4, 4))
    bench.put(40)
    bench.start()
    bench.run(for: .seconds(50))
    #expect(bench.store.aside.count == Agent<FakeStore>.refusalsInRow)
    bench.run(for: .seconds(1800))
    #expect((4...10).contains(bench.store.aside.count), "\(bench.store.aside.count)")
    bench.modem.otherwise = .answer(.changed)
    bench.run(for: .seconds(600))
    #expect(bench.store.readings.isEmpty)
    bench.modem.replies = [.refusal(.badRequest), .refusal(.badRequest)]
    bench.put(6)
    bench.run(for: .seconds(1000))
    #expect(bench.store.readings.isEmpty)
  }

  @Test("5.03 is obeyed: not before Max-Age, with the same batch, and a year of it is cut to a day")
  func unavailable() throws {
    for (maxAge, shortest, longest) in [
      (10, 48, 80), (700, 700, 720), (31_536_000, 86_400, 86_420),
    ] {
      let bench = try AgentBench()
      bench.modem.replies = [.unavailable(maxAge: UInt32(maxAge))]
      bench.put(1)
      bench.start()
      bench.run(for: .seconds(100_000))
      #expect(bench.batches == ["b=00000001-1", "b=00000001-1"])
      #expect(bench.store.aside.isEmpty)
      let wait = try #require(bench.wakes.last) - bench.wakes[0]
      #expect(wait >= .seconds(shortest) && wait <= .seconds(longest), "\(maxAge): \(wait)")
    }
  }

  @Test(
    "what isn't confirmed stays, and is tried again with back-off, as the same batch",
    arguments: [
      (ScriptedModem.Reply.reset, "reset"), (.silence, "did not answer"),
      (.acknowledgement, "did not answer"), (.answer(CoAPCode(5, 0)), "5.00"),
      (.answer(CoAPCode(2, 31)), "2.31"),
    ])
  func unconfirmed(reply: ScriptedModem.Reply, cause: String) throws {
    let bench = try AgentBench()
    bench.modem.replies = [reply]
    if reply == .silence { bench.modem.replies = Array(repeating: .silence, count: 5) }
    if reply == .reset { bench.modem.replies = Array(repeating: .reset, count: 4) }
    bench.put(1)
    bench.start()
    // Before the second attempt: 48 s after the failure, which silence makes come late.
    bench.run(for: .seconds(reply == .silence || reply == .acknowledgement ? 100 : 45))
    #expect(bench.logged(cause), "\(bench.log)")
    #expect(bench.store.confirmed.isEmpty)
    #expect(bench.store.readings.count == 1)
    bench.run(for: .seconds(300))
    #expect(bench.store.confirmed.map(\.identity.sequence) == [1])
    #expect(Set(bench.batches) == ["b=00000001-1"])
  }

  @Test("after failures and back-off the schedule goes on as it was") func scheduleStays() throws {
    let bench = try AgentBench()
    bench.modem.replies = Array(repeating: .reset, count: 8)
    bench.put(1)
    bench.start()
    bench.run(until: .milliseconds(919_000))
    #expect(bench.store.confirmed.count == 1)
    #expect(bench.wakes.count == 3)
    bench.put(1)
    bench.run(until: .milliseconds(1_819_000))
    #expect(bench.wakes.last == .milliseconds(920_000))
  }

  @Test("a power key without effect: back-off up to its last step, for ever, and no batch is lost")
  func deadModem() throws {
    let bench = try AgentBench()
    bench.modem.isDead = true
    bench.put(1)
    bench.start()
    bench.run(for: .seconds(86_400))
    // The last step is 300 s ± 20 %, and an attempt itself takes half a minute.
    #expect((86_400 / 420...86_400 / 240).contains(bench.wakes.count), "\(bench.wakes.count)")
    bench.modem.isDead = false
    bench.run(for: .seconds(500))
    #expect(bench.store.confirmed.count == 1)
  }

  @Test("a report that falls due while the modem is let go follows as soon as it sleeps")
  func dueWhileReleasing() throws {
    let bench = try AgentBench(interval: .seconds(10))
    bench.put(1)
    bench.start()
    bench.run(until: .milliseconds(60_000)) { $0.isReleasing }
    #expect(bench.now < .milliseconds(30_000))
    bench.put(1)
    bench.run(for: .seconds(12))
    let state = bench.agent.link.state
    #expect(bench.wakes.count == 2, "\(state.text)")
    bench.run(for: .seconds(8))
    #expect(bench.store.confirmed.count == 2)
  }

  @Test("nothing to report: the modem isn't woken") func nothing() throws {
    let bench = try AgentBench()
    bench.start()
    bench.run(for: .seconds(86_400))
    #expect(bench.wakes.isEmpty)
    let pulses = bench.agent.link.counters.powerKeyPulses
    #expect(pulses == 0)
  }
}

extension AgentBench {
  var isReleasing: Bool {
    if case .releasing = agent.cycle { return true }
    return false
  }
}

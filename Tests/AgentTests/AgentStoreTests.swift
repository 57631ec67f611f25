import Agent
import Primitives
import Sensors
import Telemetry
import Testing

/// What the agent promises about readings, and what it does when its store can't keep them.
@Suite("An agent and its store") struct AgentStoreTests {
  @Test("all that came in one round is one transaction, each request answered for itself")
  func groupCommit() throws {
    let bench = try AgentBench()
    bench.start()
    bench.put(3, 1, 2)
    #expect(bench.store.appends == [6])
    #expect(bench.stored == [1, 2, 3])
    #expect(bench.refused.isEmpty)
  }

  @Test("nothing is acknowledged that the store didn't take") func refused() throws {
    let bench = try AgentBench()
    bench.start()
    bench.store.failing = [.append]
    bench.put(3, 1)
    #expect(bench.refused == [1, 2])
    #expect(bench.stored.isEmpty)
    #expect(bench.agent.record.storeFailures == 1)
    bench.store.failing = []
    bench.put(1)
    #expect(bench.stored == [3])
  }

  @Test("readings that come while it connects go with this wake, later ones with the next")
  func putWhileBusy() throws {
    let bench = try AgentBench()
    bench.put(1)
    bench.start()
    bench.run(for: .seconds(1))
    bench.put(1)
    bench.run(until: .milliseconds(60_000)) { !$0.modem.requests.isEmpty }
    bench.put(3)
    bench.run(for: .seconds(60))
    #expect(bench.stored == [1, 2, 3])
    #expect(bench.store.readings.count == 3)
    #expect(bench.wakes.count == 1)
    bench.run(for: .seconds(3600))
    #expect(bench.store.readings.isEmpty)
    #expect(bench.wakes.count == 2)
  }

  @Test(
    "a store that fails at any step of a report costs a retry, never a reading",
    arguments: [FakeStore.Call.waiting, .nextBatch, .confirm, .setAside])
  func failing(call: FakeStore.Call) throws {
    let bench = try AgentBench()
    bench.store.failing = [call]
    if call == .setAside { bench.modem.otherwise = .answer(.badRequest) }
    bench.put(2)
    bench.start()
    bench.run(for: .seconds(1000))
    #expect(bench.store.readings.count == 2)
    #expect(bench.agent.record.storeFailures > 1)
    let failures = bench.agent.record.storeFailures
    #expect(failures < 10, "no back-off")
    bench.store.failing = []
    bench.modem.otherwise = .answer(.changed)
    bench.run(for: .seconds(800))
    #expect(bench.store.readings.isEmpty)
  }

  @Test("sensor readings that the store doesn't take are counted, and said twice, not each time")
  func sensorLoss() throws {
    let name = try #require(ReadingName(Array("s".utf8)))
    let sensor = SensorDefinition(name: name, file: [], interval: .seconds(10))
    let bench = try AgentBench(sensors: [sensor])
    bench.store.failing = [.append]
    bench.start()
    bench.run(for: .seconds(95))
    #expect(bench.log.filter { $0.hasPrefix("store:") }.count == 1)
    bench.store.failing = []
    bench.run(for: .seconds(10))
    #expect(bench.log.last == "store: can be written again; 10 sensor readings were lost")
  }

  @Test("readings from before the time was known get it when the network tells it")
  func clock() throws {
    for systemClock: Int64 in [0, 3_471_292_800_000] {
      let bench = try AgentBench()
      bench.modem.time = "\"2027/01/15,10:00:00+08,0\""
      bench.store.failing = [.confirm]
      bench.start(systemClock: UTC(millisecondsSince1970: systemClock))
      bench.put(1)
      #expect(bench.store.readings.map(\.time) == [.sinceBoot(.milliseconds(20_000))])
      let schedule = bench.agent.status(now: bench.now).nextReport
      bench.run(until: .milliseconds(2_000_000)) { !$0.clocks.isEmpty }
      let told = try #require(bench.clocks.first)
      #expect(told.text == "2027-01-15T08:00:00Z")
      #expect(
        bench.store.readings.map(\.time) == [.utc(told + (.milliseconds(20_000) - bench.now))])
      bench.put(1)
      #expect(bench.store.readings.last?.time == .utc(told))
      #expect(bench.wakes == schedule.map { [$0] })
    }
  }

  @Test("a network that changes its mind about the time moves the stamps, not the schedule")
  func clockSteps() throws {
    let bench = try AgentBench()
    bench.put(1)
    bench.modem.time = "\"2027/01/15,10:00:00+00,0\""
    bench.start()
    bench.run(for: .seconds(800))
    bench.modem.time = "\"2026/12/15,10:00:00+00,0\""
    bench.put(1)
    bench.run(for: .seconds(900))
    bench.put(1)
    #expect(bench.clocks.map(\.text) == ["2027-01-15T10:00:00Z", "2026-12-15T10:00:00Z"])
    #expect(bench.wakes == [.milliseconds(20_000), .milliseconds(920_000)])
    guard case .utc(let utc) = bench.store.readings[0].time else {
      Issue.record("the reading has no time")
      return
    }
    #expect(utc.text.hasPrefix("2026-12-15T10:"))
  }
}

import Agent
import Primitives
import Testing

/// A device that listens to SMS and has nothing to report.
@Suite("In reach with nothing to report") struct AgentReachTests {
  private static let day = Duration.seconds(86_400)

  private func reported(
    interval: Duration, listens: Bool = true, window: Duration = .seconds(20)
  ) throws -> AgentBench {
    let bench = try AgentBench(
      interval: interval, listens: listens, window: window, obeysLimits: true)
    bench.put(1)
    bench.start()
    bench.run(for: .seconds(120))
    #expect(bench.agent.record.confirmed == 1)
    return bench
  }

  @Test("once a day it reports all the same, and messages are listed", arguments: [1, 7 * 24])
  func daily(hours: Int64) throws {
    let bench = try reported(interval: .seconds(hours * 3600))
    let listed = bench.modem.messageLines.count
    for days in 1...3 as ClosedRange<Int64> {
      let foretold = bench.agent.nextWindow(now: bench.now)
      let next = try #require(foretold)
      #expect(next < .start + Self.day * Int(days) + .seconds(300))
      bench.run(until: .start + Self.day * Int(days) + .seconds(300))
      #expect(bench.agent.record.confirmed == 1 + days)
      #expect(bench.modem.messageLines.count == listed + Int(days))
    }
  }

  @Test("without a window no more often than reports are wanted") func noWindow() throws {
    let bench = try reported(interval: Self.day * 7, window: .zero)
    bench.run(until: .start + Self.day * 6)
    #expect(bench.agent.record.confirmed == 1)
    bench.run(until: .start + Self.day * 8)
    #expect(bench.agent.record.confirmed == 2)
  }

  @Test("a device that doesn't listen stays silent") func silent() throws {
    let bench = try reported(interval: .seconds(3600), listens: false)
    bench.run(until: .start + Self.day * 3)
    #expect(bench.agent.record.confirmed == 1)
  }

  @Test("one that reports anyway isn't woken for it") func busy() throws {
    let bench = try reported(interval: .seconds(3600))
    for hour in 1...30 as ClosedRange<Int64> {
      bench.put(1)
      bench.run(until: .start + .seconds(hour * 3600 + 300))
    }
    #expect(bench.agent.record.confirmed == 31)
  }

  @Test("a store that fails is no reason to try without end") func failing() throws {
    let bench = try reported(interval: .seconds(3600))
    bench.store.failing = [.append]
    bench.run(until: .start + Self.day * 2)
    #expect(bench.agent.record.confirmed == 1)
    bench.store.failing = []
    bench.run(until: .start + Self.day * 2 + .seconds(300))
    #expect(bench.agent.record.confirmed == 2)
  }
}

import Agent
import Primitives
import Testing

/// SMS in a wake. Not covered: how the link lists and deletes them (LinkTests).
@Suite("An agent's SMS") struct AgentMessageTests {
  private static let hex =
    "00040C919471831778780000620112214300801220D0BC4C8787E5E136480683C574E536"
  /// Part 1 of 2, from the same number.
  private static let part =
    "00440C91947183177878000062011221430080190500035A0201E6653A3C2C0FB74130194D062AB77720"

  private func stored(_ index: Int, _ hex: String) -> (index: Int, text: String) {
    (index, "\r\n+CMGL: \(index),0,,\(hex.count / 2 - 1)\r\n\(hex)\r\n")
  }

  private func bench(_ messages: [String], listens: Bool = true) throws -> AgentBench {
    let bench = try AgentBench(listens: listens)
    for (index, hex) in messages.enumerated() {
      bench.modem.messages.append(stored(index + 1, hex))
    }
    bench.put(1)
    bench.start()
    bench.run(for: .seconds(120))
    return bench
  }

  @Test(
    "after the confirmation each is counted, logged without its text, and deleted but for what waits"
  )
  func received() throws {
    let bench = try bench([Self.hex, Self.part])
    #expect(bench.modem.messageLines == ["AT+CMGL=4", "AT+CMGD=1"])
    #expect(bench.agent.record.messagesReceived == 2)
    #expect(bench.agent.record.messagesRefused == 0)
    #expect(bench.logged("sms: a message; no command is obeyed"))
    #expect(bench.logged("sms: a part of a message; others are missing"))
    #expect(!bench.logged("setparam"))
    #expect(bench.agent.link.state == .asleep)
    let json = String(decoding: bench.agent.status(now: bench.now).json, as: UTF8.self)
    #expect(json.contains("\"messages\":{\"received\":2,\"refused\":0,"))
  }

  @Test("one that can't be read is counted as refused, and deleted") func unreadable() throws {
    let bench = try bench(["00ABCDEF"])
    #expect(bench.agent.record.messagesRefused == 1)
    #expect(bench.agent.record.messagesReceived == 0)
    #expect(bench.modem.messages.isEmpty)
  }

  @Test("without any a wake costs one exchange more") func none() throws {
    let (with, without) = (try bench([]), try bench([], listens: false))
    #expect(with.modem.messageLines == ["AT+CMGL=4"])
    #expect(without.modem.messageLines.isEmpty)
    let (more, less) = (with.agent.link.counters.exchanges, without.agent.link.counters.exchanges)
    #expect(more == less + 1)
    #expect(with.agent.link.state == .asleep)
  }

  @Test("they are listed after a failure too, and once in a wake") func failed() throws {
    let bench = try AgentBench(listens: true)
    bench.modem.otherwise = .silence
    bench.modem.messages = [stored(1, Self.hex)]
    bench.put(1)
    bench.start()
    bench.run(for: .seconds(300)) { $0.agent.link.state == .asleep }
    #expect(bench.modem.messageLines == ["AT+CMGL=4", "AT+CMGD=1"])
    #expect(bench.agent.record.failed == 1)
  }

  // MARK: - The window

  private func open(interval: Duration = .seconds(3600)) throws -> AgentBench {
    let bench = try AgentBench(interval: interval, listens: true, window: .seconds(20))
    bench.put(1)
    bench.start()
    bench.run(for: .seconds(120)) { $0.agent.record.confirmed == 1 }
    return bench
  }

  @Test("after the first confirmation of a day the modem stays reachable, then lists")
  func window() throws {
    let bench = try open()
    let confirmed = bench.now
    #expect(bench.agent.nextWindow(now: bench.now) == bench.now)
    #expect(bench.agent.windowEnds == confirmed + .seconds(20))
    bench.run(until: confirmed + .milliseconds(19_999))
    #expect(bench.agent.link.state == .online)
    #expect(bench.modem.messageLines.isEmpty)
    bench.run(until: confirmed + .seconds(20))
    #expect(bench.modem.messageLines == ["AT+CMGL=4"])
    bench.run(until: confirmed + .seconds(40))
    #expect(bench.agent.link.state == .asleep)
    #expect(bench.agent.nextWindow(now: bench.now) == confirmed + .seconds(86_400))
    #expect(bench.logged("sms: reachable for 20 s"))
  }

  @Test("the day's other reports list at once") func between() throws {
    let bench = try open()
    bench.run(until: .milliseconds(20_000) + .seconds(3500))
    bench.put(1)
    bench.run(for: .seconds(200)) { $0.agent.record.confirmed == 2 }
    let confirmed = bench.now
    bench.run(until: confirmed + .milliseconds(100))
    #expect(bench.modem.messageLines.count == 2)
    bench.run(until: confirmed + .seconds(15))
    #expect(bench.agent.link.state == .asleep)
  }

  @Test("one that is announced meanwhile is taken at once, and the window stays open")
  func announced() throws {
    let bench = try open()
    let confirmed = bench.now
    bench.run(until: confirmed + .seconds(5))
    bench.modem.messages.append(stored(1, Self.hex))
    bench.modem.say("\r\n+CMTI: \"ME\",1\r\n", at: bench.now)
    bench.run(until: confirmed + .seconds(6))
    #expect(bench.modem.messageLines == ["AT+CMGL=4", "AT+CMGD=1"])
    #expect(bench.agent.record.messagesReceived == 1)
    #expect(bench.agent.link.state == .online)
    bench.run(until: confirmed + .seconds(40))
    #expect(bench.modem.messageLines == ["AT+CMGL=4", "AT+CMGD=1", "AT+CMGL=4"])
    #expect(bench.agent.link.state == .asleep)
  }

  @Test("a connection that is lost meanwhile ends it, and the modem rests all the same")
  func lost() throws {
    let bench = try open()
    bench.run(for: .seconds(5))
    bench.modem.say("\r\n+QIURC: \"pdpdeact\",1\r\n", at: bench.now)
    bench.run(for: .seconds(60))
    #expect(bench.agent.windowEnds == nil)
    #expect(bench.agent.link.state == .asleep)
    let isAtRest = bench.agent.isAtRest
    #expect(isAtRest)
  }

  @Test("a process that ends doesn't wait for it") func stopped() throws {
    let bench = try open()
    bench.give(.stop)
    bench.run(for: .seconds(30))
    #expect(bench.stops == 1)
  }

  @Test("none is asked for, none is kept, none is foretold") func noWindow() throws {
    let bench = try bench([])
    #expect(bench.agent.windowEnds == nil)
    #expect(bench.agent.nextWindow(now: bench.now) == nil)
  }

  @Test("what was asked for is logged beside what was granted, once a change") func grant() throws {
    let bench = try bench([])
    let line =
      "modem: PSM granted: active time 2 s, update 6 h; asked for: active time 2 s, update 6 h"
    #expect(bench.log.count { $0 == line } == 1, "\(bench.log)")
    #expect(bench.agent.record.rest?.rest == .psm)
    #expect(bench.log.count { $0.hasPrefix("modem: rest: PSM, ") } == 1)
  }
}

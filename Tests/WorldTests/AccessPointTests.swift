import Agent
import Cellular
import Link
import ModemSimulator
import Modems
import Primitives
import Testing
import World

/// A network that refuses the access point, and what the device then does.
@Suite("A refused access point") struct AccessPointTests {
  private func world(
    seed: UInt64 = 11, allowed: [String], hasDefault: Bool = false, apn: String = "wrong",
    change: (inout WorldPlan) -> Void = { _ in }
  ) throws -> World {
    var plan = WorldPlan(seed: seed)
    plan.agent.fallsBack = true
    plan.link.network.accessPoint = try AccessPoint(apn: #require(APN(Array(apn.utf8))))
    plan.stored = .configured(apn: Array(apn.utf8))
    plan.network.accessPointNames = allowed.map { Array($0.utf8) }
    plan.network.hasDefaultAccessPoint = hasDefault
    change(&plan)
    return try World(plan)
  }

  /// The access points that were written to the module, in order.
  private func written(_ trace: Trace) -> [String] {
    let all = trace.text.split(separator: "\n").compactMap { line -> String? in
      guard line.contains(" > "), let at = line.firstRange(of: "+CGDCONT=1,\"IP\",\"") else {
        return nil
      }
      return String(line[at.upperBound...].prefix { $0 != "\"" })
    }
    // What the module refuses while it is busy is written once more.
    return all.indices.filter { $0 == 0 || all[$0 - 1] != all[$0] }.map { all[$0] }
  }

  /// What led from one access point to the next.
  private func story(_ trace: Trace) -> String {
    trace.text.split(separator: "\n").filter {
      $0.contains("CGDCONT") || $0.contains(" log ") || $0.contains("ERROR")
    }.joined(separator: "\n")
  }

  @Test("at the attach: none, em and emnify are tried in turn; the one that works is kept")
  func attach() throws {
    let world = try world(allowed: ["emnify"])
    world.start()
    try world.run(until: .start + .seconds(12 * 3600))
    #expect(written(world.trace) == ["", "em", "emnify"], "\(world.trace.text.suffix(3000))")
    #expect(world.collector.reports.count >= 8)
    #expect(world.agent.learnt.apn?.bytes == Array("emnify".utf8))
    // Another process goes on with it.
    let writes = world.modem.counters.flashWrites
    world.restartProcess()
    try world.run(until: .start + .seconds(15 * 3600))
    #expect(world.modem.counters.flashWrites == writes)
    #expect(world.collector.reports.count >= 10)
  }

  @Test("the subscription's own is taken where the network has one") func blank() throws {
    let world = try world(allowed: ["iot.example"], hasDefault: true)
    world.start()
    try world.run(until: .start + .seconds(4 * 3600))
    #expect(written(world.trace) == [""])
    #expect(world.agent.learnt.apn == .blank)
    #expect(world.collector.reports.count >= 2)
  }

  @Test("with apn-fallback = off nothing else is tried") func off() throws {
    let world = try world(allowed: ["emnify"]) { $0.agent.fallsBack = false }
    world.start()
    try world.run(until: .start + .seconds(12 * 3600))
    #expect(written(world.trace).isEmpty)
    #expect(world.collector.reports.isEmpty)
  }

  @Test("where none works, one round is made a day, and the configured one stays between")
  func round() throws {
    let world = try world(allowed: ["iot.example"])
    world.start()
    try world.run(until: .start + .seconds(20 * 3600))
    #expect(written(world.trace) == ["", "em", "emnify", "wrong"], "\(story(world.trace))")
    // The right one at last, on the side of the network: no fallback was kept.
    world.changeModem { $0.network.accessPointNames = nil }
    try world.run(until: .start + .seconds(72 * 3600))
    #expect(world.agent.learnt.apn?.bytes == Array("wrong".utf8))
    #expect(world.collector.reports.count > 10)
  }

  @Test("lost coverage is no evidence about it") func coverage() throws {
    let world = try world(allowed: ["wrong"]) { $0.network.verdict = .noCoverage }
    world.start()
    try world.run(until: .start + .seconds(12 * 3600))
    #expect(written(world.trace).isEmpty)
    world.changeModem { $0.network.verdict = .accepts }
    try world.run(until: .start + .seconds(30 * 3600))
    #expect(written(world.trace).isEmpty)
    #expect(world.collector.reports.count > 5)
  }

  @Test("another SIM: what was learnt is dropped, the configured one comes first") func anotherSIM()
    throws
  {
    let world = try world(allowed: ["emnify"]) { $0.network.powerSaving = .none }
    world.start()
    try world.run(until: .start + .seconds(6 * 3600))
    try #require(world.agent.learnt.apn?.bytes == Array("emnify".utf8))
    world.changeModem {
      $0.sim = SimulatedSIM(
        iccid: Array("89423100000000000025".utf8), imsi: Array("901430000000025".utf8))
      $0.network.accessPointNames = [Array("wrong".utf8)]
    }
    world.restartProcess()
    try world.run(until: .start + .seconds(12 * 3600))
    #expect(world.agent.learnt.apn?.bytes == Array("wrong".utf8))
    #expect(world.agent.learnt.imsi?.digits == Array("901430000000025".utf8))
    #expect(written(world.trace).last == "wrong")
  }

  @Test("operator, band and access point are kept, and written once") func kept() throws {
    let world = try world(allowed: ["wrong"])
    world.start()
    try world.run(until: .start + .seconds(1800))
    let learnt = world.agent.learnt
    #expect(learnt.plmn?.digits == Array("20408".utf8))
    #expect(learnt.band == 20)
    #expect(learnt.apn?.bytes == Array("wrong".utf8))
    #expect(LearntNetwork(learnt.bytes) == learnt)
    let kept = world.agent.store.keeps[.network]
    try world.run(until: .start + .seconds(24 * 3600))
    #expect(kept == 1)
    #expect(world.agent.store.keeps[.network] == kept)
  }

  @Test("each try is an attempt under the limits: 4 in any hour, 12 minutes after a refusal")
  func limits() throws {
    let world = try world(allowed: ["iot.example"])
    world.start()
    var begun: [Instant] = []
    for minute in 1...(12 * 60) as ClosedRange<Int64> {
      try world.run(until: .start + .seconds(minute * 60))
      while world.agent.record.attempts > Int64(begun.count) { begun.append(world.now) }
    }
    #expect(begun.count > 5)
    for (first, second) in zip(begun, begun.dropFirst()) {
      #expect(second >= first + .seconds(11 * 60))
    }
  }

  @Test("one that lets it in and leads nowhere isn't learnt, and is left") func nowhere() throws {
    // The network takes the blank one, and through it the server doesn't answer.
    let world = try world(allowed: ["emnify"], hasDefault: true)
    world.start()
    world.collectorIsDeaf(true)
    try world.run(until: .start + .seconds(6 * 3600))
    #expect(world.agent.learnt.apn == nil)
    #expect(written(world.trace).starts(with: ["", "em", "emnify"]), "\(story(world.trace))")
    world.collectorIsDeaf(false)
    try world.run(until: .start + .seconds(72 * 3600))
    #expect(world.agent.learnt.apn != nil)
    #expect(world.agent.record.accessTry == nil)
    #expect(world.collector.reports.count > 5)
  }

  @Test("a dead server is no evidence about the configured one") func deadServer() throws {
    let world = try world(allowed: ["wrong"])
    world.start()
    world.collectorIsDeaf(true)
    try world.run(until: .start + .seconds(24 * 3600))
    #expect(written(world.trace).isEmpty)
  }

  @Test("2G comes last: there the SIM is let in without, and a message comes through")
  func secondGeneration() throws {
    let world = try world(allowed: ["iot.example"]) {
      $0.link.network.rats = [.lteM, .gsm]
      $0.network.hasGSM = true
      $0.agent.listensToMessages = true
      $0.link.network.takesMessages = true
    }
    world.start()
    world.deliver(message: CommandBench.tpdu("hello"))
    try world.run(until: .start + .seconds(2 * 3600))
    #expect(world.agent.record.messagesReceived == 0)
    try world.run(until: .start + .seconds(20 * 3600))
    #expect(written(world.trace).starts(with: ["", "em", "emnify"]))
    #expect(world.agent.record.messagesReceived == 1, "\(world.trace.text.suffix(3000))")
    #expect(world.trace.text.contains("the next attempt goes through 2G alone"))
  }
}

import Link
import ModemSimulator
import Modems
import Primitives
import Testing
import World

extension WorldPlan {
  /// The device has name servers of its own, which know the collector for a day.
  mutating func asksForNames() {
    link.network.dnsServers = [IPv4Address(192, 0, 2, 53), IPv4Address(192, 0, 2, 54)]
    agent.nameServers = link.network.dnsServers
    nameServer.names = [("collector.desk", [192, 0, 2, 7])]
    nameServer.timeToLive = 86_400
  }
}

/// A module that can't look names up, or not where it should: the device does it. Virtual time.
@Suite("Names that the device looks up itself") struct NamesTests {
  private func plan(_ change: (inout WorldPlan) -> Void) throws -> WorldPlan {
    var plan = WorldPlan(seed: 7)
    plan.personality = try #require(ModemPersonality.named(Array("sierra-hl78".utf8)))
    plan.stored = plan.personality.factorySettings
    plan.network.names = []
    plan.link = LinkSettings(
      module: .sierraHL78, network: plan.link.network, hasStatusLine: true)
    plan.asksForNames()
    change(&plan)
    return plan
  }

  private func world(
    hours: Int64, _ change: (inout WorldPlan) -> Void = { _ in }
  ) throws -> World {
    let world = try World(try plan(change))
    world.start()
    try world.run(until: .start + .seconds(hours * 3600))
    return world
  }

  @Test("are asked for once in the life of the answer") func once() throws {
    let world = try world(hours: 12)
    #expect(world.collector.reports.count >= 11)
    #expect(world.nameServer.questions == 1)
    #expect(world.trace.text.contains("the server is 192.0.2.7"))
  }

  @Test("aren't asked for again when the answer's life is over, but when the address fails then")
  func stale() throws {
    let world = try world(hours: 6) { $0.nameServer.timeToLive = 60 }
    #expect(world.collector.reports.count >= 5)
    #expect(world.nameServer.questions == 1)
    world.collectorIsDeaf(true)
    try world.run(until: .start + .seconds(7 * 3600))
    world.collectorIsDeaf(false)
    let before = world.collector.reports.count
    try world.run(until: .start + .seconds(9 * 3600))
    #expect(world.nameServer.questions > 1)
    #expect(world.collector.reports.count > before)
  }

  @Test("are asked for again a week after the answer's life") func week() throws {
    let day: Int64 = 24
    let world = try world(hours: 7 * day) { $0.nameServer.timeToLive = 60 }
    #expect(world.nameServer.questions == 1)
    try world.run(until: .start + .seconds((7 * day + 2) * 3600))
    #expect(world.nameServer.questions == 2)
  }

  @Test("are asked for again when the server wasn't reached at their address") func doubt() throws {
    let world = try world(hours: 3)
    let before = world.collector.reports.count
    #expect(world.nameServer.questions == 1)
    world.collectorIsDeaf(true)
    try world.run(until: .start + .seconds(5 * 3600))
    #expect(world.collector.reports.count == before)
    #expect(world.nameServer.questions > 1)
    world.collectorIsDeaf(false)
    try world.run(until: .start + .seconds(8 * 3600))
    #expect(world.collector.reports.count > before)
  }

  @Test("aren't asked for again when the network was gone") func networkGone() throws {
    // Off between reports, so that it has to register each time.
    let world = try world(hours: 3) { $0.link.network.psm = nil }
    let before = world.collector.reports.count
    world.networkIsGone(true)
    try world.run(until: .start + .seconds(5 * 3600))
    #expect(world.collector.reports.count == before)
    #expect(world.trace.text.contains("modem: failed (registration)"))
    world.networkIsGone(false)
    try world.run(until: .start + .seconds(12 * 3600))
    #expect(world.collector.reports.count > before)
    #expect(world.nameServer.questions == 1)
  }

  @Test("that nobody answers end the attempt, and an old answer is better than none") func dead()
    throws
  {
    let silent = try world(hours: 2) { $0.nameServer.isDead = true }
    #expect(silent.collector.reports.isEmpty)
    #expect(silent.trace.text.contains("no name server gave a usable answer; next attempt in"))
    #expect(silent.nameServer.questions % 4 == 0, "two rounds over two servers an attempt")
    let world = try world(hours: 2) { $0.nameServer.timeToLive = 60 }
    let before = world.collector.reports.count
    world.nameServerIsDead()
    world.collectorIsDeaf(true)
    try world.run(until: .start + .seconds(4 * 3600))
    world.collectorIsDeaf(false)
    try world.run(until: .start + .seconds(8 * 3600))
    #expect(world.collector.reports.count > before)
    #expect(world.trace.text.contains("no name server answers; the server was 192.0.2.7"))
  }

  @Test("that aren't found lead to the pinned address, for a day, and are then asked for again")
  func pinned() throws {
    let world = try world(hours: 20) {
      $0.nameServer.names = []
      $0.agent.pinnedAddress = IPv4Address(192, 0, 2, 7)
    }
    #expect(world.collector.reports.count >= 19)
    #expect(world.nameServer.questions == 1)
    #expect(
      world.trace.text.contains(
        "the name servers know no such server; the pinned address 192.0.2.7 is taken"))
    try world.run(until: .start + .seconds(30 * 3600))
    #expect(world.collector.reports.count >= 29)
    #expect(world.nameServer.questions == 2)
  }

  @Test("that the module doesn't find lead to the pinned address with the next attempt")
  func pinnedForModule() throws {
    func world(_ address: IPv4Address?) throws -> World {
      var plan = WorldPlan(seed: 7)
      plan.network.names = []
      plan.emptyAddresses = [IPv4Address(192, 0, 2, 99)]
      plan.agent.pinnedAddress = address
      let world = try World(plan)
      world.start()
      try world.run(until: .start + .seconds(6 * 3600))
      return world
    }
    #expect(try world(nil).collector.reports.isEmpty)
    let pinned = try world(IPv4Address(192, 0, 2, 7))
    #expect(pinned.collector.reports.count >= 5)
    #expect(pinned.trace.text.contains("the module doesn't find the server's name"))
    let wrong = try world(IPv4Address(192, 0, 2, 99))
    #expect(wrong.collector.reports.isEmpty, "and a wrong one leads nowhere")
  }

  @Test("that lead to a private address are refused unless allowed", arguments: [false, true])
  func privateAddress(isAllowed: Bool) throws {
    let world = try world(hours: 2) {
      $0.nameServer.names = [("collector.desk", [10, 1, 2, 3])]
      $0.agent.addressRule.allowsPrivate = isAllowed
    }
    #expect(world.collector.reports.isEmpty != isAllowed)
    #expect(
      world.trace.text.contains("the server's name leads to 10.1.2.3, which isn't allowed")
        != isAllowed)
  }

  @Test("that don't exist, and servers that aren't configured, are said so") func refused() throws {
    let unknown = try world(hours: 1) { $0.nameServer.names = [] }
    #expect(unknown.trace.text.contains("the name servers know no such server"))
    #expect(unknown.nameServer.questions >= 1)
    let none = try world(hours: 1) { $0.agent.nameServers = [] }
    #expect(none.trace.text.contains("set [network] dns, or give the server's address"))
    #expect(none.nameServer.questions == 0)
  }
}

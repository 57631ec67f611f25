import Agent
import Cellular
import Link
import ModemSimulator
import Modems
import Primitives
import Testing
import World

/// A network that grants, refuses, changes and takes back what the modem asked for, between two
/// registrations: the plan follows, and status says so. Not covered: the choice by charge
/// (SleepPlanTests, RestChargeTests).
@Suite("A network that changes its mind about sleep") struct GrantTests {
  private static let hour = Duration.seconds(3600)

  private func expect(
    _ world: World, _ rest: Rest, status: String, words: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(world.agent.record.rest?.rest == rest, sourceLocation: sourceLocation)
    let text = world.status().text
    #expect(text.contains(status), "\(text)", sourceLocation: sourceLocation)
    #expect(text.contains("\nrest      " + words), "\(text)", sourceLocation: sourceLocation)
  }

  private func grant(_ world: World, _ grant: SimulatedNetwork.PowerSavingGrant) {
    world.spoil { _, network, _ in network.powerSaving = grant }
  }

  /// T3412 as 8 bits, T3324 as 8 bits.
  private func timers(_ update: String, _ active: String) -> SimulatedNetwork.PowerSavingGrant {
    .fixed(periodicTAU: Array(update.utf8), activeTime: Array(active.utf8))
  }

  /// The modem's own update each hour or three is where the network answers otherwise than before;
  /// the report each four hours finds out.
  @Test("power saving mode: granted, granted otherwise, taken back while it sleeps, granted again")
  func psm() throws {
    var plan = WorldPlan(seed: 71, reportInterval: Self.hour * 4)
    plan.link.reportInterval = Self.hour * 4
    plan.network.powerSaving = timers("00100001", "00000001")
    let world = try World(plan)
    world.start()
    try world.run(until: .start + .seconds(600))
    expect(world, .psm, status: "PSM granted with active time 2 s, update 1 h", words: "PSM, ")
    #expect(world.agent.record.rest?.updatesBetweenReports == 3)

    grant(world, timers("00100011", "00000101"))
    try world.run(until: .start + Self.hour * 4 + .seconds(600))
    expect(world, .psm, status: "PSM granted with active time 10 s, update 3 h", words: "PSM, ")
    #expect(world.agent.record.rest?.updatesBetweenReports == 1)
    #expect(world.trace.text.ranges(of: "log modem: PSM granted: ").count == 2)

    // At the next update, while nobody looks: the modem would stay awake until the next report.
    grant(world, .none)
    try world.run(until: .start + Self.hour * 7 + .seconds(600))
    expect(world, .powerOff, status: "; no PSM granted", words: "power off, ")
    #expect(world.agent.record.rest?.candidates.first?.obstacle == .noPSM)
    #expect(world.agent.link.state == .off)
    #expect(world.agent.link.counters.missedSleeps == 1)
    #expect(world.status().finding.diagnosis == .sleepNotGranted)
    #expect(!world.status().limits.isIntervalTooShort)

    // Each report attaches now, and asks anew.
    grant(world, .asRequested)
    try world.run(until: .start + Self.hour * 8 + .seconds(600))
    expect(world, .psm, status: "PSM granted with active time 2 s, update 6 h", words: "PSM, ")
    #expect(world.agent.link.state == .asleep)
    try world.run(until: .start + Self.hour * 24 + .seconds(600))
    #expect(world.collector.reports.count == 7)
    #expect(world.status().store?.waiting == 0)
    #expect(world.modem.counters.violations.total == 0)
  }

  @Test("one that stays awake after its own update while PSM is granted is turned off")
  func sleepless() throws {
    var plan = WorldPlan(seed: 73, reportInterval: Self.hour * 4)
    plan.link.reportInterval = Self.hour * 4
    plan.network.powerSaving = timers("00100001", "00000001")
    let world = try World(plan)
    world.start()
    try world.run(until: .start + .seconds(600))
    world.spoil { faults, _, _ in faults.neverSleeps = true }
    try world.run(until: .start + Self.hour + .seconds(900))
    #expect(world.agent.link.state == .off, "\(world.trace.text.suffix(3000))")
    #expect(world.agent.link.counters.missedSleeps == 2)
    #expect(world.status().finding.diagnosis == .sleepLate)
    world.endFaults()
    try world.run(until: .start + Self.hour * 9)
    #expect(world.agent.link.state == .asleep)
    #expect(world.collector.reports.count == 3)
  }

  @Test("eDRX: granted, refused, so that reports must come less often, and granted again")
  func edrx() throws {
    var plan = WorldPlan(seed: 72, reportInterval: .seconds(300))
    plan.link.reportInterval = .seconds(300)
    plan.link.network.psm = nil
    plan.link.network.edrx = .cycle(.seconds(82))
    plan.link.hasDTR = true
    plan.link.rest = .only(.edrx)
    let world = try World(plan)
    world.start()
    try world.run(until: .start + .seconds(1400))
    expect(world, .edrx, status: "\neDRX      granted, a cycle of 1 min 21 s", words: "eDRX, ")
    #expect(!world.status().limits.isIntervalTooShort)
    #expect(world.status().finding.diagnosis == .well)

    // It asks again where it registers anew.
    world.spoil { _, network, _ in network.extendedDRX = .none }
    world.networkIsGone(true)
    try world.run(until: .start + .seconds(1700))
    world.networkIsGone(false)
    try world.run(until: .start + Self.hour * 3)
    expect(world, .powerOff, status: "\nAPN ", words: "power off, ")
    #expect(!world.status().text.contains("\neDRX      granted"))
    #expect(world.agent.record.rest?.isStretched == true)
    #expect(world.status().limits.isIntervalTooShort)
    #expect(world.status().finding.diagnosis == .intervalTooShort)

    world.spoil { _, network, _ in
      network.extendedDRX = .fixed(value: Array("1001".utf8), window: Array("0001".utf8))
    }
    try world.run(until: .start + Self.hour * 5)
    expect(
      world, .edrx,
      status:
        "\neDRX      granted, a cycle of 2 min 43 s, a paging window of 2.5 s; asked for: 1 min 21 s\n",
      words: "eDRX, ")
    #expect(!world.status().limits.isIntervalTooShort)
    #expect(world.status().store?.waiting ?? 9 <= 1)
  }
}

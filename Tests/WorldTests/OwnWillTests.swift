import Agent
import Cellular
import Link
import Modems
import Primitives
import Testing
import World

@testable import ModemSimulator

/// Modems that boot late, wake by themselves, or switch themselves off. Not covered: ignored pulses
/// and modems that boot anew by themselves (WorldTests, RecoveryTests, LifeCycleTests).
@Suite("Modems with a will of their own") struct OwnWillTests {
  static let profiles = ModuleProfile.all.filter { $0.socket != nil }
  static let sleepers = profiles.filter { $0.ability(of: .psmEntry) == .yes }

  private func bench(
    _ profile: ModuleProfile, change: (inout FamilyBench.Conditions) -> Void = { _ in }
  ) throws -> FamilyBench {
    let personality = try #require(ModemPersonality.named(Array("\(profile.name)".utf8)))
    return FamilyBench(profile, personality, change: change)
  }

  /// Asleep, with the periodic update an hour away.
  private func asleep(
    _ profile: ModuleProfile, hasStatusLine: Bool
  ) throws -> FamilyBench {
    let request = PSMRequest(
      periodicTAU: try #require(PeriodicTAU(atLeast: .seconds(3600))),
      activeTime: try #require(ActiveTime(atLeast: .seconds(4))))
    var bench = try bench(profile) {
      $0.settings.psm = request
      $0.hasStatusLine = hasStatusLine
    }
    // The first report sets it up; the second is as all that follow.
    for _ in 0..<2 {
      let isOnline = bench.goesOnline()
      try #require(isOnline, "\(bench.story)")
      let isBack = bench.echoes(Array("report".utf8))
      try #require(isBack, "\(bench.story)")
      let kind = bench.rests(after: .release)
      try #require([.psmURC, .statusLine, .silence].contains(kind), "\(bench.story)")
    }
    try #require(bench.modem.power.phase == .asleep, "\(bench.story)")
    return bench
  }

  // MARK: - Late boots

  @Test(
    "a boot that takes longer than its family's longest: no pulse turns it off, and it reports",
    arguments: profiles, [true, false])
  func lateBoot(profile: ModuleProfile, hasStatusLine: Bool) throws {
    var usual = try bench(profile) { $0.hasStatusLine = hasStatusLine }
    let isUsual = usual.goesOnline()
    try #require(isUsual, "\(usual.story)")
    var bench = try bench(profile) { $0.hasStatusLine = hasStatusLine }
    bench.change { $0.faults.bootDelay = profile.power.bootLimit }
    let isOnline = bench.goesOnline()
    #expect(isOnline, "\(bench.story)")
    let isBack = bench.echoes(Array("report".utf8))
    #expect(isBack)
    // What is written from the factory's settings may want a restart of its own.
    #expect(bench.modem.counters.boots == usual.modem.counters.boots, "\(bench.story)")
    #expect(bench.modem.counters.resets == usual.modem.counters.resets)
    if hasStatusLine || profile.power.startPulseStops {
      #expect(bench.modem.counters.powerKeyPulses == usual.modem.counters.powerKeyPulses)
      #expect(bench.link.counters.ignoredPulses == 0)
    }
  }

  // MARK: - Wakes by itself

  @Test(
    "one that wakes for its periodic update is left alone, and the next report finds it as it was",
    arguments: sleepers, [true, false])
  func periodicUpdate(profile: ModuleProfile, hasStatusLine: Bool) throws {
    // Where nothing else shows that it sleeps, the line is there.
    if !hasStatusLine, profile.sleepEvidence == .statusLine { return }
    var bench = try asleep(profile, hasStatusLine: hasStatusLine)
    let (before, link) = (bench.modem.counters, bench.link.counters)
    bench.run(for: .seconds(3 * 3600 + 600))
    let after = bench.modem.counters
    #expect(after.trackingAreaUpdates - before.trackingAreaUpdates >= 3, "\(bench.story)")
    #expect(after.sleeps - before.sleeps >= 3)
    #expect(after.powerKeyPulses == before.powerKeyPulses)
    #expect(after.bytesReceived == before.bytesReceived, "\(bench.story)")
    #expect(bench.modem.power.phase == .asleep)
    #expect(bench.link.state == .asleep)
    #expect(bench.link.deadline == nil)
    if hasStatusLine, bench.modem.personality.sleep.dropsStatus {
      #expect(bench.link.counters.ownWakes - link.ownWakes == Int64(after.boots - before.boots))
    }

    let isOnline = bench.goesOnline()
    #expect(isOnline, "\(bench.story)")
    #expect(bench.link.counters.warmWakes == link.warmWakes + 1)
    #expect(bench.modem.counters.attaches == before.attaches)
    let isBack = bench.echoes(Array("report".utf8))
    #expect(isBack)
    let kind = bench.rests(after: .release)
    #expect([.psmURC, .statusLine, .silence].contains(kind), "\(bench.story)")
    #expect(bench.link.counters.missedSleeps == 0)
  }

  @Test(
    "a report that is due while it is awake by itself needs no pulse, and none turns it off",
    arguments: sleepers, [100, 3000, 6000, 9000])
  func reportMeanwhile(profile: ModuleProfile, milliseconds: Int) throws {
    var bench = try asleep(profile, hasStatusLine: true)
    let boots = bench.modem.counters.boots
    bench.run(for: .seconds(7200)) { $0.modem.counters.boots > boots }
    try #require(bench.modem.counters.boots == boots + 1)
    let pulses = bench.modem.counters.powerKeyPulses
    bench.run(for: .milliseconds(milliseconds))
    let isShown = bench.modem.power.isStatusOn && bench.modem.personality.sleep.dropsStatus
    let isOnline = bench.goesOnline()
    #expect(isOnline, "\(bench.story)")
    let isBack = bench.echoes(Array("report".utf8))
    #expect(isBack)
    if isShown { #expect(bench.modem.counters.powerKeyPulses == pulses, "\(bench.story)") }
    #expect(bench.modem.counters.resets == 0, "\(bench.story)")
    let kind = bench.rests(after: .release)
    #expect([.psmURC, .statusLine, .silence].contains(kind), "\(bench.story)")
  }

  @Test("a device sleeps through its modem's updates: the plan stays, they are counted in status")
  func inWorld() throws {
    var plan = WorldPlan(seed: 41, reportInterval: .seconds(4 * 3600))
    plan.link.reportInterval = .seconds(4 * 3600)
    plan.network.powerSaving = .fixed(
      periodicTAU: Array("00100001".utf8), activeTime: Array("00000001".utf8))
    let world = try World(plan)
    world.start()
    try world.run(until: .start + .seconds(600))
    let rest = try #require(world.agent.record.rest)
    #expect(rest.rest == .psm && rest.updatesBetweenReports == 3, "\(rest.text)")
    let (pulses, attaches) = (world.modem.counters.powerKeyPulses, world.modem.counters.attaches)
    try world.run(until: .start + .seconds(24 * 3600 + 600))
    #expect(world.collector.reports.count == 7)
    #expect(world.modem.counters.attaches == attaches)
    // One for each report, none for an update.
    #expect(world.modem.counters.powerKeyPulses - pulses == 6, "\(world.trace.text.suffix(3000))")
    #expect(world.agent.record.rest?.rest == .psm)
    #expect(world.agent.link.counters.ownWakes >= 15)
    let json = String(decoding: world.status().json, as: UTF8.self)
    #expect(json.contains("\"ownWakes\":\(world.agent.link.counters.ownWakes)"))
    #expect(world.status().finding.diagnosis == .well, "\(world.status().finding.text)")
  }

  // MARK: - Switches itself off

  @Test(
    "one that switches itself off while it is online: that is said, and it is started anew",
    arguments: profiles)
  func offWhileOnline(profile: ModuleProfile) throws {
    for hasStatusLine in [true, false] {
      var bench = try bench(profile) { $0.hasStatusLine = hasStatusLine }
      let isOnline = bench.goesOnline()
      try #require(isOnline, "\(bench.story)")
      bench.forget()
      let off = bench.now + .milliseconds(200)
      bench.change { $0.faults.turnsOffAt = off }
      bench.give(.send(Array("report".utf8), expectsAnswer: true, isLast: true))
      bench.run(for: .seconds(400)) { $0.isLost && $0.link.isAtRest }
      #expect(bench.isLost, "\(bench.story)")
      #expect(bench.link.isAtRest, "\(bench.story)")
      let again = bench.goesOnline()
      #expect(again, "\(bench.story)")
      let isBack = bench.echoes(Array("report".utf8))
      #expect(isBack)
    }
  }

  @Test(
    "one that switches itself off at any moment of a report: everything arrives all the same",
    arguments: 0..<40)
  func offAtAnyMoment(round: Int) throws {
    var plan = WorldPlan(seed: UInt64(round) + 50)
    plan.link.hasStatusLine = round % 2 == 0
    plan.faults.turnsOffAt = .start + .milliseconds(Int64(2500 + round * 350))
    let world = try World(plan)
    world.start()
    var burden = Burden(world)
    try burden.run(world, until: .start + .seconds(6 * 3600))
    let text = "\(world.trace.text.suffix(3000))"
    #expect((world.status().store?.waiting ?? -1) <= 1, "\(text)")
    #expect(world.collector.reports.count >= 5, "\(text)")
    #expect(burden.resets.isEmpty, "\(text)")
    let starts = Burden.most(burden.radioStarts, within: .seconds(3600))
    #expect(starts <= AccessLimits.accessesPerHour)
  }
}

extension FamilyBench {
  fileprivate var isLost: Bool {
    events.contains { if case .connectionLost = $0 { true } else { false } } || failure != nil
  }
}

import Cellular
import Link
import ModemSimulator
import Modems
import Primitives
import Uplink
import World

/// The same measurement on a virtual clock, with the device's rooms in this process: without the
/// time that the host itself takes, and the same to the last digit for the same seed.
enum WakeWorld {
  /// Each with its own boot, within the family's range, and its own firmware.
  static let seeds: ClosedRange<UInt64> = 1...12
  /// Behind the cold report: the first settles what a report may learn, the second counts.
  private static let laterReports = 2
  private static let interval = Duration.seconds(1800)
  private static let setUpLimit = Duration.seconds(3600)

  /// A cold report with the right settings, and one out of the module's rest. Runs of a firmware
  /// that doesn't tell what the network grants don't count: it is turned off instead of sleeping.
  static func summaries(_ facts: WakeFacts) throws(BenchError) -> [WakeSummary] {
    let wanted: WakeReport.Kind = facts.hasPSM ? .warm : .standby
    var runs: [[WakeReport]] = []
    for seed in seeds {
      let reports = try reports(facts, seed: seed)
      if reports[laterReports].kind == wanted { runs.append(reports) }
    }
    return [0, laterReports].compactMap { index in
      WakeSummary(runs.map { $0[index] }, of: facts)
    }
  }

  private static func reports(
    _ facts: WakeFacts, seed: UInt64
  ) throws(BenchError) -> [WakeReport] {
    do throws(WorldError) {
      guard var plan = plan(facts, seed: seed) else { throw WorldError.store }
      plan.stored = try storedSettings(plan)
      plan.keepsMoments = true
      let hasKey = plan.personality.startPulse != nil
      // A module without a key starts with its supply, and is meant to serve then.
      if !hasKey { plan.boardBoot = .zero }
      let world = try World(plan)
      world.start()
      try world.run(until: .start + interval * (laterReports + 2))
      let reports = measured(world.moments, facts, hasKey: hasKey)
      if reports.count > laterReports { return reports }
    } catch {
      throw BenchError("\(facts.module): the virtual world fails: \(error)", remedy: remedy)
    }
    throw BenchError("\(facts.module): too few reports in the virtual world", remedy: remedy)
  }

  private static let remedy = "swift test --filter WorldTests.FamilyTests tells more"

  /// As `godwit-bench wake` configures the process: with the settings that it has by itself.
  private static func plan(_ facts: WakeFacts, seed: UInt64) -> WorldPlan? {
    let name = Array(facts.module.utf8)
    guard let personality = ModemPersonality.named(name), let profile = ModuleProfile.named(name),
      let tau = PeriodicTAU(atLeast: .seconds(6 * 3600)),
      let active = ActiveTime(atLeast: WakeFacts.activeTime), let apn = APN(Array("em".utf8)),
      let server = try? ServerURL(Array("coap://192.0.2.7/r".utf8))
    else { return nil }
    var plan = WorldPlan(seed: seed, reportInterval: interval)
    plan.personality = personality
    plan.stored = personality.factorySettings
    plan.network.timing = NetworkTiming.real.typical
    plan.agent.server = server
    plan.link = LinkSettings(
      module: profile,
      network: NetworkSettings(
        accessPoint: AccessPoint(apn: apn), isRoamingAllowed: true,
        rats: [.lteM, .nbIoT, .lte, .umts, .gsm],
        psm: PSMRequest(periodicTAU: tau, activeTime: active)),
      hasStatusLine: true)
    plan.link.network.operatorChoice = .automatic
    plan.link.rest = .only(facts.hasPSM ? .psm : .powerOff)
    plan.link.reportInterval = interval
    return plan
  }

  /// What stands in the module's memory once a report has gone through and it was turned off.
  private static func storedSettings(_ plan: WorldPlan) throws(WorldError) -> StoredSettings {
    let world = try World(plan)
    world.start()
    while world.collector.reports.isEmpty, world.now < .start + setUpLimit {
      try world.run(until: world.now + .seconds(1))
    }
    world.stop()
    while !world.hasStopped, world.now < .start + setUpLimit {
      try world.run(until: world.now + .seconds(1))
    }
    return world.modem.stored
  }

  private static func measured(
    _ moments: [WorldMoment], _ facts: WakeFacts, hasKey: Bool
  ) -> [WakeReport] {
    var measurement = WakeMeasurement(gaps: HostGaps(module: facts.module), hasPSM: facts.hasPSM)
    if !hasKey { measurement.handle(.woken(charge: 0), now: .start) }
    for moment in moments {
      let charge = moment.chargeMicrocoulombs
      switch moment.what {
      case .keyPressed: measurement.handle(.woken(charge: charge), now: moment.at)
      case .fromHost(let bytes):
        if !hasKey, measurement.isAtRest {
          measurement.handle(.woken(charge: charge), now: moment.at)
        }
        let entry = UARTTrace.Entry(at: moment.at, direction: .fromHost, bytes: bytes)
        measurement.handle(.uart(entry), now: moment.at)
      case .fromModem(let bytes):
        let entry = UARTTrace.Entry(at: moment.at, direction: .fromModem, bytes: bytes)
        measurement.handle(.uart(entry), now: moment.at)
      case .answered(let datagram): measurement.handle(.answered(datagram), now: moment.at)
      case .rested(let inPSM):
        measurement.handle(.slept(inPSM: inPSM, charge: charge), now: moment.at)
      }
    }
    return measurement.reports
  }
}

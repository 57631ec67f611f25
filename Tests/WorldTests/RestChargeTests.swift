import Agent
import Cellular
import Link
import ModemSimulator
import Modems
import Primitives
import Testing
import World

/// What the plan chose, against what each rest draws from the simulated battery: the simulator's
/// currents and times are its own. Not covered: radio off with the module asleep beside it, which
/// the simulator doesn't play.
@Suite("The rest that was chosen costs the least") struct RestChargeTests {
  struct Scene: Sendable, CustomTestStringConvertible {
    let name: String
    let change: @Sendable (inout WorldPlan) -> Void
    var testDescription: String { name }
  }

  static let scenes = [
    Scene(name: "PSM granted as asked for") { _ in },
    Scene(name: "PSM with an update an hour") {
      $0.network.powerSaving = .fixed(
        periodicTAU: Array("00100001".utf8), activeTime: Array("00000001".utf8))
    },
    Scene(name: "PSM with an active time of a minute") {
      $0.network.powerSaving = .fixed(
        periodicTAU: Array("01001110".utf8), activeTime: Array("00100001".utf8))
    },
    Scene(name: "PSM, a tail of half a minute") {
      $0.network.timing.inactivityTail = .seconds(30)
    },
    Scene(name: "nothing granted") { $0.network.powerSaving = .none },
    Scene(name: "NB-IoT with release assistance") {
      $0.network.accessTechnology = .nbIoT
      $0.link.network.rats = [.nbIoT]
    },
    Scene(name: "eDRX alone, DTR wired") {
      $0.link.network.psm = nil
      $0.link.network.edrx = .cycle(.seconds(82))
      $0.link.hasDTR = true
    },
  ]

  /// Millicoulombs a day, and how it rested at the end. The first report, which finds everything
  /// out, isn't counted. Where every report takes an attach, an hour sees 4 of them and no more, and
  /// the readings go along with the next.
  private func measure(
    _ scene: Scene, _ wish: RestWish, each interval: Duration
  ) throws -> (millicoulombs: Int64, plan: RestPlan?) {
    var plan = WorldPlan(seed: 21, reportInterval: interval)
    plan.link.network.psm = PSMRequest(
      periodicTAU: try #require(PeriodicTAU(atLeast: .seconds(140 * 3600))),
      activeTime: try #require(ActiveTime(atLeast: .seconds(2))))
    scene.change(&plan)
    plan.link.rest = wish
    plan.link.reportInterval = interval
    let world = try World(plan)
    world.start()
    let reports = interval < .seconds(7200) ? 12 : 4
    try world.run(until: .start + (interval * 2 - .seconds(30)))
    let before = world.modem.chargeMicrocoulombs(until: world.now)
    try world.run(until: .start + (interval * (2 + reports) - .seconds(30)))
    let waiting = world.agent.record.rest?.isStretched == true ? AccessLimits.accessesPerHour : 0
    let arrived = world.collector.reports.reduce(0) { $0 + $1.readings.count }
    #expect(
      (2 + reports - waiting...2 + reports).contains(arrived), "\(world.trace.text.suffix(3000))")
    #expect(world.modem.counters.violations.total == 0, "\(world.modem.counters.violations)")
    let charge = world.modem.chargeMicrocoulombs(until: world.now) - before
    let whole = (interval * reports).wholeSeconds
    return (charge / 1000 * 86_400 / whole, world.agent.record.rest)
  }

  /// What the plan may cost more than the best of all: its margin for attaches, whose time varies.
  static let tolerancePercent: Int64 = 15

  @Test(
    "at reports each ten minutes, hour, six hours and day", arguments: scenes,
    [600, 3600, 21_600, 86_400])
  func least(scene: Scene, seconds: Int) throws {
    let interval = Duration.seconds(seconds)
    let chosen = try measure(scene, .least, each: interval)
    let plan = try #require(chosen.plan)
    var table =
      "\(scene.name), each \(interval.text): \(plan.text); measured \(chosen.millicoulombs) mC"
    for candidate in plan.candidates where candidate.obstacle == nil && candidate.rest != plan.rest
    {
      let other = try measure(scene, .only(candidate.rest), each: interval)
      #expect(other.plan?.rest == candidate.rest)
      table += "; \(candidate.rest.text) \(other.millicoulombs) mC"
      #expect(
        chosen.millicoulombs * 100 <= other.millicoulombs * (100 + Self.tolerancePercent),
        "\(table)")
    }
    let own = plan.candidates.first { $0.rest == plan.rest }?.microcoulombsPerDay ?? 0
    print(table)
    #expect(own / 1000 * 100 / chosen.millicoulombs > 60, "\(table)")
    #expect(own / 1000 * 100 / chosen.millicoulombs < 160, "\(table)")
  }
}

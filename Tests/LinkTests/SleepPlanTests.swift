import Link
import Modems
import Primitives
import Testing

/// The choice between rests, for a BG95. Not covered: whether the charges come true; WorldTests
/// compare them with the simulator's.
@Suite("Choosing how to rest") struct SleepPlanTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let interval: Duration
    let change: @Sendable (inout RestSituation) -> Void
    let rest: Rest
    let testDescription: String

    init(
      _ name: String, each interval: Duration, _ rest: Rest,
      _ change: @escaping @Sendable (inout RestSituation) -> Void
    ) {
      (self.name, self.interval, self.rest, self.change) = (name, interval, rest, change)
      testDescription = name
    }

    var situation: RestSituation {
      var situation = RestSituation(
        interval: interval, currents: ModuleProfile.quectelBG95.restTraits.currents)
      situation.times.tail = .seconds(10)
      change(&situation)
      return situation
    }
  }

  private static let hour = Duration.seconds(3600)
  private static let grant: @Sendable (inout RestSituation) -> Void = {
    $0.activeTime = .seconds(2)
    $0.periodicTAU = .seconds(30 * 3600)
  }

  static let rows = [
    Row("PSM, a report a day", each: hour * 24, .psm) { grant(&$0) },
    Row("PSM, a report an hour, twenty seconds of tail", each: hour, .powerOff) {
      grant(&$0)
      $0.times.tail = .seconds(20)
    },
    Row("PSM, a report an hour, ten seconds of tail", each: hour, .psm) { grant(&$0) },
    Row("PSM, a report an hour, twenty seconds of tail, release assistance", each: hour, .psm) {
      grant(&$0)
      $0.times.tail = .seconds(20)
      $0.isAssisted = true
    },
    Row("PSM, a report an hour, twenty seconds, attaches of a minute", each: hour, .psm) {
      grant(&$0)
      $0.times.tail = .seconds(20)
      $0.times.cold = .seconds(60)
    },
    Row("PSM, an active time of a minute", each: hour, .powerOff) {
      grant(&$0)
      $0.activeTime = .seconds(60)
      $0.times.tail = nil
    },
    Row("PSM with an update each 54 min, a report a day", each: hour * 24, .powerOff) {
      grant(&$0)
      $0.periodicTAU = .seconds(54 * 60)
    },
    Row("PSM whose entry nothing shows", each: hour * 24, .powerOff) {
      grant(&$0)
      $0.isPSMProvable = false
    },
    Row("PSM with an active time above the interval", each: .seconds(300), .powerOff) {
      grant(&$0)
      $0.activeTime = .seconds(360)
    },
    Row("PSM, a report each five minutes: too often to attach", each: .seconds(300), .psm) {
      grant(&$0)
    },
    Row("nothing granted, a report a day", each: hour * 24, .powerOff) { _ in },
    Row("nothing granted, a report each minute", each: .seconds(60), .powerOff) { _ in },
    Row("nothing granted, a report each minute, DTR wired", each: .seconds(60), .powerOff) {
      $0.sleepsLightly = true
    },
    Row("the same on a simulated network, without limits", each: .seconds(60), .radioOff) {
      ($0.sleepsLightly, $0.attachGap) = (true, .zero)
    },
    Row("eDRX and PSM", each: hour * 24, .psm) {
      grant(&$0)
      ($0.hasEDRX, $0.sleepsLightly) = (true, true)
    },
    Row("eDRX alone, DTR wired, each ten minutes", each: .seconds(600), .edrx) {
      ($0.hasEDRX, $0.sleepsLightly) = (true, true)
    },
    Row("eDRX alone, a module that never sleeps, an hour", each: hour, .powerOff) {
      $0.hasEDRX = true
    },
  ]

  @Test("takes what costs the least of what is possible", arguments: rows) func least(row: Row) {
    let plan = SleepPlan.decide(row.situation, .least)
    #expect(plan.rest == row.rest, "\(plan.text)")
  }

  @Test("what costs the least isn't taken before the network's tail is known") func trial() {
    var situation = Self.rows[2].situation
    situation.times.tail = nil
    situation.times.cold = .seconds(3)
    let plan = SleepPlan.decide(situation, .least)
    #expect(plan.isTrial)
    #expect(plan.text.hasPrefix("PSM, "))
    situation.times.tail = .seconds(10)
    #expect(!SleepPlan.decide(situation, .least).isTrial)
    #expect(SleepPlan.decide(situation, .least).rest == .powerOff)
  }

  @Test(
    "attaches come 4 an hour at most, or as often as the module may be started",
    arguments: [(60, 0, 900), (600, 0, 900), (900, 0, 900), (3600, 0, 3600), (600, 2880, 2880)])
  func stretched(interval: Int64, gap: Int64, each: Int64) {
    var situation = RestSituation(
      interval: .seconds(interval), currents: ModuleProfile.quectelBG95.restTraits.currents)
    situation.startGap = .seconds(gap)
    let plan = SleepPlan.decide(situation, .least)
    #expect(plan.rest == .powerOff)
    #expect(plan.reportInterval == .seconds(each))
    #expect(plan.isStretched == (each > interval))
    #expect(plan.text.contains("on average, no more") == plan.isStretched)
    Self.grant(&situation)
    #expect(!SleepPlan.decide(situation, .only(.psm)).isStretched)
  }

  @Test("one rest alone is taken where it can be, else power off", arguments: Rest.allCases)
  func only(wanted: Rest) {
    var situation = RestSituation(
      interval: .seconds(60), currents: ModuleProfile.quectelBG95.restTraits.currents)
    let refused = SleepPlan.decide(situation, .only(wanted))
    #expect(refused.rest == (wanted == .radioOff ? .radioOff : .powerOff))
    situation.hasEDRX = wanted == .edrx
    if wanted == .psm { situation.activeTime = .seconds(2) }
    #expect(SleepPlan.decide(situation, .only(wanted)).rest == wanted)
  }

  @Test(
    "reports take the place of updates that are due later",
    arguments: [(25, 0), (24, 0), (12, 1), (7, 3)])
  func updates(hours: Int, count: Int64) {
    var situation = Self.rows[0].situation
    situation.periodicTAU = .seconds(hours * 3600)
    let plan = SleepPlan.decide(situation, .least)
    #expect(plan.updatesBetweenReports == count)
    #expect(plan.text.contains("which reports take the place of") == (count == 0))
  }

  @Test("says each charge, and why a rest isn't taken") func text() {
    var situation = RestSituation(
      interval: Self.hour, currents: ModuleProfile.quectelBG95.restTraits.currents)
    situation.hasEDRX = true
    let plan = SleepPlan.decide(situation, .least)
    #expect(
      plan.text
        == "power off, 13.24 C a day; PSM: not granted; eDRX 1637.82 C; radio off 1639.19 C")
    #expect(RestPlan.coulombs(5000) == "0.01 C")
    #expect(RestPlan.coulombs(4999) == "0.00 C")
    #expect(RestPlan.coulombs(12_340_000_000) == "12340.00 C")
  }
}

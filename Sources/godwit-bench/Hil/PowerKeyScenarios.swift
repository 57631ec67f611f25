import ModemSimulator
import Primitives

/// Scenario 2: the power key as the module feels it, timed by the board's own clock.
enum PowerKeyScenarios {
  /// What turns a BG95 on (BG95 Hardware Design V1.3 §3.7.1, "Turn on module"): PWRKEY low for 500
  /// to 1000 ms.
  static let onPulse = Duration.milliseconds(500) ... .milliseconds(1000)

  @Sendable static func statusWired(_ bench: HilBench) throws(HilFailure) {
    let rig = bench.rig()
    try rig.powerOn(GuestPlan())
    try rig.wait("first report", within: HilScenarios.firstReportLimit) { !rig.reports.isEmpty }
    let pulses = rig.modem.pins.pulses(on: .powerKey)
    guard pulses.count == 1 else {
      throw HilFailure("\(pulses.count) pulses to start the modem; one does it")
    }
    try checkLength(pulses[0])
    bench.say("the pulse was \(pulses[0].length?.wholeMilliseconds ?? 0) ms")
    try staysOn(rig, GuestPlan())
  }

  @Sendable static func statusNotWired(_ bench: HilBench) throws(HilFailure) {
    var plan = HilRig.Plan()
    plan.wiring = .notWired
    var guest = GuestPlan()
    guest.hasStatus = false
    let rig = bench.rig(plan)
    try rig.powerOn(guest)
    try rig.wait("first report", within: HilScenarios.firstReportLimit) { !rig.reports.isEmpty }
    try staysOn(rig, guest)
  }

  @Sendable static func statusStuckOff(_ bench: HilBench) throws(HilFailure) {
    var plan = HilRig.Plan()
    plan.wiring = .stuck(isOn: false)
    let rig = bench.rig(plan)
    try rig.powerOn(GuestPlan())
    try rig.wait("first report", within: HilScenarios.firstReportLimit) { !rig.reports.isEmpty }
    try staysOn(rig, GuestPlan())
  }

  @Sendable static func statusStuckOn(_ bench: HilBench) throws(HilFailure) {
    var plan = HilRig.Plan()
    plan.wiring = .stuck(isOn: true)
    let rig = bench.rig(plan)
    try rig.powerOn(GuestPlan())
    try rig.wait("first report", within: HilScenarios.firstReportLimit + .seconds(60)) {
      !rig.reports.isEmpty
    }
    for pulse in rig.modem.pins.pulses(on: .powerKey) { try checkLength(pulse) }
    try rig.checkViolations()
  }

  /// The board is started anew while the module runs: until the next report no key is pressed.
  private static func staysOn(_ rig: HilRig, _ guest: GuestPlan) throws(HilFailure) {
    rig.cutPower()
    guard rig.modem.isStatusOn else {
      throw HilFailure("the modem was off before the board was started anew")
    }
    let boots = rig.modem.modem.counters.boots
    let reports = rig.reports.count
    let moment = BenchClock.now
    try rig.powerOn(guest)
    try rig.wait("report after the restart", within: HilScenarios.firstReportLimit) {
      rig.reports.count > reports
    }
    let pulses = rig.modem.pins.pulses(on: .powerKey, from: moment)
    guard pulses.isEmpty else {
      throw HilFailure("the key was pressed though the modem was on")
    }
    guard rig.modem.modem.counters.boots == boots else {
      throw HilFailure("the modem booted again though it was on")
    }
    try rig.checkViolations()
  }

  private static func checkLength(_ pulse: PinTrace.Pulse) throws(HilFailure) {
    guard let length = pulse.length, onPulse.contains(length) else {
      let text = pulse.length.map { "\($0.wholeMilliseconds) ms" } ?? "still going on"
      throw HilFailure("the pulse is \(text); the module wants 500 to 1000 ms")
    }
  }
}

import ModemSimulator
import Primitives

/// Scenario 2: the power key as the module feels it, timed by the board's own clock.
enum PowerKeyScenarios {
  /// How long PWRKEY is low to turn a BG95 on, to turn a running one off, and to reset it (BG95
  /// Hardware Design, "Turn on", "Turn off", "Reset the module").
  static let onPulse = Duration.milliseconds(500) ... .milliseconds(1000)
  static let offPulse = Duration.milliseconds(650) ... .milliseconds(1500)
  static let resetPulse = Duration.milliseconds(2000) ... .milliseconds(3800)

  @Sendable static func statusWired(_ bench: HilBench) throws(HilFailure) {
    let rig = bench.rig()
    try rig.powerOn(guest)
    try rig.wait("first report", within: HilScenarios.firstReportLimit) { !rig.reports.isEmpty }
    let pulses = rig.modem.pins.pulses(on: .powerKey)
    guard pulses.count == 1, let length = pulses[0].length else {
      throw HilFailure("\(pulses.count) pulses to start the modem; one does it")
    }
    guard onPulse.contains(length) else {
      throw HilFailure("the pulse is \(length.text); the module wants 500 to 1000 ms")
    }
    bench.say("the pulse was \(length.text)")
    try staysOn(rig, guest)
    try checkUntouched(rig)
  }

  /// What a reader of the pins can show without knowing the module's state.
  @Sendable static func realModem(_ bench: HilBench) throws(HilFailure) {
    let rig = bench.rig()
    try rig.powerOn(guest)
    try rig.wait("first report", within: HilScenarios.firstReportLimit) { !rig.reports.isEmpty }
    let pulses = rig.side.pins.pulses(on: .powerKey)
    guard !pulses.isEmpty else {
      throw HilFailure(
        "no pulse was seen, so the module was on before; let [board] reset take its supply too")
    }
    guard pulses.count == 1, let length = pulses[0].length else {
      throw HilFailure("\(pulses.count) pulses to start the modem; one does it")
    }
    guard onPulse.contains(length) else {
      throw HilFailure("the pulse is \(length.text); the module wants 500 to 1000 ms")
    }
    bench.say("the pulse was \(length.text)")
  }

  /// The module sleeps between reports: each of them takes one pulse, and none comes while it is on.
  @Sendable static func wakes(_ bench: HilBench) throws(HilFailure) {
    let wanted = 4
    let rig = bench.rig()
    try rig.powerOn(GuestPlan())
    let limit = HilScenarios.firstReportLimit + HilScenarios.nextReportLimit * wanted
    try rig.wait("report \(wanted)", within: limit) { rig.reports.count >= wanted }
    let sleeps = rig.modem.modem.counters.sleeps
    guard sleeps >= wanted - 1 else {
      throw HilFailure("it slept \(sleeps) times before \(wanted) reports, so this showed nothing")
    }
    let pulses = rig.modem.pins.pulses(on: .powerKey).compactMap(\.length)
    guard pulses.count == rig.modem.modem.counters.boots else {
      throw HilFailure(
        "\(pulses.count) pulses for \(rig.modem.modem.counters.boots) starts and wakes")
    }
    for length in pulses where !onPulse.contains(length) {
      throw HilFailure("a pulse is \(length.text); the module wants 500 to 1000 ms")
    }
    let (least, most) = (pulses.min() ?? .zero, pulses.max() ?? .zero)
    bench.say("\(sleeps) sleeps, \(pulses.count) pulses of \(least.text) to \(most.text)")
    try checkUntouched(rig)
    try rig.checkDelivery()
    try rig.checkViolations()
  }

  @Sendable static func statusNotWired(_ bench: HilBench) throws(HilFailure) {
    var plan = HilRig.Plan()
    plan.wiring = .notWired
    var guest = guest
    guest.hasStatus = false
    let rig = bench.rig(plan)
    try rig.powerOn(guest)
    try rig.wait("first report", within: HilScenarios.firstReportLimit) { !rig.reports.isEmpty }
    try staysOn(rig, guest)
    try checkUntouched(rig)
  }

  /// The board can't know that the module is on. If it presses the key all the same, then for a
  /// time that starts a module and does nothing to one that runs.
  @Sendable static func statusStuckOff(_ bench: HilBench) throws(HilFailure) {
    var plan = HilRig.Plan()
    plan.wiring = .stuck(isOn: false)
    let rig = bench.rig(plan)
    try rig.powerOn(guest)
    try rig.wait("first report", within: HilScenarios.firstReportLimit) { !rig.reports.isEmpty }
    try staysOn(rig, guest)
    for pulse in rig.modem.pins.pulses(on: .powerKey) {
      guard let length = pulse.length, onPulse.contains(length), length < offPulse.lowerBound else {
        throw HilFailure(
          "a pulse of \(pulse.length?.text ?? "no end"); from 650 ms on it turns a running module off"
        )
      }
    }
  }

  /// The board sees a module that is on and says nothing: it may start it or reset it.
  @Sendable static func statusStuckOn(_ bench: HilBench) throws(HilFailure) {
    var plan = HilRig.Plan()
    plan.wiring = .stuck(isOn: true)
    let rig = bench.rig(plan)
    try rig.powerOn(guest)
    try rig.wait("first report", within: HilScenarios.firstReportLimit + .seconds(60)) {
      !rig.reports.isEmpty
    }
    for pulse in rig.modem.pins.pulses(on: .powerKey) {
      guard let length = pulse.length, onPulse.contains(length) || resetPulse.contains(length)
      else {
        throw HilFailure(
          "a pulse of \(pulse.length?.text ?? "no end"); 500 to 1000 ms start the module, "
            + "2000 to 3800 ms reset it")
      }
    }
    try rig.checkViolations(except: [.pulseTooLong, .uartDrivenWhileOff])
  }

  /// Without PSM the module stays on until the board asks it to go.
  private static var guest: GuestPlan {
    var guest = GuestPlan()
    guest.usesPSM = false
    return guest
  }

  /// The board is started anew while the module runs: the module goes on running until the next
  /// report.
  private static func staysOn(_ rig: HilRig, _ guest: GuestPlan) throws(HilFailure) {
    rig.cutPower()
    guard rig.modem.isStatusOn else {
      throw HilFailure(
        "the modem was off before the board was started anew, so this showed nothing")
    }
    let boots = rig.modem.modem.counters.boots
    let reports = rig.reports.count
    try rig.powerOn(guest)
    try rig.wait("report after the restart", within: HilScenarios.firstReportLimit) {
      rig.reports.count > reports
    }
    guard rig.modem.modem.counters.boots == boots else {
      throw HilFailure("the modem booted again though it was on")
    }
    // Without STATUS the board finds out by an `AT` whether the module is on.
    try rig.checkViolations(except: guest.hasStatus ? [] : [.uartDrivenWhileOff])
  }

  private static func checkUntouched(_ rig: HilRig) throws(HilFailure) {
    guard rig.modem.pulsesWhileOn == 0 else {
      throw HilFailure("\(rig.modem.pulsesWhileOn) pulses while the modem was on")
    }
  }
}

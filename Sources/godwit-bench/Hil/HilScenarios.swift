import ModemSimulator
import Primitives
import World

/// Every scenario, in the order in which they are run.
enum HilScenarios {
  static let all: [HilScenario] = [
    HilScenario(
      label: "1", title: "cold boot to confirmed reports of the guest's own readings",
      run: ReportScenarios.coldBoot),
    HilScenario(
      label: "2a", title: "power-key pulse within its limits, and none while STATUS says on",
      needs: [.simulatedModem, .pinReader, .statusLine, .powerCut, .image],
      run: PowerKeyScenarios.statusWired),
    HilScenario(
      label: "2b", title: "a modem that is on isn't pulsed off where STATUS isn't wired",
      needs: [.simulatedModem, .pinReader, .powerCut, .image],
      run: PowerKeyScenarios.statusNotWired),
    HilScenario(
      label: "2c", title: "a modem that is on isn't pulsed off where STATUS is stuck at off",
      needs: [.simulatedModem, .pinReader, .statusLine, .powerCut, .image],
      run: PowerKeyScenarios.statusStuckOff),
    HilScenario(
      label: "2d", title: "a modem that is off is started where STATUS is stuck at on",
      needs: [.simulatedModem, .pinReader, .statusLine, .image],
      run: PowerKeyScenarios.statusStuckOn),
    HilScenario(
      label: "2e", title: "a cold start takes one power-key pulse within its limits",
      needs: [.realModem, .pinReader, .image], run: PowerKeyScenarios.realModem),
    HilScenario(
      label: "2f", title: "each wake from power saving mode takes one pulse within its limits",
      needs: [.simulatedModem, .pinReader, .statusLine, .image], run: PowerKeyScenarios.wakes),
    HilScenario(
      label: "3a", title: "the modem ignores the power key twice",
      needs: [.simulatedModem, .image],
      run: ModemFaultScenarios.ignoresKey),
    HilScenario(
      label: "3b", title: "the modem doesn't answer, then does", needs: [.simulatedModem, .image],
      run: ModemFaultScenarios.deaf),
    HilScenario(
      label: "3c", title: "the modem answers garbage, then doesn't",
      needs: [.simulatedModem, .image], run: ModemFaultScenarios.babbles),
    HilScenario(
      label: "3d", title: "the modem reboots in the middle of a report",
      needs: [.simulatedModem, .image], run: ModemFaultScenarios.reboots),
    HilScenario(
      label: "3e", title: "the modem loses its supply while it sends",
      needs: [.simulatedModem, .image], run: ModemFaultScenarios.brownsOut),
    HilScenario(
      label: "4a", title: "power cut at 25 moments: nothing acknowledged is lost or comes twice",
      needs: [.powerCut, .image], run: PowerCutScenario.run),
    HilScenario(
      label: "4b", title: "200 prefixes of the disk's writes: the same holds for each",
      needs: [.simulatedModem, .writeLog, .image], run: WriteLogScenario.run),
    HilScenario(
      label: "5", title: "noise, dropped and doubled bytes on the UART",
      needs: [.simulatedModem, .image], run: ModemFaultScenarios.badLine),
    HilScenario(
      label: "6a", title: "the kernel suspends between reports and wakes in time",
      needs: [.suspend, .image], run: ClockScenarios.suspends),
    HilScenario(
      label: "6b", title: "the modem's ring line wakes the suspended kernel; schedules don't move",
      needs: [.simulatedModem, .suspend, .statusLine, .image], run: ClockScenarios.ringWakes),
    HilScenario(
      label: "7a", title: "a clock of 1970 is put right from the network; schedules don't jump",
      needs: [.clock, .image], run: ClockScenarios.bootsIn1970),
    HilScenario(
      label: "7b", title: "a clock of 2080 is put right from the network; schedules don't jump",
      needs: [.clock, .image], run: ClockScenarios.bootsIn2080),
    HilScenario(
      label: "8", title: "a clock past January 2038",
      needs: [.simulatedModem, .clock, .image], boards: [QemuBoard.armv7.name],
      run: ClockScenarios.livesIn2039),
    HilScenario(
      label: "9", title: "a process that hangs: the watchdog starts the board anew",
      needs: [.simulatedModem, .image], boards: [QemuBoard.arm64.name],
      run: WatchdogScenario.run),
  ]

  /// From the image's word that it is up to the first report: the module's boot, its attach and
  /// the report itself take some 10 s; the rest is for a busy machine.
  static let firstReportLimit = Duration.seconds(120)
  /// From one report to the next, at an interval of 15 s.
  static let nextReportLimit = Duration.seconds(60)
}

/// Scenario 1.
enum ReportScenarios {
  @Sendable static func coldBoot(_ bench: HilBench) throws(HilFailure) {
    var plan = HilRig.Plan()
    plan.stored = .factory
    let rig = bench.rig(plan)
    try rig.powerOn(GuestPlan())
    let up = BenchClock.now
    try rig.wait("first report", within: HilScenarios.firstReportLimit) { !rig.reports.isEmpty }
    let first = rig.reports[0]
    bench.say("first report \((first.firstSeen - up).text) after the image was up")
    let isOurs = bench.source.isConfigured
    guard !isOurs || first.device == GuestPlan.device else {
      throw HilFailure("the report is from \"\(first.device)\"; it should be \(GuestPlan.device)'s")
    }
    for name in isOurs ? ["load", "uptime"] : []
    where !first.readings.contains(where: { $0.name == name }) {
      let names = first.readings.map(\.name).joined(separator: ", ")
      throw HilFailure("the first report has no \(name), only: \(names)")
    }
    // Only a confirmed batch makes way for another: the second identity shows that the first was.
    try rig.wait("second report", within: HilScenarios.nextReportLimit) { rig.reports.count > 1 }
    guard rig.reports[1].identity != first.identity else {
      throw HilFailure("two reports with the identity \(first.identity)")
    }
    try rig.checkDelivery()
    try rig.checkViolations()
    if bench.hasRealModem { return }
    let counters = rig.modem.modem.counters
    bench.say("\(counters.commandLines) command lines for 2 reports from the factory's settings")
  }
}

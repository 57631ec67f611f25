import ModemSimulator
import Primitives

/// Scenarios 3 and 5: what goes wrong with the module and its line. Each has the same end: once the
/// fault is over, everything that was acknowledged arrives, once.
enum ModemFaultScenarios {
  /// How long a fault lasts that isn't over by itself.
  private static let faultTime = Duration.seconds(20)
  /// From its end to the last delivery: the longest wait between attempts, a cold start and a
  /// report on a busy machine.
  private static let recoveryLimit = Duration.seconds(150)

  @Sendable static func ignoresKey(_ bench: HilBench) throws(HilFailure) {
    var plan = HilRig.Plan()
    plan.faults.ignoredPowerKeyPulses = 2
    let rig = bench.rig(plan)
    try rig.powerOn(guest)
    try rig.wait("report", within: recoveryLimit) { !rig.reports.isEmpty }
    let pulses = rig.modem.pins.pulses(on: .powerKey)
    guard pulses.count >= 3 else {
      throw HilFailure("\(pulses.count) pulses, though the first two did nothing")
    }
    // A module that ignored two pulses may be tried with the one that resets it.
    // Before the pulse that restarts it, it is asked whether it runs after all.
    try finish(rig, bench, allowing: [.pulseTooLong, .uartDrivenWhileOff])
  }

  @Sendable static func deaf(_ bench: HilBench) throws(HilFailure) {
    var plan = HilRig.Plan()
    plan.faults.isDeaf = true
    let rig = bench.rig(plan)
    try rig.powerOn(guest)
    try rig.run(for: faultTime)
    guard !rig.acknowledged.isEmpty else {
      throw HilFailure("no reading was taken while the modem was deaf")
    }
    rig.modem.adjust { $0.faults.isDeaf = false }
    try rig.wait("report", within: recoveryLimit) { !rig.reports.isEmpty }
    try finish(rig, bench)
  }

  @Sendable static func babbles(_ bench: HilBench) throws(HilFailure) {
    var plan = HilRig.Plan()
    plan.faults.babbleInterval = .milliseconds(50)
    plan.faults.isDeaf = true
    let rig = bench.rig(plan)
    try rig.powerOn(guest)
    try rig.run(for: faultTime)
    guard !rig.acknowledged.isEmpty else {
      throw HilFailure("no reading was taken while the modem babbled")
    }
    rig.modem.adjust {
      $0.faults.babbleInterval = nil
      $0.faults.isDeaf = false
    }
    try rig.wait("report", within: recoveryLimit) { !rig.reports.isEmpty }
    try finish(rig, bench)
  }

  @Sendable static func reboots(_ bench: HilBench) throws(HilFailure) {
    var plan = HilRig.Plan()
    plan.faults.rebootsOnCommand = Array("+QISEND".utf8)
    let rig = bench.rig(plan)
    try rig.powerOn(guest)
    try rig.wait("report", within: recoveryLimit) { !rig.reports.isEmpty }
    guard rig.modem.modem.counters.boots > 1 else {
      throw HilFailure("the modem never rebooted, so this showed nothing")
    }
    try finish(rig, bench)
  }

  @Sendable static func brownsOut(_ bench: HilBench) throws(HilFailure) {
    var plan = HilRig.Plan()
    plan.faults.brownOuts = 1
    let rig = bench.rig(plan)
    try rig.powerOn(guest)
    try rig.wait("report", within: recoveryLimit) { !rig.reports.isEmpty }
    guard rig.modem.modem.counters.boots > 1 else {
      throw HilFailure("the supply never failed, so this showed nothing")
    }
    try finish(rig, bench)
  }

  @Sendable static func badLine(_ bench: HilBench) throws(HilFailure) {
    let rig = bench.rig()
    rig.modem.lineFaults = .bad(seed: 1)
    try rig.powerOn(guest)
    try rig.run(for: bench.isFull ? .seconds(600) : .seconds(60))
    let hits = rig.modem.lineFaults.hits
    guard hits > 0 else { throw HilFailure("no byte was hit, so this showed nothing") }
    let counts = rig.modem.collector.counts
    bench.say(
      "\(hits) bytes were hit, \(rig.modem.payloadHits) of them in reports; meanwhile "
        + "\(counts.damaged + counts.malformed) damaged reports were told from \(counts.reports) "
        + "good ones")
    rig.modem.lineFaults.end()
    try finish(rig, bench, allowing: [.bytesWhileBusy, .commandInterrupted, .pulseTooLong])
    try checkValues(rig)
  }

  /// Everything that was accepted is what the guest handed in, whatever the line made of it.
  private static func checkValues(_ rig: HilRig) throws(HilFailure) {
    // The last value may have been stored without its acknowledgement having come.
    let last = (rig.acknowledged.last ?? 0) + 1
    for report in rig.reports {
      guard report.device == GuestPlan.device, report.lostReadings == 0 else {
        throw HilFailure(
          "report \(report.identity) is from \(report.device), \(report.lostReadings) lost")
      }
      for reading in report.readings {
        guard reading.name == GuestPlan.feedName, reading.unit == nil,
          let value = Int64(reading.value), (1...last).contains(value)
        else {
          throw HilFailure(
            "a wrong reading was accepted: \(reading.name) = \(reading.value) "
              + "in \(report.identity)")
        }
      }
    }
    try rig.checkDeliveredOnce()
  }

  private static var guest: GuestPlan {
    var guest = GuestPlan()
    guest.hasSensors = false
    guest.reportInterval = "8s"
    guest.feed = GuestPlan.Feed(first: 1, pause: .seconds(2))
    return guest
  }

  private static func finish(
    _ rig: HilRig, _ bench: HilBench, allowing allowed: Set<Violation> = []
  ) throws(HilFailure) {
    let promised = rig.acknowledged
    try rig.awaitDelivery(of: promised, within: recoveryLimit)
    rig.cutPower()
    try Delivery(acknowledged: promised, delivered: rig.delivered).check()
    // The brown-out is the simulator's own doing.
    try rig.checkViolations(except: allowed.union([.supplyCutWhileRunning]))
    bench.say("\(promised.count) acknowledged, all delivered, none twice")
  }
}

import Primitives
import World

/// Scenarios 6 to 8: suspend, and wall clocks that are wrong.
enum ClockScenarios {
  private static let interval = Duration.seconds(15)
  /// How far a report may be from its schedule. A cold start of the modem, which each report may
  /// contain, varies by some seconds.
  private static let tolerance = Duration.seconds(8)
  /// Both with a real network, where a cold start may take half a minute.
  private static let realPace = (Duration.seconds(120), Duration.seconds(45))
  /// How far a reading's time may be from the network's.
  private static let clockTolerance = Duration.seconds(5)

  @Sendable static func bootsIn1970(_ bench: HilBench) throws(HilFailure) {
    try putRight(bench, clock: "1970-01-01T00:00:00", network: nil)
  }

  @Sendable static func bootsIn2080(_ bench: HilBench) throws(HilFailure) {
    try putRight(bench, clock: "2080-06-01T12:00:00", network: nil)
  }

  @Sendable static func livesIn2039(_ bench: HilBench) throws(HilFailure) {
    // 2039-02-03 04:05:06, a year past the end of a 32-bit time_t.
    let utc = UTC(millisecondsSince1970: 2_180_232_306_000)
    try putRight(bench, clock: "2039-02-03T04:05:06", network: utc)
  }

  /// Boots with a wall clock, lets the network tell the right time, and looks at the times of the
  /// readings and at the moments of the reports.
  private static func putRight(
    _ bench: HilBench, clock: String, network: UTC?
  ) throws(HilFailure) {
    var plan = HilRig.Plan()
    plan.utc = network ?? BenchClock.utc
    var guest = GuestPlan()
    guest.clock = clock
    let (interval, tolerance) = bench.hasRealModem ? realPace : (interval, tolerance)
    guest.reportInterval = "\(interval.wholeSeconds)s"
    let rig = bench.rig(plan)
    let start = plan.utc?.millisecondsSince1970 ?? 0
    try rig.powerOn(guest)
    let wanted = bench.isFull ? 10 : 3
    try rig.wait("report \(wanted)", within: .seconds(120 + 30 * wanted)) {
      rig.reports.count >= wanted
    }
    try checkSchedule(rig.reports, interval, tolerance)
    // The first report brought the network's time; readings of before it may carry the wrong one.
    for report in rig.reports.dropFirst() {
      let right = start + (report.firstSeen - rig.began).wholeMilliseconds
      try checkTimes(of: report, at: right, notBefore: interval + tolerance + clockTolerance)
    }
    bench.say("from \(clock): \(rig.reports.count) reports, readings' times within 5 s of true")
    try rig.checkDelivery()
    try rig.checkViolations()
  }

  /// No report comes early, and none waits longer than the schedule says.
  private static func checkSchedule(
    _ reports: [CollectorReport], _ interval: Duration, _ tolerance: Duration
  ) throws(HilFailure) {
    for (earlier, later) in zip(reports, reports.dropFirst()) {
      let gap = later.firstSeen - earlier.firstSeen
      guard (interval - tolerance...interval + tolerance).contains(gap) else {
        throw HilFailure("\(gap.text) between two reports; the interval is \(interval.text)")
      }
    }
  }

  private static func checkTimes(
    of report: CollectorReport, at right: Int64, notBefore age: Duration
  ) throws(HilFailure) {
    let latest = right + clockTolerance.wholeMilliseconds
    let earliest = right - age.wholeMilliseconds
    for reading in report.readings {
      let milliseconds: Int64
      switch reading.time {
      case .utc(let time): milliseconds = time
      case .beforeSending(let age): milliseconds = right - age
      case .unknown: throw HilFailure("reading \(reading.name) came without a time")
      }
      guard (earliest...latest).contains(milliseconds) else {
        let text = UTC(millisecondsSince1970: milliseconds).text
        let now = UTC(millisecondsSince1970: right).text
        throw HilFailure("reading \(reading.name) is of \(text), and it was \(now)")
      }
    }
  }

  @Sendable static func suspends(_ bench: HilBench) throws(HilFailure) {
    var guest = GuestPlan()
    guest.suspends = true
    guest.reportInterval = "20s"
    guest.sensorInterval = "5s"
    let rig = bench.rig()
    try rig.powerOn(guest)
    let wanted = bench.isFull ? 20 : 4
    try rig.wait("report \(wanted)", within: .seconds(120 + 40 * wanted)) {
      rig.reports.count >= wanted
    }
    let asleep = Suspension.spans(in: rig.consoleLines)
    guard asleep.contains(where: { $0 > .seconds(2) }) else {
      throw HilFailure("the kernel never suspended for more than 2 s, so this showed nothing")
    }
    for (earlier, later) in zip(rig.reports.dropFirst(), rig.reports.dropFirst(2)) {
      let gap = later.firstSeen - earlier.firstSeen
      guard abs((gap - .seconds(20)).wholeMilliseconds) <= tolerance.wholeMilliseconds else {
        throw HilFailure("\(gap.text) between two reports across suspends; the interval is 20 s")
      }
      // Readings every 5 s, whether the kernel slept or not.
      let count = later.readings.count { $0.name == "uptime" }
      guard (3...5).contains(count) else {
        throw HilFailure("\(count) readings of one sensor in 20 s; its interval is 5 s")
      }
    }
    let total = asleep.reduce(Duration.zero, +)
    bench.say("suspended \(asleep.count) times, \(total.text) together")
    try rig.checkDelivery()
    try rig.checkViolations()
  }
}

extension ClockScenarios {
  private static let ringInterval = Duration.seconds(60)
  /// How long the modem pulls RI for an SMS (Quectel BG95 Hardware Design, "MAIN_RI": 120 ms).
  private static let ringPulse = Duration.milliseconds(120)
  /// From the first report until module and kernel sleep.
  private static let settled = Duration.seconds(15)
  /// From the edge until godwit has said that the board slept.
  private static let wakeLimit = Duration.seconds(5)

  @Sendable static func ringWakes(_ bench: HilBench) throws(HilFailure) {
    var guest = GuestPlan()
    guest.suspends = true
    guest.reportInterval = "\(ringInterval.wholeSeconds)s"
    guest.sensorInterval = guest.reportInterval
    let rig = bench.rig()
    try rig.powerOn(guest)
    try rig.wait("first report", within: HilScenarios.firstReportLimit) { !rig.reports.isEmpty }
    try rig.run(for: settled)
    let before = Suspension.spans(in: rig.consoleLines).count
    // Nothing is due: whatever wakes the board now is the ring.
    let rang = BenchClock.now
    rig.board?.setRing(isAsserted: true)
    try rig.run(for: ringPulse)
    rig.board?.setRing(isAsserted: false)
    try rig.wait("the board's wake by its ring line", within: wakeLimit) {
      Suspension.spans(in: rig.consoleLines).count > before
    }
    let took = BenchClock.now - rang
    bench.say("awake \(took.text) after the ring, long before anything was due")
    let wanted = 3
    try rig.wait("report \(wanted)", within: ringInterval * wanted + .seconds(60)) {
      rig.reports.count >= wanted
    }
    try checkSchedule(rig.reports, ringInterval, tolerance)
    try rig.checkDelivery()
    try rig.checkViolations()
  }
}

/// What the guest's godwit says of the board's sleeps, at the log level debug.
enum Suspension {
  /// The spans of `… board: slept 4123 ms`, on the guest's boot-time clock, which counts through
  /// a suspend.
  static func spans(in lines: [String]) -> [Duration] { lines.compactMap(span) }

  private static func span(in line: String) -> Duration? {
    guard let mark = line.firstRange(of: "board: slept "), line.hasSuffix(" ms") else { return nil }
    let digits = line[mark.upperBound...].dropLast(" ms".count)
    return Array(digits.utf8).asciiWholeNumber.map { .milliseconds($0) }
  }
}

import Primitives

/// Scenario 9: the process hangs, so nothing feeds the board's watchdog, which starts the board anew.
enum WatchdogScenario {
  /// What godwit asks its watchdog for: the longest that a hang may last.
  private static let bite = Duration.seconds(300)
  /// For a busy machine, and for a driver that counts whole seconds.
  private static let tolerance = Duration.seconds(20)
  /// The kernel's own word when its software watchdog bites.
  private static let word = "softdog: Initiating system reboot"
  /// Long enough to see that a process that runs is left alone: it feeds at half of `bite`.
  private static let healthy = bite / 2 + .seconds(10)

  @Sendable static func run(_ bench: HilBench) throws(HilFailure) {
    var guest = GuestPlan()
    guest.watchdog = "/dev/watchdog0"
    guest.reportInterval = "60s"
    let rig = bench.rig()
    try rig.powerOn(guest)
    try rig.wait("first report", within: HilScenarios.firstReportLimit) { !rig.reports.isEmpty }
    if bench.isFull {
      try rig.run(for: healthy * 3)
      guard !hasBitten(rig) else { throw HilFailure("the watchdog bit a process that ran") }
    }
    let hung = BenchClock.now
    rig.board?.tell("kill -STOP $(pidof godwit)")
    try rig.wait("bite of the watchdog", within: bite + tolerance) { hasBitten(rig) }
    let took = BenchClock.now - hung
    // It was fed before it hung, so less than the whole time may be left; half of it always is.
    guard took >= bite / 2 - tolerance else {
      throw HilFailure("the watchdog bit after \(took.text); it was fed at most 150 s before")
    }
    let before = rig.reports.count
    try rig.wait("report of the board that was started anew", within: .seconds(180)) {
      rig.reports.count > before
    }
    bench.say("started anew \(took.text) after the process hung, and reporting again")
    try rig.checkDeliveredOnce()
    try rig.checkViolations()
  }

  private static func hasBitten(_ rig: HilRig) -> Bool {
    rig.consoleLines.contains { $0.contains(word) }
  }
}

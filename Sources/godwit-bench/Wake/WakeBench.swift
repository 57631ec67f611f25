import ModemSimulator
import Primitives

/// Runs one family's rig until enough of its reports have been measured.
///
/// A first run sets the module up and is thrown away. Then the modem's supply is cut, so that the
/// next report is a cold one with the right settings, and those after it are warm.
final class WakeBench {
  let module: String
  let facts: WakeFacts
  private let rig: Rig
  private let wantedLater: Int
  private let trace: TraceFile?
  private var measurement: WakeMeasurement
  private var phase = Phase.settingUp
  private var lastLine = "nothing"
  private var hasReported = false
  /// Without one it starts with its supply, and the host's first byte wakes it.
  private let hasPowerKey: Bool

  private enum Phase: Equatable {
    /// The module's memory is written, in an accelerated network.
    case settingUp
    /// It has just fallen asleep. A command now would be lost, and its supply cut while it runs.
    case settled(until: Instant)
    /// The first process was asked to end.
    case stopping(until: Instant)
    /// The supply has just come back.
    case resting(until: Instant)
    case measuring
    case ending(until: Instant)
    case ended(failure: String?)
  }

  /// A module is turned off in order: some must have been on for 30 s before.
  private static let stopPatience = Duration.seconds(60)
  private static let settling = Duration.seconds(2)
  /// From the supply to the process: a key counts only once the supply is stable.
  private static let supplyLead = Duration.seconds(1)
  private static let endPatience = Duration.seconds(5)

  var reports: [WakeReport] { measurement.reports }

  /// What went wrong, once it is over; nil also before.
  var failure: String? {
    if case .ended(let failure) = phase { return failure }
    return nil
  }

  var isDone: Bool {
    if case .ended = phase { return true }
    return false
  }

  init(_ facts: WakeFacts, rig: Rig, wantedLater: Int, trace: TraceFile?) {
    module = facts.module
    self.facts = facts
    self.rig = rig
    self.wantedLater = wantedLater
    self.trace = trace
    measurement = WakeMeasurement(gaps: HostGaps(module: facts.module), hasPSM: facts.hasPSM)
    hasPowerKey = ModemPersonality.named(Array(facts.module.utf8))?.startPulse != nil
    rig.simulator.adjust { $0.network.timing = .accelerated }
  }

  func addInterest(to set: inout PollSet) { rig.addInterest(to: &set) }

  func due(now: Instant) -> Instant? {
    let own: Instant? =
      switch phase {
      case .settled(let until), .stopping(let until), .resting(let until), .ending(let until):
        until
      case .settingUp, .measuring, .ended: nil
      }
    return earlier(own, rig.due(now: now))
  }

  func serve(_ set: PollSet, _ notices: [Signals.Notice]) {
    for event in rig.serve(set, notices) { take(event) }
    let now = BenchClock.now
    switch phase {
    case .settled(let until) where until <= now:
      phase = .stopping(until: now + Self.stopPatience)
      rig.askToStop()
    case .stopping(let until) where until <= now, .ending(let until) where until <= now:
      rig.askToStop(byForce: true)
    case .resting(let until) where until <= now: begin()
    case .settled, .stopping, .resting, .ending, .settingUp, .measuring, .ended: break
    }
  }

  /// Nothing more is wanted: the process ends.
  func end(failure: String?) {
    if isDone { return }
    rig.stop { _ in }
    phase = .ended(failure: failure)
  }

  /// For when the time is up.
  var shortfall: String {
    "\(module): the time limit came after \(reports.count) reports, with the modem in state "
      + "'\(rig.simulator.modem.state)'; godwit said last: \(lastLine)"
  }

  private func take(_ event: Rig.Event) {
    switch event {
    case .simulator(let moment): take(moment)
    case .collector(let arrival):
      guard case .report(_, let answer?) = arrival.outcome else { return }
      hasReported = true
      if phase == .measuring { measurement.handle(.answered(answer), now: BenchClock.now) }
    case .line(let line): lastLine = line
    case .exited(let exit): exited(exit)
    case .stopRequested: rig.askToStop(byForce: true)
    case .centre, .status, .windowChanged: break
    }
  }

  private func exited(_ exit: ChildProcess.Exit) {
    switch phase {
    case .stopping:
      rig.simulator.adjust { $0.network.timing = NetworkTiming.real.typical }
      rig.simulator.cycleSupply(now: BenchClock.now)
      phase = .resting(until: BenchClock.now + (hasPowerKey ? Self.supplyLead : .zero))
      if !hasPowerKey { wake(at: BenchClock.now) }
    case .ending: phase = .ended(failure: nil)
    case .settingUp, .settled, .resting, .measuring:
      phase = .ended(failure: "\(module): godwit \(exit.text); it said last: \(lastLine)")
    case .ended: break
    }
  }

  private func begin() {
    do throws(BenchError) {
      try rig.restart()
      phase = .measuring
    } catch {
      phase = .ended(failure: "\(module): \(error.description)")
    }
  }

  private func take(_ moment: SimulatorHost.Moment) {
    if case .uart(let entry) = moment.event { trace?.append(entry) }
    guard phase == .measuring else {
      if case .slept = moment.event, phase == .settingUp, hasReported {
        phase = .settled(until: moment.at + Self.settling)
      }
      return
    }
    switch moment.event {
    case .powerKey(isAsserted: true): wake(at: moment.at)
    case .uart(let entry):
      if entry.direction == .fromHost, !hasPowerKey, measurement.isAtRest { wake(at: moment.at) }
      measurement.handle(.uart(entry), now: moment.at)
    case .slept(let inPSM):
      measurement.handle(.slept(inPSM: inPSM, charge: charge(at: moment.at)), now: moment.at)
      endIfEnough()
    case .powerKey, .state, .status, .unmapped, .secure, .messageSubmitted: break
    }
  }

  private func wake(at moment: Instant) {
    measurement.handle(.woken(charge: charge(at: moment)), now: moment)
  }

  private func charge(at moment: Instant) -> Int64 {
    rig.simulator.modem.chargeMicrocoulombs(until: moment)
  }

  private func endIfEnough() {
    guard reports.count > wantedLater else { return }
    phase = .ending(until: BenchClock.now + Self.endPatience)
    rig.askToStop()
  }
}

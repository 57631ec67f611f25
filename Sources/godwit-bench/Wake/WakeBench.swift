import ModemSimulator
import Primitives

/// Runs the rig until enough reports have been measured.
struct WakeBench {
  private let rig: Rig
  private let wantedWarm: Int
  private let trace: TraceFile?
  private var measurement = WakeMeasurement()
  private var lastLine = "nothing"

  var reports: [WakeReport] { measurement.reports }

  init(_ rig: Rig, wantedWarm: Int, trace: TraceFile?) {
    self.rig = rig
    self.wantedWarm = wantedWarm
    self.trace = trace
  }

  /// - Returns: nil once a cold report and the wanted warm ones are there, else what was missing.
  mutating func run(until end: Instant) -> String? {
    defer { rig.stop { _ in } }
    while BenchClock.now < end {
      for event in rig.turn(until: end) {
        if let failure = take(event) { return failure }
      }
      let warm = reports.count { $0.kind == .warm }
      if warm >= wantedWarm, reports.contains(where: { $0.kind == .cold }) { return nil }
    }
    let state = rig.simulator.modem.state
    return
      "the time limit came after \(reports.count) reports, with the modem in state '\(state)'; "
      + "godwit said last: \(lastLine)"
  }

  private mutating func take(_ event: Rig.Event) -> String? {
    switch event {
    case .simulator(let moment): take(moment)
    case .collector(let arrival):
      if case .report(_, let answer?) = arrival.outcome {
        measurement.handle(.answered(answer), now: BenchClock.now)
      }
    case .line(let line): lastLine = line
    case .exited(let exit): return "godwit \(exit.text); it said last: \(lastLine)"
    case .stopRequested: return "stopped"
    case .centre, .status, .windowChanged: break
    }
    return nil
  }

  private mutating func take(_ moment: SimulatorHost.Moment) {
    let modem = rig.simulator.modem
    let charge = modem.chargeMicrocoulombs(until: moment.at)
    switch moment.event {
    case .powerKey(isAsserted: true):
      measurement.handle(.powerKeyAsserted(charge: charge), now: moment.at)
    case .uart(let entry):
      trace?.append(entry)
      measurement.handle(.uart(entry), now: moment.at)
    case .slept(let inPSM):
      measurement.handle(.slept(inPSM: inPSM, charge: charge), now: moment.at)
    case .powerKey, .state, .status, .unmapped, .secure, .messageSubmitted: break
    }
  }
}

import Glibc
import ModemSimulator
import Primitives
import World

/// The whole chain on one machine: simulated modem, collector and the real process, in one loop.
final class Rig {
  /// What one turn of the loop brought.
  enum Event: Sendable {
    case simulator(SimulatorHost.Moment)
    case collector(CollectorHost.Arrival)
    /// What the SMS centre did, in words.
    case centre(String)
    /// A line that the process wrote.
    case line(String)
    case exited(ChildProcess.Exit)
    case status(DeviceStatus)
    case stopRequested
    case windowChanged
  }

  /// What the rig is built from.
  struct Plan {
    /// The command line of the process.
    var command: [String]
    var modem: SimulatedModem
    var lines: SimulatorHost.Lines
    /// The names and addresses under which the device knows its server.
    var serverNames: [NetworkHost]
    var controlSocket: String
    /// nil: nobody can send messages.
    var centre: CentreHost.Plan?
  }

  /// How long the process has for its orderly end: a real BG95 takes some 3 s to log out.
  static let patience = Duration.seconds(5)

  let simulator: SimulatorHost
  let collector: CollectorHost
  let centre: CentreHost?
  private let signals: Signals
  private let status: StatusClient
  private let command: [String]
  private var child: ChildProcess
  private var hasSaidExit = false

  init(_ plan: Plan, signals: Signals) throws(BenchError) {
    self.signals = signals
    collector = try CollectorHost(port: 0, policy: CollectorPolicy())
    var map = SocketMap()
    for name in plan.serverNames {
      try map.add(SocketMap.Rule(host: name, port: nil, localPort: collector.port))
    }
    simulator = try SimulatorHost(
      modem: plan.modem, lines: plan.lines, map: map, now: BenchClock.now)
    centre = if let centre = plan.centre { try CentreHost(centre) } else { nil }
    status = StatusClient(path: plan.controlSocket)
    command = plan.command
    child = try ChildProcess(plan.command)
  }

  /// Starts the process anew, after it has ended.
  func restart() throws(BenchError) {
    child = try ChildProcess(command)
    hasSaidExit = false
  }

  /// Waits until something happens or `deadline` comes, and carries it through the chain.
  func turn(until deadline: Instant?) -> [Event] {
    var set = PollSet()
    signals.addInterest(to: &set)
    addInterest(to: &set)
    let now = BenchClock.now
    set.wait(until: earlier(deadline, due(now: now)), now: now)
    return serve(set, signals.read(set))
  }

  /// For a loop that turns several rigs.
  func addInterest(to set: inout PollSet) {
    simulator.addInterest(to: &set)
    collector.addInterest(to: &set)
    centre?.addInterest(to: &set)
    status.addInterest(to: &set)
    child.addInterest(to: &set)
  }

  /// When `serve` is wanted though no descriptor is ready.
  func due(now: Instant) -> Instant? {
    earlier(
      earlier(simulator.deadline, collector.deadline),
      centre?.deadline(now: now, utc: BenchClock.utc))
  }

  /// Carries what is ready or due through the chain.
  func serve(_ set: PollSet, _ notices: [Signals.Notice]) -> [Event] {
    let moments = simulator.serve(set, now: BenchClock.now)
    var events = moments.map(Event.simulator)
    events += serveCentre(set, moments).map(Event.centre)
    events += collector.serve(set, now: BenchClock.now).map(Event.collector)
    events += child.readLines(set).map(Event.line)
    if let answer = status.read(set) { events.append(.status(answer)) }
    for notice in notices {
      switch notice {
      case .stop: events.append(.stopRequested)
      case .windowChanged: events.append(.windowChanged)
      case .childEnded: child.reap()
      }
    }
    // Its last lines first: the pipe ends when the process does.
    if let exit = child.exit, child.hasOutputEnded, !hasSaidExit {
      hasSaidExit = true
      events.append(.exited(exit))
    }
    return events
  }

  private func serveCentre(_ set: PollSet, _ moments: [SimulatorHost.Moment]) -> [String] {
    guard let centre else { return [] }
    let (now, utc) = (BenchClock.now, BenchClock.utc)
    for moment in moments {
      if case .messageSubmitted(let tpdu) = moment.event {
        centre.submitted(tpdu, simulator, now: now, utc: utc)
      }
    }
    return centre.serve(set, simulator, now: now, utc: utc)
  }

  /// Asks the device for its status; the answer comes with a later turn.
  func askStatus() { status.ask() }

  /// Asks the process to end; how it ended comes with a later turn.
  func askToStop(byForce: Bool = false) { child.stop(byForce: byForce) }

  /// Ends the process: SIGTERM, so that it can switch the modem off, and SIGKILL when it doesn't.
  ///
  /// The chain goes on meanwhile. A second request to stop cuts the patience short.
  func stop(_ body: (Event) -> Void) {
    child.stop(byForce: false)
    let end = BenchClock.now + Self.patience
    while !hasSaidExit, BenchClock.now < end {
      for event in turn(until: end) {
        body(event)
        if case .stopRequested = event { child.stop(byForce: true) }
      }
    }
    if hasSaidExit { return }
    child.stop(byForce: true)
    let last = BenchClock.now + .seconds(1)
    while !hasSaidExit, BenchClock.now < last { turn(until: last).forEach(body) }
  }
}

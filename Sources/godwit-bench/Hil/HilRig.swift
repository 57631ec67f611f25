import ModemSimulator
import Primitives
import World

/// Why a scenario failed, in a sentence.
struct HilFailure: Error, Equatable, CustomStringConvertible {
  let what: String
  init(_ what: String) { self.what = what }
  var description: String { what }
}

/// Somebody's wish that the bench stop, kept once it was heard.
final class Interruption {
  private let signals: Signals
  private(set) var wasAsked = false

  init(_ signals: Signals) { self.signals = signals }

  func addInterest(to set: inout PollSet) { signals.addInterest(to: &set) }

  /// Whether the bench is to stop.
  func read(_ set: PollSet) -> Bool {
    if signals.read(set).contains(.stop) { wasAsked = true }
    return wasAsked
  }
}

/// Starts boards for a rig: QEMU's, or real ones.
protocol BoardSource: AnyObject {
  /// The wait from power-on to the first answer of the image's shell, at most.
  var bootLimit: Duration { get }
  /// Whether each board gets the scenario's configuration and a store of its own.
  var isConfigured: Bool { get }
  /// The server of the real module on the board; nil: the modem is simulated.
  var realServer: DatagramServer? { get }
  /// Powers the board on with the guest's files; the disk is the scenario's and outlives the board.
  func powerOn(_ guest: GuestPlan) throws(BenchError) -> BoardUnderTest
}

extension BoardSource {
  var isConfigured: Bool { true }
  var realServer: DatagramServer? { nil }
}

/// One scenario's bench: the board, the modem and the collector, on one clock.
final class HilRig {
  /// What the modem's side of a scenario is.
  struct Plan {
    var network = SimulatedNetwork.accelerated
    var stored = StoredSettings.configured(apn: Array("em".utf8))
    var faults = ModemFaults()
    var wiring = BoardModem.StatusWiring.wired
    var policy = CollectorPolicy(seed: 1)
    var seed: UInt64 = 1
    /// The network's civil time at the start; nil: the host's.
    var utc: UTC?
  }

  /// A real network's answers take this many times as long as the simulated one's, at most.
  private static let realPatience = 5

  let side: ModemSide
  /// What the board was promised to keep: values of `GuestPlan.feedName`, in order.
  private(set) var acknowledged: [Int64] = []
  /// When a scenario wants to be asked again, though nothing happened.
  var wakes: () -> Instant? = { nil }
  /// Called for each, before the bench does anything else.
  var onAcknowledged: (Int64) -> Void = { _ in }
  private(set) var consoles: [ConsoleLog] = []
  /// What the board's shell said, over all starts.
  private(set) var shellLines: [String] = []
  let began: Instant
  private(set) var board: BoardUnderTest?
  private let source: BoardSource
  private let interruption: Interruption
  private var isUp = false
  private var ending: String?

  init(_ plan: Plan, source: BoardSource, interruption: Interruption) {
    self.source = source
    self.interruption = interruption
    began = BenchClock.now
    if let server = source.realServer {
      side = RealModem(server: server, policy: plan.policy)
      return
    }
    var network = plan.network
    network.names = [
      SimulatedNetwork.Name(
        Array(BoardModem.serverName.utf8), .address(BoardModem.serverAddress.bytes))
    ]
    network.time = SimulatedNetwork.Time(utc: plan.utc ?? BenchClock.utc, at: began)
    var simulated = SimulatedModem(
      personality: .bg95, network: network, sim: SimulatedSIM(), stored: plan.stored,
      seed: plan.seed)
    simulated.faults = plan.faults
    let modem = BoardModem(
      modem: simulated, collector: Collector(policy: plan.policy), wiring: plan.wiring,
      baud: 115_200, seed: plan.seed, now: began)
    modem.setSupply(isOn: true, now: began)
    side = modem
  }

  /// The simulated modem, for scenarios that say so in their needs.
  var modem: BoardModem {
    guard let modem = side as? BoardModem else {
      preconditionFailure("a scenario uses the simulated modem without needing it")
    }
    return modem
  }

  /// Every console line of every start so far.
  var consoleLines: [String] {
    consoles.flatMap(\.lines) + (board?.console.lines ?? [])
  }

  /// The last of them, the unfinished one included.
  var consoleTail: [String] {
    let log = board?.console ?? consoles.last
    return log?.tail(HilExcerpt.lineLimit) ?? []
  }

  // MARK: Power

  /// Gives the board its power and waits until its image says that it is up.
  func powerOn(_ guest: GuestPlan) throws(HilFailure) {
    do {
      let started = try source.powerOn(guest)
      board = started
      isUp = false
      ending = nil
      side.attach(to: started, now: BenchClock.now)
    } catch {
      throw HilFailure(error.description)
    }
    do {
      try wait("answer of the image's shell", within: source.bootLimit) { isUp }
    } catch {
      let lines = board?.console.tail(8) ?? []
      let said = lines.isEmpty ? "its console said nothing" : "its console said last:"
      throw HilFailure(([error.what + "; " + said] + lines).joined(separator: "\n  "))
    }
    board?.begin(guest)
  }

  /// Takes the board's power away at once. The modem keeps its own.
  func cutPower() {
    guard let board else { return }
    board.cutPower()
    // What it had written before is still on its way through the pipes.
    _ = serveOnce(until: BenchClock.now)
    consoles.append(board.console)
    self.board = nil
    side.detach(now: BenchClock.now)
  }

  // MARK: Time

  /// Lets everything run until `condition` holds.
  ///
  /// - Throws: when it doesn't within `limit`, or when the board ends before.
  func wait(
    _ what: String, within limit: Duration, until condition: () -> Bool
  ) throws(HilFailure) {
    let limit = side is RealModem ? limit * Self.realPatience : limit
    let end = BenchClock.now + limit
    while !condition() {
      if let ending { throw HilFailure("waiting for \(what): \(ending)") }
      let now = BenchClock.now
      if now >= end {
        throw HilFailure(
          "no \(what) within \(limit.text); the modem is \(side.state), "
            + "\(side.collector.reports.count) reports have come")
      }
      if serveOnce(until: end) { throw HilFailure("interrupted") }
    }
  }

  /// Lets everything run for a while.
  func run(for span: Duration) throws(HilFailure) {
    let end = BenchClock.now + span
    try wait("the end of a pause", within: span + .seconds(1)) { BenchClock.now >= end }
  }

  /// One turn of the loop.
  ///
  /// - Returns: whether somebody asked the bench to stop.
  private func serveOnce(until limit: Instant) -> Bool {
    var set = PollSet()
    interruption.addInterest(to: &set)
    board?.addInterest(to: &set)
    side.addInterest(to: &set)
    let due = earlier(earlier(side.deadline, board?.deadline), earlier(limit, wakes()))
    set.wait(until: due, now: BenchClock.now)
    let now = BenchClock.now
    for event in board?.serve(set, now: now) ?? [] {
      note(event)
      side.take(event, now: now)
    }
    side.advance(set, now: now)
    return interruption.read(set)
  }

  private func note(_ event: BoardEvent) {
    switch event {
    case .up: isUp = true
    case .shell(let line):
      shellLines.append(line)
      if let value = GuestPlan.acknowledged(line) {
        acknowledged.append(value)
        onAcknowledged(value)
      }
    case .ended(let how): ending = how
    case .uart, .pin, .console: break
    }
  }
}

// MARK: What arrived

extension HilRig {
  /// The reports that the collector has, oldest first.
  var reports: [CollectorReport] { side.collector.reports }

  /// The feed's values that arrived, in the order of their arrival, one for each time they came.
  var delivered: [Int64] {
    reports.flatMap(\.readings).filter { $0.name == GuestPlan.feedName }
      .compactMap { Array($0.value.utf8).asciiWholeNumber }
  }

  /// Waits until all of `promised` has arrived.
  func awaitDelivery(of promised: [Int64], within limit: Duration) throws(HilFailure) {
    do {
      try wait("delivery of what was acknowledged", within: limit) {
        Set(delivered).isSuperset(of: promised)
      }
    } catch {
      let missing = Set(promised).subtracting(delivered).sorted()
      throw HilFailure("\(error.what); \(missing.count) missing: \(missing.prefix(20))")
    }
  }

  /// Nothing acknowledged is missing, nothing came twice, no report changed on its way.
  func checkDelivery() throws(HilFailure) {
    try Delivery(acknowledged: acknowledged, delivered: delivered).check()
    try checkDeliveredOnce()
  }

  /// No report changed between two attempts, and the server refused none.
  func checkDeliveredOnce() throws(HilFailure) {
    guard side.collector.counts.conflicts == 0 else {
      throw HilFailure("a report came again under the same identity with other readings")
    }
  }

  /// The board did nothing to the module from which a real one would suffer. Only a simulated one
  /// can say so.
  func checkViolations(except allowed: Set<Violation> = []) throws(HilFailure) {
    guard let modem = side as? BoardModem else { return }
    for violation in Violation.allCases where !allowed.contains(violation) {
      let count = modem.modem.counters.violations[violation]
      guard count == 0 else { throw HilFailure("\(count) times: \(violation.text)") }
    }
  }
}

/// What was promised and what came.
struct Delivery: Equatable, Sendable {
  var acknowledged: [Int64]
  var delivered: [Int64]

  /// - Throws: what is missing or came more than once.
  func check() throws(HilFailure) {
    let arrived = Set(delivered)
    let missing = acknowledged.filter { !arrived.contains($0) }
    guard missing.isEmpty else {
      throw HilFailure("\(missing.count) acknowledged readings never came: \(missing.prefix(20))")
    }
    var seen: Set<Int64> = []
    for value in delivered where !seen.insert(value).inserted {
      throw HilFailure("reading \(value) came twice, in two reports")
    }
  }
}

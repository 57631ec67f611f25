import Cellular
import DNS
import Link
import Modems
import Primitives
import SMS
import Sensors
import Settings
import Telemetry
import Uplink

/// What the device does: takes readings, keeps them, reports them when it is time, and lets the
/// modem sleep in between. Performs no IO but through its `Store`.
///
/// The caller hands every input with `now`, carries out the effects in order, and calls again with
/// `.deadline` when `deadline` has come.
public struct Agent<S: Store & ~Copyable>: ~Copyable {
  public enum Input: Sendable {
    /// The process came up. `systemClock` is what the board's clock says, right or wrong.
    case start(systemClock: UTC)
    /// Readings from the control socket. All requests together become one transaction.
    case put([StoreRequest])
    /// What the sensors' files held, in the order of `.readSensors`; nil where there was none.
    case sensed([SensorContents])
    case link(Link.Input)
    /// From the control socket: the request's number comes back in the answer.
    case provision(Int64, Provisioning)
    case deadline
    /// The process is to end: the modem goes off, then comes `.stopped`.
    case stop
  }

  public enum Effect: Sendable {
    /// For the edges: the UART, the power key. Never `.event`.
    case link(Link.Effect)
    case stored(request: Int64, readings: Int)
    case refused(request: Int64, StoreRefusal)
    case readSensors([Int])
    case setClock(UTC)
    case log(Event)
    case confirmed(BatchIdentity, readings: Int)
    /// One command and its outcome, for a log of all that is said to the modem. Not an event: it
    /// isn't stored.
    case exchange(CommandTrace)
    /// What came of a console's line, which went in as `.link(.console(…))`.
    case console(Int64, ConsoleResult)
    /// nil: the configuration's name holds.
    case provisioned(Int64, DeviceLabel?)
    case notProvisioned(Int64, ProvisioningRefusal)
    /// Once, after `.stop`: the modem is at rest.
    case stopped
    /// In place of `.stopped`: the board is to be started anew.
    case restartBoard
    /// Once: the modem is at rest, and other settings are to hold. The next call is `endedStore`.
    case restart
  }

  /// What one wake may send, so that a long backlog doesn't hold the radio for ever; the rest
  /// follows with the next report.
  public static var reportsPerWake: Int { 50 }
  /// Refusals for good in a row after which the evidence is about the server rather than the
  /// batches: from then on each attempt sets one batch aside at most, until one is confirmed.
  public static var refusalsInRow: Int { 3 }
  /// How often in a row a batch is sent again at once, when what came back says or may mean that it
  /// was changed on its way. A refusal that came each time is believed.
  public static var resendLimit: Int { 3 }
  /// So long the pinned address is used before the name is tried again: each try costs a wake's
  /// radio time, and a name that is gone comes back by a person's hand.
  public static var pinnedSpan: Duration { .seconds(86_400) }
  /// The longest that a server's Max-Age is obeyed. It has 32 bits of seconds, which would silence
  /// a device for its whole life.
  public static var longestRetryAfter: Duration { .seconds(86_400) }

  public let plan: AgentPlan
  public internal(set) var link: Link
  public internal(set) var store: S
  public internal(set) var clock: WallClock
  public internal(set) var cycle = ReportCycle.idle {
    didSet { if case .waiting(_, let cause) = cycle { record.note(cause) } }
  }
  public internal(set) var record = ReportRecord()
  public internal(set) var sensors: [Sensor]
  /// Which access point the next attempt goes through.
  public internal(set) var rota: AccessRota
  /// What has worked with this SIM; and as the store has it.
  public internal(set) var learnt = LearntNetwork()
  var storedNetwork: LearntNetwork?
  var bandKeptAt: Instant?
  var schedule: ReportSchedule
  var sensorSchedule: SensorSchedule?
  let backOff: BackOff
  /// What was asked of the network lately.
  public internal(set) var ledger = AccessLedger()
  /// `record.searched` of the link that is booked already.
  var searchBooked = Duration.zero
  /// The store's failures in a row.
  var storeTrouble = 0
  /// When what has passed is to be kept next, while the time of day isn't known.
  var agesAt: Instant?
  /// The first attempt after the start that is held back looks at the card; one does so now.
  var (isCardLookDue, isLookingAtCard) = (true, false)
  /// The hold that was said last.
  var saidHold: LimitReason?
  var random: SeededRandom
  var messageID: UInt16
  /// What the device has looked up itself.
  var addresses = DNSCache()
  /// When the server's name couldn't be looked up and its pinned address was taken.
  var nameFailed: Instant?
  /// The agent ends, for good or to begin anew.
  var isStopping = false
  var restarts = false
  var isBoardToRestart = false
  var hasStopped = false
  /// In a row, over as many wakes as it takes.
  var refusals = 0
  /// How often the batch under way was sent again, and how many of its answers were refusals that
  /// didn't show that they are about the batch as it was sent.
  var (resends, doubtfulRefusals) = (0, 0)
  /// The readings that waited when the report began and aren't dealt with yet. What came in since
  /// goes along where there is room, and else waits for the next report: a wake isn't drawn out
  /// for it.
  var owed: Int64 = 0
  /// Settings that are being tried, or were, until whoever asked has been told.
  public internal(set) var trial: Trial?
  /// nil while none is running.
  var trialRun: TrialRun?
  /// Failures of the old settings since a trial was undone.
  var oldFailures = 0
  /// Lines of the log that strangers' messages have caused.
  var saidSilences = 0
  /// Which messages are obeyed; nil: none.
  var rules: RemoteRules?
  public internal(set) var commandLedger = CommandLedger()
  /// When its age was kept, or could have been.
  var commandsKeptAt = Instant.start
  /// Parts of long messages that others are missing of.
  public internal(set) var assembly: MessageAssembly
  /// Parts of answers that were handed to the link and aren't sent yet.
  var answersOnTheirWay = 0
  var isOutcomeOnItsWay = false
  /// The messages of this wake have been listed, and the modem may go when the answers are sent.
  var areMessagesDealtWith = false
  /// Since when the modem is awake for messages, and seconds of it that aren't written down yet.
  var awakeSince: Instant?
  var unkeptSeconds: UInt32 = 0
  var isRestartWanted = false
  var isReportWanted = false
  /// Sensor readings that the failing store didn't take; nil while it works.
  var unstored: Int64?
  /// The places of the messages that were told; nil while none are being listed.
  var collected: [Int]?
  /// The module has no room for messages: said since the last listing.
  var isStorageFull = false
  /// When messages may next find the modem reachable for `plan.messageWindow`: after the first
  /// confirmation from then on. nil: at the first one.
  var windowDue: Instant?
  /// Messages are to be listed by then, with nothing to report too.
  var reachDue: Instant?
  /// The modem is kept reachable until then.
  public internal(set) var windowEnds: Instant?
  /// What was told last of PSM.
  var lastGrant: PSMGrant?
  var linkEvents: [LinkEvent] = []
  var effects: [Effect] = []

  /// - Parameters:
  ///   - clock: what the agent before knew of the time of day, after `.restart`.
  ///   - assembly: what it had of long messages.
  public init(
    plan: AgentPlan, store: consuming S, link: Link, seed: UInt64, clock: WallClock = WallClock(),
    assembly: MessageAssembly = MessageAssembly()
  ) {
    self.plan = plan
    self.clock = clock
    self.assembly = assembly
    self.store = store
    self.link = link
    rota = AccessRota(link.settings.network, isOn: plan.fallsBack, isTrial: plan.isTrial)
    schedule = ReportSchedule(interval: plan.reportInterval)
    sensors = plan.sensors.map { Sensor($0) }
    backOff = BackOff(steps: plan.retryAfter, seed: UInt64(CRC32.of(plan.device.bytes)))
    random = SeededRandom(seed: seed)
    messageID = UInt16(truncatingIfNeeded: random.next())
  }

  /// The next moment at which `.deadline` is wanted; nil only after `.stopped`.
  public var deadline: Instant? {
    var next = link.deadline
    if isStopping { return next }
    next = earlier(earlier(next, sensorSchedule?.deadline), earlier(trialDeadline, windowEnds))
    switch cycle {
    case .idle: next = earlier(next, earlier(schedule.next, reachDue))
    case .waiting(let until, _): next = earlier(next, earlier(until, agesAt))
    case .exchanging(let exchange, _, _): next = earlier(next, exchange.deadline)
    case .resolving(let lookup, _): next = earlier(next, lookup.deadline)
    case .connecting, .releasing: break
    }
    return next
  }

  /// Whether nothing is under way, so that the board may sleep until `deadline`.
  public var isAtRest: Bool {
    switch cycle {
    case .idle, .waiting: link.isAtRest
    case .connecting, .resolving, .exchanging, .releasing: false
    }
  }

  public mutating func handle(_ input: Input, now: Instant) -> [Effect] {
    switch input {
    case .start(let systemClock): start(systemClock, now: now)
    case .put(let requests): put(requests, now: now)
    case .sensed(let contents): take(contents, now: now)
    case .link(let input): drive(input, now: now)
    case .provision(let request, let provisioning): provision(request, provisioning, now: now)
    case .deadline: deadlinePassed(now: now)
    case .stop: stop(now: now)
    }
    defer { effects = [] }
    return effects
  }

  private mutating func stop(now: Instant) {
    restarts = false
    agedLimits(now: now)
    if !isStopping { end(now: now) }
  }

  private mutating func start(_ systemClock: UTC, now: Instant) {
    takeTime(systemClock, from: .system, now: now)
    recallModule(now: now)
    recallLimits(now: now)
    recallIdentity()
    recallNetwork(now: now)
    schedule.begin(at: now)
    wasReached(now: now)
    let intervals = plan.sensors.map { $0.interval }
    sensorSchedule = SensorSchedule(intervals: intervals, alignedTo: now, now: now)
    trial = kept(.trial).flatMap { Trial(kept: $0) }
    recallCommands(now: now)
    drive(.start, now: now)
    recallTrial(now: now)
    deadlinePassed(now: now)
    beginTrialReport(now: now)
  }

  /// The last call before the process ends.
  public mutating func closeStore() { store.close() }

  private mutating func deadlinePassed(now: Instant) {
    if let linkDeadline = link.deadline, linkDeadline <= now { drive(.deadline, now: now) }
    if case .exchanging(var exchange, let batch, let sent) = cycle,
      let exchangeDeadline = exchange.deadline, exchangeDeadline <= now
    {
      let effects = exchange.handle(.deadline, now: now)
      cycle = .exchanging(exchange, batch, sent: sent)
      perform(effects, batch, now: now)
    }
    lookUpDue(now: now)
    endWindowIfDue(now: now)
    if isStopping || trialDue(now: now) { return }
    ageLimits(now: now)
    let due = sensorSchedule?.takeDue(now: now) ?? []
    if due.isEmpty { reportIfDue(now: now) } else { effects.append(.readSensors(due)) }
  }
}

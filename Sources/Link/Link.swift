import AT
import Cellular
import Modems
import Primitives

/// The modem's life: starting, registering, sending, sleeping, and getting up again. Performs no
/// IO and reads no clock; every input is handed `now`, and the effects are to be carried out in
/// their order before the next input.
///
/// The module is brought to what the owner wants by one question, asked whenever nothing is on its
/// way: what is the first thing that is still missing? So a reboot, which makes everything void,
/// is no special case: everything is missing again.
public struct Link: Sendable {
  public enum Input: Equatable, Sendable {
    /// The process came up. The modem may be off, on, asleep, or talking to itself.
    case start
    /// Bring a socket up. Ends in `.online` or `.failed`, unless something else is wanted first.
    case connect(LinkTarget, Allowance = Allowance())
    /// One message over the open socket. A datagram over the profile's limit is refused. The last
    /// one, behind which only its answer is expected and nothing else wanted, lets the network
    /// release the radio at once, where the module can tell it that.
    case send([UInt8], expectsAnswer: Bool, isLast: Bool = false)
    /// Lists the SMS in the module's storage, while the socket is open: `.message` for each, then
    /// `.messagesListed`.
    case listMessages
    /// Deletes those at these places, also when `release` follows at once.
    case deleteMessages([Int])
    /// Sends an SMS while the socket is open: the service centre's address, 0 for the stored one,
    /// and the SMS-SUBMIT of `length` octets. Ends in `.messageSent` or `.messageRefused`.
    case sendMessage(pdu: [UInt8], length: Int)
    /// Nothing more to send. Ends in `.asleep`.
    case release
    /// The process ends. Ends in `.asleep`: a modem that sleeps in PSM is left asleep, any other
    /// is turned off.
    case powerOff
    case uartReceived([UInt8])
    case uartFailed
    /// A person's command line, run while nothing of the link's own is on its way. Ends in
    /// `.console`.
    case console(ConsoleCommand)
    /// The level of the STATUS line, after its polarity: once at the start, then at each change.
    case statusLine(isOn: Bool)
    case deadline
  }

  public enum Effect: Equatable, Sendable {
    /// At so many bits a second; nil: at the configured rate. One that is open is opened anew.
    case openUART(baud: Int?)
    case closeUART
    case write([UInt8])
    case setPowerKey(asserted: Bool)
    /// Only where `LinkSettings.hasSupplySwitch` says that the board can.
    case cutSupply(Bool)
    case event(LinkEvent)
  }

  public internal(set) var state = LinkState.off
  public let settings: LinkSettings
  /// As in the settings, but for what the last `connect` wished otherwise.
  public internal(set) var network: NetworkSettings
  /// The module hasn't been set up for it yet.
  var isNetworkNew = false
  /// The profile it goes by: the configured one, or the one that was found out.
  public internal(set) var module: ModuleProfile
  var limits: LinkLimits { settings.limits }

  var engine: Engine
  var phase = Phase.resting
  var goal = Goal.nothing
  var modem = Knowledge()
  var tries = Tries()
  var tally = LinkCounters()
  var identity = ModuleIdentity()
  var outbox: [Message] = []
  var allowance = Allowance()
  var chores = MessageChores()
  var random: SeededRandom
  var effects: [Effect] = []
  var isUARTOpen = false
  /// nil until it has been told, and for ever where it isn't wired.
  var isStatusOn: Bool?
  /// When the module went off or asleep, and how; nil while it is on.
  var rest: (since: Instant, kind: SleepKind)?
  /// A module that woke out of PSM by itself is to sleep again by then.
  var awakeUntil: Instant?
  /// What the module had when it fell asleep.
  var keptAttachment = Attachment.none
  /// When the module was last started by this link; nil where nobody knows.
  var startedAt: Instant?
  /// How it rests, as decided last; nil until it was registered.
  public internal(set) var restPlan: RestPlan?
  /// What the wakes before took; what varies with the network, as it was lately.
  var times = WakeTimes()
  var (warmTimes, coldTimes, tails) = (RecentTimes(), RecentTimes(), RecentTimes())
  var missedSleeps = MissedSleeps()
  /// The module refuses the command that lets it sleep while it is on.
  var isLightSleepRefused = false
  /// Why the attempt was given up; told once the module is off.
  var failure: LinkCause?
  /// From `connect` on: when the attempt is given up.
  var attemptEnds: Instant?
  /// Bytes received before the UART was opened.
  var heardBefore: Int64 = 0
  /// The buffer is read once more then.
  var drainAt: Instant?
  /// The last message that was sent expects an answer.
  var isAnswerDue = false
  /// The key has been pressed to turn the module off.
  var isOffPressed = false
  /// The module refuses to read its clock in front of another command.
  var isClockRefused = false
  /// The same of what eDRX was granted, and of a datagram that is said to be the last.
  var isEDRXRefused = false
  var isOperatorRefused = false
  var isCellRefused = false
  var isPINRefused = false
  var isLastRefused = false
  /// What is known of operators; it outlives the module's sleep.
  var operators = OperatorMemory()
  /// A person's command line that waits or runs.
  var console: ConsoleTurn?
  /// Bits a second, where they were found out; nil: as configured.
  var baud: Int?
  /// A stored setting was written since the module was last off, and is to show itself after the next
  /// start.
  var hasWrittenSinceOff = false
  /// The wishes were others before, and it isn't known which.
  var isFormerUnknown = false
  /// What can't show itself, however often the module starts.
  var unproven = UnprovenSettings()
  /// Whether the module is the one that was found out, now or by an earlier process.
  var isFound = false
  /// The pulse that started it the last time that it was found out.
  var startingPulse: Duration?

  /// Since when the module rested when this link was made; nil where nobody knows.
  var restedBefore: Instant?

  /// - Parameters:
  ///   - seed: of the jitter before something is tried again.
  ///   - restedSince: what the link before said, where this one takes its module over.
  public init(_ settings: LinkSettings, seed: UInt64, restedSince: Instant? = nil) {
    self.settings = settings
    restedBefore = restedSince
    network = settings.network
    isNetworkNew = settings.formerNetwork != nil
    module = settings.module
    engine = Engine(dialect: settings.module.dialect)
    random = SeededRandom(seed: seed)
  }

  public var counters: LinkCounters {
    var counters = tally
    counters.line = engine.counters
    return counters
  }

  /// The next moment at which `.deadline` is wanted.
  public var deadline: Instant? {
    var own = earlier(phase.deadline, engine.deadline)
    if isAtRest { own = earlier(own, awakeUntil) }
    if case .waiting(let until)? = console?.stage { own = earlier(own, until) }
    return isAttempting ? earlier(own, attemptEnds) : own
  }

  /// How the module would get ready if it were connected now.
  public var startKind: StartKind {
    guard case .resting = phase else { return .none }
    switch rest?.kind {
    case .psmURC, .silence, .registered: return .warm
    case .statusLine: return state == .asleep ? .warm : .cold
    case .radioOff: return .radio
    case .poweredOff, .assumedOff, nil: return .cold
    }
  }

  /// Since when the module is off or asleep.
  public var restsSince: Instant? { isAtRest ? rest?.since : nil }

  /// Whether the modem is off or asleep and nothing of its own is due.
  public var isAtRest: Bool {
    if case .resting = phase { true } else { false }
  }

  public mutating func handle(_ input: Input, now: Instant) -> [Effect] {
    effects = []
    switch input {
    case .start: start(now: now)
    case .connect(let target, let allowance): connect(target, allowance, now: now)
    case .send(let bytes, let expectsAnswer, let isLast):
      let message = Message(bytes: bytes, expectsAnswer: expectsAnswer, isLast: isLast)
      enqueue(message, now: now)
    case .listMessages: listMessages(now: now)
    case .deleteMessages(let indices): deleteMessages(indices, now: now)
    case .sendMessage(let pdu, let length): sendMessage(pdu, length: length, now: now)
    case .release: restWanted(.rest, now: now)
    case .powerOff: restWanted(.off, now: now)
    case .uartReceived(let bytes):
      if case .detecting = phase {
        goOnDetecting(.uartReceived(bytes), now: now)
      } else if isUARTOpen {
        process(engine.receive(bytes, now: now), now: now)
      }
    case .uartFailed:
      if case .detecting = phase {
        goOnDetecting(.uartFailed, now: now)
      } else if isUARTOpen {
        giveUpAtOnce(.uartFailed, now: now)
      }
    case .console(let command): take(command, now: now)
    case .statusLine(let isOn): statusChanged(isOn, now: now)
    case .deadline:
      process(engine.elapse(now: now), now: now)
      phaseEnded(now: now)
    }
    settleConsole(now: now)
    defer { effects = [] }
    return effects
  }

  // MARK: - Shared by the whole machine

  /// Whether a connection is being made, and not yet given up.
  private var isAttempting: Bool {
    guard case .online = goal, failure == nil else { return false }
    return state != .online
  }

  mutating func emit(_ event: LinkEvent) { effects.append(.event(event)) }

  /// Whether the radio may be started once more in this attempt. The owner is told before it is done.
  mutating func mayStartRadio(isReset: Bool) -> Bool {
    guard allowance.take(isReset: isReset) else { return false }
    emit(.climbing(isReset: isReset))
    return true
  }

  /// The module started its radio by itself, which counts all the same.
  ///
  /// - Returns: whether one was left.
  mutating func noteRadioStart() -> Bool {
    emit(.climbing(isReset: false))
    return allowance.take(isReset: false)
  }

  mutating func enter(_ next: LinkState, _ cause: LinkCause) {
    if state == next { return }
    state = next
    emit(.stateChanged(next, cause: cause))
  }

  /// Sends a command. The answer comes back to `finished`.
  mutating func begin(_ exchange: Exchange, _ job: Job, now: Instant) {
    phase = .working(job)
    process(engine.begin(exchange, now: now), now: now)
  }

  mutating func process(_ events: [Engine.Event], now: Instant) {
    for event in events {
      switch event {
      case .write(let bytes): effects.append(.write(bytes))
      case .urc(let line):
        noteForConsole(line)
        unsolicited(line, now: now)
      case .resynced(let answer): trace([UInt8]("AT"), answer)
      case .finished(let answer): finished(answer, now: now)
      }
    }
  }

  private mutating func trace(_ command: [UInt8], _ answer: Answer) {
    let trace = CommandTrace(
      command: command, outcome: answer.outcome, duration: answer.duration)
    emit(.exchange(trace))
  }

  private mutating func finished(_ answer: Answer, now: Instant) {
    trace(engine.lastCommand, answer)
    switch phase {
    case .probing(let left): probed(answer, left: left, now: now)
    case .booting(let boot): polled(answer, boot, now: now)
    case .draining(let drain): drainAsked(answer, drain, now: now)
    case .working(let job): completed(job, answer, now: now)
    case .resting, .detecting, .awaitingStatus, .holdingOff, .pressing, .pausing, .idle, .searching,
      .activating, .opening, .online, .goingOff, .confirming:
      break  // Nothing is on its way in these.
    }
  }

  private mutating func completed(_ job: Job, _ answer: Answer, now: Instant) {
    if case .console = job { return consoleAnswered(answer, now: now) }
    guard answer.outcome.isAnswered else { return unanswered(job, answer.outcome, now: now) }
    tries.silences = 0
    (tries.deafSleeps, modem.hasAnswered) = (0, true)
    switch job {
    case .batch(let batch): batchAnswered(batch, answer, now: now)
    case .write(let way): writeAnswered(answer, way: way, now: now)
    case .operators(let step): operatorAnswered(step, answer, now: now)
    case .radioOff, .radioOn: radioSwitched(isOff: job.isRadioOff, answer, now: now)
    case .restart: restartAnswered(answer, now: now)
    case .activate(let step): activationAnswered(answer, step: step, now: now)
    case .deactivate: deactivated(now: now)
    case .servers: serversAnswered(answer, now: now)
    case .secure(let step): secured(answer, step: step, now: now)
    case .open(let withClock): openAnswered(answer, withClock: withClock, now: now)
    case .close: closed(now: now)
    case .send(let isLast): sendAnswered(answer, isLast: isLast, now: now)
    case .message: messageAnswered(answer, now: now)
    case .read(let expected, let mayFail):
      readAnswered(answer, expected: expected, mayFail: mayFail, now: now)
    case .powerOff: powerOffAnswered(answer, now: now)
    case .console: break  // It has its own way, since no answer is an answer too.
    }
  }

  /// Something in the current phase is due, or nothing is: calls may come early.
  private mutating func phaseEnded(now: Instant) {
    if isAttempting, let attemptEnds, attemptEnds <= now { return giveUp(.timeIsUp, now: now) }
    if isAtRest, let awakeUntil, awakeUntil <= now { return staysAwake(now: now) }
    guard let due = phase.deadline, due <= now else { return }
    switch phase {
    case .resting, .probing, .working: break
    case .detecting: goOnDetecting(.deadline, now: now)
    case .awaitingStatus: probe(now: now)
    case .holdingOff(.supply, _): suppliedAgain(now: now)
    case .holdingOff(let pulse, _): press(pulse, now: now)
    case .pressing(let pulse, _): pressed(pulse, now: now)
    case .booting(let boot): bootDue(boot, now: now)
    case .pausing: advance(now: now)
    case .idle: restWanted(.rest, now: now)
    case .searching(_, let until): searchDue(until: until, now: now)
    case .activating: climbFromContext(error: nil, now: now)
    case .opening: openLate(now: now)
    case .online(let times): onlineDue(times, now: now)
    case .draining(let drain): drainDue(drain, now: now)
    case .goingOff: offLate(now: now)
    case .confirming(let kind, _): arrive(kind, now: now)
    }
  }
}

/// What the link tells its owner.
public enum LinkEvent: Equatable, Sendable {
  case stateChanged(LinkState, cause: LinkCause)
  /// The socket is open.
  case online
  /// Registered, with a data session, but the target's name has to be looked up by the owner: over
  /// a socket to a name server's address. Then the link is to be connected anew.
  case addressWanted
  /// The attempt was given up, but the module is registered: its messages can be listed, deleted and
  /// sent, and then it is to be released. No `failed` comes. Only where messages are taken.
  case messagesOnly(LinkCause)
  /// The module took the message; that says nothing about its delivery.
  case sent
  /// One datagram (UDP), or some bytes (TCP).
  case received([UInt8])
  /// The socket is gone, with whatever waited to be sent. Unless `connect` comes, the link goes
  /// to rest by itself.
  case connectionLost(LinkCause)
  /// The network's time, true at the `now` of this call, to the second.
  case networkTime(UTC)
  case identity(ModuleIdentity)
  /// Where the module is to be found out: this one answers.
  case moduleFound(DetectedModule)
  /// The one that was found out doesn't answer any more; it is found out anew.
  case moduleForgotten
  case registration(Registration)
  /// The operator that the module is registered with, and the band of its cell: at each change.
  case network(PLMN)
  case band(Int)
  /// The card's list of forbidden operators wasn't empty and was emptied.
  case forbiddenCleared
  /// Whether the card asks for a PIN when it starts; told where the module doesn't sleep if so.
  case pinIsOn(Bool)
  /// The radio is about to be started anew within the attempt, by a reset or without.
  case climbing(isReset: Bool)
  /// How the modem will rest, and what that was decided by: once it is online and before it rests,
  /// where that is news.
  case restPlanned(RestPlan)
  /// What the network grants of eDRX, after the registration and at each change.
  case edrx(EDRXState)
  case message(StoredMessage)
  /// So many messages have been told, `MessageCommands.listLimit` at most.
  case messagesListed(Int)
  /// With the number of a +CMS ERROR; nil where the module wasn't asked, or gave none.
  case messagesNotListed(error: Int?)
  /// By which the network's status report will name it; nil where the module doesn't say.
  case messageSent(reference: Int?)
  /// With the number of a +CMS ERROR; nil where it didn't come so far, or that isn't known.
  case messageRefused(error: Int?)
  /// One has come, and can be listed.
  case messageAnnounced
  /// The network keeps what comes until messages are deleted.
  case messageStorageFull
  /// At rest, and how that is known.
  case asleep(SleepKind)
  /// The attempt was given up, and the modem is at rest: asleep where only the socket or the data
  /// session failed and sleep is granted, else off. The owner decides when to try again.
  case failed(LinkCause)
  case exchange(CommandTrace)
  /// What came of the console's line of that number.
  case console(Int64, ConsoleResult)
}

/// One message that waits to be sent.
struct Message: Equatable, Sendable {
  var bytes: [UInt8]
  var expectsAnswer: Bool
  var isLast: Bool
}

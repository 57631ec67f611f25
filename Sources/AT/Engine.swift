import Primitives

/// The AT language over one serial line: one exchange at a time; everything that doesn't belong to
/// it is a URC. ITU-T V.250 §5. Performs no IO and reads no clock.
///
/// After a time-out the line is out of step: an answer that still comes must not satisfy the next
/// command. So before the next command an `AT` is sent, and nothing more until its OK has come and
/// the line has then been without a result code for the dialect's settle time.
public struct Engine: Sendable {
  public enum Event: Equatable, Sendable {
    /// To be written to the UART.
    case write([UInt8])
    /// A line that belongs to no exchange.
    case urc([UInt8])
    /// An `AT` of the engine's own, sent to bring the line back in step, has ended.
    case resynced(Answer)
    /// The exchange that was begun has ended.
    case finished(Answer)
  }

  /// Longest line kept, in bytes. A longer one is dropped whole and counted.
  public static let lineLimit = 2048
  /// Most information lines kept of one answer; more are dropped and counted.
  public static let linesPerAnswer = 128
  /// Most bytes that may be counted after one line. Quectel's +QIRD gives 1500 at most.
  public static let dataLimit = 4096

  static let probeSettleTime = Duration.milliseconds(100)

  public internal(set) var counters = EngineCounters()
  public private(set) var dialect: Dialect

  enum State {
    case idle
    /// Until then nothing is written: the family's gap, or a line that isn't quiet yet.
    case waiting(Exchange, until: Instant)
    /// An `AT` is on its way before the exchange.
    case resyncing(Exchange, attempt: Int)
    case running(Exchange)
  }

  /// What there is of the command that was written last.
  struct Running {
    var since = Instant.start
    var deadline = Instant.start
    var isEchoed = false
    var isPromptDue = false
    /// The payload follows then.
    var payloadAt: Instant?
    /// What was sent of the payload.
    var payload: [UInt8] = []
    /// How much of the payload the modem said that it takes.
    var accepted: Int?
  }

  /// The command that was begun last, as it may be shown.
  public private(set) var lastCommand: [UInt8] = []

  var state = State.idle
  /// Means something while `state` is `resyncing` or `running`; it stands here so that neither a
  /// byte nor a line copies it.
  var running = Running()
  var intake = Intake()
  /// nil when the line is in step; else what a late answer would look like.
  var lateAnswers: [AnswerPattern]?
  private var quietUntil: Instant?
  /// When the last command was written: only what the host writes is sure to keep a UART awake.
  private var lastWriteAt: Instant?
  /// What may still come late is the OK to a bare `AT` alone.
  private var isOnlyProbeLate = false
  /// That time is the family's gap.
  private var isGap = false

  public init(dialect: Dialect) { self.dialect = dialect }

  public var isIdle: Bool {
    if case .idle = state { return true }
    return false
  }

  /// The next moment at which `elapse` is wanted.
  public var deadline: Instant? {
    switch state {
    case .idle: nil
    case .waiting(_, let until): until
    case .resyncing: running.deadline
    case .running: min(running.deadline, running.payloadAt ?? running.deadline)
    }
  }

  /// Sends the command, at once or when the line allows it. The engine must be idle.
  public mutating func begin(_ exchange: Exchange, now: Instant) -> [Event] {
    precondition(isIdle, "one exchange at a time")
    lastCommand = exchange.line.shown
    if let quietUntil, now < quietUntil {
      if isGap { counters.gaps += 1 }
      state = .waiting(exchange, until: quietUntil)
      return []
    }
    return write(exchange, now: now)
  }

  /// Takes bytes as the UART delivered them, in any split.
  public mutating func receive(_ bytes: [UInt8], now: Instant) -> [Event] {
    counters.bytesReceived += Int64(bytes.count)
    if dialect.gap > .zero { keepGap(now: now) }
    var events: [Event] = []
    var index = 0
    while index < bytes.count {
      if intake.isBetweenLines, !isEchoDue,
        bytes[index] == UInt8(ascii: "\r") || bytes[index] == UInt8(ascii: "\n")
      {
        index += 1
        continue
      }
      let end = endOfRun(in: bytes, from: index)
      if end > index {
        intake.append(run: bytes[index..<end])
        index = end
      } else {
        take(bytes[index], now: now, &events)
        index += 1
      }
    }
    return events
  }

  /// A URC is followed by the family's gap as a final result is: SARA-R4/N4 AT manual, §2.2.5.1.
  private mutating func keepGap(now: Instant) {
    switch state {
    case .running, .resyncing: return
    case .idle, .waiting: break
    }
    let until = now + dialect.gap
    if quietUntil.map({ $0 < until }) ?? true { (quietUntil, isGap) = (until, true) }
  }

  /// To be called at `deadline`; earlier or later does no harm.
  public mutating func elapse(now: Instant) -> [Event] {
    switch state {
    case .idle: return []
    case .waiting(let exchange, let until):
      guard until <= now else { return [] }
      if let quietUntil, now < quietUntil {
        state = .waiting(exchange, until: quietUntil)
        return []
      }
      return write(exchange, now: now)
    case .resyncing(let exchange, let attempt):
      guard running.deadline <= now else { return [] }
      return resyncTimedOut(exchange, attempt: attempt, now: now)
    case .running(let exchange):
      if let payloadAt = running.payloadAt, payloadAt <= now { return [sendPayload()] }
      guard running.deadline <= now else { return [] }
      return giveUp(.timedOut, exchange, now: now)
    }
  }

  /// Drops the exchange without an event: whoever began it no longer wants its answer, or the
  /// modem has restarted and can't give it.
  public mutating func abandon() {
    if case .running(let exchange) = state {
      (lateAnswers, isOnlyProbeLate) = (exchange.answers, false)
    }
    state = .idle
    intake.endCounting()
    intake.dropLines()
  }

  /// Forgets everything about the line: the UART was opened or closed.
  ///
  /// - Parameter isInStep: false when the modem may still be answering somebody else's command.
  public mutating func reset(isInStep: Bool) {
    state = .idle
    intake = Intake()
    lateAnswers = isInStep ? nil : []
    quietUntil = nil
    lastWriteAt = nil
    isOnlyProbeLate = false
  }

  /// Another module answers, and speaks so. The counters go on.
  public mutating func speak(_ dialect: Dialect) { self.dialect = dialect }

  /// Takes the line for one that is in step, although an exchange got no answer: a log that is
  /// replayed has no answer to an `AT` that its host never sent.
  public mutating func takeAsInStep() { (lateAnswers, quietUntil) = (nil, nil) }

  // MARK: - Writing

  private mutating func write(_ exchange: Exchange, now: Instant) -> [Event] {
    if let idleLimit = dialect.idleLimit, let lastWriteAt, lastWriteAt + idleLimit <= now,
      lateAnswers == nil
    {
      (lateAnswers, isOnlyProbeLate) = ([], true)
    }
    lastWriteAt = now
    guard lateAnswers == nil || exchange.isProbe else {
      return resync(before: exchange, attempt: 1, now: now)
    }
    counters.exchanges += 1
    let isPromptDue = exchange.payload != nil
    let limit = isPromptDue ? min(exchange.promptTimeout, exchange.timeout) : exchange.timeout
    state = .running(exchange)
    running = Running(since: now, deadline: now + limit, isPromptDue: isPromptDue)
    intake.dropLines()
    intake.expect(inlineData: exchange.inlineData != nil)
    var bytes = exchange.line.bytes
    bytes.append(UInt8(ascii: "\r"))
    return [send(bytes)]
  }

  private mutating func resync(before exchange: Exchange, attempt: Int, now: Instant) -> [Event] {
    counters.exchanges += 1
    counters.resyncs += 1
    state = .resyncing(exchange, attempt: attempt)
    running = Running(since: now, deadline: now + dialect.resyncTimeout)
    return [send([UInt8]("AT\r"))]
  }

  private mutating func resyncTimedOut(
    _ exchange: Exchange, attempt: Int, now: Instant
  ) -> [Event] {
    counters.timeouts += 1
    let failed = Event.resynced(Answer(outcome: .timedOut, duration: now - running.since))
    guard attempt >= dialect.resyncAttempts else {
      return [failed] + resync(before: exchange, attempt: attempt + 1, now: now)
    }
    state = .idle
    return [failed, .finished(Answer(outcome: .deaf, duration: .zero))]
  }

  func isWanted(_ line: [UInt8], by exchange: Exchange) -> Bool {
    exchange.answers.contains { $0.matches(line, behind: intake.lines.last) }
  }

  mutating func send(_ bytes: [UInt8]) -> Event {
    counters.bytesSent += Int64(bytes.count)
    return .write(bytes)
  }

  /// A late OK to an `AT` comes right behind that of the next one: the module takes its lines in
  /// their order, and `AT` at once.
  private var settleTime: Duration {
    isOnlyProbeLate ? min(Self.probeSettleTime, dialect.settleTime) : dialect.settleTime
  }

  // MARK: - Ending

  /// The exchange ended with a result code, or its `AT` did.
  mutating func finish(_ outcome: Outcome, now: Instant) -> Event? {
    switch state {
    case .idle, .waiting: return nil
    case .resyncing(let exchange, _):
      lateAnswers = nil
      let until = now + settleTime
      quietUntil = until
      isGap = false
      state = .waiting(exchange, until: until)
      return .resynced(Answer(outcome: outcome, duration: now - running.since))
    case .running(let exchange):
      if exchange.isProbe, lateAnswers != nil {
        lateAnswers = nil
        quietUntil = now + settleTime
        isGap = false
      } else {
        quietUntil = dialect.gap > .zero ? now + dialect.gap : nil
        isGap = true
      }
      state = .idle
      return .finished(
        Answer(
          outcome: outcome, lines: intake.takeLines(), data: intake.takeData(),
          accepted: running.accepted, duration: now - running.since))
    }
  }

  /// The exchange ends without a result code, so the line is out of step.
  mutating func giveUp(_ outcome: Outcome, _ exchange: Exchange, now: Instant) -> [Event] {
    if let mark = exchange.connectData?.end, intake.endShortData(before: mark) {
      return finish(.ok, now: now).map { [$0] } ?? []
    }
    counters.timeouts += 1
    isOnlyProbeLate = exchange.isProbe && (lateAnswers == nil || isOnlyProbeLate)
    lateAnswers = (lateAnswers ?? []) + exchange.answers
    state = .idle
    var events: [Event] = []
    if running.isPromptDue, case .text = exchange.prompt { events.append(send([0x1B])) }
    // Counted data that never came whole may have swallowed the modem's word that it restarted.
    for text in intake.endCounting().restartTexts(of: dialect) { events.append(.urc(text)) }
    let duration = now - running.since
    events.append(
      .finished(Answer(outcome: outcome, lines: intake.takeLines(), duration: duration)))
    return events
  }

  /// A result code that nobody waits for: the answer to a command that was given up.
  mutating func noteStrayResult(now: Instant) {
    counters.strayResults += 1
    guard let quietUntil, now < quietUntil else { return }
    self.quietUntil = now + dialect.settleTime
  }
}

/// What an engine has done and seen since it was made. `reset` leaves it alone.
public struct EngineCounters: Equatable, Sendable {
  /// Command lines written, probes and resynchronisations included.
  public var exchanges: Int64 = 0
  public var bytesSent: Int64 = 0
  public var bytesReceived: Int64 = 0
  public var timeouts: Int64 = 0
  public var resyncs: Int64 = 0
  /// Times that a command had to wait for the family's gap.
  public var gaps: Int64 = 0
  /// Result codes that came when none was due.
  public var strayResults: Int64 = 0
  /// Lines over `Engine.lineLimit`, or over `Engine.linesPerAnswer`.
  public var droppedLines: Int64 = 0
  /// Lines that are neither text nor anybody's answer: glitches, late echoes, late answers.
  public var noiseLines: Int64 = 0

  public init() {}
}

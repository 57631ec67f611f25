import AT
import Primitives

/// Plays a captured session into the AT engine: its host's commands as exchanges, its modem's
/// reads as they came, its waits in virtual time.
struct SessionPlayer: Sendable {
  /// What came of it, in order.
  private(set) var moments: [PlayedMoment] = []

  private var engine = Engine(dialect: .generic)
  private var now = Instant.start
  /// Bytes that the host wrote and that are no whole line yet.
  private var written: [UInt8] = []
  private var running: Running?
  /// Where an answer's late relatives go: the last command that ended.
  private var ended: (command: CapturedCommand, index: Int)?
  /// Whether the command ended within the read that is being taken.
  private var endedInThisRead = false

  private struct Running: Sendable {
    var command: CapturedCommand
    var played: PlayedCommand
    /// Bytes of the payload that the session's host has yet to write; the engine wrote them.
    var payloadLeft: Int
  }

  /// How long an exchange may take whose result the session has.
  private static let patience = Duration.seconds(3600)

  static func play(_ session: CapturedSession) -> [PlayedMoment] {
    var player = SessionPlayer()
    player.play(session.steps[...])
    return player.moments
  }

  private mutating func play(_ steps: ArraySlice<CapturedSession.Step>) {
    var rest = steps
    while let step = rest.popFirst() {
      switch step {
      case .host(let bytes): write(bytes, before: rest)
      case .modem(let bytes): receive(bytes)
      case .wait(let span):
        now = now + span
        take(engine.elapse(now: now))
      }
    }
    giveUp()
  }

  private mutating func write(
    _ bytes: [UInt8], before rest: ArraySlice<CapturedSession.Step>
  ) {
    if let left = running?.payloadLeft, left > 0 {
      running?.payloadLeft = left - bytes.count
      return
    }
    written += bytes
    while let end = written.firstIndex(of: UInt8(ascii: "\r")) {
      let line = written[..<end].drop { $0 == UInt8(ascii: "\n") }
      written = Array(written[(end + 1)...])
      begin(CapturedCommand(Array(line)), before: rest)
    }
    // A host that ends its lines in CR LF.
    if written.equals("\n") { written = [] }
    if !written.isEmpty, running == nil || written.count > CommandLine.limit { written = [] }
  }

  private mutating func begin(
    _ command: CapturedCommand, before rest: ArraySlice<CapturedSession.Step>
  ) {
    giveUp()
    ended = nil
    var played = PlayedCommand(command: command.bytes)
    guard command.isCommandLine else { return moments.append(.command(played)) }
    let future = Future(rest)
    played.payload = future.payload
    // The log's host brought nothing back in step after a time-out, so neither is it done here.
    engine.takeAsInStep()
    var exchange = command.exchange(payload: future.payload, timeout: Self.patience)
    var trial = engine
    if !Self.ends(&trial, exchange, future, now: now) {
      exchange = command.exchange(
        payload: future.payload, timeout: max(future.waits, .milliseconds(1)))
    }
    running = Running(
      command: command, played: played, payloadLeft: future.payload?.count ?? 0)
    take(engine.begin(exchange, now: now))
  }

  /// Whether the exchange ends with a result before the host goes on.
  private static func ends(
    _ engine: inout Engine, _ exchange: Exchange, _ future: Future, now: Instant
  ) -> Bool {
    _ = engine.begin(exchange, now: now)
    for read in future.reads {
      for event in engine.receive(read, now: now) {
        if case .finished = event { return true }
      }
    }
    return false
  }

  private mutating func receive(_ bytes: [UInt8]) {
    endedInThisRead = false
    take(engine.receive(bytes, now: now))
  }

  /// The host goes on, so whatever is running has had its time.
  private mutating func giveUp() {
    guard running != nil, let deadline = engine.deadline else { return }
    now = max(now, deadline)
    take(engine.elapse(now: now))
  }

  private mutating func take(_ events: [Engine.Event]) {
    for event in events {
      switch event {
      case .write, .resynced: break
      case .urc(let line): note(line)
      case .finished(let answer):
        guard var done = running else { break }
        running = nil
        done.played.end(answer, finalText: done.command.finalText)
        moments.append(.command(done.played))
        ended = (done.command, moments.count - 1)
        endedInThisRead = true
      }
    }
  }

  /// A URC belongs to the command during which it came, in whose last read it came, or whose name
  /// it has; any other one stands between commands.
  private mutating func note(_ line: [UInt8]) {
    if running != nil {
      if line != running?.command.bytes { running?.played.urcs.append(line) }
      return
    }
    if let ended, endedInThisRead || ended.command.isNamed(by: line),
      case .command(var played) = moments[ended.index]
    {
      played.urcs.append(line)
      moments[ended.index] = .command(played)
    } else {
      moments.append(.urc(line))
    }
  }
}

/// What the session has between one command and the next.
private struct Future {
  private(set) var reads: [[UInt8]] = []
  private(set) var waits = Duration.zero
  /// What the host wrote at the prompt that a read ends in.
  private(set) var payload: [UInt8]?

  init(_ steps: ArraySlice<CapturedSession.Step>) {
    var isAtPrompt = false
    var tail: [UInt8] = []
    for step in steps {
      switch step {
      case .host(let bytes):
        guard isAtPrompt else { return }
        payload = (payload ?? []) + bytes
      case .modem(let bytes):
        reads.append(bytes)
        tail = (tail + bytes).suffix(8)
        isAtPrompt = payload == nil && Self.endsInPrompt(tail)
      case .wait(let span): waits += span
      }
    }
  }

  private static func endsInPrompt(_ tail: [UInt8]) -> Bool {
    let text = tail.last == UInt8(ascii: " ") ? tail.dropLast() : tail[...]
    guard text.last == UInt8(ascii: ">") else { return false }
    let before = text.dropLast().last
    return before == nil || before == UInt8(ascii: "\n") || before == UInt8(ascii: "\r")
  }
}

import AT
import Cellular
import Modems
import Primitives

/// A person's command line, one at a time, run while nothing of the link's own is on its way.
extension Link {
  mutating func take(_ command: ConsoleCommand, now: Instant) {
    if console != nil { return emit(.console(command.id, .refused(.taken))) }
    let wait = command.wakes ? limits.consoleWake : limits.consoleWait
    console = ConsoleTurn(
      command: command, stage: .waiting(until: now + wait),
      wakesLeft: command.wakes ? ConsoleTurn.wakeLimit : 0)
  }

  /// After every input: sends the line where that is possible now, and ends it where it never
  /// will be. So no path of the machine can forget it.
  mutating func settleConsole(now: Instant) {
    guard let turn = console else { return }
    switch turn.stage {
    case .running:
      if case .working(.console) = phase { return }
      endConsole(.refused(.interrupted))
    case .waiting(let until):
      if goal == .off { return endConsole(.refused(.ending)) }
      switch phase {
      case .idle: run(turn, now: now)
      case .searching where engine.isIdle: run(turn, now: now)
      case .resting: wake(for: turn, now: now)
      case .searching, .activating, .detecting, .awaitingStatus, .probing, .holdingOff, .pressing,
        .booting, .working, .pausing, .opening, .online, .draining, .goingOff, .confirming:
        if until <= now { endConsole(.refused(hindrance)) }
      }
    }
  }

  /// The modem answered, or didn't in time. That is for the person to judge: no rung is climbed.
  mutating func consoleAnswered(_ answer: Answer, now: Instant) {
    guard let turn = console else { return advance(now: now) }
    if !turn.command.onlyAsks || !answer.outcome.isAnswered || answer.outcome == .connect {
      lookAnew(after: turn.command)
    }
    endConsole(.answered(answer, urcs: turn.urcs))
    // A data connection takes no commands; only a restart is sure to end it.
    if answer.outcome == .connect { return cyclePower(now: now) }
    advance(now: now)
    if case .idle = phase { phase = .idle(until: now + limits.consoleIdle) }
  }

  /// Keeps what the modem says unasked while a console's line runs.
  mutating func noteForConsole(_ line: [UInt8]) {
    guard case .working(.console) = phase, let count = console?.urcs.count,
      count < ConsoleTurn.urcLimit
    else { return }
    console?.urcs.append(line)
  }

  private mutating func run(_ turn: ConsoleTurn, now: Instant) {
    console?.stage = .running
    let exchange = Exchange(
      turn.command.command.line, answers: [answers(to: turn.command.command.line)],
      timeout: turn.command.timeout, completion: .call,
      // Nobody types a payload: its prompt is answered with ESC, which cancels (TS 27.005 §3.5.1).
      payload: [0x1B], promptTimeout: turn.command.timeout)
    begin(exchange, .console, now: now)
  }

  private mutating func wake(for turn: ConsoleTurn, now: Instant) {
    if case .failed = state, turn.command.wakes, turn.wakesLeft < ConsoleTurn.wakeLimit {
      return endConsole(.refused(.notStarted))
    }
    guard turn.wakesLeft > 0 else {
      return endConsole(.refused(state == .asleep ? .asleep : .off))
    }
    goal = .nothing
    tries = Tries()
    attemptEnds = nil
    guard rest != nil || isUnknown else { return start(now: now) }
    console?.wakesLeft -= 1
    // A module that is only asked at first was asked at the wake before.
    powerUp(.consoleRequested, isKnownOff: turn.wakesLeft == 1, now: now)
    modem.isLookDue = true
  }

  private mutating func endConsole(_ result: ConsoleResult) {
    guard let turn = console else { return }
    console = nil
    emit(.console(turn.command.id, result))
  }

  /// Nothing that was known can be trusted any more, so everything is looked at again: before the
  /// next connection, or before the modem goes to sleep.
  private mutating func lookAnew(after command: ConsoleCommand) {
    let old = modem
    modem = Knowledge()
    modem.hasSaidReady = old.hasSaidReady
    modem.searchSince = old.searchSince
    modem.isRadioOff = old.isRadioOff || command.mayTurnRadioOff
    modem.socket = old.socket == .none ? .none : .stale
    modem.isLookDue = true
  }

  /// What keeps the line from being sent.
  private var hindrance: ConsoleRefusal {
    switch phase {
    case .draining, .goingOff, .confirming: return .goingToSleep
    case .resting, .detecting, .awaitingStatus, .probing, .holdingOff, .pressing, .booting:
      return .starting
    case .working, .pausing, .idle, .searching, .activating, .opening, .online:
      if case .online = goal { return .reporting }
      return goal == .nothing ? .starting : .goingToSleep
    }
  }

  /// What answers a line that nobody knew beforehand: lines of its commands' names, and lines
  /// without a name that the module doesn't say by itself.
  private func answers(to line: CommandLine) -> AnswerPattern {
    let commands = LineContext(commandLine: line.bytes).outstanding ?? []
    let meaning = module.meaning
    let dialect = module.dialect
    return .line { line in
      // One digit is a numeric result code (V.250 §6.2.6).
      if line.count < 2 { return false }
      guard let named = NamedLine(line) else {
        return meaning(line) == .other && !dialect.bareURCs.contains { line.equals($0) }
      }
      guard let command = commands.first(where: { $0.name == named.name }) else { return false }
      let isRegistration =
        named.isNamed("+CREG") || named.isNamed("+CGREG")
        || named.isNamed("+CEREG")
      return !isRegistration || command.form == .test || Registration.isReadAnswer(line)
    }
  }
}

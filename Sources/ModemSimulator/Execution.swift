import Primitives

/// A command line that is being run.
struct Execution: Sendable {
  let serial: Int
  let begunAt: Instant
  var rest: [ATCommand]
  var isWaiting = false
  var isAbortable = false
  /// Information lines of the command that runs.
  var information: [UInt8] = []
}

/// How a command ended, or that it hasn't.
enum CommandOutcome: Equatable, Sendable {
  case ok
  case error
  /// `+CME ERROR` (TS 27.007 §9.2).
  case equipmentError(Int)
  /// `+CMS ERROR` (TS 27.005 §3.2.5).
  case messageError(Int)
  /// A text stands where OK or ERROR does: `SHUT OK`, `SEND FAIL`, `NO CARRIER`.
  case says([UInt8], isError: Bool = false)
  /// As `ok`, and nothing is said where it ends its line (`AT+CIFSR`, `AT+QILOCIP`).
  case silent
  /// An event will complete it.
  case waits
  case prompt(PayloadRequest)
  /// The module is going down or has restarted: no result.
  case gone

  static func sent(isOK: Bool) -> CommandOutcome {
    .says(Array((isOK ? "SEND OK" : "SEND FAIL").utf8))
  }
}

extension SimulatedModem {
  mutating func begin(line: [UInt8]) {
    let traits = personality.line
    let prefixes = Array(traits.prefixes)
    var commands = CommandLineParser.commands(line, prefixes: prefixes)
    let isJoined = commands.count > 1 && commands.contains { $0.begins(with: prefixes) }
    if isJoined, !traits.joinsCommands { commands = [.malformed] }
    let serial = counters.commandLines
    execution = Execution(serial: serial, begunAt: now, rest: commands)
    if commands.isEmpty {
      let time = sample(.milliseconds(1) ... .milliseconds(6)) + faults.answerDelay
      schedule(.complete(serial, .ok), after: time)
    } else {
      beginNext()
    }
  }

  /// The module thinks about the next command for a while, then runs it.
  private mutating func beginNext() {
    guard let execution, let command = execution.rest.first else { return }
    let time = entry(command)?.time ?? .milliseconds(2) ... .milliseconds(8)
    schedule(.command(execution.serial), after: sample(time) + faults.answerDelay)
  }

  private func entry(_ command: ATCommand) -> CommandEntry? {
    personality.commands.first { command.name.equals($0.name) }
  }

  mutating func runCommand(_ serial: Int) {
    guard execution?.serial == serial, let command = execution?.rest.first else { return }
    execution?.rest.removeFirst()
    counters.commands += 1
    if let name = faults.rebootsOnCommand, name == command.name {
      faults.rebootsOnCommand = nil
      return restart(keepsCell: false)
    }
    guard command.kind != .malformed, let entry = entry(command) else { return complete(.error) }
    execution?.isAbortable = entry.isAbortable
    complete(entry.run(&self, command))
  }

  /// A line on the port that commands come from, wherever URCs go.
  mutating func say(_ text: ATText) { transmit(framed(text)) }

  /// An information line of the running command.
  mutating func inform(_ line: ATText) { execution?.information += line.bytes + crlf }

  /// Bytes among the information lines, without a line end of their own.
  mutating func informRaw(_ bytes: [UInt8]) { execution?.information += bytes }

  /// Ends the running command, or leaves it waiting.
  mutating func complete(_ outcome: CommandOutcome) {
    switch outcome {
    case .gone: return
    case .waits:
      execution?.isWaiting = true
      return
    case .prompt(let request):
      execution?.isWaiting = true
      execution?.isAbortable = false
      return prompt(request)
    case .ok, .silent, .error, .equipmentError, .messageError, .says: break
    }
    sendLines()
    tellNews()
    execution?.isWaiting = false
    cancelCompletions()
    let isGood = outcome == .ok || outcome == .silent
    if isGood, let execution, !execution.rest.isEmpty { return beginNext() }
    finish(outcome)
  }

  /// Ends the running command with `outcome` after `delay`, unless something ends it before.
  mutating func wait(_ delay: Duration, then outcome: CommandOutcome) -> CommandOutcome {
    if let execution { schedule(.complete(execution.serial, outcome), after: delay) }
    return .waits
  }

  private mutating func cancelCompletions() {
    agenda.cancelAll { event in
      if case .complete = event { false } else { true }
    }
  }

  /// Information text (V.250 §5.7.1): one blank line before, each line with its own end.
  mutating func sendLines() {
    guard let information = execution?.information, !information.isEmpty else { return }
    execution?.information = []
    transmit((session.profile.isVerbose ? crlf : []) + information)
  }

  mutating func finish(_ outcome: CommandOutcome) {
    execution = nil
    if let text = result(outcome) { transmit(text) }
    input.finishedAt = now
    switch outcome {
    case .error, .equipmentError, .messageError: counters.failedLines += 1
    case .says(_, let isError): if isError { counters.failedLines += 1 }
    case .ok, .silent, .waits, .prompt, .gone: break
    }
    if radio.sleepsWhenIdle { activeTimerExpired() }
  }

  /// The final result code as it goes out; nil when ATQ1 keeps it back.
  private func result(_ outcome: CommandOutcome) -> [UInt8]? {
    if session.profile.isQuiet { return nil }
    switch outcome {
    case .ok: return code("OK", 0)
    case .error:
      if session.errorFormat > 0, let number = personality.line.genericError {
        return result(.equipmentError(number))
      }
      return code("ERROR", 4)
    case .equipmentError(let number):
      if session.errorFormat == 0 { return code("ERROR", 4) }
      let own = personality.line.errorText(number).map { ATText(bytes: Array($0)) }
      let text = session.errorFormat == 1 ? "\(number)" : own ?? equipmentErrorText(number)
      return framed("+CME ERROR: \(text)")
    case .messageError(let number):
      if session.errorFormat == 0 { return code("ERROR", 4) }
      let text = session.errorFormat == 1 ? "\(number)" : messageErrorText(number)
      return framed("+CMS ERROR: \(text)")
    case .says(let text, _): return framed(ATText(bytes: text))
    case .silent, .waits, .prompt, .gone: return nil
    }
  }

  private func code(_ text: ATText, _ number: Int) -> [UInt8] {
    session.profile.isVerbose ? framed(text) : Array("\(number)\r".utf8)
  }

  func framed(_ text: ATText) -> [UInt8] {
    session.profile.isVerbose ? crlf + text.bytes + crlf : text.bytes + crlf
  }
}

/// What AT+CMEE=2 says (TS 27.007 §9.2.1).
func equipmentErrorText(_ number: Int) -> ATText {
  switch number {
  case 3: "operation not allowed"
  case 4: "operation not supported"
  case 10: "SIM not inserted"
  case 11: "SIM PIN required"
  case 12: "SIM PUK required"
  case 13: "SIM failure"
  case 14: "SIM busy"
  case 16: "incorrect password"
  case 21: "invalid index"
  case 30: "no network service"
  case 31: "network timeout"
  case 50: "incorrect parameters"
  default: "unknown"
  }
}

/// What AT+CMEE=2 says (TS 27.005 §3.2.5).
func messageErrorText(_ number: Int) -> ATText {
  switch number {
  case 302: "operation not allowed"
  case 303: "operation not supported"
  case 305: "invalid text mode parameter"
  case 304: "invalid PDU mode parameter"
  case 310: "SIM not inserted"
  case 314: "SIM busy"
  case 321: "invalid memory index"
  case 322: "memory full"
  case 331: "no network service"
  case 332: "network timeout"
  default: "unknown error"
  }
}

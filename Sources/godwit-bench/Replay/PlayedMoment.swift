import AT
import Primitives

/// What a replay finds: a command with what came of it, or a URC between commands.
enum PlayedMoment: Equatable, Sendable {
  case command(PlayedCommand)
  case urc([UInt8])
}

/// A command and what came of it, in the words of ../shared/data/sessions.
struct PlayedCommand: Equatable, Sendable {
  /// How it ended, as the captured sessions name it.
  enum Outcome: String, Equatable, Sendable {
    case ok
    case error
    case equipmentError = "cme_error"
    case messageError = "cms_error"
    case timeout
    /// What the host wrote is no command line.
    case incomplete
  }

  let command: [UInt8]
  var outcome = Outcome.incomplete
  /// The line that says the error; empty without one.
  var error: [UInt8] = []
  var lines: [[UInt8]] = []
  /// In order, up to its end and in the read that brought it.
  var urcs: [[UInt8]] = []
  /// What was sent at the prompt; nil for a command without one.
  var payload: [UInt8]?
  /// The counted bytes behind the last line.
  var data: [UInt8] = []
  /// The text that ended it in success, where it isn't OK.
  var finalText: [UInt8]?
  var duration = Duration.zero

  init(command: [UInt8]) { self.command = command }

  mutating func end(_ answer: Answer, finalText: StaticString?) {
    (lines, data, duration) = (answer.lines, answer.data, answer.duration)
    switch answer.outcome {
    case .ok:
      outcome = .ok
      self.finalText = finalText.map { Array($0) }
    case .connect: outcome = .ok
    case .error, .refused: (outcome, error) = (.error, Array("ERROR".utf8))
    case .equipmentError: (outcome, error) = (.equipmentError, Array(answer.outcome.text.utf8))
    case .messageError: (outcome, error) = (.messageError, Array(answer.outcome.text.utf8))
    case .errorText(let line):
      outcome =
        line.isNamed("+CME ERROR")
        ? .equipmentError : line.isNamed("+CMS ERROR") ? .messageError : .error
      error = line
    case .timedOut, .deaf, .oversized: outcome = .timeout
    }
  }
}

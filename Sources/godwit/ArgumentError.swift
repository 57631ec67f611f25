import AT
import Link
import Primitives

/// Why a command line was refused, with what to write instead.
enum ArgumentError: Error, Equatable {
  case noCommand
  case unknownCommand([UInt8])
  case unknownTopic([UInt8])
  case unknownOption(CommandName, [UInt8])
  case repeatedOption(CommandName, Option)
  case missingOption(CommandName, Option)
  case missingValue(CommandName, Option)
  case unwantedValue(CommandName, Option)
  case conflict(CommandName, Option, Option)
  case missingWord(CommandName, [UInt8])
  case extraWord(CommandName, [UInt8])
  case badReading([UInt8], MeasurementFault)
  case tooManyReadings(Int)
  case badTimeout([UInt8])
  case badCommand([UInt8], TypedCommandError)
  case badWord(CommandName, [UInt8], WordFault)

  /// `godwit put: …`, then the remedy; one line.
  var text: String {
    "\(prefix): \(what); \(remedy)"
  }

  private var prefix: String {
    guard let command else { return "godwit" }
    return "godwit \(command.word.text)"
  }

  private var command: CommandName? {
    switch self {
    case .noCommand, .unknownCommand: nil
    case .unknownTopic: .help
    case .unknownOption(let command, _), .repeatedOption(let command, _),
      .missingOption(let command, _), .missingValue(let command, _),
      .unwantedValue(let command, _), .conflict(let command, _, _),
      .missingWord(let command, _), .extraWord(let command, _), .badWord(let command, _, _):
      command
    case .badReading, .tooManyReadings: .put
    case .badTimeout, .badCommand: .at
    }
  }

  private var what: String {
    switch self {
    case .noCommand: "there is no command"
    case .unknownCommand(let word): "there is no command '\(word.printable)'"
    case .unknownTopic(let word): "there is no help on '\(word.printable)'"
    case .unknownOption(_, let word): "there is no option '\(word.printable)'"
    case .repeatedOption(_, let option): "\(option.word.text) stands there twice"
    case .missingOption(_, let option): "\(option.word.text) is missing"
    case .missingValue(_, let option): "\(option.word.text) has no value"
    case .unwantedValue(_, let option): "\(option.word.text) takes no value"
    case .conflict(_, let one, let other):
      "\(one.word.text) and \(other.word.text) don't go together"
    case .missingWord(_, let name): "there is no \(name.printable)"
    case .extraWord(_, let word): "'\(word.printable)' is too much"
    case .badReading(let word, let fault): "'\(word.printable)' \(fault.what)"
    case .tooManyReadings(let count): "there are \(count) readings"
    case .badTimeout(let text): "--timeout is '\(text.printable)'"
    case .badCommand(let text, _): "'\(text.prefix(80).printable)' can't be sent"
    case .badWord(_, let word, let fault): "'\(word.prefix(80).printable)' \(fault.what)"
    }
  }

  private var remedy: String {
    switch self {
    case .noCommand: "write \(Self.commands.alternatives), or `godwit help` to have them explained"
    case .unknownCommand(let word):
      Self.meant(word, Self.commands) ?? "write \(Self.commands.alternatives)"
    case .unknownTopic(let word):
      Self.meant(word, Self.topics) ?? "write \(Self.topics.alternatives), or nothing"
    case .unknownOption(let command, let word):
      Self.meant(word, command.optionWords) ?? command.usage
    case .repeatedOption: "write it once"
    case .missingOption(let command, _), .unwantedValue(let command, _),
      .missingWord(let command, _), .extraWord(let command, _):
      command.usage
    case .missingValue(_, let option):
      "write \(option.word.text) \(option.valueName.map { $0.text } ?? "")"
    case .conflict: "write one of the two"
    case .badReading(_, let fault): fault.remedy
    case .badTimeout: "write 1 to \(ConsoleCommand.timeLimitSeconds) seconds"
    case .badCommand(_, let error): error.text
    case .badWord(let command, _, let fault): fault.remedy(command)
    case .tooManyReadings:
      "send at most \(Command.measurementLimit) at a time, or SenML JSON with `godwit put -`"
    }
  }

  private static let commands = CommandName.allCases.map { Array($0.word) }
  private static let topics = commands + [Array("configuration")]

  private static func meant(_ word: [UInt8], _ words: [[UInt8]]) -> String? {
    words.nearest(to: word).map { "did you mean \($0.printable)?" }
  }
}

/// What is wrong with a `NAME=VALUE`.
enum MeasurementFault: Error, Equatable {
  case noEquals, badName, reservedName, badValue, badUnit

  var what: String {
    switch self {
    case .noEquals: "has no '='"
    case .badName: "has a name that isn't allowed"
    case .reservedName: "has a name that only the device itself uses"
    case .badValue: "has a value that isn't a number"
    case .badUnit: "has a unit that isn't allowed"
    }
  }

  var remedy: String {
    switch self {
    case .noEquals: "write NAME=VALUE, like temperature=21.5"
    case .badName:
      "use 1 to 64 letters, digits and any of -:./_ and begin with a letter or a digit"
    case .reservedName: "choose one that doesn't begin with godwit/"
    case .badValue: "write one like -12.5 or 1e-3, of at most 18 digits"
    case .badUnit:
      "write one word of 1 to 16 visible bytes without '\"' and '\\', like 'temperature=21.5 Cel'"
    }
  }
}

extension CommandName {
  /// How to write it, in one line.
  var usage: String {
    let words = Array(synopsis).split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
    let rest = words.reduce("") { $0 + " " + $1.printable }
    return "write: godwit \(word.text)\(rest)"
  }

  fileprivate var optionWords: [[UInt8]] { options.map { Array($0.word) } + [Array("--help")] }
}

extension StaticString {
  var text: String { String(decoding: Array(self), as: UTF8.self) }
}

import Primitives

/// All that is wrong with a configuration, in the order of its lines, so that a person can mend it
/// in one go.
public struct ConfigurationError: Error, Equatable, Sendable {
  /// Never empty; `ConfigurationParser.problemLimit` at most.
  public let problems: [ConfigurationProblem]
  /// How many more there are beyond the limit.
  public let furtherProblems: Int

  /// One line a problem: `FILE:LINE: [section] key = value: what; remedy`.
  public func lines(file: [UInt8]) -> [String] {
    var lines: [String] = []
    for problem in problems { lines.append(problem.text(file: file)) }
    if furtherProblems > 0 {
      lines.append("\(file.printable): \(furtherProblems) more; mend these first")
    }
    return lines
  }
}

/// One thing that is wrong with a configuration.
public struct ConfigurationProblem: Equatable, Sendable {
  /// From 1; nil when it is about the file as a whole.
  public let line: Int?
  /// As written, without brackets: `device`, `sensor load`. Empty where it isn't known.
  public let section: [UInt8]
  /// Empty where the problem isn't about one key.
  public let key: [UInt8]
  /// Cut to `valueLimit` bytes. nil where there is none, or where it is a secret.
  public let value: [UInt8]?
  public let fault: ConfigurationFault

  /// The most bytes of a value that are shown.
  public static let valueLimit = 80

  public var what: String { fault.what }
  public var remedy: String { fault.remedy }

  /// `FILE:LINE: [section] key = value: what; remedy`.
  public func text(file: [UInt8]) -> String {
    var text = file.printable
    if let line { text += ":\(line)" }
    text += ": "
    if !section.isEmpty { text += "[\(section.printable)]" }
    if !key.isEmpty {
      text += section.isEmpty ? key.printable : " \(key.printable)"
      if let value, !value.isEmpty { text += " = \(value.printable)" }
    }
    if !section.isEmpty || !key.isEmpty { text += ": " }
    return text + what + "; " + remedy
  }
}

/// Why a line, a section or the whole was refused.
public enum ConfigurationFault: Equatable, Sendable {
  case value(ValueProblem)
  case missing(example: [UInt8])
  case missingSection(keys: [[UInt8]])
  case unknownKey(nearest: [UInt8]?, home: SettingSection?)
  case duplicateKey(firstLine: Int)
  case unknownSection(nearest: [UInt8]?)
  case duplicateSection(firstLine: Int)
  case sectionWithoutBracket
  case sectionTakesNoName
  case sectionWithoutName(SettingSection)
  case tooManySensors
  case beforeAnySection
  case notASetting
  case controlByte(UInt8, position: Int)
  case lineTooLong(lengthBytes: Int)
  case fileTooLong(lengthBytes: Int)
  case credentialsUnused
  case userMissing
  case activeTimeTooLong
  case edrxTooShort
  case trialTooShort
  case samePin
  case sameLine
  case minimumAboveMaximum
  case sameFile
  case traceFileTaken
  case sendersMissing
  case nothingProves
  case notListening
  /// With another dialect whose texts can look the same.
  case senderShared([UInt8])

  var what: String {
    switch self {
    case .value(let problem): problem.what
    case .missing: "is missing"
    case .missingSection: "the section is missing"
    case .unknownKey(_, nil): "there is no such key"
    case .unknownKey(_, _?): "the key isn't of this section"
    case .duplicateKey(let line): "was set on line \(line) already"
    case .unknownSection: "there is no such section"
    case .duplicateSection(let line): "began on line \(line) already"
    case .sectionWithoutBracket: "the section's name doesn't end in ']'"
    case .sectionTakesNoName: "this section takes no name"
    case .sectionWithoutName(let section): "the \(section.text) has no name"
    case .tooManySensors: "has more than \(ConfigurationParser.sensorLimit) sensors"
    case .beforeAnySection: "stands before the first section"
    case .notASetting: "the line is neither KEY = VALUE nor [SECTION] nor a comment"
    case .controlByte(let byte, let position):
      "\(byte.spoken) at position \(position) of the line has no place in a text file"
    case .lineTooLong(let count): "the line has \(count) bytes"
    case .fileTooLong(let count): "has \(count) bytes"
    case .credentialsUnused: "there are a user or a password, but no authentication"
    case .userMissing: "there is no user to authenticate"
    case .activeTimeTooLong: "isn't shorter than periodic-tau"
    case .edrxTooShort: "is shorter than NB-IoT's shortest cycle of 20.48 s"
    case .trialTooShort: "is too short for three attempts with every identity of a SIM"
    case .samePin: "is the same line as power-key"
    case .sameLine: "is the same line as power-key or status"
    case .minimumAboveMaximum: "is above maximum"
    case .sameFile: "[store] path and [control] socket name the same file"
    case .sendersMissing: "there are no senders from whom its texts are taken"
    case .nothingProves: "there is no password, so that no text would be obeyed"
    case .notListening: "no SMS are taken from the modem, so that no command comes in"
    case .senderShared(let other):
      "[dialect \(other.printable)] has one of these senders too, and some texts are of both"
    case .traceFileTaken: "[store] path or [control] socket names the same file"
    }
  }

  var remedy: String {
    switch self {
    case .value(let problem): problem.remedy
    case .missing(let example): "add a line like: \(example.printable)"
    case .missingSection(let keys): "add it, with \(keys.listed(lastSeparator: " and "))"
    case .unknownKey(_, let home?): "move it to [\(home.text)]"
    case .unknownKey(let nearest?, nil): "did you mean \(nearest.printable)?"
    case .unknownKey(nil, nil): "take it out; `godwit help configuration` lists them all"
    case .duplicateKey: "keep one of the two"
    case .unknownSection(let nearest?): "did you mean [\(nearest.printable)]?"
    case .unknownSection(nil): "write one of \(SettingSection.allWords.alternatives)"
    case .duplicateSection: "move its lines there, or choose another name for a sensor"
    case .sectionWithoutBracket: "write it like [device] or [sensor load], nothing behind it"
    case .sectionTakesNoName: "write the word alone in the brackets"
    case .sectionWithoutName(.dialect): "write it like [dialect teltonika]"
    case .sectionWithoutName: "write it like [sensor load]"
    case .tooManySensors: "take some out, or send their readings with `godwit put`"
    case .beforeAnySection: "write a section like [device] above it"
    case .notASetting: "write KEY = VALUE, or '#' in front of a comment"
    case .controlByte: "take it out; save the file as plain text"
    case .lineTooLong: "use at most \(ConfigurationParser.lineLimit)"
    case .fileTooLong: "use at most \(ConfigurationParser.fileLimit); is it the right file?"
    case .credentialsUnused: "write pap or chap, or take user and password out"
    case .userMissing: "add a line like: user = meadow"
    case .activeTimeTooLong: "write a shorter time, or a longer periodic-tau"
    case .edrxTooShort: "write 21s or more, or take nb-iot out of rats"
    case .trialTooShort: "write 30min or more, or limits = off for a simulated network"
    case .samePin: "write the line to which the STATUS pin is wired, or none"
    case .sameLine: "write the line that cuts the modem's supply, or none"
    case .minimumAboveMaximum: "write a smaller number, or a larger maximum"
    case .sendersMissing: "add a line like: senders = 12345678"
    case .nothingProves: "add a password, or accept-unauthenticated = yes"
    case .notListening: "add a line to [sms]: listen = on"
    case .senderShared: "give each dialect numbers of its own"
    case .sameFile, .traceFileTaken: "choose another name"
    }
  }
}

extension SettingSection {
  static var allWords: [[UInt8]] { allCases.map { Array($0.name) } }
  var text: String { Array(name).printable }
}

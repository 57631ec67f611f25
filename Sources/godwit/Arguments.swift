import AT
import Link
import Modems
import Primitives
import Telemetry

/// What the command line asks for.
enum Command: Equatable {
  case run(configuration: [UInt8])
  case put([Measurement], ControlAddress)
  /// SenML JSON comes from standard input.
  case putInput(ControlAddress)
  case status(StatusForm, ControlAddress)
  case doctor(isJSON: Bool, ControlAddress)
  case at(ConsoleOptions)
  case check(file: [UInt8], isPrinting: Bool)
  /// nil: standard input.
  case explain(file: [UInt8]?, isJSON: Bool)
  case psm(PSMQuestion, isJSON: Bool)
  case edrx(EDRXQuestion, isJSON: Bool)
  case sms(SMSRequest)
  case provision(ProvisionRequest)
  case modules(isJSON: Bool)
  case version
  /// nil: all commands.
  case help(HelpTopic?)
}

/// How `status` answers.
enum StatusForm: Equatable { case text, json, follow }

/// Where the running process is to be found.
enum ControlAddress: Equatable {
  /// In the configuration of this file.
  case configuration([UInt8])
  case socket([UInt8])

  /// Where neither `--config` nor `--socket` says it.
  static let standard = ControlAddress.configuration(Array("/etc/godwit/godwit.conf"))
}

/// One `NAME=VALUE` of `put`. It is taken at the time at which the running process gets it.
struct Measurement: Equatable {
  let name: ReadingName
  let value: DecimalNumber
  let unit: ReadingUnit?
}

enum HelpTopic: Equatable {
  case command(CommandName)
  case configuration
}

extension Command {
  /// The most readings of one `put`.
  static let measurementLimit = 1000

  /// - Parameter words: the command line without the program's name.
  init(_ words: [[UInt8]]) throws(ArgumentError) {
    guard let first = words.first else { throw .noCommand }
    let rest = Array(words.dropFirst())
    if first.equals("--help") || first.equals("-h") {
      self = .help(nil)
      return
    }
    let name = first.equals("--version") ? .version : CommandName(first)
    guard let name else { throw .unknownCommand(first) }
    let split = try SplitWords(rest, of: name)
    if split.isHelpWanted {
      self = .help(.command(name))
      return
    }
    switch name {
    case .run:
      try split.takesNoWords()
      guard let file = split.value(of: .config) else { throw .missingOption(.run, .config) }
      self = .run(configuration: file)
    case .put: self = try Self.put(split)
    case .status:
      try split.takesNoWords()
      if split.has(.json), split.has(.follow) { throw .conflict(.status, .json, .follow) }
      let form: StatusForm = split.has(.json) ? .json : split.has(.follow) ? .follow : .text
      self = .status(form, try split.address())
    case .doctor:
      try split.takesNoWords()
      self = .doctor(isJSON: split.has(.json), try split.address())
    case .at: self = .at(try Self.console(split))
    case .check:
      guard let file = split.words.first else { throw .missingWord(.check, Array("FILE")) }
      try split.takesNoWords(beyond: 1)
      self = .check(file: file, isPrinting: split.has(.print))
    case .explain:
      try split.takesNoWords(beyond: 1)
      let file = split.words.first.flatMap { $0.equals("-") ? nil : $0 }
      self = .explain(file: file, isJSON: split.has(.json))
    case .psm: self = .psm(try PSMQuestion(split), isJSON: split.has(.json))
    case .edrx: self = .edrx(try EDRXQuestion(split), isJSON: split.has(.json))
    case .sms: self = .sms(try SMSRequest(split))
    case .provision: self = .provision(try ProvisionRequest(split))
    case .modules:
      try split.takesNoWords()
      self = .modules(isJSON: split.has(.json))
    case .version:
      try split.takesNoWords()
      self = .version
    case .help:
      try split.takesNoWords(beyond: 1)
      self = .help(try HelpTopic(split.words.first))
    }
  }

  private static func console(_ split: SplitWords) throws(ArgumentError) -> ConsoleOptions {
    var options = ConsoleOptions()
    options.wakes = split.has(.wake)
    options.isJSON = split.has(.json)
    options.address = try split.address()
    if let text = split.value(of: .timeout) {
      guard let seconds = text.asciiWholeNumber,
        (1...ConsoleCommand.timeLimitSeconds).contains(seconds)
      else { throw .badTimeout(text) }
      options.seconds = seconds
    }
    for word in split.words {
      do throws(TypedCommandError) {
        options.lines.append(try TypedCommand(word, hiding: SecretMask().masked))
      } catch {
        throw .badCommand(word, error)
      }
    }
    return options
  }

  private static func put(_ split: SplitWords) throws(ArgumentError) -> Command {
    let address = try split.address()
    guard let first = split.words.first else { throw .missingWord(.put, Array("NAME=VALUE")) }
    if first.equals("-") {
      try split.takesNoWords(beyond: 1)
      return .putInput(address)
    }
    guard split.words.count <= measurementLimit else { throw .tooManyReadings(split.words.count) }
    var measurements: [Measurement] = []
    for word in split.words {
      do throws(MeasurementFault) {
        measurements.append(try Measurement(word))
      } catch {
        throw .badReading(word, error)
      }
    }
    return .put(measurements, address)
  }
}

extension Measurement {
  /// Reads `NAME=VALUE`, or `NAME=VALUE UNIT` with blanks before the unit.
  init(_ word: [UInt8]) throws(MeasurementFault) {
    guard let equals = word.firstIndex(of: UInt8(ascii: "=")) else { throw .noEquals }
    guard let name = ReadingName(Array(word[..<equals])) else { throw .badName }
    if name.isReserved { throw .reservedName }
    let parts = word[(equals + 1)...].split(separator: UInt8(ascii: " ")).map { Array($0) }
    guard let first = parts.first, let value = DecimalNumber(first) else { throw .badValue }
    guard parts.count <= 2 else { throw .badUnit }
    var unit: ReadingUnit?
    if parts.count == 2 {
      guard let named = ReadingUnit(parts[1]) else { throw .badUnit }
      unit = named
    }
    self.init(name: name, value: value, unit: unit)
  }
}

extension HelpTopic {
  fileprivate init?(_ word: [UInt8]?) throws(ArgumentError) {
    guard let word else { return nil }
    if word.equals("configuration") {
      self = .configuration
    } else if let name = CommandName(word) {
      self = .command(name)
    } else {
      throw .unknownTopic(word)
    }
  }
}

extension CommandName {
  init?(_ word: [UInt8]) {
    guard let name = Self.allCases.first(where: { word.equals($0.word) }) else { return nil }
    self = name
  }
}

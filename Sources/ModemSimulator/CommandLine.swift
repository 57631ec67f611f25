import Primitives

/// One command of a line, taken apart (V.250 §5.3, §5.4).
struct ATCommand: Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    case execute, read, test
    case set([Argument])
    /// Not a command at all.
    case malformed
  }

  /// In capitals: `E`, `&F`, `+CEREG`.
  var name: [UInt8]
  var kind: Kind

  static let malformed = ATCommand(name: [], kind: .malformed)

  /// The parameters; empty unless this is a set command.
  var arguments: [Argument] {
    if case .set(let arguments) = kind { return arguments }
    return []
  }

  /// Whether its name begins with one of the marks of extended commands.
  func begins(with prefixes: [UInt8]) -> Bool { name.first.map { prefixes.contains($0) } ?? false }

  var isSet: Bool {
    if case .set = kind { return true }
    return false
  }

  /// A number within `range`; nil when the parameter is missing, quoted or out of range.
  func number(_ index: Int, _ range: ClosedRange<Int>) -> Int? {
    guard index < arguments.count, case .plain(let text) = arguments[index],
      let value = text.asciiWholeNumber, value <= Int64(range.upperBound),
      value >= Int64(range.lowerBound)
    else { return nil }
    return Int(value)
  }

  /// As `number`, with a value for a missing or empty parameter.
  func number(_ index: Int, _ range: ClosedRange<Int>, otherwise: Int) -> Int? {
    guard index < arguments.count, arguments[index] != .omitted else { return otherwise }
    return number(index, range)
  }

  /// A quoted string; nil when the parameter is missing or not quoted.
  func string(_ index: Int) -> [UInt8]? {
    guard index < arguments.count, case .quoted(let text) = arguments[index] else { return nil }
    return text
  }

  /// As `string`, with an empty one for a missing or empty parameter.
  func string(_ index: Int, otherwise: [UInt8]) -> [UInt8]? {
    guard index < arguments.count, arguments[index] != .omitted else { return otherwise }
    return string(index)
  }

  /// Quoted or not.
  func text(_ index: Int) -> [UInt8]? {
    guard index < arguments.count else { return nil }
    switch arguments[index] {
    case .plain(let text), .quoted(let text): return text
    case .omitted: return nil
    }
  }

  func isOmitted(_ index: Int) -> Bool {
    index >= arguments.count || arguments[index] == .omitted
  }
}

enum Argument: Equatable, Sendable {
  case omitted
  case plain([UInt8])
  /// Without its quotes, escapes undone (V.250 §5.4.2.2).
  case quoted([UInt8])
}

/// Takes a command line apart: what follows AT, without the CR.
struct CommandLineParser {
  private let bytes: [UInt8]
  /// What extended commands begin with.
  private let prefixes: [UInt8]
  private var index = 0

  static func commands(_ body: [UInt8], prefixes: [UInt8]) -> [ATCommand] {
    var parser = CommandLineParser(bytes: body, prefixes: prefixes)
    var commands: [ATCommand] = []
    while let command = parser.next() {
      commands.append(command)
      if command.kind == .malformed { break }
    }
    return commands
  }

  private init(bytes: [UInt8], prefixes: [UInt8]) {
    self.bytes = bytes
    self.prefixes = prefixes
  }

  private var byte: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func next() -> ATCommand? {
    while byte == UInt8(ascii: " ") || byte == UInt8(ascii: ";") { index += 1 }
    guard let first = byte else { return nil }
    if prefixes.contains(first) { return extended(first) }
    if first == UInt8(ascii: "&") || first == UInt8(ascii: "\\") {
      index += 1
      guard let letter = byte, letter.isASCIILetter else { return .malformed }
      return basic([first, letter & 0xDF])
    }
    guard first.isASCIILetter else { return .malformed }
    if first & 0xDF == UInt8(ascii: "D") { return dial() }
    return basic([first & 0xDF])
  }

  /// `E0`, `&F`, `S3=13`, `S3?`: a following command needs no semicolon.
  private mutating func basic(_ name: [UInt8]) -> ATCommand {
    index += 1
    let digits = take { $0.isASCIIDigit }
    if name == [UInt8(ascii: "S")] {
      if byte == UInt8(ascii: "?") {
        index += 1
        return ATCommand(name: name, kind: .set([.plain(digits)]))
      }
      guard byte == UInt8(ascii: "=") else { return .malformed }
      index += 1
      let value = take { $0.isASCIIDigit }
      return ATCommand(name: name, kind: .set([.plain(digits), .plain(value)]))
    }
    return ATCommand(name: name, kind: digits.isEmpty ? .execute : .set([.plain(digits)]))
  }

  /// `D*99***1#`: the rest of the line is the number (V.250 §6.3.1).
  private mutating func dial() -> ATCommand {
    index += 1
    let number = Array(bytes[index...])
    index = bytes.count
    return ATCommand(name: [UInt8(ascii: "D")], kind: .set([.plain(number)]))
  }

  private mutating func extended(_ prefix: UInt8) -> ATCommand {
    index += 1
    let name = [prefix] + take { $0.isASCIILetter || $0.isASCIIDigit }.uppercased
    if name.count == 1 { return .malformed }
    guard let mark = byte, mark != UInt8(ascii: ";") else {
      return ATCommand(name: name, kind: .execute)
    }
    index += 1
    if mark == UInt8(ascii: "?") { return atEnd(ATCommand(name: name, kind: .read)) }
    guard mark == UInt8(ascii: "=") else { return .malformed }
    if byte == UInt8(ascii: "?") {
      index += 1
      return atEnd(ATCommand(name: name, kind: .test))
    }
    guard let arguments = arguments() else { return .malformed }
    return ATCommand(name: name, kind: .set(arguments))
  }

  private mutating func atEnd(_ command: ATCommand) -> ATCommand {
    while byte == UInt8(ascii: " ") { index += 1 }
    return byte == nil || byte == UInt8(ascii: ";") ? command : .malformed
  }

  /// Parameters to the end of the command; nil for an open quote or text behind a closed one.
  private mutating func arguments() -> [Argument]? {
    var found: [Argument] = []
    while true {
      _ = take { $0 == UInt8(ascii: " ") }
      if byte == UInt8(ascii: "\"") {
        index += 1
        guard let text = quoted() else { return nil }
        found.append(.quoted(text))
        _ = take { $0 == UInt8(ascii: " ") }
      } else {
        var text = take { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: ";") }
        while text.last == UInt8(ascii: " ") { text.removeLast() }
        if text.contains(UInt8(ascii: "\"")) { return nil }
        found.append(text.isEmpty ? .omitted : .plain(text))
      }
      switch byte {
      case UInt8(ascii: ","): index += 1
      case nil, UInt8(ascii: ";"): return found
      default: return nil
      }
    }
  }

  private mutating func quoted() -> [UInt8]? {
    var text: [UInt8] = []
    while let next = byte {
      index += 1
      if next == UInt8(ascii: "\"") { return text }
      if next == UInt8(ascii: "\\"), index + 1 < bytes.count,
        let high = bytes[index].hexDigitValue, let low = bytes[index + 1].hexDigitValue
      {
        text.append(high << 4 | low)
        index += 2
      } else {
        text.append(next)
      }
    }
    return nil
  }

  private mutating func take(while isTaken: (UInt8) -> Bool) -> [UInt8] {
    let start = index
    while let next = byte, isTaken(next) { index += 1 }
    return Array(bytes[start..<index])
  }
}

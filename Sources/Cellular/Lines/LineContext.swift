import Primitives

/// What was sent before a line, as far as it is known.
public struct LineContext: Equatable, Sendable {
  /// The extended commands of the command line that hasn't been answered yet; nil when nothing is
  /// known of what was sent at all, as in a log that shows the modem's side alone.
  public var outstanding: [OutstandingCommand]?

  public init(outstanding: [OutstandingCommand]? = nil) { self.outstanding = outstanding }

  /// - Parameter commandLine: from `AT` on, without its CR (V.250 §5.2.1, §5.4.4).
  public init(commandLine: [UInt8]) {
    var isInside = false
    let parts = commandLine.dropFirst(2).split { byte in
      if byte == UInt8(ascii: "\"") { isInside.toggle() }
      return byte == UInt8(ascii: ";") && !isInside
    }
    outstanding = parts.prefix(Self.commandLimit).map { OutstandingCommand(Array($0)) }
  }

  /// Most commands kept of one line.
  public static let commandLimit = 40

  /// The outstanding command of that name.
  func command(named name: [UInt8]) -> OutstandingCommand? {
    outstanding?.first { $0.name == name }
  }
}

/// One command of a command line.
public struct OutstandingCommand: Equatable, Sendable {
  public enum Form: Equatable, Sendable { case execute, read, test, set }

  /// With its sign, in capitals: `+CEREG`; for a basic command the command itself: `I`, `E0`.
  public let name: [UInt8]
  public let form: Form

  init(_ text: [UInt8]) {
    let name = text.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "?") }
    self.name = name.map { $0.isASCIILetter ? $0 & 0xDF : $0 }
    let rest = text.dropFirst(name.count)
    if rest.isEmpty {
      form = .execute
    } else if rest.equals("?") {
      form = .read
    } else {
      form = rest.equals("=?") ? .test : .set
    }
  }
}

/// A line with a name in front, `+NAME: a,b`, taken apart. V.250 §5.4.1.
public struct NamedLine: Sendable {
  /// With its sign, without blanks behind it.
  public let name: [UInt8]
  public let values: ParameterList
  /// What stands behind the colon and its blanks.
  public let rest: [UInt8]

  /// - Returns: nil for a line without a sign in front or without a colon.
  public init?(_ line: [UInt8]) {
    guard let first = line.first, Self.isSign(first),
      let colon = line.firstIndex(of: UInt8(ascii: ":"))
    else { return nil }
    var name = Array(line[..<colon])
    while name.last == UInt8(ascii: " ") { name.removeLast() }
    self.name = name
    values = ParameterList(line)
    rest = Array(line[(colon + 1)...].drop { $0 == UInt8(ascii: " ") })
  }

  /// `+` is the standard's; makers use others.
  static func isSign(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "+"), UInt8(ascii: "^"), UInt8(ascii: "#"), UInt8(ascii: "*"),
      UInt8(ascii: "%"), UInt8(ascii: "$"), UInt8(ascii: "!"):
      true
    default: false
    }
  }

  public func isNamed(_ text: StaticString) -> Bool { name.equals(text) }
}

extension ParameterList {
  /// A whole number, possibly below zero; nil for anything else.
  public func signed(_ index: Int) -> Int? {
    let digits = text(index)
    guard digits.first == UInt8(ascii: "-") else { return integer(index) }
    guard digits.count <= 10, let value = digits.dropFirst().asciiWholeNumber else { return nil }
    return -Int(value)
  }
}

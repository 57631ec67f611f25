import Primitives

/// A command line that a person typed at a console: the only way for text into a `CommandLine`.
/// Never to be made of anything from a message, a server or a configuration.
///
/// It is one line of printable ASCII that begins with `AT`, and none of its commands turns the line
/// into a data connection, out of which the engine would not find.
public struct TypedCommand: Equatable, Sendable {
  public let line: CommandLine

  /// - Parameters:
  ///   - text: the line without its end, in capitals or not.
  ///   - mask: replaces what logs and traces must not show.
  public init(
    _ text: [UInt8], hiding mask: ([UInt8]) -> [UInt8]
  ) throws(TypedCommandError) {
    guard text.count >= 2, text[0] | 0x20 == UInt8(ascii: "a"), text[1] | 0x20 == UInt8(ascii: "t")
    else { throw .notATCommand }
    guard text.count <= CommandLine.limit else { throw .tooLong(lengthBytes: text.count) }
    for (offset, byte) in text.enumerated() where !(0x20...0x7E).contains(byte) {
      throw .byte(byte, position: offset + 1)
    }
    let bytes = [UInt8]("AT") + text.dropFirst(2)
    if Self.entersDataMode(bytes) { throw .dataMode }
    line = CommandLine(bytes, shown: mask(bytes))
  }

  /// The line's commands, without `AT` and semicolons. V.250 §5.2.1.
  public static func commands(of line: [UInt8]) -> [[UInt8]] {
    var isInside = false
    let parts = line.dropFirst(2).split(omittingEmptySubsequences: false) { byte in
      if byte == UInt8(ascii: "\"") { isInside.toggle() }
      return byte == UInt8(ascii: ";") && !isInside
    }
    return parts.map { part in Array(part.drop { $0 == UInt8(ascii: " ") }) }
  }

  /// Whether it dials (`D`), answers (`A`), goes back online (`O`; V.250 §6.3) or enters data state
  /// (`+CGDATA`, TS 27.007 §10.1.12).
  private static func entersDataMode(_ line: [UInt8]) -> Bool {
    commands(of: line).contains { command in
      if capitals(command).hasPrefix("+CGDATA=\"") { return true }
      // Basic commands stand one behind the other, a letter and its number each.
      for (index, byte) in command.enumerated() {
        if byte.isASCIIDigit || byte == UInt8(ascii: " ") || byte == UInt8(ascii: "?") { continue }
        if byte == UInt8(ascii: "&") || byte == UInt8(ascii: "=") { continue }
        guard byte.isASCIILetter else { return false }
        let isPlain = index == 0 || command[index - 1] != UInt8(ascii: "&")
        let letter = byte & 0xDF
        let isOnline =
          letter == UInt8(ascii: "D") || letter == UInt8(ascii: "A") || letter == UInt8(ascii: "O")
        if isPlain, isOnline { return true }
      }
      return false
    }
  }

  private static func capitals(_ text: [UInt8]) -> [UInt8] {
    text.map { $0.isASCIILetter ? $0 & 0xDF : $0 }
  }
}

/// Why a typed line isn't sent.
public enum TypedCommandError: Error, Equatable, Sendable {
  case notATCommand
  case tooLong(lengthBytes: Int)
  /// The position counts from 1.
  case byte(UInt8, position: Int)
  case dataMode

  /// What is wrong, and what to do instead.
  public var text: String {
    switch self {
    case .notATCommand: "it doesn't begin with AT; write it like AT+CSQ"
    case .tooLong(let count): "it has \(count) bytes; use at most \(CommandLine.limit)"
    case .byte(let byte, let position):
      "the byte \([byte].printable) at position \(position) isn't printable ASCII; take it out"
    case .dataMode:
      "it would turn the line into a data connection; D, A, O and +CGDATA are for a terminal "
        + "while godwit is stopped"
    }
  }
}

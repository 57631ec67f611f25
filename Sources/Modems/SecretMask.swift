import Primitives

/// Finds what a trace or a log of AT text must not show: a card's codes and an access point's
/// credentials. Works on either side's text: commands, echoes and answers.
///
/// What it can't know: a secret in a command that isn't in its table and isn't among the known
/// ones either.
public struct SecretMask: Sendable {
  /// What stands in a secret's place.
  public static let mark: StaticString = "***"
  /// A known secret below this many bytes is hidden only between quotes: as a part of other text
  /// it says nothing, and hiding it would tear a trace to pieces.
  public static let bareLength = 4

  private let known: [[UInt8]]

  /// - Parameter known: secrets that are hidden wherever they stand.
  public init(known: [[UInt8]] = []) {
    // The longer ones first, so that none hides only a part of another.
    self.known = known.filter { !$0.isEmpty }.sorted { $0.count > $1.count }
  }

  /// The text with each secret replaced by `mark`.
  public func masked(_ text: [UInt8]) -> [UInt8] {
    var shown: [UInt8] = []
    var index = 0
    for range in ranges(in: text) {
      shown += text[index..<range.lowerBound] + [UInt8](Self.mark)
      index = range.upperBound
    }
    return shown + text[index...]
  }

  /// Where the secrets stand: in order, apart from each other, none empty.
  public func ranges(in text: [UInt8]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var index = 0
    while index < text.count {
      if let range = secret(at: index, in: text) {
        ranges.append(range)
        index = range.upperBound
      } else {
        index += 1
      }
    }
    return ranges
  }

  /// The secret that a known one, or a command of the table that begins here, points out.
  private func secret(at index: Int, in text: [UInt8]) -> Range<Int>? {
    for secret in known where Self.stands(secret, in: text, at: index) {
      if secret.count >= Self.bareLength || Self.isQuoted(secret, in: text, at: index) {
        return index..<index + secret.count
      }
    }
    guard Self.isSign(text[index]) else { return nil }
    for command in SecretCommand.all where command.begins(in: text, at: index) {
      return command.secret(in: text, at: index)
    }
    return nil
  }

  private static func stands(_ part: [UInt8], in text: [UInt8], at index: Int) -> Bool {
    guard text[index] == part[0], text.count - index >= part.count else { return false }
    for offset in 0..<part.count where text[index + offset] != part[offset] { return false }
    return true
  }

  private static func isQuoted(_ part: [UInt8], in text: [UInt8], at index: Int) -> Bool {
    let end = index + part.count
    return index > 0 && text[index - 1] == UInt8(ascii: "\"") && end < text.count
      && text[end] == UInt8(ascii: "\"")
  }

  private static func isSign(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "+") || byte == UInt8(ascii: "#") || byte == UInt8(ascii: "^")
      || byte == UInt8(ascii: "*") || byte == UInt8(ascii: "$")
  }
}

/// A command whose values hold a secret.
private struct SecretCommand: Sendable {
  let name: StaticString
  /// The values up to the second quoted one are harmless: a context's number, its APN.
  var isHarmlessAtFirst = false
  /// Its answers hold the secret too. `+CPIN: READY` doesn't.
  var isInAnswers = true

  /// The card's codes: TS 27.007 §8.3, §7.4, §7.5. Credentials: §10.1.31 and the makers' own
  /// commands, from their manuals or drivers (see the profiles).
  static let all: [SecretCommand] = [
    SecretCommand(name: "+CPIN", isInAnswers: false),
    SecretCommand(name: "+CPIN2", isInAnswers: false),
    SecretCommand(name: "+CLCK", isInAnswers: false),
    SecretCommand(name: "+CPWD", isInAnswers: false),
    SecretCommand(name: "^SPWD", isInAnswers: false),
    SecretCommand(name: "+CGAUTH"),
    SecretCommand(name: "+QICSGP", isHarmlessAtFirst: true),
    SecretCommand(name: "+CNCFG", isHarmlessAtFirst: true),
    SecretCommand(name: "+CSTT", isHarmlessAtFirst: true),
    SecretCommand(name: "+KCNXCFG", isHarmlessAtFirst: true),
    SecretCommand(name: "+UPSD"),
    SecretCommand(name: "+UAUTHREQ"),
    SecretCommand(name: "+MGAUTH"),
    SecretCommand(name: "+XGAUTH"),
    SecretCommand(name: "#PDPAUTH"),
    SecretCommand(name: "#SGACTAUTH"),
    SecretCommand(name: "#USERID"),
    SecretCommand(name: "#PASSW"),
    SecretCommand(name: "#SGACT", isHarmlessAtFirst: true),
    SecretCommand(name: "^SGAUTH"),
    SecretCommand(name: "^SICS"),
    SecretCommand(name: "$QCPDPP"),
    SecretCommand(name: "*MCGAUTH"),
  ]

  /// Whether the name stands there, in capitals or not, with a `=` or, for answers, a colon behind.
  func begins(in text: [UInt8], at start: Int) -> Bool {
    let length = name.utf8CodeUnitCount
    guard text.count - start > length else { return false }
    for offset in 0..<length {
      let byte = text[start + offset]
      guard (byte.isASCIILetter ? byte & 0xDF : byte) == name.utf8Start[offset] else {
        return false
      }
    }
    let sign = text[start + length]
    return sign == UInt8(ascii: "=") || (isInAnswers && sign == UInt8(ascii: ":"))
  }

  /// From behind the `=` or colon, or from the second quoted value on, to the end of the command.
  func secret(in text: [UInt8], at start: Int) -> Range<Int>? {
    var index = start + name.utf8CodeUnitCount + 1
    while index < text.count, text[index] == UInt8(ascii: " ") { index += 1 }
    if index < text.count, text[index] == UInt8(ascii: "?") { return nil }
    let begin = index
    var secondQuoted: Int?
    var quotes = 0
    while index < text.count, text[index] != UInt8(ascii: "\r"), text[index] != UInt8(ascii: "\n") {
      if text[index] == UInt8(ascii: "\"") {
        quotes += 1
        if quotes == 3 { secondQuoted = index }
      } else if text[index] == UInt8(ascii: ";"), quotes % 2 == 0 {
        break
      }
      index += 1
    }
    let from = isHarmlessAtFirst ? secondQuoted ?? index : begin
    return from < index ? from..<index : nil
  }
}

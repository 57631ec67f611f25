import Primitives

/// One form of another maker's dialect: how its text looks, what it asks for, and what is answered.
/// The tables of these are all that a dialect is; board/dialects.md is made from them.
public struct DialectForm: Sendable {
  /// Literal bytes; `<name>` for a field, which takes no separator of its dialect; `[…]` for what may
  /// be left out. The names are those that `DialectWish` knows.
  public let pattern: StaticString
  public let deed: DialectDeed
  /// What is answered once it is done; `{name}` stands for what `DialectAnswer` knows. Empty: nothing
  /// is.
  public let answer: StaticString
  /// What is answered where it is refused, with the reason behind it. Empty: nothing is.
  public let failure: StaticString
  /// The same where it was tried and undone.
  public let undone: StaticString

  init(
    _ pattern: StaticString, _ deed: DialectDeed, _ answer: StaticString = "",
    failure: StaticString = "", undone: StaticString? = nil
  ) {
    (self.pattern, self.deed, self.answer, self.failure) = (pattern, deed, answer, failure)
    self.undone = undone ?? failure
  }
}

/// What a form asks for.
public enum DialectDeed: UInt8, Sendable {
  /// The changes that its fields name; where there is none, nothing that has to be done.
  case change
  /// The value of settings.
  case read
  /// The state.
  case status
  /// A report at once.
  case report
  case reboot
}

/// How a dialect is written.
struct DialectTraits: Sendable {
  let forms: [DialectForm]
  /// The parameters that its lists name, with the field that each is.
  var parameters: [DialectParameter] = []
  /// What no field has in it, beside the blank.
  var separators: StaticString = ""
  var ignoresCase = true
  /// The most blanks in front, which stand for a login and a password that are empty.
  var leadingBlanks = 0
  /// Between the commands of one message; nil: there is only one.
  var commandSeparator: UInt8?
  /// Between the items of a list, and between a parameter's name and its value.
  var listSeparators: (item: UInt8, value: UInt8) = (UInt8(ascii: ";"), UInt8(ascii: ":"))
}

/// A parameter that a dialect names by a number or a word.
public struct DialectParameter: Sendable {
  public let name: StaticString
  /// As a pattern names it.
  public let field: StaticString

  init(_ name: StaticString, _ field: StaticString) { (self.name, self.field) = (name, field) }
}

/// Reads a text by a pattern.
struct DialectMatch {
  /// The pattern's names and what stands there, in order.
  private(set) var fields: [(name: ArraySlice<UInt8>, value: [UInt8])] = []
  private let separators: StaticString
  private let ignoresCase: Bool

  /// - Returns: nil where the text isn't of this form.
  init?(_ form: DialectForm, _ traits: DialectTraits, _ text: ArraySlice<UInt8>) {
    separators = traits.separators
    ignoresCase = traits.ignoresCase
    guard match(Array(form.pattern)[...], text) else { return nil }
  }

  /// What stands where a dialect has its password: the login, a blank and the password where both are
  /// given. Empty: nothing.
  var password: [UInt8] {
    Array(fields.filter { $0.name.equals("password") }.map { $0.value }.joined(separator: [0x20]))
  }

  private mutating func match(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
    guard let next = pattern.first else { return text.isEmpty }
    if next == UInt8(ascii: "[") {
      let end = Self.end(ofGroup: pattern)
      let rest = pattern[(end + 1)...]
      let count = fields.count
      if match(pattern[(pattern.startIndex + 1)..<end] + rest, text) { return true }
      fields.removeSubrange(count...)
      return match(rest, text)
    }
    if next == UInt8(ascii: "<") {
      guard let end = pattern.firstIndex(of: UInt8(ascii: ">")) else { return false }
      let name = pattern[(pattern.startIndex + 1)..<end]
      guard let value = take(name, from: text) else { return false }
      fields.append((name, Array(value)))
      return match(pattern[(end + 1)...], text[value.endIndex...])
    }
    guard let byte = text.first, byte == next || ignoresCase && byte.folded == next.folded else {
      return false
    }
    return match(pattern.dropFirst(), text.dropFirst())
  }

  /// What a field takes of a text.
  private func take(_ name: ArraySlice<UInt8>, from text: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    if name.equals("list") || name.equals("comment") { return text.isEmpty ? nil : text }
    if name.equals("time") { return text.count < 4 ? nil : text.prefix(4) }
    let value = text.prefix { $0 != 0x20 && !$0.isOne(of: separators) }
    return name.equals("password") && value.isEmpty ? nil : value
  }

  /// Where the bracket is that closes the one in front.
  private static func end(ofGroup pattern: ArraySlice<UInt8>) -> Int {
    var depth = 0
    for index in pattern.indices {
      if pattern[index] == UInt8(ascii: "[") { depth += 1 }
      if pattern[index] == UInt8(ascii: "]") { depth -= 1 }
      if depth == 0 { return index }
    }
    return pattern.endIndex - 1
  }
}

extension UInt8 {
  /// A letter in lower case.
  var folded: UInt8 { isASCIILetter ? self | 0x20 : self }
}

/// A command's options, checked against what it knows.
struct Arguments: Equatable, Sendable {
  /// What a command takes: options that stand alone, and options that are followed by a value.
  struct Grammar: Sendable {
    var flags: [String] = []
    var options: [String] = []
  }

  private var flags: [String] = []
  private var given: [Option] = []

  private struct Option: Equatable, Sendable {
    let name: String
    let value: String
  }

  /// Reads `--flag`, `--option VALUE` and `--option=VALUE`.
  init(_ words: some Sequence<String>, _ grammar: Grammar) throws(BenchError) {
    var words = Array(words)[...]
    while let word = words.popFirst() {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      if grammar.flags.contains(word) {
        flags.append(word)
      } else if grammar.options.contains(name) {
        guard let value = parts.count == 2 ? String(parts[1]) : words.popFirst() else {
          throw .usage("\(name) wants a value")
        }
        given.append(Option(name: name, value: value))
      } else {
        throw .usage("unknown option \(word)")
      }
    }
  }

  func has(_ flag: String) -> Bool { flags.contains(flag) }

  /// The last value given for `option`.
  func value(_ option: String) -> String? { given.last { $0.name == option }?.value }

  func values(_ option: String) -> [String] { given.filter { $0.name == option }.map(\.value) }

  func required(_ option: String) throws(BenchError) -> String {
    guard let value = value(option) else { throw .usage("\(option) is missing") }
    return value
  }

  /// A whole number, or nil when the option wasn't given.
  func number(_ option: String, in range: ClosedRange<Int>) throws(BenchError) -> Int? {
    guard let text = value(option) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw .usage(
        "\(option) \(text): a whole number of \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// One of `words`, the first when the option wasn't given.
  func choice(_ option: String, of words: [String]) throws(BenchError) -> String {
    let word = value(option) ?? words[0]
    guard words.contains(word) else {
      throw .usage("\(option) \(word): one of \(words.joined(separator: ", "))")
    }
    return word
  }
}

import Primitives

/// A command's words, told apart into options and the rest.
struct SplitWords {
  let command: CommandName
  private(set) var words: [[UInt8]] = []
  private(set) var isHelpWanted = false
  /// Each at most once; an option without a value has an empty one.
  private var options: [(option: Option, value: [UInt8])] = []

  /// Options may stand before, between and behind the other words; `--` ends them.
  init(_ all: [[UInt8]], of command: CommandName) throws(ArgumentError) {
    self.command = command
    var rest = all[...]
    while let word = rest.popFirst() {
      if word.equals("--") {
        words += rest
        break
      }
      if word.equals("--help") || word.equals("-h") {
        isHelpWanted = true
      } else if word.first == UInt8(ascii: "-"), word.count > 1 {
        try take(word, &rest)
      } else {
        words.append(word)
      }
    }
  }

  private mutating func take(
    _ word: [UInt8], _ rest: inout ArraySlice<[UInt8]>
  ) throws(ArgumentError) {
    let equals = word.firstIndex(of: UInt8(ascii: "="))
    let name = Array(word[..<(equals ?? word.endIndex)])
    guard let option = command.options.first(where: { name.equals($0.word) }) else {
      throw .unknownOption(command, name)
    }
    if has(option) { throw .repeatedOption(command, option) }
    var value: [UInt8] = []
    if option.valueName != nil {
      guard let given = equals.map({ Array(word[($0 + 1)...]) }) ?? rest.popFirst(),
        !given.isEmpty
      else { throw .missingValue(command, option) }
      value = given
    } else if equals != nil {
      throw .unwantedValue(command, option)
    }
    options.append((option, value))
  }

  /// Those that were given, in their order.
  var givenOptions: [Option] { options.map { $0.option } }

  func has(_ option: Option) -> Bool { value(of: option) != nil }

  func value(of option: Option) -> [UInt8]? { options.first { $0.option == option }?.value }

  func takesNoWords(beyond count: Int = 0) throws(ArgumentError) {
    if words.count > count { throw .extraWord(command, words[count]) }
  }

  func address() throws(ArgumentError) -> ControlAddress {
    switch (value(of: .config), value(of: .socket)) {
    case (nil, nil): return .standard
    case (let file?, nil): return .configuration(file)
    case (nil, let path?): return .socket(path)
    case (_?, _?): throw .conflict(command, .config, .socket)
    }
  }
}

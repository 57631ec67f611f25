import Primitives
import SMS
import Settings

/// What `godwit sms` is asked to do.
enum SMSRequest: Equatable {
  case decode(pdus: [[UInt8]], isFromDevice: Bool, isJSON: Bool)
  case encode(recipient: SMSAddress, text: [UInt8], isJSON: Bool)
  case sign(SigningRequest)

  /// The most PDUs at a time: the parts that one message can have.
  static let pduLimit = 255

  init(_ split: SplitWords) throws(ArgumentError) {
    guard let word = split.words.first else {
      throw .missingWord(.sms, Array("decode, encode or sign"))
    }
    guard let verb = SMSVerb.allCases.first(where: { word.equals($0.word) }) else {
      throw .badWord(.sms, word, .verb)
    }
    for option in split.givenOptions where !verb.options.contains(option) {
      throw .badWord(.sms, Array(option.word), .strangeOption(verb))
    }
    let rest = Array(split.words.dropFirst())
    guard let first = rest.first else { throw .missingWord(.sms, Array(verb.operand)) }
    switch verb {
    case .decode:
      guard rest.count <= Self.pduLimit else {
        throw .badWord(.sms, first, .tooManyPDUs(rest.count))
      }
      self = .decode(pdus: rest, isFromDevice: split.has(.submit), isJSON: split.has(.json))
    case .encode:
      guard let number = split.value(of: .to) else { throw .missingOption(.sms, .to) }
      guard let recipient = SMSAddress(number: number) else {
        throw .badWord(.sms, number, .number)
      }
      let text = Self.text(rest)
      self = .encode(recipient: recipient, text: text, isJSON: split.has(.json))
    case .sign: self = .sign(try SigningRequest(split, text: Self.text(rest)))
    }
  }

  /// The words with a blank between, as they stood in the command line.
  private static func text(_ words: [[UInt8]]) -> [UInt8] {
    Array(words.joined(separator: [UInt8(ascii: " ")]))
  }
}

/// What is to be signed.
struct SigningRequest: Equatable {
  let keyFile: [UInt8]
  let device: DeviceLabel
  /// The device's configuration file, which the command is held against; nil: it is checked alone.
  let configurationFile: [UInt8]?
  /// nil: the time of day in seconds.
  let counter: UInt64?
  let text: [UInt8]

  init(_ split: SplitWords, text: [UInt8]) throws(ArgumentError) {
    guard let file = split.value(of: .key) else { throw .missingOption(.sms, .key) }
    guard let name = try split.deviceName() else { throw .missingOption(.sms, .device) }
    keyFile = file
    device = name
    configurationFile = split.value(of: .config)
    counter = try split.counter()
    if let position = text.firstIndex(where: { !(0x20...0x7E).contains($0) }) {
      throw .badWord(.sms, text, .signedByte(position: position + 1))
    }
    guard (1...SignedMessage.textLimit).contains(text.count) else {
      throw .badWord(.sms, text, .signedLength(text.count))
    }
    self.text = text
  }
}

extension SplitWords {
  /// The value of `--device`.
  func deviceName() throws(ArgumentError) -> DeviceLabel? {
    guard let name = value(of: .device) else { return nil }
    do throws(ValueProblem) {
      return try DeviceLabel(name)
    } catch {
      throw .badWord(command, name, .label(error))
    }
  }

  /// The value of `--counter`.
  func counter() throws(ArgumentError) -> UInt64? {
    guard let digits = value(of: .counter) else { return nil }
    guard SignedMessage.counterDigits.contains(digits.count), digits[0] != UInt8(ascii: "0"),
      let counter = digits.asciiWholeNumber
    else { throw .badWord(command, digits, .counter) }
    return UInt64(counter)
  }
}

/// What `godwit sms` does, by its first word.
enum SMSVerb: CaseIterable, Equatable {
  case decode, encode, sign

  var word: StaticString {
    switch self {
    case .decode: "decode"
    case .encode: "encode"
    case .sign: "sign"
    }
  }

  var options: [Option] {
    switch self {
    case .decode: [.submit, .json]
    case .encode: [.to, .json]
    case .sign: [.key, .device, .counter, .config]
    }
  }

  /// What goes behind the options.
  var operand: StaticString {
    switch self {
    case .decode: "PDU"
    case .encode, .sign: "TEXT"
    }
  }

  /// How to write it, in one line.
  var usage: String {
    switch self {
    case .decode: "write: godwit sms decode [--submit] [--json] PDU..."
    case .encode: "write: godwit sms encode --to NUMBER [--json] TEXT..."
    case .sign:
      "write: godwit sms sign --key FILE --device NAME [--counter N] [--config FILE] TEXT..."
    }
  }
}

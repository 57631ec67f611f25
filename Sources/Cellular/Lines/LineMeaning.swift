import Primitives

/// What a line of a modem says: a kind, and its values as typed fields.
///
/// It is for people and for tools that read logs. The driver itself acts on `Registration` and
/// the like, which refuse what they can't be sure of; here a best guess is worth more.
public struct LineMeaning: Equatable, Sendable {
  public var kind: LineKind
  /// nil where the line has one form only.
  public var form: LineForm?
  /// In the order in which they are shown.
  public var fields: [LineField]
  /// What it says, in words for a person.
  public var sentence: String

  public init(
    _ kind: LineKind, form: LineForm? = nil, fields: [LineField] = [], sentence: String
  ) {
    self.kind = kind
    self.form = form
    self.fields = fields
    self.sentence = sentence
  }

  public static let unknown = LineMeaning(.unknown, sentence: "not known")

  public static func == (a: LineMeaning, b: LineMeaning) -> Bool {
    a.kind == b.kind && a.form == b.form && a.fields == b.fields
  }

  mutating func append(_ name: StaticString, _ value: LineValue?) {
    if let value { fields.append(LineField(name, value)) }
  }

  mutating func append(_ name: StaticString, _ number: Int?) {
    if let number { fields.append(LineField(name, .number(Int64(number)))) }
  }

  mutating func append(_ name: StaticString, text: [UInt8]) {
    if !text.isEmpty { fields.append(LineField(name, .text(text))) }
  }

  /// Adds to the sentence, behind a comma.
  mutating func say(_ words: String?) {
    if let words { sentence += (sentence.isEmpty ? "" : ", ") + words }
  }
}

/// What a line is about.
public enum LineKind: Equatable, Sendable {
  case registration, signal, operators, context, dynamicContext, psm, edrx, clock, error, sim
  case attach, functionality, flowControl, battery, message, identity, connection, vendor, unknown

  public var text: StaticString {
    switch self {
    case .registration: "registration"
    case .signal: "signal"
    case .operators: "operators"
    case .context: "context"
    case .dynamicContext: "dynamic context"
    case .psm: "psm"
    case .edrx: "edrx"
    case .clock: "clock"
    case .error: "error"
    case .sim: "sim"
    case .attach: "attach"
    case .functionality: "functionality"
    case .flowControl: "flow control"
    case .battery: "battery"
    case .message: "sms"
    case .identity: "identity"
    case .connection: "connection"
    case .vendor: "vendor"
    case .unknown: "unknown"
    }
  }
}

/// In which of its forms a line came.
public enum LineForm: Equatable, Sendable {
  /// The answer to a read command, `AT+NAME?`.
  case readAnswer
  /// The answer to a test command, `AT+NAME=?`: what values there are.
  case testAnswer
  case urc

  public var text: StaticString {
    switch self {
    case .readAnswer: "read"
    case .testAnswer: "test"
    case .urc: "urc"
    }
  }
}

/// A named value.
public struct LineField: Equatable, Sendable {
  public let name: StaticString
  public let value: LineValue

  public init(_ name: StaticString, _ value: LineValue) { (self.name, self.value) = (name, value) }

  public static func == (a: LineField, b: LineField) -> Bool {
    [UInt8](a.name) == [UInt8](b.name) && a.value == b.value
  }
}

/// A value as JSON has it.
public indirect enum LineValue: Equatable, Sendable {
  case number(Int64)
  case decimal(DecimalNumber)
  case flag(Bool)
  case text([UInt8])
  case texts([[UInt8]])
  case objects([[LineField]])
  /// The modem says that there is none: a timer that was refused, for example.
  case none
}

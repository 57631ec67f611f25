import Primitives

/// One line of `SettingTable`: a setting's place, form, default and documentation, and how it gets
/// into a configuration and out again.
public struct Setting: Sendable {
  public let section: SettingSection
  public let key: StaticString
  /// What may be written, for a person: `5s to 31d`.
  public let shape: String
  public let presence: SettingPresence
  /// Whether the value is kept out of every message and every printed configuration.
  public let isSecret: Bool
  /// One sentence or two.
  public let meaning: StaticString

  let store: @Sendable ([UInt8], inout SettingDraft) throws(ValueProblem) -> Void
  /// nil: not set.
  let show: @Sendable (SettingDraft) -> [UInt8]?

  init<Value: Sendable>(
    _ section: SettingSection, _ key: StaticString, _ type: SettingType<Value>,
    _ presence: SettingPresence, isSecret: Bool = false,
    get: @escaping @Sendable (SettingDraft) -> Value?,
    set: @escaping @Sendable (inout SettingDraft, Value) -> Void,
    _ meaning: StaticString
  ) {
    self.section = section
    self.key = key
    self.shape = type.shape
    self.presence = presence
    self.isSecret = isSecret
    self.meaning = meaning
    store = { (text, draft) throws(ValueProblem) in set(&draft, try type.parse(text)) }
    show = { draft in get(draft).map(type.text) }
  }

  /// A value that may be written.
  public var example: StaticString {
    switch presence {
    case .required(let example), .optional(let example, _): example
    case .preset(let value, let example): example ?? value
    }
  }

  var isRequired: Bool {
    if case .required = presence { true } else { false }
  }

  var isOptional: Bool {
    if case .optional = presence { true } else { false }
  }

  /// Puts in what holds where the setting isn't written. A test reads every preset.
  func storePreset(in draft: inout SettingDraft) {
    guard case .preset(let value, _) = presence else { return }
    do throws(ValueProblem) {
      try store(Array(value), &draft)
    } catch {
      preconditionFailure("a preset is refused")
    }
  }
}

/// Whether a setting must be written, and what holds where it isn't.
public enum SettingPresence: Sendable {
  case required(example: StaticString)
  /// `value` holds.
  case preset(StaticString, example: StaticString? = nil)
  /// Nothing holds; `otherwise` says what that means.
  case optional(example: StaticString, otherwise: StaticString)
}

/// The sections of a configuration, in the order of their documentation.
public enum SettingSection: CaseIterable, Equatable, Sendable {
  case device, modem, network, server, report, sms, store, vault, control, log, sensor, dialect

  /// Whether there may be several, each with its name behind the word.
  var isNamed: Bool { self == .sensor || self == .dialect }

  public var name: StaticString {
    switch self {
    case .device: "device"
    case .modem: "modem"
    case .network: "network"
    case .server: "server"
    case .report: "report"
    case .sms: "sms"
    case .store: "store"
    case .vault: "vault"
    case .control: "control"
    case .log: "log"
    case .sensor: "sensor"
    case .dialect: "dialect"
    }
  }

  /// One sentence or two.
  public var meaning: StaticString {
    switch self {
    case .device: "The device itself."
    case .modem: "The modem and how it is wired to this board."
    case .network: "What the modem asks of the mobile network."
    case .server: "Who gets the reports."
    case .report: "When reports are sent, and what happens when one isn't confirmed."
    case .sms: "Messages that the network holds for the device."
    case .store: "Where readings stay until the server has confirmed them."
    case .vault: "Where the small state stays that must survive the readings' damage."
    case .control: "Where `godwit put` and `godwit status` reach the running process."
    case .log: "What is written to standard output, for the service manager's journal."
    case .sensor:
      "One section for each sensor, with its name behind the word: a number read from a file at an interval. A file that is missing is reported and tried again; the rest goes on."
    case .dialect:
      "One section for each maker of trackers or routers whose commands by SMS are obeyed, with its name behind the word: teltonika, ruptela, concox, coban, meitrack, elinz, reachfar, queclink, bitrek or rut. Whoever knows a sender's number can send in its name, and texts with passwords can be read on their way: Godwit's own commands can't be forged. board/dialects.md has the forms."
    }
  }
}

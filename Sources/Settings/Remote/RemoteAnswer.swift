import Primitives

/// What a request's answer needs, small enough for the vault: an answer may be owed over a restart.
public struct RemoteReceipt: Equatable, Sendable {
  public var words: RemoteWords
  /// Which of the dialect's forms it was; of no meaning elsewhere.
  public var form: UInt8 = 0
  /// What the answer repeats of the message, without its secrets.
  public var echo: [UInt8] = []

  /// The most bytes of `echo`.
  public static let echoLimit = 200
  private static let version: UInt8 = 1

  public init(words: RemoteWords) { self.words = words }

  /// Reads what `kept` makes; nil for anything else.
  public init?(kept bytes: [UInt8]) {
    guard bytes.count >= 3, bytes[0] == Self.version, bytes.count <= 3 + Self.echoLimit,
      let words = RemoteWords(rawValue: bytes[1])
    else { return nil }
    self.words = words
    form = bytes[2]
    echo = Array(bytes[3...])
  }

  /// At most 203 bytes.
  public var kept: [UInt8] {
    [Self.version, words.rawValue, form] + echo.prefix(Self.echoLimit)
  }
}

/// What came of a request.
public enum RemoteOutcome: Equatable, Sendable {
  /// The settings hold for good, or held already.
  case kept
  /// The old settings hold again; the reason, for a person.
  case undone([UInt8])
  /// It is begun: a report, a reboot, going back.
  case begun
  /// It can't be done; the reason, for a person.
  case refused([UInt8])
  /// What was asked for: settings, or the state.
  case told
}

/// What the device knows of itself, for answers. What isn't known is nil or empty.
public struct RemoteFacts: Equatable, Sendable {
  /// What the platform shows: `Online`.
  public var state: [UInt8] = []
  public var version: [UInt8] = []
  public var imei: [UInt8] = []
  /// MCC and MNC.
  public var operatorDigits: [UInt8] = []
  public var radioAccess: [UInt8] = []
  /// The device's address in the network.
  public var address: [UInt8] = []
  /// In dBm, as `SignalQuality` has it.
  public var signalDBm: Int?
  public var isOnline = false
  public var isRoaming = false
  public var area: UInt32?
  public var cell: UInt32?
  public var time: UTC?
  /// Readings that wait.
  public var waiting: Int64 = 0
  /// A change is being tried.
  public var isTrial = false

  public init() {}
}

/// Answers, in the words of the one who asked.
public enum RemoteAnswer {
  /// The most bytes of an answer: two messages of the GSM alphabet.
  public static let lengthLimit = 306

  /// - Returns: nil where the dialect answers nothing.
  public static func text(
    for receipt: RemoteReceipt, outcome: RemoteOutcome, facts: RemoteFacts,
    configuration: Configuration
  ) -> [UInt8]? {
    let text =
      receipt.words == .own
      ? own(receipt, outcome, facts, configuration)
      : DialectAnswer(receipt: receipt, facts: facts, configuration: configuration).text(outcome)
    return text.map { cut($0) }
  }

  /// What is too long ends behind a word, where one ends in its second half, and says that it goes on:
  /// a value that lost its end would be taken for a whole one.
  private static func cut(_ text: [UInt8]) -> [UInt8] {
    if text.count <= lengthLimit { return text }
    let more: [UInt8] = Array(" ...")
    let room = lengthLimit - more.count
    let end = text.prefix(room + 1).lastIndex(of: 0x20).map { $0 < lengthLimit / 2 ? room : $0 }
    return text.prefix(end ?? room) + more
  }

  static func own(
    _ receipt: RemoteReceipt, _ outcome: RemoteOutcome, _ facts: RemoteFacts,
    _ configuration: Configuration
  ) -> [UInt8] {
    let name = configuration.device.name.bytes
    let echo = receipt.echo.isEmpty ? [] : [0x20] + receipt.echo
    return switch outcome {
    case .kept: name + Array(" ok") + echo
    case .undone(let reason): name + Array(" undone") + echo + Array(": ") + reason
    case .begun: name + Array(" ok")
    case .refused(let reason): name + Array(" refused: ") + reason
    case .told:
      name + [0x20]
        + (receipt.echo.isEmpty ? status(facts, configuration) : values(receipt, configuration))
    }
  }

  private static func values(
    _ receipt: RemoteReceipt, _ configuration: Configuration
  ) -> [UInt8] {
    guard let settings = try? OwnCommands.settings(receipt.echo.words) else {
      return []
    }
    var text: [UInt8] = []
    for setting in settings where setting.setting != nil {
      if !text.isEmpty { text.append(0x20) }
      text += Array(setting.name) + Array("=")
      text += (configuration.value(of: setting) ?? []).withCommas
    }
    return text
  }

  static func status(_ facts: RemoteFacts, _ configuration: Configuration) -> [UInt8] {
    var text = facts.state.isEmpty ? Array("state unknown") : facts.state
    for part in [facts.operatorDigits, facts.radioAccess] where !part.isEmpty {
      text += [0x20] + part
    }
    if let signal = facts.signalDBm { text += Array(" \(signal)dBm".utf8) }
    text += Array(" apn=") + configuration.network.apn.bytes
    text += Array(" waiting=\(facts.waiting)".utf8)
    if facts.isTrial { text += Array(" trial") }
    return text
  }
}

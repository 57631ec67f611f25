import Primitives

/// What a message asks of the device, whoever's words it uses. Its values are checked, and they go
/// together with each other and with the rest of the configuration.
public struct RemoteRequest: Equatable, Sendable {
  public var words: RemoteWords
  /// In their order; one at least.
  public var actions: [RemoteAction]
  public var authority: RemoteAuthority

  public init(words: RemoteWords, actions: [RemoteAction], authority: RemoteAuthority) {
    self.words = words
    self.actions = actions
    self.authority = authority
  }
}

public enum RemoteAction: Equatable, Sendable {
  case get([RemoteSetting])
  case set([SettingChange])
  case status
  /// A report at once.
  case report
  case reboot
  /// The trial under way ends, or else the last change is undone.
  case rollback
  /// Back to the configuration's file.
  case factoryReset
}

/// What shows that the sender may ask for it.
public enum RemoteAuthority: Equatable, Sendable {
  /// The device's key; the counter must be greater than any that was accepted.
  case signed(counter: UInt64)
  /// A password that goes in clear with each message.
  case password
  /// Nothing but the sender's number, which anybody may choose.
  case unauthenticated
}

public enum RemoteVerdict: Equatable, Sendable {
  case request(RemoteRequest)
  /// It is authentic, and can't be done: the sender may be told.
  case refused(RemoteRefusal, words: RemoteWords, authority: RemoteAuthority)
  /// Not a command, or not one that may be obeyed: no answer, no state.
  case ignored
}

/// Why an authentic message isn't obeyed. Nothing of it was done.
public enum RemoteRefusal: Error, Equatable, Sendable {
  case unknownCommand
  case unknownSetting([UInt8])
  case value(RemoteSetting, ValueProblem)
  /// Its settings don't go together, or not with the others.
  case contradiction(ConfigurationFault)
  /// Its authority isn't enough for that.
  case forbidden

  /// For the sender and the log. Holds no value.
  public var text: String {
    switch self {
    case .unknownCommand: "unknown command"
    case .unknownSetting(let name): "no setting " + name.prefix(32).printable
    case .value(let setting, let problem): Array(setting.name).printable + ": " + problem.what
    case .contradiction(let fault): fault.what
    case .forbidden: "not allowed this way"
    }
  }
}

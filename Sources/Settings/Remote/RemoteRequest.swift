import Primitives

/// What a message asks for, proven as far as it can be. Nothing of it has been done.
public struct RemoteRequest: Equatable, Sendable {
  public var words: RemoteWords
  /// In the order in which they are to be done; never empty.
  public var actions: [RemoteAction]
  public var authority: RemoteAuthority
  /// What its answer needs; to be kept as long as the answer is owed.
  public var receipt: RemoteReceipt

  public init(
    words: RemoteWords, actions: [RemoteAction], authority: RemoteAuthority, receipt: RemoteReceipt
  ) {
    self.words = words
    self.actions = actions
    self.authority = authority
    self.receipt = receipt
  }
}

/// One thing that is asked for.
public enum RemoteAction: Equatable, Sendable {
  case get([RemoteSetting])
  /// All or none; never empty, each setting once. What holds already isn't among them.
  case set([SettingChange])
  /// What was asked for holds already, or is nothing that this device has to be told.
  case nothing
  case status
  /// A report at once.
  case report
  case reboot
  /// The trial under way ends, or else what held before the last change is tried again.
  case rollback
  /// Back to the configuration's file.
  case factoryReset
}

/// What proves that a message may be obeyed.
public enum RemoteAuthority: Equatable, Sendable {
  /// The device's key. The counter must be greater than every one before, or nothing is done and
  /// nothing answered.
  case signed(counter: UInt64)
  /// The dialect's own password.
  case password
  /// Nothing but the sender's number, which whoever hands a message in chooses.
  case unauthenticated
}

/// What a message comes to.
public enum RemoteVerdict: Equatable, Sendable {
  case request(RemoteRequest)
  /// Understood as one that has to be obeyed, and yet not possible.
  ///
  /// The sender may be told, unless he has proven nothing; a signed one only once its counter is seen
  /// to be new.
  case refused(RemoteRefusal, words: RemoteWords, authority: RemoteAuthority)
  /// Not for this device, or nobody may say so: counted, and not answered.
  case ignored(RemoteSilence)
}

/// Why a message isn't obeyed. Nothing of it was done.
public struct RemoteRefusal: Equatable, Sendable {
  /// What its answer needs.
  public var receipt: RemoteReceipt
  /// What is wrong and what to do, for the log and the sender; it holds no secret.
  public var reason: [UInt8]

  public var text: String { reason.printable }
}

/// Why a message is passed over without a word.
public enum RemoteSilence: UInt8, CaseIterable, Sendable {
  /// Nothing is enabled, or the text is in no enabled dialect.
  case unknown
  /// Longer than any command, or with a byte that no command has.
  case malformed
  /// From a number that isn't among the senders.
  case sender
  /// Wrongly signed.
  case forged
  /// In an enabled dialect, from a number that is allowed, with a password that is neither the
  /// device's nor the maker's: somebody guesses, and that is to be limited.
  case password
  /// In a form that proves nothing, where that isn't accepted.
  case unauthenticated
  /// The device has no key.
  case unprovisioned

  public var text: StaticString {
    switch self {
    case .unknown: "no command that is enabled"
    case .malformed: "too long, or with a byte that no command has"
    case .sender: "the sender isn't among those that are allowed"
    case .forged: "not signed with this device's key for this device"
    case .password: "its password is wrong"
    case .unauthenticated: "its form proves nothing, and that isn't accepted"
    case .unprovisioned: "the device has no key; `godwit provision` makes one"
    }
  }
}

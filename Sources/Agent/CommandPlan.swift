import Primitives
import Settings

/// What the agent has to know to obey commands.
public struct CommandPlan: Sendable {
  /// What a change must go together with.
  public var file: Configuration
  /// The same with what the vault has put on top of it.
  public var holding: Configuration

  public init(file: Configuration, holding: Configuration) {
    self.file = file
    self.holding = holding
  }
}

/// What messages may cause in a day. All of it is kept in the vault, so that a reboot gives nobody
/// more. Where the network is a simulated one (`[network] limits = off`), answers, trials, orders and
/// awake seconds are counted and not limited; the guesses at a password always are.
public enum CommandLimits {
  /// Messages that are sent as answers, each part of a long one counted.
  public static let answersPerDay: UInt32 = 24
  /// Trials that may be begun.
  public static let trialsPerDay: UInt32 = 6
  /// After so many of them whoever proves nothing begins no more: the others are left for the owner.
  public static let unprovenTrialsPerDay: UInt32 = 3
  /// Once messages have kept the modem awake for so long, whoever proves nothing begins no more trials
  /// either: the longest one leaves the owner something of the day.
  public static let unprovenAwakeSeconds: UInt32 = 1800
  /// Restarts and reports that may be asked for, a change that holds without a trial counted as a restart:
  /// each is a start of the radio and a write, and a text with a password may come again.
  public static let ordersPerDay: UInt32 = 12
  /// Texts with a wrong password, of all dialects together. From then on texts with a password are
  /// passed over, the right one too, until the next day; nor are more of them counted, so that no
  /// flash wears out. What is signed is still obeyed.
  public static let wrongPasswordsPerDay: UInt8 = 5
  /// Seconds for which the modem is awake for messages, beyond the reports' own time: from the first
  /// message of a listing until all are deleted and answered, and all of a trial's. Afterwards messages
  /// are counted and deleted, but neither obeyed nor answered until the next day. Two trials of settings
  /// that never register fit.
  public static let awakeSecondsPerDay: UInt32 = 7200
  /// Seconds that may be lost with the power: whoever proves nothing causes no write before.
  static let unkeptSeconds: UInt32 = 30
  /// Lines of the log about messages that prove nothing, from one start to the next: why they are passed
  /// over, or what they are. The others are only counted.
  static let saidSilences = 20
}

/// What commands have cost today, for `godwit status`.
public struct CommandState: Equatable, Sendable {
  /// Whether any command can be obeyed: they are enabled, and the device has a key.
  public var isListening = false
  public var answersLeft: UInt32 = 0
  public var trialsLeft: UInt32 = 0
  public var awakeSecondsLeft: UInt32 = 0
}

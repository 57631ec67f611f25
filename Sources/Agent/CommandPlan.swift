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

/// What messages may cause in a day, unless the network is a simulated one. All of it is kept in the vault, so that a reboot gives nobody
/// more.
public enum CommandLimits {
  /// Messages that are sent as answers, each part of a long one counted.
  public static let answersPerDay: UInt32 = 24
  /// Trials that may be begun.
  public static let trialsPerDay: UInt32 = 6
  /// Seconds for which the modem is awake for messages, beyond the reports' own time: from the first
  /// message of a listing until all are deleted and answered, and all of a trial's. Afterwards messages
  /// are counted and deleted, but neither obeyed nor answered until the next day. Two trials of settings
  /// that never register fit.
  public static let awakeSecondsPerDay: UInt32 = 7200
  /// Seconds that may be lost with the power: whoever proves nothing causes no write before.
  static let unkeptSeconds: UInt32 = 30
  /// Messages that are passed over of which the log says why, from one start to the next; the others
  /// are only counted.
  static let saidSilences: Int64 = 20
}

/// What commands have cost today, for `godwit status`.
public struct CommandState: Equatable, Sendable {
  /// Whether any command can be obeyed: they are enabled, and the device has a key.
  public var isListening = false
  public var answersLeft: UInt32 = 0
  public var trialsLeft: UInt32 = 0
  public var awakeSecondsLeft: UInt32 = 0
  /// `running: apn=em`; nil where none is under way and no outcome waits to be told. No secret is in it.
  public var trial: (stage: StaticString, settings: [UInt8])?

  public static func == (a: CommandState, b: CommandState) -> Bool {
    a.isListening == b.isListening && a.answersLeft == b.answersLeft
      && a.trialsLeft == b.trialsLeft && a.awakeSecondsLeft == b.awakeSecondsLeft
      && a.trial?.settings == b.trial?.settings
      && a.trial.map { Array($0.stage) } == b.trial.map { Array($0.stage) }
  }
}

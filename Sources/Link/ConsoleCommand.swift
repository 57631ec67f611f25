import AT
import Cellular
import Modems
import Primitives

/// One line that a person wants the modem to run.
public struct ConsoleCommand: Equatable, Sendable {
  /// The longest that a line may take, in seconds: as long as a search for networks.
  public static let timeLimitSeconds: Int64 = 180

  /// The owner's own, given back with the result.
  public let id: Int64
  public let command: TypedCommand
  /// From the line's last byte to its result code.
  public let timeout: Duration
  /// Whether a modem that rests is woken for it.
  public let wakes: Bool

  public init(id: Int64, command: TypedCommand, timeout: Duration, wakes: Bool) {
    self.id = id
    self.command = command
    self.timeout = min(max(timeout, .seconds(1)), .seconds(Self.timeLimitSeconds))
    self.wakes = wakes
  }

  /// Whether the line only asks: then what is known of the module still holds. Whatever isn't
  /// known to only ask counts as a change.
  var onlyAsks: Bool {
    TypedCommand.commands(of: command.line.bytes).allSatisfy { text in
      if text.isEmpty || text.last == UInt8(ascii: "?") { return true }
      return Self.questions.contains { text.equals($0) }
    }
  }

  /// Whether the line may leave the radio off.
  var mayTurnRadioOff: Bool {
    TypedCommand.commands(of: command.line.bytes).contains { $0.hasPrefix("+CFUN=") }
  }

  /// Commands without a mark that only ask: V.250 §6.1, TS 27.007 §5, §8, and common makers' ones.
  private static let questions: [StaticString] = [
    "I", "+CSQ", "+CESQ", "+CGMI", "+CGMM", "+CGMR", "+CGSN", "+GMI", "+GMM", "+GMR", "+GSN",
    "+CIMI", "+CCID", "+ICCID", "+QCCID", "+QCSQ", "+QNWINFO", "+QLTS", "+QLTS=2", "+CPAS", "+CEER",
    "+CNUM", "+CBC", "+CGPADDR", "+CGPADDR=1", "+CGCONTRDP", "+CGCONTRDP=1",
  ]
}

/// What came of a console's line.
public enum ConsoleResult: Equatable, Sendable {
  /// Also where the modem's answer was an error, or none in time. Beside it what the modem said
  /// unasked meanwhile.
  case answered(Answer, urcs: [[UInt8]])
  /// It wasn't sent, or its answer can't come any more.
  case refused(ConsoleRefusal)
}

/// Why a console's line wasn't run.
public enum ConsoleRefusal: Equatable, Sendable {
  case off, asleep, starting, reporting, goingToSleep, ending
  /// It was woken in vain.
  case notStarted
  /// Another console's line is on its way.
  case taken
  /// The modem restarted, or went off or asleep, before it had answered.
  case interrupted

  public var text: String {
    switch self {
    case .off: "the modem is off; --wake turns it on"
    case .asleep: "the modem is asleep; --wake wakes it"
    case .starting: "the modem is starting; try again in a few seconds"
    case .reporting: "a report is on its way; try again when it is done"
    case .goingToSleep: "the modem is about to sleep; try again with --wake"
    case .ending: "the process is ending"
    case .notStarted: "the modem could not be started; the log says why"
    case .taken: "another console's line is on its way; try again in a few seconds"
    case .interrupted: "the modem restarted or went to rest before it had answered"
    }
  }
}

/// A console's line and how far it is.
struct ConsoleTurn: Sendable {
  enum Stage: Equatable, Sendable {
    /// It may be sent as soon as nothing else is on its way, but no later than then.
    case waiting(until: Instant)
    case running
  }

  let command: ConsoleCommand
  var stage: Stage
  /// How often the modem may yet be woken for it.
  var wakesLeft: Int
  /// What the modem said unasked while it ran.
  var urcs: [[UInt8]] = []

  /// Most lines kept; more are dropped.
  static let urcLimit = 32
  /// A report may come in between, after which the modem rests again.
  static let wakeLimit = 2
}

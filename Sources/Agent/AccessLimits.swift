import Cellular
import Link
import Primitives

/// How often the network may be troubled, whatever goes wrong. The numbers are GSMA TS.34's and
/// Verizon's (facts: faults-security-network, R4 and E); each may only be undercut.
///
/// A **radio access** is counted whenever the device starts the radio to be registered anew (a cold
/// start, radio off and on, a reset), and whenever it tries again after a failure, warm or cold. A
/// planned report out of power saving mode whose predecessor was confirmed isn't one: it uses the
/// registration that it has, for which the same rules allow a message every 5 minutes.
public enum AccessLimits {
  /// Radio accesses in any hour.
  public static let accessesPerHour = SleepPlan.attachesPerHour
  /// Resets of the module in any hour: by command, by key, by its supply. TS.34 8.2.4_REQ_010, N1.
  public static let resetsPerHour = 1
  /// Power cycles in any 24 hours that are the ladder's: after a module that didn't behave, with the
  /// resets within an attempt. Those between reports, and after a search in vain, are counted against
  /// `startsPerDay`.
  public static let powerCyclesPerDay = 6
  /// Restarts of the board in any 24 hours.
  public static let boardRestartsPerDay = 1
  /// Cold starts in a period of 24 hours for the sake of reports: as many as the accesses allow. The
  /// module's own figure where its maker names a lower one.
  public static let startsPerDay = 96
  /// The energy that may go into searches in vain in any 24 hours, as time of the receiver: at 100 mA
  /// 1080 C, 300 mAh.
  public static let searchPerDay = Duration.seconds(3 * 3600)
  /// Nothing cuts the power of SIM or radio or searches anew before a multi-IMSI card has had so long
  /// to rotate through its identities; at the first installation, until a report is confirmed, longer.
  public static let patience = Duration.seconds(600)
  public static let firstPatience = Duration.seconds(1800)
  /// The longest that a reject cause stops the attempts.
  public static let longestBlock = Duration.seconds(48 * 3600)
  /// Between accesses, and from the start of the process to the first, while they can't be kept.
  public static let unkeptGap = Duration.seconds(900)
  /// How often what has passed is kept while nobody knows the time of day: a board that is started
  /// anew then counts what it was awake. Sooner after its start, as long each time as it has been on,
  /// so that a board that is never on for an hour comes to an end of its waits too.
  public static let agingInterval = Duration.seconds(3600)
  static let firstAging = Duration.seconds(60)
  /// Refusals that are kept, of as many pairs of card and operator; the oldest goes first.
  static let refusals = 4
  /// Searches that are kept; beyond it the two oldest become one.
  static let searches = 20

  static let hour = Duration.seconds(3600)
  static let day = Duration.seconds(86_400)
}

/// What holds the next attempt back.
public enum LimitReason: Equatable, Sendable {
  /// The wait after a failure.
  case backOff
  /// The network refused this card, here.
  case refused(RejectCause)
  /// It refused the data session.
  case sessionRefused(SessionCause)
  case accessesPerHour
  case powerCyclesPerDay
  case startsPerDay
  case searchPerDay
  /// The limits can't be kept over a restart.
  case unkept

  public var text: String {
    switch self {
    case .backOff: "the wait after a failure"
    case .refused(let cause): "the network refused: " + cause.text
    case .sessionRefused(let cause): "the network refused the data session: " + cause.text
    case .accessesPerHour: "\(AccessLimits.accessesPerHour) radio accesses in an hour are the limit"
    case .powerCyclesPerDay:
      "\(AccessLimits.powerCyclesPerDay) power cycles for a module that fails are a day's limit"
    case .startsPerDay: "the module may not be started more often in a day"
    case .searchPerDay: "the day's energy for searches in vain is used up"
    case .unkept: "the store doesn't keep the count of radio accesses"
    }
  }
}

/// What is left of the limits, for status and doctor.
public struct LimitsState: Equatable, Sendable {
  /// Whether they count: `[network] limits`.
  public var areObeyed: Bool
  /// Radio accesses left in this hour, resets in this hour, power cycles of the ladder in this day.
  public var accessesLeft: Int
  public var resetsLeft: Int
  public var powerCyclesLeft: Int
  /// Time left today for searches in vain.
  public var searchLeft: Duration
  /// Failures in a row, over restarts too; a confirmed report clears them.
  public var failures: Int
  /// The layer that the last of these were about, and how many in a row.
  public var rung: Rung?
  public var failuresOfRung: Int
  /// Until when the next attempt is held back, and by what; nil: by nothing.
  public var blockedUntil: Instant?
  public var reason: LimitReason?
  /// Whether a report was ever confirmed: until then searches may take longer.
  public var hasConfirmed: Bool
  /// The configured interval wants more cold starts than the limits allow; nil where it doesn't, or
  /// where the modem sleeps in between.
  public var isIntervalTooShort: Bool
}

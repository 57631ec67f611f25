import Primitives

public enum TrialLimits {
  /// How long settings are tried unless `[sms] trial-time` says otherwise, on the boot-time clock: an
  /// IMSI rotation and three attempts fit.
  public static let time = Duration.seconds(45 * 60)
  /// What is added where the attempts weren't made by then: each may search for
  /// `AccessLimits.firstPatience`.
  public static let overtime = Duration.seconds(60 * 60)
  /// Attempts without which settings aren't given up.
  public static let attempts = 3
  /// After the first, second, … failure of a trial, or of the return from it; the last repeats.
  public static let waits: [Duration] = [.seconds(180), .seconds(600), .seconds(900)]
  /// Failures of the old settings after which the new ones get their extension: then it wasn't theirs.
  public static let oldFailures = 3
  /// While a command has to come in, so often the device looks for one.
  public static let look = Duration.seconds(450)
  /// Attempts and starts of the radio that a trial has, and its extension again, whatever else was
  /// asked of the network; the limits of `AccessLimits` know nothing of them. A trial that has had them
  /// ends.
  public static let accesses: UInt8 = 24
  /// Those with which the old settings return; afterwards the limits hold for them again.
  public static let returnAccesses: UInt8 = 8
  /// Starts from off for the sake of reading the values back.
  public static let coldStarts = 3
  /// How often it is tried to tell the outcome.
  public static let tellings: UInt8 = 5
  /// A trial in a simulated network searches for this part of its time, so that three attempts fit.
  static let searches = 3

  /// A span of a trial that is shorter than usual is shorter in proportion.
  static func paced(_ span: Duration, by time: Duration) -> Duration {
    if time >= Self.time { return span }
    let whole = Self.time.wholeMilliseconds
    return .milliseconds(span.wholeMilliseconds * time.wholeMilliseconds / whole)
  }
}

/// A trial that this agent runs.
struct TrialRun: Sendable {
  var began: Instant
  /// How long it lasts.
  var time: Duration
  /// Reports that were tried and failed.
  var failures = 0
  /// A report went through, but not over a modem that started cold with the values in it: it is
  /// turned off and started once more.
  var isColdStartDue = false
  /// How often that was done.
  var coldStarts = 0
  var hasCommand = false
  /// All but the command has been proven.
  var isProven = false
  /// When the device looks for the command that is missing.
  var lookAt: Instant?
  /// It has had all its accesses.
  var isSpent = false

  /// When it is over at the latest, unless an attempt is being made then.
  var deadline: Instant {
    if isSpent { return began }
    let isTried = isProven || failures >= TrialLimits.attempts
    return began + (isTried ? time : time + TrialLimits.paced(TrialLimits.overtime, by: time))
  }
}

import Primitives

/// The counter of the last command, and what commands have cost since `since`: in the vault, so that
/// neither a reboot nor a crash gives anyone a second try.
public struct CommandLedger: Equatable, Sendable {
  /// That of the last signed command that was accepted; another must have a greater one.
  public var counter: UInt64 = 0
  /// When the present day of counting began; nil while the time of day isn't known.
  public var since: UTC?
  /// Seconds of that day that the board was on and counted, by the clock that begins at its start.
  public var age: UInt32 = 0
  /// Until when on that clock they are counted; nil: from the next moment on.
  private var agedAt: Instant?
  /// Messages that were answered in that day, trials that were begun, and seconds for which the modem
  /// was kept awake for commands.
  public var answers: UInt32 = 0
  public var trials: UInt32 = 0
  public var awakeSeconds: UInt32 = 0
  /// Restarts and reports that were asked for in that day, a setting that starts the device anew counted
  /// as one.
  public var orders: UInt32 = 0
  /// Texts of that day that had a wrong password, as far as they are counted.
  public var wrongPasswords: UInt8 = 0

  /// How far the time of day may go back without the day of counting being taken for a wrong one: a
  /// board without a clock of its own comes up with the time at which it went down.
  public static let longestStep = Duration.seconds(7 * 86_400)
  /// The length of the day of counting.
  private static let day = Duration.seconds(86_400)
  private static let version: UInt8 = 3
  /// Of the versions from 1 on: the first had no `wrongPasswords`, the second neither `age` nor `orders`.
  private static let lengths = [29, 30, 38]

  public init() {}

  /// A command that was signed with that counter is seen for the first time.
  ///
  /// - Returns: false for one that isn't greater than every one before: it came again, or late. Then
  ///   nothing changes.
  public mutating func take(counter next: UInt64) -> Bool {
    guard next > counter else { return false }
    counter = next
    return true
  }

  /// Whether a day's end would give anyone more.
  public var hasSpent: Bool {
    answers > 0 || trials > 0 || awakeSeconds > 0 || orders > 0 || wrongPasswords > 0
  }

  /// The day is over too when the board has been on for so long since it began: so it ends where nobody
  /// ever tells the time. What passes while the board is off, or unkept, isn't counted, so that no
  /// reboot gives anyone more.
  public mutating func elapse(to now: Instant) {
    let from = agedAt ?? now
    let seconds = max(0, (now - from).wholeSeconds)
    agedAt = from + .seconds(seconds)
    let passed = Int64(age) + seconds
    age = UInt32(clamping: passed)
    if passed >= Self.day.wholeSeconds { beginDay(nil) }
  }

  private mutating func beginDay(_ utc: UTC?) {
    since = utc
    (answers, trials, awakeSeconds, orders, wrongPasswords, age) = (0, 0, 0, 0, 0, 0)
  }

  /// A day of counting begins when the last one is over; one whose beginning isn't known lasts for a day
  /// from when the time of day is. A clock that goes back ends none, so that no reboot gives anyone more.
  public mutating func refresh(_ utc: UTC?) {
    guard let utc else { return }
    if let since {
      if utc < since {
        if since - utc > Self.longestStep { self.since = utc }
        return
      }
      if utc < since + Self.day { return }
      return beginDay(utc)
    }
    since = utc
  }

  /// Reads what `kept` makes; nil for anything else, which counts as lost.
  public init?(kept bytes: [UInt8]) {
    guard let version = bytes.first, (1...Self.version).contains(version),
      bytes.count == Self.lengths[Int(version) - 1]
    else { return nil }
    func number(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
    counter = number(1..<9)
    let start = Int64(bitPattern: number(9..<17))
    since = start == 0 ? nil : UTC(millisecondsSince1970: start)
    answers = UInt32(number(17..<21))
    trials = UInt32(number(21..<25))
    awakeSeconds = UInt32(number(25..<29))
    if version > 1 { wrongPasswords = bytes[29] }
    if version > 2 { (age, orders) = (UInt32(number(30..<34)), UInt32(number(34..<38))) }
  }

  public var kept: [UInt8] {
    func digits(_ number: UInt64, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * (count - 1 - $0))) }
    }
    return [Self.version] + digits(counter, 8)
      + digits(UInt64(bitPattern: since?.millisecondsSince1970 ?? 0), 8)
      + digits(UInt64(answers), 4) + digits(UInt64(trials), 4) + digits(UInt64(awakeSeconds), 4)
      + [wrongPasswords] + digits(UInt64(age), 4) + digits(UInt64(orders), 4)
  }
}

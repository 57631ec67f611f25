import Cellular
import Link
import Primitives

/// What the device has asked of the network lately, and so when it may ask again. Pure: `now` comes
/// in; the owner keeps `encoded` durably before each access that it books.
///
/// All moments are on the boot-time clock; those of an earlier boot lie before its start.
public struct AccessLedger: Equatable, Sendable {
  /// Radio accesses, resets, the ladder's power cycles and restarts of the board, oldest first, as
  /// many of each as its limit.
  var accesses: [Instant] = []
  var resets: [Instant] = []
  var powerCycles: [Instant] = []
  var boardRestarts: [Instant] = []
  var searches: [Search] = []
  /// Since when cold starts for reports are counted, and how many there were.
  var startsSince: Instant?
  var starts = 0
  /// An attempt was booked of which neither success nor failure was kept.
  var isPending = false
  /// Failures in a row, and until when the last one holds the next attempt back.
  public internal(set) var failures = 0
  var retryAt: Instant?
  /// The layer of the last failures, and how many of it in a row.
  public internal(set) var rung: Rung?
  public internal(set) var rungFailures = 0
  var refusals: [Refusal] = []
  /// A report was confirmed, ever.
  public internal(set) var hasConfirmed = false
  /// Other settings: one attempt at once. With another card the attempt that found it is that one.
  var mayTryAtOnce = false
  /// The card that was read last, and the settings of the network, each as a checksum; 0: unknown.
  var card: UInt32 = 0
  var settings: UInt32 = 0
  /// The operator that the settings name, which isn't in that checksum; nil: the module chooses.
  var chosen: PLMN?
  /// Another identity of the card has cleared the failures since the last confirmed report: a card that
  /// rotates for ever isn't a new one each time.
  var isForgiven = false
  /// The last attempt needed more accesses than were left: the next one waits until all are.
  var needsFullHour = false
  /// Since when they can't be kept.
  var unkeptSince: Instant?
  /// Where nobody knows how long the board was off: the time of day when this was kept, and when it
  /// was taken up again.
  var unanchored: Anchor?

  /// A search in vain.
  struct Search: Equatable, Sendable {
    var ended: Instant
    var seconds: Int64
  }

  /// A refusal of the network, for one card with the operator that the settings named then. nil: the
  /// module chose, and none tells who refused, not even after a registration, since it may have asked
  /// others meanwhile; that one holds for whomever it may choose.
  struct Refusal: Equatable, Sendable {
    var card: UInt32
    var plmn: PLMN?
    var reason: LimitReason
    var strikes: Int
    var until: Instant
  }

  struct Anchor: Equatable, Sendable {
    var utcSeconds: Int64
    var at: Instant
    /// The ends of the waits that were kept: those that began since lie where they are.
    var retryAt: Instant?
    var ends: [Instant] = []
  }

  public init() {}
}

// MARK: - When may it be tried

extension AccessLedger {
  /// An attempt that is about to be made.
  public struct Wish: Equatable, Sendable {
    /// The radio has to be started anew.
    public var isCold: Bool
    /// The module too.
    public var isPowerStart: Bool
    /// Cold starts a day that the module bears.
    public var startsPerDay = AccessLimits.startsPerDay

    public init(isCold: Bool) { (self.isCold, isPowerStart) = (isCold, isCold) }
  }

  /// Whether the attempt is a radio access as the limits count them; see `AccessLimits`.
  public func isCounted(_ wish: Wish) -> Bool { wish.isCold || failures > 0 || isPending }

  /// Whether the next cold start is the ladder's: the module itself, or its card, didn't behave.
  var isLaddersCycle: Bool { rung == .power || rung == .sim }

  /// How long a search is given.
  public var patience: Duration {
    hasConfirmed ? AccessLimits.patience : AccessLimits.firstPatience
  }

  /// Whether a look at the card is worth a start of the module: another one would be let in. For what
  /// else holds an attempt back no card is to blame.
  func mayLookAtCard(_ wish: Wish, now: Instant) -> Bool {
    guard card != 0, rung == .registration || rung == .sim,
      accesses.last.map({ $0 + AccessLimits.hour <= now }) ?? true
    else { return false }
    var other = self
    other.mayTryAtOnce = true
    return !mayTryAtOnce && other.hold(wish, now: now) == nil
  }

  /// When the attempt may be made, where that isn't now, and what holds it back.
  public func hold(_ wish: Wish, now: Instant) -> (until: Instant, reason: LimitReason)? {
    guard isCounted(wish) else { return nil }
    var held: (until: Instant, reason: LimitReason)?
    func hold(_ until: Instant?, _ reason: LimitReason) {
      guard let until, until > max(now, held?.until ?? now) else { return }
      held = (until, reason)
    }
    if !mayTryAtOnce {
      // The refusal's pause is the wait after the failure too; what says more is told.
      for refusal in refusals where isOurs(refusal) { hold(refusal.until, refusal.reason) }
      hold(retryAt, .backOff)
    }
    hold(
      needsFullHour
        ? accesses.last.map { $0 + AccessLimits.hour }
        : Self.free(accesses, of: AccessLimits.accessesPerHour, per: AccessLimits.hour),
      .accessesPerHour)
    if isLaddersCycle {
      hold(
        Self.free(powerCycles, of: AccessLimits.powerCyclesPerDay, per: AccessLimits.day),
        .powerCyclesPerDay)
    } else if wish.isPowerStart, let startsSince, starts >= wish.startsPerDay {
      hold(startsSince + AccessLimits.day, .startsPerDay)
    }
    hold(searchIsAffordable(now: now), .searchPerDay)
    if let unkeptSince {
      hold(max(unkeptSince, accesses.last ?? unkeptSince) + AccessLimits.unkeptGap, .unkept)
    }
    return held
  }

  /// When the first of so many falls out of its period; nil while there is room.
  private static func free(_ moments: [Instant], of limit: Int, per period: Duration) -> Instant? {
    moments.count < limit ? nil : moments[moments.count - limit] + period
  }

  private static func left(
    _ moments: [Instant], of limit: Int, per period: Duration, now: Instant
  ) -> Int {
    max(0, limit - moments.count { $0 + period > now })
  }

  public func accessesLeft(now: Instant) -> Int {
    Self.left(accesses, of: AccessLimits.accessesPerHour, per: AccessLimits.hour, now: now)
  }

  public func resetsLeft(now: Instant) -> Int {
    Self.left(resets, of: AccessLimits.resetsPerHour, per: AccessLimits.hour, now: now)
  }

  public func powerCyclesLeft(now: Instant) -> Int {
    Self.left(powerCycles, of: AccessLimits.powerCyclesPerDay, per: AccessLimits.day, now: now)
  }

  public func boardRestartsLeft(now: Instant) -> Int {
    Self.left(boardRestarts, of: AccessLimits.boardRestartsPerDay, per: AccessLimits.day, now: now)
  }

  public func searchLeft(now: Instant) -> Duration {
    let spent = searches.reduce(Int64(0)) {
      $1.ended + AccessLimits.day > now ? $0 + $1.seconds : $0
    }
    return max(.zero, AccessLimits.searchPerDay - .seconds(spent))
  }

  /// When a whole search fits into the day's energy; nil: now.
  private func searchIsAffordable(now: Instant) -> Instant? {
    var left = searchLeft(now: now)
    var until: Instant?
    for search in searches where search.ended + AccessLimits.day > now && left < patience {
      left += .seconds(search.seconds)
      until = search.ended + AccessLimits.day
    }
    return until
  }
}

// MARK: - What happens

extension AccessLedger {
  /// An attempt begins. To be kept before it is made, if it is counted.
  ///
  /// - Returns: whether it is counted.
  public mutating func begin(_ wish: Wish, now: Instant) -> Bool {
    guard isCounted(wish) else { return false }
    needsFullHour = false
    mayTryAtOnce = false
    isPending = true
    Self.book(&accesses, limit: AccessLimits.accessesPerHour, now)
    if wish.isPowerStart {
      if isLaddersCycle {
        Self.book(&powerCycles, limit: AccessLimits.powerCyclesPerDay, now)
      } else {
        if startsSince.map({ $0 + AccessLimits.day <= now }) ?? true {
          (startsSince, starts) = (now, 0)
        }
        starts += 1
      }
    }
    return true
  }

  /// The radio is started anew within an attempt, by a reset or without. To be kept before. A reset is
  /// a power cycle too; where the attempt begins with it, the one that is booked already.
  public mutating func climb(isReset: Bool, now: Instant) {
    isPending = true
    Self.book(&accesses, limit: AccessLimits.accessesPerHour, now)
    guard isReset else { return }
    Self.book(&resets, limit: AccessLimits.resetsPerHour, now)
    if powerCycles.last != now {
      Self.book(&powerCycles, limit: AccessLimits.powerCyclesPerDay, now)
    }
  }

  public mutating func restartBoard(now: Instant) {
    Self.book(&boardRestarts, limit: AccessLimits.boardRestartsPerDay, now)
  }

  /// The attempt failed on that rung, and isn't to be repeated before `retryAt`.
  public mutating func failed(on rung: Rung, retryAt: Instant) {
    isPending = false
    failures += 1
    self.retryAt = retryAt
    rungFailures = rung == self.rung ? rungFailures + 1 : 1
    self.rung = rung
  }

  /// The attempt was a look at the card: it neither failed nor worked.
  mutating func wasLook() { isPending = false }

  /// The attempt would have needed more radio accesses than there were: no failure of anybody's.
  public mutating func wasHeldBack() {
    isPending = false
    needsFullHour = true
  }

  /// Whether it is of this card with the operator that the settings name, or with the module's choice
  /// where they name none.
  private func isOurs(_ refusal: Refusal) -> Bool {
    refusal.card == card && refusal.plmn == chosen
  }

  /// The network refused this card.
  ///
  /// - Returns: for how long it isn't asked again.
  public mutating func refused(
    _ reason: LimitReason, _ treatment: RejectTreatment, now: Instant
  ) -> Duration {
    guard treatment.pause > .zero else { return .zero }
    var refusal = Refusal(card: card, plmn: chosen, reason: reason, strikes: 0, until: now)
    if let index = refusals.firstIndex(where: { isOurs($0) }) {
      refusal = refusals.remove(at: index)
      if refusal.reason != reason { refusal.strikes = 0 }
    } else if refusals.count >= AccessLimits.refusals {
      refusals.removeFirst()
    }
    refusal.strikes += 1
    refusal.reason = reason
    let wait = treatment.wait(strikes: refusal.strikes)
    refusal.until = now + wait
    refusals.append(refusal)
    return wait
  }

  /// So long was searched in vain.
  public mutating func searched(_ time: Duration, now: Instant) {
    guard time >= .seconds(1) else { return }
    searches.removeAll { $0.ended + AccessLimits.day <= now }
    if searches.count >= AccessLimits.searches {
      searches[1].seconds += searches[0].seconds
      searches.removeFirst()
    }
    searches.append(Search(ended: now, seconds: time.wholeSeconds))
  }

  /// The server confirmed a report: nothing fails any more. What was done to the network in the last
  /// hour and day stays counted, and what another operator or another card was refused stays true.
  ///
  /// - Returns: whether anything is to be kept.
  public mutating func confirmed() -> Bool {
    let isNews =
      isPending || failures > 0 || rung != nil || refusals.contains(where: { isOurs($0) })
      || !hasConfirmed || mayTryAtOnce || isForgiven || needsFullHour
    isPending = false
    failures = 0
    retryAt = nil
    (rung, rungFailures) = (nil, 0)
    refusals = refusals.filter { !isOurs($0) }
    hasConfirmed = true
    mayTryAtOnce = false
    isForgiven = false
    needsFullHour = false
    return isNews
  }

  /// The card was read: what was learnt with another one doesn't hold.
  ///
  /// - Returns: whether it is another one than before.
  public mutating func read(card: UInt32) -> Bool {
    if card == self.card { return false }
    let wasKnown = self.card != 0
    self.card = card
    guard wasKnown else { return false }
    if !isForgiven { forget() }
    isForgiven = true
    return true
  }

  /// The settings that the network depends on, and the operator that they name. Other settings end
  /// every refusal; where the operator alone is another one, what each has said stays true for it.
  ///
  /// - Returns: whether they are others than before; then one attempt may be made at once.
  public mutating func take(settings: UInt32, chosen: PLMN?) -> Bool {
    let isOther = settings != self.settings
    if !isOther, chosen == self.chosen { return false }
    let wasKnown = self.settings != 0
    self.settings = settings
    self.chosen = chosen
    guard wasKnown else { return false }
    forget()
    if isOther { refusals = [] }
    mayTryAtOnce = true
    return true
  }

  private mutating func forget() {
    failures = 0
    retryAt = nil
    (rung, rungFailures) = (nil, 0)
  }

  /// An earlier process booked an attempt and died in it: that was a failure too.
  public mutating func countPending(_ wait: (Int) -> Duration) {
    guard isPending else { return }
    isPending = false
    failures += 1
    retryAt = accesses.last.map { $0 + wait(failures) }
    unanchored?.retryAt = retryAt
  }

  private static func book(_ moments: inout [Instant], limit: Int, _ now: Instant) {
    moments.append(now)
    if moments.count > limit { moments.removeFirst(moments.count - limit) }
  }
}

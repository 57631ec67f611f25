import Link
import Primitives

/// A board that was off may have come back with another SIM, for which nothing holds that the last one
/// was refused. So the first attempt after the start that would be held back for it looks at the card:
/// the module starts and the card is read. Another one makes it a whole attempt; with the same one the
/// module goes off again.
extension Agent where S: ~Copyable {
  /// How far the look may go; nil where there is none: once a start, and only where an hour has passed
  /// since the last radio access, so that a board that starts again and again asks for little.
  mutating func cardLook(_ wish: AccessLedger.Wish, now: Instant) -> Allowance? {
    guard isCardLookDue, ledger.mayLookAtCard(wish, now: now) else { return nil }
    isCardLookDue = false
    _ = ledger.begin(wish, now: now)
    keepLimits(now: now)
    if ledger.unkeptSince != nil { return nil }
    isLookingAtCard = true
    log("limits", "held back since before the start: is the SIM another one?", now)
    return allowance(now: now)
  }

  /// The card was read, and is the one that was known.
  mutating func cardIsTheSame(now: Instant) {
    guard isLookingAtCard, case .connecting = cycle else { return }
    isLookingAtCard = false
    ledger.wasLook()
    keepLimits(now: now)
    guard let hold = ledger.hold(AccessLedger.Wish(isCold: true), now: now) else { return }
    wait(until: hold.until, hold.reason, now: now)
    drive(.powerOff, now: now)
  }
}

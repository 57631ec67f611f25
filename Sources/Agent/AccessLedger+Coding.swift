import Cellular
import Link
import Primitives

/// The ledger as it is kept: moments as ages, so that they outlive the clock that they were on.
extension AccessLedger {
  /// Which boot it is, and what time of day, as far as that is known.
  public struct Moment: Equatable, Sendable {
    public var now: Instant
    public var utc: UTC?
    /// A checksum of the board's boot identity; 0: unknown.
    public var boot: UInt32

    public init(now: Instant, utc: UTC?, boot: UInt32) {
      self.now = now
      self.utc = utc
      self.boot = boot
    }
  }

  private static let version: UInt8 = 2
  private static let never = UInt32.max

  /// At most 320 bytes.
  public func encoded(at moment: Moment) -> [UInt8] {
    let now = moment.now
    var bytes = [Self.version]
    func put(_ value: Int64, _ width: Int) {
      for shift in stride(from: 8 * (width - 1), through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: value >> Int64(shift)))
      }
    }
    func put(_ plmn: PLMN?) {
      let digits = plmn?.digits ?? []
      bytes += [UInt8(digits.count)] + digits
    }
    func put(_ span: Duration) { put(max(0, min(span.wholeSeconds, Int64(Self.never) - 1)), 4) }
    put(moment.utc.map { $0.millisecondsSince1970 / 1000 } ?? 0, 8)
    put(Int64(moment.boot), 4)
    put(now.milliseconds, 8)
    for moments in [accesses, resets, powerCycles, boardRestarts] {
      bytes.append(UInt8(moments.count))
      for one in moments { put(now - one) }
    }
    bytes.append(UInt8(searches.count))
    for search in searches {
      put(now - search.ended)
      put(min(search.seconds, 0xFFFF), 2)
    }
    if let startsSince { put(now - startsSince) } else { put(Int64(Self.never), 4) }
    put(Int64(starts), 2)
    let flags = [isPending, hasConfirmed, mayTryAtOnce, needsFullHour, isForgiven]
    bytes.append(flags.reduce(0) { $0 << 1 | ($1 ? 1 : 0) })
    put(Int64(min(failures, 0xFFFF)), 2)
    put((retryAt ?? now) - now + .milliseconds(999))
    bytes.append(UInt8(rung.flatMap { Self.rungs.firstIndex(of: $0) }.map { $0 + 1 } ?? 0))
    put(Int64(min(rungFailures, 0xFFFF)), 2)
    put(Int64(card), 4)
    put(Int64(settings), 4)
    put(chosen)
    bytes.append(UInt8(refusals.count))
    for refusal in refusals {
      put(Int64(refusal.card), 4)
      put(refusal.plmn)
      let (kind, code) = refusal.reason.coded
      bytes += [kind, code, UInt8(min(refusal.strikes, 0xFF))]
      put(refusal.until - now + .milliseconds(999))
    }
    return bytes
  }

  /// Where the boot is the same one, the boot-time clock says how long it was ago; else the time of
  /// day does, where it was known then and is now. Where nobody knows, only the time since the board
  /// was started counts as passed; `timeIsKnown` puts that right.
  ///
  /// - Returns: nil for what isn't a ledger.
  public init?(_ bytes: [UInt8], at moment: Moment) {
    var reader = ByteReader(bytes)
    guard reader.byte() == Self.version, let utc = reader.bigEndian(8),
      let boot = reader.bigEndian(4),
      let kept = reader.bigEndian(8), utc < 1 << 40, kept < 1 << 50
    else { return nil }
    let now = moment.now
    var passed = now.sinceStart
    if boot != 0, UInt32(boot) == moment.boot, Int64(kept) <= now.milliseconds {
      passed = .milliseconds(now.milliseconds - Int64(kept))
    } else if utc > 0, let today = moment.utc, today.millisecondsSince1970 / 1000 >= Int64(utc) {
      let seconds = today.millisecondsSince1970 / 1000 - Int64(utc)
      passed = max(passed, .seconds(seconds))
    } else {
      unanchored = Anchor(utcSeconds: Int64(utc), at: now)
    }
    let origin = now + (.zero - passed)
    do {
      try read(&reader, origin: origin)
    } catch {
      return nil
    }
    unanchored?.retryAt = retryAt
    unanchored?.ends = refusals.map { $0.until }
  }

  private mutating func read(_ reader: inout ByteReader, origin: Instant) throws(Truncated) {
    func number(_ width: Int, _ reader: inout ByteReader) throws(Truncated) -> Int64 {
      guard let value = reader.bigEndian(width) else { throw Truncated() }
      return Int64(truncatingIfNeeded: value)
    }
    func plmn(_ reader: inout ByteReader) throws(Truncated) -> PLMN? {
      let count = Int(try number(1, &reader))
      guard let digits = reader.take(count) else { throw Truncated() }
      return PLMN(digits)
    }
    func moments(_ limit: Int, _ reader: inout ByteReader) throws(Truncated) -> [Instant] {
      var all: [Instant] = []
      for _ in 0..<(try number(1, &reader)) {
        all.append(origin + .seconds(0 - (try number(4, &reader))))
      }
      return all.suffix(limit)
    }
    accesses = try moments(AccessLimits.accessesPerHour, &reader)
    resets = try moments(AccessLimits.resetsPerHour, &reader)
    powerCycles = try moments(AccessLimits.powerCyclesPerDay, &reader)
    boardRestarts = try moments(AccessLimits.boardRestartsPerDay, &reader)
    for _ in 0..<(try number(1, &reader)) {
      let ended = origin + .seconds(0 - (try number(4, &reader)))
      searches.append(Search(ended: ended, seconds: try number(2, &reader)))
    }
    searches = searches.suffix(AccessLimits.searches)
    let since = try number(4, &reader)
    startsSince = since == Int64(Self.never) ? nil : origin + .seconds(0 - since)
    starts = Int(try number(2, &reader))
    let flags = try number(1, &reader)
    isPending = flags & 16 != 0
    hasConfirmed = flags & 8 != 0
    mayTryAtOnce = flags & 4 != 0
    needsFullHour = flags & 2 != 0
    isForgiven = flags & 1 != 0
    failures = Int(try number(2, &reader))
    let wait = try number(4, &reader)
    retryAt = wait == 0 ? nil : origin + .seconds(wait)
    let place = Int(try number(1, &reader))
    rung = Self.rungs.indices.contains(place - 1) ? Self.rungs[place - 1] : nil
    rungFailures = Int(try number(2, &reader))
    card = UInt32(truncatingIfNeeded: try number(4, &reader))
    settings = UInt32(truncatingIfNeeded: try number(4, &reader))
    chosen = try plmn(&reader)
    for _ in 0..<(try number(1, &reader)) {
      let card = UInt32(truncatingIfNeeded: try number(4, &reader))
      let plmn = try plmn(&reader)
      let kind = try number(1, &reader)
      let code = Int(try number(1, &reader))
      let strikes = Int(try number(1, &reader))
      let left = try number(4, &reader)
      guard let reason = LimitReason(kind: kind, code: code) else { throw Truncated() }
      refusals.append(
        Refusal(
          card: card, plmn: plmn, reason: reason, strikes: strikes,
          until: origin + .seconds(left)))
    }
    refusals = refusals.suffix(AccessLimits.refusals)
  }

  private struct Truncated: Error {}

  /// The time of day is known now, and so how long the board was off.
  public mutating func timeIsKnown(_ utc: UTC, now: Instant) {
    guard let anchor = unanchored else { return }
    unanchored = nil
    guard anchor.utcSeconds > 0 else { return }
    let atAnchor = utc.millisecondsSince1970 / 1000 - (now - anchor.at).wholeSeconds
    let shift = Duration.seconds(
      anchor.utcSeconds - atAnchor + anchor.at.sinceStart.wholeSeconds)
    guard shift < .zero else { return }
    func shifted(_ moments: [Instant]) -> [Instant] {
      moments.map { $0 <= anchor.at ? $0 + shift : $0 }
    }
    accesses = shifted(accesses)
    resets = shifted(resets)
    powerCycles = shifted(powerCycles)
    boardRestarts = shifted(boardRestarts)
    for index in searches.indices where searches[index].ended <= anchor.at {
      searches[index].ended = searches[index].ended + shift
    }
    startsSince = startsSince.map { $0 <= anchor.at ? $0 + shift : $0 }
    if retryAt == anchor.retryAt { retryAt = retryAt.map { $0 + shift } }
    for index in refusals.indices where anchor.ends.contains(refusals[index].until) {
      refusals[index].until = refusals[index].until + shift
    }
  }

  private static let rungs: [Rung] = [.socket, .context, .registration, .sim, .power]
}

extension LimitReason {
  fileprivate var coded: (kind: UInt8, code: UInt8) {
    switch self {
    case .refused(let cause): (1, UInt8(truncatingIfNeeded: cause.code))
    case .sessionRefused(let cause): (2, UInt8(truncatingIfNeeded: cause.code))
    case .backOff, .accessesPerHour, .powerCyclesPerDay, .startsPerDay, .searchPerDay, .unkept:
      (0, 0)
    }
  }

  fileprivate init?(kind: Int64, code: Int) {
    switch kind {
    case 1:
      guard let cause = RejectCause(code: code) else { return nil }
      self = .refused(cause)
    case 2:
      guard let cause = SessionCause(code: code) else { return nil }
      self = .sessionRefused(cause)
    default: return nil
    }
  }
}

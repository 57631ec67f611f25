import Primitives

/// Addresses that outlive the module's sleep, so that a report needs no look-up. RFC 8767: an answer
/// that is past its life is better than none.
public struct DNSCache: Equatable, Sendable {
  /// How an entry may be used.
  public enum Freshness: Equatable, Sendable {
    /// Within its life.
    case fresh
    /// Past its life, and no better one was had.
    case stale
  }

  /// How long past its life an address may still be used.
  public static let staleLimit = Duration.seconds(7 * 86_400)
  /// Names kept; the one that was asked for longest ago goes.
  public static let limit = 4

  private struct Entry: Equatable {
    var name: HostName
    var answer: DNSAnswer
    var since: Instant
    var isDoubted = false
  }

  private var entries: [Entry] = []

  public init() {}

  /// What is known of a name: addresses in their order, and whether they still hold.
  public func addresses(
    of name: HostName, now: Instant
  ) -> (addresses: [DNSAddress], freshness: Freshness)? {
    guard let entry = entries.first(where: { $0.name == name }) else { return nil }
    let end = entry.since + entry.answer.timeToLive
    if now >= end + Self.staleLimit { return nil }
    let isFresh = now < end && !entry.isDoubted
    return (entry.answer.addresses, isFresh ? .fresh : .stale)
  }

  /// Whether to look the name up before it is used: it isn't known any more, or the server wasn't
  /// reached at its address. That its life is over alone costs no look-up: one that has moved shows.
  public func needsLookup(_ name: HostName, now: Instant) -> Bool {
    addresses(of: name, now: now) == nil
      || entries.contains { $0.name == name && $0.isDoubted }
  }

  public mutating func keep(_ answer: DNSAnswer, of name: HostName, now: Instant) {
    entries.removeAll { $0.name == name }
    if entries.count == Self.limit { entries.removeFirst() }
    entries.append(Entry(name: name, answer: answer, since: now))
  }

  /// The server wasn't reached: it may have moved, so the name is asked for again.
  public mutating func doubt(_ name: HostName) {
    for index in entries.indices where entries[index].name == name {
      entries[index].isDoubted = true
    }
  }

  /// A server said that there is no such name: what was known is wrong.
  public mutating func forget(_ name: HostName) { entries.removeAll { $0.name == name } }
}

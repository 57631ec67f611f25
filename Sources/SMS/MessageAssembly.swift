import Primitives

/// Puts the parts of long messages together, which come in any order, twice, or not at all.
public struct MessageAssembly: Sendable {
  /// Messages of which parts are still missing, at most; the oldest goes.
  public static let messageLimit = 4
  /// The most parts of a message that is put together; a longer one is refused.
  public static let partLimit: UInt8 = 8
  /// How long parts wait for the others. The service centre itself gives up a part after days, but
  /// nobody waits so long for a configuration.
  public static let timeout = Duration.seconds(6 * 3600)

  private struct Incomplete {
    let sender: SMSAddress
    let reference: UInt16
    let isWide: Bool
    let count: UInt8
    let since: Instant
    var parts: [(number: UInt8, content: [UInt8])]
  }

  private var waiting: [Incomplete] = []

  public init() {}

  /// What a part led to.
  public enum Outcome: Equatable, Sendable {
    /// The whole text or data, in order.
    case whole([UInt8])
    case missing
    /// This part was there already.
    case repeated
    /// More parts than `partLimit`, or a count that contradicts an earlier part.
    case refused
  }

  /// When the oldest incomplete message is given up.
  public var deadline: Instant? { waiting.first.map { $0.since + Self.timeout } }

  /// Gives up what has waited too long.
  ///
  /// - Returns: how many messages.
  public mutating func elapse(now: Instant) -> Int {
    let before = waiting.count
    waiting.removeAll { $0.since + Self.timeout <= now }
    return before - waiting.count
  }

  /// Takes the next message of a sender.
  public mutating func take(
    _ content: [UInt8], _ part: MessagePart?, from sender: SMSAddress, now: Instant
  ) -> Outcome {
    _ = elapse(now: now)
    guard let part, part.count > 1 else { return .whole(content) }
    guard part.count <= Self.partLimit else { return .refused }
    let index = waiting.firstIndex {
      $0.sender == sender && $0.reference == part.reference && $0.isWide == part.isWide
    }
    guard let index else {
      if waiting.count == Self.messageLimit { waiting.removeFirst() }
      waiting.append(
        Incomplete(
          sender: sender, reference: part.reference, isWide: part.isWide, count: part.count,
          since: now, parts: [(part.number, content)]))
      return .missing
    }
    guard waiting[index].count == part.count else { return .refused }
    if waiting[index].parts.contains(where: { $0.number == part.number }) { return .repeated }
    waiting[index].parts.append((part.number, content))
    guard waiting[index].parts.count == Int(part.count) else { return .missing }
    let parts = waiting.remove(at: index).parts.sorted { $0.number < $1.number }
    return .whole(parts.flatMap { $0.content })
  }
}

import Primitives

/// Puts the parts of long messages together, which come in any order, twice, or not at all.
///
/// The parts of an incomplete message stay in the module, as far as there is room, and are listed again
/// and again: so a process that comes up anew, or a board whose power was cut, loses none.
public struct MessageAssembly: Sendable {
  /// Messages of which parts are still missing, at most; the oldest goes.
  public static let messageLimit = 4
  /// The most parts of a message that is put together; a longer one is refused.
  public static let partLimit: UInt8 = 8
  /// How long parts wait for the others. The service centre itself gives up a part after days, but
  /// nobody waits so long for a configuration.
  public static let timeout = Duration.seconds(6 * 3600)

  /// Parts that are left in the module at most: what comes beyond them, and what is there when the
  /// module is full, is had here alone.
  public static let placeLimit = 4

  private struct Part {
    let number: UInt8
    let content: [UInt8]
    /// Where it stands in the module; nil: there no more.
    var place: Int?
  }

  private struct Incomplete {
    let sender: SMSAddress
    let reference: UInt16
    let isWide: Bool
    let count: UInt8
    let since: Instant
    var parts: [Part]
  }

  private var waiting: [Incomplete] = []
  private var released: [Int] = []

  public init() {}

  /// What a part led to.
  public enum Outcome: Equatable, Sendable {
    /// The whole text or data, in order.
    case whole([UInt8])
    /// Others are missing. It stays in the module until `takeReleased` names its place.
    case missing
    /// It was listed before, and has been taken.
    case known
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
    var count = 0
    while let oldest = waiting.first, oldest.since + Self.timeout <= now {
      dropOldest()
      count += 1
    }
    return count
  }

  /// The module is full: all parts are had here alone.
  public mutating func releaseAll() {
    for index in waiting.indices {
      release(waiting[index].parts)
      for part in waiting[index].parts.indices { waiting[index].parts[part].place = nil }
    }
  }

  /// The places in the module whose parts aren't needed there any more, since the last call.
  public mutating func takeReleased() -> [Int] {
    defer { released = [] }
    return released
  }

  /// Takes the next message of a sender.
  ///
  /// - Parameter place: where it stands in the module; nil: nowhere.
  public mutating func take(
    _ content: [UInt8], _ part: MessagePart?, from sender: SMSAddress, at place: Int? = nil,
    now: Instant
  ) -> Outcome {
    _ = elapse(now: now)
    guard let part, part.count > 1 else { return .whole(content) }
    if let place, released.contains(place) { return .known }
    guard part.count <= Self.partLimit else { return .refused }
    let index = waiting.firstIndex {
      $0.sender == sender && $0.reference == part.reference && $0.isWide == part.isWide
    }
    guard let index else {
      if waiting.count == Self.messageLimit { dropOldest() }
      waiting.append(
        Incomplete(
          sender: sender, reference: part.reference, isWide: part.isWide, count: part.count,
          since: now, parts: [held(part.number, content, place)]))
      return .missing
    }
    guard waiting[index].count == part.count else { return .refused }
    if let known = waiting[index].parts.first(where: { $0.number == part.number }) {
      return place != nil && known.place == place ? .known : .repeated
    }
    if waiting[index].parts.count + 1 < Int(part.count) {
      waiting[index].parts.append(held(part.number, content, place))
      return .missing
    }
    var message = waiting.remove(at: index)
    release(message.parts)
    message.parts.append(Part(number: part.number, content: content, place: nil))
    return .whole(message.parts.sorted { $0.number < $1.number }.flatMap { $0.content })
  }

  /// A part that is kept, and left where it stands while there is room.
  private mutating func held(_ number: UInt8, _ content: [UInt8], _ place: Int?) -> Part {
    let count = waiting.reduce(0) { $0 + $1.parts.count { $0.place != nil } }
    guard let place, count >= Self.placeLimit else {
      return Part(number: number, content: content, place: place)
    }
    released.append(place)
    return Part(number: number, content: content, place: nil)
  }

  private mutating func dropOldest() { release(waiting.removeFirst().parts) }

  private mutating func release(_ parts: [Part]) { released += parts.compactMap { $0.place } }
}

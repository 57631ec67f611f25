import Primitives

/// How much the machine's other programs may have stored in a minute. Pure.
///
/// A program that runs wild would else wear the disk out, one durable write a request, and push the
/// readings that wait out of the store.
struct PutQuota {
  /// Requests a minute, of all clients together: each may cost a write of its own.
  static let requestLimit = 600
  /// Readings a minute, of all clients together.
  static let readingLimit = 6000
  private static let window = Duration.seconds(60)

  private var ends = Instant.start
  private var requests = 0
  private var readings = 0
  private var hasRefused = false

  /// Counts a request.
  ///
  /// - Returns: why it is refused, and it isn't counted then; nil when it is within the quota.
  mutating func take(readings count: Int, now: Instant) -> PutQuotaRefusal? {
    if ends <= now {
      self = PutQuota()
      ends = now + Self.window
    }
    guard requests < Self.requestLimit, readings + count <= Self.readingLimit else {
      defer { hasRefused = true }
      let seconds = (ends - now + .milliseconds(999)).wholeSeconds
      return PutQuotaRefusal(seconds: seconds, isFirst: !hasRefused)
    }
    requests += 1
    readings += count
    return nil
  }
}

/// That a request is over the quota.
struct PutQuotaRefusal: Equatable {
  /// After which there is room again.
  let seconds: Int64
  /// Whether it is the first of its minute, which is worth a line in the log.
  let isFirst: Bool

  var text: String {
    "more than \(PutQuota.requestLimit) requests or \(PutQuota.readingLimit) readings in a minute; "
      + "send them again in \(seconds) s"
  }

  /// The answer that the control socket gives.
  var answer: [UInt8] { Array("refused 0 \(text)".utf8) }
}

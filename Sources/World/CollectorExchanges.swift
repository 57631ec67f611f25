import Primitives

/// Remembers the answer to each message, so that a repeated one gets the same (RFC 7252 §4.5).
struct CollectorExchanges: Sendable {
  struct Key: Hashable {
    let peer: [UInt8]
    let messageID: UInt16
  }

  private var answers: [Key: (answer: [[UInt8]], until: Instant)] = [:]
  /// The keys by age, from `oldest` on.
  private var order: [(key: Key, until: Instant)] = []
  private var oldest = 0

  func answer(to key: Key, now: Instant) -> [[UInt8]]? {
    guard let known = answers[key], now < known.until else { return nil }
    return known.answer
  }

  mutating func remember(_ answer: [[UInt8]], to key: Key, now: Instant) {
    let until = now + Collector.exchangeLifetime
    answers[key] = (answer, until)
    order.append((key, until))
    while oldest < order.count,
      order[oldest].until <= now || order.count - oldest > Collector.exchangeLimit
    {
      let (key, until) = order[oldest]
      // The message ID may be in use again since.
      if answers[key]?.until == until { answers[key] = nil }
      oldest += 1
    }
    if oldest > order.count / 2 {
      order.removeFirst(oldest)
      oldest = 0
    }
  }
}

/// A Confirmable response on its way: sent again with back-off until it is acknowledged, rejected
/// or given up (RFC 7252 §4.2, §5.2.2, default parameters of §4.8).
struct CollectorSeparate: Sendable {
  static let maxRetransmit = 4

  let peer: [UInt8]
  let messageID: UInt16
  let response: [UInt8]
  private(set) var due: Instant
  private var timeout: Duration
  private var transmissions = 0

  init(peer: [UInt8], messageID: UInt16, response: [UInt8], due: Instant, jitter: UInt64) {
    self.peer = peer
    self.messageID = messageID
    self.response = response
    self.due = due
    timeout = .milliseconds(2000 + Int64(jitter % 1001))
  }

  var isGivenUp: Bool { transmissions > Self.maxRetransmit }

  /// Notes a transmission and when the next one is due.
  mutating func schedule(after now: Instant) {
    transmissions += 1
    due = now + timeout
    timeout = timeout + timeout
  }
}

import Primitives

/// The server's side of a report: takes `POST …?d=<device>&b=<identity>&c=<check>` with a SenML pack
/// in CBOR, counts each identity once and answers 2.04, or misbehaves as its policy says, from a
/// seed. What was changed on its way gets 4.08, for another try.
///
/// Written from RFC 7252, RFC 8949 and RFC 8428 alone, so that it can catch the device's mistakes.
/// Performs no IO.
public struct Collector: Sendable {
  /// EXCHANGE_LIFETIME: how long a message ID of an endpoint stays the same message (RFC 7252
  /// §4.8.2, with the default parameters).
  public static let exchangeLifetime = Duration.seconds(247)
  /// Most messages remembered for that; beyond it the oldest are forgotten.
  public static let exchangeLimit = 65_536
  /// Most reports kept to look at; beyond it the older half goes, the counts stay.
  public static let reportLimit = 100_000

  /// May change at any time, as a server's behaviour does.
  public var policy: CollectorPolicy
  /// In the order of their first arrival.
  public private(set) var reports: [CollectorReport] = []
  public private(set) var counts = CollectorCounts()
  var random: SeededRandom
  private var exchanges = CollectorExchanges()
  private var seen: [CollectorReport.Key: UInt64] = [:]
  private var separate: [CollectorSeparate] = []
  private var nextMessageID: UInt16
  private var unavailableAnswers = 0

  public init(policy: CollectorPolicy = CollectorPolicy()) {
    self.policy = policy
    random = SeededRandom(seed: policy.seed)
    nextMessageID = UInt16(truncatingIfNeeded: random.next())
  }

  /// Takes one datagram.
  ///
  /// - Parameter peer: the sender's endpoint, in any form that is the same each time.
  /// - Returns: the datagrams to send back to it, in order.
  public mutating func receive(_ datagram: [UInt8], from peer: [UInt8], now: Instant) -> [[UInt8]] {
    counts.datagrams += 1
    if happens(policy.loseRequestPercent) {
      counts.lostRequests += 1
      return []
    }
    guard let message = CollectorMessage(datagram) else {
      counts.malformed += 1
      return CollectorMessage.reset(for: datagram).map { losingSome([$0]) } ?? []
    }
    switch message.type {
    case .acknowledgement, .reset:
      separate.removeAll { $0.peer == peer && $0.messageID == message.messageID }
      return []
    case .confirmable where !message.isRequest:
      return losingSome([message.reset])  // A ping, or a response to nothing we asked.
    case .nonConfirmable where !message.isRequest: return []
    case .confirmable, .nonConfirmable:
      return losingSome(
        request(message, datagramBytes: datagram.count, from: peer, now: now))
    }
  }

  /// When `deadlinePassed` is wanted next; nil for never.
  public var deadline: Instant? { separate.map(\.due).min() }

  /// Sends the separate responses that are due, for the first time or again.
  public mutating func deadlinePassed(now: Instant) -> [CollectorDatagram] {
    var due: [CollectorDatagram] = []
    for index in separate.indices where separate[index].due <= now {
      due.append(CollectorDatagram(peer: separate[index].peer, bytes: separate[index].response))
      separate[index].schedule(after: now)
    }
    separate.removeAll { $0.isGivenUp }
    return due.filter { _ in !losesAnswer() }
  }

  private mutating func request(
    _ message: CollectorMessage, datagramBytes: Int, from peer: [UInt8], now: Instant
  ) -> [[UInt8]] {
    let key = CollectorExchanges.Key(peer: peer, messageID: message.messageID)
    if let answer = exchanges.answer(to: key, now: now) {
      counts.repeatedMessages += 1
      return answer
    }
    let answer = firstAnswer(to: message, datagramBytes: datagramBytes, from: peer, now: now)
    exchanges.remember(answer.again, to: key, now: now)
    return answer.now
  }

  /// What goes out now, and what goes out when the same message comes again.
  private mutating func firstAnswer(
    to message: CollectorMessage, datagramBytes: Int, from peer: [UInt8], now: Instant
  ) -> (now: [[UInt8]], again: [[UInt8]]) {
    if message.type == .confirmable && happens(policy.resetPercent) {
      counts.resets += 1
      return ([message.reset], [message.reset])
    }
    let response = respond(to: message, datagramBytes: datagramBytes, from: peer, now: now)
    if message.type == .nonConfirmable {
      let bytes = response.encoded(.nonConfirmable, messageID: takeMessageID(), to: message)
      return ([bytes], [bytes])
    }
    guard happens(policy.separatePercent) else {
      let bytes = response.encoded(.acknowledgement, messageID: message.messageID, to: message)
      return ([bytes], [bytes])
    }
    let messageID = takeMessageID()
    let bytes = response.encoded(.confirmable, messageID: messageID, to: message)
    var pending = CollectorSeparate(
      peer: peer, messageID: messageID, response: bytes, due: now + policy.separateDelay,
      jitter: random.next())
    let isDue = policy.separateDelay <= .zero
    if isDue { pending.schedule(after: now) }
    separate.append(pending)
    return ([message.emptyAcknowledgement] + (isDue ? [bytes] : []), [message.emptyAcknowledgement])
  }

  /// Decides on a request that is new as a message, and keeps its report if that is new as well.
  private mutating func respond(
    to message: CollectorMessage, datagramBytes: Int, from peer: [UInt8], now: Instant
  ) -> CollectorResponse {
    guard let proof = CollectorCheck.proof(message) else {
      counts.damaged += 1
      return .refused(8, "damaged")
    }
    if unavailableAnswers < policy.unavailableAnswers {
      unavailableAnswers += 1
      counts.postponed += 1
      return .unavailable(maxAge: policy.unavailableMaxAge)
    }
    if happens(policy.refusePercent) {
      counts.refused += 1
      return CollectorRefusal(code: (4, 0), reason: "by policy").response(proof)
    }
    switch CollectorReport.parse(message, path: policy.path, peer: peer, now: now) {
    case .failure(let refusal):
      counts.refused += 1
      return refusal.response(proof)
    case .success(var report):
      report.datagramBytes = datagramBytes
      keep(report)
      return .changed
    }
  }

  private mutating func keep(_ report: CollectorReport) {
    if let fingerprint = seen[report.key] {
      counts.duplicates += 1
      if fingerprint != report.fingerprint { counts.conflicts += 1 }
      return
    }
    seen[report.key] = report.fingerprint
    counts.reports += 1
    counts.readings += report.readings.count
    counts.lostReadings += report.lostReadings
    if reports.count >= Self.reportLimit { reports.removeFirst(Self.reportLimit / 2) }
    reports.append(report)
  }

  private mutating func losingSome(_ answers: [[UInt8]]) -> [[UInt8]] {
    answers.filter { _ in !losesAnswer() }
  }

  private mutating func losesAnswer() -> Bool {
    guard happens(policy.loseAnswerPercent) else { return false }
    counts.lostAnswers += 1
    return true
  }

  /// Draws from the seed only where there is something to draw for.
  private mutating func happens(_ percent: Int) -> Bool {
    percent > 0 && random.next(below: 100) < UInt64(percent)
  }

  private mutating func takeMessageID() -> UInt16 {
    defer { nextMessageID &+= 1 }
    return nextMessageID
  }
}

/// One datagram to an endpoint.
public struct CollectorDatagram: Equatable, Sendable {
  public var peer: [UInt8]
  public var bytes: [UInt8]
}

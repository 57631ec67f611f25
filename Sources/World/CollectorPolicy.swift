import Primitives

/// How a collector answers. Percentages are of 100 and drawn from the seed; all 0 is a good server.
public struct CollectorPolicy: Equatable, Sendable {
  public var seed: UInt64
  /// The Uri-Path segments that take reports; nil for any.
  public var path: [String]?
  /// Datagrams that never arrive.
  public var loseRequestPercent = 0
  /// Datagrams that never leave.
  public var loseAnswerPercent = 0
  /// The first so many new requests are answered 5.03 and not kept.
  public var unavailableAnswers = 0
  /// Max-Age of those answers in seconds; nil for none.
  public var unavailableMaxAge: UInt32?
  /// New requests answered 4.00 and not kept.
  public var refusePercent = 0
  /// New requests answered by an empty Acknowledgement and then by a Confirmable response.
  public var separatePercent = 0
  /// From the empty Acknowledgement to that response.
  public var separateDelay = Duration.zero
  /// New requests answered by a Reset and not kept.
  public var resetPercent = 0

  public init(seed: UInt64 = 0, path: [String]? = nil) {
    self.seed = seed
    self.path = path
  }
}

/// What a collector has seen and done since it began.
public struct CollectorCounts: Equatable, Sendable {
  public var datagrams = 0
  public var malformed = 0
  public var lostRequests = 0
  public var lostAnswers = 0
  /// Messages that came again within the exchange's lifetime.
  public var repeatedMessages = 0
  /// Reports, each identity once, and what they held.
  public var reports = 0
  public var readings = 0
  public var lostReadings: Int64 = 0
  /// Reports that came again as a new message.
  public var duplicates = 0
  /// Of these, those that didn't hold what the first one held: the device broke its promise.
  public var conflicts = 0
  public var refused = 0
  /// Requests whose check was missing or wrong: changed on their way.
  public var damaged = 0
  public var postponed = 0
  public var resets = 0
}

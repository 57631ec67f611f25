import Primitives

/// What became of a request. `confirmed` alone means that the server has it.
public enum CoAPOutcome: Equatable, Sendable {
  /// 2.xx without a payload, but not 2.31, which confirms a part only. Every other answer is to
  /// have a payload: then one changed byte, the code's, makes no confirmation of it.
  case confirmed(code: CoAPCode)
  /// The same request would be refused again (see `CoAPCode.isPermanent`), and the server has shown
  /// that it means the request as it was sent: its payload begins with the request's check.
  case refused(CoAPCode)
  /// The server says that the request was changed on its way (4.08), or refused it without showing
  /// that it wasn't: one with a changed path, say, gets 4.04 from a server's library. The same
  /// request may well be taken the next time.
  case doubtful(CoAPCode)
  /// Not now: 5.xx, 4.29, 2.31, 2.xx with a payload. The server's Max-Age, where it gave one, says
  /// how long not.
  case postponed(CoAPCode, retryAfter: Duration?)
  /// The server rejected the message as such.
  case reset
  case noAnswer

  /// For a log: `confirmed (2.04)`, `postponed (5.03), retry after 30 s`.
  public var text: String {
    switch self {
    case .confirmed(let code): "confirmed (\(code.text))"
    case .refused(let code): "refused (\(code.text))"
    case .doubtful(let code): "refused (\(code.text)), perhaps because it was changed on its way"
    case .postponed(let code, let retryAfter?):
      "postponed (\(code.text)), retry after \(retryAfter.text)"
    case .postponed(let code, nil): "postponed (\(code.text))"
    case .reset: "rejected by a Reset"
    case .noAnswer: "no answer"
    }
  }

  /// - Parameters:
  ///   - response: a message whose code is a response's.
  ///   - check: the request's.
  init(_ response: CoAPMessage, to check: [UInt8]) {
    let code = response.code
    if code.kind == 2 && code != .continue && response.payload.isEmpty {
      self = .confirmed(code: code)
    } else if code.isPermanent && response.payload.starts(with: check) {
      self = .refused(code)
    } else if code.isPermanent || code == .requestEntityIncomplete {
      self = .doubtful(code)
    } else {
      self = .postponed(code, retryAfter: response.maxAge)
    }
  }
}

extension CoAPMessage {
  /// How long the response holds; for 5.03 and 4.29 the time to wait (RFC 7252 §5.9.3.4, RFC 8516
  /// §3). Of a repeated option the first counts (§5.4.5); one of wrong length is none (§5.4.3).
  var maxAge: Duration? {
    guard let option = options.first(where: { $0.number == CoAPOption.maxAge }),
      let seconds = option.uint(limit: 4)
    else { return nil }
    return .seconds(Int64(seconds))
  }
}

/// The times of an exchange (RFC 7252 §4.8).
public struct CoAPTiming: Equatable, Sendable {
  /// ACK_TIMEOUT: the shortest first timeout. Above zero.
  public var acknowledgementTimeout: Duration
  /// ACK_RANDOM_FACTOR in hundredths: 150 spreads the first timeout over 1 to 1.5 times. From 100.
  public var randomFactorPercent: Int
  /// MAX_RETRANSMIT: retransmissions after the first transmission.
  public var maxRetransmit: Int
  /// How long a separate response is waited for after an empty Acknowledgement. The RFC names no
  /// such time; it must end, since the radio is on.
  public var separateResponseWait: Duration

  public init(
    acknowledgementTimeout: Duration = .seconds(2), randomFactorPercent: Int = 150,
    maxRetransmit: Int = 4, separateResponseWait: Duration = .seconds(60)
  ) {
    precondition(acknowledgementTimeout > .zero && randomFactorPercent >= 100)
    precondition((0...20).contains(maxRetransmit))
    self.acknowledgementTimeout = acknowledgementTimeout
    self.randomFactorPercent = randomFactorPercent
    self.maxRetransmit = maxRetransmit
    self.separateResponseWait = separateResponseWait
  }

  /// The RFC's own values: the last wait ends 62 to 93 s after the start.
  public static let rfc7252 = CoAPTiming()

  /// The first timeout in whole milliseconds, spread evenly by `jitter` over its range.
  func firstTimeout(jitter: UInt64) -> Duration {
    let shortest = acknowledgementTimeout.wholeMilliseconds
    let span = shortest * Int64(randomFactorPercent - 100) / 100
    let extra = jitter.multipliedFullWidth(by: UInt64(span) + 1).high
    return .milliseconds(shortest + Int64(extra))
  }
}

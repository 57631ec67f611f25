import Primitives

/// One Confirmable POST from its first transmission to what became of it (RFC 7252 §4.2, §5.2).
/// Performs no IO.
///
/// Only a response that carries the request's token confirms anything, and an Acknowledgement
/// besides only with its message ID; a refusal for good carries the request's check. That it comes
/// from the server's address is the socket's business.
public struct CoAPExchange: Sendable {
  public enum Input: Equatable, Sendable {
    case start
    /// One datagram from the server's address.
    case received([UInt8])
    case deadline
  }

  public enum Effect: Equatable, Sendable {
    case send([UInt8])
    case finished(CoAPOutcome)
  }

  public enum State: Equatable, Sendable {
    case idle
    /// Sent `retransmissions` times after the first; the next or the end comes `until` the moment.
    case waiting(retransmissions: Int, timeout: Duration, until: Instant)
    /// An empty Acknowledgement came: the server has the request and answers later (§5.2.2).
    case acknowledged(until: Instant)
    case finished
  }

  /// Most messages that are acknowledged or rejected in one exchange; what comes then is ignored,
  /// so that nobody can keep the radio on by sending.
  public static let replyLimit = 16

  /// Longest diagnostic text kept, in bytes; what follows is cut off.
  public static let diagnosticLimit = 128

  public private(set) var state = State.idle
  /// What the server says about a 4.xx or 5.xx, for people (RFC 7252 §5.5.2); any bytes at all.
  public private(set) var diagnostic: [UInt8] = []
  private let request: [UInt8]
  private let check: [UInt8]
  private let messageID: UInt16
  private let token: [UInt8]
  private let timing: CoAPTiming
  private let jitter: UInt64
  private var replies = 0

  /// - Parameters:
  ///   - messageID: not used towards this server within the last 247 s (EXCHANGE_LIFETIME, §4.4).
  ///   - token: 1 to 8 bytes that nobody can guess (§5.3.1).
  ///   - jitter: any number; it spreads the first timeout evenly over its range (§4.8).
  public init(
    _ request: CoAPRequest, messageID: UInt16, token: [UInt8], timing: CoAPTiming, jitter: UInt64
  ) {
    self.request = request.message(messageID: messageID, token: token).encoded()
    check = request.check
    self.messageID = messageID
    self.token = token
    self.timing = timing
    self.jitter = jitter
  }

  /// Advances the exchange. The caller carries out the effects in order, before the next input.
  public mutating func handle(_ input: Input, now: Instant) -> [Effect] {
    switch input {
    case .start:
      guard case .idle = state else { return [] }
      let timeout = timing.firstTimeout(jitter: jitter)
      state = .waiting(retransmissions: 0, timeout: timeout, until: now + timeout)
      return [.send(request)]
    case .deadline: return deadlinePassed(now: now)
    case .received(let datagram): return received(datagram, now: now)
    }
  }

  /// The next moment at which `.deadline` is wanted; nil for none.
  public var deadline: Instant? {
    switch state {
    case .waiting(_, _, let until), .acknowledged(let until): until
    case .idle, .finished: nil
    }
  }

  private mutating func deadlinePassed(now: Instant) -> [Effect] {
    switch state {
    case .waiting(let retransmissions, let timeout, let until) where until <= now:
      guard retransmissions < timing.maxRetransmit else { return finish(.noAnswer) }
      let doubled = timeout + timeout
      state = .waiting(retransmissions: retransmissions + 1, timeout: doubled, until: now + doubled)
      return [.send(request)]
    case .acknowledged(let until) where until <= now: return finish(.noAnswer)
    case .idle, .waiting, .acknowledged, .finished: return []
    }
  }

  private mutating func received(_ datagram: [UInt8], now: Instant) -> [Effect] {
    let message: CoAPMessage
    do throws(CoAPFormatError) {
      message = try CoAPMessage(datagram)
    } catch {
      return reject(datagram)
    }
    switch message.type {
    case .acknowledgement: return acknowledgement(message, now: now)
    case .reset:
      guard message.code == .empty, message.messageID == messageID, isOpen else { return [] }
      return finish(.reset)
    case .confirmable, .nonConfirmable:
      guard message.code.isResponse, message.token == token, state != .idle,
        !message.hasUnknownCriticalOption
      else { return reject(datagram) }
      return acknowledge(message) + (isOpen ? finish(with: message) : [])
    }
  }

  /// Whether an answer may still end the exchange.
  private var isOpen: Bool {
    switch state {
    case .waiting, .acknowledged: true
    case .idle, .finished: false
    }
  }

  private mutating func acknowledgement(_ message: CoAPMessage, now: Instant) -> [Effect] {
    guard message.messageID == messageID, isOpen else { return [] }
    if message.code == .empty {
      // A second one changes nothing: the wait is counted from the first.
      if case .waiting = state { state = .acknowledged(until: now + timing.separateResponseWait) }
      return []
    }
    // Rejecting an Acknowledgement means ignoring it (§4.2).
    guard message.code.isResponse, message.token == token, !message.hasUnknownCriticalOption
    else { return [] }
    return finish(with: message)
  }

  /// Acknowledges a separate response, and each repetition of it (§4.5).
  private mutating func acknowledge(_ message: CoAPMessage) -> [Effect] {
    guard message.type == .confirmable else { return [] }
    return reply(
      CoAPMessage(type: .acknowledgement, code: .empty, messageID: message.messageID).encoded())
  }

  private mutating func reject(_ datagram: [UInt8]) -> [Effect] {
    guard let reset = CoAPMessage.rejection(of: datagram) else { return [] }
    return reply(reset)
  }

  private mutating func reply(_ datagram: [UInt8]) -> [Effect] {
    guard replies < Self.replyLimit else { return [] }
    replies += 1
    return [.send(datagram)]
  }

  private mutating func finish(with response: CoAPMessage) -> [Effect] {
    if response.code.kind != 2 { diagnostic = Array(response.payload.prefix(Self.diagnosticLimit)) }
    return finish(CoAPOutcome(response, to: check))
  }

  private mutating func finish(_ outcome: CoAPOutcome) -> [Effect] {
    state = .finished
    return [.finished(outcome)]
  }
}

extension CoAPMessage {
  /// No critical option is understood in the response to a POST: block-wise transfer (RFC 7959)
  /// and the like were not asked for, so such a response is rejected (RFC 7252 §5.4.1).
  var hasUnknownCriticalOption: Bool { options.contains { $0.isCritical } }
}

import Glibc
import Primitives

/// Calls the webhook, one call after another, without ever waiting for the other side.
final class WebhookClient {
  /// What came of a call that wasn't taken, in words.
  struct Failure: Equatable, Sendable {
    let text: String
  }

  /// Calls that wait; the next is dropped.
  static let queueLimit = 64
  /// So long a call may take in all.
  static let patience = Duration.seconds(10)
  /// The answer's first line has to come within so many bytes.
  private static let answerLimit = 1024

  private let address: WebhookAddress
  private var queue: [WebhookCall] = []
  private var running: Call?

  private final class Call {
    let descriptor: Descriptor
    let end: Instant
    var output: [UInt8]
    var answer: [UInt8] = []
    var isConnected = false

    init(_ number: Int32, output: [UInt8], end: Instant) {
      descriptor = Descriptor(number)
      self.output = output
      self.end = end
    }
  }

  init(_ address: WebhookAddress) { self.address = address }

  var deadline: Instant? { running?.end ?? (queue.isEmpty ? nil : .start) }

  /// - Returns: false when too many wait already.
  func push(_ call: WebhookCall) -> Bool {
    guard queue.count < Self.queueLimit else { return false }
    queue.append(call)
    return true
  }

  func addInterest(to set: inout PollSet) {
    guard let running else { return }
    if !running.isConnected || !running.output.isEmpty {
      set.addWritable(running.descriptor.number)
    } else {
      set.addReadable(running.descriptor.number)
    }
  }

  /// Goes on with the call under way, or begins the next.
  func serve(_ set: PollSet, now: Instant) -> [Failure] {
    guard let call = running else { return begin(now: now) }
    let number = call.descriptor.number
    if set.isWritable(number) {
      guard Loopback.isConnected(number), let count = call.descriptor.write(call.output) else {
        return finish("nobody listens at \(address.text)", now: now)
      }
      call.isConnected = true
      call.output.removeFirst(count)
    }
    if set.isReadable(number) {
      switch call.descriptor.read(limit: Self.answerLimit) {
      case .nothing: break
      case .bytes(let bytes): call.answer += bytes
      case .ended: return finish(judged(call.answer), now: now)
      }
      if call.answer.contains(UInt8(ascii: "\n")) || call.answer.count >= Self.answerLimit {
        return finish(judged(call.answer), now: now)
      }
    }
    if call.end <= now { return finish("\(address.text) didn't answer", now: now) }
    return []
  }

  private func begin(now: Instant) -> [Failure] {
    guard !queue.isEmpty else { return [] }
    let call = queue.removeFirst()
    guard let number = Loopback.connecting(.tcp, to: address.port) else {
      return [Failure(text: "nobody listens at \(address.text)")]
    }
    let head =
      "\(call.method) \(address.path) HTTP/1.1\r\nHost: 127.0.0.1:\(address.port)\r\n"
      + "User-Agent: godwit-bench\r\nContent-Type: application/json\r\n"
      + "Content-Length: \(call.body.count)\r\nConnection: close\r\n\r\n"
    running = Call(number, output: Array(head.utf8) + call.body, end: now + Self.patience)
    return []
  }

  private func finish(_ failure: String?, now: Instant) -> [Failure] {
    running = nil
    return (failure.map { [Failure(text: $0)] } ?? []) + begin(now: now)
  }

  /// The platform takes 2xx as accepted, and nothing else.
  private func judged(_ answer: [UInt8]) -> String? {
    let words = answer.prefix { $0 != UInt8(ascii: "\r") }.split(separator: UInt8(ascii: " "))
    guard words.count >= 2, words[0].hasPrefix("HTTP/1."), words[1].count == 3 else {
      return "\(address.text) answered no HTTP"
    }
    if words[1].first == UInt8(ascii: "2") { return nil }
    return "\(address.text) answered \(Array(words[1]).printable)"
  }
}

/// One call of the webhook.
struct WebhookCall: Equatable, Sendable {
  let method: String
  let body: [UInt8]
}

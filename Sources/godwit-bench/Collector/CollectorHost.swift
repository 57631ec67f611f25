import Glibc
import Primitives
import World

/// The server's side on 127.0.0.1: a UDP socket in front of `Collector`.
final class CollectorHost {
  /// One datagram that came in, and what the collector made of it.
  struct Arrival: Sendable {
    enum Outcome: Sendable {
      /// A report that it hadn't seen before; the answer is what confirms it, if one went out.
      case report(CollectorReport, answer: [UInt8]?)
      /// The same report again: answered again, counted once.
      case repeated
      case refused
      /// Changed on its way: answered 4.08, for another try.
      case damaged
      /// Answered 5.03, as its faults say.
      case postponed
      case reset
      /// Lost on the way, as its faults say.
      case lost
      case malformed
      /// An acknowledgement, or another message without a report.
      case other
    }

    var byteCount: Int
    var outcome: Outcome
  }

  /// The largest UDP payload over IPv4.
  private static let datagramLimit = 65_507
  /// Datagrams taken in one turn, so that a flood can't hold up the modem.
  private static let turnLimit = 64

  private var collector: Collector
  private let socket: Descriptor
  let port: UInt16

  /// - Parameter port: 0 lets the kernel choose.
  init(port: UInt16, policy: CollectorPolicy) throws(BenchError) {
    let number = try Loopback.boundUDP(port: port)
    collector = Collector(policy: policy)
    socket = Descriptor(number)
    self.port = Loopback.port(of: number)
  }

  var deadline: Instant? { collector.deadline }

  func addInterest(to set: inout PollSet) { set.addReadable(socket.number) }

  /// Takes what has come, answers it, and sends what is due.
  func serve(_ set: PollSet, now: Instant) -> [Arrival] {
    var arrivals: [Arrival] = []
    while set.isReadable(socket.number), arrivals.count < Self.turnLimit,
      let (datagram, peer) = Loopback.receive(socket.number, limit: Self.datagramLimit)
    {
      arrivals.append(take(datagram, from: peer, now: now))
    }
    if let due = collector.deadline, due <= now {
      for answer in collector.deadlinePassed(now: now) {
        if let peer = UInt16(String(decoding: answer.peer, as: UTF8.self)) {
          Loopback.send(answer.bytes, from: socket.number, to: peer)
        }
      }
    }
    return arrivals
  }

  private func take(_ datagram: [UInt8], from peer: UInt16, now: Instant) -> Arrival {
    let before = collector.counts
    let answers = collector.receive(datagram, from: Array("\(peer)".utf8), now: now)
    for answer in answers { Loopback.send(answer, from: socket.number, to: peer) }
    return Arrival(
      byteCount: datagram.count,
      outcome: Self.outcome(
        from: before, to: collector.counts, newest: collector.reports.last, answer: answers.last))
  }

  /// Which of the counts went up.
  private static func outcome(
    from old: CollectorCounts, to new: CollectorCounts, newest: CollectorReport?, answer: [UInt8]?
  ) -> Arrival.Outcome {
    if new.reports > old.reports, let newest { return .report(newest, answer: answer) }
    if new.duplicates > old.duplicates || new.repeatedMessages > old.repeatedMessages {
      return .repeated
    }
    if new.refused > old.refused { return .refused }
    if new.damaged > old.damaged { return .damaged }
    if new.postponed > old.postponed { return .postponed }
    if new.resets > old.resets { return .reset }
    if new.lostRequests > old.lostRequests { return .lost }
    return new.malformed > old.malformed ? .malformed : .other
  }
}

extension CollectorHost.Arrival.Outcome {
  /// For a log; nil for what isn't worth a line.
  var text: String? {
    switch self {
    case .report, .other: nil
    case .repeated: "the same report again: answered again, counted once"
    case .refused: "refused: no report that the collector takes"
    case .damaged: "changed on its way: answered 4.08, to be sent again"
    case .postponed: "answered 5.03, to be tried again"
    case .reset: "answered with a reset"
    case .lost: "lost on the way"
    case .malformed: "no CoAP message"
    }
  }
}

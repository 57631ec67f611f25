import Primitives
import Telemetry
import Testing

@testable import Uplink

private func at(_ milliseconds: Int64) -> Instant { .milliseconds(milliseconds) }

@Suite("A CoAP exchange") struct CoAPExchangeTests {
  static let token: [UInt8] = [0xC0, 0xFF, 0xEE]
  static let request = CoAPRequest(
    path: [Array("r".utf8)], query: [Array("d=m".utf8)], contentFormat: 112, payload: [0x80],
    host: nil)
  /// `POST /r?d=m&c=72a68173`, message ID 0x1234. The check is from Python's zlib.crc32.
  static let post =
    bytes("43 02 12 34 c0 ff ee b1 72 11 70 33 64 3d 6d 0a") + Array("c=72a68173".utf8)
    + bytes("ff 80")
  /// The check as a payload.
  static let proof = " ff 63 3d 37 32 61 36 38 31 37 33"
  static let confirmed = bytes("63 44 12 34 c0 ff ee")
  static let emptyAck = bytes("60 00 12 34")

  static func exchange(jitter: UInt64 = 0, timing: CoAPTiming = .rfc7252) -> CoAPExchange {
    CoAPExchange(request, messageID: 0x1234, token: token, timing: timing, jitter: jitter)
  }

  /// Started at 0.
  static func started() -> CoAPExchange {
    var exchange = exchange()
    _ = exchange.handle(.start, now: at(0))
    return exchange
  }

  @Test(
    "sends again at each doubled timeout and gives up after the last, RFC 7252 §4.2",
    arguments: [
      (0, [2000, 6000, 14_000, 30_000, 62_000]),
      (.max, [3000, 9000, 21_000, 45_000, 93_000]),
      (1 << 63, [2500, 7500, 17_500, 37_500, 77_500]),
    ] as [(UInt64, [Int64])])
  func retransmission(jitter: UInt64, deadlines: [Int64]) {
    var exchange = Self.exchange(jitter: jitter)
    #expect(exchange.deadline == nil)
    #expect(exchange.handle(.start, now: at(0)) == [.send(Self.post)])
    for (index, deadline) in deadlines.enumerated() {
      #expect(exchange.deadline == at(deadline))
      #expect(exchange.handle(.deadline, now: at(deadline - 1)) == [])
      let isLast = index == deadlines.count - 1
      #expect(
        exchange.handle(.deadline, now: at(deadline))
          == (isLast ? [.finished(.noAnswer)] : [.send(Self.post)]))
    }
    #expect(exchange.deadline == nil)
    #expect(exchange.handle(.deadline, now: at(1_000_000)) == [])
    #expect(exchange.handle(.start, now: at(1_000_000)) == [])
  }

  @Test("starts once, and needs a start") func start() {
    var exchange = Self.exchange()
    #expect(exchange.handle(.deadline, now: at(0)) == [])
    #expect(exchange.handle(.received(Self.confirmed), now: at(0)) == [])
    #expect(exchange.handle(.start, now: at(0)) == [.send(Self.post)])
    #expect(exchange.handle(.start, now: at(1)) == [])
    #expect(exchange.deadline == at(2000))
  }

  @Test(
    "a piggybacked response ends it by its code",
    arguments: [
      ("63 44 12 34 c0 ff ee", .confirmed(code: .changed)),
      ("63 41 12 34 c0 ff ee", .confirmed(code: .created)),
      ("63 45 12 34 c0 ff ee", .confirmed(code: CoAPCode(2, 5))),
      // A confirmation has no payload: a refusal with a changed code would.
      ("63 44 12 34 c0 ff ee ff 6f 6b", .postponed(.changed, retryAfter: nil)),
      ("63 40 12 34 c0 ff ee" + proof, .postponed(CoAPCode(2, 0), retryAfter: nil)),
      ("63 5f 12 34 c0 ff ee", .postponed(.continue, retryAfter: nil)),
      // A refusal counts with the request's own check, alone or before a text.
      ("63 80 12 34 c0 ff ee" + proof, .refused(.badRequest)),
      ("63 8f 12 34 c0 ff ee" + proof + " 20 6e 6f", .refused(CoAPCode(4, 15))),
      ("63 80 12 34 c0 ff ee", .doubtful(.badRequest)),
      ("63 80 12 34 c0 ff ee ff 63 3d 37 32 61 36 38 31 37", .doubtful(.badRequest)),
      ("63 80 12 34 c0 ff ee ff 63 3d 37 32 61 36 38 31 37 32", .doubtful(.badRequest)),
      ("63 84 12 34 c0 ff ee ff 6e 6f", .doubtful(CoAPCode(4, 4))),
      ("63 88 12 34 c0 ff ee ff 6e 6f", .doubtful(.requestEntityIncomplete)),
      ("63 88 12 34 c0 ff ee" + proof, .doubtful(.requestEntityIncomplete)),
      ("63 9d 12 34 c0 ff ee d1 01 78", .postponed(.tooManyRequests, retryAfter: .seconds(120))),
      ("63 a3 12 34 c0 ff ee d1 01 1e", .postponed(.serviceUnavailable, retryAfter: .seconds(30))),
      ("63 a3 12 34 c0 ff ee d0 01", .postponed(.serviceUnavailable, retryAfter: .zero)),
      (
        "63 a3 12 34 c0 ff ee d4 01 ff ff ff ff",
        .postponed(.serviceUnavailable, retryAfter: .seconds(4_294_967_295))
      ),
      // An option of a wrong length is an unknown one, and elective (§5.4.3).
      (
        "63 a3 12 34 c0 ff ee d5 01 00 00 00 00 01",
        .postponed(.serviceUnavailable, retryAfter: nil)
      ),
      // Of a repeated one the first counts (§5.4.5).
      (
        "63 a3 12 34 c0 ff ee d1 01 1e 01 3c",
        .postponed(.serviceUnavailable, retryAfter: .seconds(30))
      ),
      ("63 a0 12 34 c0 ff ee", .postponed(CoAPCode(5, 0), retryAfter: nil)),
      // Unknown elective options change nothing (§5.4.1).
      ("63 44 12 34 c0 ff ee 81 61 e1 00 0f 00", .confirmed(code: .changed)),
      ("70 00 12 34", .reset),
    ] as [(String, CoAPOutcome)])
  func outcome(hex: String, expected: CoAPOutcome) {
    var exchange = Self.started()
    #expect(exchange.handle(.received(bytes(hex)), now: at(1999)) == [.finished(expected)])
    #expect(exchange.deadline == nil)
    #expect(exchange.handle(.received(bytes(hex)), now: at(2000)) == [])
    #expect(exchange.handle(.deadline, now: at(2000)) == [])
  }

  @Test(
    "what isn't its answer changes nothing",
    arguments: [
      ("63 44 12 35 c0 ff ee", nil),  // Another message ID.
      ("63 44 12 34 c0 ff ef", nil),  // Another token.
      ("60 44 12 34", nil),  // No token.
      ("62 44 12 34 c0 ff", nil),  // A shorter token.
      ("60 00 12 35", nil),  // An empty Acknowledgement of another message.
      ("70 00 12 35", nil),  // A Reset of another message.
      ("73 44 12 34 c0 ff ee", nil),  // A Reset with a code: it must be empty (§4.2).
      ("63 02 12 34 c0 ff ee", nil),  // A request in an Acknowledgement (§4.2).
      ("53 44 99 99 c0 ff ef", nil),  // Non-confirmable, another token.
      ("50 00 99 99", nil),  // Non-confirmable and empty.
      ("43 44 99 99 c0 ff ef", "70 00 99 99"),  // Confirmable, another token: rejected.
      ("40 00 99 99", "70 00 99 99"),  // A ping (§4.3).
      ("40 01 99 99", "70 00 99 99"),  // A request: there is no server here.
      ("50 01 99 99", nil),  // The same, not Confirmable.
      ("63 44 12 34 c0 ff ee 11 00", nil),  // Critical option 1: rejected, so ignored (§5.4.1).
      ("63 44 12 34 c0 ff ee d1 0e 00", nil),  // Critical option 27, Block1.
      ("43 44 99 99 c0 ff ee 11 00", "70 00 99 99"),  // The same in a separate response.
      ("53 44 99 99 c0 ff ee 11 00", nil),
      ("43 44 99 99 c0 ff ee ff", "70 00 99 99"),  // Malformed.
      ("63 44 12 34 c0 ff ee ff", nil), ("63 64 12 34 c0 ff ee", nil),
      ("83 44 12 34 c0 ff ee", nil), ("", nil), ("63", nil),
    ] as [(String, String?)])
  func noise(hex: String, reply: String?) {
    var exchange = Self.started()
    let effects = exchange.handle(.received(bytes(hex)), now: at(1000))
    #expect(effects == (reply.map { [.send(bytes($0))] } ?? []))
    #expect(exchange.deadline == at(2000))
    #expect(
      exchange.handle(.received(Self.confirmed), now: at(1001))
        == [.finished(.confirmed(code: .changed))])
  }

  @Test("an empty Acknowledgement stops retransmission, and the wait is bounded") func separate() {
    var exchange = Self.started()
    #expect(exchange.handle(.received(Self.emptyAck), now: at(1500)) == [])
    #expect(exchange.deadline == at(61_500))
    #expect(exchange.handle(.deadline, now: at(2000)) == [])
    #expect(exchange.handle(.received(Self.emptyAck), now: at(5000)) == [])
    #expect(exchange.deadline == at(61_500))
    #expect(exchange.handle(.deadline, now: at(61_499)) == [])
    #expect(exchange.handle(.deadline, now: at(61_500)) == [.finished(.noAnswer)])
  }

  @Test(
    "a separate response is acknowledged, as is each repetition of it", arguments: [true, false])
  func separateResponse(isAcknowledgedFirst: Bool) {
    var exchange = Self.started()
    if isAcknowledgedFirst { _ = exchange.handle(.received(Self.emptyAck), now: at(1000)) }
    let response = bytes("43 44 ad 7b c0 ff ee")
    let ack = CoAPExchange.Effect.send(bytes("60 00 ad 7b"))
    #expect(
      exchange.handle(.received(response), now: at(1500))
        == [ack, .finished(.confirmed(code: .changed))])
    #expect(exchange.handle(.received(response), now: at(3500)) == [ack])
    #expect(exchange.handle(.received(response), now: at(7500)) == [ack])
    #expect(exchange.handle(.received(Self.emptyAck), now: at(7501)) == [])
    #expect(exchange.deadline == nil)
  }

  @Test("a Non-confirmable response counts, and isn't acknowledged") func nonConfirmable() {
    var exchange = Self.started()
    #expect(
      exchange.handle(.received(bytes("53 a3 99 99 c0 ff ee")), now: at(1))
        == [.finished(.postponed(.serviceUnavailable, retryAfter: nil))])
  }

  @Test("an answer after the last retransmission still counts, one after the end doesn't")
  func late() {
    var exchange = Self.started()
    for deadline in [2000, 6000, 14_000, 30_000] as [Int64] {
      #expect(exchange.handle(.deadline, now: at(deadline)) == [.send(Self.post)])
    }
    var other = exchange
    #expect(
      other.handle(.received(Self.confirmed), now: at(61_999))
        == [.finished(.confirmed(code: .changed))])
    #expect(exchange.handle(.deadline, now: at(62_000)) == [.finished(.noAnswer)])
    #expect(exchange.handle(.received(Self.confirmed), now: at(62_001)) == [])
  }

  @Test("a deadline that comes late moves the ones behind it") func lateDeadline() {
    var exchange = Self.started()
    #expect(exchange.handle(.deadline, now: at(10_000)) == [.send(Self.post)])
    #expect(exchange.deadline == at(14_000))
  }

  @Test("nobody can make it reply without end") func replyLimit() {
    var exchange = Self.started()
    var replies = 0
    for id in 0..<100 as Range<UInt8> {
      replies += exchange.handle(.received([0x40, 0, 0, id]), now: at(1)).count
    }
    #expect(replies == CoAPExchange.replyLimit)
    #expect(
      exchange.handle(.received(bytes("43 44 ad 7b c0 ff ee")), now: at(2))
        == [.finished(.confirmed(code: .changed))])
  }

  @Test("timing is a parameter") func otherTiming() {
    let timing = CoAPTiming(
      acknowledgementTimeout: .seconds(10), randomFactorPercent: 100, maxRetransmit: 0,
      separateResponseWait: .seconds(5))
    var exchange = Self.exchange(jitter: .max, timing: timing)
    #expect(exchange.handle(.start, now: at(0)) == [.send(Self.post)])
    #expect(exchange.handle(.deadline, now: at(9999)) == [])
    #expect(exchange.handle(.deadline, now: at(10_000)) == [.finished(.noAnswer)])
  }

  @Test("what the server says about a refusal is kept, up to a limit") func diagnostic() {
    var exchange = Self.started()
    _ = exchange.handle(.received(bytes("63 80 12 34 c0 ff ee ff 6e 6f")), now: at(1))
    #expect(exchange.diagnostic == Array("no".utf8))
    var confirmed = Self.started()
    _ = confirmed.handle(.received(bytes("63 44 12 34 c0 ff ee ff 6e 6f")), now: at(1))
    #expect(confirmed.diagnostic == [])
    var verbose = Self.started()
    let text = [UInt8](repeating: 0x61, count: CoAPExchange.diagnosticLimit + 1)
    _ = verbose.handle(.received(bytes("63 80 12 34 c0 ff ee ff") + text), now: at(1))
    #expect(verbose.diagnostic.count == CoAPExchange.diagnosticLimit)
  }

  @Test(
    "outcomes read like a log",
    arguments: [
      (.confirmed(code: .changed), "confirmed (2.04)"),
      (.refused(.badRequest), "refused (4.00)"),
      (.doubtful(.badRequest), "refused (4.00), perhaps because it was changed on its way"),
      (
        .postponed(.serviceUnavailable, retryAfter: .seconds(90)),
        "postponed (5.03), retry after 1 min 30 s"
      ),
      (.postponed(.serviceUnavailable, retryAfter: nil), "postponed (5.03)"),
      (.reset, "rejected by a Reset"), (.noAnswer, "no answer"),
    ] as [(CoAPOutcome, String)])
  func text(outcome: CoAPOutcome, expected: String) { #expect(outcome.text == expected) }

  @Test("no bit and no byte that is changed, lost or doubled makes a confirmation of a refusal")
  func refusalStaysOne() {
    for refusal in ["63 88 12 34 c0 ff ee ff 6e 6f", "63 a3 12 34 c0 ff ee d1 01 1e ff 6e 6f"] {
      let answer = bytes(refusal)
      for index in answer.indices {
        var variants = [answer[..<index] + answer[(index + 1)...]]
        variants.append(answer[...index] + answer[index...])
        for byte in UInt8.min...UInt8.max {
          variants.append(answer[..<index] + [byte] + answer[(index + 1)...])
        }
        for variant in variants {
          var exchange = Self.started()
          for effect in exchange.handle(.received(Array(variant)), now: at(1)) {
            if case .finished(.confirmed) = effect { Issue.record("\(variant)") }
            if case .finished(.refused) = effect { Issue.record("\(variant)") }
          }
        }
      }
    }
  }

  @Test("no truncated or changed answer confirms but one that carries token and message ID")
  func hostile() throws {
    let answers = [Self.confirmed, bytes("43 44 ad 7b c0 ff ee"), Self.emptyAck]
    for answer in answers {
      for end in answer.indices { try check(Array(answer[..<end])) }
      for index in answer.indices {
        for byte in UInt8.min...UInt8.max {
          var changed = answer
          changed[index] = byte
          try check(changed)
        }
      }
    }
  }

  private func check(_ datagram: [UInt8]) throws {
    var exchange = Self.started()
    for effect in exchange.handle(.received(datagram), now: at(1)) {
      guard case .finished(.confirmed) = effect else { continue }
      #expect(datagram[1] >> 5 == 2 && datagram[1] != 0x5F)
      #expect(Array(datagram[4..<7]) == Self.token)
      let isAcknowledgement = datagram[0] >> 4 == 6
      #expect(!isAcknowledgement || Array(datagram[2..<4]) == [0x12, 0x34])
    }
  }
}

@Suite("A report as a request") struct CoAPRequestTests {
  private let batch = Batch(
    identity: BatchIdentity(era: 0xA1B2_C3D4, sequence: 7), readings: [], lostReadings: 5)
  private let device = DeviceName(Array("meadow-7".utf8))!

  @Test("carries device and identity in the query, and the host only by name") func report() throws
  {
    let named = try ServerURL(Array("coap://c.example:5684/r/s".utf8))
    let request = CoAPRequest(report: batch, device: device, to: named, now: .start)
    let expected =
      bytes("41 02 00 05 aa 39") + Array("c.example".utf8) + bytes("81 72 01 73 11 70 3a")
      + Array("d=meadow-7".utf8) + bytes("0c") + Array("b=a1b2c3d4-7".utf8)
      + bytes("0a") + Array("c=f56d6296".utf8) + bytes("ff 81 a4 21 69")
      + Array("meadow-7:".utf8) + bytes("00 6b") + Array("godwit/lost".utf8) + bytes("01 65")
      + Array("count".utf8) + bytes("02 05")
    #expect(request.message(messageID: 5, token: [0xAA]).encoded() == expected)
    let address = try ServerURL(Array("coap://192.0.2.1/r/s".utf8))
    let bare = CoAPRequest(report: batch, device: device, to: address, now: .start)
    #expect(bare.host == nil)
    #expect(bare.message(messageID: 5, token: []).values(of: CoAPOption.uriHost) == [])
    #expect(bare.check == request.check)
  }

  @Test("has another check for another path, query, format or payload, and then only")
  func check() {
    let request = CoAPRequest(
      path: [Array("r".utf8)], query: [Array("d=m".utf8)], contentFormat: 112, payload: [0x80],
      host: nil)
    // From Python: zlib.crc32(b"POST /r?d=m 112\n\x80").
    #expect(request.check == Array("c=72a68173".utf8))
    var changed = [request, request, request, request, request]
    changed[0].path = [Array("r".utf8), []]
    changed[1].query.append([])
    changed[2].contentFormat = 113
    changed[3].payload = [0x81]
    changed[4].path = []
    #expect(Set(changed.map(\.check)).count == 5)
    #expect(!changed.contains { $0.check == request.check })
    let message = request.message(messageID: 1, token: [1])
    #expect(message.values(of: CoAPOption.uriQuery).last == request.check)
  }
}

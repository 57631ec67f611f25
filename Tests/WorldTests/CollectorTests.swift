import Primitives
import Testing

@testable import World

private func at(_ milliseconds: Int64) -> Instant { .milliseconds(milliseconds) }

@Suite("The collector") struct CollectorTests {
  static let peer: [UInt8] = Array("10.0.0.1:40000".utf8)
  /// `[{"bn":"m:","n":"a","v":1}]`.
  static let pack = collectorBytes("81 a3 21 62 6d 3a 00 61 61 02 01")

  /// `POST /r?d=m&b=0000000a-1&c=…` with Content-Format 112, token aa, as parts to change. The
  /// check is right for them; it is made by the device's own CRC-32.
  static func post(
    type: UInt8 = 0, code: UInt8 = 2, id: UInt8 = 1, identity: String = "0000000a-1",
    device: String = "d=m", format: UInt8 = 112, critical: [UInt8] = [], pack: [UInt8] = pack
  ) -> [UInt8] {
    let query = Array(("b=" + identity).utf8)
    let proof = check(
      code: code, query: "\(device)&b=\(identity)", format: "\(format)", pack: pack)
    return [0x41 | type << 4, code, 0, id, 0xAA, 0xB1, 0x72, 0x11, format]
      + [0x30 | UInt8(device.utf8.count)] + Array(device.utf8)
      + [UInt8(query.count)] + query + [0x0A] + proof + critical
      + (pack.isEmpty ? [] : [0xFF] + pack)
  }

  static func check(
    code: UInt8 = 2, query: String = "d=m&b=0000000a-1", format: String = "112",
    pack: [UInt8] = pack
  ) -> [UInt8] {
    var crc = CRC32()
    crc.update(Array("\(code == 1 ? "GET" : "POST") /r?\(query) \(format)\n".utf8) + pack)
    return Array("c=".utf8) + crc.value.hexText
  }

  static let changed = collectorBytes("61 44 00 01 aa")

  @Test("takes a report, and keeps what it says") func report() throws {
    var collector = Collector()
    #expect(collector.receive(Self.post(), from: Self.peer, now: at(5)) == [Self.changed])
    let report = try #require(collector.reports.first)
    #expect(report.device == "m")
    #expect(report.identity == "0000000a-1")
    #expect(
      report.readings == [
        CollectedReading(name: "a", value: "1", unit: nil, time: .beforeSending(milliseconds: 0))
      ])
    #expect(report.payloadBytes == Self.pack.count)
    #expect(report.datagramBytes == Self.post().count)
    #expect(report.firstSeen == at(5))
    #expect(collector.counts.reports == 1)
    #expect(collector.counts.readings == 1)
  }

  @Test("answers a repeated message the same, and counts it once, for 247 s") func repeated() {
    var collector = Collector()
    let post = Self.post()
    _ = collector.receive(post, from: Self.peer, now: at(0))
    #expect(collector.receive(post, from: Self.peer, now: at(246_999)) == [Self.changed])
    #expect(collector.counts.repeatedMessages == 1)
    #expect(collector.counts.duplicates == 0)
    // Then the message ID is a new message's; the identity is still the same report's.
    #expect(collector.receive(post, from: Self.peer, now: at(247_000)) == [Self.changed])
    #expect(collector.counts.repeatedMessages == 1)
    #expect(collector.counts.duplicates == 1)
    #expect(collector.counts.reports == 1)
    #expect(collector.receive(post, from: Self.peer, now: at(247_001)) == [Self.changed])
    #expect(collector.counts.repeatedMessages == 2)
  }

  @Test("a message ID belongs to its endpoint") func endpoints() {
    var collector = Collector()
    _ = collector.receive(Self.post(), from: Self.peer, now: at(0))
    _ = collector.receive(Self.post(identity: "0000000a-2"), from: [1], now: at(1))
    #expect(collector.counts.reports == 2)
  }

  @Test("an identity with other content is a broken promise") func conflict() {
    var collector = Collector()
    _ = collector.receive(Self.post(), from: Self.peer, now: at(0))
    let other = collectorBytes("81 a3 21 62 6d 3a 00 61 61 02 02")
    #expect(
      collector.receive(Self.post(id: 2, pack: other), from: Self.peer, now: at(1))
        == [collectorBytes("61 44 00 02 aa")])
    #expect(collector.counts.duplicates == 1)
    #expect(collector.counts.conflicts == 1)
    // Another age of the same readings isn't one.
    let older = collectorBytes("81 a4 21 62 6d 3a 00 61 61 02 01 06 38 3b")
    _ = collector.receive(Self.post(id: 3, pack: older), from: Self.peer, now: at(2))
    #expect(collector.counts.duplicates == 2)
    #expect(collector.counts.conflicts == 1)
  }

  @Test(
    "refuses by the code that says why",
    arguments: [
      (post(code: 1), "4.05"), (post(format: 110), "4.15"), (post(identity: "a-1"), "4.00"),
      (post(identity: "0000000a-"), "4.00"), (post(device: "d="), "4.00"),
      (post(device: "x=m"), "4.00"), (post(device: "d=n"), "4.00"), (post(pack: []), "4.00"),
      (post(pack: [0x80]), "4.00"), (post(critical: [0xC0]), "4.02"),
      (post(critical: [0x10]), "2.04"),
    ])
  func refusal(datagram: [UInt8], code: String) {
    var collector = Collector(policy: CollectorPolicy(path: ["r"]))
    let answer = collector.receive(datagram, from: Self.peer, now: at(0))
    #expect(answer.count == 1)
    #expect(answer.first?[0] == 0x61)
    let text = answer.first?.drop { $0 != 0xFF }.dropFirst() ?? []
    // What is refused for good shows the check that came.
    let sent = datagram.indices.first { datagram[$0...].starts(with: text.prefix(10)) }
    #expect(code == "2.04" || (text.starts(with: "c=".utf8) && sent != nil))
    let raw = answer.first?[1] ?? 0
    #expect("\(raw >> 5).\(raw & 31 < 10 ? "0" : "")\(raw & 31)" == code)
    #expect(collector.counts.refused == (code == "2.04" ? 0 : 1))
    #expect(collector.reports.isEmpty == (code != "2.04"))
  }

  @Test("has the CRC-32 that everybody has") func crc() {
    #expect(CollectorCheck.crc32(Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(CollectorCheck.crc32([]) == 0)
  }

  @Test("asks for a report again whose check isn't there, isn't right, or is there twice")
  func damaged() {
    let good = Self.post()
    let check = Self.check()
    func changing(_ old: [UInt8], _ new: [UInt8]) -> [UInt8] {
      let at = good.indices.first { good[$0...].starts(with: old) } ?? 0
      return Array(good[..<at]) + new + Array(good[(at + old.count)...])
    }
    let damaged = [
      changing([0x0A] + check, []), changing([0x0A] + check, [0x0A] + check + [0x0A] + check),
      changing([0x0A] + check, [0x0A] + Array("c=00000000".utf8)),
      changing([0x0A] + check, [0x0A] + Array("C=".utf8) + check.dropFirst(2)),
      changing([0x02, 0x01], [0x02, 0x02]), changing([0x72, 0x11], [0x73, 0x11]),
    ]
    for datagram in damaged {
      var collector = Collector()
      let answers = collector.receive(datagram, from: Self.peer, now: at(0))
      #expect(answers == [collectorBytes("61 88 00 01 aa ff") + Array("damaged".utf8)])
      #expect(collector.counts.damaged == 1 && collector.counts.refused == 0)
      #expect(collector.reports.isEmpty)
    }
  }

  @Test("no changed byte of a report, lost or doubled, makes it another report that is kept")
  func onlyAsSent() throws {
    let good = Self.post()
    for index in good.indices {
      var variants = [Array(good[..<index] + good[(index + 1)...])]
      variants.append(Array(good[...index] + good[index...]))
      for byte in UInt8.min...UInt8.max {
        variants.append(Array(good[..<index] + [byte] + good[(index + 1)...]))
      }
      for variant in variants {
        var collector = Collector()
        _ = collector.receive(variant, from: Self.peer, now: at(0))
        for report in collector.reports {
          #expect(report.device == "m" && report.identity == "0000000a-1", "\(variant)")
          #expect(report.readings.map(\.value) == ["1"] && report.readings.map(\.name) == ["a"])
        }
      }
    }
  }

  @Test("takes reports on its path alone") func path() {
    var collector = Collector(policy: CollectorPolicy(path: ["s"]))
    #expect(
      collector.receive(Self.post(), from: Self.peer, now: at(0)).first?[1] == 0x84)
  }

  @Test(
    "what is no request is ignored or reset",
    arguments: [
      ("40 00 12 34", "70 00 12 34"), ("50 00 12 34", nil), ("60 00 12 34", nil),
      ("70 00 12 34", nil), ("40 44 12 34", "70 00 12 34"), ("50 44 12 34", nil),
      ("40 02 12 34 ff", "70 00 12 34"), ("50 02 12 34 ff", nil), ("80 02 12 34", nil), ("40", nil),
    ] as [(String, String?)])
  func noRequest(hex: String, answer: String?) {
    var collector = Collector()
    #expect(
      collector.receive(collectorBytes(hex), from: Self.peer, now: at(0))
        == (answer.map { [collectorBytes($0)] } ?? []))
    #expect(collector.reports.isEmpty)
  }

  @Test("a Non-confirmable request is answered by the same kind") func nonConfirmable() {
    var collector = Collector()
    let answer = collector.receive(Self.post(type: 1), from: Self.peer, now: at(0))
    #expect(answer.count == 1)
    #expect(answer.first.map { Array($0[0...1]) + [$0[4]] } == [0x51, 0x44, 0xAA])
  }

  @Test("5.03 is answered as often as told, with Max-Age, and keeps nothing") func unavailable() {
    var policy = CollectorPolicy()
    policy.unavailableAnswers = 2
    policy.unavailableMaxAge = 300
    var collector = Collector(policy: policy)
    let unavailable = collectorBytes("61 a3 00 01 aa d2 01 01 2c ff 62 75 73 79")
    #expect(collector.receive(Self.post(), from: Self.peer, now: at(0)) == [unavailable])
    #expect(collector.receive(Self.post(), from: Self.peer, now: at(1)) == [unavailable])
    _ = collector.receive(Self.post(id: 2), from: Self.peer, now: at(2))
    #expect(collector.reports.isEmpty)
    #expect(
      collector.receive(Self.post(id: 3), from: Self.peer, now: at(3))
        == [collectorBytes("61 44 00 03 aa")])
    #expect(collector.counts.postponed == 2)
    #expect(collector.counts.reports == 1)
  }

  @Test("faults of 100 % always happen") func certainFaults() {
    func answers(_ change: (inout CollectorPolicy) -> Void) -> ([[UInt8]], CollectorCounts) {
      var policy = CollectorPolicy()
      change(&policy)
      var collector = Collector(policy: policy)
      return (collector.receive(Self.post(), from: Self.peer, now: at(0)), collector.counts)
    }
    let lostRequest = answers { $0.loseRequestPercent = 100 }
    #expect(lostRequest.0 == [])
    #expect(lostRequest.1.reports == 0)
    let lostAnswer = answers { $0.loseAnswerPercent = 100 }
    #expect(lostAnswer.0 == [])
    #expect(lostAnswer.1.reports == 1)
    #expect(lostAnswer.1.lostAnswers == 1)
    let refused = answers { $0.refusePercent = 100 }
    #expect(refused.0.first?[1] == 0x80)
    #expect(refused.1.reports == 0)
    let reset = answers { $0.resetPercent = 100 }
    #expect(reset.0 == [collectorBytes("70 00 00 01")])
    #expect(reset.1.reports == 0)
  }

  @Test("a separate response comes after its delay, again with back-off, until acknowledged")
  func separate() throws {
    var policy = CollectorPolicy()
    policy.separatePercent = 100
    policy.separateDelay = .milliseconds(500)
    var collector = Collector(policy: policy)
    let ack = collectorBytes("60 00 00 01")
    #expect(collector.receive(Self.post(), from: Self.peer, now: at(0)) == [ack])
    #expect(collector.receive(Self.post(), from: Self.peer, now: at(100)) == [ack])
    #expect(collector.deadline == at(500))
    #expect(collector.deadlinePassed(now: at(499)) == [])
    let first = try #require(collector.deadlinePassed(now: at(500)).first)
    #expect(first.peer == Self.peer)
    #expect(Array(first.bytes[0...1]) + [first.bytes[4]] == [0x41, 0x44, 0xAA])
    let again = try #require(collector.deadline)
    #expect((at(2500)...at(3500)).contains(again))
    #expect(collector.deadlinePassed(now: again) == [first])
    let acknowledged: [UInt8] = [0x60, 0, first.bytes[2], first.bytes[3]]
    #expect(collector.receive(acknowledged, from: [9], now: at(4000)) == [])
    #expect(collector.deadline != nil)
    #expect(collector.receive(acknowledged, from: Self.peer, now: at(4000)) == [])
    #expect(collector.deadline == nil)
    #expect(collector.counts.reports == 1)
  }

  @Test("a separate response that nobody acknowledges is given up after five") func givenUp() {
    var policy = CollectorPolicy()
    policy.separatePercent = 100
    var collector = Collector(policy: policy)
    var sent = collector.receive(Self.post(), from: Self.peer, now: at(0)).count - 1
    while let deadline = collector.deadline {
      sent += collector.deadlinePassed(now: deadline).count
    }
    #expect(sent == 5)
  }

  @Test("no truncation and no changed byte of a report makes it trap") func hostile() {
    let valid = Self.post()
    for index in valid.indices {
      var collector = Collector()
      _ = collector.receive(Array(valid[..<index]), from: Self.peer, now: at(0))
      #expect(collector.reports.isEmpty)
      for byte in UInt8.min...UInt8.max {
        var changed = valid
        changed[index] = byte
        _ = collector.receive(changed, from: Self.peer, now: at(1))
      }
    }
  }
}

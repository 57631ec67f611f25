import Primitives
import Telemetry
import Testing
import Uplink

@testable import World

/// A network that loses, doubles and delays datagrams, so that they overtake each other.
private struct LossyNetwork {
  struct Flight {
    let arrival: Instant
    let isToServer: Bool
    let bytes: [UInt8]
  }

  var random: SeededRandom
  let lossPercent: UInt64
  let doublePercent: UInt64
  let longestDelay: UInt64
  /// In the order of arrival; equal ones in the order of sending.
  private(set) var flights: [Flight] = []

  init(seed: UInt64, lossPercent: UInt64, doublePercent: UInt64, longestDelay: UInt64) {
    random = SeededRandom(seed: seed)
    self.lossPercent = lossPercent
    self.doublePercent = doublePercent
    self.longestDelay = longestDelay
  }

  mutating func send(_ bytes: [UInt8], toServer: Bool, now: Instant) {
    for _ in 0..<(random.next(below: 100) < doublePercent ? 2 : 1) {
      if random.next(below: 100) < lossPercent { continue }
      let delay = Duration.milliseconds(Int64(random.next(below: longestDelay + 1)))
      let flight = Flight(arrival: now + delay, isToServer: toServer, bytes: bytes)
      let place = flights.firstIndex { $0.arrival > flight.arrival } ?? flights.count
      flights.insert(flight, at: place)
    }
  }

  mutating func takeFirst() -> Flight { flights.removeFirst() }
}

/// A device that sends each batch until it is confirmed, a server, and the network between them.
private struct Delivery {
  static let device = DeviceName(Array("meadow-7".utf8))!
  static let endpoint: [UInt8] = [10, 0, 0, 1]
  /// Attempts per batch, each a whole exchange.
  static let attemptLimit = 200

  var now = Instant.start
  var network: LossyNetwork
  var collector: Collector
  var random: SeededRandom
  var messageID: UInt16
  var trace: [String] = []
  private(set) var exchanges = 0

  init(seed: UInt64, network: LossyNetwork, policy: CollectorPolicy) {
    self.network = network
    collector = Collector(policy: policy)
    random = SeededRandom(seed: seed ^ 0xFACE)
    messageID = UInt16(truncatingIfNeeded: random.next())
  }

  /// Whether the batch was confirmed within the limit.
  mutating func deliver(_ batch: Batch) throws -> Bool {
    let server = try ServerURL(Array("coap://collector.example/r".utf8))
    for _ in 0..<Self.attemptLimit {
      let request = CoAPRequest(report: batch, device: Self.device, to: server, now: now)
      if case .confirmed = run(request) { return true }
      now = now + .seconds(Int64(random.next(below: 400)))
    }
    return false
  }

  private mutating func run(_ request: CoAPRequest) -> CoAPOutcome {
    exchanges += 1
    messageID &+= 1
    let token = withUnsafeBytes(of: random.next()) { Array($0.prefix(4)) }
    var exchange = CoAPExchange(
      request, messageID: messageID, token: token, timing: .rfc7252, jitter: random.next())
    if let outcome = carryOut(exchange.handle(.start, now: now)) { return outcome }
    while true {
      let flight = network.flights.first
      let next = earlier(earlier(exchange.deadline, collector.deadline), flight?.arrival)
      guard let next else { return .noAnswer }
      now = max(now, next)
      if let flight, flight.arrival <= now {
        _ = network.takeFirst()
        trace.append("\(now.milliseconds) \(flight.isToServer ? ">" : "<") \(flight.bytes.hex)")
        if flight.isToServer {
          for answer in collector.receive(flight.bytes, from: Self.endpoint, now: now) {
            network.send(answer, toServer: false, now: now)
          }
        } else if let outcome = carryOut(exchange.handle(.received(flight.bytes), now: now)) {
          return outcome
        }
      } else if let deadline = collector.deadline, deadline <= now {
        for datagram in collector.deadlinePassed(now: now) {
          network.send(datagram.bytes, toServer: false, now: now)
        }
      } else if let outcome = carryOut(exchange.handle(.deadline, now: now)) {
        return outcome
      }
    }
  }

  private mutating func carryOut(_ effects: [CoAPExchange.Effect]) -> CoAPOutcome? {
    var outcome: CoAPOutcome?
    for effect in effects {
      switch effect {
      case .send(let bytes): network.send(bytes, toServer: true, now: now)
      case .finished(let result): outcome = result
      }
    }
    return outcome
  }
}

@Suite("Collector against exchange") struct CollectorExchangeTests {
  private static func batches(_ count: UInt32, seed: UInt64) -> [Batch] {
    var random = SeededRandom(seed: seed)
    return (0..<count).map { sequence in
      let readings = (0..<random.next(below: 12)).map { _ in randomReading(&random) }
      return Batch(
        identity: BatchIdentity(era: 0xE4A, sequence: sequence), readings: readings,
        lostReadings: readings.isEmpty ? 1 : Int64(random.next(below: 2)) * 5)
    }
  }

  private static func randomReading(_ random: inout SeededRandom) -> Reading {
    let names = ["temp", "load", "hum/inside", "v1"]
    let units: [ReadingUnit?] = [
      nil, ReadingUnit(Array("Cel".utf8)), ReadingUnit(Array("%RH".utf8)),
    ]
    let milliseconds = 1_795_386_527_000 + Int64(random.next(below: 10_000_000))
    let times: [ReadingTime] = [
      .utc(UTC(millisecondsSince1970: milliseconds)),
      .utc(UTC(millisecondsSince1970: milliseconds / 1000 * 1000)), .sinceBoot(.start), .unknown,
    ]
    let mantissa = Int64(random.next(below: 2_000_001)) - 1_000_000
    return Reading(
      name: ReadingName(Array(names[Int(random.next(below: 4))].utf8))!,
      value: DecimalNumber(mantissa: mantissa, exponent: -Int8(random.next(below: 7)))!,
      unit: units[Int(random.next(below: 3))], time: times[Int(random.next(below: 4))])
  }

  /// What the server must have got, without ages, sorted.
  private static func lines(_ batch: Batch) -> [String] {
    batch.readings.map { reading in
      let time =
        switch reading.time {
        case .utc(let utc): "\(utc.millisecondsSince1970)"
        case .sinceBoot: "age"
        case .unknown: "unknown"
        }
      let unit = reading.unit.map { String(decoding: $0.bytes, as: UTF8.self) } ?? "-"
      return "\(reading.name.bytes.printable) \(reading.value.text) \(unit) \(time)"
    }.sorted()
  }

  private static func lines(_ report: CollectorReport) -> [String] {
    report.readings.map { reading in
      let time =
        switch reading.time {
        case .utc(let milliseconds): "\(milliseconds)"
        case .beforeSending: "age"
        case .unknown: "unknown"
        }
      return "\(reading.name) \(reading.value) \(reading.unit ?? "-") \(time)"
    }.sorted()
  }

  private static func badDay(seed: UInt64) -> Delivery {
    var policy = CollectorPolicy(seed: seed, path: ["r"])
    policy.loseRequestPercent = Int(seed % 4) * 10
    policy.loseAnswerPercent = Int(seed % 3) * 15
    policy.unavailableAnswers = Int(seed % 5)
    policy.refusePercent = 0
    policy.separatePercent = Int(seed % 2) * 60
    policy.separateDelay = .milliseconds(Int64(seed % 7) * 900)
    policy.resetPercent = Int(seed % 6)
    let network = LossyNetwork(
      seed: seed, lossPercent: seed % 5 * 10, doublePercent: 20, longestDelay: seed % 3 * 4000)
    return Delivery(seed: seed, network: network, policy: policy)
  }

  @Test(
    "every batch is counted exactly once, whatever is lost, doubled, delayed or refused",
    arguments: 0..<150 as Range<UInt64>)
  func exactlyOnce(seed: UInt64) throws {
    var delivery = Self.badDay(seed: seed)
    let batches = Self.batches(8, seed: seed)
    for batch in batches { #expect(try delivery.deliver(batch), "seed \(seed)") }
    let collector = delivery.collector
    #expect(collector.counts.conflicts == 0, "seed \(seed)")
    #expect(collector.counts.refused == 0, "seed \(seed)")
    #expect(collector.counts.malformed == 0, "seed \(seed)")
    let expected = batches.map { String(decoding: $0.identity.bytes, as: UTF8.self) }
    #expect(collector.reports.map(\.identity) == expected, "seed \(seed)")
    for (report, batch) in zip(collector.reports, batches) {
      #expect(report.device == "meadow-7")
      #expect(report.lostReadings == batch.lostReadings, "seed \(seed)")
      #expect(Self.lines(report) == Self.lines(batch), "seed \(seed)")
    }
  }

  @Test("the same seed gives the same datagrams at the same times") func repeatable() throws {
    func trace(_ seed: UInt64) throws -> [String] {
      var delivery = Self.badDay(seed: seed)
      for batch in Self.batches(4, seed: seed) { _ = try delivery.deliver(batch) }
      return delivery.trace
    }
    #expect(try trace(23) == trace(23))
    #expect(try trace(23) != trace(29))
  }

  @Test("the faults do happen: reports come again, and answers are lost") func faultsHappen() throws
  {
    var sum = CollectorCounts()
    for seed in 0..<60 as Range<UInt64> {
      var delivery = Self.badDay(seed: seed)
      for batch in Self.batches(8, seed: seed) { _ = try delivery.deliver(batch) }
      let counts = delivery.collector.counts
      sum.repeatedMessages += counts.repeatedMessages
      sum.duplicates += counts.duplicates
      sum.lostAnswers += counts.lostAnswers
      sum.resets += counts.resets
      sum.postponed += counts.postponed
    }
    #expect(sum.repeatedMessages > 100)
    #expect(sum.duplicates > 10)
    #expect(sum.lostAnswers > 100)
    #expect(sum.resets > 5)
    #expect(sum.postponed > 50)
  }

  @Test("on a good network a report takes one datagram each way") func goodNetwork() throws {
    let network = LossyNetwork(seed: 1, lossPercent: 0, doublePercent: 0, longestDelay: 300)
    var delivery = Delivery(seed: 1, network: network, policy: CollectorPolicy())
    for batch in Self.batches(20, seed: 1) { #expect(try delivery.deliver(batch)) }
    #expect(delivery.trace.count == 40)
    #expect(delivery.exchanges == 20)
  }

  @Test("ages are right to the millisecond") func ages() throws {
    let network = LossyNetwork(seed: 1, lossPercent: 0, doublePercent: 0, longestDelay: 0)
    var delivery = Delivery(seed: 1, network: network, policy: CollectorPolicy())
    delivery.now = .milliseconds(90_061_007)
    let name = ReadingName(Array("a".utf8))!
    let reading = Reading(
      name: name, value: DecimalNumber(1), unit: nil, time: .sinceBoot(.milliseconds(1000)))
    let batch = Batch(
      identity: BatchIdentity(era: 1, sequence: 1), readings: [reading], lostReadings: 0)
    #expect(try delivery.deliver(batch))
    #expect(
      delivery.collector.reports.first?.readings == [
        CollectedReading(
          name: "a", value: "1", unit: nil, time: .beforeSending(milliseconds: 90_060_007))
      ])
  }
}

import Primitives
import Telemetry

@testable import Spool

/// What a spool must do, written down a second time without a database.
struct SpoolModel: Equatable {
  struct Frozen: Equatable {
    var identity: BatchIdentity
    var count: Int
    var lost: Int64
  }

  let limit: Int
  let era: UInt32
  var waiting: [Reading] = []
  var frozen: Frozen?
  var nextSequence: UInt32 = 1
  var unreportedLost: Int64 = 0
  var counts = StoreCounts()

  init(limit: Int, era: UInt32) {
    self.limit = limit
    self.era = era
  }

  /// - Returns: what `nextBatch` must give; nil for every other step too.
  @discardableResult
  mutating func apply(_ step: SpoolStep) -> Batch? {
    switch step {
    case .append(let readings): append(readings)
    case .nextBatch(let count): return nextBatch(count)
    case .confirm: finish(isDelivered: true)
    case .setAside: finish(isDelivered: false)
    case .clockWasSet(let utc, let now):
      for index in waiting.indices {
        guard case .sinceBoot(let taken) = waiting[index].time else { continue }
        waiting[index].time = .utc(
          UTC(
            millisecondsSince1970: utc.millisecondsSince1970 + taken.milliseconds
              - now.milliseconds))
      }
    case .event, .reopen: break
    case .restart:
      for index in waiting.indices {
        if case .sinceBoot = waiting[index].time { waiting[index].time = .unknown }
      }
    }
    return nil
  }

  /// Every batch from here on, confirmed one after the other.
  func drained(batchSize: Int) -> [Batch] {
    var copy = self
    var batches: [Batch] = []
    while let batch = copy.nextBatch(batchSize) {
      batches.append(batch)
      copy.finish(isDelivered: true)
    }
    return batches
  }

  private mutating func append(_ readings: [Reading]) {
    waiting += readings
    let first = frozen?.count ?? 0
    let excess = waiting.count - first - limit
    if excess > 0 {
      waiting.removeSubrange(first..<first + excess)
      counts.lost += Int64(excess)
      unreportedLost += Int64(excess)
    }
    counts.waiting = Int64(waiting.count)
  }

  private mutating func nextBatch(_ count: Int) -> Batch? {
    if frozen == nil, !waiting.isEmpty {
      frozen = Frozen(
        identity: BatchIdentity(era: era, sequence: nextSequence),
        count: min(count, waiting.count), lost: unreportedLost)
      nextSequence += 1
    }
    return frozen.map {
      Batch(
        identity: $0.identity, readings: Array(waiting[..<$0.count]), lostReadings: $0.lost)
    }
  }

  private mutating func finish(isDelivered: Bool) {
    guard let done = frozen else { return }
    waiting.removeFirst(done.count)
    if isDelivered {
      counts.delivered += Int64(done.count)
      unreportedLost -= done.lost
    } else {
      counts.setAside += Int64(done.count)
    }
    counts.waiting = Int64(waiting.count)
    frozen = nil
  }
}

/// One thing done to a spool.
enum SpoolStep {
  case append([Reading])
  case nextBatch(readings: Int)
  case confirm
  case setAside
  case clockWasSet(UTC, at: Instant)
  case event
  /// Closed and opened in the same boot.
  case reopen
  /// Closed and opened in another boot.
  case restart
}

/// Makes steps that are possible one after the other.
struct SpoolWorkload {
  var random: SeededRandom
  private var readingNumber: Int64 = 0
  private var now = Instant.milliseconds(1000)

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  mutating func step(after model: SpoolModel) -> SpoolStep {
    now = now + .milliseconds(Int64(random.next(below: 5000)))
    switch random.next(below: 20) {
    case 0...7: return .append(readings(Int(random.next(below: 6)) + 1))
    case 8...11: return .nextBatch(readings: Int(random.next(below: 7)) + 1)
    case 12...14: return model.frozen == nil ? .event : .confirm
    case 15: return model.frozen == nil ? .event : .setAside
    case 16:
      return .clockWasSet(
        UTC(millisecondsSince1970: 1_800_000_000_000 + now.milliseconds), at: now)
    case 17: return .reopen
    case 18:
      now = .milliseconds(1000)
      return .restart
    default: return .event
    }
  }

  mutating func readings(_ count: Int) -> [Reading] {
    (0..<count).map { _ in
      readingNumber += 1
      let time: ReadingTime =
        switch random.next(below: 3) {
        case 0: .utc(UTC(millisecondsSince1970: 1_790_000_000_000 + readingNumber))
        case 1: .sinceBoot(now)
        default: .unknown
        }
      return reading(readingNumber, time)
    }
  }
}

func reading(_ number: Int64, _ time: ReadingTime = .unknown) -> Reading {
  let names = ["load", "tank/level", "t0"]
  let units = [nil, "Cel", "%RH"]
  return Reading(
    name: ReadingName(Array(names[Int(number % 3)].utf8))!,
    value: DecimalNumber(mantissa: number, exponent: Int8(number % 5) - 2)!,
    unit: units[Int(number / 3 % 3)].flatMap { ReadingUnit(Array($0.utf8)) }, time: time)
}

let testDevice = DeviceName(Array("meadow-7".utf8))!
let generous = 100_000

extension Spool {
  /// Does what the step says; reopening is the caller's.
  @discardableResult
  mutating func apply(_ step: SpoolStep) throws(SpoolError) -> Batch? {
    switch step {
    case .append(let readings): try append(readings)
    case .nextBatch(let count):
      return try nextBatch(limit: BatchLimit(readings: count, bytes: generous))
    case .confirm: try confirm(identityUnderWay())
    case .setAside: try setAside(identityUnderWay(), reason: Array("4.00".utf8))
    case .clockWasSet(let utc, let now): try clockWasSet(utc, at: now)
    case .event:
      try record(
        Event(time: .unknown, subject: Array("test".utf8), text: Array("something".utf8)))
    case .reopen, .restart: break
    }
    return nil
  }

  mutating func drain(batchSize: Int) throws(SpoolError) -> [Batch] {
    var batches: [Batch] = []
    while let batch = try nextBatch(limit: BatchLimit(readings: batchSize, bytes: generous)) {
      batches.append(batch)
      try confirm(batch.identity)
    }
    return batches
  }

  private func identityUnderWay() -> BatchIdentity {
    state.batch.map { state.identity(of: $0) } ?? BatchIdentity(era: 0, sequence: 0)
  }
}

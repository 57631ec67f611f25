import Agent
import Primitives
import Telemetry

/// A store in memory that fails when it is told to. A reference, so that a test can look into it
/// and change its mind.
final class FakeStore: Store {
  struct Failure: Error {}

  enum Call: Hashable { case append, nextBatch, confirm, setAside, waiting, keep }

  var failing: Set<Call> = []
  private(set) var readings: [Reading] = []
  private(set) var underWay: Batch?
  private(set) var aside: [Batch] = []
  private(set) var confirmed: [Batch] = []
  /// The sizes of the transactions of `append`.
  private(set) var appends: [Int] = []
  private(set) var events: [Event] = []
  private(set) var isClosed = false
  private var sequence: UInt32 = 0

  func append(_ readings: [Reading]) throws(Failure) {
    try check(.append)
    appends.append(readings.count)
    self.readings += readings
  }

  func nextBatch(limit: BatchLimit) throws(Failure) -> Batch? {
    try check(.nextBatch)
    if underWay == nil, !readings.isEmpty {
      sequence += 1
      underWay = Batch(
        identity: BatchIdentity(era: 1, sequence: sequence),
        readings: Array(readings.prefix(limit.readings)), lostReadings: 0)
    }
    return underWay
  }

  func confirm(_ batch: BatchIdentity) throws(Failure) {
    try check(.confirm)
    confirmed.append(try take(batch))
  }

  func setAside(_ batch: BatchIdentity, reason: [UInt8]) throws(Failure) {
    try check(.setAside)
    aside.append(try take(batch))
  }

  func record(_ event: Event) { events.append(event) }

  func clockWasSet(_ utc: UTC, at now: Instant) {
    for index in readings.indices {
      guard case .sinceBoot(let taken) = readings[index].time else { continue }
      readings[index].time = .utc(utc + (taken - now))
    }
  }

  func waiting() throws(Failure) -> Int64 {
    try check(.waiting)
    return Int64(readings.count)
  }

  func counts() throws(Failure) -> StoreCounts {
    try check(.waiting)
    return StoreCounts(waiting: Int64(readings.count))
  }

  private(set) var memory: [String: [UInt8]] = [:]

  func remember(_ value: [UInt8]?, as key: StaticString) { memory["\(key)"] = value }

  func recall(_ key: StaticString) -> [UInt8]? { memory["\(key)"] }

  /// The vault.
  var vault: [VaultSlot: [UInt8]] = [:]

  func keep(_ value: [UInt8]?, in slot: VaultSlot) throws(Failure) {
    try check(.keep)
    vault[slot] = value
  }

  func kept(_ slot: VaultSlot) -> [UInt8]? { vault[slot] }

  func close() { isClosed = true }

  private func check(_ call: Call) throws(Failure) {
    if failing.contains(call) { throw Failure() }
  }

  private func take(_ identity: BatchIdentity) throws(Failure) -> Batch {
    guard let batch = underWay, batch.identity == identity else { throw Failure() }
    underWay = nil
    readings.removeFirst(batch.readings.count)
    return batch
  }
}

import Primitives
import Telemetry

/// Where readings wait until the server has confirmed them. The agent sees no more of it than this.
///
/// Every call is one transaction: when it returns, what it promises survives a power cut; when it
/// throws, nothing of it happened.
public protocol Store: ~Copyable {
  associatedtype Failure: Error

  /// Keeps readings. Over the store's limit the oldest go first, counted as lost.
  mutating func append(_ readings: [Reading]) throws(Failure)

  /// The batch that was handed out and is not yet confirmed, else a new one made of the oldest
  /// readings; nil when there is nothing to send. The same batch keeps its identity and its
  /// readings until it is confirmed or set aside, across restarts too.
  mutating func nextBatch(limit: BatchLimit) throws(Failure) -> Batch?

  /// The server has the batch: its readings go and count as delivered.
  mutating func confirm(_ batch: BatchIdentity) throws(Failure)

  /// The server refused the batch for good: it is kept apart, with the reason, and never sent again.
  mutating func setAside(_ batch: BatchIdentity, reason: [UInt8]) throws(Failure)

  /// One line for the bounded event log. It rides on the next transaction and may be lost with
  /// the power until then: the log is not worth a flash write of its own.
  mutating func record(_ event: Event) throws(Failure)

  /// The time of day is known: the readings of this boot that lack one get theirs.
  mutating func clockWasSet(_ utc: UTC, at now: Instant) throws(Failure)

  /// How many readings wait to be reported. A store that can't be had is tried again here, so that
  /// what it holds from earlier is reported even if nothing new comes.
  mutating func waiting() throws(Failure) -> Int64

  /// For people. Changes nothing, and tries nothing again.
  func counts() throws(Failure) -> StoreCounts

  /// Keeps a small value under a name, durably, in place of the one before; nil: none any more.
  mutating func remember(_ value: [UInt8]?, as key: StaticString) throws(Failure)

  /// The value that was kept last under that name; nil when there is none.
  mutating func recall(_ key: StaticString) throws(Failure) -> [UInt8]?

  /// Small state that must survive everything, the readings' damage included, each value as a whole:
  /// durable in two checked copies when it returns. nil: none any more. At most 1024 bytes; when
  /// it throws, the value before stands, but after a restart the new one may be found.
  mutating func keep(_ value: [UInt8]?, in slot: VaultSlot) throws(Failure)

  /// The value that was kept last in that slot; nil when there is none, or both copies were lost.
  mutating func kept(_ slot: VaultSlot) throws(Failure) -> [UInt8]?

  /// The process ends: events that still wait are written, and nothing is called any more.
  mutating func close()
}

/// The places of the vault. The numbers stand in the files of devices: they never change. Each value
/// begins with a byte that tells its version; one that can't be read counts as lost.
public enum VaultSlot: UInt8, CaseIterable, Sendable {
  /// The device's key, and which device it is.
  case identity = 1
  /// Settings that were changed from afar and have proven themselves.
  case settings = 2
  /// Settings that are being tried.
  case trial = 3
  /// The counter of the last command, and what commands have cost.
  case counters = 4
  /// What the network lets the device do, and when.
  case limits = 5
  /// Where the network was found last.
  case network = 6
  /// The changed settings before the last change, for `rollback`.
  case previous = 7
}

import Agent
import Primitives
import Spool
import Telemetry

/// The device's spool, in memory. A reference, so that it outlives the process that dies.
public final class WorldStore: Store {
  public typealias Failure = SpoolError

  private var spool: Spool
  /// The vault, which outlives the process too.
  private(set) var vault: [VaultSlot: [UInt8]] = [:]
  /// How often each slot was written.
  public private(set) var keeps: [VaultSlot: Int] = [:]
  /// Whether its medium takes and gives nothing any more.
  var isBroken = false
  /// At which write of commands and trials the power is cut, and whether that write is durable.
  var cut: (write: Int, isDurable: Bool)?
  private(set) var commandWrites = 0
  /// Nothing is written any more: the process just doesn't know it yet.
  var hasLostPower = false

  init(_ spool: consuming Spool) { self.spool = spool }

  public func append(_ readings: [Reading]) throws(SpoolError) {
    try check()
    if hasLostPower { throw .full(path: Array("spool.db".utf8)) }
    try spool.append(readings)
  }
  public func nextBatch(limit: BatchLimit) throws(SpoolError) -> Batch? {
    try check()
    return try spool.nextBatch(limit: limit)
  }
  public func confirm(_ batch: BatchIdentity) throws(SpoolError) { try spool.confirm(batch) }
  public func setAside(_ batch: BatchIdentity, reason: [UInt8]) throws(SpoolError) {
    try spool.setAside(batch, reason: reason)
  }
  public func record(_ event: Event) throws(SpoolError) { try spool.record(event) }
  public func clockWasSet(_ utc: UTC, at now: Instant) throws(SpoolError) {
    try spool.clockWasSet(utc, at: now)
  }
  public func waiting() throws(SpoolError) -> Int64 {
    try check()
    return spool.counts().waiting
  }
  public func counts() -> StoreCounts { spool.counts() }
  public func remember(_ value: [UInt8]?, as key: StaticString) throws(SpoolError) {
    try spool.remember(value, as: key)
  }
  public func recall(_ key: StaticString) throws(SpoolError) -> [UInt8]? {
    try spool.recall(key)
  }
  func set(_ value: [UInt8]?, in slot: VaultSlot) { vault[slot] = value }
  public func keep(_ value: [UInt8]?, in slot: VaultSlot) throws(SpoolError) {
    if hasLostPower { throw .full(path: Array("vault".utf8)) }
    switch slot {
    case .limits, .network: break
    case .identity, .settings, .trial, .counters, .previous:
      commandWrites += 1
      guard let cut, cut.write == commandWrites else { break }
      hasLostPower = true
      if !cut.isDurable { throw .full(path: Array("vault".utf8)) }
    }
    vault[slot] = value
    keeps[slot, default: 0] += 1
  }
  public func kept(_ slot: VaultSlot) throws(SpoolError) -> [UInt8]? { vault[slot] }
  public func close() {}

  private func check() throws(SpoolError) {
    if isBroken { throw .full(path: Array("spool.db".utf8)) }
  }
}

import Primitives

/// A device is given its key and its name, once.
public struct Provisioning: Equatable, Sendable {
  public var identity: DeviceIdentity
  /// Commands signed with this counter or a lesser one are refused: that of the last one that was
  /// signed with this key, 0 for a new key.
  public var counter: UInt64
  /// Whether an identity that is there already gives way.
  public var isAgain: Bool

  public init(identity: DeviceIdentity, counter: UInt64 = 0, isAgain: Bool = false) {
    self.identity = identity
    self.counter = counter
    self.isAgain = isAgain
  }

  /// What the vault is to hold afterwards; the identity is to be kept first, so that a power cut in
  /// between leaves the greater counter.
  ///
  /// - Parameters:
  ///   - identity: what the vault holds; anything counts, what can't be read too.
  ///   - ledger: the same of the counters. A key that stays the same keeps its counter, so that
  ///     nothing that was obeyed once is obeyed again.
  /// - Returns: nil when there is an identity that doesn't give way.
  public func values(
    over identity: [UInt8]?, _ ledger: [UInt8]?
  ) -> (identity: [UInt8], counters: [UInt8])? {
    if identity != nil, !isAgain { return nil }
    var next = ledger.flatMap { CommandLedger(kept: $0) } ?? CommandLedger()
    let old = identity.flatMap { DeviceIdentity(kept: $0) }
    let isSameKey = old?.key == self.identity.key
    next.counter = isSameKey ? max(next.counter, counter) : counter
    return (self.identity.kept, next.kept)
  }
}

import Agent
import Board
import Primitives
import Spool
import Telemetry
import Vault

/// Why the store couldn't do what was asked.
enum StoreFault: Error, Equatable {
  case spool(SpoolError)
  case vault(VaultError)
}

/// The spool and the vault, or the reason why there is none just now. One that can't be opened, or
/// that breaks, is tried again at the next call: a card that is put back, a file system that has
/// room again. Neither's fault touches the other.
struct DeviceStore: Store, ~Copyable {
  private let path: [UInt8]
  private let limit: Int64
  /// nil until `begin`.
  private var device: DeviceName?
  let boot: [UInt8]
  private let era: UInt32
  private var open: OpenSpool?
  /// Why the spool's last call failed; nil when it didn't.
  private(set) var fault: SpoolError?
  private let vaultPath: [UInt8]
  private var vault: OpenVault?
  /// The same of the vault.
  private(set) var vaultFault: VaultError?

  /// Opens the vault; the spool follows with `begin`.
  ///
  /// - Parameter era: a random number, for a spool that has to be made.
  init(path: [UInt8], vault: [UInt8], limit: Int64, boot: [UInt8], era: UInt32) {
    self.path = path
    vaultPath = vault
    self.limit = limit
    self.boot = boot
    self.era = era
    try? openVault()
  }

  /// Opens the spool of the device of that name; once more where it has got another.
  mutating func begin(as name: DeviceName) {
    if device == name, open != nil { return }
    close()
    device = name
    try? openSpool()
  }

  /// What a person should know about the store at the start.
  var note: String {
    if let fault { return fault.description }
    guard let open else { return "not open" }
    switch open.spool.opening {
    case .existing: return "\(path.printable): \(open.spool.counts().waiting) readings wait"
    case .created: return "\(path.printable): made"
    case .replacedDamaged(let kept):
      return "\(path.printable) was damaged: it is kept as \(kept.printable), and a fresh one "
        + "was made"
    }
  }

  /// What a person should know about the vault at the start; nil when all is as it should be.
  var vaultNote: String? {
    if let vaultFault { return vaultFault.description }
    switch vault?.vault.opening {
    case nil, .whole: return nil
    case .created: return "\(vaultPath.printable): made"
    case .repaired:
      return "\(vaultPath.printable): one copy was damaged or older; taken from the other"
    case .lost:
      return
        "\(vaultPath.printable): both copies are damaged; settings changed from afar are gone, "
        + "and no command is accepted until `godwit provision` is run again"
    }
  }

  mutating func keep(_ value: [UInt8]?, in slot: VaultSlot) throws(StoreFault) {
    if vault == nil { try openVault() }
    do throws(VaultError) {
      try vault?.vault.keep(value, in: slot.rawValue)
      vaultFault = nil
    } catch {
      vaultFault = error
      throw .vault(error)
    }
  }

  mutating func kept(_ slot: VaultSlot) throws(StoreFault) -> [UInt8]? {
    if vault == nil { try openVault() }
    return vault?.vault.kept(slot.rawValue)
  }

  mutating func append(_ readings: [Reading]) throws(StoreFault) {
    try use { (spool: inout Spool) throws(SpoolError) in try spool.append(readings) }
  }

  mutating func nextBatch(limit: BatchLimit) throws(StoreFault) -> Batch? {
    try use { (spool: inout Spool) throws(SpoolError) in try spool.nextBatch(limit: limit) }
  }

  mutating func confirm(_ batch: BatchIdentity) throws(StoreFault) {
    try use { (spool: inout Spool) throws(SpoolError) in try spool.confirm(batch) }
  }

  mutating func setAside(_ batch: BatchIdentity, reason: [UInt8]) throws(StoreFault) {
    try use { (spool: inout Spool) throws(SpoolError) in
      try spool.setAside(batch, reason: reason)
    }
  }

  mutating func record(_ event: Event) throws(StoreFault) {
    // An event is no reason to try a broken medium again.
    guard let open else { return }
    do throws(SpoolError) {
      // It seldom writes, so that it works says nothing about the medium.
      try open.spool.record(event)
    } catch {
      fault = error
      throw .spool(error)
    }
  }

  mutating func clockWasSet(_ utc: UTC, at now: Instant) throws(StoreFault) {
    try use { (spool: inout Spool) throws(SpoolError) in try spool.clockWasSet(utc, at: now) }
  }

  mutating func waiting() throws(StoreFault) -> Int64 {
    try use { (spool: inout Spool) throws(SpoolError) in spool.counts().waiting }
  }

  mutating func remember(_ value: [UInt8]?, as key: StaticString) throws(StoreFault) {
    try use { (spool: inout Spool) throws(SpoolError) in try spool.remember(value, as: key) }
  }

  mutating func recall(_ key: StaticString) throws(StoreFault) -> [UInt8]? {
    try use { (spool: inout Spool) throws(SpoolError) in try spool.recall(key) }
  }

  func counts() throws(StoreFault) -> StoreCounts {
    guard let open else { throw .spool(fault ?? .damaged(path: path)) }
    return open.spool.counts()
  }

  mutating func close() {
    try? open?.spool.flushEvents()
    open = nil
  }

  private mutating func openSpool() throws(StoreFault) {
    guard let device else { throw .spool(.damaged(path: path)) }
    do throws(SpoolError) {
      open = OpenSpool(
        try Spool(path: path, limit: limit, device: device, boot: boot, era: era))
      fault = nil
    } catch {
      fault = error
      throw .spool(error)
    }
  }

  private mutating func openVault() throws(StoreFault) {
    do throws(VaultError) {
      vault = OpenVault(try Vault(LinuxVaultFiles(path: vaultPath)))
      vaultFault = nil
    } catch {
      vaultFault = error
      throw .vault(error)
    }
  }

  private mutating func use<R>(
    _ body: (inout Spool) throws(SpoolError) -> R
  ) throws(StoreFault) -> R {
    if open == nil { try openSpool() }
    guard let slot = open else { throw .spool(fault ?? .damaged(path: path)) }
    do throws(SpoolError) {
      let result = try body(&slot.spool)
      fault = nil
      return result
    } catch {
      fault = error
      // A damaged one is replaced when it is opened again.
      if case .damaged = error { open = nil }
      throw .spool(error)
    }
  }
}

/// A spool that can be there or not; see `OpenLine` for why a reference.
private final class OpenSpool {
  var spool: Spool

  init(_ spool: consuming Spool) { self.spool = spool }
}

/// The same of a vault.
private final class OpenVault {
  var vault: Vault<LinuxVaultFiles>

  init(_ vault: consuming Vault<LinuxVaultFiles>) { self.vault = vault }
}

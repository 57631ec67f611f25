import Primitives

@testable import Vault

/// A file system in memory whose power can be cut before, in or after every step. What was written
/// and not synced is there afterwards up to any byte, and a name that wasn't synced is the old or the
/// new one.
final class MemoryFiles: VaultFiles {
  private struct Entry {
    var bytes: [UInt8]
    /// How many of the bytes a cut leaves; nil: all.
    var unsynced: Bool
  }

  private var files: [VaultFile: Entry] = [:]
  /// The names as last synced.
  private var synced: [VaultFile: Entry] = [:]
  /// Steps, and bytes within them, until the power goes; nil: never.
  var budget: Int?
  private(set) var spent = 0
  private(set) var writes: [VaultFile] = []
  /// Files whose opening is refused.
  var forbidden: Set<VaultFile> = []
  var isBroken = false

  static let fault = VaultError.cannotWrite(path: [], errno: 5)

  /// One step; false when the power goes at it.
  private func spend() -> Bool {
    if let budget, spent >= budget { return false }
    spent += 1
    return true
  }

  func read(_ file: VaultFile, limitBytes: Int) throws(VaultError) -> [UInt8]? {
    if forbidden.contains(file) { throw .cannotOpen(path: [], errno: 13) }
    guard let bytes = files[file]?.bytes else { return nil }
    return bytes.count > limitBytes ? [] : bytes
  }

  func write(_ bytes: [UInt8], to file: VaultFile) throws(VaultError) {
    guard !isBroken, spend() else { throw Self.fault }
    writes.append(file)
    files[file] = Entry(bytes: [], unsynced: true)
    for byte in bytes {
      guard spend() else { throw Self.fault }
      files[file]?.bytes.append(byte)
    }
  }

  func sync(_ file: VaultFile) throws(VaultError) {
    guard spend() else { throw Self.fault }
    files[file]?.unsynced = false
  }

  func rename(_ file: VaultFile, to target: VaultFile) throws(VaultError) {
    guard spend() else { throw Self.fault }
    files[target] = files.removeValue(forKey: file)
  }

  func syncNames() throws(VaultError) {
    guard spend() else { throw Self.fault }
    synced = files
  }

  /// The power comes back. A name that wasn't synced is as before when `namesStay` is false; bytes that
  /// weren't synced are there up to `prefix`.
  func restore(namesStay: Bool, prefix: Int) {
    if !namesStay { files = synced }
    for (file, entry) in files where entry.unsynced {
      files[file] = Entry(bytes: Array(entry.bytes.prefix(prefix)), unsynced: false)
    }
    synced = files
    (budget, spent) = (nil, 0)
  }

  func damage(_ file: VaultFile, at offset: Int) {
    files[file]?.bytes[offset] ^= 0x10
    synced = files
  }

  func cut(_ file: VaultFile, to count: Int) {
    files[file]?.bytes.removeSubrange(count...)
    synced = files
  }

  func remove(_ file: VaultFile) {
    files[file] = nil
    synced = files
  }

  func bytes(of file: VaultFile) -> [UInt8]? { files[file]?.bytes }
}

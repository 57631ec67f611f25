import CLinux
import Primitives

/// What a vault needs of a file system, in the steps between which the power may be cut.
public protocol VaultFiles: ~Copyable {
  /// - Returns: nil when there is no such file; nothing (empty) for one that can't be read or is longer
  ///   than `limitBytes`, which is a copy that isn't good.
  /// - Throws: when it is there and may not be opened.
  mutating func read(_ file: VaultFile, limitBytes: Int) throws(VaultError) -> [UInt8]?
  /// Makes the file, or empties it, and writes it.
  mutating func write(_ bytes: [UInt8], to file: VaultFile) throws(VaultError)
  /// What was written to the file is durable when this returns.
  mutating func sync(_ file: VaultFile) throws(VaultError)
  /// In the place of the file that has the new name.
  mutating func rename(_ file: VaultFile, to name: VaultFile) throws(VaultError)
  /// The names are durable when this returns.
  mutating func syncNames() throws(VaultError)
}

/// The files of a vault.
public enum VaultFile: CaseIterable, Sendable {
  case first, second
  /// What is being written, and is a copy once it is renamed.
  case fresh

  /// Goes behind the vault's path.
  var suffix: StaticString {
    switch self {
    case .first: ".1"
    case .second: ".2"
    case .fresh: ".new"
    }
  }
}

/// Files of Linux: the copies are PATH.1 and PATH.2, and what is being written is PATH.new. They are
/// their owner's alone, who is the folder's, since a device's key is among what is kept.
public struct LinuxVaultFiles: VaultFiles, Sendable {
  private let path: [UInt8]

  public init(path: [UInt8]) { self.path = path }

  public func read(_ file: VaultFile, limitBytes: Int) throws(VaultError) -> [UInt8]? {
    let descriptor = linux_open_to_read(name(file))
    if descriptor == -linux_ENOENT { return nil }
    if descriptor < 0 { throw .cannotOpen(path: path, errno: -descriptor) }
    defer { _ = linux_close(descriptor) }
    var bytes: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = linux_read(descriptor, &room, room.count)
      if count < 0 { return [] }
      if count == 0 { return bytes }
      bytes += room[..<count]
      if bytes.count > limitBytes { return [] }
    }
  }

  public func write(_ bytes: [UInt8], to file: VaultFile) throws(VaultError) {
    let descriptor = linux_open_to_create(name(file))
    try check(descriptor)
    defer { _ = linux_close(descriptor) }
    // Provisioned by the superuser, read by the service's user.
    try check(linux_give_to_owner_of(descriptor, folder))
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBufferPointer {
        linux_write(descriptor, $0.baseAddress, $0.count)
      }
      if count <= 0 { throw .cannotWrite(path: path, errno: count < 0 ? Int32(-count) : 0) }
      rest = rest.dropFirst(count)
    }
  }

  public func sync(_ file: VaultFile) throws(VaultError) { try check(linux_sync_file(name(file))) }

  public func rename(_ file: VaultFile, to target: VaultFile) throws(VaultError) {
    try check(linux_rename(name(file), name(target)))
  }

  public func syncNames() throws(VaultError) { try check(linux_sync_folder(folder)) }

  private func check(_ result: Int32) throws(VaultError) {
    if result < 0 { throw .cannotWrite(path: path, errno: -result) }
  }

  private func name(_ file: VaultFile) -> [UInt8] { path + Array(file.suffix) + [0] }

  private var folder: [UInt8] {
    guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return Array(".") + [0] }
    return (slash == 0 ? Array("/") : Array(path[..<slash])) + [0]
  }
}

import Primitives

/// Why the vault can't be read or written.
public enum VaultError: Error, Equatable, Sendable {
  case cannotOpen(path: [UInt8], errno: Int32)
  case cannotWrite(path: [UInt8], errno: Int32)
  /// A value that no slot takes.
  case tooLong(lengthBytes: Int)
}

extension VaultError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .cannotOpen(let path, let errno):
      "the vault \(path.printable) can't be opened (errno \(errno)); check its owner and "
        + "mode, and [vault] path"
    case .cannotWrite(let path, let errno):
      "the vault \(path.printable) can't be written (errno \(errno)); check that its folder "
        + "exists and may be written, and that its file system has room"
    case .tooLong(let lengthBytes):
      "a value of \(lengthBytes) bytes doesn't fit into the vault"
    }
  }
}

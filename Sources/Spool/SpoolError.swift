import CLinux
import CSQLite
import Primitives
import Telemetry

/// Why the spool couldn't do what was asked. Nothing has changed then.
public enum SpoolError: Error, Equatable, Sendable {
  /// - Parameters:
  ///   - code: SQLite's extended result code (sqlite.org/rescode.html).
  ///   - errno: the kernel's error number behind it, 0 for none.
  case cannotOpen(path: [UInt8], code: Int32, errno: Int32)
  case notWritable(path: [UInt8])
  /// Another process has it open.
  case inUse(path: [UInt8])
  /// It is an SQLite database, but of another program.
  case foreign(path: [UInt8])
  /// A later version of this program made it.
  case newerVersion(path: [UInt8], found: Int64, known: Int64)
  /// The file system has no room.
  case full(path: [UInt8])
  /// Reading or writing failed.
  case failed(path: [UInt8], code: Int32, errno: Int32)
  /// The database is damaged. Opening it again starts a fresh one.
  case damaged(path: [UInt8])
  /// The batch isn't the one under way: it was confirmed or set aside before, or is of another
  /// spool.
  case unknownBatch(BatchIdentity)
}

extension SpoolError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .cannotOpen(let path, let code, let errno):
      "the store \(path.printable) can't be opened (\(Self.reason(code, errno))); check that its "
        + "folder exists and may be written, and [store] path"
    case .notWritable(let path):
      "the store \(path.printable) may only be read; check its owner and mode, and that the file "
        + "system is mounted for writing"
    case .inUse(let path):
      "the store \(path.printable) is in use; stop the other process that has it open"
    case .foreign(let path):
      "\(path.printable) is another program's database; name another file in [store] path"
    case .newerVersion(let path, let found, let known):
      "the store \(path.printable) has version \(found) and this program knows up to \(known); "
        + "install the newer program again, or move the file away to start anew"
    case .full(let path):
      "no room for the store \(path.printable); free space on its file system or lower "
        + "[store] limit"
    case .failed(let path, let code, let errno):
      "the store \(path.printable) failed (\(Self.reason(code, errno))); check the medium and the "
        + "kernel's log"
    case .damaged(let path):
      "the store \(path.printable) is damaged; start again: it is kept under another name and a "
        + "fresh one is made"
    case .unknownBatch(let identity):
      "batch \(identity.bytes.printable) isn't under way; nothing was changed"
    }
  }

  /// Whether a fresh database is the way out.
  var isDamage: Bool {
    switch self {
    case .damaged: true
    case .cannotOpen, .notWritable, .inUse, .foreign, .newerVersion, .full, .failed,
      .unknownBatch:
      false
    }
  }

  /// What an SQLite result code means for the spool at `path`.
  init(code: Int32, errno: Int32, path: [UInt8]) {
    self =
      switch code & 0xFF {
      case SQLITE_CANTOPEN, SQLITE_AUTH, SQLITE_PERM:
        .cannotOpen(path: path, code: code, errno: errno)
      case SQLITE_BUSY, SQLITE_LOCKED: .inUse(path: path)
      case SQLITE_READONLY: .notWritable(path: path)
      case SQLITE_CORRUPT, SQLITE_NOTADB: .damaged(path: path)
      case SQLITE_FULL: .full(path: path)
      case SQLITE_IOERR where errno == linux_ENOSPC: .full(path: path)
      default: .failed(path: path, code: code, errno: errno)
      }
  }

  private static func reason(_ code: Int32, _ errno: Int32) -> String {
    errno == 0 ? "SQLite code \(code)" : "SQLite code \(code), errno \(errno)"
  }
}

import CLinux
import CSQLite
import Primitives

/// What was found when the spool was opened.
public enum SpoolOpening: Equatable, Sendable {
  case existing
  /// There was none.
  case created
  /// There was a damaged one, which is kept at `kept` (and beside it `-wal`); a fresh one has been
  /// started. Readings that waited in the old one are not in it.
  case replacedDamaged(kept: [UInt8])
}

/// Opens the database, brings it to the current schema and replaces it where it is damaged.
enum SpoolFile {
  /// The largest file that is checked whole at opening. It holds some 300,000 readings; checking a
  /// larger one would delay the start by seconds on a slow flash.
  static let checkLimitBytes: Int64 = 16 * 1024 * 1024
  /// Appended to the name of a damaged database. An earlier one of that name is overwritten, so
  /// that damage can't fill the flash.
  static let damagedSuffix: StaticString = ".damaged"

  struct Opened {
    let database: Database
    let state: SpoolState
    /// Whether rows of this boot may lack their UTC.
    let mayHaveUntimed: Bool
    let opening: SpoolOpening
  }

  static func open(
    _ path: [UInt8], era: UInt32, boot: [UInt8], fileSystem: [UInt8]?
  ) throws(SpoolError) -> Opened {
    do throws(SpoolError) {
      return try openOnce(path, era: era, boot: boot, fileSystem: fileSystem)
    } catch {
      guard error.isDamage else { throw error }
      let kept = try moveAside(path)
      let fresh = try openOnce(path, era: era, boot: boot, fileSystem: fileSystem)
      return Opened(
        database: fresh.database, state: fresh.state, mayHaveUntimed: false,
        opening: .replacedDamaged(kept: kept))
    }
  }

  private static func openOnce(
    _ path: [UInt8], era: UInt32, boot: [UInt8], fileSystem: [UInt8]?
  ) throws(SpoolError) -> Opened {
    let database = try Database(path: path, fileSystem: fileSystem)
    try configure(database)
    let isNew = try SpoolSchema.prepare(database, era: era)
    guard var state = try database.readState() else { throw .damaged(path: path) }
    state.waiting = try database.number("SELECT count(*) FROM reading")
    state.nextID = max(
      state.nextID, try database.number("SELECT ifnull(max(id), 0) + 1 FROM reading"))
    if let batch = state.batch {
      state.frozenCount = try database.count(from: batch.firstID, through: batch.lastID)
    }
    let isSameBoot = state.bootIdentity == boot
    if !isSameBoot {
      state.boot += 1
      state.bootIdentity = boot
      try database.transaction { () throws(SpoolError) in try database.write(state) }
    }
    return Opened(
      database: database, state: state, mayHaveUntimed: isSameBoot,
      opening: isNew ? .created : .existing)
  }

  /// Page size: the cheapest of P4.2's table in bytes written to flash that SQLite's defaults for
  /// the cache still suit. Exclusive locking: no shared memory file, and half the system calls.
  /// EXTRA is FULL for a WAL; it also syncs the folder when the rollback journal of the change to
  /// WAL is deleted, else that journal could be back after a power cut and undo everything since.
  private static func configure(_ database: Database) throws(SpoolError) {
    try database.run("PRAGMA page_size = 1024")
    try database.run("PRAGMA locking_mode = EXCLUSIVE")
    try database.run("PRAGMA synchronous = EXTRA")
    try database.run("PRAGMA journal_mode = WAL")
    try database.run("PRAGMA temp_store = MEMORY")
    try database.run("PRAGMA cache_size = -512")
    // Takes the lock, and finds out whether the file may be written.
    try database.run("BEGIN IMMEDIATE")
    try database.run("COMMIT")
    let sizeBytes =
      try database.number("PRAGMA page_count") * database.number("PRAGMA page_size")
    if sizeBytes <= checkLimitBytes {
      let verdict = try database.text("PRAGMA quick_check(1)")
      if !verdict.equals("ok") { throw .damaged(path: database.path) }
    }
  }

  private static func moveAside(_ path: [UInt8]) throws(SpoolError) -> [UInt8] {
    let kept = path + Array(damagedSuffix)
    let suffixes: [StaticString] = ["", "-wal", "-journal", "-shm"]
    for suffix in suffixes {
      let result = linux_rename(path + Array(suffix) + [0], kept + Array(suffix) + [0])
      if result < 0, result != -linux_ENOENT {
        throw .cannotOpen(path: path, code: SQLITE_CORRUPT, errno: -result)
      }
    }
    _ = linux_sync_folder(folder(of: path) + [0])
    return kept
  }

  private static func folder(of path: [UInt8]) -> [UInt8] {
    guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return Array(".") }
    return slash == 0 ? Array("/") : Array(path[..<slash])
  }
}

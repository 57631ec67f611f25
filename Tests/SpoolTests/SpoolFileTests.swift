import CLinux
import CSQLite
import Glibc
import Primitives
import Telemetry
import Testing

@testable import Spool

/// A database file in a folder of its own, removed afterwards.
final class TemporaryFile {
  let folder: [UInt8]
  var path: [UInt8] { folder + Array("/spool.db".utf8) }

  init() {
    var template = Array("/tmp/godwit-spool-XXXXXX".utf8CString)
    #expect(mkdtemp(&template) != nil)
    folder = template.dropLast().map { UInt8(bitPattern: $0) }
  }

  deinit {
    for name in ["", "-wal", "-shm", "-journal", ".damaged", ".damaged-wal"] {
      linux_unlink(path + Array(name.utf8) + [0])
    }
    rmdir((folder + [0]).map { CChar(bitPattern: $0) })
  }

  func open(limit: Int64 = 1000, boot: UInt8 = 1, era: UInt32 = 1) throws(SpoolError) -> Spool {
    try Spool(path: path, limit: limit, device: testDevice, boot: [boot], era: era)
  }

  /// Runs SQL on the closed database.
  func run(_ sql: StaticString) {
    var database: OpaquePointer?
    sqlite_open(path + [0], &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nil)
    #expect(sqlite_run(database, sql.utf8Start) == SQLITE_OK)
    sqlite3_close(database)
  }

  /// The number that a query on the closed database gives.
  func number(_ sql: StaticString) -> Int64 {
    do throws(SpoolError) {
      return try Database(path: path, fileSystem: nil).number(sql)
    } catch {
      Issue.record(error)
      return -1
    }
  }

  func exists(_ suffix: String) -> Bool {
    var status = linux_file_status()
    return linux_stat(path + Array(suffix.utf8) + [0], &status) == 0
  }

  /// Overwrites bytes of the closed database.
  func scribble(_ bytes: [UInt8], at offset: Int64) {
    let descriptor = Glibc.open((path + [0]).map { CChar(bitPattern: $0) }, O_WRONLY)
    #expect(pwrite(descriptor, bytes, bytes.count, off_t(offset)) == bytes.count)
    close(descriptor)
  }

  func refusal() -> SpoolError? {
    do throws(SpoolError) {
      _ = try open()
      return nil
    } catch {
      return error
    }
  }
}

// Not covered: a file that may only be read (the tests may run as root, who may write it).
@Suite("Spool's file") struct SpoolFileTests {
  @Test("what was stored is there again, with the era it was made with") func reopen() throws {
    let disk = TemporaryFile()
    do {
      var spool = try disk.open(era: 5)
      try spool.append([reading(1), reading(2)])
      _ = try spool.nextBatch(limit: BatchLimit(readings: 1, bytes: generous))
    }
    var spool = try disk.open(era: 6)
    #expect(spool.opening == .existing)
    let batch = try spool.nextBatch(limit: BatchLimit(readings: 2, bytes: generous))
    let identity = BatchIdentity(era: 5, sequence: 1)
    #expect(batch == Batch(identity: identity, readings: [reading(1)], lostReadings: 0))
  }

  @Test("it is a WAL database of small pages, for one process, without a shared memory file")
  func format() throws {
    let disk = TemporaryFile()
    do {
      var spool = try disk.open()
      try spool.append([reading(1)])
      #expect(disk.exists("-wal") && !disk.exists("-shm"))
      #expect(try spool.database.text("PRAGMA journal_mode") == Array("wal".utf8))
      #expect(try spool.database.number("PRAGMA synchronous") == 3)
      #expect(try spool.database.number("PRAGMA page_size") == 1024)
      #expect(disk.refusal() == .inUse(path: disk.path))
    }
    #expect(!disk.exists("-wal"))
    #expect(disk.refusal() == nil)
  }

  @Test(
    "a damaged database is moved aside and a fresh one, of another era, started",
    arguments: [(Int64(0), 100), (Int64(100), 900), (Int64(1024), 1024), (Int64(5 * 1024), 64)])
  func damaged(offset: Int64, count: Int) throws {
    let disk = TemporaryFile()
    do {
      var spool = try disk.open(era: 5)
      try spool.append((1...200).map { reading($0) })
    }
    disk.scribble([UInt8](repeating: 0xA5, count: count), at: offset)
    do {
      var spool = try disk.open(era: 6)
      let kept = disk.path + Array(".damaged".utf8)
      #expect(spool.opening == .replacedDamaged(kept: kept))
      #expect(disk.exists(".damaged"))
      try spool.append([reading(9)])
      let batch = try spool.nextBatch(limit: BatchLimit(readings: 9, bytes: generous))
      #expect(batch?.identity.era == 6 && batch?.readings == [reading(9)])
    }
    let again = try disk.open()
    #expect(again.opening == .existing)
  }

  @Test("a file that is no database at all is moved aside too") func notDatabase() throws {
    let disk = TemporaryFile()
    let descriptor = creat((disk.path + [0]).map { CChar(bitPattern: $0) }, 0o600)
    #expect(write(descriptor, [UInt8](repeating: 0x41, count: 4000), 4000) == 4000)
    close(descriptor)
    let spool = try disk.open()
    #expect(spool.opening == .replacedDamaged(kept: disk.path + Array(".damaged".utf8)))
  }

  @Test(
    "a state row that is gone or can't be is damage",
    arguments: [
      "DELETE FROM state", "UPDATE state SET era = -1",
      "UPDATE state SET batch_sequence = 7, batch_first = 1, batch_last = 1, batch_lost = 0",
    ] as [StaticString])
  func state(sql: StaticString) throws {
    let disk = TemporaryFile()
    do { _ = try disk.open() }
    disk.run(sql)
    let spool = try disk.open()
    #expect(spool.opening != .existing)
  }

  @Test("another program's database and a newer version's are left alone") func foreign() throws {
    let disk = TemporaryFile()
    disk.run("CREATE TABLE precious (x)")
    #expect(disk.refusal() == .foreign(path: disk.path))
    #expect(disk.number("SELECT count(*) FROM sqlite_schema") == 1)
    let newer = TemporaryFile()
    do { _ = try newer.open() }
    newer.run("PRAGMA user_version = 3")
    #expect(newer.refusal() == .newerVersion(path: newer.path, found: 3, known: 2))
    #expect(!newer.exists(".damaged"))
  }

  @Test(
    "a path that can't be is an error that says what to do",
    arguments: [
      ("/does/not/exist/spool.db", "folder exists"), ("/tmp", "folder exists"),
      ("/proc/version", "may be written"),
    ])
  func badPath(path: String, advice: String) {
    do {
      _ = try Spool(
        path: Array(path.utf8), limit: 1, device: testDevice, boot: [1], era: 1)
      Issue.record("opened \(path)")
    } catch {
      #expect("\(error)".contains(path) && "\(error)".contains(advice), "\(error)")
    }
  }

  @Test("the schema of version 1, which was released, is as it was") func schema() throws {
    // A released step is never edited: a change here means that a new step was forgotten.
    let disk = TemporaryFile()
    do { _ = try disk.open() }
    #expect(disk.number("PRAGMA user_version") == 2)
    #expect(disk.number("PRAGMA application_id") == SpoolSchema.applicationID)
    #expect(SpoolSchema.steps.count == 2)
    #expect(digest(SpoolSchema.steps[0]) == 5_657_329_366_705_805_351)
  }

  @Test("a value is kept under its name over the end, until another or none takes its place")
  func memory() throws {
    let disk = TemporaryFile()
    do {
      var spool = try disk.open()
      #expect(try spool.recall("module") == nil)
      try spool.remember([1, 2], as: "module")
      try spool.remember([3], as: "other")
      try spool.remember([4, 0, 5], as: "module")
    }
    do {
      var spool = try disk.open()
      #expect(try spool.recall("module") == [4, 0, 5])
      try spool.remember(nil, as: "module")
    }
    let spool = try disk.open()
    #expect(try spool.recall("module") == nil)
    #expect(try spool.recall("other") == [3])
  }

  @Test("a spool of version 1 keeps its readings and gets a memory") func migration() throws {
    let disk = TemporaryFile()
    do {
      var spool = try disk.open(era: 5)
      try spool.append([reading(1), reading(2)])
    }
    disk.run("DROP TABLE memory")
    disk.run("PRAGMA user_version = 1")
    do {
      var spool = try disk.open(era: 6)
      #expect(spool.opening == .existing)
      try spool.remember([7], as: "module")
      let batch = try spool.nextBatch(limit: BatchLimit(readings: 9, bytes: generous))
      #expect(batch?.identity.era == 5 && batch?.readings == [reading(1), reading(2)])
    }
    #expect(disk.number("PRAGMA user_version") == 2)
    #expect(try disk.open().recall("module") == [7])
  }

  /// FNV-1a, 64 bits (draft-eastlake-fnv-17 §2).
  private func digest(_ text: StaticString) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in [UInt8](text) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash
  }
}

import CSQLite

/// One SQLite connection with its prepared statements. Closed when the last reference goes.
final class Database {
  let path: [UInt8]
  private let connection: OpaquePointer
  private var statements = [OpaquePointer?](repeating: nil, count: SQL.count)

  /// - Parameter fileSystem: the name of the SQLite VFS; nil for the usual one.
  init(path: [UInt8], fileSystem: [UInt8]?) throws(SpoolError) {
    var connection: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    let code =
      if let fileSystem {
        sqlite_open(path + [0], &connection, flags, fileSystem + [0])
      } else {
        sqlite_open(path + [0], &connection, flags, nil)
      }
    guard code == SQLITE_OK, let connection else {
      let errno = sqlite3_system_errno(connection)
      sqlite3_close(connection)
      throw SpoolError(code: code, errno: errno, path: path)
    }
    sqlite3_extended_result_codes(connection, 1)
    self.connection = connection
    self.path = path
    // A file that may not be written opens all the same, for reading.
    if sqlite3_db_readonly(connection, nil) == 1 { throw .notWritable(path: path) }
  }

  deinit {
    for statement in statements { sqlite3_finalize(statement) }
    sqlite3_close(connection)
  }

  /// Runs `body` in one transaction: all of it is durable on return, none of it after a throw.
  func transaction(_ body: () throws(SpoolError) -> Void) throws(SpoolError) {
    try statement(.begin).finish()
    do throws(SpoolError) {
      try body()
      try statement(.commit).finish()
    } catch {
      // SQLite has ended it by itself after some errors (sqlite.org/lang_transaction.html §3).
      if sqlite3_get_autocommit(connection) == 0 { try? statement(.rollback).finish() }
      throw error
    }
  }

  /// A statement that is kept prepared, ready for its values.
  func statement(_ sql: SQL) throws(SpoolError) -> Statement {
    if let kept = statements[sql.rawValue] { return Statement(kept, of: self) }
    let fresh = try prepare(sql.text)
    statements[sql.rawValue] = fresh
    return Statement(fresh, of: self)
  }

  /// Runs statements without values, passing over what they return.
  func run(_ sql: StaticString) throws(SpoolError) {
    let code = sqlite_run(connection, sql.utf8Start)
    if code != SQLITE_OK { throw failure(code) }
  }

  /// The first column of the first row, of a statement that is run once; 0 without a row.
  func number(_ sql: StaticString) throws(SpoolError) -> Int64 {
    let statement = Statement(try prepare(sql), of: self)
    defer { statement.finalize() }
    return try statement.step() ? statement.number(0) : 0
  }

  /// The same as text; empty without a row.
  func text(_ sql: StaticString) throws(SpoolError) -> [UInt8] {
    let statement = Statement(try prepare(sql), of: self)
    defer { statement.finalize() }
    return try statement.step() ? statement.bytes(0) : []
  }

  /// Rows that the last INSERT, UPDATE or DELETE changed.
  var changes: Int64 { Int64(sqlite3_changes(connection)) }

  func failure(_ code: Int32) -> SpoolError {
    let extended = sqlite3_extended_errcode(connection)
    let isOfThisCall = extended & 0xFF == code & 0xFF
    return SpoolError(
      code: isOfThisCall ? extended : code, errno: sqlite3_system_errno(connection), path: path)
  }

  private func prepare(_ sql: StaticString) throws(SpoolError) -> OpaquePointer {
    var statement: OpaquePointer?
    let code = sqlite_prepare(
      connection, sql.utf8Start, Int32(sql.utf8CodeUnitCount), &statement)
    guard code == SQLITE_OK, let statement else { throw failure(code) }
    return statement
  }
}

/// A prepared statement. Values and columns are counted as SQLite does: from 1 and from 0.
struct Statement {
  private let handle: OpaquePointer
  private let database: Database

  init(_ handle: OpaquePointer, of database: Database) {
    self.handle = handle
    self.database = database
  }

  func bind(_ index: Int32, _ value: Int64?) {
    if let value {
      sqlite3_bind_int64(handle, index, value)
    } else {
      sqlite3_bind_null(handle, index)
    }
  }

  func bindText(_ index: Int32, _ bytes: [UInt8]?) {
    if let bytes {
      sqlite_bind_text(handle, index, bytes, Int32(bytes.count))
    } else {
      sqlite3_bind_null(handle, index)
    }
  }

  func bindBlob(_ index: Int32, _ bytes: [UInt8]) {
    sqlite_bind_blob(handle, index, bytes, Int32(bytes.count))
  }

  /// Whether there is a next row. After the last one the statement is ready for new values.
  func step() throws(SpoolError) -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    let error = code == SQLITE_DONE ? nil : database.failure(code)
    sqlite3_reset(handle)
    if let error { throw error }
    return false
  }

  /// Runs a statement that returns nothing of interest.
  func finish() throws(SpoolError) {
    while try step() {}
  }

  /// Ends the reading of rows before the last one.
  func reset() { sqlite3_reset(handle) }

  func finalize() { sqlite3_finalize(handle) }

  func number(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  func optionalNumber(_ column: Int32) -> Int64? {
    sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : number(column)
  }

  func bytes(_ column: Int32) -> [UInt8] {
    // The pointer first: it fixes the form that the count is of (sqlite.org/c3ref/column_blob.html).
    guard let start = sqlite3_column_blob(handle, column) else { return [] }
    let count = Int(sqlite3_column_bytes(handle, column))
    return Array(UnsafeRawBufferPointer(start: start, count: count))
  }

  func optionalBytes(_ column: Int32) -> [UInt8]? {
    sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : bytes(column)
  }
}

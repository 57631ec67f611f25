import Primitives

/// The tables, as the steps that lead to them. `user_version` counts the steps taken.
enum SpoolSchema {
  /// A step that was released is never edited; a change is a new step at the end. Each sets
  /// `user_version` itself, so that it is counted exactly when its transaction is.
  static let steps: [StaticString] = [first, second]

  /// Of `PRAGMA application_id`: "gdwt" (sqlite.org/fileformat2.html §1.3.17).
  static let applicationID: Int64 = 0x6764_7774

  // A time is UTC in ms, or ms since the start of boot number `boot`, or nothing of all this.
  private static let first: StaticString = """
    CREATE TABLE reading (
      id INTEGER PRIMARY KEY, name TEXT NOT NULL, unit TEXT,
      mantissa INTEGER NOT NULL, exponent INTEGER NOT NULL,
      utc INTEGER, boot INTEGER, since_boot INTEGER);
    CREATE TABLE aside (
      id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, name TEXT NOT NULL, unit TEXT,
      mantissa INTEGER NOT NULL, exponent INTEGER NOT NULL,
      utc INTEGER, boot INTEGER, since_boot INTEGER);
    CREATE TABLE refusal (sequence INTEGER PRIMARY KEY, reason TEXT NOT NULL);
    CREATE TABLE event (
      id INTEGER PRIMARY KEY, utc INTEGER, boot INTEGER, since_boot INTEGER,
      subject TEXT NOT NULL, text TEXT NOT NULL);
    CREATE TABLE state (
      only INTEGER PRIMARY KEY CHECK (only = 1), era INTEGER NOT NULL,
      next_sequence INTEGER NOT NULL, next_id INTEGER NOT NULL,
      delivered INTEGER NOT NULL, set_aside INTEGER NOT NULL,
      lost INTEGER NOT NULL, lost_unreported INTEGER NOT NULL,
      batch_sequence INTEGER, batch_first INTEGER, batch_last INTEGER, batch_lost INTEGER,
      boot INTEGER NOT NULL, boot_identity BLOB NOT NULL);
    PRAGMA application_id = 1734637428;
    PRAGMA user_version = 1;
    """

  // What the process wants to know again at its next start.
  private static let second: StaticString = """
    CREATE TABLE memory (key TEXT PRIMARY KEY, value BLOB NOT NULL);
    PRAGMA user_version = 2;
    """

  /// Brings the database to the newest version, in one transaction.
  ///
  /// - Returns: whether it was empty before.
  static func prepare(_ database: Database, era: UInt32) throws(SpoolError) -> Bool {
    let version = try database.number("PRAGMA user_version")
    let isEmpty = try database.number("SELECT count(*) FROM sqlite_schema") == 0
    if !isEmpty, try database.number("PRAGMA application_id") != applicationID {
      throw .foreign(path: database.path)
    }
    guard (0...Int64(steps.count)).contains(version) else {
      throw .newerVersion(path: database.path, found: version, known: Int64(steps.count))
    }
    if version == Int64(steps.count) { return false }
    try database.transaction { () throws(SpoolError) in
      for step in steps[Int(version)...] { try database.run(step) }
      if isEmpty { try database.write(SpoolState(era: era)) }
    }
    return isEmpty
  }
}

import Primitives
import Telemetry

/// The statements that are kept prepared.
enum SQL: Int {
  case begin, commit, rollback
  case insertReading, selectReadings, countReadings, deleteReadings, deleteOldest
  case giveReadingsUTC, giveEventsUTC
  case copyAside, trimAside, insertRefusal, trimRefusals
  case insertEvent, trimEvents, selectEvents
  case setMemory, deleteMemory, readMemory
  case writeState, readState

  static let count = SQL.readState.rawValue + 1

  var text: StaticString {
    switch self {
    case .begin: "BEGIN IMMEDIATE"
    case .commit: "COMMIT"
    case .rollback: "ROLLBACK"
    case .insertReading: "INSERT INTO reading VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
    case .selectReadings:
      """
      SELECT id, name, unit, mantissa, exponent, utc, boot, since_boot FROM reading
      WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3
      """
    case .countReadings: "SELECT count(*) FROM reading WHERE id BETWEEN ?1 AND ?2"
    case .deleteReadings: "DELETE FROM reading WHERE id BETWEEN ?1 AND ?2"
    case .deleteOldest:
      """
      DELETE FROM reading WHERE id IN
      (SELECT id FROM reading WHERE id > ?1 ORDER BY id LIMIT ?2)
      """
    case .giveReadingsUTC:
      """
      UPDATE reading SET utc = since_boot + ?1, boot = NULL, since_boot = NULL
      WHERE utc IS NULL AND boot = ?2
      """
    case .giveEventsUTC:
      """
      UPDATE event SET utc = since_boot + ?1, boot = NULL, since_boot = NULL
      WHERE utc IS NULL AND boot = ?2
      """
    case .copyAside:
      """
      INSERT INTO aside SELECT id, ?3, name, unit, mantissa, exponent, utc, boot, since_boot
      FROM reading WHERE id BETWEEN ?1 AND ?2
      """
    case .trimAside:
      """
      DELETE FROM aside WHERE id <=
      (SELECT id FROM aside ORDER BY id DESC LIMIT 1 OFFSET ?1)
      """
    case .insertRefusal: "INSERT INTO refusal VALUES (?1, ?2)"
    case .trimRefusals:
      """
      DELETE FROM refusal WHERE sequence <=
      (SELECT sequence FROM refusal ORDER BY sequence DESC LIMIT 1 OFFSET ?1)
      """
    case .insertEvent:
      "INSERT INTO event (utc, boot, since_boot, subject, text) VALUES (?1, ?2, ?3, ?4, ?5)"
    case .trimEvents: "DELETE FROM event WHERE id <= (SELECT max(id) FROM event) - ?1"
    case .selectEvents:
      "SELECT utc, boot, since_boot, subject, text FROM event ORDER BY id DESC LIMIT ?1"
    case .setMemory: "INSERT OR REPLACE INTO memory VALUES (?1, ?2)"
    case .deleteMemory: "DELETE FROM memory WHERE key = ?1"
    case .readMemory: "SELECT value FROM memory WHERE key = ?1"
    case .writeState:
      """
      INSERT OR REPLACE INTO state
      VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
      """
    case .readState:
      """
      SELECT era, next_sequence, next_id, delivered, set_aside, lost, lost_unreported,
      batch_sequence, batch_first, batch_last, batch_lost, boot, boot_identity FROM state
      """
    }
  }
}

extension Database {
  /// - Parameter boot: the number of this boot.
  func insert(_ reading: Reading, id: Int64, boot: Int64) throws(SpoolError) {
    let row = try statement(.insertReading)
    row.bind(1, id)
    row.bindText(2, reading.name.bytes)
    row.bindText(3, reading.unit?.bytes)
    row.bind(4, reading.value.mantissa)
    row.bind(5, Int64(reading.value.exponent))
    row.bindTime(6, reading.time, boot: boot)
    try row.finish()
  }

  /// Hands `body` the rows of `after` < id <= `through`, oldest first, with nil for a row that
  /// holds no valid reading, until it returns false.
  func readings(
    after: Int64, through: Int64, atMost limit: Int64, boot: Int64,
    _ body: (Int64, Reading?) -> Bool
  ) throws(SpoolError) {
    let rows = try statement(.selectReadings)
    defer { rows.reset() }
    rows.bind(1, after)
    rows.bind(2, through)
    rows.bind(3, limit)
    while try rows.step() {
      if !body(rows.number(0), rows.reading(boot: boot)) { return }
    }
  }

  func count(from first: Int64, through last: Int64) throws(SpoolError) -> Int64 {
    let row = try statement(.countReadings)
    defer { row.reset() }
    row.bind(1, first)
    row.bind(2, last)
    return try row.step() ? row.number(0) : 0
  }

  /// - Returns: how many went.
  func delete(from first: Int64, through last: Int64) throws(SpoolError) -> Int64 {
    let rows = try statement(.deleteReadings)
    rows.bind(1, first)
    rows.bind(2, last)
    try rows.finish()
    return changes
  }

  /// Deletes the oldest `count` rows above id `after`.
  ///
  /// - Returns: how many went.
  func deleteOldest(_ count: Int64, after: Int64) throws(SpoolError) -> Int64 {
    let rows = try statement(.deleteOldest)
    rows.bind(1, after)
    rows.bind(2, count)
    try rows.finish()
    return changes
  }

  /// Copies a batch's rows to those kept apart, within their limits.
  func keepApart(_ batch: FrozenBatch, reason: [UInt8]) throws(SpoolError) {
    let rows = try statement(.copyAside)
    rows.bind(1, batch.firstID)
    rows.bind(2, batch.lastID)
    rows.bind(3, Int64(batch.sequence))
    try rows.finish()
    let refusal = try statement(.insertRefusal)
    refusal.bind(1, Int64(batch.sequence))
    refusal.bindText(2, Array(reason.prefix(Spool.eventTextLimit)))
    try refusal.finish()
    try trim(.trimAside, to: Spool.asideLimit)
    try trim(.trimRefusals, to: Spool.refusalLimit)
  }

  func insert(_ events: [Event], boot: Int64) throws(SpoolError) {
    if events.isEmpty { return }
    for event in events {
      let row = try statement(.insertEvent)
      row.bindTime(1, event.time, boot: boot)
      row.bindText(4, Array(event.subject.prefix(Spool.eventTextLimit)))
      row.bindText(5, Array(event.text.prefix(Spool.eventTextLimit)))
      try row.finish()
    }
    try trim(.trimEvents, to: Spool.eventLimit)
  }

  /// The newest events, oldest first.
  func events(last count: Int64, boot: Int64) throws(SpoolError) -> [Event] {
    let rows = try statement(.selectEvents)
    defer { rows.reset() }
    rows.bind(1, count)
    var events: [Event] = []
    while try rows.step() {
      events.append(
        Event(
          time: rows.time(0, boot: boot), subject: rows.bytes(3), text: rows.bytes(4)))
    }
    return events.reversed()
  }

  /// Turns times since boot number `boot` into UTC.
  func giveUTC(_ sql: SQL, offsetMilliseconds: Int64, boot: Int64) throws(SpoolError) {
    let rows = try statement(sql)
    rows.bind(1, offsetMilliseconds)
    rows.bind(2, boot)
    try rows.finish()
  }

  func write(_ state: SpoolState) throws(SpoolError) {
    let row = try statement(.writeState)
    row.bind(1, Int64(state.era))
    row.bind(2, Int64(state.nextSequence))
    row.bind(3, state.nextID)
    row.bind(4, state.delivered)
    row.bind(5, state.setAside)
    row.bind(6, state.lost)
    row.bind(7, state.unreportedLost)
    row.bind(8, state.batch.map { Int64($0.sequence) })
    row.bind(9, state.batch?.firstID)
    row.bind(10, state.batch?.lastID)
    row.bind(11, state.batch?.lost)
    row.bind(12, state.boot)
    row.bindBlob(13, state.bootIdentity)
    try row.finish()
  }

  /// The row of the table `state`; nil when it isn't there or can't be.
  func readState() throws(SpoolError) -> SpoolState? {
    let row = try statement(.readState)
    defer { row.reset() }
    guard try row.step(), let era = UInt32(exactly: row.number(0)),
      let nextSequence = UInt32(exactly: row.number(1))
    else { return nil }
    var state = SpoolState(era: era)
    state.nextSequence = nextSequence
    state.nextID = row.number(2)
    state.delivered = row.number(3)
    state.setAside = row.number(4)
    state.lost = row.number(5)
    state.unreportedLost = row.number(6)
    if let sequence = row.optionalNumber(7) {
      guard let sequence = UInt32(exactly: sequence), sequence < nextSequence else { return nil }
      state.batch = FrozenBatch(
        sequence: sequence, firstID: row.number(8), lastID: row.number(9), lost: row.number(10))
    }
    state.boot = row.number(11)
    state.bootIdentity = row.bytes(12)
    return state
  }

  private func trim(_ sql: SQL, to limit: Int64) throws(SpoolError) {
    let rows = try statement(sql)
    rows.bind(1, limit)
    try rows.finish()
  }
}

extension Statement {
  /// Into three values: UTC, boot number, time since that boot.
  fileprivate func bindTime(_ index: Int32, _ time: ReadingTime, boot: Int64) {
    switch time {
    case .utc(let utc):
      bind(index, utc.millisecondsSince1970)
      bind(index + 1, nil)
      bind(index + 2, nil)
    case .sinceBoot(let taken):
      bind(index, nil)
      bind(index + 1, boot)
      bind(index + 2, taken.milliseconds)
    case .unknown: for offset: Int32 in 0...2 { bind(index + offset, nil) }
    }
  }

  /// From three columns; a time since another boot is no time any more.
  fileprivate func time(_ column: Int32, boot: Int64) -> ReadingTime {
    if let utc = optionalNumber(column) { return .utc(UTC(millisecondsSince1970: utc)) }
    guard let rowBoot = optionalNumber(column + 1), rowBoot == boot else { return .unknown }
    return .sinceBoot(.milliseconds(number(column + 2)))
  }

  /// From the columns of `selectReadings`; nil when they hold no valid reading.
  fileprivate func reading(boot: Int64) -> Reading? {
    guard let name = ReadingName(bytes(1)), let exponent = Int8(exactly: number(4)),
      let value = DecimalNumber(mantissa: number(3), exponent: exponent)
    else { return nil }
    var unit: ReadingUnit?
    if let text = optionalBytes(2) {
      unit = ReadingUnit(text)
      if unit == nil { return nil }
    }
    return Reading(name: name, value: value, unit: unit, time: time(5, boot: boot))
  }
}

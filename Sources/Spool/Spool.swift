import Primitives
import Telemetry

/// Keeps every reading on flash until a server has confirmed it.
///
/// SQLite in WAL mode, synced at each commit: what a method has returned from is durable, what it
/// has thrown from has changed nothing. One connection, one process. Readings leave oldest first,
/// in batches whose identity, once given, never means other readings.
///
/// Over its limit the spool drops the oldest readings that are in no batch, and counts them; the
/// next confirmed report tells the count. A batch under way is never touched, so it comes on top of
/// the limit.
public struct Spool: ~Copyable {
  /// The most readings that are kept apart after a refusal for good; the oldest of them go first.
  public static let asideLimit: Int64 = 10_000
  /// The most refusals of which the reason is kept.
  public static let refusalLimit: Int64 = 100

  /// What was found when the spool was opened.
  public let opening: SpoolOpening
  let database: Database
  let device: DeviceName
  let limit: Int64
  var state: SpoolState
  /// Events that ride on the next transaction.
  var pendingEvents: [Event] = []
  /// Whether rows of this boot may lack their UTC.
  var mayHaveUntimed: Bool

  /// Opens the spool at `path`, or makes one.
  ///
  /// - Parameters:
  ///   - limit: the most readings that wait outside a batch; at least 1.
  ///   - device: whose name the size of an encoded batch depends on.
  ///   - boot: the machine's boot identity, so that a time since boot is known to be of this boot.
  ///   - era: a random number, for a spool that is made now.
  public init(
    path: [UInt8], limit: Int64, device: DeviceName, boot: [UInt8], era: UInt32
  ) throws(SpoolError) {
    try self.init(
      path: path, limit: limit, device: device, boot: boot, era: era, fileSystem: nil)
  }

  /// A spool that ends with the process.
  public static func inMemory(
    limit: Int64, device: DeviceName, boot: [UInt8], era: UInt32
  ) throws(SpoolError) -> Spool {
    try Spool(path: Array(":memory:"), limit: limit, device: device, boot: boot, era: era)
  }

  /// - Parameter fileSystem: the name of the SQLite VFS; nil for the usual one.
  init(
    path: [UInt8], limit: Int64, device: DeviceName, boot: [UInt8], era: UInt32,
    fileSystem: [UInt8]?
  ) throws(SpoolError) {
    precondition(limit >= 1)
    let opened = try SpoolFile.open(path, era: era, boot: boot, fileSystem: fileSystem)
    database = opened.database
    state = opened.state
    mayHaveUntimed = opened.mayHaveUntimed
    opening = opened.opening
    self.limit = limit
    self.device = device
  }

  /// Stores readings, all or none. Durable on return.
  public mutating func append(_ readings: [Reading]) throws(SpoolError) {
    if readings.isEmpty { return }
    var next = state
    let (database, limit) = (database, limit)
    try commit { () throws(SpoolError) in
      for reading in readings {
        try database.insert(reading, id: next.nextID, boot: next.boot)
        next.nextID += 1
      }
      next.waiting += Int64(readings.count)
      let excess = next.waiting - next.frozenCount - limit
      guard excess > 0 else { return }
      next.lose(try database.deleteOldest(excess, after: next.batch?.lastID ?? 0))
      try database.write(next)
    }
    state = next
    for reading in readings where reading.time.isSinceBoot { mayHaveUntimed = true }
  }

  /// The batch to be sent: the one under way, else a new one of the oldest readings, which is
  /// recorded before it is returned.
  ///
  /// The one under way keeps its identity, its readings and their order; only a time since boot
  /// may have become UTC (the clock was set) or unknown (the machine was started anew).
  ///
  /// - Parameter limit: how many readings a new batch may have and how long its encoding may be,
  ///   except that it always has one reading.
  /// - Returns: nil when nothing waits.
  public mutating func nextBatch(limit: BatchLimit) throws(SpoolError) -> Batch? {
    if let frozen = state.batch { return try read(frozen) }
    while true {
      let cut = try cutBatch(limit)
      if !cut.unreadable.isEmpty {
        try drop(cut.unreadable)
      } else if cut.readings.isEmpty {
        return nil
      } else {
        return try freeze(cut)
      }
    }
  }

  /// The server has the batch: its readings go and count as delivered, in one transaction.
  ///
  /// - Throws: `.unknownBatch` when it isn't the one under way.
  public mutating func confirm(_ identity: BatchIdentity) throws(SpoolError) {
    let frozen = try underWay(identity)
    var next = state
    let database = database
    try commit { () throws(SpoolError) in
      let count = try database.delete(from: frozen.firstID, through: frozen.lastID)
      next.delivered += count
      next.waiting -= count
      next.unreportedLost -= frozen.lost
      next.batch = nil
      try database.write(next)
    }
    state = next
  }

  /// The server refused the batch for good: its readings are kept apart with the reason and are
  /// never sent again. What it said of lost readings, the next batch says again.
  ///
  /// - Throws: `.unknownBatch` when it isn't the one under way.
  public mutating func setAside(
    _ identity: BatchIdentity, reason: [UInt8]
  ) throws(SpoolError) {
    let frozen = try underWay(identity)
    var next = state
    let database = database
    try commit { () throws(SpoolError) in
      try database.keepApart(frozen, reason: reason)
      let count = try database.delete(from: frozen.firstID, through: frozen.lastID)
      next.setAside += count
      next.waiting -= count
      next.batch = nil
      try database.write(next)
    }
    state = next
  }

  /// What waits, and what became of the rest since the spool was made. Reads no file.
  public func counts() -> StoreCounts {
    StoreCounts(
      waiting: state.waiting, delivered: state.delivered, setAside: state.setAside,
      lost: state.lost)
  }
}

extension Spool {
  /// Runs one transaction, the events that wait included. When it throws nothing has changed, and
  /// the events still wait.
  mutating func commit(_ body: () throws(SpoolError) -> Void) throws(SpoolError) {
    let (database, events, boot) = (database, pendingEvents, state.boot)
    try database.transaction { () throws(SpoolError) in
      try body()
      try database.insert(events, boot: boot)
    }
    for event in events where event.time.isSinceBoot { mayHaveUntimed = true }
    pendingEvents = []
  }

  private func underWay(_ identity: BatchIdentity) throws(SpoolError) -> FrozenBatch {
    guard let frozen = state.batch, identity == state.identity(of: frozen) else {
      throw .unknownBatch(identity)
    }
    return frozen
  }

  private func read(_ frozen: FrozenBatch) throws(SpoolError) -> Batch {
    var readings: [Reading] = []
    try database.readings(
      after: frozen.firstID - 1, through: frozen.lastID, atMost: .max, boot: state.boot
    ) { _, reading in
      if let reading { readings.append(reading) }
      return true
    }
    return Batch(
      identity: state.identity(of: frozen), readings: readings, lostReadings: frozen.lost)
  }

  /// The oldest readings that fit into one batch.
  private func cutBatch(_ limit: BatchLimit) throws(SpoolError) -> BatchCut {
    var cut = BatchCut()
    var size = SenMLSize(device: device, lostReadings: state.unreportedLost)
    try database.readings(
      after: 0, through: .max, atMost: Int64(max(1, limit.readings)), boot: state.boot
    ) { id, reading in
      guard let reading else {
        cut.unreadable.append(id)
        return true
      }
      if cut.readings.isEmpty {
        size.add(reading)
        cut.firstID = id
      } else if !size.add(reading, limit: limit.bytes) {
        return false
      }
      cut.readings.append(reading)
      cut.lastID = id
      return true
    }
    return cut
  }

  private mutating func freeze(_ cut: BatchCut) throws(SpoolError) -> Batch {
    var next = state
    let frozen = FrozenBatch(
      sequence: state.nextSequence, firstID: cut.firstID, lastID: cut.lastID,
      lost: state.unreportedLost)
    next.nextSequence += 1
    next.batch = frozen
    next.frozenCount = Int64(cut.readings.count)
    let database = database
    try commit { () throws(SpoolError) in try database.write(next) }
    state = next
    return Batch(
      identity: state.identity(of: frozen), readings: cut.readings, lostReadings: frozen.lost)
  }

  /// Gives up rows whose contents flash has spoilt: they count as lost.
  private mutating func drop(_ unreadable: [Int64]) throws(SpoolError) {
    var next = state
    let database = database
    try commit { () throws(SpoolError) in
      for id in unreadable {
        next.lose(try database.delete(from: id, through: id))
      }
      try database.write(next)
    }
    state = next
  }
}

extension ReadingTime {
  fileprivate var isSinceBoot: Bool {
    if case .sinceBoot = self { true } else { false }
  }
}

/// The oldest rows as far as they go into one batch.
private struct BatchCut {
  var readings: [Reading] = []
  var firstID: Int64 = 0
  var lastID: Int64 = 0
  /// Rows in between that hold no valid reading.
  var unreadable: [Int64] = []
}

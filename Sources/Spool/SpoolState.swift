import Telemetry

/// The one row of the table `state`, and what follows from the other tables' rows.
struct SpoolState {
  var era: UInt32
  var nextSequence: UInt32 = 1
  /// The id of the next reading. Ids only grow, also when the newest rows have gone.
  var nextID: Int64 = 1
  var delivered: Int64 = 0
  var setAside: Int64 = 0
  var lost: Int64 = 0
  /// Of `lost`, those that no confirmed batch has told of.
  var unreportedLost: Int64 = 0
  /// The batch under way.
  var batch: FrozenBatch? {
    didSet { if batch == nil { frozenCount = 0 } }
  }
  /// Counts the boots; rows say by it in which one they were taken.
  var boot: Int64 = 0
  var bootIdentity: [UInt8] = []

  // Not in the row:

  /// Rows that wait, those of the batch under way included.
  var waiting: Int64 = 0
  /// Rows of the batch under way.
  var frozenCount: Int64 = 0

  mutating func lose(_ count: Int64) {
    lost += count
    unreportedLost += count
    waiting -= count
  }

  func identity(of batch: FrozenBatch) -> BatchIdentity {
    BatchIdentity(era: era, sequence: batch.sequence)
  }
}

/// A batch that was given an identity and is neither confirmed nor set aside.
struct FrozenBatch: Equatable {
  let sequence: UInt32
  let firstID: Int64
  let lastID: Int64
  /// How many lost readings it tells of.
  let lost: Int64
}

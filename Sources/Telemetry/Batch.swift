import Primitives

/// The readings of one report, frozen: every attempt to send it carries the same ones.
public struct Batch: Equatable, Sendable {
  public var identity: BatchIdentity
  public var readings: [Reading]
  /// Readings dropped for lack of room that no confirmed report has told of yet.
  public var lostReadings: Int64

  public init(identity: BatchIdentity, readings: [Reading], lostReadings: Int64) {
    self.identity = identity
    self.readings = readings
    self.lostReadings = lostReadings
  }
}

/// What makes a repeated report the same report, so that a server counts it once.
public struct BatchIdentity: Hashable, Sendable {
  /// Random when the spool is created, so that a new spool never repeats an identity of a lost one.
  public var era: UInt32
  /// Counts the batches of one spool.
  public var sequence: UInt32

  public init(era: UInt32, sequence: UInt32) {
    self.era = era
    self.sequence = sequence
  }

  /// `0123abcd-17`: the era as eight hexadecimal digits, the sequence number in decimal.
  public var bytes: [UInt8] {
    era.hexText + [UInt8(ascii: "-")] + Array("\(sequence)".utf8)
  }
}

/// How much one batch may hold.
public struct BatchLimit: Equatable, Sendable {
  public var readings: Int
  /// Of the encoded payload, as `SenMLSize` counts it.
  public var bytes: Int

  public init(readings: Int, bytes: Int) {
    self.readings = readings
    self.bytes = bytes
  }
}

/// What became of the readings that a store was ever given.
public struct StoreCounts: Equatable, Sendable {
  public var waiting: Int64
  public var delivered: Int64
  /// Refused by the server for good, and kept apart.
  public var setAside: Int64
  /// Dropped for lack of room.
  public var lost: Int64

  public init(waiting: Int64 = 0, delivered: Int64 = 0, setAside: Int64 = 0, lost: Int64 = 0) {
    self.waiting = waiting
    self.delivered = delivered
    self.setAside = setAside
    self.lost = lost
  }
}

/// One line of the device's event log.
public struct Event: Equatable, Sendable {
  public var time: ReadingTime
  /// What it is about, in one word: `modem`, `report`, `store`.
  public var subject: [UInt8]
  public var text: [UInt8]

  public init(time: ReadingTime, subject: [UInt8], text: [UInt8]) {
    self.time = time
    self.subject = subject
    self.text = text
  }
}

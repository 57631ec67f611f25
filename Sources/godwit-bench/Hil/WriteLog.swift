import Primitives

/// The log that QEMU's `blklogwrites` keeps of a disk: the kernel's dm-log-writes form
/// (Documentation/admin-guide/device-mapper/log-writes.rst; qemu block/blklogwrites.c).
///
/// A superblock of one sector, then for each operation an entry of one sector and its data.
struct WriteLog: Equatable, Sendable {
  enum Operation: Equatable, Sendable {
    /// `data` is where the bytes lie in the log.
    case write(offset: Int64, data: Range<Int>)
    /// Everything that was written before is on the medium.
    case flush
    /// The range reads as zeros, or as anything: nobody needs it any more.
    case discard(offset: Int64, length: Int64)
  }

  struct Entry: Equatable, Sendable {
    var operation: Operation
    /// The write itself reaches the medium before it is over (FUA).
    var isForced: Bool
    /// Where the log goes on behind this entry: its size once the entry was in it.
    var end: Int
  }

  /// Why a log can't be read.
  enum Mistake: Error, Equatable, CustomStringConvertible {
    case notALog
    case badSectorSize(Int64)

    var description: String {
      switch self {
      case .notALog: "the write log has no superblock of dm-log-writes, version 1"
      case .badSectorSize(let size): "the write log has sectors of \(size) bytes"
      }
    }
  }

  private static let magic: UInt64 = 0x6A_7366_7773_6872
  private static let flushFlag: UInt64 = 1
  private static let forcedFlag: UInt64 = 2
  private static let discardFlag: UInt64 = 4
  private static let superblockBytes = 28

  private(set) var entries: [Entry] = []
  let bytes: [UInt8]

  /// Reads all whole entries; a log whose writer was killed ends anywhere, and its superblock may
  /// count fewer entries than there are.
  init(_ bytes: [UInt8]) throws(Mistake) {
    self.bytes = bytes
    guard bytes.count >= Self.superblockBytes, Self.number(bytes, at: 0) == Self.magic,
      Self.number(bytes, at: 8) == 1
    else { throw .notALog }
    let size = Int64(Self.number(bytes, at: 24) & 0xFFFF_FFFF)
    guard size >= 512, size <= 65_536, size & (size - 1) == 0 else { throw .badSectorSize(size) }
    let sector = Int(size)
    var position = sector
    while position + sector <= bytes.count {
      let first = Self.number(bytes, at: position)
      let count = Self.number(bytes, at: position + 8)
      let flags = Self.number(bytes, at: position + 16)
      // A sector of zeros: its writer was killed before it wrote it.
      guard count > 0 || flags != 0 else { break }
      guard let offset = Int64(exactly: first).flatMap({ Self.product($0, size) }),
        let length = Int64(exactly: count).flatMap({ Self.product($0, size) })
      else { break }
      var end = position + sector
      let operation: Operation
      if flags & Self.discardFlag != 0 {
        operation = .discard(offset: offset, length: length)
      } else if count > 0 {
        guard length <= bytes.count - end else { break }
        operation = .write(offset: offset, data: end..<(end + Int(length)))
        end += Int(length)
      } else {
        operation = .flush
      }
      let isFlush = flags & Self.flushFlag != 0 && count > 0
      if isFlush { entries.append(Entry(operation: .flush, isForced: false, end: position)) }
      entries.append(
        Entry(operation: operation, isForced: flags & Self.forcedFlag != 0, end: end))
      position = end
    }
  }

  /// What is on the medium when the power goes after `count` entries.
  ///
  /// Writes before the last flush are there, and so are forced ones. Of the later ones, which sit in
  /// the disk's cache, each is there or isn't, as `random` draws; their order among themselves stays.
  func surviving(after count: Int, _ random: inout SeededRandom) -> [Operation] {
    let lastFlush = entries[..<count].lastIndex { $0.operation == .flush } ?? 0
    return entries[..<count].enumerated().compactMap { index, entry in
      guard entry.operation != .flush else { return nil }
      let isSure = index < lastFlush || entry.isForced
      return isSure || random.next(below: 2) == 0 ? entry.operation : nil
    }
  }

  private static func product(_ a: Int64, _ b: Int64) -> Int64? {
    let (product, overflows) = a.multipliedReportingOverflow(by: b)
    return overflows ? nil : product
  }

  /// Eight bytes, least significant first; what lies behind the end counts as 0.
  private static func number(_ bytes: [UInt8], at offset: Int) -> UInt64 {
    var number: UInt64 = 0
    for index in (0..<8).reversed() {
      number = number << 8 | UInt64(offset + index < bytes.count ? bytes[offset + index] : 0)
    }
    return number
  }
}

import Primitives
import Testing

@testable import godwit_bench

@Suite("A log of a disk's writes") struct WriteLogTests {
  /// A log in the form of Documentation/admin-guide/device-mapper/log-writes.rst.
  private struct Log {
    var bytes: [UInt8]

    init(sector: UInt32 = 512) {
      bytes = Self.little(0x6A_7366_7773_6872, 8) + Self.little(1, 8) + Self.little(0, 8)
      bytes += Self.little(UInt64(sector), 4)
      bytes += [UInt8](repeating: 0, count: Int(sector) - bytes.count)
    }

    mutating func add(sector: UInt64, count: UInt64, flags: UInt64, data: UInt8? = nil) {
      let head =
        Self.little(sector, 8) + Self.little(count, 8) + Self.little(flags, 8) + Self.little(0, 8)
      bytes += head + [UInt8](repeating: 0, count: 512 - head.count)
      if let data { bytes += [UInt8](repeating: data, count: Int(count) * 512) }
    }

    private static func little(_ number: UInt64, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
    }
  }

  @Test("is read entry by entry, with the size that it had then") func entries() throws {
    var log = Log()
    log.add(sector: 2, count: 1, flags: 0, data: 0xAA)
    log.add(sector: 0, count: 0, flags: 1)
    log.add(sector: 8, count: 4, flags: 4)
    log.add(sector: 3, count: 2, flags: 2, data: 0xBB)
    let read = try WriteLog(log.bytes)
    #expect(
      read.entries == [
        WriteLog.Entry(
          operation: .write(offset: 1024, data: 1024..<1536), isForced: false, end: 1536),
        WriteLog.Entry(operation: .flush, isForced: false, end: 2048),
        WriteLog.Entry(operation: .discard(offset: 4096, length: 2048), isForced: false, end: 2560),
        WriteLog.Entry(
          operation: .write(offset: 1536, data: 3072..<4096), isForced: true, end: 4096),
      ])
  }

  @Test("that ends in the middle of anything gives its whole entries") func cut() throws {
    var log = Log()
    log.add(sector: 2, count: 1, flags: 0, data: 0xAA)
    log.add(sector: 0, count: 0, flags: 1)
    log.add(sector: 3, count: 2, flags: 0, data: 0xBB)
    let ends = [1536, 2048, 3584]
    for length in 512...log.bytes.count {
      let read = try WriteLog(Array(log.bytes.prefix(length)))
      #expect(read.entries.count == ends.count { $0 <= length }, "cut at \(length)")
    }
  }

  @Test("that isn't one is refused") func foreign() {
    #expect(throws: WriteLog.Mistake.notALog) { try WriteLog([]) }
    #expect(throws: WriteLog.Mistake.notALog) { try WriteLog([UInt8](repeating: 7, count: 512)) }
    #expect(throws: WriteLog.Mistake.badSectorSize(1000)) { try WriteLog(Log(sector: 1000).bytes) }
  }

  @Test("with random bytes behind its superblock never traps", arguments: 0..<50)
  func hostile(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var bytes = Log().bytes
    for _ in 0..<4096 {
      // Small numbers, so that some entries look right.
      bytes.append(random.next(below: 4) == 0 ? UInt8(truncatingIfNeeded: random.next()) : 0)
    }
    let log = try WriteLog(bytes)
    for entry in log.entries { #expect(entry.end <= bytes.count, "seed \(seed)") }
  }

  @Test("respects flushes: what came before the last one survives, the rest by chance")
  func surviving() throws {
    var log = Log()
    for sector in 0..<10 { log.add(sector: UInt64(sector), count: 1, flags: 0, data: 1) }
    log.add(sector: 0, count: 0, flags: 1)
    for sector in 10..<20 { log.add(sector: UInt64(sector), count: 1, flags: 0, data: 2) }
    log.add(sector: 20, count: 1, flags: 2, data: 3)
    let read = try WriteLog(log.bytes)
    var counts: Set<Int> = []
    for seed in UInt64(0)..<20 {
      var random = SeededRandom(seed: seed)
      let kept = read.surviving(after: read.entries.count, &random)
      let offsets = kept.compactMap { operation -> Int64? in
        if case .write(let offset, _) = operation { offset } else { nil }
      }
      #expect(offsets.prefix(10) == [0, 512, 1024, 1536, 2048, 2560, 3072, 3584, 4096, 4608])
      #expect(offsets.last == Int64(10_240), "a forced write is on the medium")
      #expect(offsets == offsets.sorted())
      counts.insert(offsets.count)
    }
    #expect(counts.count > 3, "the cache's writes are drawn anew each time")
    var random = SeededRandom(seed: 1)
    let upToFlush = read.surviving(after: 11, &random)
    #expect(upToFlush.count == 10)
  }
}

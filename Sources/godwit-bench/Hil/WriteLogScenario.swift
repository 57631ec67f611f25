import Glibc
import Primitives
import Spool
import Telemetry
import World

/// Scenario 4b: one run with every write to the disk logged; then for 200 moments of that log the
/// disk as a power cut at that moment leaves it.
///
/// For each: the file system's journal is replayed (e2fsck, what a mount does, without a mount's
/// rights), the file system must then be without a fault, the spool is taken out of it (debugfs) and
/// opened by the same `Spool` that is on the board, and what it still holds, together with what the
/// server had by then, must be everything acknowledged by then, nothing twice.
enum WriteLogScenario {
  static let prefixes = 200
  /// Readings and reports of the logged run, at least.
  private static let readings = 60
  private static let reports = 6
  private static let runLimit = Duration.seconds(240)
  private static let seed: UInt64 = 4

  @Sendable static func run(_ bench: HilBench) throws(HilFailure) {
    guard let source = bench.source as? QemuSource else {
      throw HilFailure("only QEMU logs the writes to a disk")
    }
    let base = Path.join(bench.folder, "base.img")
    let log = Path.join(bench.folder, "writes.log")
    try files { () throws(BenchError) in
      try HilFiles.copy(source.disk, to: base)
      try Path.write("", to: log)
    }
    source.log = log
    let rig = bench.rig()
    let history = RunHistory(rig, log: log)
    try rig.powerOn(PowerCutScenario.guest(life: 0))
    try rig.wait("\(readings) readings and \(reports) reports", within: runLimit) {
      rig.acknowledged.count >= readings && rig.reports.count >= reports
    }
    rig.cutPower()
    let writes = try parse(log)
    guard writes.entries.count >= prefixes else {
      throw HilFailure("only \(writes.entries.count) operations in the log of the disk's writes")
    }
    let replay = DiskReplay(writes, base: base, folder: bench.folder)
    var random = SeededRandom(seed: seed)
    // Every single one is for the longest runs.
    let total = bench.isFull ? writes.entries.count : prefixes
    for number in 1...total {
      let count = writes.entries.count * number / total
      try check(replay, after: count, history, &random)
    }
    bench.say(
      "\(writes.entries.count) operations, \(total) prefixes of them; "
        + "\(rig.acknowledged.count) acknowledged, \(rig.reports.count) reports")
    try boots(rig, source, replay, after: writes.entries.count * 2 / 3, history, &random)
  }

  private static func check(
    _ replay: DiskReplay, after count: Int, _ history: RunHistory, _ random: inout SeededRandom
  ) throws(HilFailure) {
    let end = Int64(replay.log.entries[count - 1].end)
    do throws(HilFailure) {
      let spool = try replay.spool(after: count, &random)
      let held = try spool.map { (path) throws(HilFailure) in try SpoolContents.read(path) } ?? []
      try Delivery(
        acknowledged: history.acknowledged(by: end),
        delivered: try history.delivered(by: end, then: held)
      ).check()
    } catch {
      let total = replay.log.entries.count
      throw HilFailure("power cut after operation \(count) of \(total): \(error.what)")
    }
  }

  /// One of them is mounted by the board's own kernel and goes on where it was.
  private static func boots(
    _ rig: HilRig, _ source: QemuSource, _ replay: DiskReplay, after count: Int,
    _ history: RunHistory, _ random: inout SeededRandom
  ) throws(HilFailure) {
    let end = Int64(replay.log.entries[count - 1].end)
    let image = try replay.image(after: count, &random)
    source.log = nil
    try files { () throws(BenchError) in try HilFiles.copy(image, to: source.disk) }
    let promised = history.acknowledged(by: end)
    try rig.powerOn(PowerCutScenario.guest(life: 1))
    try rig.wait("report from a replayed disk", within: runLimit) {
      Set(rig.delivered).isSuperset(of: promised)
        && rig.delivered.contains {
          $0 >= 2 * PowerCutScenario.valuesPerLife
        }
    }
    rig.cutPower()
  }

  private static func parse(_ path: String) throws(HilFailure) -> WriteLog {
    let bytes = try files { () throws(BenchError) in try HilFiles.read(path) }
    do {
      return try WriteLog(bytes)
    } catch {
      throw HilFailure(error.description)
    }
  }
}

/// Runs file work whose failure is the scenario's.
func files<Result>(_ work: () throws(BenchError) -> Result) throws(HilFailure) -> Result {
  do {
    return try work()
  } catch {
    throw HilFailure(error.description)
  }
}

/// What was promised and delivered, with the log's size when it was: a promise that was heard at a
/// size rests on operations that lie before it, since it was made after the flush.
final class RunHistory {
  private struct Mark<Value> {
    let size: Int64
    let value: Value
  }

  private let rig: HilRig
  private var promises: [Mark<Int64>] = []
  /// How many reports the server had at a size.
  private var deliveries: [Mark<Int>] = []

  /// Takes over the rig's callbacks.
  init(_ rig: HilRig, log: String) {
    self.rig = rig
    rig.onAcknowledged = { [weak self] value in
      self?.promises.append(Mark(size: HilFiles.size(log), value: value))
    }
    rig.modem.onMilestone = { [weak self] milestone, _ in
      guard milestone == .received, let self else { return }
      deliveries.append(Mark(size: HilFiles.size(log), value: self.rig.reports.count))
    }
  }

  func acknowledged(by size: Int64) -> [Int64] {
    promises.filter { $0.size <= size }.map(\.value)
  }

  /// What the server has in the end: the reports that it had by then, and `held` sent after them,
  /// of which those with an identity that it knows are counted once.
  ///
  /// - Throws: when a report of the same identity holds other readings.
  func delivered(by size: Int64, then held: [SpoolContents]) throws(HilFailure) -> [Int64] {
    let count = deliveries.last { $0.size <= size }?.value ?? 0
    let earlier = rig.reports.prefix(count).map { report in
      SpoolContents(
        identity: report.identity,
        values: report.readings.filter { $0.name == GuestPlan.feedName }
          .compactMap { Array($0.value.utf8).asciiWholeNumber })
    }
    var values = earlier.flatMap(\.values)
    for batch in held {
      guard let first = earlier.first(where: { $0.identity == batch.identity }) else {
        values += batch.values
        continue
      }
      guard first.values.sorted() == batch.values.sorted() else {
        throw HilFailure("report \(batch.identity) would come again with other readings")
      }
    }
    return values
  }
}

/// One batch that a spool still holds.
struct SpoolContents: Equatable, Sendable {
  let identity: String
  let values: [Int64]

  /// The limits of a report, as the device has them.
  private static let limit = BatchLimit(readings: 60, bytes: 1024)
  /// Batches of one spool at most; more would mean that a confirmed one doesn't go.
  private static let batchLimit = 1000

  /// Opens the spool at `path`, as the device does after a start, and confirms everything in it.
  static func read(_ path: String) throws(HilFailure) -> [SpoolContents] {
    guard let device = DeviceName(Array(GuestPlan.device.utf8)) else { return [] }
    do throws(SpoolError) {
      var spool = try Spool(
        path: Array(path.utf8), limit: 100_000, device: device, boot: Array("replay".utf8), era: 1)
      var batches: [SpoolContents] = []
      while batches.count < batchLimit, let batch = try spool.nextBatch(limit: limit) {
        let values = batch.readings.filter { $0.name.bytes == Array(GuestPlan.feedName.utf8) }
          .compactMap { Array($0.value.text.utf8).asciiWholeNumber }
        batches.append(
          SpoolContents(
            identity: String(decoding: batch.identity.bytes, as: UTF8.self), values: values))
        try spool.confirm(batch.identity)
      }
      return batches
    } catch {
      throw HilFailure("the spool: \(error.description)")
    }
  }
}

import CPowerCut
import Primitives
import Telemetry
import Testing

@testable import Spool

// Not covered: what a medium does to sectors that aren't being written, and a process killed while
// the kernel lives on (that one is run from outside, against the whole program).
@Suite("Spool through power cuts") struct PowerCutTests {
  private static let limit = 12
  private static let batchSize = 4
  private static let stepCount = 24

  /// A disk in memory, its spool and the model of it.
  private final class Bench {
    let disk: OpaquePointer
    let name: [UInt8]
    let era: UInt32 = 0xCAFE_0001
    var boot: UInt8 = 1
    var model: SpoolModel
    var workload: SpoolWorkload

    init(_ name: String, seed: UInt64) {
      self.name = Array("\(name)-\(seed)".utf8)
      disk = power_cut_new(self.name + [0], seed)
      model = SpoolModel(limit: PowerCutTests.limit, era: era)
      workload = SpoolWorkload(seed: seed)
    }

    deinit { power_cut_free(disk) }

    func open() throws(SpoolError) -> Spool {
      try Spool(
        path: Array("spool.db".utf8), limit: Int64(PowerCutTests.limit), device: testDevice,
        boot: [boot], era: era, fileSystem: name)
    }

    /// Runs the workload until it ends or something fails.
    ///
    /// - Returns: the model as it would be had the step that failed been done; nil when none failed.
    func run(steps: Int) throws(SpoolError) -> SpoolModel? {
      var spool = try open()
      for _ in 0..<steps {
        let step = workload.step(after: model)
        var next = model
        let expected = next.apply(step)
        do throws(SpoolError) {
          switch step {
          case .reopen, .restart:
            _ = consume spool
            if case .restart = step { boot += 1 }
            spool = try open()
          default:
            let batch = try spool.apply(step)
            if batch != expected { Issue.record("another batch than the model's") }
          }
        } catch {
          return next
        }
        model = next
        if spool.counts() != model.counts { Issue.record("other counts than the model's") }
      }
      return nil
    }
  }

  private struct Outcome: Equatable {
    var counts: StoreCounts
    var batches: [Batch]

    init(_ model: SpoolModel) {
      var restarted = model
      restarted.apply(.restart)
      counts = restarted.counts
      batches = restarted.drained(batchSize: PowerCutTests.batchSize)
    }

    init(_ spool: inout Spool) throws(SpoolError) {
      counts = spool.counts()
      batches = try spool.drain(batchSize: PowerCutTests.batchSize)
    }
  }

  /// Runs with the power cut at one operation, starts again and compares.
  ///
  /// - Returns: whether the cut came before the workload's end.
  private func cut(seed: UInt64, at operation: Int64) throws -> Bool {
    let bench = Bench("cut", seed: seed)
    power_cut_at(bench.disk, operation)
    var after: SpoolModel?
    do {
      after = try bench.run(steps: Self.stepCount)
    } catch {
      after = bench.model  // Cut while it was made.
    }
    let wasCut = power_cut_operations(bench.disk) > operation
    power_cut_restore(bench.disk)
    bench.boot += 1
    var spool = try bench.open()
    if case .replacedDamaged = spool.opening {
      Issue.record("seed \(seed), cut at \(operation): damaged")
    }
    let outcome = try Outcome(&spool)
    let isRight =
      outcome == Outcome(bench.model) || outcome == after.map { Outcome($0) }
    #expect(isRight, "seed \(seed), cut at \(operation)")
    return wasCut
  }

  @Test(
    "wherever the power is cut, each step is done whole or not at all, and done once it returned",
    arguments: 1...UInt64(5))
  func everyOperation(seed: UInt64) throws {
    var operation: Int64 = 0
    while try cut(seed: seed, at: operation) { operation += 1 }
    #expect(operation > 40)
  }

  @Test("the power may be cut again and again", arguments: 1...UInt64(20))
  func repeatedly(seed: UInt64) throws {
    let bench = Bench("again", seed: seed)
    var random = SeededRandom(seed: seed)
    for round in 0..<20 {
      let operation = power_cut_operations(bench.disk) + Int64(random.next(below: 40))
      power_cut_at(bench.disk, operation)
      var after = bench.model
      do {
        after = try bench.run(steps: 30) ?? bench.model
      } catch {}
      power_cut_restore(bench.disk)
      bench.boot += 1
      bench.model.apply(.restart)
      after.apply(.restart)
      let spool = try bench.open()
      let waiting = try spool.everything()
      if waiting == SpoolContents(after), spool.counts() == after.counts {
        bench.model = after
      }
      #expect(waiting == SpoolContents(bench.model), "seed \(seed), round \(round)")
      #expect(spool.counts() == bench.model.counts, "seed \(seed), round \(round)")
    }
  }

  @Test(
    "one failed write or sync changes nothing, and the spool goes on", arguments: 1...UInt64(3))
  func ioError(seed: UInt64) throws {
    var operation: Int64 = 0
    while true {
      let bench = Bench("io", seed: seed)
      _ = try bench.open()
      let before = power_cut_operations(bench.disk)
      power_cut_fail_once(bench.disk, before + operation)
      var failures = 0
      var spool: Spool
      do {
        spool = try bench.open()
      } catch {
        failures += 1
        spool = try bench.open()
      }
      for _ in 0..<Self.stepCount {
        let step = bench.workload.step(after: bench.model)
        if case .reopen = step { continue }
        if case .restart = step { continue }
        var next = bench.model
        let expected = next.apply(step)
        do {
          let batch = try spool.apply(step)
          #expect(batch == expected)
          bench.model = next
        } catch {
          failures += 1
          #expect("\(error)".contains("check the medium"))
        }
        #expect(spool.counts() == bench.model.counts, "seed \(seed), operation \(operation)")
      }
      let contents = try spool.everything()
      #expect(contents == SpoolContents(bench.model), "seed \(seed), operation \(operation)")
      #expect(failures <= 1)
      if power_cut_operations(bench.disk) - before <= operation { return }
      operation += 1
    }
  }

  @Test("a full disk refuses readings whole, and takes them again once there is room")
  func full() throws {
    let bench = Bench("full", seed: 1)
    var spool = try bench.open()
    try spool.append([reading(1)])
    power_cut_set_room(bench.disk, 40_000)
    var stored: Int64 = 1
    var refusal: SpoolError?
    while refusal == nil, stored < 10_000 {
      do throws(SpoolError) {
        try spool.append([reading(stored + 1)])
        stored += 1
      } catch {
        refusal = error
      }
    }
    #expect(refusal == .full(path: Array("spool.db".utf8)))
    #expect(stored > 5)
    let kept = min(stored, Int64(Self.limit))
    #expect(spool.counts() == StoreCounts(waiting: kept, lost: stored - kept))
    power_cut_set_room(bench.disk, -1)
    try spool.append([reading(stored + 1)])
    let batch = try spool.nextBatch(limit: BatchLimit(readings: 100, bytes: generous))
    #expect(batch?.readings.last == reading(stored + 1))
  }

  @Test("a durable reading costs one sync, confirming a batch one more")
  func syncs() throws {
    let bench = Bench("syncs", seed: 1)
    var spool = try bench.open()
    for number in 1...10 {
      let before = power_cut_syncs(bench.disk)
      try spool.append([reading(Int64(number))])
      #expect(power_cut_syncs(bench.disk) - before == 1)
    }
    let before = power_cut_syncs(bench.disk)
    let batch = try spool.nextBatch(limit: BatchLimit(readings: 10, bytes: generous))
    #expect(power_cut_syncs(bench.disk) - before == 1)
    let again = try spool.nextBatch(limit: BatchLimit(readings: 10, bytes: generous))
    #expect(again == batch)
    #expect(power_cut_syncs(bench.disk) - before == 1)
    try spool.confirm(batch!.identity)
    #expect(power_cut_syncs(bench.disk) - before == 2)
  }
}

/// What waits in a spool, without changing it.
struct SpoolContents: Equatable {
  var underWay: [Reading]
  var others: [Reading]
  var identity: BatchIdentity?

  init(_ model: SpoolModel) {
    underWay = Array(model.waiting[..<(model.frozen?.count ?? 0)])
    others = Array(model.waiting[(model.frozen?.count ?? 0)...])
    identity = model.frozen?.identity
  }

  fileprivate init(underWay: [Reading], others: [Reading], identity: BatchIdentity?) {
    self.underWay = underWay
    self.others = others
    self.identity = identity
  }
}

extension Spool {
  func everything() throws(SpoolError) -> SpoolContents {
    let lastFrozen = state.batch?.lastID ?? 0
    var contents = SpoolContents(
      underWay: [], others: [], identity: state.batch.map { state.identity(of: $0) })
    try database.readings(after: 0, through: .max, atMost: .max, boot: state.boot) { id, reading in
      guard let reading else { return false }
      if id <= lastFrozen {
        contents.underWay.append(reading)
      } else {
        contents.others.append(reading)
      }
      return true
    }
    return contents
  }
}

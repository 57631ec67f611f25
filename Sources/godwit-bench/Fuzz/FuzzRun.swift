import Glibc
import Primitives

/// One parser under fire: so many bytes of cases, one after the other.
struct FuzzRun {
  /// What came of it.
  struct Report: Equatable {
    var bytes: Int
    var cases: UInt64
    /// By how much the process's memory grew at most, in KiB; 0 where the kernel doesn't say.
    var grownKibibytes: Int
    /// What was wrong, and with which case.
    var fault: String?
  }

  let target: FuzzTarget
  let seed: UInt64
  /// The first case.
  var first: UInt64 = 0
  /// The process may grow by so much, in KiB: buffers at their limits, and the allocator's own.
  static let memoryLimit = 65_536

  /// - Parameter progress: called now and then with the bytes so far.
  func run(bytes wanted: Int, progress: (Int) -> Void = { _ in }) -> Report {
    let input = target.input
    var report = Report(bytes: 0, cases: 0, grownKibibytes: 0, fault: nil)
    let before = Self.peakKibibytes
    var number = first
    var nextProgress = wanted / 20
    while report.bytes < wanted, report.fault == nil {
      FuzzMark.set(target, seed: seed, number: number)
      let bytes = input.bytes(seed: seed, number: number)
      var choice = SeededRandom(seed: seed &+ number)
      if let fault = target.feed(bytes, choice: &choice) {
        report.fault = "case \(number): \(fault)"
      }
      report.bytes += bytes.count
      report.cases += 1
      number += 1
      if report.bytes >= nextProgress {
        nextProgress += max(1, wanted / 20)
        progress(report.bytes)
      }
    }
    FuzzMark.clear()
    report.grownKibibytes = max(0, Self.peakKibibytes - before)
    if report.fault == nil, report.grownKibibytes > Self.memoryLimit {
      report.fault = "memory grew by \(report.grownKibibytes) KiB"
    }
    return report
  }

  /// The most memory that the process has had so far (getrusage(2)).
  private static var peakKibibytes: Int {
    var usage = rusage()
    return getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 ? usage.ru_maxrss : 0
  }
}

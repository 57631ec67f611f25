import Glibc
import Primitives

/// One parser under fire: so many cases, or bytes of them, one after the other.
struct FuzzRun {
  /// What came of it.
  struct Report: Equatable {
    var bytes: Int
    var cases: UInt64
    /// How many of each kind, where there are several.
    var kinds: [String: UInt64] = [:]
    /// By how much the process's memory grew at most, in KiB; 0 where the kernel doesn't say.
    var grownKibibytes: Int
    /// What was wrong, and with which case.
    var fault: String?
  }

  /// When it is enough.
  enum Extent: Equatable {
    case bytes(Int)
    case cases(Int)
  }

  let target: FuzzTarget
  let seed: UInt64
  /// The first case.
  var first: UInt64 = 0
  /// The process may grow by so much, in KiB: buffers at their limits, and the allocator's own.
  static let memoryLimit = 65_536

  /// - Parameter progress: called now and then with the percentage so far.
  func run(_ extent: Extent, progress: (Int) -> Void = { _ in }) -> Report {
    let input = target.input
    var report = Report(bytes: 0, cases: 0, grownKibibytes: 0, fault: nil)
    let before = Self.peakKibibytes
    var number = first
    var nextProgress = 5
    while report.fault == nil {
      let percent = report.percentage(of: extent)
      if percent >= nextProgress {
        nextProgress = percent + 5
        progress(percent)
      }
      if percent >= 100 { break }
      FuzzMark.set(target, seed: seed, number: number)
      let bytes = input.bytes(seed: seed, number: number)
      var choice = SeededRandom(seed: seed &+ number)
      if let kind = target.kind(choice) { report.kinds[kind, default: 0] += 1 }
      if let fault = target.feed(bytes, choice: &choice) {
        report.fault = "case \(number): \(fault)"
      }
      report.bytes += bytes.count
      report.cases += 1
      number += 1
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

extension FuzzRun.Report {
  /// 100 from the end on, and not before.
  fileprivate func percentage(of extent: FuzzRun.Extent) -> Int {
    switch extent {
    case .bytes(let wanted): min(bytes, wanted) * 100 / wanted
    case .cases(let wanted): Int(cases) * 100 / wanted
    }
  }
}

import Primitives

/// How long to wait after the first, second, … failure in a row. The last step repeats.
///
/// Each wait is spread by ±20 % so that a fleet that lost its server doesn't return as one
/// (GSMA TS.34, randomised retries).
public struct BackOff: Sendable {
  public static let standardSteps: [Duration] = [
    .seconds(60), .seconds(300), .seconds(900), .seconds(1800), .seconds(3600), .seconds(7200),
    .seconds(14_400), .seconds(28_800), .seconds(43_200), .seconds(86_400),
  ]
  static let spreadPercent: Int64 = 20

  /// Failures in a row.
  public private(set) var failures = 0
  private let steps: [Duration]
  private var random: SeededRandom

  /// - Parameter steps: at least one.
  public init(steps: [Duration], seed: UInt64) {
    precondition(!steps.isEmpty)
    self.steps = steps
    random = SeededRandom(seed: seed)
  }

  /// Counts one more failure and says how long to wait.
  public mutating func next() -> Duration {
    let step = steps[min(failures, steps.count - 1)]
    failures += 1
    let percent =
      100 - Self.spreadPercent + Int64(random.next(below: UInt64(2 * Self.spreadPercent + 1)))
    return .milliseconds(step.wholeMilliseconds / 100 * percent)
  }

  /// Something worked: the next failure starts from the first step.
  public mutating func clear() { failures = 0 }
}

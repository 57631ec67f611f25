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

  private let steps: [Duration]
  private let seed: UInt64

  /// - Parameters:
  ///   - steps: at least one.
  ///   - seed: the device's own, the same at each start: so are its waits.
  public init(steps: [Duration], seed: UInt64) {
    precondition(!steps.isEmpty)
    self.steps = steps
    self.seed = seed
  }

  /// How long to wait after so many failures in a row, from 1.
  public func wait(after failures: Int) -> Duration {
    let step = steps[max(0, min(failures, steps.count) - 1)]
    var random = SeededRandom(seed: seed ^ UInt64(max(0, failures)))
    let percent =
      100 - Self.spreadPercent + Int64(random.next(below: UInt64(2 * Self.spreadPercent + 1)))
    return .milliseconds(step.wholeMilliseconds / 100 * percent)
  }
}

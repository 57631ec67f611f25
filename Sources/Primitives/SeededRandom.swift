/// Numbers that look random and come out the same for the same seed (SplitMix64, Steele, Lea and
/// Flood 2014, "Fast splittable pseudorandom number generators", figure 16).
///
/// For jitter and simulations, where a run must be repeatable. Never for keys.
public struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number of 0..<`bound`; 0 when `bound` is 0. The bias is below `bound` / 2^64.
  public mutating func next(below bound: UInt64) -> UInt64 {
    next().multipliedFullWidth(by: bound).high
  }
}

import Primitives

/// What differs between firmwares of one family, where the facts don't say which it is: fixed for a
/// module by its seed.
struct FirmwareTraits: Sendable {
  private let bits: UInt64

  init(seed: UInt64) {
    var random = SeededRandom(seed: seed ^ 0x5DEE_CE66_D1CE_4E5B)
    bits = random.next()
  }

  /// One of two ways; every question has its own number, 0 to 63.
  func isOdd(_ question: Int) -> Bool { bits >> UInt64(question) & 1 == 1 }
}

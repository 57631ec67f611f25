import Primitives

/// What the sensors' files hold: a number that wanders, with two decimals, one series a sensor.
struct Sampler {
  private var random: SeededRandom
  private var levels: [Int: Int64] = [:]

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  mutating func contents(of sensor: Int, now: Instant) -> [UInt8] {
    let step = Int64(random.next(below: 21)) - 10
    let level = (levels[sensor] ?? 2000) + step
    levels[sensor] = level
    return Array("\(DecimalNumber(mantissa: level, exponent: -2)?.text ?? "0")\n".utf8)
  }
}

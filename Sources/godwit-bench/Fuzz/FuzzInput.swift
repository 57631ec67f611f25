import Primitives

/// Makes hostile input out of good input: the same for the same seed and number.
///
/// Each case is made by itself, so that one that fails can be run again alone.
struct FuzzInput: Sendable {
  /// Good input, to begin with.
  let samples: [[UInt8]]
  /// Pieces that mean something to the parser.
  let tokens: [[UInt8]]
  /// Longest case, in bytes.
  let limit: Int

  /// The case of that number.
  func bytes(seed: UInt64, number: UInt64) -> [UInt8] {
    var random = SeededRandom(seed: seed ^ (number &* 0xD134_2543_DE82_EF95))
    var bytes = number % 16 == 0 ? noise(&random) : sample(&random)
    for _ in 0...random.next(below: 8) { change(&bytes, &random) }
    return Array(bytes.prefix(limit))
  }

  private func sample(_ random: inout SeededRandom) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0...random.next(below: 4) { bytes += pick(samples, &random) }
    return bytes
  }

  private func noise(_ random: inout SeededRandom) -> [UInt8] {
    (0..<Int(random.next(below: 512))).map { _ in byte(&random) }
  }

  /// One change: bytes flipped, put in, taken out, repeated many times, or moved.
  private func change(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
    let at = Int(random.next(below: UInt64(bytes.count + 1)))
    let length = Int(random.next(below: UInt64(bytes.count - at + 1)))
    switch random.next(below: 8) {
    case 0: if at < bytes.count { bytes[at] = byte(&random) }
    case 1: if at < bytes.count { bytes[at] ^= 1 << UInt8(random.next(below: 8)) }
    case 2: bytes.removeSubrange(at..<at + length)
    case 3: bytes.insert(contentsOf: pick(tokens, &random), at: at)
    case 4: bytes.insert(contentsOf: bytes[at..<at + length], at: at)
    case 5:
      let piece = random.next(below: 2) == 0 ? pick(tokens, &random) : [byte(&random)]
      let times = Int(random.next(below: 400))
      for _ in 0..<times where bytes.count < limit { bytes.insert(contentsOf: piece, at: at) }
    case 6: bytes.removeSubrange(at...)
    default: bytes.insert(contentsOf: pick(samples, &random), at: at)
    }
  }

  /// Any byte, the ones that end or begin something more often.
  private func byte(_ random: inout SeededRandom) -> UInt8 {
    let marks = Array("\r\n\0\"\\;:,={}[]+> ".utf8)
    if random.next(below: 4) == 0 { return marks[Int(random.next(below: UInt64(marks.count)))] }
    return UInt8(random.next(below: 256))
  }

  private func pick(_ list: [[UInt8]], _ random: inout SeededRandom) -> [UInt8] {
    list.isEmpty ? [] : list[Int(random.next(below: UInt64(list.count)))]
  }
}

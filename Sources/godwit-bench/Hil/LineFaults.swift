import Primitives

/// What a bad UART line does to the bytes on it, in each direction alike. Repeats for its seed.
struct LineFaults: Sendable {
  /// Of a million bytes, so many get one bit flipped, are lost, or come twice.
  var flippedPerMillion: UInt64 = 0
  var droppedPerMillion: UInt64 = 0
  var doubledPerMillion: UInt64 = 0

  private var random: SeededRandom
  private(set) var hits = 0

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  /// What arrives at the other end.
  mutating func pass(_ bytes: [UInt8]) -> [UInt8] {
    guard flippedPerMillion + droppedPerMillion + doubledPerMillion > 0 else { return bytes }
    var arrived: [UInt8] = []
    for byte in bytes {
      var draw = random.next(below: 1_000_000)
      let before = hits
      hits += 1
      if draw < flippedPerMillion {
        arrived.append(byte ^ 1 << UInt8(random.next(below: 8)))
        continue
      }
      draw -= flippedPerMillion
      if draw < droppedPerMillion { continue }
      draw -= droppedPerMillion
      arrived.append(byte)
      if draw < doubledPerMillion { arrived.append(byte) } else { hits = before }
    }
    return arrived
  }
}

import Primitives

/// What a bad UART line does to the bytes on it. Repeats for its seed.
public struct LineFaults: Sendable {
  /// Of a million bytes, so many get one bit flipped, become any byte at all, are lost, or come
  /// twice.
  public var flippedPerMillion: UInt64 = 0
  public var garbledPerMillion: UInt64 = 0
  public var droppedPerMillion: UInt64 = 0
  public var doubledPerMillion: UInt64 = 0

  private var random: SeededRandom
  /// Bytes to which one of these happened.
  public private(set) var hits = 0

  public init(seed: UInt64) { random = SeededRandom(seed: seed) }

  /// Of a thousand bytes two flipped, one garbled, two lost and two doubled: a report of a hundred
  /// bytes and more seldom comes through whole.
  public static func bad(seed: UInt64) -> LineFaults {
    var faults = LineFaults(seed: seed)
    faults.flippedPerMillion = 2000
    faults.garbledPerMillion = 1000
    faults.droppedPerMillion = 2000
    faults.doubledPerMillion = 2000
    return faults
  }

  /// From here on the line is good.
  public mutating func end() {
    flippedPerMillion = 0
    garbledPerMillion = 0
    droppedPerMillion = 0
    doubledPerMillion = 0
  }

  /// What arrives at the other end.
  public mutating func pass(_ bytes: [UInt8]) -> [UInt8] {
    guard flippedPerMillion + garbledPerMillion + droppedPerMillion + doubledPerMillion > 0 else {
      return bytes
    }
    var arrived: [UInt8] = []
    for byte in bytes {
      let now = pass(byte)
      if now != [byte] { hits += 1 }
      arrived += now
    }
    return arrived
  }

  private mutating func pass(_ byte: UInt8) -> [UInt8] {
    var draw = random.next(below: 1_000_000)
    if draw < flippedPerMillion { return [byte ^ 1 << UInt8(random.next(below: 8))] }
    draw -= flippedPerMillion
    if draw < garbledPerMillion { return [UInt8(random.next(below: 256))] }
    draw -= garbledPerMillion
    if draw < droppedPerMillion { return [] }
    draw -= droppedPerMillion
    return draw < doubledPerMillion ? [byte, byte] : [byte]
  }
}

import Primitives

/// What the running process answers to a packet of readings.
enum ControlAnswer: Equatable {
  /// That many are durable.
  case stored(Int)
  /// Nothing of the packet was stored; `line` of it, from 1, is why.
  case refused(line: Int, reason: [UInt8])
  /// Something that this program doesn't know: another version's answer.
  case unknown([UInt8])

  init(_ packet: [UInt8]) {
    let words = packet.split(
      separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
    let number = words.count > 1 ? words[1].asciiWholeNumber.flatMap { Int(exactly: $0) } : nil
    switch number {
    case let count? where words[0].equals("stored") && words.count == 2: self = .stored(count)
    case let line? where words[0].equals("refused") && words.count == 3:
      self = .refused(line: line, reason: Array(words[2]))
    default: self = .unknown(packet)
    }
  }
}

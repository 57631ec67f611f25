import AT
import Link
import Primitives

/// What came of a person's command line, on its way back: packets of lines, `line TEXT` for what
/// answered and `urc TEXT` for what the modem said unasked meanwhile; the last packet is
/// `answered MILLISECONDS OUTCOME` or `refused 1 REASON`.
struct ConsoleAnswer: Equatable {
  enum End: Equatable {
    /// The result code, or that there was none.
    case answered(outcome: [UInt8], milliseconds: Int64)
    /// The line wasn't run.
    case refused([UInt8])
  }

  struct Line: Equatable {
    var bytes: [UInt8]
    var isURC: Bool
  }

  /// The answering lines, then the unasked ones.
  var lines: [Line] = []
  var end: End?

  init() {}

  init(_ result: ConsoleResult) {
    switch result {
    case .answered(let answer, let urcs):
      lines = answer.lines.map { Line(bytes: $0, isURC: false) }
      lines += urcs.map { Line(bytes: $0, isURC: true) }
      end = .answered(
        outcome: Array(answer.outcome.text.utf8), milliseconds: answer.duration.wholeMilliseconds)
    case .refused(let refusal): end = .refused(Array(refusal.text.utf8))
    }
  }

  /// Whether the modem did what was asked.
  var isOK: Bool {
    guard case .answered(let outcome, _)? = end else { return false }
    return outcome.equals("OK")
  }

  /// The packets, each as full as it gets.
  func packets(limit: Int) -> [[UInt8]] {
    var packets: [[UInt8]] = []
    var packet: [UInt8] = []
    for line in lines {
      let text = (line.isURC ? Array("urc ") : Array("line ")) + line.bytes + [UInt8(ascii: "\n")]
      if packet.count + text.count > limit, !packet.isEmpty {
        packets.append(packet)
        packet = []
      }
      packet += text
    }
    if !packet.isEmpty { packets.append(packet) }
    switch end {
    case .answered(let outcome, let milliseconds)?:
      packets.append(Array("answered \(milliseconds) ".utf8) + outcome)
    case .refused(let reason)?: packets.append(Array("refused 1 ".utf8) + reason)
    case nil: break
    }
    return packets
  }

  /// Takes the next packet of an answer; with the last one, `end` is set.
  mutating func take(_ packet: [UInt8]) {
    let words = packet.split(
      separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
    if packet.hasPrefix("answered "), words.count == 3, let time = words[1].asciiWholeNumber {
      end = .answered(outcome: Array(words[2]), milliseconds: time)
    } else if packet.hasPrefix("refused "), words.count == 3 {
      end = .refused(Array(words[2]))
    } else {
      for line in packet.split(separator: UInt8(ascii: "\n")) { take(line) }
    }
  }

  private mutating func take(_ line: ArraySlice<UInt8>) {
    if line.hasPrefix("line ") { lines.append(Line(bytes: Array(line.dropFirst(5)), isURC: false)) }
    if line.hasPrefix("urc ") { lines.append(Line(bytes: Array(line.dropFirst(4)), isURC: true)) }
  }
}

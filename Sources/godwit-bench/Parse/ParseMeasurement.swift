import AT
import CSplitter
import Primitives

/// What one pass over the stream cost.
struct ParseMeasurement: Equatable, Sendable {
  var bytes: Int
  var lines: Int
  var duration: Duration
  /// Calls of malloc and its relatives by this thread.
  var allocations: Int

  /// Bytes a microsecond, which is 10^6 bytes a second.
  var megabytesPerSecond: Double { Double(bytes) / microseconds }
  var linesPerSecond: Double { Double(lines) / microseconds * 1_000_000 }
  var allocationsPerLine: Double { Double(allocations) / Double(max(lines, 1)) }

  private var microseconds: Double {
    let parts = duration.components
    return max(1, Double(parts.seconds) * 1e6 + Double(parts.attoseconds) * 1e-12)
  }

  /// The engine's whole path: bytes in; events with lines, answers and URCs out.
  static func engine(_ stream: ParseStream) -> (ParseMeasurement, seen: ParseTally) {
    var engine = Engine(dialect: .generic)
    var seen = ParseTally()
    let exchanges = ParseStream.exchanges
    let measurement = measure(stream) {
      for read in stream.reads {
        if let exchange = read.exchange { _ = engine.begin(exchanges[exchange], now: .start) }
        // The copy is the read(2) of a process: a new array for what came.
        for event in engine.receive(Array(stream.bytes[read.range]), now: .start) {
          seen.count(event)
        }
      }
    }
    return (measurement, seen)
  }

  /// The plain C splitter over the same reads.
  static func splitter(_ stream: ParseStream) -> (ParseMeasurement, totals: csplitter_totals) {
    var totals = csplitter_totals()
    let measurement = measure(stream) {
      stream.bytes.withUnsafeBufferPointer { all in
        for read in stream.reads {
          let part = all[read.range]
          csplitter_read(all.baseAddress! + part.startIndex, part.count, &totals)
        }
      }
    }
    return (measurement, totals)
  }

  private static func measure(_ stream: ParseStream, _ pass: () -> Void) -> ParseMeasurement {
    let allocations = csplitter_allocations()
    let clock = ContinuousClock()
    let start = clock.now
    pass()
    let duration = clock.now - start
    return ParseMeasurement(
      bytes: stream.bytes.count, lines: stream.lines, duration: duration,
      allocations: Int(csplitter_allocations() - allocations))
  }
}

/// What the engine made of the stream: proof that no line was lost.
struct ParseTally: Equatable, Sendable {
  var answers = 0
  var information = 0
  var urcs = 0

  /// The lines behind the events: each answer has its result code too.
  var lines: Int { answers + information + urcs }

  mutating func count(_ event: Engine.Event) {
    switch event {
    case .urc: urcs += 1
    case .finished(let answer):
      answers += 1
      information += answer.lines.count
    case .write, .resynced: break
    }
  }
}

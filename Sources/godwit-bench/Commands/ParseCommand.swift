/// `godwit-bench parse`: how fast the AT engine reads, beside a plain C splitter in the same run.
enum ParseCommand {
  /// Each is run so often in turn, and the best counts: the machine may have other work.
  static let passes = 3
  private static let megabytes = 64

  static func run(_ words: ArraySlice<String>) throws(BenchError) -> Int32 {
    let arguments = try Arguments(
      words, Arguments.Grammar(flags: ["--json"], options: ["--megabytes", "--seed"]))
    let size = try arguments.number("--megabytes", in: 1...1024) ?? megabytes
    let seed = UInt64(try arguments.number("--seed", in: 0...Int.max) ?? 1)
    let table = try measure(ParseStream(bytes: size << 20, seed: seed), seed: seed)
    Terminal.say(arguments.has("--json") ? table.json : table.text)
    return 0
  }

  private static func measure(_ stream: ParseStream, seed: UInt64) throws(BenchError) -> ParseTable
  {
    var best: (engine: ParseMeasurement, splitter: ParseMeasurement)?
    for _ in 0..<passes {
      let (engine, seen) = ParseMeasurement.engine(stream)
      let (splitter, totals) = ParseMeasurement.splitter(stream)
      guard seen.lines == stream.lines, totals.lines == UInt64(stream.lines) else {
        throw BenchError(
          "\(stream.lines) lines were sent, the engine found \(seen.lines) and the C splitter "
            + "\(totals.lines)", remedy: "report it: the figures would mean nothing")
      }
      best = (
        best.map { $0.engine.duration < engine.duration ? $0.engine : engine } ?? engine,
        best.map { $0.splitter.duration < splitter.duration ? $0.splitter : splitter } ?? splitter
      )
    }
    guard let best else { throw .usage("there was no pass") }
    return ParseTable(
      engine: best.engine, splitter: best.splitter, reads: stream.reads.count, seed: seed)
  }
}

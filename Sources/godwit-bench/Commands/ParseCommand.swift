/// `godwit-bench parse`: how fast the AT engine reads, beside a plain C splitter in the same run.
enum ParseCommand {
  /// Each is run so often in turn, and the best counts: the machine may have other work.
  static let passes = 3
  private static let megabytes = 64

  static func run(_ words: ArraySlice<String>) throws(BenchError) -> Int32 {
    let arguments = try Arguments(
      words, Arguments.Grammar(flags: ["--json"], options: ["--megabytes", "--seed", "--count"]))
    let size = try arguments.number("--megabytes", in: 1...1024) ?? megabytes
    let seed = UInt64(try arguments.number("--seed", in: 0...Int.max) ?? 1)
    if let count = arguments.value("--count") { return try countPasses(count, seed: seed) }
    var table = try measure(ParseStream(bytes: size << 20, seed: seed), seed: seed)
    do throws(BenchError) {
      table.instructions = try InstructionCount.measure(seed: seed)
    } catch {
      Terminal.complain("godwit-bench: instructions aren't counted: \(error.description)")
    }
    Terminal.say(arguments.has("--json") ? table.json : table.text)
    return 0
  }

  /// Only for this program itself, under valgrind: see `InstructionCount`.
  private static func countPasses(_ text: String, seed: UInt64) throws(BenchError) -> Int32 {
    let numbers = text.split(separator: ",").compactMap { Int($0) }
    guard numbers.count == 2, numbers.allSatisfy({ (0...10).contains($0) }) else {
      throw .usage("--count \(text): two numbers of passes, like 1,1")
    }
    InstructionCount.pass(engine: numbers[0], splitter: numbers[1], seed: seed)
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

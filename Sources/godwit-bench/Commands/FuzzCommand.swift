import Primitives

/// `godwit-bench fuzz`: hostile input for each parser of what comes from outside.
enum FuzzCommand {
  private static let usualBytes = 100_000_000

  static func run(_ words: ArraySlice<String>) throws(BenchError) -> Int32 {
    let arguments = try Arguments(
      words, Arguments.Grammar(options: ["--parser", "--bytes", "--seed", "--from"]))
    let bytes = try arguments.number("--bytes", in: 1...1_000_000_000_000) ?? usualBytes
    let seed = UInt64(try arguments.number("--seed", in: 0...Int.max) ?? 1)
    let first = UInt64(try arguments.number("--from", in: 0...Int.max) ?? 0)
    let names = FuzzTarget.allCases.map(\.rawValue)
    let name = try arguments.choice("--parser", of: ["all"] + names)
    FuzzMark.watch()
    var status: Int32 = 0
    for target in FuzzTarget.allCases where name == "all" || name == target.rawValue {
      if !run(FuzzRun(target: target, seed: seed, first: first), bytes: bytes) { status = 1 }
    }
    return status
  }

  private static func run(_ run: FuzzRun, bytes: Int) -> Bool {
    let name = run.target.rawValue
    let start = BenchClock.now
    let report = run.run(bytes: bytes) { done in
      if Terminal.isTerminal { Terminal.complain("\(name): \(done * 100 / bytes) %") }
    }
    let time = (BenchClock.now - start).text
    let extent = "\(report.bytes) bytes in \(report.cases) cases, seed \(run.seed), \(time)"
    if let fault = report.fault {
      Terminal.say("\(name): FAILED after \(extent): \(fault)")
      Terminal.say(
        "    again: godwit-bench fuzz --parser \(name) --seed \(run.seed) --from CASE --bytes 1")
      return false
    }
    Terminal.say("\(name): \(extent), memory grew by \(report.grownKibibytes) KiB, no fault")
    return true
  }
}

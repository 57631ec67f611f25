import Primitives

/// `godwit-bench fuzz`: hostile input for each parser of what comes from outside.
enum FuzzCommand {
  private static let usualBytes = 100_000_000

  static func run(_ words: ArraySlice<String>) throws(BenchError) -> Int32 {
    let arguments = try Arguments(
      words, Arguments.Grammar(options: ["--parser", "--bytes", "--count", "--seed", "--from"]))
    let bytes = try arguments.number("--bytes", in: 1...1_000_000_000_000) ?? usualBytes
    let cases = try arguments.number("--count", in: 1...1_000_000_000_000)
    let extent = cases.map { FuzzRun.Extent.cases($0) } ?? .bytes(bytes)
    let seed = UInt64(try arguments.number("--seed", in: 0...Int.max) ?? 1)
    let first = UInt64(try arguments.number("--from", in: 0...Int.max) ?? 0)
    let names = FuzzTarget.allCases.map(\.rawValue)
    let name = try arguments.choice("--parser", of: ["all"] + names)
    FuzzMark.watch()
    var status: Int32 = 0
    for target in FuzzTarget.allCases where name == "all" || name == target.rawValue {
      if !run(FuzzRun(target: target, seed: seed, first: first), extent) { status = 1 }
    }
    return status
  }

  private static func run(_ run: FuzzRun, _ wanted: FuzzRun.Extent) -> Bool {
    let name = run.target.rawValue
    let start = BenchClock.now
    let report = run.run(wanted) { Terminal.complain("\(name): \($0) %") }
    let time = (BenchClock.now - start).text
    let extent = "\(report.bytes) bytes in \(report.cases) cases, seed \(run.seed), \(time)"
    if let fault = report.fault {
      Terminal.say("\(name): FAILED after \(extent): \(fault)")
      Terminal.say(
        "    again: godwit-bench fuzz --parser \(name) --seed \(run.seed) --from CASE --bytes 1")
      return false
    }
    Terminal.say("\(name): \(extent), memory grew by \(report.grownKibibytes) KiB, no fault")
    if let text = kinds(report) { Terminal.say(text) }
    return true
  }

  /// How many of each kind there were, where a parser decides on commands; nil elsewhere. A command
  /// that was obeyed would have been a fault.
  static func kinds(_ report: FuzzRun.Report) -> String? {
    guard let genuine = report.kinds["true"] else { return nil }
    let forged = report.kinds.filter { $0.key != "true" }
    let lines = forged.sorted { $0.key < $1.key }.map { "    \($0.key) \($0.value)" }
    let sum = forged.values.reduce(0, +)
    let verdict =
      "    \(sum) that aren't genuine: none obeyed; \(genuine) genuine: each obeyed"
    return (lines + [verdict]).joined(separator: "\n")
  }
}

import Primitives
import World

/// `godwit-bench collector`: the server's side alone, on 127.0.0.1.
enum CollectorCommand {
  static func run(_ words: ArraySlice<String>) throws(BenchError) -> Int32 {
    let arguments = try Arguments(
      words,
      Arguments.Grammar(flags: ["--json"], options: ["--port", "--fault", "--seed"]))
    guard let port = try arguments.number("--port", in: 0...65_535) else {
      throw .usage("--port is missing")
    }
    let policy = try CollectorFaultText.policy(
      arguments.values("--fault"),
      seed: UInt64(try arguments.number("--seed", in: 0...Int.max) ?? 1))
    let signals = try Signals()
    let host = try CollectorHost(port: UInt16(port), policy: policy)
    let voice = Voice(isJSON: arguments.has("--json"))
    voice.say("ready", [("port", .number(Int64(host.port)))])
    while true {
      var set = PollSet()
      signals.addInterest(to: &set)
      host.addInterest(to: &set)
      set.wait(until: host.deadline, now: BenchClock.now)
      for arrival in host.serve(set, now: BenchClock.now) { say(arrival, with: voice) }
      if signals.read(set).contains(.stop) { return 0 }
    }
  }

  private static func say(_ arrival: CollectorHost.Arrival, with voice: Voice) {
    guard case .report(let report, _) = arrival.outcome else {
      guard let text = arrival.outcome.text else { return }
      return voice.say(
        "datagram", [("outcome", .text(text)), ("bytes", .number(Int64(arrival.byteCount)))])
    }
    let utc = BenchClock.utc
    if voice.isJSON { return Terminal.say(CollectedText.json(report, at: utc)) }
    let text = CollectedText.report(report, at: utc)
    Terminal.say("\(utc.timeOfDay) report: \(text.line)")
    for row in text.rows { Terminal.say("         \(row.line)") }
  }
}

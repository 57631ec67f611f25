import Primitives
import World

/// The collector's faults by name, as `--fault` takes them.
enum CollectorFaultText {
  /// For `godwit-bench help`: a fault's form and what it does.
  static let table: [(form: String, meaning: String)] = [
    ("lose-requests=PERCENT", "so many datagrams never arrive"),
    ("lose-answers=PERCENT", "so many answers never leave"),
    ("unavailable=N", "the first N reports are answered 5.03 and not kept"),
    ("refuse=PERCENT", "answered 4.00 and not kept"),
    ("separate=PERCENT", "an empty acknowledgement first, the answer on its own"),
    ("separate-delay=MS", "from the one to the other"),
    ("reset=PERCENT", "answered by a reset and not kept"),
  ]

  static func policy(_ texts: [String], seed: UInt64) throws(BenchError) -> CollectorPolicy {
    var policy = CollectorPolicy(seed: seed)
    for text in texts { try add(text, to: &policy) }
    return policy
  }

  private static func add(_ text: String, to policy: inout CollectorPolicy) throws(BenchError) {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    let number = parts.count == 2 ? Array(parts[1].utf8).asciiWholeNumber.map(Int.init) : nil
    switch (parts.first, number) {
    case ("lose-requests", let percent?) where percent <= 100: policy.loseRequestPercent = percent
    case ("lose-answers", let percent?) where percent <= 100: policy.loseAnswerPercent = percent
    case ("unavailable", let count?): policy.unavailableAnswers = count
    case ("refuse", let percent?) where percent <= 100: policy.refusePercent = percent
    case ("separate", let percent?) where percent <= 100: policy.separatePercent = percent
    case ("separate-delay", let span?): policy.separateDelay = .milliseconds(span)
    case ("reset", let percent?) where percent <= 100: policy.resetPercent = percent
    default:
      throw .usage("--fault \(text): one of \(table.map(\.form).joined(separator: ", "))")
    }
  }
}

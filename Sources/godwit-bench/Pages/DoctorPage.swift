import Agent

/// `godwit-bench doctor`: every diagnosis of `godwit doctor`, as Markdown.
enum DoctorPage {
  static func run(_ words: ArraySlice<String>) throws(BenchError) -> Int32 {
    _ = try Arguments(words, Arguments.Grammar())
    Terminal.say(page)
    return 0
  }

  static var page: String {
    var lines = [
      "# What `godwit doctor` says", "",
      "Made by `godwit-bench doctor` from the program's own table. The order is that of the "
        + "questions: what is",
      "nearer to the device is judged first, since nothing behind it can be while it stands.", "",
      "The platform's words in `godwit status`, as the device sees them:", "",
      "| Word | Means |", "|---|---|",
      "| Offline | attached to no network, as far as the device knows |",
      "| Attached | registered, so that SMS arrive; no data session |",
      "| Online | a data session is up; power saving mode keeps it |",
      "| Blocked | the network refuses the SIM or the module for good |", "",
      "| Code | Sentence | What to do |", "|---|---|---|",
    ]
    for diagnosis in Diagnosis.allCases {
      lines.append("| `\(diagnosis.code)` | \(diagnosis.sentence) | \(diagnosis.remedy) |")
    }
    return lines.joined(separator: "\n")
  }
}

import Link

/// The machine as Markdown.
enum LifeCycleText {
  static var page: String {
    var lines = [
      "# The modem's life", "",
      "Made by `godwit-bench life-cycle --text` from the transitions that the link has; a test lets "
        + "every",
      "fault loose on it and holds what happened against this page. `life-cycle.svg` is the drawing.",
      "", "## States", "", "| State | Ends at the latest by | and then because |", "|---|---|---|",
    ]
    lines += LifeCycle.terms.map { "| \($0.stage.text) | \($0.deadline) | \($0.cause) |" }
    lines += ["", "## Changes", "", "| No. | From | To | When |", "|---|---|---|---|"]
    for (index, change) in LifeCycle.transitions.enumerated() {
      let states = "\(change.from.text) | \(change.to.text)"
      lines.append("| \(index + 1) | \(states) | \(change.why) |")
    }
    return lines.joined(separator: "\n")
  }
}

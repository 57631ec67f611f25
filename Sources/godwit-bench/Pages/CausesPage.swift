import Agent
import Cellular
import Primitives

/// `godwit-bench causes`: what is done about each refusal of a network, as Markdown.
enum CausesPage {
  static func run(_ words: ArraySlice<String>) throws(BenchError) -> Int32 {
    _ = try Arguments(words, Arguments.Grammar())
    Terminal.say(page)
    return 0
  }

  static var page: String {
    var lines = [
      "# When the network refuses", "",
      "Made by `godwit-bench causes` from the program's own tables; tests play every cause against the "
        + "whole device.", "",
      "## What is done", "", "| Kind | What is done |", "|---|---|",
    ]
    lines += consequences.map { "| \($0.text) | \(RejectTreatment($0).text) |" }
    lines += [
      "",
      "A refusal holds for that SIM identity with the operator that `[network] operator` names. Where",
      "the module chooses (`auto`), none tells who refused, and it holds for whomever it may choose.",
      "Another SIM or another identity of a multi-IMSI SIM, another operator in the settings and any",
      "other change of the network's settings allow one attempt at once. A board that starts while an",
      "attempt is held back looks whether the SIM is another one, if an hour has passed since the last",
      "radio access: the module goes on and, with the same SIM, off again. What the first operator said",
      "stays true for it alone; other settings than the operator, or a confirmed report with it, end",
      "it. An operator that lets the device in within the attempt ends it before it counts. No",
      "pause is longer than \(hours(AccessLimits.longestBlock)). Whatever the cause, nothing cuts the "
        + "power of SIM or radio and",
      "nothing searches anew before \(minutes(AccessLimits.patience)) have passed, "
        + "\(minutes(AccessLimits.firstPatience)) until the first report was confirmed: a",
      "\"permanent\" refusal is just what comes before such a SIM takes its next identity.", "",
      "## Registration (EMM causes, TS 24.301 §9.9.3.9)", "", "| # | Cause | Kind |",
      "|---|---|---|",
    ]
    lines += RejectCause.all.map { "| \($0.code) | \($0.text) | \($0.consequence.text) |" }
    lines += [
      "", "Any other number is taken for a temporary one.", "",
      "## Data session (ESM causes, TS 24.301 §9.9.4.4)", "", "| # | Cause | Kind |",
      "|---|---|---|",
    ]
    lines += SessionCause.all.map { "| \($0.code) | \($0.text) | \($0.consequence.text) |" }
    lines += [
      "", "## Limits", "",
      "They stand over everything, are kept in the vault before what they count is done, and survive",
      "restarts and power cuts. `[network] limits = off` lifts them for a simulated network alone.",
      "",
      "| What | At most |", "|---|---|",
      "| Radio accesses in an hour | \(AccessLimits.accessesPerHour) |",
      "| Resets of the module in an hour | \(AccessLimits.resetsPerHour) |",
      "| Power cycles of the ladder in a day | \(AccessLimits.powerCyclesPerDay) |",
      "| Cold starts between reports in a day | \(AccessLimits.startsPerDay), or the module's own limit |",
      "| Restarts of the board in a day | \(AccessLimits.boardRestartsPerDay) |",
      "| Searching in vain in a day | \(hours(AccessLimits.searchPerDay)) |",
      "| Waits after failures in a row | \(waits), ±20 % for each device |",
    ]
    return lines.joined(separator: "\n")
  }

  private static let consequences: [RejectCause.Consequence] = [
    .identityRefused, .placeRefused, .sessionRefused, .congestion, .networkPause, .temporary,
  ]

  private static var waits: String {
    BackOff.standardSteps.map { $0 < .seconds(7200) ? minutes($0) : hours($0) }
      .joined(separator: ", ")
  }

  private static func minutes(_ span: Duration) -> String { "\(span.wholeSeconds / 60) min" }
  private static func hours(_ span: Duration) -> String { "\(span.wholeSeconds / 3600) h" }
}

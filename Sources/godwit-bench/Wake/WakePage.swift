/// `board/wake.md`.
enum WakePage {
  static func text() throws(BenchError) -> String {
    var rows: [WakeSummary] = []
    for facts in WakeFacts.all { rows += try WakeWorld.summaries(facts) }
    return text(rows)
  }

  static func text(_ rows: [WakeSummary]) -> String {
    [head, table(rows), "", reasons(rows), floorHead, floors(rows)].joined(separator: "\n")
  }

  private static let head = """
    # What a report costs

    For each family of modules, what one report takes from the wake of the modem to its next rest: a cold
    one, which finds the modem off and its stored settings right, and a warm one, which finds it asleep in
    PSM with its registration kept. A family without PSM rests in `standby`, which is off. Made by
    `godwit-bench wake --page` on a virtual clock, with the typical times of a real network, and so
    without the time that the host computes; `godwit-bench wake` measures that too, on the real process.
    Modules and network are simulated from the documents: no figure here was taken of a real module.

    An exchange is one command line to its final result, prompt and payload included; a probe that nobody
    answers counts. A warm report may take 6, and a cold one 14. The exchanges are the most of
    \(WakeWorld.seeds.count) runs, each with another boot and firmware of the family; bytes, time and charge are the
    means. Nothing is added for SMS: listing them takes one exchange more.

    """

  private static func table(_ rows: [WakeSummary]) -> String {
    let head = [
      "|family|report|exchanges|UART bytes|wake to confirmed|charge|floor|ratio|",
      "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    let lines = rows.map { row in
      let cells = [
        row.module, row.kind.text, "\(row.exchanges)", "\(row.uartBytes)",
        "\(row.total.wholeMilliseconds) ms", Screen.charge(row.chargeMicrocoulombs),
        Screen.charge(row.floor.microcoulombs),
        WakeTable.ratio(row.chargeMicrocoulombs, to: row.floor),
      ]
      return "|" + cells.joined(separator: "|") + "|"
    }
    return (head + lines).joined(separator: "\n")
  }

  private static func reasons(_ rows: [WakeSummary]) -> String {
    let lines = rows.compactMap { row -> String? in
      guard let facts = WakeFacts.of(row.module),
        let reason = WakeBudget(row.kind, of: facts).reason
      else { return nil }
      return
        "- \(row.module), \(row.kind.text): \(WakeBudget(row.kind, of: facts).exchanges), for \(reason)."
    }
    return "These may take more:\n\n" + lines.joined(separator: "\n") + "\n"
  }

  private static let floorHead = """
    The floor is what the module and the network take in any case: a sum of currents and times from the
    makers' documents, reckoned without the driver and without the simulator. These are its terms for the
    BG95; `godwit-bench wake --explain` shows those of each family. The boot begins
    with the end of the shortest pulse that starts the module, and is the middle of the family's range.

    """

  private static func floors(_ rows: [WakeSummary]) -> String {
    rows.filter { $0.module == "quectel-bg95" }.map { row in
      let head = ["|\(row.kind.text)|time|current|charge|", "|---|--:|--:|--:|"]
      let lines = row.floor.terms.map { term in
        "|\(term.name)|\(term.time.wholeMilliseconds) ms|\(term.microamperes / 1000)."
          + "\(term.microamperes / 100 % 10) mA|\(Screen.charge(term.microcoulombs))|"
      }
      let sum = ["|sum|||\(Screen.charge(row.floor.microcoulombs))|", ""]
      return (head + lines + sum).joined(separator: "\n")
    }.joined(separator: "\n")
  }
}

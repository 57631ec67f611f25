/// `board/wake.md`.
enum WakePage {
  static func text() throws(BenchError) -> String {
    var rows: [WakeTable.Row] = []
    for facts in WakeFacts.all { rows += try WakeWorld.rows(facts) }
    return text(rows)
  }

  static func text(_ rows: [WakeTable.Row]) -> String {
    [head, table(rows), "", floorHead, floors(rows)].joined(separator: "\n")
  }

  private static let head = """
    # What a report costs

    For each family of modules, what one report takes from the wake of the modem to its next rest: a cold
    one, which finds the modem off and its stored settings right, and a warm one, which finds it asleep in
    PSM with its registration kept. A family without PSM rests in `standby`, which is off. Made by
    `godwit-bench wake --page` on a virtual clock, with the typical times of a real network, and so
    without the host's own time; `godwit-bench wake` measures that too, on the real process.

    An exchange is one command line to its final result, prompt and payload included, and a probe that
    nobody answers counts. A warm report may take 6, and a cold one 14.

    """

  private static func table(_ rows: [WakeTable.Row]) -> String {
    let head = [
      "|family|report|exchanges|UART bytes|wake to confirmed|charge|floor|ratio|",
      "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    let lines = rows.map { row in
      let (report, all) = (row.report, row.report.whole)
      let cells = [
        row.module, report.kind.text, "\(all.exchanges)",
        "\(all.bytesFromHost + all.bytesFromModem)", "\(report.total.wholeMilliseconds) ms",
        Screen.charge(report.chargeMicrocoulombs), Screen.charge(row.floor.microcoulombs),
        WakeTable.ratio(row),
      ]
      return "|" + cells.joined(separator: "|") + "|"
    }
    return (head + lines).joined(separator: "\n")
  }

  private static let floorHead = """
    The floor is what the module and the network take in any case: a sum of currents and times from the
    makers' documents, reckoned without the driver and without the simulator. These are its terms for the
    BG95; `godwit-bench wake --explain` shows those of each family.

    """

  private static func floors(_ rows: [WakeTable.Row]) -> String {
    rows.filter { $0.module == "quectel-bg95" }.map { row in
      let head = ["|\(row.report.kind.text)|time|current|charge|", "|---|--:|--:|--:|"]
      let lines = row.floor.terms.map { term in
        "|\(term.name)|\(term.time.wholeMilliseconds) ms|\(term.microamperes / 1000)."
          + "\(term.microamperes / 100 % 10) mA|\(Screen.charge(term.microcoulombs))|"
      }
      let sum = ["|sum|||\(Screen.charge(row.floor.microcoulombs))|", ""]
      return (head + lines + sum).joined(separator: "\n")
    }.joined(separator: "\n")
  }
}

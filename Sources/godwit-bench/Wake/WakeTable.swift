import Primitives

/// What `godwit-bench wake` prints.
enum WakeTable {
  static func preface(reports: Int) -> String {
    """
    Measuring \(reports) reports, 40 s apart: some \(40 * reports) s. The module and the network take \
    real times (boot, search, attach, 10 s of radio tail); only the active time of 2 s and the \
    interval are shorter than in the field.
    """
  }

  /// A table for people.
  static func text(_ reports: [WakeReport], module: String) -> String {
    let titles = [
      "module", "kind", "exchanges", "UART bytes", "wake to confirmed", "of it the host's",
      "charge",
    ]
    let rows = reports.map { report in
      [
        module, report.kind.text, "\(report.count.exchanges) + \(report.exchangesAfter)",
        "\(report.count.bytesFromHost) out, \(report.count.bytesFromModem) in",
        "\(report.total.wholeMilliseconds) ms", "\(report.count.hostTime.wholeMilliseconds) ms",
        Screen.charge(report.chargeMicrocoulombs),
      ]
    }
    let widths = titles.indices.map { column in
      ([titles] + rows).map { $0[column].count }.max() ?? 0
    }
    let lines = ([titles] + rows).map { row in
      zip(row, widths).reduce("") { line, cell in
        let gap = line.isEmpty ? "" : "  "
        return line + gap + String(repeating: " ", count: max(0, cell.1 - cell.0.count)) + cell.0
      }
    }
    let notes = """
      wake: the power key. exchanges: command lines to their final result, probes included, up to the
      confirmation; + those after it. UART bytes: out of the host, into the host, up to there.
      the host's: from the modem's last byte to the host's next, summed. charge: until the modem slept.
      """
    return lines.joined(separator: "\n") + "\n\n" + notes
  }

  /// A list of objects.
  static func json(_ reports: [WakeReport], module: String) -> String {
    var json = JSONWriter()
    json.beginArray()
    for report in reports { report.write(to: &json, module: module) }
    json.endArray()
    return String(decoding: json.bytes, as: UTF8.self)
  }
}

import Primitives

/// What `godwit-bench wake` prints.
enum WakeTable {
  /// A report beside the least that it can cost.
  struct Row: Equatable, Sendable {
    var module: String
    var report: WakeReport
    var floor: ChargeFloor
  }

  static let preface = """
    Measuring: some 3 min. Every module sets itself up first, then a cold report is taken and those \
    behind it. The module and the network take real times (boot, search, attach, 10 s of radio \
    tail); only the active time of 2 s and the interval are shorter than in the field.
    """

  /// A table for people.
  static func text(_ rows: [Row]) -> String {
    let titles = [
      "module", "kind", "exchanges", "UART bytes", "wake to confirmed", "the host's", "charge",
      "floor", "ratio",
    ]
    let cells = rows.map { row in
      let report = row.report
      let after = report.whole.exchanges - report.untilConfirmed.exchanges
      return [
        row.module, report.kind.text, "\(report.untilConfirmed.exchanges) + \(after)",
        "\(report.whole.bytesFromHost) out, \(report.whole.bytesFromModem) in",
        "\(report.total.wholeMilliseconds) ms",
        "\(report.untilConfirmed.hostTime.wholeMilliseconds) ms",
        Screen.charge(report.chargeMicrocoulombs), Screen.charge(row.floor.microcoulombs),
        ratio(report.chargeMicrocoulombs, to: row.floor),
      ]
    }
    return aligned([titles] + cells) + "\n\n" + notes
  }

  private static let notes = """
    wake: the power key, or for a module without one its supply and later the host's first byte.
    exchanges: command lines to their final result, probes included: up to the confirmation + after it.
    UART bytes: out of the host, into the host. the host's: from the modem's last byte to the host's
    next, summed up to the confirmation, without the pauses that the module's manual asks for. charge:
    from the wake until the modem slept or was off. floor: the least that it can cost (--explain).
    standby: the module has no PSM, and was off.
    """

  /// The floor, a term a line.
  static func explained(_ row: Row) -> String {
    let head = "floor of \(row.module), \(row.report.kind.text):"
    let lines = row.floor.terms.map { term in
      [
        term.name, "\(term.time.wholeMilliseconds) ms",
        "\(term.microamperes / 1000).\(term.microamperes / 100 % 10) mA",
        Screen.charge(term.microcoulombs),
      ]
    }
    let sum = ["sum", "", "", Screen.charge(row.floor.microcoulombs)]
    return head + "\n" + aligned(lines + [sum])
  }

  /// Of the charge to its floor, in hundredths: `1.07`.
  static func ratio(_ microcoulombs: Int64, to floor: ChargeFloor) -> String {
    guard floor.microcoulombs > 0 else { return "" }
    let hundredths = (microcoulombs * 100 + floor.microcoulombs / 2) / floor.microcoulombs
    let part = hundredths % 100
    return "\(hundredths / 100).\(part < 10 ? "0" : "")\(part)"
  }

  private static func aligned(_ rows: [[String]]) -> String {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0
    }
    return rows.map { row in
      zip(row, widths).reduce("") { line, cell in
        let gap = line.isEmpty ? "" : "  "
        return line + gap + String(repeating: " ", count: max(0, cell.1 - cell.0.count)) + cell.0
      }
    }.joined(separator: "\n")
  }

  /// A list of objects.
  static func json(_ rows: [Row]) -> String {
    var json = JSONWriter()
    json.beginArray()
    for row in rows { row.report.write(to: &json, module: row.module, floor: row.floor) }
    json.endArray()
    return String(decoding: json.bytes, as: UTF8.self)
  }
}

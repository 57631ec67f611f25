import Primitives

/// What the desk looks like: a pure function from its state to lines.
enum Screen {
  /// Below this a terminal shows what fits and no more.
  static let leastHeight = 12
  private static let labelWidth = 11
  /// Rows of the last report's table at most, without its title.
  private static let tableLimit = 8
  private static let logLeast = 2

  /// - Parameters:
  ///   - width: the terminal's columns; longer lines are cut with `…`.
  ///   - height: its rows; what is worth least goes first: picture, table, older events.
  static func lines(_ state: DeskState, width: Int, height: Int) -> [StyledLine] {
    let summary = summary(state)
    let bottom = [StyledLine()] + footer(state)
    let picture = picture(state, width: width)
    // The picture says more than what the network's name means, where there is room for one only.
    let fixed = summary.count + picture.count + 1 + logLeast + 2 + bottom.count
    let top = header(state, isShort: height < header(state).count + fixed) + summary
    var room = height - top.count - bottom.count - logLeast - 2
    var middle: [StyledLine] = []
    for part in [picture, table(state)] where !part.isEmpty {
      guard part.count + 1 <= room else { continue }
      middle += [StyledLine()] + part
      room -= part.count + 1
    }
    let logRows = max(1, height - top.count - bottom.count - middle.count - 2)
    let lines = top + middle + log(state, rows: logRows) + bottom
    return lines.prefix(height).map { $0.cut(to: width) }
  }

  /// With the empty line behind it.
  private static func header(_ state: DeskState, isShort: Bool = false) -> [StyledLine] {
    var title = StyledLine("GODWIT DESK", .strong)
    title.add("  a simulated \(state.module) in the ")
    title.add(state.network.name, .warning)
    title.add(" network")
    let meaning = isShort ? [] : state.network.meaning.map { StyledLine($0, .faint) }
    return [title] + meaning + [StyledLine()]
  }

  private static func summary(_ state: DeskState) -> [StyledLine] {
    [modem(state.modem), wakes(state.modem), device(state), readings(state), reports(state)]
      + messages(state)
  }

  private static func modem(_ modem: DeskState.Modem) -> StyledLine {
    var line = labelled("modem")
    line.add(modem.state, .strong)
    line.pad(to: 30)
    line.add(modem.registration)
    line.pad(to: 54)
    line.add(modem.isStatusOn ? "STATUS on" : "STATUS off", modem.isStatusOn ? .usual : .faint)
    line.pad(to: 66)
    line.add(charge(modem.chargeMicrocoulombs))
    return line
  }

  private static func wakes(_ modem: DeskState.Modem) -> StyledLine {
    var line = labelled("wakes")
    line.add("\(modem.pulses) by power key")
    line.pad(to: 30)
    line.add("\(modem.sleeps) sleeps in PSM")
    if modem.violations > 0 {
      line.pad(to: 54)
      line.add("\(modem.violations) violations", .bad)
    }
    return line
  }

  private static func device(_ state: DeskState) -> StyledLine {
    var line = labelled("device")
    if let exit = state.exit {
      line.add("godwit \(exit)", .bad)
      return line
    }
    guard let device = state.device else {
      line.add("starting", .faint)
      return line
    }
    line.add(device.state ?? "unknown", .strong)
    if let cause = device.cause { line.add(" (\(cause))") }
    if let phase = device.phase { line.add(", \(phase)") }
    if let failure = device.lastFailure { line.add(": \(failure)", .warning) }
    return line
  }

  private static func readings(_ state: DeskState) -> StyledLine {
    var line = labelled("readings")
    guard let readings = state.device?.readings else {
      line.add("not known yet", .faint)
      return line
    }
    line.add("\(readings.waiting ?? 0) waiting")
    line.pad(to: 30)
    line.add("\(readings.delivered ?? 0) delivered")
    let (setAside, lost) = (readings.setAside ?? 0, readings.lost ?? 0)
    if setAside > 0 { line.add(", \(setAside) set aside", .warning) }
    if lost > 0 { line.add(", \(lost) lost", .bad) }
    return line
  }

  private static func reports(_ state: DeskState) -> StyledLine {
    var line = labelled("reports")
    let wanted = state.wanted.map { " of \($0)" } ?? ""
    line.add("\(state.confirmed)\(wanted) confirmed", state.confirmed > 0 ? .good : .usual)
    line.pad(to: 30)
    if let next = state.nextReport {
      let left = max(.zero, next - state.now)
      let seconds = left.wholeSeconds
      line.add(seconds > 0 ? "next in \(Duration.seconds(seconds).text)" : "next due now")
    }
    guard let sent = state.device?.reports?.attempts else { return line }
    line.pad(to: 54)
    line.add("\(sent) attempts")
    if let failed = state.device?.reports?.failed, failed > 0 {
      line.add(", \(failed) failed", .warning)
    }
    return line
  }

  /// What came and went, and what it changed; a trial stands where else the way to send does.
  private static func messages(_ state: DeskState) -> [StyledLine] {
    guard let messages = state.messages else { return [] }
    var line = labelled("messages")
    line.add("\(messages.delivered) to the device")
    if messages.waiting > 0 { line.add(", \(messages.waiting) waiting", .warning) }
    line.pad(to: 40)
    line.add("\(messages.received) from it", messages.received > 0 ? .good : .usual)
    line.pad(to: 54)
    if let apn = state.device?.network?.apn { line.add("APN \(apn)") }
    var more = labelled("")
    guard let trial = state.device?.trial else {
      more.add(messages.access, .faint)
      return [line, more]
    }
    more.add("\(trial.settings): \(trial.outcome)", .warning)
    if let left = trial.endsInMilliseconds {
      more.add(", \(Duration.seconds(left / 1000).text) left", .warning)
    }
    return [line, more]
  }

  /// A row for each activity, the time running to the right: looking beats reading.
  private static func picture(_ state: DeskState, width: Int) -> [StyledLine] {
    let labelWidth = 17
    let chartWidth = min(width - labelWidth - 12, Timeline.limit)
    guard chartWidth >= 20, !state.activities.isEmpty else { return [] }
    var lines: [StyledLine] = []
    for (index, activity) in state.activities.enumerated() {
      var line = StyledLine(activity.name, .faint)
      line.pad(to: labelWidth)
      line.add(state.timeline.row(index, width: chartWidth), .good)
      line.pad(to: labelWidth + chartWidth + 1)
      line.add(charge(activity.chargeMicrocoulombs), .faint)
      lines.append(line)
    }
    var axis = StyledLine()
    axis.pad(to: labelWidth)
    let span = "\((state.timeline.slice * chartWidth).text) ago"
    axis.add(span, .faint)
    axis.pad(to: labelWidth + chartWidth - 3)
    axis.add("now", .faint)
    return lines + [axis]
  }

  private static func table(_ state: DeskState) -> [StyledLine] {
    guard let report = state.lastReport else { return [] }
    var title = StyledLine("last report", .strong)
    title.pad(to: 17)
    title.add("\(report.identity)  \(report.rows.count) readings, \(report.byteCount) bytes")
    title.add(", confirmed at \(report.at)")
    let rows = report.rows.suffix(tableLimit).map { row in
      var line = StyledLine("  " + row.name)
      line.pad(to: 28)
      line.add(String(repeating: " ", count: max(0, 12 - row.value.count)) + row.value, .strong)
      line.add(" " + row.unit)
      line.pad(to: 54)
      line.add(row.time, .faint)
      return line
    }
    let left = report.rows.count - rows.count
    let more = left > 0 ? [StyledLine("  and \(left) before these", .faint)] : []
    return [title] + rows + more
  }

  private static func log(_ state: DeskState, rows: Int) -> [StyledLine] {
    let shown = state.log.suffix(rows).map { StyledLine($0) }
    let blank = [StyledLine](repeating: StyledLine(), count: rows - shown.count)
    return [StyledLine(), StyledLine("events", .strong)] + shown + blank
  }

  private static func footer(_ state: DeskState) -> [StyledLine] {
    [
      StyledLine("Ctrl-C stops everything. From another shell:", .faint),
      StyledLine(state.putCommand, .strong),
    ]
  }

  private static func labelled(_ label: String) -> StyledLine {
    var line = StyledLine(label, .faint)
    line.pad(to: labelWidth)
    return line
  }

  /// `812 µC`, `81.2 mC`, `1234 mC`.
  static func charge(_ microcoulombs: Int64) -> String {
    if microcoulombs < 1000 { return "\(microcoulombs) µC" }
    if microcoulombs < 1_000_000 {
      return "\(microcoulombs / 1000).\(microcoulombs / 100 % 10) mC"
    }
    return "\(microcoulombs / 1000) mC"
  }
}

import Primitives

/// Runs scenarios one after another and keeps the traces of those that fail.
final class HilRunner {
  private let place: HilPlace
  private let keep: String
  private let isFull: Bool
  private let interruption: Interruption

  /// - Parameter keep: the folder for the traces of failures; made when it is needed.
  init(place: HilPlace, keep: String, isFull: Bool, interruption: Interruption) {
    self.place = place
    self.keep = keep
    self.isFull = isFull
    self.interruption = interruption
  }

  /// - Parameter say: takes each piece of the TAP stream as it comes.
  /// - Throws: when nothing can be run at all, such as without an image.
  func run(_ scenarios: [HilScenario], say: (String) -> Void) throws(BenchError) -> HilReport {
    var report = HilReport(board: place.name)
    // What stops every scenario is said once, before the first.
    let trial = try Path.makeTemporaryFolder()
    defer { HilFiles.removeTree(trial) }
    _ = try place.source(folder: trial)
    say(HilReport.header(count: scenarios.count))
    for (index, scenario) in scenarios.enumerated() {
      let result = try run(scenario)
      report.results.append(result)
      say(HilReport.tap(result, number: index + 1))
      if interruption.wasAsked {
        say("Bail out! interrupted")
        break
      }
    }
    return report
  }

  private func run(_ scenario: HilScenario) throws(BenchError) -> HilResult {
    var result = HilResult(
      label: scenario.label, title: scenario.title, outcome: .passed, took: .zero)
    if let reason = scenario.reasonToSkip(board: place.name, abilities: place.abilities) {
      result.outcome = .skipped(reason)
      return result
    }
    let folder = try Path.makeTemporaryFolder()
    defer { HilFiles.removeTree(folder) }
    let source = try place.source(folder: folder)
    let began = BenchClock.now
    let notes = HilNotes()
    let bench = HilBench(
      source: source, interruption: interruption, folder: folder, isFull: isFull,
      register: { notes.rigs.append($0) }, say: { notes.remarks.append($0) })
    do throws(HilFailure) {
      try scenario.run(bench)
    } catch {
      result.outcome = .failed(error.what)
    }
    for rig in notes.rigs { rig.cutPower() }
    result.took = BenchClock.now - began
    result.remarks = notes.remarks
    if case .failed(let what) = result.outcome {
      result.kept = try HilTraces.keep(
        notes.rigs, of: scenario, because: what, under: keep)
      result.said = notes.rigs.last.map(HilTraces.excerpts) ?? []
    }
    return result
  }
}

/// What a scenario leaves behind while it runs.
private final class HilNotes {
  var rigs: [HilRig] = []
  var remarks: [String] = []
}

/// The files that show what happened in a failure.
enum HilTraces {
  /// - Returns: the folder.
  static func keep(
    _ rigs: [HilRig], of scenario: HilScenario, because reason: String, under keep: String
  ) throws(BenchError) -> String {
    let folder = Path.join(keep, scenario.label)
    try HilFiles.makeFolders(folder)
    try Path.write("\(scenario.title)\n\n\(reason)\n", to: Path.join(folder, "failure.txt"))
    for (index, rig) in rigs.enumerated() {
      let mark = rigs.count == 1 ? "" : "-\(index + 1)"
      if rig.side is BoardModem {
        try Path.write(uart(rig), to: Path.join(folder, "uart\(mark).trace"))
      }
      let pins = rig.side.pins.text(from: rig.began)
      try Path.write(pins, to: Path.join(folder, "pins\(mark).trace"))
      let console = rig.consoleLines.joined(separator: "\n") + "\n"
      try Path.write(console, to: Path.join(folder, "console\(mark).log"))
      let shell = rig.shellLines.joined(separator: "\n") + "\n"
      try Path.write(shell, to: Path.join(folder, "shell\(mark).log"))
    }
    return folder
  }

  /// What the board said last. Where its shell is its console too, once is enough.
  static func excerpts(_ rig: HilRig) -> [HilExcerpt] {
    let console = HilExcerpt("console", of: rig.consoleTail)
    let shell = HilExcerpt("shell", of: rig.shellLines)
    let isNews = shell.lines.contains { !console.lines.contains($0) }
    return [console, shell].filter { !$0.lines.isEmpty && ($0.name == "console" || isNews) }
  }

  /// A pause longer than this between two bytes is told; QEMU's UART hands them on one by one.
  private static let burstGap = Duration.milliseconds(5)

  /// In the form of the simulator's own traces; the first wait is counted from the rig's start.
  private static func uart(_ rig: HilRig) -> String {
    var bursts: [UARTTrace.Entry] = []
    var end = rig.began
    for entry in rig.side.trace.entries {
      if let last = bursts.last, last.direction == entry.direction, entry.at - end < burstGap {
        bursts[bursts.count - 1].bytes += entry.bytes
      } else {
        bursts.append(entry)
      }
      end = entry.at
    }
    var last = rig.began
    var lines = ["# module: simulated Quectel BG95", "# framing: exact"]
    for burst in bursts {
      lines += TraceText.lines(for: burst, after: burst.at - last)
      last = burst.at
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

import Primitives

/// How a scenario went.
struct HilResult: Equatable, Sendable {
  enum Outcome: Equatable, Sendable {
    case passed
    case failed(String)
    case skipped(String)
  }

  var label: String
  var title: String
  var outcome: Outcome
  var took: Duration
  var remarks: [String] = []
  /// The folder with the traces of a failure.
  var kept: String?
  /// What was said last before a failure, so that the report alone tells what happened.
  var said: [HilExcerpt] = []
}

/// The end of a log, short enough for a report.
struct HilExcerpt: Equatable, Sendable {
  /// Lines, and characters of a line, at most.
  static let lineLimit = 15
  static let widthLimit = 200

  let name: String
  let lines: [String]

  /// The last lines of a log; longer ones are cut.
  init(_ name: String, of log: [String]) {
    self.name = name
    lines = log.suffix(Self.lineLimit).map { line in
      line.count > Self.widthLimit ? line.prefix(Self.widthLimit) + "…" : line
    }
  }
}

/// Results for people and for machines.
struct HilReport: Equatable, Sendable {
  let board: String
  var results: [HilResult] = []

  var failures: Int {
    results.filter { if case .failed = $0.outcome { true } else { false } }.count
  }
  var skipped: Int {
    results.filter { if case .skipped = $0.outcome { true } else { false } }.count
  }

  /// The first lines of a TAP stream (testanything.org, version 13).
  static func header(count: Int) -> String { "TAP version 13\n1..\(count)" }

  /// One result as TAP: its line, then comments, and for a failure a YAML block.
  static func tap(_ result: HilResult, number: Int) -> String {
    let name = "\(number) - \(result.label): \(result.title)"
    var lines: [String]
    switch result.outcome {
    case .passed: lines = ["ok \(name) # \(result.took.text)"]
    case .skipped(let reason): lines = ["ok \(name) # SKIP \(reason)"]
    case .failed(let what):
      lines = ["not ok \(name) # \(result.took.text)", "  ---", "  message: |"]
      lines += what.split(separator: "\n").map { "    \($0)" }
      if let kept = result.kept { lines.append("  traces: \(kept)") }
      for excerpt in result.said {
        lines += ["  \(excerpt.name): |"] + excerpt.lines.map { "    \($0)" }
      }
      lines.append("  ...")
    }
    return (lines + result.remarks.map { "# \($0)" }).joined(separator: "\n")
  }

  /// The summary as a TAP comment and the plain line that test runners look for.
  var summary: String {
    let passed = results.count - failures - skipped
    return "\(passed) passed, \(failures) failed, \(skipped) skipped"
  }

  /// JUnit's XML, as most build servers read it.
  var junit: String {
    let seconds = results.reduce(Duration.zero) { $0 + $1.took }
    var text = #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n"
    text += "<testsuite name=\"hil.\(Self.escaped(board))\" tests=\"\(results.count)\""
    text += " failures=\"\(failures)\" skipped=\"\(skipped)\" time=\"\(Self.seconds(seconds))\">\n"
    for result in results {
      text += "  <testcase classname=\"hil.\(Self.escaped(board))\""
      text += " name=\"\(Self.escaped(result.label + ": " + result.title))\""
      text += " time=\"\(Self.seconds(result.took))\">\n"
      switch result.outcome {
      case .passed: break
      case .skipped(let reason): text += "    <skipped message=\"\(Self.escaped(reason))\"/>\n"
      case .failed(let what):
        text += "    <failure message=\"\(Self.escaped(what))\">"
        var details = result.kept.map { ["traces: \($0)"] } ?? []
        for excerpt in result.said { details += ["\(excerpt.name):"] + excerpt.lines }
        text += "\(Self.escaped(details.joined(separator: "\n")))</failure>\n"
      }
      if !result.remarks.isEmpty {
        text += "    <system-out>\(Self.escaped(result.remarks.joined(separator: "\n")))"
        text += "</system-out>\n"
      }
      text += "  </testcase>\n"
    }
    return text + "</testsuite>\n"
  }

  /// Text for an XML attribute or element; what XML 1.0 doesn't allow at all becomes `?`.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\n": escaped += "&#10;"
      case "\t", " "..."\u{D7FF}", "\u{E000}"..."\u{FFFD}", "\u{10000}"...:
        escaped.unicodeScalars.append(scalar)
      default: escaped += "?"
      }
    }
    return escaped
  }

  /// Seconds with three decimals.
  private static func seconds(_ span: Duration) -> String {
    let (whole, part) = span.wholeMilliseconds.quotientAndRemainder(dividingBy: 1000)
    return "\(whole)." + String(repeating: "0", count: 3 - String(part).utf8.count) + "\(part)"
  }
}

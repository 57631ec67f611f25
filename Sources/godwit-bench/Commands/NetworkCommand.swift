import ModemSimulator
import Primitives

/// `godwit-bench network`: the accelerated network's values beside the real ones, as Markdown.
enum NetworkCommand {
  static func run(_ words: ArraySlice<String>) throws(BenchError) -> Int32 {
    _ = try Arguments(words, Arguments.Grammar())
    Terminal.say(table.joined(separator: "\n"))
    return 0
  }

  /// One line a row; the same table stands in board/desk/README.md.
  static var table: [String] {
    let (fast, real) = (NetworkTiming.accelerated, NetworkTiming.real)
    let head = ["| What the network does | accelerated | real |", "|---|---|---|"]
    return head
      + ranges.map { "| \($0.name) | \(text($0.of(fast))) | \(text($0.of(real))) |" }
      + spans.map { "| \($0.name) | \($0.of(fast).text) | \($0.of(real).text) |" }
  }

  private struct Range: Sendable {
    let name: String
    let of: @Sendable (NetworkTiming) -> ClosedRange<Duration>
  }

  private struct Span: Sendable {
    let name: String
    let of: @Sendable (NetworkTiming) -> Duration
  }

  private static let ranges = [
    Range(name: "search at the last cell") { $0.knownSearch },
    Range(name: "search of all bands") { $0.fullSearch },
    Range(name: "attach") { $0.attach },
    Range(name: "finding the cell again after PSM") { $0.camp },
    Range(name: "idle to connected") { $0.access },
    Range(name: "tracking area update") { $0.trackingAreaUpdate },
    Range(name: "PDP context up or down") { $0.contextChange },
    Range(name: "datagram up") { $0.uplink },
    Range(name: "datagram down") { $0.downlink },
    Range(name: "paging") { $0.paging },
    Range(name: "name look-up") { $0.nameLookUp },
    Range(name: "log-out at power-off") { $0.detach },
    Range(name: "operator scan") { $0.operatorScan },
  ]

  private static let spans = [
    Span(name: "radio tail: release after the last activity") { $0.inactivityTail },
    Span(name: "the same with release assistance (NB-IoT)") { $0.assistedTail },
    Span(name: "pause between fruitless searches") { $0.searchPause },
    Span(name: "pause after a refused attach (T3411)") { $0.attachRetry },
    Span(name: "pause after five of them (T3402)") { $0.attachPause },
    Span(name: "periodic update where none was granted (T3412)") { $0.periodicUpdate },
  ]

  private static func text(_ range: ClosedRange<Duration>) -> String {
    "\(range.lowerBound.text) to \(range.upperBound.text)"
  }
}

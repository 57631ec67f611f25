import Link
import Modems
import Primitives

/// `godwit-bench sleep`: how each module rests, by grant and report interval, as Markdown.
enum SleepPage {
  static func run(_ words: ArraySlice<String>) throws(BenchError) -> Int32 {
    _ = try Arguments(words, Arguments.Grammar())
    Terminal.say(page)
    return 0
  }

  static var page: String {
    var lines = [
      "# How the modem rests between reports", "",
      "Made by `godwit-bench sleep` with the device's own plan, `SleepPlan`, which decides anew at "
        + "every",
      "registration: the rest that costs the modem the least charge in a day at this report interval. "
        + "Here the",
      "wakes take what is assumed until they were measured: a boot of \(milliseconds(times.boot)), an "
        + "attach of \(milliseconds(times.cold)), an exchange",
      "of \(milliseconds(times.exchange)), and the network holds the connection for "
        + "\(milliseconds(WakeTimes.assumedTail)) unless it says otherwise.",
      "`godwit status` shows the plan with the device's own figures.", "",
      "A cell has the rest and its charge in coulombs a day (3.6 C are 1 mAh). An attach more often "
        + "than each",
      "\(span(SleepPlan.shortestAttachInterval)) is avoided where there is another way. Where every "
        + "report needs an attach, an hour sees",
      "\(SleepPlan.attachesPerHour) of them at most: marked *, reports then come each "
        + "\(span(SleepPlan.attachGap)) on average, with all readings.",
    ]
    for group in groups { lines += section(group) }
    return lines.joined(separator: "\n")
  }

  private static var times: WakeTimes { WakeTimes() }

  /// Families that draw the same.
  private struct Group {
    var names: [String]
    var module: ModuleProfile
  }

  private static var groups: [Group] {
    var groups: [Group] = []
    for module in ModuleProfile.all {
      let traits = module.restTraits
      let same = groups.firstIndex {
        $0.module.restTraits.currents == traits.currents
          && "\($0.module.restTraits.source)" == "\(traits.source)"
          && hasPSM($0.module) == hasPSM(module)
      }
      if let same {
        groups[same].names.append("\(module.name)")
      } else {
        groups.append(Group(names: ["\(module.name)"], module: module))
      }
    }
    return groups
  }

  private static func hasPSM(_ module: ModuleProfile) -> Bool {
    module.ability(of: .psm) != .no
  }

  private static func section(_ group: Group) -> [String] {
    let traits = group.module.restTraits
    var lines = [
      "", "## \(group.names.joined(separator: ", "))", "", "Currents: \(traits.source).", "",
    ]
    lines.append("| Grant |" + intervals.map { " \(span($0)) |" }.joined() + " Changes at |")
    lines.append("|---|" + intervals.map { _ in "---|" }.joined() + "---|")
    for grant in hasPSM(group.module) ? grants : [grants[0]] {
      let cells = intervals.map { interval -> String in
        let plan = decide(traits, grant, interval)
        let own = plan.candidates.first { $0.rest == plan.rest }?.microcoulombsPerDay ?? 0
        return " \(plan.rest.text) \(coulombs(own))\(plan.isStretched ? " *" : "") |"
      }
      lines.append("| \(grant.name) |" + cells.joined() + " \(breaks(traits, grant)) |")
    }
    return lines
  }

  private struct Grant {
    var name: String
    var change: @Sendable (inout RestSituation) -> Void
  }

  private static let grants: [Grant] = [
    Grant(name: "nothing") { _ in },
    Grant(name: "PSM, active 2 s, update 140 h") { psm(&$0, active: 2, update: 140 * 3600) },
    Grant(name: "the same, connection held 20 s") {
      psm(&$0, active: 2, update: 140 * 3600)
      $0.times.tail = .seconds(20)
    },
    Grant(name: "the same, NB-IoT with release assistance") {
      psm(&$0, active: 2, update: 140 * 3600)
      $0.isAssisted = true
    },
    Grant(name: "PSM, active 60 s, update 140 h") { psm(&$0, active: 60, update: 140 * 3600) },
    Grant(name: "PSM, active 2 s, update 54 min") { psm(&$0, active: 2, update: 54 * 60) },
    Grant(name: "eDRX, DTR wired") { ($0.hasEDRX, $0.sleepsLightly) = (true, true) },
    Grant(name: "eDRX, a module that stays awake") { $0.hasEDRX = true },
  ]

  private static func psm(_ situation: inout RestSituation, active: Int64, update: Int64) {
    situation.activeTime = .seconds(active)
    situation.periodicTAU = .seconds(update)
    situation.times.tail = WakeTimes.assumedTail
  }

  private static let intervals: [Duration] = [60, 300, 900, 1800, 3600, 21_600, 86_400, 604_800].map
  {
    .seconds($0)
  }

  private static func decide(
    _ traits: RestTraits, _ grant: Grant, _ interval: Duration
  ) -> RestPlan {
    var situation = RestSituation(interval: interval, currents: traits.currents)
    grant.change(&situation)
    return SleepPlan.decide(situation, .least)
  }

  /// The intervals at which another rest is chosen, from a minute to 31 days.
  private static func breaks(_ traits: RestTraits, _ grant: Grant) -> String {
    var texts: [String] = []
    var seconds: Int64 = 60
    var rest = decide(traits, grant, .seconds(seconds)).rest
    while seconds < 31 * 86_400 {
      var (low, high) = (seconds, seconds + max(60, seconds / 5))
      let next = decide(traits, grant, .seconds(high)).rest
      seconds = high
      if next == rest { continue }
      while high - low > max(1, low / 200) {
        let middle = (low + high) / 2
        if decide(traits, grant, .seconds(middle)).rest == rest {
          low = middle
        } else {
          high = middle
        }
      }
      texts.append("\(minutes(high)): \(next.text)")
      rest = next
    }
    return texts.isEmpty ? "never" : texts.joined(separator: "; ")
  }

  private static func coulombs(_ microcoulombs: Int64) -> String {
    let whole = RestPlan.coulombs(microcoulombs)
    return String(whole.dropLast(2))
  }

  private static func minutes(_ seconds: Int64) -> String {
    seconds < 7200 ? "\(seconds / 60) min" : "\(seconds / 3600) h \(seconds / 60 % 60) min"
  }

  private static func milliseconds(_ span: Duration) -> String {
    let tenths = span.wholeMilliseconds / 100
    return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
  }

  private static func span(_ span: Duration) -> String {
    let seconds = span.wholeSeconds
    if seconds % 86_400 == 0 { return "\(seconds / 86_400) d" }
    return seconds % 3600 == 0 ? "\(seconds / 3600) h" : "\(seconds / 60) min"
  }
}

import Modems
import Primitives

/// How the modem may rest between two reports.
public enum Rest: CaseIterable, Equatable, Sendable {
  /// Power saving mode: registration and data session are kept, nobody can reach it.
  case psm
  /// On and registered, listening now and then.
  case edrx
  /// On, with its radio off: the next report begins with an attach, but without a boot.
  case radioOff
  /// The next report begins with a boot and an attach.
  case powerOff

  public var text: StaticString {
    switch self {
    case .psm: "PSM"
    case .edrx: "eDRX"
    case .radioOff: "radio off"
    case .powerOff: "power off"
    }
  }
}

/// Which of them the owner wants.
public enum RestWish: Equatable, Sendable {
  /// The one that costs the least charge.
  case least
  /// That one where it is possible, else power off.
  case only(Rest)
}

/// Why a rest isn't taken, whatever it costs.
public enum RestObstacle: Equatable, Sendable {
  /// The network grants no active time, or the module wasn't to ask for one.
  case noPSM
  /// Nothing would tell that it sleeps.
  case unprovable
  /// It was granted and waited for, and not entered, several times in a row.
  case missed
  /// The next report would come before it has fallen asleep.
  case noTime
  case noEDRX
  /// PSM was granted, and would put it to sleep.
  case psmComesFirst
  /// It would attach more often than `SleepPlan.shortestAttachInterval` allows. Taken all the same
  /// where nothing else is possible.
  case tooManyAttaches
  /// The configuration wants another.
  case notWanted

  public var text: StaticString {
    switch self {
    case .noPSM: "not granted"
    case .unprovable: "its sleep could not be proven"
    case .missed: "granted, and not entered lately"
    case .noTime: "the next report comes before it sleeps"
    case .noEDRX: "not granted"
    case .psmComesFirst: "PSM was granted and comes first"
    case .tooManyAttaches: "too many attaches"
    case .notWanted: "not wanted"
    }
  }
}

/// How the modem is to rest, and what that was decided by.
public struct RestPlan: Equatable, Sendable {
  public struct Candidate: Equatable, Sendable {
    public let rest: Rest
    /// Of the modem alone; nil where it can't be reckoned.
    public let microcoulombsPerDay: Int64?
    public let obstacle: RestObstacle?
  }

  public let rest: Rest
  /// In the order of `Rest.allCases`.
  public let candidates: [Candidate]
  /// The granted T3324 and T3412; nil without PSM.
  public let activeTime: Duration?
  public let periodicTAU: Duration?
  /// Periodic updates between two reports that wake the modem for their own sake. With none, every
  /// report comes before the update is due and takes its place.
  public let updatesBetweenReports: Int64
  /// PSM is taken once although something else may cost less: only then it is known how long the
  /// network holds the connection.
  public let isTrial: Bool
  /// How often a report can be made. Above the configured interval where each needs an attach and
  /// an hour sees no more of them: then what was read meanwhile goes along with the next.
  public let reportInterval: Duration
  public let isStretched: Bool

  /// Whether both would rest alike, for the same reasons, and at about the same cost.
  public func isAlike(_ other: RestPlan) -> Bool {
    rest == other.rest && isTrial == other.isTrial && activeTime == other.activeTime
      && periodicTAU == other.periodicTAU
      && updatesBetweenReports == other.updatesBetweenReports
      && isStretched == other.isStretched
      && zip(candidates, other.candidates).allSatisfy { $0.isAlike($1) }
  }

  /// One line: `power off, 12.90 C a day; PSM 17.93 C; eDRX: not granted; radio off 49.68 C`.
  public var text: String {
    var text = String(decoding: Array(rest.text), as: UTF8.self)
    if let own = candidates.first(where: { $0.rest == rest })?.microcoulombsPerDay {
      text += ", \(Self.coulombs(own)) a day"
    }
    if isTrial { text += " (to learn how long the network holds the connection)" }
    for candidate in candidates where candidate.rest != rest {
      text += "; " + candidate.text
    }
    if rest == .psm, let periodicTAU {
      text += "; update each \(periodicTAU.text)"
      text +=
        updatesBetweenReports == 0
        ? ", which reports take the place of" : ", \(updatesBetweenReports) between two reports"
    }
    if isStretched { text += "; a report each \(reportInterval.text) on average, no more" }
    return text
  }

  /// `12.90 C`.
  public static func coulombs(_ microcoulombs: Int64) -> String {
    let hundredths = (microcoulombs + 5000) / 10_000
    let part = hundredths % 100
    return "\(hundredths / 100).\(part < 10 ? "0" : "")\(part) C"
  }
}

extension RestPlan.Candidate {
  /// Charges that differ by a quarter are news: what a wake takes is learnt from the wakes before.
  fileprivate func isAlike(_ other: RestPlan.Candidate) -> Bool {
    let (one, two) = (microcoulombsPerDay ?? 0, other.microcoulombsPerDay ?? 0)
    return obstacle == other.obstacle && max(one, two) - min(one, two) <= max(one, two) / 4
  }

  var text: String {
    var text = String(decoding: Array(rest.text), as: UTF8.self)
    if let microcoulombsPerDay { text += " " + RestPlan.coulombs(microcoulombsPerDay) }
    if let obstacle { text += ": " + String(decoding: Array(obstacle.text), as: UTF8.self) }
    return text
  }
}

/// How long the parts of a wake take: as measured, or assumed until then.
public struct WakeTimes: Equatable, Sendable {
  /// From the key to the first command. BG95 hardware design: 2.5 s and more; a BG96 takes 4.9 s.
  public var boot = Duration.milliseconds(3500)
  /// From there until registered: after PSM, and after an attach. boaks: a wake with its update
  /// takes 2.4 s to 3 s, a report with on and off 2.9 s (LTE-M) to 6.4 s (NB-IoT).
  public var warm = Duration.milliseconds(700)
  public var cold = Duration.seconds(6)
  /// From there to the confirmation.
  public var exchange = Duration.milliseconds(1500)
  /// How long the network holds the connection after the last answer; nil until it was seen.
  public var tail: Duration?
  /// To leave the network before the radio or the module goes off.
  public var logOut = Duration.seconds(2)

  /// boaks: LTE-M without release assistance.
  public static let assumedTail = Duration.seconds(10)
  /// With release assistance the network lets go at once.
  public static let assistedTail = Duration.milliseconds(200)

  public init() {}
}

/// What a rest is chosen by.
public struct RestSituation: Sendable {
  public var interval: Duration
  public var currents: RestCurrents
  public var times: WakeTimes
  /// The granted T3324; nil: no PSM.
  public var activeTime: Duration?
  /// The granted T3412; nil: the network's own.
  public var periodicTAU: Duration?
  public var hasEDRX = false
  /// Its entry into PSM can be known.
  public var isPSMProvable = true
  /// It hasn't entered it lately, although it was granted.
  public var isPSMMissed = false
  /// While it is on with nothing to do it draws little.
  public var sleepsLightly = false
  /// The last message lets the network release the connection.
  public var isAssisted = false
  /// Between two attaches on average; zero where their number isn't limited.
  public var attachGap = SleepPlan.attachGap
  /// The same between two starts of the module.
  public var startGap = Duration.zero

  public init(interval: Duration, currents: RestCurrents, times: WakeTimes = WakeTimes()) {
    self.interval = interval
    self.currents = currents
    self.times = times
  }
}

/// Chooses how the modem rests: the charge of each rest in a day at that report interval is
/// reckoned, and the least is taken. It counts the modem's charge, not that of the board.
public enum SleepPlan {
  /// More often the modem doesn't attach anew where there is another way: half of the four radio
  /// accesses that an hour may see, so that there is room for a second try.
  public static let shortestAttachInterval = Duration.seconds(1800)
  /// Radio accesses that an hour may see (GSMA TS.34 and Verizon's rules; facts:
  /// faults-security-network, R4 and E), and so how far apart they are on average.
  public static let attachesPerHour = 4
  public static let attachGap = Duration.seconds(3600 / Int64(attachesPerHour))
  /// TS 24.008 §10.5.7.3: 54 min where the network gives no other T3412.
  public static let defaultTAU = Duration.seconds(54 * 60)
  /// A periodic update once connected, and the way there (boaks: 2.4 s to 3 s with the boot).
  static let update = Duration.seconds(1)
  /// In percent of its charge, what an attach must save: how long one takes is the least certain
  /// of all times, and each one loads the network.
  static let attachMargin = 10.0

  public static func decide(_ situation: RestSituation, _ wish: RestWish) -> RestPlan {
    var obstacles = Rest.allCases.map { situation.obstacle(to: $0) }
    let charges = Rest.allCases.map { situation.picocoulombsPerDay($0) }
    var isTrial = false
    let rest: Rest
    switch wish {
    case .only(let wanted):
      let index = Rest.allCases.firstIndex(of: wanted) ?? 0
      let isPossible = obstacles[index] == nil || obstacles[index] == .tooManyAttaches
      rest = isPossible ? wanted : .powerOff
      for (index, other) in Rest.allCases.enumerated()
      where other != rest && other != wanted { obstacles[index] = obstacles[index] ?? .notWanted }
    case .least:
      let best = least(charges, obstacles)
      isTrial = best.isCold && situation.couldDoWithPSM(obstacles)
      rest = isTrial ? .psm : best
    }
    var candidates: [RestPlan.Candidate] = []
    for (index, rest) in Rest.allCases.enumerated() {
      let charge = situation.isReckonable(rest) ? Int64(charges[index] / 1_000_000) : nil
      candidates.append(
        RestPlan.Candidate(rest: rest, microcoulombsPerDay: charge, obstacle: obstacles[index]))
    }
    return RestPlan(
      rest: rest, candidates: candidates, activeTime: situation.activeTime,
      periodicTAU: situation.activeTime == nil ? nil : situation.periodicTAU,
      updatesBetweenReports: situation.updates(awake: situation.awake(.psm)), isTrial: isTrial,
      reportInterval: situation.interval(at: rest),
      isStretched: situation.interval(at: rest) > situation.interval)
  }

  fileprivate static func least(_ charges: [Double], _ obstacles: [RestObstacle?]) -> Rest {
    var best: (rest: Rest, charge: Double)?
    for allowed in [nil, RestObstacle.tooManyAttaches] where best == nil {
      for (index, rest) in Rest.allCases.enumerated() where obstacles[index] == allowed {
        let margin = rest.isCold ? charges[index] * attachMargin / 100 : 0
        if charges[index] + margin < best?.charge ?? .infinity {
          best = (rest, charges[index] + margin)
        }
      }
    }
    return best?.rest ?? .powerOff
  }
}

extension Rest {
  /// Whether the next report begins with an attach.
  var isCold: Bool { self == .radioOff || self == .powerOff }
}

extension RestSituation {
  fileprivate func isReckonable(_ rest: Rest) -> Bool {
    switch rest {
    case .psm: activeTime != nil
    case .edrx: hasEDRX
    case .radioOff, .powerOff: true
    }
  }

  fileprivate func obstacle(to rest: Rest) -> RestObstacle? {
    switch rest {
    case .psm:
      if activeTime == nil { return .noPSM }
      if !isPSMProvable { return .unprovable }
      if isPSMMissed { return .missed }
      return times.tail != nil && awake(.psm) >= interval ? .noTime : nil
    case .edrx:
      if !hasEDRX { return .noEDRX }
      return activeTime == nil ? nil : .psmComesFirst
    case .radioOff, .powerOff:
      return interval < SleepPlan.shortestAttachInterval ? .tooManyAttaches : nil
    }
  }

  /// Whether PSM might cost the least after all: nobody has seen yet how long the network holds the
  /// connection, which would tell.
  fileprivate func couldDoWithPSM(_ obstacles: [RestObstacle?]) -> Bool {
    guard times.tail == nil, !isAssisted, obstacle(to: .psm) == nil else { return false }
    var kindest = self
    kindest.times.tail = .zero
    let charges = Rest.allCases.map { kindest.picocoulombsPerDay($0) }
    return SleepPlan.least(charges, obstacles) == .psm
  }

  fileprivate var tail: Duration {
    isAssisted ? WakeTimes.assistedTail : times.tail ?? WakeTimes.assumedTail
  }

  /// How often a report can be made.
  fileprivate func interval(at rest: Rest) -> Duration {
    switch rest {
    case .psm, .edrx: interval
    case .radioOff: max(interval, attachGap)
    case .powerOff: max(interval, attachGap, startGap)
    }
  }

  /// From the wake to the rest.
  fileprivate func awake(_ rest: Rest) -> Duration {
    switch rest {
    case .psm: times.boot + times.warm + times.exchange + tail + (activeTime ?? .zero)
    case .edrx: times.exchange + tail
    case .radioOff: times.cold + times.exchange + times.logOut
    case .powerOff: times.boot + times.cold + times.exchange + times.logOut
    }
  }

  /// Updates that fall due between two reports: each connection begins their time anew.
  fileprivate func updates(awake: Duration) -> Int64 {
    let tau = max(1, (periodicTAU ?? SleepPlan.defaultTAU).wholeMilliseconds)
    return max(0, (interval - awake).wholeMilliseconds) / tau
  }

  /// Nanoamperes by milliseconds are picocoulombs.
  fileprivate func picocoulombsPerDay(_ rest: Rest) -> Double {
    func charge(_ nanoamperes: Int64, _ time: Duration) -> Double {
      Double(nanoamperes) * Double(time.wholeMilliseconds)
    }
    let interval = interval(at: rest)
    var busy = awake(rest)
    // Booted and not on the air, looking for the cell, and the rest of it connected.
    var idle = rest == .psm || rest == .powerOff ? times.boot : .zero
    if rest == .psm { idle += activeTime ?? .zero }
    let searching = rest == .edrx ? .zero : rest == .psm ? times.warm : times.cold
    var total =
      charge(currents.awake, idle) + charge(currents.searching, searching)
      + charge(currents.connected, busy - idle - searching)
    if !rest.isCold {
      let count = updates(awake: busy)
      let held = SleepPlan.update + (times.tail ?? WakeTimes.assumedTail)
      let each =
        charge(currents.awake, idle) + charge(currents.searching, searching)
        + charge(currents.connected, held)
      total += each * Double(count)
      busy += (idle + searching + held) * Double(count)
    }
    total += charge(current(at: rest), max(.zero, interval - busy))
    return total * 86_400_000 / Double(max(1, interval.wholeMilliseconds))
  }

  private func current(at rest: Rest) -> Int64 {
    switch rest {
    case .psm: currents.psm
    case .edrx: sleepsLightly ? currents.edrx : currents.awake
    case .radioOff: sleepsLightly ? currents.radioOff : currents.awake
    case .powerOff: currents.off
    }
  }
}

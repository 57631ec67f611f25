import Primitives

/// Something that a scenario needs of a board and its bench.
enum HilNeed: CaseIterable, Sendable {
  /// Faults and settings of the modem that only the simulated one has.
  case simulatedModem
  /// A real module on the board.
  case realModem
  /// Driving the STATUS line against what the module says.
  case statusLine
  /// Reading the power-key line.
  case pinReader
  /// Configuration and feed put into the image for each scenario.
  case image
  /// Cutting the board's power at a chosen moment.
  case powerCut
  /// A log of every write to the disk.
  case writeLog
  /// Setting the board's wall clock before it boots.
  case clock
  /// A kernel that suspends.
  case suspend

  /// Why a board that lacks it can't run a scenario.
  var reason: String {
    switch self {
    case .simulatedModem: "needs a fault that only the simulated modem can make"
    case .realModem: "is for a real modem; 2a shows more with the simulated one"
    case .statusLine: "needs the STATUS line in the bench's hands (hil.conf: [pins] drives-status)"
    case .pinReader: "needs a reader of the power-key line (hil.conf: [pins] command)"
    case .image:
      "needs a configuration and a feed put into the image (hil.conf: [board] shell)"
    case .powerCut: "needs the board's power in the bench's hands (hil.conf: [board] power-off)"
    case .writeLog: "needs a log of every write to the disk, which only QEMU keeps"
    case .clock: "needs the board's clock set before godwit starts (hil.conf: [board] clock)"
    case .suspend: "needs a kernel that suspends (hil.conf: [board] suspends, log)"
    }
  }
}

/// What a scenario is run on.
struct HilBench {
  let source: BoardSource
  let interruption: Interruption
  /// The scenario's own folder, removed when it passes.
  let folder: String
  /// The longest runs were asked for.
  let isFull: Bool
  /// Takes each rig that a scenario makes, so that its traces can be kept.
  let register: (HilRig) -> Void
  /// A remark that belongs to the result, shown as a comment.
  let say: (String) -> Void

  /// Whether a real module is on the board.
  var hasRealModem: Bool { source.realServer != nil }

  func rig(_ plan: HilRig.Plan = HilRig.Plan()) -> HilRig {
    let rig = HilRig(plan, source: source, interruption: interruption)
    register(rig)
    return rig
  }
}

/// One row of the list: a number of issue 3's list with a letter where it has several parts.
struct HilScenario: Sendable {
  let label: String
  /// The behaviour, in a sentence.
  let title: String
  var needs: Set<HilNeed> = []
  /// The folder names of the boards that it is for; nil: all.
  var boards: [String]?
  let run: @Sendable (HilBench) throws(HilFailure) -> Void

  /// Why it isn't run on a board with `abilities`; nil when it is.
  func reasonToSkip(board: String, abilities: Set<HilNeed>) -> String? {
    if let boards, !boards.contains(board) { return "is for \(boards.joined(separator: ", "))" }
    return HilNeed.allCases.first { needs.contains($0) && !abilities.contains($0) }?.reason
  }

  /// Whether `--only` names it: `2` means all its parts, `2b` the one.
  func isNamed(by word: String) -> Bool {
    label == word || label.prefix { $0.isNumber } == word
  }
}

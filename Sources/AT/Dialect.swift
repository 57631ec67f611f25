import Primitives

/// What a module family says in its own way, as far as the engine must know it.
public struct Dialect: Sendable {
  /// Lines without a name that are never an answer.
  public var bareURCs: [StaticString]
  /// Texts that the modem may send without a line end, since it goes silent after them. None may
  /// be the beginning of another.
  public var textsWithoutEnd: [StaticString]
  /// Texts that say that the modem has started anew.
  public var restartTexts: [StaticString]
  /// Whether several commands may stand on one line (V.250 §5.4.4).
  public var joinsCommands: Bool
  /// Longest command line in bytes.
  public var lineLimit: Int
  /// Shortest time from a final result code or a URC to the next command.
  public var gap: Duration
  /// After so long without a byte in either direction the module's UART may sleep and lose the
  /// first bytes, so an `AT` goes in front of the next command; nil for one that never does.
  public var idleLimit: Duration?
  /// How long an `AT` waits when the line is brought back in step.
  public var resyncTimeout: Duration
  /// How many are sent before the modem counts as deaf.
  public var resyncAttempts: Int
  /// How long the line must stay without a result code before it counts as in step. A modem
  /// works through its commands in order, so a late answer comes before that to the `AT`.
  public var settleTime: Duration

  public init(
    bareURCs: [StaticString], textsWithoutEnd: [StaticString], restartTexts: [StaticString],
    joinsCommands: Bool = true, lineLimit: Int = CommandLine.limit, gap: Duration = .zero,
    idleLimit: Duration? = nil, resyncTimeout: Duration = .milliseconds(500),
    resyncAttempts: Int = 5, settleTime: Duration = .milliseconds(300)
  ) {
    self.bareURCs = bareURCs
    self.textsWithoutEnd = textsWithoutEnd
    self.restartTexts = restartTexts
    self.joinsCommands = joinsCommands
    self.lineLimit = lineLimit
    self.gap = gap
    self.idleLimit = idleLimit
    self.resyncTimeout = resyncTimeout
    self.resyncAttempts = resyncAttempts
    self.settleTime = settleTime
  }

  /// For `Exchange.joined`: the longest line that commands may be joined to.
  public var joinLimit: Int { joinsCommands ? lineLimit : 0 }

  /// What V.250 and the common chip sets have. For an unknown module and for reading logs.
  public static let generic = Dialect(
    bareURCs: [
      "RDY", "APP RDY", "RING", "Call Ready", "SMS Ready", "PB DONE", "SMS DONE", "NO CARRIER",
      "POWERED DOWN", "NORMAL POWER DOWN", "PSM POWER DOWN", "POWER DOWN",
    ],
    textsWithoutEnd: ["POWERED DOWN", "NORMAL POWER DOWN", "PSM POWER DOWN", "POWER DOWN"],
    restartTexts: ["RDY", "APP RDY"])
}

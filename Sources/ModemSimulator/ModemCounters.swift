/// What a module can count, and what a real one would have suffered from.
public struct ModemCounters: Equatable, Sendable {
  /// Lines that began with AT, to their CR.
  public internal(set) var commandLines = 0
  /// Commands in those lines that were run.
  public internal(set) var commands = 0
  /// Lines that ended in ERROR, +CME ERROR or +CMS ERROR.
  public internal(set) var failedLines = 0
  /// Prompts given.
  public internal(set) var prompts = 0
  public internal(set) var bytesReceived = 0
  /// Received while the UART was dead.
  public internal(set) var bytesLost = 0
  public internal(set) var bytesSent = 0
  public internal(set) var unsolicited = 0
  /// Commands that wrote to the flash, whether the value was new or not.
  public internal(set) var flashWrites = 0
  /// Writes to the card's files.
  public internal(set) var cardWrites = 0
  public internal(set) var powerKeyPulses = 0
  public internal(set) var boots = 0
  /// Entries into PSM.
  public internal(set) var sleeps = 0
  public internal(set) var attaches = 0
  /// Times that the radio was switched on and began to look for a network: with the module, or by
  /// command.
  public internal(set) var radioStarts = 0
  /// Restarts of a running module by its key, by command or by its supply.
  public internal(set) var resets = 0
  public internal(set) var trackingAreaUpdates = 0
  /// RRC connections set up.
  public internal(set) var connections = 0
  public internal(set) var datagramsSent = 0
  public internal(set) var datagramsReceived = 0
  /// Datagrams from the network that no one was awake or open to take.
  public internal(set) var datagramsMissed = 0
  public internal(set) var messagesSubmitted = 0
  public internal(set) var messagesReceived = 0
  /// Messages that the network had no room for, or that were none.
  public internal(set) var messagesMissed = 0
  public internal(set) var violations = ViolationCounts()

  public init() {}
}

/// Something that a host must not do to a module.
public enum Violation: Int, CaseIterable, Sendable {
  /// A pulse shorter than any that the module knows.
  case pulseTooShort
  /// A pulse longer than the one that does the same.
  case pulseTooLong
  /// The key was held beyond the longest reset pulse.
  case keyHeld
  /// The key was pressed before the supply was stable.
  case keyBeforeSupply
  /// A wake pulse within 1 s after `PSM POWER DOWN`.
  case wakeTooSoon
  /// A power-off within 5 s after a hard reset.
  case powerOffTooSoon
  /// A pulse while the module boots or shuts down.
  case keyWhileBusy
  /// Bytes driven into the receive line of a module that is off or asleep.
  case uartDrivenWhileOff
  /// Bytes while a command runs.
  case bytesWhileBusy
  /// Bytes sooner after a final result than the family allows.
  case commandTooSoon
  /// A command that a byte cut short.
  case commandInterrupted
  /// The supply was cut from a module that was running.
  case supplyCutWhileRunning

  public var text: String {
    switch self {
    case .pulseTooShort: "power-key pulse too short"
    case .pulseTooLong: "power-key pulse too long"
    case .keyHeld: "power key held"
    case .keyBeforeSupply: "power key before the supply was stable"
    case .wakeTooSoon: "wake pulse within 1 s of PSM entry"
    case .powerOffTooSoon: "power-off within 5 s of a reset"
    case .keyWhileBusy: "power key during boot or shutdown"
    case .uartDrivenWhileOff: "UART driven while off"
    case .bytesWhileBusy: "bytes while a command runs"
    case .commandTooSoon: "bytes too soon after a result"
    case .commandInterrupted: "command interrupted"
    case .supplyCutWhileRunning: "supply cut while running"
    }
  }
}

/// How often each violation happened (for bytes: how many).
public struct ViolationCounts: Equatable, Sendable {
  private var counts = [Int](repeating: 0, count: Violation.allCases.count)

  public init() {}

  public internal(set) subscript(violation: Violation) -> Int {
    get { counts[violation.rawValue] }
    set { counts[violation.rawValue] = newValue }
  }

  public var total: Int { counts.reduce(0, +) }
}

import AT
import Primitives

/// What the link has done since it was made.
public struct LinkCounters: Equatable, Sendable {
  /// The serial line: exchanges, bytes, time-outs.
  public var line = EngineCounters()
  public var powerKeyPulses: Int64 = 0
  /// Pulses after which the modem didn't start.
  public var ignoredPulses: Int64 = 0
  /// Starts after power-off or an unknown past, and wakes from PSM.
  public var coldStarts: Int64 = 0
  public var warmWakes: Int64 = 0
  public var reboots: Int64 = 0
  /// Restarts that settings needed.
  public var restarts: Int64 = 0
  public var powerCycles: Int64 = 0
  public var supplyCuts: Int64 = 0
  public var radioCycles: Int64 = 0
  public var contextActivations: Int64 = 0
  public var socketsOpened: Int64 = 0
  public var messagesSent: Int64 = 0
  public var messagesReceived: Int64 = 0
  /// Messages given to `send` that could not be: no socket, too long, or too many waiting.
  public var refusedSends: Int64 = 0
  /// SMS that were sent, announced by the module, and listed in a way that couldn't be read.
  public var shortMessagesSent: Int64 = 0
  public var announcedMessages: Int64 = 0
  public var damagedMessages: Int64 = 0
  /// Writes to the module's memory, and those that it refused.
  public var settingWrites: Int64 = 0
  /// Writes of the card's list of forbidden operators.
  public var forbiddenClears: Int64 = 0
  public var refusedWrites: Int64 = 0
  public var sleeps: Int64 = 0
  /// Rests in which it stayed on.
  public var standbys: Int64 = 0
  /// Times that PSM was granted and not entered in time.
  public var missedSleeps: Int64 = 0
  /// Times that it woke out of PSM by itself, as the STATUS line showed: for its tracking area update.
  public var ownWakes: Int64 = 0
  public var powerOffs: Int64 = 0
  /// Power-offs that nothing confirmed.
  public var unconfirmedPowerOffs: Int64 = 0
  public var connections: Int64 = 0
  public var lostConnections: Int64 = 0
  /// How long the module has searched without being registered.
  public var searched = Duration.zero
  public var failures: Int64 = 0
  /// Lines from the modem that mean nothing to the link.
  public var otherURCs: Int64 = 0

  public init() {}

  /// Command lines written, probes included.
  public var exchanges: Int64 { line.exchanges }
  public var bytesSent: Int64 { line.bytesSent }
  public var bytesReceived: Int64 { line.bytesReceived }

  /// What tells one change of state from another in a log: commands, starts and wakes, pulses of the
  /// power key, connections, failures.
  public var text: String {
    "commands \(exchanges), starts \(coldStarts)+\(warmWakes), pulses \(powerKeyPulses), "
      + "connections \(connections), failures \(failures)"
  }
}

/// One exchange, for counting and tracing.
public struct CommandTrace: Equatable, Sendable {
  /// The command line, secrets replaced.
  public var command: [UInt8]
  public var outcome: Outcome
  public var duration: Duration

  public init(command: [UInt8], outcome: Outcome, duration: Duration) {
    self.command = command
    self.outcome = outcome
    self.duration = duration
  }

  /// For a log: `AT+CSQ: OK in 300 ms`.
  public var text: String { "\(command.printable): \(outcome.text) in \(duration.text)" }
}

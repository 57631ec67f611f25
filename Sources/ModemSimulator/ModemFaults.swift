import Primitives

/// What is wrong with this module or its wiring. A test may change it at any time; the module
/// notices at the next call of `handle`.
public struct ModemFaults: Equatable, Sendable {
  /// So many of the next power-key pulses do nothing.
  public var ignoredPowerKeyPulses = 0
  /// Bytes arrive and are thrown away; URCs still come.
  public var isDeaf = false
  /// Garbage while the UART is up, every so often.
  public var babbleInterval: Duration?
  /// The firmware takes so much longer from the key to its UART, and its words come as late.
  public var bootDelay = Duration.zero
  /// The supply sinks at this moment, and the module switches itself off in order.
  public var turnsOffAt: Instant?
  /// The firmware crashes at this moment and boots again.
  public var rebootsAt: Instant?
  /// The network takes every active context away at this moment: `+QIURC: "pdpdeact"`.
  public var dropsContextsAt: Instant?
  /// The firmware crashes when a command with this name arrives (`+QIACT`), once.
  public var rebootsOnCommand: [UInt8]?
  /// The supply collapses at each of the next so many transmissions: the module is off.
  public var brownOuts = 0
  /// PSM is granted and never entered.
  public var neverSleeps = false
  /// PSM is entered without the `PSM POWER DOWN` text.
  public var sleepsSilently = false
  /// Added to the processing time of every command.
  public var answerDelay = Duration.zero
  /// How many of a million bytes, in each direction, arrive with one bit flipped.
  public var noisePerMillion: UInt64 = 0

  public init() {}

  var next: Instant? { earlier(earlier(rebootsAt, turnsOffAt), dropsContextsAt) }
}

import Primitives

/// What the pin does that the board's key is wired to: how long it is low, and what comes of it.
///
/// A module with a power key has `on`, most have `off`, some `reset` (a longer pulse). A module whose
/// key is its reset pin has `reset` alone, and starts by such a pulse too. One without either starts
/// with its supply.
struct PowerKeyTiming: Sendable {
  var supplyStable = Duration.milliseconds(30)
  /// Turns a module on that is off or asleep.
  var on: ClosedRange<Duration>?
  /// Turns a running module off, at release.
  var off: ClosedRange<Duration>?
  /// Resets it, at release.
  var reset: ClosedRange<Duration>?
  /// A wake pulse so soon after PSM was entered does nothing.
  var sleepGuard = Duration.zero
  /// After a hard reset a power-off does nothing for so long.
  var resetGuard = Duration.zero
  /// From the off pulse's release to STATUS low, at least.
  var leastShutdown = Duration.zero
  var startsWithSupply = false
  /// What a running module does at a reset pulse: boots anew, or is off (u-blox SARA-R4).
  var resetTurnsOff = false

  /// The shortest pulse that does anything to a module that is off.
  var shortestStart: Duration? { (on ?? reset)?.lowerBound }

  /// The shortest pulse that does anything at all.
  var shortest: Duration {
    [on, off, reset].compactMap { $0?.lowerBound }.min() ?? .zero
  }

  var longest: Duration? { [on, off, reset].compactMap { $0?.upperBound }.max() }
}

/// Times from the key's first edge, and what the module says by itself.
struct BootTraits: Sendable {
  var status: ClosedRange<Duration>
  var uart: ClosedRange<Duration>
  /// Bytes that no one meant to send, as the UART comes up.
  var noise: [UInt8] = []
  /// From the UART on, in any order that the times give.
  var texts: [TimedText] = []
  /// What comes instead of `texts` after PSM; nil: the same.
  var wakeTexts: [TimedText]?
  /// What follows from the moment when the card was read: `+CPIN: READY` where the family says it.
  var announcesCard = false
  var cardTexts: [StaticString] = []
  /// What is said in place of those where the holder is empty.
  var absentText: StaticString = "+CPIN: NOT READY"
  /// From the card to the messages, and what is said then (`+QIND: SMS DONE`).
  var messages: ClosedRange<Duration> = .milliseconds(300) ... .milliseconds(1500)
  var messageTexts: [StaticString] = []
  /// One boot in eight announces the card and the messages twice.
  var sometimesRepeats = false
  /// So soon after the start nothing may be driven into the UART, as into a module that is off.
  var quietUART = Duration.zero
  /// From the UART until a power-off command is taken; before, it is an error.
  var acceptsPowerOff: ClosedRange<Duration> = .zero ... .zero
  /// A family's own steps, as the UART comes up.
  var begun: @Sendable (inout SimulatedModem) -> Void = { _ in }
}

/// A text that comes by itself.
struct TimedText: Sendable {
  let text: StaticString
  let after: ClosedRange<Duration>

  init(_ text: StaticString, after: ClosedRange<Duration>) {
    self.text = text
    self.after = after
  }
}

/// What the module says when it goes down.
struct PowerOffTraits: Sendable {
  /// `POWERED DOWN`; nil: nothing.
  var text: StaticString?
  /// What stands in its place where the supply has sunk; nil: the same.
  var lackText: StaticString?
  /// Whether it says so too when it restarts by a command.
  var announcesRestart = false
  /// Whether it says so too in a fast shutdown.
  var announcesFastOff = true
  /// One of so many modules leaves out the text's last line end; 0: none does.
  var missingLineEnd: UInt64 = 0
  /// From the text to STATUS low.
  var pause: ClosedRange<Duration> = .milliseconds(300) ... .milliseconds(900)
}

/// How the module goes to sleep (PSM) and what that costs.
struct SleepTraits: Sendable {
  /// The URC of the entry; nil where there is none, or it is switched off.
  var entryText: @Sendable (SimulatedModem) -> ATText? = { _ in nil }
  /// What it says as the UART comes up after a wake.
  var wakeText: @Sendable (SimulatedModem) -> ATText? = { _ in nil }
  /// A family's own conditions.
  var isAllowed: @Sendable (SimulatedModem) -> Bool = { _ in true }
  /// Whether T3324 isn't waited for.
  var skipsActiveTimer: @Sendable (SimulatedModem) -> Bool = { _ in false }
  /// At RRC release: `+QPSMTIMER`.
  var released: @Sendable (inout SimulatedModem) -> Void = { _ in }
  /// PSM waits until the AT port was quiet for so long.
  var quietPort = Duration.zero
  /// Whether STATUS goes low.
  var dropsStatus = true
  /// Whether the host's first bytes wake it; all are lost until the UART is up. (On real modules the
  /// host's RTS or DTR does that; the simulator has neither line and takes them to follow the data.)
  var wakesByUART = false
  /// From the wake to the UART, where that isn't a whole boot.
  var wake: ClosedRange<Duration>?
  /// What the module asks the network for.
  var request: @Sendable (SimulatedModem) -> PowerSavingRequest = { $0.stored.powerSaving }
  /// What the module asks the network for in eDRX.
  var extendedDRX: @Sendable (SimulatedModem) -> ExtendedDRXRequest = { $0.stored.edrx }
  /// Whether an idle module draws less where eDRX was granted.
  var restsInExtendedDRX: @Sendable (SimulatedModem) -> Bool = { _ in true }
  /// Settings of the session (echo, +CMEE, +CEREG) outlive PSM.
  var keepsSession = false
}

/// How the module reads command lines.
struct LineTraits: Sendable {
  /// Longest command line, in bytes, without AT and CR.
  var limit = 1100
  /// Whether `;` joins commands; otherwise such a line is an error.
  var joinsCommands = true
  /// What arrives so soon after a final result is lost, and counted.
  var gap = Duration.zero
  /// What extended commands begin with: `+`, and `#`, `^`, `$`, … of some makers.
  var prefixes: StaticString = "+"
  /// Whether URCs go where AT+QURCCFG says, and not always to the UART.
  var routesURCs = false
  /// What is said for a command that isn't there or has wrong parameters, where AT+CMEE isn't 0;
  /// nil: `ERROR`.
  var genericError: Int?
  /// What AT+CMEE=2 says of the maker's own numbers.
  var errorText: @Sendable (Int) -> StaticString? = { _ in nil }
  var payloadEcho = PayloadEcho.never
  /// How a command ends that the host cut short with a byte (`ABORTED`).
  var aborted = CommandOutcome.error
}

enum PayloadEcho: Sendable {
  case never
  /// Where ATE1 is on and AT+QISDE=1.
  case asCommands
  /// Whatever ATE says.
  case always
}

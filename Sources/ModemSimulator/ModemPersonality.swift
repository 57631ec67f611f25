import Primitives

/// What differs between module families: names, times, currents and the table of commands.
public struct ModemPersonality: Sendable {
  public var maker: [UInt8]
  public var model: [UInt8]
  public var revision: [UInt8]
  public var applicationVersion: [UInt8]
  public var imei: [UInt8]
  var key: PowerKeyTiming
  var boot: BootTiming
  var currents: ModemCurrents
  /// What AT+QNWINFO and its like call LTE-M, NB-IoT and GSM.
  var accessNames: AccessNames
  var commands: [CommandEntry]
  var configurationKeys: [ConfigurationKey]
}

struct AccessNames: Sendable {
  var lteM: StaticString
  var nbIoT: StaticString
  var gsm: StaticString
}

/// The power key's pulses: how long the pin is low.
struct PowerKeyTiming: Sendable {
  var supplyStable: Duration
  /// Turns a module on that is off or asleep.
  var on: ClosedRange<Duration>
  /// Turns a running module off, at release.
  var off: ClosedRange<Duration>
  /// Resets it, at release.
  var reset: ClosedRange<Duration>
  /// A wake pulse so soon after PSM was entered does nothing.
  var sleepGuard: Duration
  /// After a hard reset a power-off does nothing for so long.
  var resetGuard: Duration
  /// From the off pulse's release to STATUS low, at least.
  var leastShutdown: Duration
}

/// Times from the key's first edge.
struct BootTiming: Sendable {
  var status: ClosedRange<Duration>
  var uart: ClosedRange<Duration>
  /// From the UART to each boot URC.
  var ready: ClosedRange<Duration>
  var function: ClosedRange<Duration>
  var application: ClosedRange<Duration>
  /// From the card to `+QIND: SMS DONE`.
  var messages: ClosedRange<Duration>
  /// From the UART until AT+QPOWD is taken; before, it is an error.
  var acceptsPowerOff: ClosedRange<Duration>
}

/// A command's name, how long the module thinks about it, and what it then does.
struct CommandEntry: Sendable {
  let name: StaticString
  let time: ClosedRange<Duration>
  /// Whether a byte that arrives while it waits for the network ends it (V.250 §5.6.1).
  let isAbortable: Bool
  let run: @Sendable (inout SimulatedModem, ATCommand) -> CommandOutcome

  init(
    _ name: StaticString, time: ClosedRange<Duration> = .milliseconds(2) ... .milliseconds(12),
    isAbortable: Bool = false,
    run: @escaping @Sendable (inout SimulatedModem, ATCommand) -> CommandOutcome
  ) {
    self.name = name
    self.time = time
    self.isAbortable = isAbortable
    self.run = run
  }
}

/// One key of AT+QCFG.
struct ConfigurationKey: Sendable {
  enum Field: Sendable {
    case number(ClosedRange<Int>)
    /// Digits whose leading zero is lost in the read-back.
    case digits
    case hexadecimal
  }
  let name: StaticString
  let fields: [Field]
  let factory: StaticString
  /// Whether a last parameter `<effect>` follows, and a write starts the search anew.
  let restartsSearch: Bool
}

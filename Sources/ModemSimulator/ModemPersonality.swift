import Primitives

/// What differs between module families: names, times, currents, texts and the table of commands.
///
/// Everything has the value that most families share; a personality states what differs. It is put
/// together in a file of its own (`PersonalityBG95.swift` shows how), and gets a line in
/// `Personalities.swift`.
public struct ModemPersonality: Sendable {
  /// As in `module = …` of a configuration: `quectel-bg95`.
  public let name: [UInt8]
  public var maker: [UInt8]
  public var model: [UInt8]
  public var revision: [UInt8]
  public var applicationVersion: [UInt8]
  public var imei: [UInt8]
  var key: PowerKeyTiming
  var boot: BootTraits
  var off = PowerOffTraits()
  var sleep = SleepTraits()
  var line = LineTraits()
  var radio = RadioTraits()
  var packet = PacketTraits()
  var sockets = SocketTraits()
  var messages = MessageTraits()
  /// Where a clock begins that was never set (TS 27.007 leaves it open; GPS week 0 on Qualcomm's
  /// chips).
  var unsetClock = UTC(millisecondsSince1970: 315_964_800_000)
  var currents: ModemCurrents
  /// The first entry of a name counts, so a family's own stand before the shared ones.
  var commands: [CommandEntry]
  /// Keys of AT+QCFG.
  var configurationKeys: [ConfigurationKey] = []
  /// What a module fresh from the factory has in its memory.
  var factory = StoredSettings()
  /// Changes what a boot begins with (`AT+CMEE`, `AT+CFUN`, …), after the stored profile was loaded.
  var begin: @Sendable (inout SessionSettings) -> Void = { _ in }
  /// A family's own event (`Event.own`) is due.
  var perform: @Sendable (inout SimulatedModem, OwnEvent) -> Void = { _, _ in }

  /// The memory of a module that an earlier run has set up as far as this family remembers it.
  public func configured(apn: [UInt8]) -> StoredSettings {
    var settings = factory
    settings.urcPort = Array("uart1".utf8)
    if settings.contexts.isEmpty { settings.contexts = [ContextDefinition(cid: 1)] }
    settings.contexts[0].apn = apn
    return settings
  }

  /// The shortest pulse of the key that starts the module; nil: it starts with its supply.
  public var startPulse: Duration? { key.startsWithSupply ? nil : key.shortestStart }

  /// The memory of a module fresh from the factory.
  public var factorySettings: StoredSettings { factory }
}

/// An event of a family's own, with what it needs to know.
struct OwnEvent: Equatable, Sendable {
  let name: StaticString
  var number = 0
  var serial = 0
  var bytes: [UInt8] = []

  init(_ name: StaticString, number: Int = 0, serial: Int = 0, bytes: [UInt8] = []) {
    self.name = name
    self.number = number
    self.serial = serial
    self.bytes = bytes
  }

  /// Two events of the same name and contents are the same.
  static func == (a: OwnEvent, b: OwnEvent) -> Bool {
    a.isCalled(b.name) && a.number == b.number && a.serial == b.serial && a.bytes == b.bytes
  }

  func isCalled(_ other: StaticString) -> Bool { Array(name).equals(other) }
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

extension SimulatedModem {
  /// A number of the module's memory; where none was written, the family's factory value.
  func storedNumber(_ key: StaticString, otherwise: Int = 0) -> Int {
    stored.number(key, otherwise: personality.factory.number(key, otherwise: otherwise))
  }

  /// The names of the commands that this module knows, for tests.
  public var commandNames: [[UInt8]] { personality.commands.map { Array($0.name) } }
}

import Cellular
import Primitives

/// Everything that a person decides about one device, checked. `SettingTable` documents each value.
public struct Configuration: Equatable, Sendable {
  public var device: DeviceSettings
  public var modem: ModemSettings
  public var network: NetworkSettings
  public var server: ServerSettings
  public var report: ReportSettings
  public var sms: SMSSettings
  public var store: StoreSettings
  public var vault: VaultSettings
  public var control: ControlSettings
  public var log: LogSettings
  /// In the order of the file, each name once, `ConfigurationParser.sensorLimit` at most.
  public var sensors: [SensorSettings]
  /// In the order of the file, each once.
  public var dialects: [DialectSettings]

  /// The time between two readings of `sensor`: its own interval, or else that of the reports.
  public func interval(of sensor: SensorSettings) -> Duration { sensor.interval ?? report.interval }
}

/// Section `[device]`.
public struct DeviceSettings: Equatable, Sendable {
  public var name: DeviceLabel
  /// Whether the machine's clock is put right from the network's.
  public var setsClock: Bool
  /// How the board itself sleeps between the things that it has to do.
  public var suspend: SuspendDepth
  /// The board's watchdog; nil for none.
  public var watchdog: FilePath?
}

/// Section `[modem]`.
public struct ModemSettings: Equatable, Sendable {
  public var module: ModuleModel
  public var uart: FilePath
  /// Bits a second.
  public var baud: Int
  public var flowControl: FlowControl
  public var powerKey: PinSource
  /// nil where the STATUS line isn't wired.
  public var status: PinSource?
  /// The line that cuts the module's supply while it is asserted; nil where the board has none.
  public var supplyCut: PinSource?
  /// Whether the module's DTR is wired to the UART's.
  public var hasDTR: Bool
}

/// Section `[network]`.
public struct NetworkSettings: Equatable, Sendable {
  public var apn: AccessPoint
  public var authentication: Authentication
  public var user: Credential?
  public var password: Credential?
  public var roaming: Roaming
  /// nil: the modem chooses.
  public var chosenOperator: PLMN?
  /// Never used. Each once.
  public var blockedOperators: [PLMN]
  /// Whether the SIM's list of forbidden networks is emptied when no network is found.
  public var clearsForbidden: Bool
  /// Whether another access point is tried where the network refuses this one.
  public var fallsBack: Bool
  /// The order of the search. Each once, never empty.
  public var radioAccess: [RadioAccess]
  /// Name servers instead of the network's own; empty for the network's own.
  public var nameServers: [IPv4Address]
  /// Whether a name may lead to a private address (RFC 1918, RFC 6598).
  public var allowsPrivateAddresses: Bool
  public var isPowerSavingWanted: Bool
  /// The requested T3412 extended; exactly codable (TS 24.008 §10.5.7.4a).
  public var periodicTAU: Duration
  /// The requested T3324; exactly codable (TS 24.008 §10.5.7.3).
  public var activeTime: Duration
  public var edrx: EDRXSetting
  /// Whether the network is spared; off is for simulated ones.
  public var hasLimits: Bool
  public var rest: ModemRest
}

/// What is asked of the network for eDRX.
public enum EDRXSetting: Equatable, Sendable {
  /// What the module has stored stays.
  case unchanged
  case off
  /// How long the module may be out of reach; 6 s to 10486 s.
  case cycle(Duration)
}

/// Section `[server]`.
public struct ServerSettings: Equatable, Sendable {
  public var url: ServerAddress
  /// Where the server is when its name isn't found; nil: nowhere.
  public var pinnedAddress: IPv4Address?
}

/// Section `[report]`.
public struct ReportSettings: Equatable, Sendable {
  public var interval: Duration
  /// The most readings that one report carries.
  public var readings: Int
  /// The waits after the first, second, … failure in a row; the last one repeats. Never falling.
  public var retryAfter: [Duration]
}

/// Section `[sms]`.
public struct SMSSettings: Equatable, Sendable {
  /// Whether messages are listed in each wake.
  public var listens: Bool
  /// How long the modem is kept reachable; zero for not at all.
  public var window: Duration
  /// How often at most.
  public var windowInterval: Duration
  /// How long settings that came by SMS are tried.
  public var trialTime: Duration
  /// Whether signed commands are obeyed.
  public var obeysCommands: Bool
  /// From whom signed commands are taken; empty for anybody.
  public var senders: [SenderNumber]
  public var answerTo: AnswerTarget
}

/// Section `[store]`.
public struct StoreSettings: Equatable, Sendable {
  public var path: FilePath
  /// The most readings kept; beyond it the oldest go, counted.
  public var limit: Int
}

/// Section `[vault]`.
public struct VaultSettings: Equatable, Sendable {
  /// Before the suffixes of its files; nil: beside the store.
  public var path: FilePath?
}

/// Section `[control]`.
public struct ControlSettings: Equatable, Sendable {
  public var socket: FilePath
}

/// Section `[log]`.
public struct LogSettings: Equatable, Sendable {
  public var level: LogLevel
  /// Where the UART is recorded; nil for nowhere.
  public var trace: FilePath?
}

/// A section `[sensor NAME]`.
public struct SensorSettings: Equatable, Sendable {
  public var name: SensorLabel
  public var file: FilePath
  /// Which of the blank-separated words of the file, from 1.
  public var field: Int
  /// What the number in the file is multiplied by. Never 0.
  public var scale: DecimalNumber
  /// What is added after scaling.
  public var offset: DecimalNumber
  public var unit: UnitLabel?
  /// nil: as often as reports.
  public var interval: Duration?
  /// After scaling; a value below it is refused.
  public var minimum: DecimalNumber?
  /// After scaling; a value above it is refused.
  public var maximum: DecimalNumber?
}

/// A section `[dialect NAME]`: another maker's commands.
public struct DialectSettings: Equatable, Sendable {
  public var words: RemoteWords
  public var isEnabled: Bool
  /// From whom its texts are taken. Never empty where it is enabled.
  public var senders: [SenderNumber]
  /// nil: no text proves anything.
  public var password: DialectPassword?
  /// Whether texts that carry no password, or the vendor's, may begin a trial of APN, roaming and
  /// operators.
  public var acceptsUnauthenticated: Bool
}

import Primitives

/// What a configuration is read into: the whole, and the sensor being read.
struct SettingDraft: Sendable {
  var whole: Configuration
  var sensor: SensorSettings
  var dialect: DialectSettings

  /// Before the presets. What stands for a required setting is never seen outside: a configuration
  /// in which one is missing is refused.
  static let blank = SettingDraft(
    whole: Configuration(
      device: DeviceSettings(name: DeviceLabel(trusted: "x"), setsClock: true, suspend: .none),
      modem: ModemSettings(
        module: .auto, uart: FilePath(trusted: "x"), baud: 0, flowControl: .none,
        powerKey: .desk(FilePath(trusted: "x")), status: nil, supplyCut: nil,
        hasDTR: false),
      network: NetworkSettings(
        apn: AccessPoint(trusted: "x"), authentication: .none, user: nil, password: nil,
        roaming: .on, chosenOperator: nil, blockedOperators: [], clearsForbidden: false,
        fallsBack: true, radioAccess: [], nameServers: [], allowsPrivateAddresses: false,
        isPowerSavingWanted: false, periodicTAU: .zero, activeTime: .zero, edrx: .unchanged,
        hasLimits: true, rest: .auto),
      server: ServerSettings(url: ServerAddress(trusted: .ipv4(IPv4Address(0, 0, 0, 0)))),
      report: ReportSettings(interval: .zero, readings: 0, retryAfter: []),
      sms: SMSSettings(
        listens: false, window: .zero, windowInterval: .zero, trialTime: .zero,
        obeysCommands: false, senders: [], answerTo: .sender),
      store: StoreSettings(path: FilePath(trusted: "x"), limit: 0),
      vault: VaultSettings(path: nil),
      control: ControlSettings(socket: FilePath(trusted: "x")),
      log: LogSettings(level: .info, trace: nil), sensors: [],
      dialects: []),
    sensor: SensorSettings(
      name: SensorLabel(trusted: "x"), file: FilePath(trusted: "x"), field: 1,
      scale: DecimalNumber(1), offset: DecimalNumber(0), unit: nil, interval: nil, minimum: nil,
      maximum: nil),
    dialect: DialectSettings(
      words: .own, isEnabled: false, senders: [], password: nil, acceptsUnauthenticated: false))

  init(whole: Configuration, sensor: SensorSettings, dialect: DialectSettings) {
    (self.whole, self.sensor, self.dialect) = (whole, sensor, dialect)
  }

  /// A whole that was read before.
  init(over whole: Configuration) {
    self.init(whole: whole, sensor: Self.blank.sensor, dialect: Self.blank.dialect)
  }
}

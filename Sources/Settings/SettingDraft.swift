import Primitives

/// What a configuration is read into: the whole, and the sensor being read.
struct SettingDraft: Sendable {
  var whole: Configuration
  var sensor: SensorSettings

  /// Before the presets. What stands for a required setting is never seen outside: a configuration
  /// in which one is missing is refused.
  static let blank = SettingDraft(
    whole: Configuration(
      device: DeviceSettings(name: DeviceLabel(trusted: "x"), setsClock: true, suspend: .none),
      modem: ModemSettings(
        module: .auto, uart: FilePath(trusted: "x"), baud: 0, flowControl: .none,
        powerKey: .desk(FilePath(trusted: "x")), status: nil),
      network: NetworkSettings(
        apn: AccessPoint(trusted: "x"), authentication: .none, user: nil, password: nil,
        roaming: .on, chosenOperator: nil, blockedOperators: [], clearsForbidden: false,
        fallsBack: true, radioAccess: [], nameServers: [], allowsPrivateAddresses: false,
        isPowerSavingWanted: false, periodicTAU: .zero, activeTime: .zero, edrx: .unchanged),
      server: ServerSettings(url: ServerAddress(trusted: .ipv4(IPv4Address(0, 0, 0, 0)))),
      report: ReportSettings(interval: .zero, readings: 0, retryAfter: []),
      sms: SMSSettings(listens: false),
      store: StoreSettings(path: FilePath(trusted: "x"), limit: 0),
      vault: VaultSettings(path: nil),
      control: ControlSettings(socket: FilePath(trusted: "x")),
      log: LogSettings(level: .info, trace: nil), sensors: []),
    sensor: SensorSettings(
      name: SensorLabel(trusted: "x"), file: FilePath(trusted: "x"), field: 1,
      scale: DecimalNumber(1), offset: DecimalNumber(0), unit: nil, interval: nil, minimum: nil,
      maximum: nil))
}

import Agent
import Board
import Cellular
import DNS
import Link
import Modems
import Primitives
import Sensors
import Settings
import Telemetry
import Uplink

/// All that the process needs to know, in the types of the rooms that need it. It is made once and
/// taken apart: each copy of so much would be code of its own.
struct DevicePlan: ~Copyable {
  /// A report in one datagram that no network fragments (RFC 7252 §4.6).
  static let payloadLimitBytes = 1024

  var agent: AgentPlan
  var link: LinkSettings
  var wiring: ModemWiring
  var controlPath: [UInt8]
  /// Whether the machine's clock is put right from the network's.
  var setsClock: Bool
  /// How the board itself sleeps; nil where it stays awake.
  var boardSleep: BoardSleep?
  /// The board's watchdog; nil where none is used.
  var watchdogPath: [UInt8]?
  /// Whether every exchange with the modem is logged.
  var logsExchanges: Bool
  /// What logs and traces must not show.
  var secrets: [[UInt8]]
  /// nil: the UART isn't recorded.
  var trace: TracePlan?

  /// - Returns: nil when a value that the configuration took is refused by the room it is for: the
  ///   two don't agree, which a test rules out.
  init?(_ configuration: Configuration) {
    guard let agent = AgentPlan(configuration), var network = Network(configuration.network) else {
      return nil
    }
    network.settings.takesMessages = configuration.sms.listens
    self.agent = agent
    let modem = configuration.modem
    link = LinkSettings(
      module: modem.module.profile, network: network.settings,
      hasStatusLine: modem.status != nil, detects: modem.module == .auto, baud: Int(modem.baud))
    link.rest = configuration.network.rest.wish
    link.reportInterval = configuration.report.interval
    link.hasDTR = modem.hasDTR
    link.obeysLimits = configuration.network.hasLimits
    link.hasSupplySwitch = modem.supplyCut != nil
    wiring = ModemWiring(
      uart: modem.uart.bytes, baud: Int32(modem.baud),
      flowControl: Board.FlowControl(modem.flowControl),
      powerKey: PinAddress(modem.powerKey), status: modem.status.map { PinAddress($0) },
      supplyCut: modem.supplyCut.map { PinAddress($0) })
    controlPath = configuration.control.socket.bytes
    setsClock = configuration.device.setsClock
    boardSleep = configuration.device.suspend.depth.map { BoardSleep($0) }
    watchdogPath = configuration.device.watchdog?.bytes
    logsExchanges = configuration.log.level == .debug
    let credentials = [configuration.network.user?.bytes, configuration.network.password?.bytes]
    let secrets =
      credentials.compactMap { $0 } + configuration.dialects.compactMap { $0.password?.bytes }
    let module = modem.module.word
    self.secrets = secrets
    trace = configuration.log.trace.map {
      TracePlan(path: $0.bytes, module: module, secrets: secrets)
    }
  }
}

extension Configuration {
  /// Before the suffixes of the vault's files.
  var vaultPath: [UInt8] { vault.path?.bytes ?? store.path.bytes + Array(".vault") }
}

extension AgentPlan {
  fileprivate init?(_ configuration: Configuration) {
    guard let server = try? ServerURL(configuration.server.url.bytes) else { return nil }
    let report = configuration.report
    self.init(
      device: DeviceName(configuration.device.name), server: server,
      reportInterval: report.interval,
      batchLimit: BatchLimit(readings: report.readings, bytes: DevicePlan.payloadLimitBytes),
      retryAfter: report.retryAfter,
      sensors: configuration.sensors.map { SensorDefinition($0, in: configuration) })
    nameServers = configuration.network.nameServers
    addressRule = AddressRule(allowsPrivate: configuration.network.allowsPrivateAddresses)
    pinnedAddress = configuration.server.pinnedAddress
    obeysLimits = configuration.network.hasLimits
    version = HelpText.version
    listensToMessages = configuration.sms.listens
    fallsBack = configuration.network.fallsBack
    messageWindow = configuration.sms.window
    messageWindowInterval = configuration.sms.windowInterval
    trialTime = configuration.sms.trialTime
  }
}

/// The network's part: an initializer of `Modems.NetworkSettings` that can fail.
private struct Network {
  var settings: Modems.NetworkSettings

  init?(_ network: Settings.NetworkSettings) {
    guard let apn = APN(network.apn.bytes),
      let authentication = Network.authentication(network)
    else { return nil }
    var psm: PSMRequest?
    if network.isPowerSavingWanted, network.rest != .edrx {
      guard let tau = PeriodicTAU(atLeast: network.periodicTAU),
        let active = ActiveTime(atLeast: network.activeTime)
      else { return nil }
      psm = PSMRequest(periodicTAU: tau, activeTime: active)
    }
    settings = Modems.NetworkSettings(
      accessPoint: Cellular.AccessPoint(apn: apn, authentication: authentication),
      isRoamingAllowed: network.roaming.isAllowed, rats: network.radioAccess.map { $0.rat },
      dnsServers: network.nameServers, psm: psm, edrx: network.edrx.wish)
    settings.operatorChoice = network.chosenOperator.map { .manual($0) } ?? .automatic
    settings.blockedOperators = network.blockedOperators
    settings.clearsForbidden = network.clearsForbidden
  }

  private static func authentication(_ network: Settings.NetworkSettings) -> AccessAuthentication? {
    if network.authentication == .none { return AccessAuthentication.none }
    guard let user = CredentialText(network.user?.bytes ?? []),
      let password = CredentialText(network.password?.bytes ?? [])
    else { return nil }
    return network.authentication == .pap
      ? .pap(user: user, password: password) : .chap(user: user, password: password)
  }
}

extension ModuleModel {
  fileprivate var profile: ModuleProfile {
    ModuleProfile.named(Array(word)) ?? .generic
  }
}

extension SuspendDepth {
  fileprivate var depth: BoardSleep.Depth? {
    switch self {
    case .none: nil
    case .freeze: .freeze
    case .memory: .memory
    }
  }
}

extension Roaming {
  fileprivate var isAllowed: Bool? {
    switch self {
    case .on: true
    case .off: false
    case .unchanged: nil
    }
  }
}

extension EDRXSetting {
  fileprivate var wish: EDRXWish? {
    switch self {
    case .unchanged: nil
    case .off: .off
    case .cycle(let wish): .cycle(wish)
    }
  }
}

extension ModemRest {
  fileprivate var wish: RestWish {
    switch self {
    case .auto: .least
    case .psm: .only(.psm)
    case .edrx: .only(.edrx)
    case .radioOff: .only(.radioOff)
    case .powerOff: .only(.powerOff)
    }
  }
}

extension RadioAccess {
  fileprivate var rat: RAT {
    switch self {
    case .lteM: .lteM
    case .nbIoT: .nbIoT
    case .lte: .lte
    case .umts: .umts
    case .gsm: .gsm
    }
  }
}

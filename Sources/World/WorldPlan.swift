import Agent
import Cellular
import Link
import ModemSimulator
import Modems
import Primitives
import Sensors
import Settings
import Telemetry
import Uplink

/// What a world is made of. The seed decides all that is left to chance.
public struct WorldPlan: Sendable {
  /// More inputs than this at one moment of the virtual clock are a circle, not a day's work.
  public static let stepsPerMoment = 10_000

  public var seed: UInt64
  public var agent: AgentPlan
  public var link: LinkSettings
  /// Bits a second of the module's UART; the host's has the same unless it finds it out.
  public var baud: Int64 = 115_200
  public var storeLimit: Int64 = 100_000
  public var personality = ModemPersonality.bg95
  public var network = WorldPlan.network
  public var sim: SimulatedSIM
  public var stored: StoredSettings
  public var faults = ModemFaults()
  public var collector: CollectorPolicy
  /// What answers at port 53.
  public var nameServer = NameServer()
  /// Addresses at which nobody answers; every other one is the collector's.
  public var emptyAddresses: [IPv4Address] = []
  /// Whether the UART flips, garbles, loses and doubles bytes, in both directions.
  public var hasBadLine = false
  /// From the supply to the process: a board boots first.
  public var boardBoot = World.boardBoot
  /// Whether the world keeps its moments, which grow with every byte.
  public var keepsMoments = false

  /// Puts a setting that was changed from afar into effect, as the process does.
  public var apply: @Sendable (SettingChange, inout AgentPlan, inout LinkSettings) -> Void = {
    (setting, agent, link) in
    switch setting.setting {
    case .apn, .user, .password, .authentication:
      if let network = agent.commands?.holding.network {
        link.network.accessPoint = WorldPlan.accessPoint(network)
      }
    case .server:
      if let server = try? ServerURL(setting.value) { agent.server = server }
    case .interval:
      if let interval = agent.commands?.holding.report.interval { agent.reportInterval = interval }
    case .roaming: link.network.isRoamingAllowed = setting.value == Array("on".utf8)
    default: break  // They change nothing in this world.
    }
  }

  /// The time of day at the start of the virtual clock, as the device's own clock has it.
  public var utcAtStart = WorldPlan.dawn

  /// A BG95 that is set up already, a network that grants what is asked, a server that answers, and
  /// one sensor: what tests and measurements begin with and change.
  public init(seed: UInt64, reportInterval: Duration = .seconds(3600)) {
    self.seed = seed
    agent = AgentPlan(
      device: Self.checked(DeviceName(Array("world-1"))),
      server: Self.checked(try? ServerURL(Array("coap://collector.desk/r"))),
      reportInterval: reportInterval, batchLimit: BatchLimit(readings: 60, bytes: 1024),
      retryAfter: BackOff.standardSteps,
      sensors: [
        SensorDefinition(
          name: Self.checked(ReadingName(Array("level"))), file: Array("level"),
          interval: reportInterval)
      ])
    let apn = Self.checked(APN(Array("em")))
    let psm = PSMRequest(
      periodicTAU: Self.checked(PeriodicTAU(atLeast: .seconds(6 * 3600))),
      activeTime: Self.checked(ActiveTime(atLeast: .seconds(2))))
    link = LinkSettings(
      module: .quectelBG95,
      network: Modems.NetworkSettings(
        accessPoint: Cellular.AccessPoint(apn: apn), isRoamingAllowed: true, rats: [.lteM], psm: psm
      ),
      hasStatusLine: true)
    link.network.operatorChoice = .automatic
    sim = SimulatedSIM()
    stored = .configured(apn: Array("em"))
    collector = CollectorPolicy(seed: seed)
  }

  /// A real network's timings, knowing the server's name and the time of day.
  public static let network: SimulatedNetwork = {
    var network = SimulatedNetwork.real
    network.names = [.init(Array("collector.desk"), .address(Array("192.0.2.7")))]
    network.time = .init(utc: dawn, at: .start)
    return network
  }()

  /// With its user and password, as the configuration has them.
  public static func accessPoint(_ network: Settings.NetworkSettings) -> Cellular.AccessPoint? {
    guard let apn = APN(network.apn.bytes), let user = CredentialText(network.user?.bytes ?? []),
      let password = CredentialText(network.password?.bytes ?? [])
    else { return nil }
    switch network.authentication {
    case .none: return Cellular.AccessPoint(apn: apn)
    case .pap:
      return Cellular.AccessPoint(apn: apn, authentication: .pap(user: user, password: password))
    case .chap:
      return Cellular.AccessPoint(apn: apn, authentication: .chap(user: user, password: password))
    }
  }

  static let dawn = UTC(millisecondsSince1970: 1_798_761_600_000)  // 2027-01-01

  func utc(at now: Instant) -> UTC { utcAtStart + now.sinceStart }

  private static func checked<T>(_ value: T?) -> T {
    guard let value else { preconditionFailure("a constant of the world's plan is refused") }
    return value
  }
}

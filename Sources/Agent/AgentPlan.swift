import Cellular
import DNS
import Link
import Modems
import Primitives
import Sensors
import Settings
import Telemetry
import Uplink

/// What the agent is to do, from the configuration. Everything in it is checked.
public struct AgentPlan: Sendable {
  public var device: DeviceName
  /// Where reports go.
  public var server: ServerURL
  public var reportInterval: Duration
  public var batchLimit: BatchLimit
  /// Waits after the first, second, … failure in a row. At least one.
  public var retryAfter: [Duration]
  public var sensors: [SensorDefinition]
  public var timing = CoAPTiming.rfc7252
  /// Asked by the device itself where the module can't look names up.
  public var nameServers: [IPv4Address] = []
  /// Which addresses such an answer may give.
  public var addressRule = AddressRule()
  /// Whether another access point is tried where the network refuses the configured one.
  public var fallsBack = false
  /// Where the server is when its name isn't found.
  public var pinnedAddress: IPv4Address?
  /// Whether the limits to what the network and, by SMS, the device is asked for are obeyed. Off only where the network is
  /// a simulated one.
  public var obeysLimits = true
  /// The program's version, for answers; empty where it isn't known.
  public var version: StaticString = ""
  /// The board's boot: any text that is another one after each; empty where it isn't known.
  public var boot: [UInt8] = []
  /// Whether SMS are listed in each wake.
  public var listensToMessages = false
  /// nil: no command is obeyed.
  public var commands: CommandPlan?
  /// How long settings that came by SMS are tried.
  public var trialTime = TrialLimits.time
  /// Whether some of the settings are on trial; see `HoldingSettings`.
  public var isTrial = false
  /// How long the modem is kept reachable after a confirmation, and how often at most; zero: not at
  /// all. Only where messages are listened to.
  public var messageWindow = Duration.zero
  public var messageWindowInterval = Duration.seconds(86_400)

  /// The same, as the modem is told.
  public var target: LinkTarget { target(at: server.host) }

  func target(at host: NetworkHost) -> LinkTarget {
    LinkTarget(host: host, port: server.port, transport: .udp)
  }

  public init(
    device: DeviceName, server: ServerURL, reportInterval: Duration, batchLimit: BatchLimit,
    retryAfter: [Duration], sensors: [SensorDefinition]
  ) {
    self.device = device
    self.server = server
    self.reportInterval = reportInterval
    self.batchLimit = batchLimit
    self.retryAfter = retryAfter
    self.sensors = sensors
  }
}

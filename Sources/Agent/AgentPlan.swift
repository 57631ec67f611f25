import Cellular
import DNS
import Link
import Modems
import Primitives
import Sensors
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
  /// Whether SMS are listed in each wake.
  public var listensToMessages = false

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

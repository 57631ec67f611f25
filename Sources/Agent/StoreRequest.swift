import Telemetry

/// Readings that somebody handed in over the control socket and waits to hear about.
public struct StoreRequest: Sendable {
  /// The caller's own number for the request; it comes back in the answer.
  public var id: Int64
  /// A reading whose time is `.unknown` is taken to be from now.
  public var readings: [Reading]

  public init(id: Int64, readings: [Reading]) {
    self.id = id
    self.readings = readings
  }
}

/// Why readings were not stored. None of the request was.
public enum StoreRefusal: Equatable, Sendable {
  case storeFailed

  public var text: String {
    switch self {
    case .storeFailed: "the store can't be written: see the log of godwit for the reason"
    }
  }
}

/// What a sensor's file held.
public struct SensorContents: Sendable {
  /// Its place in `AgentPlan.sensors`.
  public var sensor: Int
  /// nil when the file could not be read.
  public var bytes: [UInt8]?

  public init(sensor: Int, bytes: [UInt8]?) {
    self.sensor = sensor
    self.bytes = bytes
  }
}

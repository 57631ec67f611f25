import Primitives

/// What is seen at the modem from outside, for a measurement.
public struct WorldMoment: Equatable, Sendable {
  public enum What: Equatable, Sendable {
    /// The host writes, from this moment on.
    case fromHost([UInt8])
    /// The last of these bytes has reached the host.
    case fromModem([UInt8])
    case keyPressed
    /// The server answers with this datagram.
    case answered([UInt8])
    /// The modem is off, or asleep in PSM.
    case rested(inPSM: Bool)
  }

  public let at: Instant
  public let what: What
  /// All that the modem has drawn until then.
  public let chargeMicrocoulombs: Int64
}

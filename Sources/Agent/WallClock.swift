import Primitives

/// What time of day it is, as far as anything trustworthy has said so.
///
/// Schedules never use it; it only stamps readings and events. A clock outside the window between
/// this code's making and twenty years later is one that was never set, or jumped (facts: years
/// 1939, 1970, 2036 and 2080 were seen).
public struct WallClock: Sendable {
  public enum Source: Equatable, Sendable {
    case system, network
    public var text: String {
      switch self {
      case .system: "system"
      case .network: "network"
      }
    }
  }

  public static let earliest = UTC(millisecondsSince1970: 1_793_491_200_000)  // 2026-11-01
  public static let latest = UTC(millisecondsSince1970: 2_424_643_200_000)  // 2046-11-01
  /// A smaller difference between the network's time and ours is not worth a change.
  public static let tolerance = Duration.seconds(2)

  public private(set) var source: Source?
  private var atStart: UTC?

  public init() {}

  /// - Returns: nil while no clock could be trusted.
  public func utc(at now: Instant) -> UTC? { atStart.map { $0 + now.sinceStart } }

  /// Takes a time that is true at `now`.
  ///
  /// - Returns: whether this changed what we hold the time to be; false too for a time that can't
  ///   be right, and for the system's once the network has spoken.
  public mutating func take(_ utc: UTC, from source: Source, at now: Instant) -> Bool {
    guard (Self.earliest...Self.latest).contains(utc) else { return false }
    if let known = self.utc(at: now) {
      if self.source == .network && source == .system { return false }
      let difference = known - utc
      self.source = source
      if difference < Self.tolerance && difference > .zero - Self.tolerance { return false }
    }
    atStart = UTC(
      millisecondsSince1970: utc.millisecondsSince1970 - now.sinceStart.wholeMilliseconds)
    self.source = source
    return true
  }
}

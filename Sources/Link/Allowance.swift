import Primitives

/// How far one attempt may go beyond its own start, since networks and modules bear only so much,
/// and what it wants of the network otherwise than the settings. What is used of it is told by
/// `LinkEvent.climbing` before it is done.
public struct Allowance: Equatable, Sendable {
  /// Times that the radio may be started anew: off and on, by a reset, or from off.
  public var radioStarts = Int.max
  /// How many of them may be resets: by command, by the power key or by the supply.
  public var resets = Int.max
  /// From the start of a search to giving up; nil: as the link's limits say.
  public var search: Duration?
  /// The data session is taken down and up first: sockets that failed may have been its fault.
  public var renewsContext = false
  /// The supply is switched off and on first, where the board can.
  public var cutsSupply = false
  /// A module that has slept is started anew, by command where it knows one: it may have fallen asleep
  /// before it could be turned off, and is to show what it holds.
  public var provesSettings = false
  /// Holds from this attempt on, until another one wishes otherwise.
  public var wish = NetworkWish()

  public init() {}

  /// Whether a radio start, or a reset, is left; then it is used.
  mutating func take(isReset: Bool) -> Bool {
    guard radioStarts > 0, !isReset || resets > 0 else { return false }
    radioStarts -= 1
    if isReset { resets -= 1 }
    return true
  }
}

/// How the module would get ready if it were connected now.
public enum StartKind: Equatable, Sendable {
  /// It is on.
  case none
  /// Out of power saving mode or standby, with its registration.
  case warm
  /// It is on, with its radio off.
  case radio
  /// From off, or from a past that nobody knows.
  case cold
}

import Cellular
import Primitives

/// What the device does about a refusal of the network.
public struct RejectTreatment: Sendable {
  /// No attempt for so long after the first refusal, twice as long after each further one, at most
  /// `AccessLimits.longestBlock`. A longer back-off stands.
  public var pause: Duration
  /// Whether each further one doubles it.
  public var grows: Bool
  /// For the documentation.
  public var text: StaticString

  /// Source: TS 24.301 §5.5.1.2.5 and annex A; TS.34 8.2.3 and 8.2.4; facts, 3gpp C6 and C7.
  public init(_ consequence: RejectCause.Consequence) {
    switch consequence {
    case .identityRefused:
      (pause, grows) = (.seconds(6 * 3600), true)
      text =
        "The search goes on for the minutes that a multi-IMSI SIM needs. Then no attempt for 6 h, 12 h, 24 h, 48 h"
    case .placeRefused:
      (pause, grows) = (.seconds(3600), true)
      text =
        "The modem looks for another operator by itself. Then no attempt for 1 h, 2 h, 4 h … 48 h"
    case .sessionRefused:
      (pause, grows) = (.seconds(720), false)
      text = "APN or credentials are to be looked at. No attempt for 12 min; then the back-off"
    case .congestion:
      (pause, grows) = (.seconds(1800), false)
      text =
        "The modem is left alone with the network's timer for as long as a search takes, then turned off. No attempt for 30 min, as long as T3346 takes by default; then the back-off"
    case .networkPause:
      (pause, grows) = (.seconds(720), false)
      text = "The modem pauses by itself. No attempt for 12 min (T3402); then the back-off"
    case .temporary:
      (pause, grows) = (.zero, false)
      text = "The modem tries again by itself; then the back-off"
    }
  }

  /// The wait after the `strikes`th refusal in a row, from 1.
  public func wait(strikes: Int) -> Duration {
    guard grows else { return pause }
    let doublings = max(0, min(strikes - 1, 8))
    return min(.seconds(pause.wholeSeconds << Int64(doublings)), AccessLimits.longestBlock)
  }
}

import Primitives

/// What a report may take: 6 exchanges out of PSM, 14 from off, 150 ms of the host's own.
struct WakeBudget: Equatable, Sendable {
  let exchanges: Int
  /// Why it may be more than that; nil where it isn't.
  let reason: String?

  static let warm = 6
  static let cold = 14
  static let hostTime = Duration.milliseconds(150)

  init(_ kind: WakeReport.Kind, of module: WakeFacts) {
    let isWarm = kind == .warm
    switch (module.module, isWarm) {
    case ("sequans-gm02s", _):
      (exchanges, reason) = (isWarm ? 13 : 25, "its drivers send one command a line")
    case ("fibocom-l610", _):
      (exchanges, reason) = (15, "some firmware refuses `+CEREG` and `+ICCID`")
    case (_, true) where Self.renewing.contains(module.module):
      (exchanges, reason) = (Self.warm + 1, "its data session is gone after PSM")
    default: (exchanges, reason) = (isWarm ? Self.warm : Self.cold, nil)
    }
  }

  /// Families whose data session PSM ends: the facts' chapters on sleep.
  private static let renewing = [
    "ublox-sara-r5", "simcom-sim7080", "simcom-sim7000", "telit-me910", "sierra-hl78",
  ]
}

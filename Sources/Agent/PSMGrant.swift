import Cellular
import Primitives

/// The timers of power saving mode, as asked for or as granted.
struct PSMGrant: Equatable {
  var active: ActiveTime?
  var update: PeriodicTAU?

  /// `active time 2 s, update 6 h`, or `no active time, update 54 min`.
  var text: String {
    let active = active?.duration.map { "active time \($0.text)" } ?? "no active time"
    return active + (update?.duration.map { ", update \($0.text)" } ?? "")
  }
}

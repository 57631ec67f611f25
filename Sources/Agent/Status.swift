import Cellular
import Link
import Modems
import Primitives
import Sensors
import Settings
import Telemetry

/// What `godwit status` shows and `godwit doctor` judges by: where the device stands, since when,
/// why, and what comes next.
public struct Status: Sendable {
  public var device: DeviceName
  public var now: Instant
  public var utc: UTC?
  public var clockSource: WallClock.Source?
  public var platform: PlatformState
  public var linkState: LinkState
  /// The profile that the link goes by.
  public var profile: StaticString
  /// What the link waits for, and until when at the longest; nil while it rests.
  public var waitsFor: StaticString
  public var waitsUntil: Instant?
  public var phase: StaticString = "idle"
  /// Whether the modem is at work for a report.
  public var isUnderWay = false
  public var nextReport: Instant?
  /// When the process has something to do, a sensor's reading included.
  public var nextWake: Instant?
  public var record: ReportRecord
  /// What is left of the limits on radio accesses, and what holds the next one back.
  public var limits: LimitsState
  /// When messages next find the modem reachable; nil where none are listened to.
  public var nextWindow: Instant?
  /// Settings that came by SMS and are being tried, or were, until whoever asked for them has been told.
  public var trial: Trial?
  public var link: LinkCounters
  public var store: StoreCounts?
  /// Whether readings are being lost because the store doesn't take them.
  public var isStoreFailing: Bool
  /// Failures since the last confirmation.
  public var failuresInRow: Int
  /// How many sensors gave no value the last time.
  public var silentSensors: Int
  public var isRoamingAllowed: Bool?
  /// How many radio types the modem may use; 0 for all that it has.
  public var radioTypes: Int
  /// Whether power saving mode is asked for.
  public var isSleepWanted: Bool
  /// The access point that is used, empty where the network is to choose; nil where the modem's own
  /// is.
  public var accessPoint: [UInt8]?
  /// Whether that isn't the configured one, which was refused.
  public var isAccessElsewhere: Bool
  /// When they are undone at the earliest; nil where they aren't on trial.
  public var trialEnds: Instant?
  /// What the board itself refuses, in its own words.
  public var uartFault: String?
  public var pinFault: String?
  public var storeFault: String?
}

extension Agent where S: ~Copyable {
  /// - Parameter now: the same clock as that of `handle`.
  public func status(now: Instant) -> Status {
    let network = link.settings.network
    var status = Status(
      device: plan.device, now: now, utc: clock.utc(at: now), clockSource: clock.source,
      platform: platformState, linkState: link.state, profile: link.module.name,
      waitsFor: link.wait.what, waitsUntil: link.wait.until, nextReport: schedule.next,
      nextWake: deadline, record: record, limits: limits(now: now),
      nextWindow: nextWindow(now: now), trial: trial, link: link.counters,
      store: try? store.counts(),
      isStoreFailing: unstored != nil, failuresInRow: ledger.failures,
      silentSensors: sensors.reduce(0) { $0 + ($1.failure == nil ? 0 : 1) },
      isRoamingAllowed: network.isRoamingAllowed, radioTypes: network.rats.count,
      isSleepWanted: network.psm != nil, accessPoint: link.network.accessPoint?.apn.bytes,
      isAccessElsewhere: link.network.accessPoint != network.accessPoint,
      trialEnds: trialRun?.deadline)
    switch cycle {
    case .idle: break
    case .connecting: status.begins("connecting")
    case .resolving: status.begins("looking the server up")
    case .exchanging: status.begins("reporting")
    case .releasing: status.phase = "letting the modem sleep"
    case .waiting(let until, _):
      status.phase = "waiting to try again"
      status.nextReport = until
    }
    return status
  }
}

extension Status {
  fileprivate mutating func begins(_ phase: StaticString) {
    self.phase = phase
    isUnderWay = true
  }
}

extension String {
  init(_ text: StaticString) { self = String(decoding: Array(text), as: UTF8.self) }
}

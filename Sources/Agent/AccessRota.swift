import Cellular
import Link
import Modems
import Primitives

/// Which access point the next attempt goes through. A wrong one can make LTE refuse the attach
/// itself, SMS included, and then nobody could put it right from afar.
///
/// The order: the one that has proven itself in the configured one's place, the configured one, the
/// one that worked last with this SIM, none (the network's choice), `em`, `emnify`; then 2G alone,
/// where `rats` has it beside others. Each try is one attempt under the agent's back-off, and only
/// evidence about the access point leads from one to the next: EMM cause 19, or a data session
/// refused with ESM cause 27 or 33 (TS 24.301 annexes A and B). A round through all of them is made
/// once in `roundInterval`; until then the first one is tried.
public struct AccessRota: Sendable {
  public static var roundInterval: Duration { .seconds(86_400) }

  let isOn: Bool
  let configured: AccessPoint?
  let rats: [RAT]
  /// The one that worked last with this SIM.
  private(set) var learnt: AccessPoint?
  /// It worked where the configured one was refused.
  private(set) var standsIn = false
  private var step = 0
  private var restsUntil: Instant?

  public init(_ network: NetworkSettings, isOn: Bool) {
    self.isOn = isOn
    configured = network.accessPoint
    rats = network.rats
  }

  /// What was learnt with this SIM; nil: nothing, or it is another SIM.
  mutating func recall(_ learnt: AccessPoint?, standsIn: Bool) {
    self.learnt = learnt
    self.standsIn = standsIn && learnt != nil && learnt != configured
    step = 0
  }

  /// Whether another than the configured one is used.
  public var isElsewhere: Bool { wish != NetworkWish() }

  /// For the next `connect`.
  var wish: NetworkWish { tries[step] }

  /// The access point of the next attempt; nil where none is configured.
  var current: AccessPoint? { wish.accessPoint ?? configured }

  private var tries: [NetworkWish] {
    guard isOn, let configured else { return [NetworkWish()] }
    var points: [AccessPoint] = []
    if standsIn, let learnt { points.append(learnt) }
    points.append(configured)
    if let learnt { points.append(learnt) }
    points += [.blank] + Self.names.compactMap { APN([UInt8]($0)).map { AccessPoint(apn: $0) } }
    var wishes: [NetworkWish] = []
    for point in points {
      let wish = NetworkWish(accessPoint: point == configured ? nil : point)
      let isKnown = wishes.contains {
        ($0.accessPoint ?? configured).apn.bytes == point.apn.bytes
          && ($0.accessPoint ?? configured).authentication == point.authentication
      }
      if !isKnown { wishes.append(wish) }
    }
    if rats.contains(.gsm), rats.count > 1 { wishes.append(NetworkWish(rats: [.gsm])) }
    return wishes
  }

  private static var names: [StaticString] { ["em", "emnify"] }

  /// An attempt has failed.
  ///
  /// - Returns: whether another access point is tried next.
  mutating func failed(_ cause: LinkCause, now: Instant) -> Bool {
    guard isOn, Self.isAboutAccessPoint(cause) else { return false }
    if let restsUntil, now < restsUntil { return false }
    restsUntil = nil
    step += 1
    if step < tries.count { return true }
    step = 0
    restsUntil = now + Self.roundInterval
    return tries.count > 1
  }

  /// The data session is there.
  ///
  /// - Parameter point: what it went through; nil where that isn't to be learnt.
  mutating func worked(through point: AccessPoint?) {
    if let point { (learnt, standsIn) = (point, point != configured) }
    step = 0
    restsUntil = nil
  }

  /// What the standards tie to the access point; a refusal without a cause may have any.
  static func isAboutAccessPoint(_ cause: LinkCause) -> Bool {
    switch cause {
    case .notRegistered(_, let reject): reject?.consequence == .sessionRefused
    case .contextRefused(let error): error == 119 || error == 127 || error == 133
    default: false
    }
  }

  /// For the log.
  var text: String {
    if wish.rats != nil { return "2G alone" }
    guard let point = wish.accessPoint else { return "the configured APN" }
    return point.apn == .blank ? "no APN" : "APN " + point.apn.bytes.printable
  }
}

extension AccessPoint {
  /// The network is to choose.
  static let blank = AccessPoint(apn: .blank)
}

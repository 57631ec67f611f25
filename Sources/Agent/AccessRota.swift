import Cellular
import Link
import Modems
import Primitives

/// Which access point the next attempt goes through. A wrong one can make LTE refuse the attach
/// itself, SMS included, and then nobody could put it right from afar.
///
/// The order: the one that has proven itself in the configured one's place, the configured one, the
/// one that worked last with this SIM, none (the network's choice), `em`, `emnify`; then 2G alone,
/// where the module has it and `rats` names it beside others: there the attach needs no access point,
/// and SMS come through. Each try is one attempt under the agent's limits, and only evidence about the
/// access point leads from one to the next. A round through all of them is made once in
/// `roundInterval`; until then the first one is tried.
public struct AccessRota: Sendable {
  public static var roundInterval: Duration { .seconds(86_400) }
  /// Sessions or registrations in a row that are refused without a cause, and the access point may be why.
  static var unexplainedLimit: Int { 3 }

  let isOn: Bool
  /// Settings are on trial: they are to prove themselves, and no other access point stands in for them.
  let isTrial: Bool
  let configured: AccessPoint?
  let rats: [RAT]
  /// The one that worked last with this SIM.
  private(set) var learnt: AccessPoint?
  /// It worked where the configured one was refused.
  private(set) var standsIn = false
  private var hasGSM = false
  private var step = 0
  private var unexplained = 0
  private var restsUntil: Instant?
  /// 2G alone has worked since then.
  private var limitedSince: Instant?

  public init(_ network: NetworkSettings, isOn: Bool, isTrial: Bool) {
    self.isOn = isOn
    self.isTrial = isTrial
    configured = network.accessPoint
    rats = network.rats
  }

  /// What was learnt with this SIM; nil: nothing, or it is another SIM.
  mutating func recall(_ learnt: AccessPoint?, standsIn: Bool) {
    self.learnt = learnt
    self.standsIn = standsIn && learnt != nil && learnt != configured
    begin()
  }

  private mutating func begin() {
    (step, unexplained) = (0, 0)
    (restsUntil, limitedSince) = (nil, nil)
  }

  /// Whether another than the configured one is used.
  public var isElsewhere: Bool { wish != NetworkWish() }

  /// For the next `connect`.
  var wish: NetworkWish {
    let tries = tries
    return step < tries.count ? tries[step] : NetworkWish()
  }

  /// The access point of the next attempt; nil where none is configured.
  var current: AccessPoint? { wish.accessPoint ?? configured }

  private var tries: [NetworkWish] {
    guard isOn, let configured else { return [NetworkWish()] }
    var points: [AccessPoint] = []
    if standsIn, let learnt { points.append(learnt) }
    points.append(configured)
    if let learnt { points.append(learnt) }
    points.append(.blank)
    for name in Self.names {
      if let apn = APN([UInt8](name)) { points.append(AccessPoint(apn: apn)) }
    }
    var wishes: [NetworkWish] = []
    for point in points {
      let wish = NetworkWish(accessPoint: point == configured ? nil : point)
      if !wishes.contains(wish) { wishes.append(wish) }
    }
    if hasGSM, rats.contains(.gsm), rats.count > 1 { wishes.append(NetworkWish(rats: [.gsm])) }
    return wishes
  }

  private static var names: [StaticString] { ["em", "emnify"] }

  /// What a failed attempt says about the access point that it went through.
  enum Evidence: Equatable, Sendable {
    /// EMM cause 19, or a data session refused for good (TS 24.301 annexes A and B).
    case refused
    /// A data session was refused without a cause that says more; or the registration was, of which
    /// most modules tell no cause.
    case unexplained
    /// The session is there, and nobody answers through it.
    case silence
    case none

    init(_ failure: ReportFailure) {
      switch failure {
      case .link(.notRegistered(_, let reject?)):
        self = reject.consequence == .sessionRefused ? .refused : .none
      case .link(.notRegistered(.denied?, nil)): self = .unexplained
      case .link(.contextRefused(let error)): self.init(contextError: error)
      case .link(.heldBack): self = .none
      case .link(let cause): self = cause.rung == .socket ? .silence : .none
      case .noAnswer, .name(.noAnswer): self = .silence
      case .reset, .store, .name, .server, .held: self = .none
      }
    }

    private init(contextError error: Int?) {
      guard let error else {
        self = .unexplained
        return
      }
      let consequence =
        SessionCause(equipmentError: error)?.consequence
        ?? RejectCause(equipmentError: error)?.consequence
      switch consequence {
      case .sessionRefused?: self = .refused
      case nil: self = .unexplained
      default: self = .none
      }
    }
  }

  /// An attempt has failed.
  ///
  /// - Parameter hasGSM: whether the module can be told to use 2G alone.
  /// - Returns: whether another access point is tried next.
  mutating func failed(_ evidence: Evidence, hasGSM: Bool, now: Instant) -> Bool {
    self.hasGSM = hasGSM
    unexplained = evidence == .unexplained ? unexplained + 1 : 0
    guard isOn, !isTrial, pointsElsewhere(evidence) else { return false }
    if let restsUntil, now < restsUntil { return false }
    let count = tries.count
    guard count > 1 else { return false }
    let next = step + 1
    begin()
    if next < count {
      step = next
    } else {
      restsUntil = now + Self.roundInterval
    }
    return true
  }

  private func pointsElsewhere(_ evidence: Evidence) -> Bool {
    // A module may take the choice of 2G although it has none: whatever failed, it ends there.
    if wish.rats != nil { return true }
    switch evidence {
    case .refused: return true
    case .unexplained: return isElsewhere || unexplained >= Self.unexplainedLimit
    case .silence: return isElsewhere
    case .none: return false
    }
  }

  /// A report was confirmed.
  ///
  /// - Parameter point: what it went through; nil where that was 2G alone, which is used for a day
  ///   before the others are tried again.
  mutating func worked(through point: AccessPoint?, now: Instant) {
    if let point {
      (learnt, standsIn) = (point, point != configured)
      return begin()
    }
    let since = limitedSince ?? now
    limitedSince = since
    if since + Self.roundInterval <= now { begin() }
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

/// Why the network refused the modem: an EMM cause, TS 24.301 §9.9.3.9 and annex A.
public struct RejectCause: Hashable, Sendable {
  public let code: Int

  public init?(code: Int) {
    guard (0...255).contains(code) else { return nil }
    self.code = code
  }

  /// What follows from a cause, TS 24.301 §5.5.1.2.5.
  public enum Consequence: Equatable, Sendable {
    /// The SIM or the module is refused: only a person, or another identity of a multi-IMSI SIM,
    /// can help.
    case identityRefused
    /// This operator or area is refused: another one may do.
    case placeRefused
    /// The data session was refused: the APN or its credentials are the thing to look at.
    case sessionRefused
    /// The network is full and has set a timer, T3346. It isn't to be dodged.
    case congestion
    /// The modem makes a pause of minutes by itself, T3402 (TS 24.301 §10.2).
    case networkPause
    /// The modem tries again by itself.
    case temporary

    public var text: String {
      switch self {
      case .identityRefused: "card or module refused"
      case .placeRefused: "operator or area refused"
      case .sessionRefused: "data session refused"
      case .congestion: "congestion"
      case .networkPause: "the network's pause"
      case .temporary: "temporary"
      }
    }
  }

  public var consequence: Consequence {
    switch code {
    case 2, 3, 5, 6, 7, 8: .identityRefused
    case 11, 12, 13, 14, 15, 35, 78: .placeRefused
    case 19: .sessionRefused
    case 22: .congestion
    case 42, 95...101, 111: .networkPause
    default: .temporary
    }
  }

  /// Those that TS 24.301 §9.9.3.9 names, in order.
  public static let all: [RejectCause] = [
    2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 31, 35,
    38, 39, 40, 42, 78, 95, 96, 97, 98, 99, 100, 101, 111,
  ].compactMap { RejectCause(code: $0) }

  /// The cause that a module tells as +CME ERROR: 100 and the cause's number, TS 27.007 §9.2.2.1;
  /// 189 is 35.
  ///
  /// - Returns: nil for other errors, those of the data session included.
  public init?(equipmentError: Int) {
    switch equipmentError {
    case 102...119, 122, 125: self.init(code: equipmentError - 100)
    case 189: self.init(code: 35)
    case 204: self.init(code: 42)
    default: return nil
    }
  }

  public var text: String {
    switch code {
    case 2: "IMSI unknown in the home network"
    case 3: "illegal UE"
    case 5: "IMEI not accepted"
    case 6: "illegal ME"
    case 7: "EPS services not allowed"
    case 8: "EPS and non-EPS services not allowed"
    case 9: "identity cannot be derived"
    case 10: "implicitly detached"
    case 11: "operator not allowed"
    case 12: "tracking area not allowed"
    case 13: "roaming not allowed in this tracking area"
    case 14: "EPS services not allowed in this network"
    case 15: "no suitable cells in this tracking area"
    case 16: "MSC not reachable"
    case 17: "network failure"
    case 18: "circuit-switched domain not available"
    case 19: "session refused (ESM failure)"
    case 20: "authentication failed (MAC)"
    case 21: "authentication failed (synch)"
    case 22: "congestion"
    case 23: "security capabilities don't match"
    case 24: "security mode rejected"
    case 25: "not authorised for this closed group"
    case 26: "authentication unacceptable"
    case 31: "redirected to the 5G core"
    case 35: "requested service not authorised in this network"
    case 38: "circuit-switched fallback temporarily not available"
    case 39: "circuit-switched service temporarily not available"
    case 40: "no EPS bearer active"
    case 42: "severe network failure"
    case 78: "operator not allowed at this location"
    case 95, 96, 97, 98, 99, 100, 101, 111: "protocol error \(code)"
    default: "cause \(code)"
    }
  }
}

/// Why the network refused a data session: an ESM cause, TS 24.301 §9.9.4.4 and annex B.
public struct SessionCause: Hashable, Sendable {
  public let code: Int

  public init?(code: Int) {
    guard (0...255).contains(code) else { return nil }
    self.code = code
  }

  /// Those that TS 24.301 §9.9.4.4 names, in order.
  public static let all: [SessionCause] = [
    8, 26, 27, 28, 29, 30, 31, 32, 33, 34, 36, 38, 39, 49, 50, 51, 52, 53, 54, 55, 57, 58, 65, 66,
    112,
  ].compactMap { SessionCause(code: $0) }

  /// The cause that a module tells as +CME ERROR, TS 27.007 §9.2.2.2: 100 and the cause's number up
  /// to 134; then numbers of their own.
  public init?(equipmentError: Int) {
    switch equipmentError {
    case 126...134, 136: self.init(code: equipmentError - 100)
    case 149: self.init(code: 29)
    case 151, 171: self.init(code: 49)
    case 177: self.init(code: 8)
    case 178: self.init(code: 65)
    case 179: self.init(code: 66)
    case 190: self.init(code: 38)
    case 191: self.init(code: 39)
    case 192...194: self.init(code: equipmentError - 142)
    case 196, 197: self.init(code: equipmentError - 139)
    case 199: self.init(code: 112)
    case 201: self.init(code: 53)
    case 202: self.init(code: 54)
    case 203: self.init(code: 55)
    default: return nil
    }
  }

  public var consequence: RejectCause.Consequence {
    if code == 26 { return .congestion }
    return isPermanent ? .sessionRefused : .temporary
  }

  /// Whether asking again with the same APN, credentials and type is bound to fail.
  public var isPermanent: Bool {
    switch code {
    case 8, 27, 28, 29, 32, 33, 50, 51, 57, 58, 66: true
    default: false
    }
  }

  public var text: String {
    switch code {
    case 8: "operator determined barring"
    case 26: "insufficient resources"
    case 27: "missing or unknown APN"
    case 28: "unknown PDN type"
    case 29: "user authentication failed"
    case 30: "rejected by the gateway"
    case 31: "rejected, unspecified"
    case 32: "service option not supported"
    case 33: "service option not subscribed"
    case 34: "service option temporarily out of order"
    case 36: "regular deactivation"
    case 38: "network failure"
    case 39: "reactivation requested"
    case 49: "last PDN disconnection not allowed"
    case 50: "IPv4 only allowed"
    case 51: "IPv6 only allowed"
    case 52: "single address only"
    case 53: "ESM information not received"
    case 54: "PDN connection does not exist"
    case 55: "several PDN connections for one APN not allowed"
    case 57: "IPv4v6 only allowed"
    case 58: "non-IP only allowed"
    case 65: "too many bearers"
    case 66: "APN not supported here"
    case 112: "APN restriction incompatible"
    default: "cause \(code)"
    }
  }
}

import Primitives

/// Where the modem stands with the network: `+CEREG`, TS 27.007 §10.1.22 (`+CGREG`, `+CREG` alike).
public struct Registration: Equatable, Sendable {
  public var status: RegistrationStatus
  /// Tracking area code.
  public var trackingArea: UInt32?
  /// 28-bit E-UTRAN cell identity.
  public var cell: UInt32?
  public var technology: AccessTechnology?
  public var rejectCause: RejectCause?
  /// The active time that the network granted; nil when it granted none, or the line has none.
  public var activeTime: ActiveTime?
  /// The periodic update that the network granted.
  public var periodicTAU: PeriodicTAU?

  public init(
    status: RegistrationStatus, trackingArea: UInt32? = nil, cell: UInt32? = nil,
    technology: AccessTechnology? = nil, rejectCause: RejectCause? = nil,
    activeTime: ActiveTime? = nil, periodicTAU: PeriodicTAU? = nil
  ) {
    self.status = status
    self.trackingArea = trackingArea
    self.cell = cell
    self.technology = technology
    self.rejectCause = rejectCause
    self.activeTime = activeTime
    self.periodicTAU = periodicTAU
  }

  /// Whether the network granted power saving mode: an active time that isn't deactivated.
  public var grantsPSM: Bool { activeTime?.duration != nil }

  /// Reads the answer to `AT+CEREG?`, which has the mode `<n>` in front.
  ///
  /// - Returns: nil for the form of a URC, and for what is neither.
  public init?(readAnswer line: [UInt8]) {
    let values = ParameterList(line)
    guard Self.isReadAnswer(values) else { return nil }
    self.init(values, from: 1, isPacket: line.hasPrefix("+CGREG"))
  }

  /// Reads the unsolicited form, which begins with the status.
  ///
  /// - Returns: nil for a status that isn't one.
  public init?(unsolicited line: [UInt8]) {
    self.init(ParameterList(line), from: 0, isPacket: line.hasPrefix("+CGREG"))
  }

  /// Tells an answer to a read that is outstanding from a URC that came meanwhile: one value only
  /// is a URC, and so is a second value that is empty, a string, or longer than any status: there
  /// the tracking area stands. What is left has `<n>` in front.
  public static func isReadAnswer(_ line: [UInt8]) -> Bool {
    isReadAnswer(ParameterList(line, first: 2))
  }

  private static func isReadAnswer(_ values: ParameterList) -> Bool {
    guard values.count >= 2, !values.isQuoted(0), !values.isQuoted(1),
      let mode = values.integer(0), values.integer(1) != nil,
      values.text(1).count <= 2
    else { return false }
    return (0...5).contains(mode)
  }

  private init?(_ values: ParameterList, from start: Int, isPacket: Bool) {
    guard let code = values.integer(start), let status = RegistrationStatus(code: code) else {
      return nil
    }
    self.init(status: status)
    let places = RegistrationPlaces(values, from: start, isPacket: isPacket)
    trackingArea = values.hexadecimal(places.area)
    cell = values.hexadecimal(places.cell)
    technology = values.integer(places.technology).flatMap { AccessTechnology(code: $0) }
    if values.integer(places.cause) == 0, let cause = values.integer(places.cause + 1) {
      rejectCause = RejectCause(code: cause)
    }
    activeTime = TimerOctet(bits: values.text(places.cause + 2)).map { ActiveTime($0) }
    periodicTAU = TimerOctet(bits: values.text(places.cause + 3)).map { PeriodicTAU($0) }
  }
}

/// `<stat>` of TS 27.007 §7.2 and §10.1.22.
public enum RegistrationStatus: Equatable, Sendable {
  case idle, home, searching, denied, unknown, roaming, homeSMSOnly, roamingSMSOnly
  case emergencyOnly, homeNoFallback, roamingNoFallback, restrictedLocal, disasterRoaming

  public init?(code: Int) {
    if code == Self.lostForTheMoment {
      self = .unknown
      return
    }
    guard let status = Self.all.indices.contains(code) ? Self.all[code] : nil else { return nil }
    self = status
  }

  public var isAbroad: Bool {
    switch self {
    case .roaming, .roamingSMSOnly, .roamingNoFallback, .disasterRoaming: true
    case .idle, .home, .searching, .denied, .unknown, .homeSMSOnly, .emergencyOnly,
      .homeNoFallback, .restrictedLocal:
      false
    }
  }

  /// Whether packet data can flow. A roaming IoT SIM normally shows `roaming`.
  public var allowsData: Bool {
    switch self {
    case .home, .roaming, .homeNoFallback, .roamingNoFallback, .disasterRoaming: true
    case .idle, .searching, .denied, .unknown, .homeSMSOnly, .roamingSMSOnly, .emergencyOnly,
      .restrictedLocal:
      false
    }
  }

  /// Whether SMS come through, with packet data or without.
  public var allowsMessages: Bool {
    self == .homeSMSOnly || self == .roamingSMSOnly || allowsData
  }

  /// Sequans' own code, and Quectel's as one driver has it.
  static let lostForTheMoment = 80

  public var text: String {
    switch self {
    case .idle: "not registered, not searching"
    case .home: "registered at home"
    case .searching: "searching"
    case .denied: "registration denied"
    case .unknown: "no coverage"
    case .roaming: "registered, roaming"
    case .homeSMSOnly: "registered at home for SMS only"
    case .roamingSMSOnly: "registered for SMS only, roaming"
    case .emergencyOnly: "emergency calls only"
    case .homeNoFallback: "registered at home, no circuit-switched fallback"
    case .roamingNoFallback: "registered, roaming, no circuit-switched fallback"
    case .restrictedLocal: "registered for restricted local services"
    case .disasterRoaming: "registered, disaster roaming"
    }
  }

  private static let all: [RegistrationStatus] = [
    .idle, .home, .searching, .denied, .unknown, .roaming, .homeSMSOnly, .roamingSMSOnly,
    .emergencyOnly, .homeNoFallback, .roamingNoFallback, .restrictedLocal, .disasterRoaming,
  ]
}

/// The card in the holder. Digits are ASCII.
public struct SimulatedSIM: Equatable, Sendable {
  public var isPresent = true
  /// 19 or 20 digits (ITU-T E.118).
  public var iccid: [UInt8]
  /// 15 digits at most (TS 23.003 §2.2).
  public var imsi: [UInt8]
  /// nil: the card asks for none.
  public var pin: [UInt8]?
  /// Wrong PINs that the card still accepts before it wants the PUK (TS 31.101 §9.5).
  public var pinTries = 3
  /// EF FPLMN: operators that refused it, 5 or 6 digits each, the oldest first (TS 31.102
  /// §4.2.16).
  public var forbidden: [[UInt8]] = []
  /// The operator that it was registered with last (EF EPSLOCI).
  public var lastOperator: [UInt8] = []
  static let forbiddenPlaces = 4
  /// How long the card is busy after the module has booted.
  public var busyMilliseconds: ClosedRange<Int64> = 200...1500

  public init(
    iccid: [UInt8] = Array("89423100000000000017".utf8),
    imsi: [UInt8] = Array("901430000000017".utf8), pin: [UInt8]? = nil
  ) {
    self.iccid = iccid
    self.imsi = imsi
    self.pin = pin
  }

  public static let absent: SimulatedSIM = {
    var sim = SimulatedSIM()
    sim.isPresent = false
    return sim
  }()
}

/// How far the module has got with its card.
enum CardState: Equatable, Sendable {
  /// CFUN=0, or the module isn't running.
  case off
  case absent
  case busy
  case wantsPIN
  case blocked
  case ready
}

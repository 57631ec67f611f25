import Primitives

/// A timer of power saving mode as the network codes it: 3 bits of unit, 5 bits of value.
/// On AT it is a quoted string of eight 0 and 1, most significant first (TS 27.007 §7.38).
public struct TimerOctet: Hashable, Sendable {
  public let octet: UInt8

  public init(octet: UInt8) { self.octet = octet }

  /// - Returns: nil unless `text` is eight 0 and 1.
  public init?(bits text: [UInt8]) {
    guard text.count == 8 else { return nil }
    var octet: UInt8 = 0
    for digit in text {
      guard digit == UInt8(ascii: "0") || digit == UInt8(ascii: "1") else { return nil }
      octet = octet << 1 | (digit - UInt8(ascii: "0"))
    }
    self.octet = octet
  }

  /// The AT form, without its quotes.
  public var bits: [UInt8] {
    var text: [UInt8] = []
    for shift in stride(from: 7, through: 0, by: -1) {
      text.append(UInt8(ascii: "0") + (octet >> UInt8(shift) & 1))
    }
    return text
  }

  var unit: UInt8 { octet >> 5 }
  var value: Int64 { Int64(octet & 0x1F) }

  fileprivate init(unit: UInt8, value: Int64) { octet = unit << 5 | UInt8(value) }
}

/// The active time T3324: GPRS timer 2, TS 24.008 §10.5.7.4, table 10.5.163.
public struct ActiveTime: Hashable, Sendable {
  public let octet: TimerOctet

  /// 186 minutes.
  public static let longest = Duration.seconds(11_160)

  public init(_ octet: TimerOctet) { self.octet = octet }

  /// The shortest representable time that isn't below `wish`, in the finest unit that reaches it.
  ///
  /// - Returns: nil below 0 and above `longest`.
  public init?(atLeast wish: Duration) {
    guard let octet = Steps.encode(wish, Self.steps) else { return nil }
    self.octet = octet
  }

  /// nil when the timer is deactivated: the network grants no power saving mode.
  public var duration: Duration? {
    octet.unit == 7 ? nil : Steps.decode(octet, Self.steps, otherwise: 60)
  }

  private static let steps = [Steps(0, 2), Steps(1, 60), Steps(2, 360)]
}

/// The periodic update T3412 extended: GPRS timer 3, TS 24.008 §10.5.7.4a, table 10.5.163a.
public struct PeriodicTAU: Hashable, Sendable {
  public let octet: TimerOctet

  /// 9920 hours.
  public static let longest = Duration.seconds(35_712_000)

  public init(_ octet: TimerOctet) { self.octet = octet }

  /// The shortest representable time that isn't below `wish`, in the finest unit that reaches it.
  ///
  /// - Returns: nil below 0 and above `longest`.
  public init?(atLeast wish: Duration) {
    guard let octet = Steps.encode(wish, Self.steps) else { return nil }
    self.octet = octet
  }

  /// nil when the timer is deactivated, which here means that it wasn't given.
  public var duration: Duration? {
    octet.unit == 7 ? nil : Steps.decode(octet, Self.steps, otherwise: 0)
  }

  private static let steps = [
    Steps(3, 2), Steps(4, 30), Steps(5, 60), Steps(0, 600), Steps(1, 3600), Steps(2, 36_000),
    Steps(6, 1_152_000),
  ]
}

/// One unit of a timer and what it steps in.
private struct Steps: Sendable {
  let unit: UInt8
  let seconds: Int64

  init(_ unit: UInt8, _ seconds: Int64) { (self.unit, self.seconds) = (unit, seconds) }

  static func encode(_ wish: Duration, _ steps: [Steps]) -> TimerOctet? {
    if wish < .zero { return nil }
    let whole = wish.wholeSeconds
    let seconds = Duration.seconds(whole) < wish ? whole + 1 : whole
    for step in steps {
      let value = seconds / step.seconds + (seconds % step.seconds == 0 ? 0 : 1)
      if value <= 31 { return TimerOctet(unit: step.unit, value: value) }
    }
    return nil
  }

  /// - Parameter otherwise: what an undefined unit steps in, in seconds.
  static func decode(_ octet: TimerOctet, _ steps: [Steps], otherwise: Int64) -> Duration {
    let step = steps.first { $0.unit == octet.unit }
    return .seconds(octet.value * (step?.seconds ?? otherwise))
  }
}

/// What is asked of the network for power saving mode. It may grant something else, or nothing.
public struct PSMRequest: Hashable, Sendable {
  public var periodicTAU: PeriodicTAU
  public var activeTime: ActiveTime

  public init(periodicTAU: PeriodicTAU, activeTime: ActiveTime) {
    self.periodicTAU = periodicTAU
    self.activeTime = activeTime
  }
}

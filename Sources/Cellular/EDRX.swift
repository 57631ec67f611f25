import Primitives

/// Extended discontinuous reception as a kind of cell codes it: how long the cycle and the paging
/// time window of a code are, and which code comes nearest to a wish. TS 24.008 §10.5.5.32.
public enum EDRXMode: Hashable, Sendable {
  /// WB-S1: LTE and LTE-M.
  case wideband
  /// NB-S1: NB-IoT.
  case narrowband

  /// `<AcT-type>` of TS 27.007 §7.40: 4 and 5. Not the numbers of `<AcT>`.
  ///
  /// - Returns: nil for 2G and 3G, and for 0, a cell that uses no eDRX.
  public init?(technology number: Int) {
    switch number {
    case 4: self = .wideband
    case 5: self = .narrowband
    default: return nil
    }
  }

  /// `<AcT-type>` of TS 27.007 §7.40.
  public var technology: Int { self == .wideband ? 4 : 5 }

  public var text: String { self == .wideband ? "LTE-M" : "NB-IoT" }

  /// How long the module may be out of reach. Codes that a mode doesn't have are read as another
  /// one's.
  ///
  /// - Returns: nil where the mode takes the code for absent: there is no eDRX then.
  public func cycle(_ code: EDRXCode) -> Duration? {
    guard code.value >= absentCodes else { return nil }
    return .milliseconds(10 * Int64(cycles[Int(code.value)]))
  }

  /// How long the module listens in each cycle.
  public func pagingWindow(_ code: EDRXCode) -> Duration {
    .milliseconds((Int64(code.value) + 1) * windowStep)
  }

  /// The code of the longest cycle that isn't longer than `wish`: a wish bounds how long the module
  /// may be out of reach.
  ///
  /// - Returns: nil for a wish below `shortestCycle`.
  public func code(cycle wish: Duration) -> EDRXCode? {
    var best: (code: EDRXCode, cycle: Duration)?
    for code in EDRXCode.all {
      guard let cycle = cycle(code), cycle <= wish, cycle > best?.cycle ?? .zero else { continue }
      best = (code, cycle)
    }
    return best?.code
  }

  /// The code of the shortest paging time window that isn't shorter than `wish`.
  ///
  /// - Returns: nil for a wish of zero or less, and above `longestPagingWindow`.
  public func code(pagingWindow wish: Duration) -> EDRXCode? {
    guard wish > .zero else { return nil }
    return EDRXCode.all.first { pagingWindow($0) >= wish }
  }

  /// 5.12 s, 20.48 s.
  public var shortestCycle: Duration {
    .milliseconds(10 * Int64(cycles[absentCodes]))
  }

  /// 2621.44 s, 10 485.76 s.
  public var longestCycle: Duration {
    .milliseconds(10 * Int64(cycles[cycles.count - 1]))
  }

  /// 20.48 s, 40.96 s.
  public var longestPagingWindow: Duration { .milliseconds(16 * windowStep) }

  /// In milliseconds: 1.28 s, 2.56 s.
  private var windowStep: Int64 { self == .wideband ? 1280 : 2560 }

  /// How many codes, from 0 on, mean that there is no eDRX.
  private var absentCodes: Int { self == .wideband ? 0 : 2 }

  /// The cycle of each code in hundredths of a second. 14 and 15 are read as 13 in WB-S1, and what
  /// NB-S1 doesn't have as 2.
  private var cycles: [Int32] {
    switch self {
    case .wideband:
      [
        512, 1024, 2048, 4096, 6144, 8192, 10_240, 12_288, 14_336, 16_384, 32_768, 65_536, 131_072,
        262_144, 262_144, 262_144,
      ]
    case .narrowband:
      [
        0, 0, 2048, 4096, 2048, 8192, 2048, 2048, 2048, 16_384, 32_768, 65_536, 131_072, 262_144,
        524_288, 1_048_576,
      ]
    }
  }
}

/// Half an octet: on AT a quoted string of four 0 and 1, most significant first. TS 27.007 §7.40.
public struct EDRXCode: Hashable, Sendable {
  /// 0 to 15.
  public let value: UInt8

  public init?(_ value: Int) {
    guard (0...15).contains(value) else { return nil }
    self.value = UInt8(value)
  }

  /// - Returns: nil unless `text` is four 0 and 1.
  public init?(bits text: [UInt8]) {
    guard text.count == 4 else { return nil }
    var value: UInt8 = 0
    for digit in text {
      guard digit == UInt8(ascii: "0") || digit == UInt8(ascii: "1") else { return nil }
      value = value << 1 | (digit - UInt8(ascii: "0"))
    }
    self.value = value
  }

  private init(unchecked value: UInt8) { self.value = value }

  /// The AT form, without its quotes.
  public var bits: [UInt8] {
    var text: [UInt8] = []
    for shift in stride(from: 3, through: 0, by: -1) {
      text.append(UInt8(ascii: "0") + (value >> UInt8(shift) & 1))
    }
    return text
  }

  static let all: [EDRXCode] = (0...15).map { EDRXCode(unchecked: $0) }
}

/// What `+CEDRXRDP` and `+CEDRXP` say: TS 27.007 §7.40, §7.41. All of it may be there while the
/// cell uses no eDRX; then the mode is nil.
public struct EDRXState: Equatable, Sendable {
  /// nil: the cell uses no eDRX.
  public var mode: EDRXMode?
  public var requested: EDRXCode?
  public var granted: EDRXCode?
  public var window: EDRXCode?

  public init(
    mode: EDRXMode? = nil, requested: EDRXCode? = nil, granted: EDRXCode? = nil,
    window: EDRXCode? = nil
  ) {
    self.mode = mode
    self.requested = requested
    self.granted = granted
    self.window = window
  }

  /// - Parameter values: `<AcT-type>[,"<requested>"[,"<granted>"[,"<paging time window>"]]]`.
  /// - Returns: nil without an `<AcT-type>`.
  public init?(_ values: ParameterList) {
    guard let technology = values.integer(0) else { return nil }
    mode = EDRXMode(technology: technology)
    requested = EDRXCode(bits: values.text(1))
    granted = EDRXCode(bits: values.text(2))
    window = EDRXCode(bits: values.text(3))
  }

  /// The cycle that the network granted; nil: no eDRX.
  public var cycle: Duration? {
    guard let mode, let granted else { return nil }
    return mode.cycle(granted)
  }

  /// The cycle that the module asked for.
  public var requestedCycle: Duration? {
    guard let mode, let requested else { return nil }
    return mode.cycle(requested)
  }

  /// How long the module listens in each cycle; nil where the network didn't say, or without eDRX.
  public var pagingWindow: Duration? {
    guard let mode, cycle != nil, let window else { return nil }
    return mode.pagingWindow(window)
  }

  /// For people: `granted, a cycle of 1 min 21 s, a paging window of 5.1 s; asked for: 1 min 21 s`.
  public var text: String {
    var text = "not granted"
    if let cycle {
      text = "granted, a cycle of \(cycle.text)"
      if let pagingWindow { text += ", a paging window of \(pagingWindow.text)" }
    }
    if let requestedCycle { text += "; asked for: \(requestedCycle.text)" }
    return text
  }
}

import Primitives

/// What the module is doing, as far as its current draw goes.
public enum PowerDraw: Int, CaseIterable, Sendable {
  case unsupplied, off, asleep, booting, radioOff, searching, idle, connected, transmitting
  /// Idle with eDRX granted, and nothing that keeps the module awake between two paging windows.
  case extendedIdle

  public var text: String {
    switch self {
    case .unsupplied: "unsupplied"
    case .off: "off"
    case .asleep: "PSM"
    case .booting: "booting"
    case .radioOff: "radio off"
    case .searching: "searching"
    case .idle: "idle"
    case .connected: "connected (RRC)"
    case .transmitting: "transmitting"
    case .extendedIdle: "idle (eDRX)"
    }
  }
}

/// Currents in nanoamperes, so that microamperes with two decimals stay whole.
public struct ModemCurrents: Sendable {
  private var nanoamperes = [Int64](repeating: 0, count: PowerDraw.allCases.count)

  public init() {}

  public subscript(draw: PowerDraw) -> Int64 {
    get { nanoamperes[draw.rawValue] }
    set { nanoamperes[draw.rawValue] = newValue }
  }
}

/// How long the module drew which current. Times are kept, never charges, so that nothing is lost
/// to rounding in a decade.
struct ChargeLedger: Sendable {
  private(set) var current = PowerDraw.unsupplied
  private var since: Instant?
  private var times = [Duration](repeating: .zero, count: PowerDraw.allCases.count)

  mutating func enter(_ draw: PowerDraw, at now: Instant) {
    if let since {
      times[current.rawValue] += now - since
    }
    current = draw
    since = now
  }

  func time(in draw: PowerDraw, until now: Instant) -> Duration {
    guard let since, draw == current, now > since else { return times[draw.rawValue] }
    return times[draw.rawValue] + (now - since)
  }
}

extension SimulatedModem {
  /// Charge drawn from the supply so far, in microcoulombs: the sum over all states.
  public func chargeMicrocoulombs(until now: Instant) -> Int64 {
    PowerDraw.allCases.reduce(0) { $0 + chargeMicrocoulombs(in: $1, until: now) }
  }

  /// Charge drawn in one state, in microcoulombs, rounded down.
  public func chargeMicrocoulombs(in draw: PowerDraw, until now: Instant) -> Int64 {
    let (seconds, attoseconds) = ledger.time(in: draw, until: now).components
    let nanocoulombsPart = attoseconds / 1_000_000_000_000
    let microseconds = Int128(seconds) * 1_000_000 + Int128(nanocoulombsPart)
    return Int64(clamping: microseconds * Int128(personality.currents[draw]) / 1_000_000_000)
  }

  /// Time spent in one state.
  public func time(in draw: PowerDraw, until now: Instant) -> Duration {
    ledger.time(in: draw, until: now)
  }

  /// What the module is doing, for a screen and for the ledger.
  public var draw: PowerDraw {
    switch power.phase {
    case .unsupplied: .unsupplied
    case .off: .off
    case .asleep: .asleep
    case .starting: .booting
    case .running, .stopping:
      radio.draw(at: now) == .idle && restsInExtendedDRX
        ? .extendedIdle : radio.draw(at: now)
    }
  }

  /// What the module is doing, for a screen.
  public var state: String {
    switch power.phase {
    case .stopping: "shutting down"
    case .running where radio.phase == .denied: "registration denied"
    case .unsupplied, .off, .asleep, .starting, .running: draw.text
    }
  }
}

import ModemSimulator
import Primitives

/// The rows of the desk's picture, busiest first: which of the modem's current draws each stands for.
enum Activities {
  struct Row: Equatable, Sendable {
    let name: String
    let draws: [PowerDraw]
  }

  static let shown = [
    Row(name: "transmitting", draws: [.transmitting]),
    Row(name: "connected", draws: [.connected]),
    Row(name: "registered", draws: [.idle, .extendedIdle]),
    Row(name: "searching", draws: [.searching]),
    Row(name: "booting", draws: [.booting, .radioOff]),
    Row(name: "asleep or off", draws: [.asleep, .off]),
  ]

  static func time(_ row: Row, of modem: SimulatedModem, now: Instant) -> Duration {
    row.draws.reduce(.zero) { $0 + modem.time(in: $1, until: now) }
  }

  static func row(_ row: Row, of modem: SimulatedModem, now: Instant) -> DeskState.Activity {
    let charge = row.draws.reduce(0) { $0 + modem.chargeMicrocoulombs(in: $1, until: now) }
    return DeskState.Activity(name: row.name, chargeMicrocoulombs: charge)
  }
}

extension DeskState.Modem {
  /// Takes over what the simulated modem shows.
  mutating func take(_ modem: SimulatedModem, now: Instant) {
    state = modem.state
    chargeMicrocoulombs = modem.chargeMicrocoulombs(until: now)
    pulses = modem.counters.powerKeyPulses
    sleeps = modem.counters.sleeps
    violations = modem.counters.violations.total
    registration =
      switch modem.draw {
      case .idle, .extendedIdle, .connected, .transmitting:
        modem.network.isRoaming ? "registered, roaming" : "registered, home"
      case .asleep: "registration kept"
      case .unsupplied, .off, .booting, .radioOff, .searching: "not registered"
      }
  }
}

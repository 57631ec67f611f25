import Primitives

/// The lines between a board and its modem.
enum PinName: String, CaseIterable, Sendable {
  case powerKey = "power-key"
  case status
  case ring
}

/// What happened on the pins, oldest first.
struct PinTrace: Equatable, Sendable {
  struct Edge: Equatable, Sendable {
    var at: Instant
    var pin: PinName
    /// After polarity: the key is pressed, STATUS says on, RI is asserted.
    var isAsserted: Bool
  }

  /// One assertion of a pin.
  struct Pulse: Equatable, Sendable {
    var began: Instant
    /// nil: it goes on.
    var length: Duration?
  }

  /// Edges kept at most; a pin that toggles more often is counted on without being kept.
  static let limit = 10_000

  private(set) var edges: [Edge] = []
  private(set) var droppedEdges = 0

  /// Notes a level; one that the pin has already is no edge.
  ///
  /// - Returns: whether it was one.
  @discardableResult
  mutating func note(_ pin: PinName, isAsserted: Bool, at moment: Instant) -> Bool {
    guard isAsserted != self.isAsserted(pin) else { return false }
    if edges.count < Self.limit {
      edges.append(Edge(at: moment, pin: pin, isAsserted: isAsserted))
    } else {
      droppedEdges += 1
    }
    return true
  }

  /// The level after the last edge; a pin without any isn't asserted.
  func isAsserted(_ pin: PinName) -> Bool {
    edges.last { $0.pin == pin }?.isAsserted ?? false
  }

  func pulses(on pin: PinName, from begin: Instant = .start) -> [Pulse] {
    var pulses: [Pulse] = []
    for edge in edges where edge.pin == pin && edge.at >= begin {
      if edge.isAsserted {
        pulses.append(Pulse(began: edge.at))
      } else if let last = pulses.last, last.length == nil {
        pulses[pulses.count - 1].length = edge.at - last.began
      }
    }
    return pulses
  }

  /// A line an edge, its time in milliseconds after `begin`: `   2085.141 power-key 1`.
  func text(from begin: Instant) -> String {
    var text = "# milliseconds, pin, level (1: asserted)\n"
    for edge in edges {
      let microseconds = (edge.at - begin).wholeNanoseconds / 1000
      let (whole, part) = microseconds.quotientAndRemainder(dividingBy: 1000)
      let digits = String(abs(part))
      let padded = String(repeating: "0", count: 3 - digits.utf8.count) + digits
      text += "\(whole).\(padded) \(edge.pin.rawValue) \(edge.isAsserted ? 1 : 0)\n"
    }
    if droppedEdges > 0 { text += "# and \(droppedEdges) edges more\n" }
    return text
  }
}

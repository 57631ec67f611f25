import Primitives

/// Follows the modem's side of the line and cuts it into reports. Pure: the rig feeds it.
struct WakeMeasurement: Sendable {
  enum Input: Equatable, Sendable {
    /// The power key was pressed; or the host spoke to a module that it wakes.
    case woken(charge: Int64)
    /// The server sent this datagram to confirm a report it hadn't seen before.
    case answered([UInt8])
    case uart(UARTTrace.Entry)
    /// The modem fell asleep, or was switched off.
    case slept(inPSM: Bool, charge: Int64)
  }

  private(set) var reports: [WakeReport] = []
  private let gaps: HostGaps
  private let hasPSM: Bool
  private var wake: Wake?
  /// What the next wake starts from.
  private var isInPSM = false

  private struct Wake: Sendable {
    let began: Instant
    let charge: Int64
    let kind: WakeReport.Kind
    var entries: [UARTTrace.Entry] = []
    /// The answer that the host has yet to see, and the modem's bytes since the server sent it.
    var answer: [UInt8]?
    var bytesSinceAnswer: [UInt8] = []
    var confirmedAt: Instant?
  }

  /// - Parameter hasPSM: whether the family can sleep; one that can't rests in standby.
  init(gaps: HostGaps = HostGaps(), hasPSM: Bool = true) {
    self.gaps = gaps
    self.hasPSM = hasPSM
  }

  var isAtRest: Bool { wake == nil }

  mutating func handle(_ input: Input, now: Instant) {
    switch input {
    case .woken(let charge):
      // A second pulse belongs to the wake that the first one began.
      guard wake == nil else { return }
      let later: WakeReport.Kind = hasPSM ? .cold : .standby
      wake = Wake(
        began: now, charge: charge, kind: isInPSM ? .warm : reports.isEmpty ? .cold : later)
    case .answered(let datagram):
      guard wake?.confirmedAt == nil else { return }
      wake?.answer = datagram
      wake?.bytesSinceAnswer = []
    case .uart(let entry): take(entry)
    case .slept(let inPSM, let charge):
      isInPSM = inPSM
      finish(charge: charge)
    }
  }

  private mutating func take(_ entry: UARTTrace.Entry) {
    guard wake != nil else { return }
    wake?.entries.append(entry)
    guard entry.direction == .fromModem, wake?.confirmedAt == nil, let answer = wake?.answer else {
      return
    }
    wake?.bytesSinceAnswer += entry.bytes
    let seen = wake?.bytesSinceAnswer ?? []
    // A module hands a datagram over as it is, or in hexadecimal.
    if seen.holds(answer) || seen.holds(answer.hex) { wake?.confirmedAt = entry.at }
  }

  private mutating func finish(charge: Int64) {
    defer { wake = nil }
    guard let wake, let confirmedAt = wake.confirmedAt else { return }
    reports.append(
      WakeReport(
        kind: wake.kind,
        untilConfirmed: ExchangeCount(wake.entries.filter { $0.at <= confirmedAt }, gaps: gaps),
        whole: ExchangeCount(wake.entries, gaps: gaps), total: confirmedAt - wake.began,
        chargeMicrocoulombs: charge - wake.charge))
  }
}

extension [UInt8] {
  /// Whether `part` is in these bytes, as one piece.
  fileprivate func holds(_ part: [UInt8]) -> Bool {
    guard !part.isEmpty, count >= part.count else { return false }
    return (0...(count - part.count)).contains { self[$0..<($0 + part.count)].elementsEqual(part) }
  }
}

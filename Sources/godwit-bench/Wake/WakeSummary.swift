import Primitives

/// What reports of one kind cost in several runs, each with another boot and another firmware.
struct WakeSummary: Equatable, Sendable {
  let module: String
  let kind: WakeReport.Kind
  /// The most of any run.
  let exchanges: Int
  /// The means.
  let uartBytes: Int
  let total: Duration
  let chargeMicrocoulombs: Int64
  let floor: ChargeFloor
  /// The longest that the host waited without need in any run, until the confirmation.
  let hostTime: Duration

  /// - Parameter reports: of one kind; nil when there are none.
  init?(_ reports: [WakeReport], of facts: WakeFacts) {
    guard let first = reports.first else { return nil }
    module = facts.module
    kind = first.kind
    exchanges = reports.map(\.whole.exchanges).max() ?? 0
    let bytes = reports.reduce(0) { $0 + $1.whole.bytesFromHost + $1.whole.bytesFromModem }
    uartBytes = bytes / reports.count
    total = reports.reduce(.zero) { $0 + $1.total } / reports.count
    chargeMicrocoulombs =
      reports.reduce(0) { $0 + $1.chargeMicrocoulombs } / Int64(reports.count)
    floor = ChargeFloor(first.kind, of: facts)
    hostTime = reports.map(\.untilConfirmed.hostTime).max() ?? .zero
  }

  /// Of the charge to its floor.
  var ratio: Double { Double(chargeMicrocoulombs) / Double(max(1, floor.microcoulombs)) }
}

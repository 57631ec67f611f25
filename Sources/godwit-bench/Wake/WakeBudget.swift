/// How many exchanges a report may take: 6 out of PSM, 14 from off.
struct WakeBudget: Equatable, Sendable {
  let exchanges: Int
  /// Why a family may take more than the others; nil where it doesn't.
  let reason: String?

  static let warm = 6
  static let cold = 14

  private struct Exception {
    let module: String
    let isWarm: Bool
    let more: Int
    let reason: String
  }

  private static let exceptions: [Exception] = []

  init(_ kind: WakeReport.Kind, of module: WakeFacts) {
    let isWarm = kind == .warm
    let exception = Self.exceptions.first { $0.module == module.module && $0.isWarm == isWarm }
    exchanges = (isWarm ? Self.warm : Self.cold) + (exception?.more ?? 0)
    reason = exception?.reason
  }
}

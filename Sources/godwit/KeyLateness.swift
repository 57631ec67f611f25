import Primitives

/// By how much the power key was pressed after the link had decided so. Pure.
///
/// A turn may store readings before it comes to the pin, and a disk may take half a second over it,
/// as long as the whole pulse. The pulse is then to end so much later too, or the module would take
/// no notice of it.
struct KeyLateness {
  private var lateness = Duration.zero

  /// - Parameters:
  ///   - decided: the time that the link was told when it decided.
  ///   - now: when the pin was set.
  mutating func keyWasSet(asserted: Bool, decided: Instant, now: Instant) {
    lateness = asserted ? max(.zero, now - decided) : .zero
  }

  /// When a deadline is to be kept.
  func due(_ deadline: Instant?) -> Instant? { deadline.map { $0 + lateness } }
}

import Primitives

extension CommandGroup {
  /// The card's number as far as the card can be read at all.
  static func iccid(_ name: StaticString, answer: ATText) -> CommandEntry {
    CommandEntry(name) { modem, command in
      if command.kind == .test { return .ok }
      guard command.kind == .execute else { return .error }
      switch modem.card {
      case .off, .absent, .busy: return .equipmentError(modem.cardError ?? 13)
      case .wantsPIN, .blocked, .ready: modem.inform("\(answer)\(modem.sim.iccid)")
      }
      return .ok
    }
  }
}

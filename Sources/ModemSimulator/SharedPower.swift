import Primitives

extension CommandGroup {
  /// +IPR of modules that find the host's speed by themselves: 0 is automatic, in which nothing is
  /// said before the host's first AT has been understood (SIM7000 AT manual V1.06; M95 hardware
  /// design). `isSaved`: kept at once, and not by AT&W alone.
  static func rate(isSaved: Bool) -> CommandEntry {
    let rates = [0, 1200, 2400, 4800, 9600, 14_400, 19_200, 28_800, 38_400, 57_600, 115_200]
    return CommandEntry("+IPR") { modem, command in
      switch command.kind {
      case .read: modem.inform("+IPR: \(modem.session.profile.baudRate)")
      case .set:
        guard let rate = command.number(0, 0...115_200), rates.contains(rate) else { return .error }
        modem.session.profile.baudRate = rate
        guard isSaved else { return .ok }
        modem.counters.flashWrites += 1
        modem.stored.profile.baudRate = rate
      case .test:
        modem.inform(
          "+IPR: (),(0,1200,2400,4800,9600,14400,19200,28800,38400,57600,115200)")
      case .execute, .malformed: return .error
      }
      return .ok
    }
  }
}

extension OwnEvent {
  /// An end without log-out and without a word.
  static let urgentOff: StaticString = "urgent off"
}

extension SimulatedModem {
  /// Switches off without an OK: in order with the family's text, urgently with nothing.
  mutating func powerDown(isOrderly: Bool) -> CommandOutcome {
    let delay = sample(.milliseconds(10) ... .milliseconds(40))
    if isOrderly {
      schedule(.power(.commandedOff(isOrderly: true, bootsAgain: false)), after: delay)
    } else {
      schedule(.own(OwnEvent(OwnEvent.urgentOff)), after: delay)
    }
    return .gone
  }

  /// Events that these families share.
  mutating func performShared(_ event: OwnEvent) {
    if event.isCalled(OwnEvent.contextTaken) {
      personality.packet.opened(&self, event.number, event.serial, true)
    } else if event.isCalled(OwnEvent.urgentOff) {
      collapse(to: .off)
    }
  }
}

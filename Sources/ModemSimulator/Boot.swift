import Primitives

/// What the firmware does by itself once the UART is up.
enum BootEvent: Equatable, Sendable {
  case cardReady
  case messagesReady
}

extension SimulatedModem {
  /// The boot URCs come in no fixed order (BG96 AT manual V2.2 §12.7; a field log has them twice).
  ///
  /// All of them, `RDY` too, are URCs and go where AT+QURCCFG sends them: from the factory that is
  /// USB, so a host on the UART sees none and must poll with AT.
  mutating func bootModule() {
    let boot = personality.boot
    if !boot.noise.isEmpty { transmit(boot.noise) }
    for text in power.isWake ? boot.wakeTexts ?? boot.texts : boot.texts {
      schedule(.urc(Array(text.text)), after: sample(text.after))
    }
    if power.isWake, let text = personality.sleep.wakeText(self) { sendURC(text) }
    boot.begun(&self)
    if session.function != 0 { startCard() }
  }

  mutating func startCard() {
    card = sim.isPresent ? .busy : .absent
    let busy = sim.busyMilliseconds
    let delay = sample(.milliseconds(busy.lowerBound) ... .milliseconds(busy.upperBound))
    schedule(.boot(.cardReady), after: delay)
  }

  mutating func perform(_ event: BootEvent) {
    switch event {
    case .cardReady:
      let boot = personality.boot
      guard sim.isPresent else {
        if boot.announcesCard { sendURC(Array(boot.absentText)) }
        return
      }
      card = sim.pinTries == 0 ? .blocked : sim.pin == nil ? .ready : .wantsPIN
      if boot.announcesCard { sendURC("+CPIN: \(cardText)") }
      for text in boot.cardTexts { sendURC(Array(text)) }
      cardChanged()
    case .messagesReady:
      let boot = personality.boot
      for text in boot.messageTexts { sendURC(Array(text)) }
      announceUnread()
      offerMessages()
      if boot.sometimesRepeats, random.next(below: 8) == 0 {
        let delay = sample(.milliseconds(150) ... .milliseconds(700))
        for text in ["+CPIN: READY"] + boot.cardTexts + boot.messageTexts {
          schedule(.urc(Array(text)), after: delay)
        }
      }
    }
  }

  /// The card became ready, or not: the radio and the messages follow.
  mutating func cardChanged() {
    guard card == .ready else { return }
    schedule(.boot(.messagesReady), after: sample(personality.boot.messages))
    startRadio()
  }

  /// The text of AT+CPIN?.
  var cardText: ATText {
    switch card {
    case .off, .absent, .busy: "NOT READY"
    case .wantsPIN: "SIM PIN"
    case .blocked: "SIM PUK"
    case .ready: "READY"
    }
  }

  /// The error of a command that needs the card; nil when it is there and open.
  var cardError: Int? {
    switch card {
    case .off: 13
    case .absent: 10
    case .busy: 14
    case .wantsPIN: 11
    case .blocked: 12
    case .ready: nil
    }
  }
}

import Primitives

extension CommandGroup {
  // MARK: - SIM and function

  static let card = cardState + cardFiles

  private static let cardState: [CommandEntry] = [
    CommandEntry("+CPIN", time: .milliseconds(5) ... .milliseconds(40)) { modem, command in
      switch command.kind {
      case .read:
        switch modem.card {
        case .off, .absent, .busy: return .equipmentError(modem.cardError ?? 13)
        case .wantsPIN, .blocked, .ready: modem.inform("+CPIN: \(modem.cardText)")
        }
      case .set:
        guard let pin = command.text(0), (4...8).contains(pin.count) else { return .error }
        return modem.enter(pin: pin)
      case .test: break
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+CIMI") { modem, command in
      if command.kind == .test { return .ok }
      guard command.kind == .execute else { return .error }
      if let error = modem.cardError { return .equipmentError(error) }
      modem.inform(ATText(bytes: modem.sim.imsi))
      return .ok
    },
  ]

  /// +CFUN (TS 27.007 §8.2). `restarts` are functions that boot the module anew, as `<rst>` does.
  static func function(
    _ functions: [Int], restarts: [Int] = [], resets: StaticString = "(0,1)",
    time: ClosedRange<Duration> = .milliseconds(10) ... .milliseconds(60)
  ) -> CommandEntry {
    CommandEntry("+CFUN", time: time) { modem, command in
      switch command.kind {
      case .read: modem.inform("+CFUN: \(modem.session.function)")
      case .test:
        let all = (functions + restarts).map { Array("\($0)".utf8) }
        modem.inform(
          "+CFUN: (\(Array(all.joined(separator: [UInt8(ascii: ",")])))),\(Array(resets))")
      case .set:
        guard let function = command.number(0, 0...127),
          (functions + restarts).contains(function),
          let reset = command.number(1, 0...1, otherwise: 0)
        else { return .error }
        let isRestart = reset == 1 || restarts.contains(function)
        return modem.set(function: function, restarts: isRestart)
      case .execute, .malformed: return .error
      }
      return .ok
    }
  }
}

extension SimulatedModem {
  fileprivate mutating func enter(pin: [UInt8]) -> CommandOutcome {
    guard card == .wantsPIN else { return .equipmentError(cardError ?? 3) }
    guard pin == sim.pin else {
      sim.pinTries = max(0, sim.pinTries - 1)
      if sim.pinTries == 0 { card = .blocked }
      return .equipmentError(16)
    }
    sim.pinTries = 3
    card = .ready
    schedule(
      .urc(Array("+CPIN: READY".utf8)), after: sample(.milliseconds(20) ... .milliseconds(90)))
    cardChanged()
    return .ok
  }

  fileprivate mutating func set(function: Int, restarts: Bool) -> CommandOutcome {
    if restarts {
      schedule(
        .power(.commandedOff(isOrderly: true, bootsAgain: true)), after: .milliseconds(20))
      return .ok
    }
    let before = session.function
    if function == before { return .ok }
    session.function = function
    session.forbidden = nil
    var delay = sample(.milliseconds(200) ... .milliseconds(900))
    if function == 1 {
      if before == 4 { startRadio() } else { startCard() }
    } else {
      if radio.registration != nil { delay += sample(network.timing.detach) }
      if radio.registration != nil { stored.knowsCell = true }
      leaveNetwork()
      if function == 0 {
        agenda.cancel(.boot(.cardReady))
        agenda.cancel(.boot(.messagesReady))
        if card != .absent { sendURC("+CPIN: NOT READY") }
        card = .off
      } else if before == 0 {
        startCard()
      }
    }
    return wait(delay, then: .ok)
  }
}

import Primitives

extension CommandGroup {
  // MARK: - SIM and function

  static let card: [CommandEntry] = [
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
    CommandEntry("+QCCID") { modem, command in
      if command.kind == .test { return .ok }
      guard command.kind == .execute else { return .error }
      switch modem.card {
      case .off, .absent, .busy: return .equipmentError(modem.cardError ?? 13)
      case .wantsPIN, .blocked, .ready: modem.inform("+QCCID: \(modem.sim.iccid)")
      }
      return .ok
    },
    CommandEntry("+QINISTAT") { modem, command in
      guard command.kind == .execute else { return command.kind == .test ? .ok : .error }
      let messages = modem.card == .ready && !modem.agenda.contains(.boot(.messagesReady))
      modem.inform("+QINISTAT: \(modem.card == .ready ? (messages ? 3 : 1) : 0)")
      return .ok
    },
    CommandEntry("+QSIMSTAT") { modem, command in
      switch command.kind {
      case .read:
        let state = modem.sim.isPresent ? 1 : 0
        modem.inform("+QSIMSTAT: \(modem.session.simStateReport),\(state)")
      case .set:
        guard let report = command.number(0, 0...1) else { return .error }
        modem.session.simStateReport = report
      case .test: modem.inform("+QSIMSTAT: (0,1)")
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+CFUN", time: .milliseconds(10) ... .milliseconds(60)) { modem, command in
      switch command.kind {
      case .read: modem.inform("+CFUN: \(modem.session.function)")
      case .test: modem.inform("+CFUN: (0,1,4),(0,1)")
      case .set:
        guard let function = command.number(0, 0...4), [0, 1, 4].contains(function),
          let restarts = command.number(1, 0...1, otherwise: 0)
        else { return .error }
        return modem.set(function: function, restarts: restarts == 1)
      case .execute, .malformed: return .error
      }
      return .ok
    },
    CommandEntry("+QPOWD") { modem, command in
      guard let mode = command.number(0, 0...2, otherwise: 1),
        command.kind == .execute || command.isSet
      else { return .error }
      // A module that has just booted refuses (particle-iot/device-os: six attempts, 500 ms apart).
      guard modem.now >= modem.power.acceptsPowerOffAt else { return .error }
      modem.schedule(
        .power(.commandedOff(isOrderly: mode == 1, bootsAgain: false)), after: .milliseconds(20))
      return .ok
    },
  ]
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

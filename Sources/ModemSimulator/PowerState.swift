import Primitives

/// Supply, power key, STATUS and the UART's life.
struct PowerState: Sendable {
  enum Phase: Equatable, Sendable { case unsupplied, off, starting, running, stopping, asleep }
  var phase = Phase.unsupplied
  var isStatusOn = false
  var suppliedAt: Instant?
  var pulse: Pulse?
  var sleptAt: Instant?
  /// Until then neither the key nor AT+QPOWD turns the module off.
  var acceptsPowerOffAt = Instant.start
  var acceptsKeyOffAt = Instant.start
  /// The boot was for the periodic update, not for the host.
  var isUpdateDue = false
  /// STATUS goes low with the end of this shutdown, not before.
  var leastOffAt = Instant.start
  var bootsAfterStop = false
  /// `POWERED DOWN` goes to the UART even if URCs don't: a command on it asked for the shutdown.
  var announcesOff = false
  /// The UART has found out at what rate the host speaks; false after a boot with AT+IPR=0, and
  /// then it says nothing by itself.
  var knowsRate = true
  /// It switches itself off because its supply has sunk.
  var lacksSupply = false
  /// The shutdown logs out of the network; a fast one doesn't.
  var isOrderlyOff = true
  /// The boot is a wake from PSM.
  var isWake = false
  var startedAt = Instant.start

  var isRunning: Bool { phase == .running || phase == .starting }

  /// One press of the key.
  struct Pulse: Sendable {
    let pressedAt: Instant
    let phase: Phase
    /// It does nothing, whatever its length.
    let isDead: Bool
  }
}

enum PowerEvent: Equatable, Sendable {
  /// The key has been held for as long as it takes.
  case keyTakes
  case statusHigh
  case statusLow
  case uartUp
  /// The log-out is over.
  case loggedOut
  case off
  /// A command asked for the end; its OK has gone out.
  case commandedOff(isOrderly: Bool, bootsAgain: Bool)
}

extension SimulatedModem {
  mutating func supplyChanged(isOn: Bool) {
    if isOn == (power.phase != .unsupplied) { return }
    if isOn {
      power.phase = .off
      power.suppliedAt = now
      clock.runsSince = now
      if personality.key.startsWithSupply {
        start(from: now)
      } else if power.pulse != nil {
        powerKeyPressed()
      }
      return
    }
    if power.isRunning || power.phase == .stopping {
      counters.violations[.supplyCutWhileRunning] += 1
      counters.resets += 1
      stored.knowsCell = false
    }
    collapse(to: .unsupplied)
    clock.forget()
  }

  /// The module stops at once, in whatever it was doing.
  mutating func collapse(to phase: PowerState.Phase) {
    dropEverything()
    radio.forgetNetwork()
    packet = PacketState()
    clock.network = nil
    agenda.cancelAll { _ in false }
    setStatus(isOn: false)
    power.phase = phase
    power.bootsAfterStop = false
  }

  mutating func setStatus(isOn: Bool) {
    if power.isStatusOn == isOn { return }
    power.isStatusOn = isOn
    effects.append(.statusLine(isOn: isOn))
  }

  mutating func powerKeyChanged(isAsserted: Bool) {
    if isAsserted == (power.pulse != nil) { return }
    if isAsserted {
      counters.powerKeyPulses += 1
      powerKeyPressed()
    } else if let pulse = power.pulse {
      power.pulse = nil
      agenda.cancel(.power(.keyTakes))
      if !pulse.isDead { powerKeyReleased(pulse, held: now - pulse.pressedAt) }
    }
  }

  private mutating func powerKeyPressed() {
    var isDead = power.phase == .unsupplied
    if faults.ignoredPowerKeyPulses > 0 {
      faults.ignoredPowerKeyPulses -= 1
      isDead = true
    } else if let suppliedAt = power.suppliedAt, now < suppliedAt + personality.key.supplyStable {
      counters.violations[.keyBeforeSupply] += 1
      isDead = true
    } else if power.phase == .asleep, let sleptAt = power.sleptAt,
      now < sleptAt + personality.key.sleepGuard
    {
      counters.violations[.wakeTooSoon] += 1
      isDead = true
    }
    power.pulse = PowerState.Pulse(pressedAt: now, phase: power.phase, isDead: isDead)
    if !isDead, power.phase == .off || power.phase == .asleep,
      let least = personality.key.shortestStart
    {
      schedule(.power(.keyTakes), after: least)
    }
  }

  private mutating func powerKeyReleased(_ pulse: PowerState.Pulse, held: Duration) {
    let key = personality.key
    guard let longest = key.longest else { return }
    if held < key.shortest { counters.violations[.pulseTooShort] += 1 }
    if held > longest { counters.violations[.keyHeld] += 1 }
    let isReset = key.reset.map { held >= $0.lowerBound } ?? false
    switch pulse.phase {
    case .unsupplied: break
    case .off, .asleep:
      guard let on = key.on else { return }
      if held > on.upperBound { counters.violations[.pulseTooLong] += 1 }
      if isReset, power.isRunning { hardReset() }
    case .running:
      if power.phase == .running, isReset { return hardReset() }
      guard let off = key.off, held >= off.lowerBound, power.phase == .running else { return }
      if held > off.upperBound { counters.violations[.pulseTooLong] += 1 }
      guard now >= power.acceptsKeyOffAt else {
        counters.violations[.powerOffTooSoon] += 1
        return
      }
      power.leastOffAt = now + key.leastShutdown
      stop(isOrderly: true)
    case .starting, .stopping:
      if key.on != nil { counters.violations[.keyWhileBusy] += 1 }
      if isReset, power.isRunning { hardReset() }
    }
  }

  private mutating func hardReset() {
    counters.resets += 1
    if personality.key.resetTurnsOff {
      stored.knowsCell = false
      return collapse(to: .off)
    }
    restart(keepsCell: false)
    power.acceptsKeyOffAt = now + personality.key.resetGuard
    power.acceptsPowerOffAt = power.acceptsKeyOffAt
  }

  /// The module loses everything but its flash and boots again.
  mutating func restart(keepsCell: Bool) {
    if !keepsCell { stored.knowsCell = false }
    collapse(to: .off)
    start(from: now)
  }

  mutating func perform(_ event: PowerEvent) {
    switch event {
    case .keyTakes:
      // A reset pin makes no difference between a module that is off and one that sleeps.
      if personality.key.on == nil { collapse(to: .off) }
      start(from: power.pulse?.pressedAt ?? now)
    case .statusHigh: setStatus(isOn: true)
    case .statusLow: setStatus(isOn: false)
    case .uartUp: uartUp()
    case .loggedOut: loggedOut()
    case .commandedOff(let isOrderly, let bootsAgain):
      stop(isOrderly: isOrderly, isCommanded: true, bootsAgain: bootsAgain)
    case .off:
      let boots = power.bootsAfterStop
      collapse(to: .off)
      if boots { start(from: now) }
    }
  }

  /// Begins to boot; the times count from `origin`, the key's first edge.
  mutating func start(from origin: Instant) {
    counters.boots += 1
    agenda.cancelAll { $0 == .radio(.periodicUpdate) }
    // A module whose pin stays high in PSM shows nothing of a wake.
    power.isWake = power.phase == .asleep
    if !power.isWake || personality.sleep.dropsStatus { setStatus(isOn: false) }
    power.phase = .starting
    power.startedAt = now
    let status = origin + sample(personality.boot.status)
    let wake = power.isWake ? personality.sleep.wake : nil
    let uart = origin + sample(wake ?? personality.boot.uart) + faults.bootDelay
    agenda.add(.power(.statusHigh), at: max(now, min(status, uart)))
    agenda.add(.power(.uartUp), at: max(now, max(status, uart)))
  }

  private mutating func uartUp() {
    power.phase = .running
    power.acceptsPowerOffAt =
      max(power.acceptsPowerOffAt, now + sample(personality.boot.acceptsPowerOff))
    if !power.isWake || !personality.sleep.keepsSession {
      let function = session.function
      session = SessionSettings(profile: stored.profile)
      personality.begin(&session)
      beginMessages()
      if power.isWake { session.function = function }
    }
    own.forget(isWake: power.isWake)
    input = InputState()
    // The idle timer of a UART that has just come up begins here.
    input.lastByteAt = now
    power.knowsRate = stored.profile.baudRate != 0
    bootModule()
  }

  /// Shuts down in order: log-out, `POWERED DOWN`, STATUS low (BG96 AT manual V2.2, AT+QPOWD).
  mutating func stop(isOrderly: Bool, isCommanded: Bool = false, bootsAgain: Bool = false) {
    power.announcesOff = isCommanded
    power.isOrderlyOff = isOrderly
    power.bootsAfterStop = bootsAgain
    let logOut = isOrderly && radio.registration != nil
    let delay = logOut ? sample(network.timing.detach) : .milliseconds(300)
    dropEverything()
    if radio.registration != nil { stored.knowsCell = true }
    radio.forgetNetwork()
    agenda.cancelAll { _ in false }
    power.phase = .stopping
    schedule(.power(.loggedOut), after: delay)
  }

  /// 2G modules and SIMCom's name the supply (facts: quectel 1.4, ublox-simcom B.1); what others say then
  /// isn't known, and taken for their usual word.
  mutating func stopForLackOfSupply() {
    power.lacksSupply = true
    stop(isOrderly: false)
  }

  private mutating func loggedOut() {
    let off = personality.off
    // Some modules leave out the last line end.
    let hasLineEnd = off.missingLineEnd == 0 || random.next(below: off.missingLineEnd) != 0
    let isRouted = !personality.line.routesURCs || stored.urcPort.equals("uart1")
    let isHeard = isRouted && power.knowsRate
    let text = power.lacksSupply ? off.lackText ?? off.text : off.text
    power.lacksSupply = false
    if let text, power.announcesOff || isHeard,
      off.announcesRestart || !power.bootsAfterStop, off.announcesFastOff || power.isOrderlyOff
    {
      transmit(crlf + Array(text) + (hasLineEnd ? crlf : []))
    }
    let pause = sample(off.pause)
    agenda.add(.power(.off), at: max(now + pause, power.leastOffAt))
  }

  /// Ends what lives in the running firmware: commands, sockets, radio.
  mutating func dropEverything() {
    execution = nil
    input = InputState()
    endRing()
    closeAllSockets()
    packet.dropLocal()
    card = .off
    radio.stop()
  }
}

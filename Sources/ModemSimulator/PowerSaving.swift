import Primitives

/// T3324 in seconds, from its 8 bits of text: GPRS timer 2 (TS 24.008 §10.5.7.4).
///
/// - Returns: nil for the unit "deactivated" and for what isn't 8 bits.
func activeTimeSeconds(_ bits: [UInt8]) -> Int64? {
  guard let (unit, value) = timerParts(bits) else { return nil }
  switch unit {
  case 0: return value * 2
  case 2: return value * 360
  case 7: return nil
  default: return value * 60
  }
}

/// T3412 extended in seconds: GPRS timer 3 (TS 24.008 §10.5.7.4a).
///
/// - Returns: nil for the unit "deactivated" and for what isn't 8 bits.
func periodicUpdateSeconds(_ bits: [UInt8]) -> Int64? {
  guard let (unit, value) = timerParts(bits), unit < 7 else { return nil }
  let steps: [Int64] = [600, 3600, 36_000, 2, 30, 60, 1_152_000]
  return value * steps[unit]
}

private func timerParts(_ bits: [UInt8]) -> (unit: Int, value: Int64)? {
  guard bits.count == 8 else { return nil }
  var octet = 0
  for bit in bits {
    guard bit == UInt8(ascii: "0") || bit == UInt8(ascii: "1") else { return nil }
    octet = octet << 1 | Int(bit & 1)
  }
  return (octet >> 5, Int64(octet & 31))
}

extension SimulatedModem {
  /// The granted timers in seconds; nil where the network granted no PSM.
  var grantedSeconds: (periodic: Int64, active: Int64)? {
    guard let registration = radio.registration, let active = registration.activeTime,
      let periodic = registration.periodicTAU,
      let activeSeconds = activeTimeSeconds(active),
      let periodicSeconds = periodicUpdateSeconds(periodic)
    else { return nil }
    return (periodicSeconds, activeSeconds)
  }

  /// The attach or the update carried the request; the answer carries the grant.
  mutating func grantPowerSaving() {
    radio.registration?.activeTime = nil
    radio.registration?.periodicTAU = nil
    let requested = personality.sleep.request(self)
    guard requested.isWanted, access.technology != .gsm else { return }
    switch network.powerSaving {
    case .none: break
    case .asRequested:
      radio.registration?.activeTime = requested.activeTime
      radio.registration?.periodicTAU = requested.periodicTAU
    case .fixed(let periodicTAU, let activeTime):
      radio.registration?.activeTime = activeTime
      radio.registration?.periodicTAU = periodicTAU
    }
  }

  /// The request changed: the module tells the network with an update.
  mutating func powerSavingChanged() {
    if radio.phase == .camped { request(.update) }
  }

  /// PSM was asked for and granted, and nothing speaks against it for good.
  var mayEnterPSM: Bool {
    personality.sleep.request(self).isWanted && !faults.neverSleeps && grantedSeconds != nil
      && personality.sleep.isAllowed(self)
  }

  /// T3324 runs from the release of the connection; after a wake without one, from the moment when
  /// the module is back on its cell. Words on the AT port don't stop it.
  mutating func startActiveTimer() {
    guard radio.phase == .camped, radio.connection == .none, mayEnterPSM,
      let granted = grantedSeconds
    else { return }
    agenda.cancel(.radio(.activeTimer))
    let skips = personality.sleep.skipsActiveTimer(self)
    // The firmware takes a moment to put itself away even without T3324.
    let settle = sample(.milliseconds(60) ... .milliseconds(250))
    schedule(.radio(.activeTimer), after: (skips ? .zero : .seconds(granted.active)) + settle)
  }

  /// T3324 is over. A command line that runs is finished first; nothing else holds PSM back.
  mutating func activeTimerExpired() {
    radio.sleepsWhenIdle = false
    guard power.phase == .running, radio.phase == .camped, radio.connection == .none,
      radio.pending.isEmpty, mayEnterPSM
    else { return }
    let quietAt = input.lastByteAt + personality.sleep.quietPort
    if now < quietAt {
      agenda.add(.radio(.activeTimer), at: quietAt)
    } else if execution == nil {
      fallAsleep()
    } else {
      radio.sleepsWhenIdle = true
    }
  }

  private mutating func fallAsleep() {
    if !faults.sleepsSilently, let text = personality.sleep.entryText(self) { sendURC(text) }
    counters.sleeps += 1
    messages.isBeyondReach = true
    stored.knowsCell = true
    dropEverything()
    agenda.cancelAll { $0 == .radio(.periodicUpdate) }
    power.phase = .asleep
    power.sleptAt = now
    let delay = sample(.milliseconds(20) ... .milliseconds(150))
    if personality.sleep.dropsStatus { schedule(.power(.statusLow), after: delay) }
  }

  /// T3412 runs from the end of the connection, through PSM too.
  mutating func armPeriodicUpdate() {
    agenda.cancel(.radio(.periodicUpdate))
    let seconds = grantedSeconds.map { Duration.seconds($0.periodic) }
    schedule(.radio(.periodicUpdate), after: seconds ?? network.timing.periodicUpdate)
  }

  /// T3412 is over: the module wakes by itself, updates and goes back to sleep (PSM note V1.0,
  /// figure 3). Boot URCs come as after any wake.
  mutating func periodicUpdate() {
    switch power.phase {
    case .asleep:
      power.isUpdateDue = true
      start(from: now)
    case .running:
      if radio.phase == .camped { request(.update) } else { power.isUpdateDue = true }
    case .starting: power.isUpdateDue = true
    case .unsupplied, .off, .stopping: break
    }
  }
}

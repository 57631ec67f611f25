import Primitives

extension SimulatedModem {
  /// Whether the settings let the module use this network at all.
  var canServe: Bool { personality.radio.mayServe(self) }

  mutating func attachAnswered() {
    guard radio.phase == .attaching else { return }
    let apn = personality.packet.attachAPN(self)
    switch serving.verdict {
    case .rejects(let cause): refused(cause: cause)
    case .noCoverage: refused(cause: nil)
    case .accepts:
      // The default bearer hangs on the APN: EMM cause 19, ESM failure (TS 24.301 annex A).
      let isBearing = access.hasDefaultBearer
      guard !isBearing || network.accepts(apn: apn) else { return refused(cause: 19) }
      counters.attaches += 1
      radio.phase = .camped
      radio.refusals = 0
      radio.isLost = false
      radio.rejectCause = nil
      operatorAccepted()
      radio.registration = Registration()
      grantPowerSaving()
      messages.isFull = false
      packet.bearers = isBearing ? [Bearer(cid: 1, apn: apn, address: network.address)] : []
      clockReceived()
      registrationChanged()
      grantExtendedDRX()
      if isBearing, session.eventReport.0 > 0 { sendURC("+CGEV: ME PDN ACT 1") }
      personality.radio.registered(&self)
      completeWaiters()
      offerMessages()
    }
  }

  mutating func completeWaiters() {
    let waiters = radio.waiters
    radio.waiters = []
    for serial in waiters { complete(.ok, serial: serial) }
  }

  /// T3411 five times, then T3402 (TS 24.301 §5.5.1.2.6). Some causes close the card until the
  /// next power cycle (§5.5.1.2.5).
  private mutating func refused(cause: Int?) {
    radio.phase = .denied
    radio.rejectCause = cause
    radio.refusals += 1
    registrationChanged()
    if operatorRefused(cause: cause) { return search() }
    switch cause {
    case 3, 6, 8: break
    case 7, 11, 12, 13, 14, 15, 22, 35:
      schedule(.radio(.searchDone), after: network.timing.attachPause)
    default:
      let isPause = radio.refusals % 5 == 0
      let pause = isPause ? network.timing.attachPause : network.timing.attachRetry
      schedule(.radio(.searchDone), after: pause)
    }
  }

  mutating func updateAccepted() {
    guard radio.phase == .camped else { return }
    counters.trackingAreaUpdates += 1
    grantPowerSaving()
    clockReceived()
    registrationChanged()
    grantExtendedDRX()
    personality.radio.registered(&self)
  }

  /// Completes a line that waits, if it is still the one that runs.
  mutating func complete(_ outcome: CommandOutcome, serial: Int) {
    if execution?.serial == serial, execution?.isWaiting == true { complete(outcome) }
  }

  /// Settings that decide what is searched were written: the search begins anew, and the module
  /// leaves the network that it was on (BG95 Network Searching Scheme V2.0 §7.5).
  mutating func searchSettingsChanged(isLost: Bool = false) {
    guard radio.phase != .off else { return }
    leaveNetwork()
    radio.isLost = isLost
    startRadio(isAnew: false)
  }
}

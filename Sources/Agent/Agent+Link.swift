import Cellular
import DNS
import Link
import Modems
import Primitives
import Telemetry
import Uplink

/// What the link tells, the time of day, and the log.
extension Agent where S: ~Copyable {
  /// Hands the link an input, its edge effects on, and then takes its events, one after the other:
  /// an event may drive the link again, whose effects must come after those before it.
  mutating func drive(_ input: Link.Input, now: Instant) {
    let isOutermost = linkEvents.isEmpty
    for effect in link.handle(input, now: now) {
      if case .event(let event) = effect {
        linkEvents.append(event)
      } else {
        effects.append(.link(effect))
      }
    }
    guard isOutermost else { return }
    while let event = linkEvents.first {
      take(event, now: now)
      linkEvents.removeFirst()
    }
  }

  mutating func take(_ event: LinkEvent, now: Instant) {
    switch event {
    case .stateChanged(let state, let cause):
      (record.linkCause, record.linkSince) = (cause, now)
      log("modem", "\(state.text): \(cause.text) [\(link.counters.text)]", now)
      if state == .draining { sayGrant(now: now) }
    case .online: online(now: now)
    case .addressWanted: lookUp(now: now)
    case .messagesOnly(let cause):
      lost(cause, now: now)
      if !isStopping { letGo(now: now) }
    case .received(let datagram): receive(datagram, now: now)
    case .networkTime(let utc): takeTime(utc, from: .network, now: now)
    case .connectionLost(let cause):
      windowEnds = nil
      lost(cause, now: now)
      endListing(now: now)
    case .failed(let cause):
      forgetMessages(now: now)
      windowEnds = nil
      lost(cause, now: now)
      atRest(now: now)
    case .asleep:
      forgetMessages(now: now)
      windowEnds = nil
      atRest(now: now)
    case .exchange(let trace): effects.append(.exchange(trace))
    case .console(let id, let result): effects.append(.console(id, result))
    case .identity(let identity):
      identified(identity, now: now)
      noteCard(identity, now: now)
    case .climbing(let isReset): climb(isReset: isReset, now: now)
    case .moduleFound(let module): found(module, now: now)
    case .moduleForgotten: forgotten(now: now)
    case .registration(let registration): record.registration = registration
    case .network(let plmn): registered(with: plmn, now: now)
    case .band(let band): record.band = band
    case .forbiddenCleared:
      log("modem", "the SIM's list of forbidden networks was emptied; the search begins anew", now)
    case .pinIsOn(let isOn): pinRead(isOn, now: now)
    case .restPlanned(let plan):
      record.rest = plan
      log("modem", "rest: \(plan.text)", now)
    case .edrx(let state): granted(state, now: now)
    case .message(let message): take(message, now: now)
    case .messagesListed:
      wasReached(now: now)
      endListing(now: now)
    case .messageAnnounced: announced(now: now)
    case .messagesNotListed(let error):
      log("sms", "can't be listed" + (error.map { " (+CMS ERROR: \($0))" } ?? ""), now)
      endListing(now: now)
    case .messageStorageFull:
      isStorageFull = true
      log("sms", "the storage is full: the network keeps what comes", now)
    case .messageSent: answered(isSent: true, now: now)
    case .messageRefused: answered(isSent: false, now: now)
    case .sent: break
    }
  }

  private mutating func online(now: Instant) {
    switch cycle {
    case .connecting: sendNext(sent: 0, now: now)
    case .resolving: sendQuestion(now: now)
    case .idle, .exchanging, .releasing, .waiting: break
    }
  }

  /// Says what was granted of what was asked for, once a change. Not before the modem is let go: of
  /// several lines about a registration the first may grant nothing.
  private mutating func sayGrant(now: Instant) {
    guard let registration = record.registration, registration.status.allowsData,
      let wish = link.settings.network.psm
    else { return }
    let grant = PSMGrant(active: registration.activeTime, update: registration.periodicTAU)
    guard grant != lastGrant else { return }
    lastGrant = grant
    let asked = PSMGrant(active: wish.activeTime, update: wish.periodicTAU)
    log("modem", "PSM granted: \(grant.text); asked for: \(asked.text)", now)
  }

  private mutating func granted(_ state: EDRXState, now: Instant) {
    record.edrx = state
    log("modem", "eDRX \(state.text)", now)
  }

  mutating func receive(_ datagram: [UInt8], now: Instant) {
    if case .resolving = cycle { return lookUp(.received(datagram), now: now) }
    guard case .exchanging(var exchange, let batch, let sent) = cycle else { return }
    let steps = exchange.handle(.received(datagram), now: now)
    cycle = .exchanging(exchange, batch, sent: sent)
    perform(steps, batch, now: now)
  }

  mutating func lost(_ cause: LinkCause, now: Instant) {
    switch cycle {
    case .connecting, .resolving, .exchanging:
      let wasSending = if case .exchanging = cycle { true } else { false }
      // Before that, a network that isn't there says nothing about where the server is.
      if wasSending || cause.rung == .socket { doubtAddress() }
      record.wasSending = wasSending
      if cause == .nameNotFound { moduleFoundNoName(now: now) }
      record.failed += 1
      let until = failed(.link(cause), now: now)
      cycle = .waiting(until: until, cause: .link(cause))
      log("report", "\(cause.text); next attempt in \((until - now).text)", now)
      trialFailed(now: now)
      if isBoardToRestart, !isStopping { end(now: now) }
    case .idle, .releasing, .waiting: break
    }
  }

  /// The modem is off or asleep; its change of state has said how that is known.
  mutating func atRest(now: Instant) {
    if isStopping { return ended() }
    if isRestartWanted { return restart(now: now) }
    guard case .releasing(let isReportWaiting) = cycle else { return }
    cycle = .idle
    if isReportWaiting { beginReport(now: now) }
  }

  mutating func takeTime(_ utc: UTC, from source: WallClock.Source, now: Instant) {
    guard clock.take(utc, from: source, at: now) else { return }
    if source == .network { effects.append(.setClock(utc)) }
    do {
      try store.clockWasSet(utc, at: now)
    } catch {
      record.storeFailures += 1
    }
    log("clock", "\(utc.text) (\(source.text))", now)
    datedLimits(utc, now: now)
  }

  mutating func log(_ subject: StaticString, _ text: String, _ now: Instant) {
    let event = Event(time: readingTime(now), subject: Array(subject), text: Array(text.utf8))
    effects.append(.log(event))
    do {
      try store.record(event)
    } catch {
      record.storeFailures += 1
    }
  }
}

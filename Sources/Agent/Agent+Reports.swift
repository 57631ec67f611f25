import Link
import Primitives
import Telemetry
import Uplink

/// From the store to the server, one batch after the other.
extension Agent where S: ~Copyable {
  mutating func reportIfDue(now: Instant) {
    switch cycle {
    case .idle:
      let (isToBeReached, isDue) = (takeReachDue(now: now), schedule.takeDue(now: now))
      if isDue || isToBeReached { beginReport(isToBeReached: isToBeReached, now: now) }
    case .waiting(let until, _):
      guard until <= now else { return }
      schedule.skipPast(now)
      beginReport(now: now)
    case .releasing:
      if schedule.takeDue(now: now) { cycle = .releasing(isReportWaiting: true) }
    case .connecting, .resolving, .exchanging:
      schedule.skipPast(now)
    }
  }

  /// - Parameter isToBeReached: whether it is made with nothing to report too.
  mutating func beginReport(isToBeReached: Bool = false, now: Instant) {
    var waiting: Int64
    do {
      waiting = try store.waiting()
    } catch {
      record.storeFailures += 1
      storeTrouble += 1
      let wait = backOff.wait(after: storeTrouble)
      cycle = .waiting(until: now + wait, cause: .store)
      log("store", "can't be read; next attempt in \(wait.text)", now)
      return
    }
    storeTrouble = 0
    if waiting == 0, isToBeReached, storeReportReading(now: now) { waiting = 1 }
    guard waiting > 0 else {
      record.failure = nil
      cycle = .idle
      return
    }
    guard let allowance = admitted(now: now) else { return }
    cycle = .connecting
    owed = waiting
    record.attempts += 1
    drive(.connect(knownTarget(now: now), allowance), now: now)
  }

  /// The socket is open: sends the oldest batch, or lets the modem go when there is none.
  mutating func sendNext(sent: Int, now: Instant) {
    let isDone = sent >= Self.reportsPerWake || (sent > 0 && owed <= 0)
    let next: Batch?
    do {
      next = isDone ? nil : try store.nextBatch(limit: plan.batchLimit)
    } catch {
      record.storeFailures += 1
      return fail(.store, now: now)
    }
    guard let batch = next else { return release(now: now) }
    (resends, doubtfulRefusals) = (0, 0)
    send(batch, sent: sent, now: now)
  }

  private mutating func send(_ batch: Batch, sent: Int, now: Instant) {
    messageID &+= 1
    let request = CoAPRequest(report: batch, device: plan.device, to: plan.server, now: now)
    var exchange = CoAPExchange(
      request, messageID: messageID, token: token(), timing: plan.timing, jitter: random.next())
    let effects = exchange.handle(.start, now: now)
    cycle = .exchanging(exchange, batch, sent: sent)
    log(
      "report", "\(batch.identity.bytes.printable): sending \(batch.readings.count) readings", now)
    perform(effects, batch, now: now)
  }

  mutating func token() -> [UInt8] {
    let bits = random.next()
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: bits >> $0) }
  }

  mutating func perform(_ steps: [CoAPExchange.Effect], _ batch: Batch, now: Instant) {
    for step in steps {
      switch step {
      case .send(let datagram):
        drive(.send(datagram, expectsAnswer: true, isLast: isLast(batch)), now: now)
      case .finished(let outcome): finish(batch, outcome, now: now)
      }
    }
  }

  /// Whether the modem may go when this batch is confirmed: nothing else waits, and no SMS.
  private func isLast(_ batch: Batch) -> Bool {
    guard case .exchanging(_, _, let sent) = cycle else { return false }
    let isLimit = sent + 1 >= Self.reportsPerWake
    return !plan.listensToMessages && (isLimit || owed <= Int64(batch.readings.count))
  }

  mutating func finish(_ batch: Batch, _ outcome: CoAPOutcome, now: Instant) {
    guard case .exchanging(_, _, let sent) = cycle else { return }
    switch outcome {
    case .confirmed: confirm(batch, sent: sent, now: now)
    case .refused(let code): setAside(batch, code, sent: sent, now: now)
    case .doubtful(let code):
      if code.isPermanent { doubtfulRefusals += 1 }
      if doubtfulRefusals > Self.resendLimit {
        return setAside(batch, code, sent: sent, now: now)
      }
      sendAgain(batch, after: .server(code, retryAfter: nil), sent: sent, now: now)
    case .postponed(let code, let retryAfter):
      let what =
        code.kind == 2
        ? "an answer with a payload confirms nothing" : "the server can't take it now"
      log("report", "\(batch.identity.bytes.printable): \(what) (\(code.text))", now)
      fail(.server(code, retryAfter: retryAfter), now: now)
    case .reset: sendAgain(batch, after: .reset, sent: sent, now: now)
    case .noAnswer:
      doubtAddress()
      fail(.noAnswer, now: now)
    }
  }

  /// The server got something else than was sent, or may have: the same batch goes again as another
  /// message, since the server gives the same message the same answer (RFC 7252 §4.5).
  private mutating func sendAgain(
    _ batch: Batch, after failure: ReportFailure, sent: Int, now: Instant
  ) {
    guard resends < Self.resendLimit else { return fail(failure, now: now) }
    resends += 1
    log("report", "\(batch.identity.bytes.printable): \(failure.text); sent again", now)
    send(batch, sent: sent, now: now)
  }

  private mutating func setAside(_ batch: Batch, _ code: CoAPCode, sent: Int, now: Instant) {
    log(
      "report",
      "\(batch.identity.bytes.printable): refused for good with \(code.text); set aside", now)
    record.refused += 1
    record.refusal = code
    do {
      try store.setAside(batch.identity, reason: Array(code.text.utf8))
    } catch {
      record.storeFailures += 1
      return fail(.store, now: now)
    }
    owed -= Int64(batch.readings.count)
    refusals += 1
    if refusals >= Self.refusalsInRow {
      return fail(.server(code, retryAfter: nil), now: now)
    }
    sendNext(sent: sent + 1, now: now)
  }

  mutating func confirm(_ batch: Batch, sent: Int, now: Instant) {
    do {
      try store.confirm(batch.identity)
    } catch {
      // The server has it; it will say so again to the repetition, which it counts once.
      record.storeFailures += 1
      return fail(.store, now: now)
    }
    owed -= Int64(batch.readings.count)
    record.confirmed += 1
    record.lastConfirmed = (batch.identity, now)
    (record.failure, record.refusal) = (nil, nil)
    refusals = 0
    ledgerConfirmed(now: now)
    networkWorked(now: now)
    effects.append(.confirmed(batch.identity, readings: batch.readings.count))
    log(
      "report", "\(batch.identity.bytes.printable): confirmed, \(batch.readings.count) readings",
      now)
    trialReported(now: now)
    sendNext(sent: sent + 1, now: now)
  }

  mutating func release(now: Instant) {
    if takeColdStart(now: now) { return }
    cycle = .releasing(isReportWaiting: false)
    if record.lastConfirmed?.at == now { openWindowIfDue(now: now) }
    letGo(now: now)
  }

  /// This attempt is over without a confirmation. The modem goes to sleep, the readings stay.
  mutating func fail(_ cause: ReportFailure, now: Instant) {
    record.failed += 1
    let until = failed(cause, now: now)
    cycle = .waiting(until: until, cause: cause)
    log("report", "\(cause.text); next attempt in \((until - now).text)", now)
    trialFailed(now: now)
    if isStopping { return }
    letGo(now: now)
  }
}

import Cellular
import Link
import Modems
import Primitives
import Sensors
import Telemetry
import Uplink

/// What the device does: takes readings, keeps them, reports them when it is time, and lets the
/// modem sleep in between. Performs no IO but through its `Store`.
///
/// The caller hands every input with `now`, carries out the effects in order, and calls again with
/// `.deadline` when `deadline` has come.
public struct Agent<S: Store & ~Copyable>: ~Copyable {
  public enum Input: Sendable {
    /// The process came up. `systemClock` is what the board's clock says, right or wrong.
    case start(systemClock: UTC)
    /// Readings from the control socket. All requests together become one transaction.
    case put([StoreRequest])
    /// What the sensors' files held, in the order of `.readSensors`; nil where there was none.
    case sensed([SensorContents])
    case link(Link.Input)
    case deadline
    /// The process is to end: the modem goes off, then comes `.stopped`.
    case stop
  }

  public enum Effect: Sendable {
    /// For the edges: the UART, the power key. Never `.event`.
    case link(Link.Effect)
    case stored(request: Int64, readings: Int)
    case refused(request: Int64, StoreRefusal)
    case readSensors([Int])
    case setClock(UTC)
    case log(Event)
    case confirmed(BatchIdentity, readings: Int)
    case stopped
  }

  /// What one wake may send, so that a long backlog doesn't hold the radio for ever; the rest
  /// follows with the next report.
  public static var reportsPerWake: Int { 50 }

  public let plan: AgentPlan
  public private(set) var link: Link
  public private(set) var store: S
  public private(set) var clock = WallClock()
  public private(set) var cycle = ReportCycle.idle
  public private(set) var record = ReportRecord()
  public private(set) var sensors: [Sensor]
  var schedule: ReportSchedule
  private var sensorSchedule: SensorSchedule?
  private var backOff: BackOff
  private var random: SeededRandom
  private var messageID: UInt16
  private var isStopping = false
  private var linkEvents: [LinkEvent] = []
  private var effects: [Effect] = []

  public init(plan: AgentPlan, store: consuming S, link: Link, seed: UInt64) {
    self.plan = plan
    self.store = store
    self.link = link
    schedule = ReportSchedule(interval: plan.reportInterval)
    sensors = plan.sensors.map { Sensor($0) }
    backOff = BackOff(steps: plan.retryAfter, seed: seed)
    random = SeededRandom(seed: seed)
    messageID = UInt16(truncatingIfNeeded: random.next())
  }

  /// The next moment at which `.deadline` is wanted; nil only after `.stopped`.
  public var deadline: Instant? {
    var next = link.deadline
    if isStopping { return next }
    next = earlier(next, sensorSchedule?.deadline)
    switch cycle {
    case .idle: next = earlier(next, schedule.next)
    case .waiting(let until, _): next = earlier(next, until)
    case .exchanging(let exchange, _, _): next = earlier(next, exchange.deadline)
    case .connecting, .releasing: break
    }
    return next
  }

  public mutating func handle(_ input: Input, now: Instant) -> [Effect] {
    switch input {
    case .start(let systemClock): start(systemClock, now: now)
    case .put(let requests): put(requests, now: now)
    case .sensed(let contents): take(contents, now: now)
    case .link(let input): drive(input, now: now)
    case .deadline: deadlinePassed(now: now)
    case .stop:
      isStopping = true
      cycle = .releasing(isReportWaiting: false)
      drive(.powerOff, now: now)
    }
    defer { effects = [] }
    return effects
  }

  private mutating func start(_ systemClock: UTC, now: Instant) {
    takeTime(systemClock, from: .system, now: now)
    schedule.begin(at: now)
    let intervals = plan.sensors.map { $0.interval }
    sensorSchedule = SensorSchedule(intervals: intervals, alignedTo: now, now: now)
    drive(.start, now: now)
    deadlinePassed(now: now)
  }

  /// The last call before the process ends.
  public mutating func closeStore() { store.close() }

  private mutating func deadlinePassed(now: Instant) {
    if let linkDeadline = link.deadline, linkDeadline <= now { drive(.deadline, now: now) }
    if case .exchanging(var exchange, let batch, let sent) = cycle,
      let exchangeDeadline = exchange.deadline, exchangeDeadline <= now
    {
      let effects = exchange.handle(.deadline, now: now)
      cycle = .exchanging(exchange, batch, sent: sent)
      perform(effects, batch, now: now)
    }
    if isStopping { return }
    let due = sensorSchedule?.takeDue(now: now) ?? []
    if due.isEmpty { reportIfDue(now: now) } else { effects.append(.readSensors(due)) }
  }
}

// MARK: Readings

extension Agent where S: ~Copyable {
  private mutating func put(_ requests: [StoreRequest], now: Instant) {
    let time = readingTime(now)
    var readings: [Reading] = []
    for request in requests {
      for var reading in request.readings {
        switch reading.time {
        case .utc: break
        case .sinceBoot(let taken): reading.time = readingTime(taken)
        case .unknown: reading.time = time
        }
        readings.append(reading)
      }
    }
    do {
      try store.append(readings)
      for request in requests {
        effects.append(.stored(request: request.id, readings: request.readings.count))
      }
    } catch {
      record.storeFailures += 1
      for request in requests { effects.append(.refused(request: request.id, .storeFailed)) }
    }
  }

  private mutating func take(_ contents: [SensorContents], now: Instant) {
    let time = readingTime(now)
    var readings: [Reading] = []
    for one in contents {
      let name = plan.sensors[one.sensor].name.bytes.printable
      switch sensors[one.sensor].take(one.bytes, at: time) {
      case .reading(let reading, let isRecovery):
        readings.append(reading)
        if isRecovery { log("sensor", "\(name): has values again", now) }
      case .refused(let error, let isNews):
        if isNews { log("sensor", "\(name): no value: \(error.description)", now) }
      }
    }
    do {
      if !readings.isEmpty { try store.append(readings) }
    } catch {
      record.storeFailures += 1
      log("store", "\(readings.count) sensor readings lost: the store can't be written", now)
    }
    if !isStopping { reportIfDue(now: now) }
  }

  /// To the whole second: no sensor here knows better, and each reading is 3 to 5 bytes shorter.
  private func readingTime(_ now: Instant) -> ReadingTime {
    guard let utc = clock.utc(at: now) else { return .sinceBoot(now) }
    return .utc(UTC(millisecondsSince1970: utc.millisecondsSince1970 / 1000 * 1000))
  }
}

// MARK: Reports

extension Agent where S: ~Copyable {
  private mutating func reportIfDue(now: Instant) {
    switch cycle {
    case .idle:
      guard schedule.takeDue(now: now) else { return }
      beginReport(now: now)
    case .waiting(let until, _):
      guard until <= now else { return }
      schedule.skipPast(now)
      beginReport(now: now)
    case .releasing:
      if schedule.takeDue(now: now) { cycle = .releasing(isReportWaiting: true) }
    case .connecting, .exchanging:
      schedule.skipPast(now)
    }
  }

  private mutating func beginReport(now: Instant) {
    guard let counts = try? store.counts() else {
      record.storeFailures += 1
      cycle = .waiting(until: now + backOff.next(), cause: .store)
      log("store", "can't be read; trying again later", now)
      return
    }
    guard counts.waiting > 0 else {
      cycle = .idle
      return
    }
    cycle = .connecting
    record.attempts += 1
    drive(.connect(plan.target), now: now)
  }

  /// The socket is open: sends the oldest batch, or lets the modem go when there is none.
  private mutating func sendNext(sent: Int, now: Instant) {
    let next: Batch?
    do {
      next = sent < Self.reportsPerWake ? try store.nextBatch(limit: plan.batchLimit) : nil
    } catch {
      record.storeFailures += 1
      return fail(.store, now: now)
    }
    guard let batch = next else { return release(now: now) }
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

  private mutating func token() -> [UInt8] {
    let bits = random.next()
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: bits >> $0) }
  }

  private mutating func perform(_ steps: [CoAPExchange.Effect], _ batch: Batch, now: Instant) {
    for step in steps {
      switch step {
      case .send(let datagram): drive(.send(datagram, expectsAnswer: true), now: now)
      case .finished(let outcome): finish(batch, outcome, now: now)
      }
    }
  }

  private mutating func finish(_ batch: Batch, _ outcome: CoAPOutcome, now: Instant) {
    guard case .exchanging(_, _, let sent) = cycle else { return }
    switch outcome {
    case .confirmed: confirm(batch, sent: sent, now: now)
    case .refused(let code):
      log(
        "report",
        "\(batch.identity.bytes.printable): refused for good with \(code.text); set aside", now)
      record.refused += 1
      do {
        try store.setAside(batch.identity, reason: Array(code.text.utf8))
      } catch {
        record.storeFailures += 1
        return fail(.store, now: now)
      }
      sendNext(sent: sent + 1, now: now)
    case .postponed(let code, let retryAfter):
      log(
        "report", "\(batch.identity.bytes.printable): the server can't take it now (\(code.text))",
        now)
      fail(.server(code, retryAfter: retryAfter), now: now)
    case .reset: fail(.reset, now: now)
    case .noAnswer: fail(.noAnswer, now: now)
    }
  }

  private mutating func confirm(_ batch: Batch, sent: Int, now: Instant) {
    do {
      try store.confirm(batch.identity)
    } catch {
      // The server has it; it will say so again to the repetition, which it counts once.
      record.storeFailures += 1
      return fail(.store, now: now)
    }
    record.confirmed += 1
    record.lastConfirmed = (batch.identity, now)
    backOff.clear()
    effects.append(.confirmed(batch.identity, readings: batch.readings.count))
    log(
      "report", "\(batch.identity.bytes.printable): confirmed, \(batch.readings.count) readings",
      now)
    sendNext(sent: sent + 1, now: now)
  }

  private mutating func release(now: Instant) {
    cycle = .releasing(isReportWaiting: false)
    drive(.release, now: now)
  }

  /// This attempt is over without a confirmation. The modem goes to sleep, the readings stay.
  private mutating func fail(_ cause: ReportFailure, now: Instant) {
    var wait = backOff.next()
    if case .server(_, let retryAfter?) = cause { wait = max(wait, retryAfter) }
    record.failed += 1
    cycle = .waiting(until: now + wait, cause: cause)
    log("report", "\(cause.text); next attempt in \(wait.text)", now)
    drive(.release, now: now)
  }
}

// MARK: The link

extension Agent where S: ~Copyable {
  /// Hands the link an input, its edge effects on, and then takes its events, one after the other:
  /// an event may drive the link again, whose effects must come after those before it.
  private mutating func drive(_ input: Link.Input, now: Instant) {
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

  private mutating func take(_ event: LinkEvent, now: Instant) {
    switch event {
    case .stateChanged(let state, let cause):
      record.linkCause = cause
      log("modem", "\(state.text): \(cause.text)", now)
    case .online:
      if case .connecting = cycle { sendNext(sent: 0, now: now) }
    case .received(let datagram): receive(datagram, now: now)
    case .networkTime(let utc): takeTime(utc, from: .network, now: now)
    case .connectionLost(let cause), .failed(let cause): lost(cause, now: now)
    case .asleep(let kind): asleep(kind, now: now)
    case .identity(let identity): record.identity = identity
    case .registration(let registration): record.registration = registration
    case .sent, .exchange: break
    }
  }

  private mutating func receive(_ datagram: [UInt8], now: Instant) {
    guard case .exchanging(var exchange, let batch, let sent) = cycle else { return }
    let steps = exchange.handle(.received(datagram), now: now)
    cycle = .exchanging(exchange, batch, sent: sent)
    perform(steps, batch, now: now)
  }

  private mutating func lost(_ cause: LinkCause, now: Instant) {
    switch cycle {
    case .connecting, .exchanging:
      let wait = backOff.next()
      record.failed += 1
      cycle = .waiting(until: now + wait, cause: .link(cause))
      log("report", "\(cause.text); next attempt in \(wait.text)", now)
    case .releasing: asleep(nil, now: now)
    case .idle, .waiting: break
    }
  }

  private mutating func asleep(_ kind: SleepKind?, now: Instant) {
    if let kind { log("modem", "asleep: \(kind.text)", now) }
    if isStopping { return effects.append(.stopped) }
    guard case .releasing(let isReportWaiting) = cycle else { return }
    cycle = .idle
    if isReportWaiting { beginReport(now: now) }
  }

  private mutating func takeTime(_ utc: UTC, from source: WallClock.Source, now: Instant) {
    guard clock.take(utc, from: source, at: now) else { return }
    if source == .network { effects.append(.setClock(utc)) }
    do {
      try store.clockWasSet(utc, at: now)
    } catch {
      record.storeFailures += 1
    }
    log("clock", "\(utc.text) (\(source.text))", now)
  }

  private mutating func log(_ subject: StaticString, _ text: String, _ now: Instant) {
    let event = Event(time: readingTime(now), subject: Array(subject), text: Array(text.utf8))
    effects.append(.log(event))
    do {
      try store.record(event)
    } catch {
      record.storeFailures += 1
    }
  }
}

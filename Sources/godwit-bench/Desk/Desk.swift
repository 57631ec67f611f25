import ModemSimulator
import Primitives

/// Turns what happens on the rig into what the desk shows, until it is done, stopped or stuck.
final class Desk {
  enum Ending: Equatable, Sendable {
    /// The wanted reports are confirmed.
    case done
    /// Someone stopped it.
    case stopped
    /// A sentence for people.
    case failed(String)
  }

  /// The clock on the screen moves so often at most, and the device is asked no oftener.
  private static let tick = Duration.seconds(1)
  /// So long the device has to say that it saw the last confirmation.
  private static let closingTime = Duration.seconds(5)
  private static let lastLines = 5

  private struct Closing {
    let identity: String
    let end: Instant
  }

  private let rig: Rig
  private let view: DeskView
  private let trace: TraceFile?
  private let limit: Instant?
  private let limitSpan: Duration
  private var state: DeskState
  private var ending: Ending?
  /// The last wanted report is with the server; the device has yet to say that it knows.
  private var closing: Closing?
  private var wantsStatus = true
  /// The modem's state that was told last.
  private var lastSpoken = ""
  private var nextTick = Instant.start
  /// Sent in the device's words: what it said last, should it end by itself.
  private var lines: [String] = []

  /// - Parameter end: when it fails, unless the wanted reports are confirmed before; nil: never.
  init(_ rig: Rig, state: DeskState, view: DeskView, trace: TraceFile?, end: Instant?) {
    self.rig = rig
    self.state = state
    self.state.messages = rig.centre.map { DeskState.Messages($0) }
    self.view = view
    self.trace = trace
    limit = end
    limitSpan = end.map { $0 - BenchClock.now } ?? .zero
  }

  func run() -> Ending {
    say("desk", "\(state.network.name) network")
    for line in state.network.meaning { say("desk", line) }
    say("desk", "from another shell: \(state.putCommand)")
    if let messages = state.messages { say("desk", messages.access) }
    while ending == nil {
      let redraw = view.isPlain ? nil : earlier(nextTick, view.deadline)
      let deadline = earlier(earlier(limit, closing?.end), redraw)
      rig.turn(until: deadline).forEach(take)
      let now = BenchClock.now
      if let limit, limit <= now { end(with: closing == nil ? .failed(missing) : .done) }
      if let closing, closing.end <= now { end(with: .done) }
      if !view.isPlain { refresh(now: now) }
    }
    let found = ending ?? .stopped
    say("desk", "stopping godwit")
    rig.stop(take)
    say("desk", Self.farewell(found, confirmed: state.confirmed))
    view.close(state)
    return found
  }

  private func take(_ event: Rig.Event) {
    view.changed()
    switch event {
    case .simulator(let moment): take(moment)
    case .collector(let arrival): take(arrival)
    case .centre(let text): say("sms", text)
    case .line(let line):
      lines = lines.suffix(Self.lastLines - 1) + [line]
      state.note(line)
      view.say(line)
      wantsStatus = true
      if let closing, line.contains(closing.identity), line.contains("confirmed") {
        end(with: .done)
      }
    case .exited(let exit):
      state.exit = exit.text
      let said =
        lines.isEmpty ? "it said nothing" : "its last lines:\n" + lines.joined(separator: "\n")
      end(with: .failed("godwit \(exit.text); \(said)"))
    case .status(let status):
      state.device = status
      let left = status.nextReportInMilliseconds.map { Duration.milliseconds($0) }
      state.nextReport = left.map { BenchClock.now + $0 }
    case .stopRequested: end(with: .stopped)
    case .windowChanged: view.sizeChanged()
    }
  }

  private func take(_ moment: SimulatorHost.Moment) {
    switch moment.event {
    case .state(let name):
      state.modem.state = name
      // Every datagram goes there and back between these two: the picture shows that, not the log.
      let spoken = name == PowerDraw.transmitting.text ? PowerDraw.connected.text : name
      guard spoken != lastSpoken else { return }
      lastSpoken = spoken
      let charge = rig.simulator.modem.chargeMicrocoulombs(until: moment.at)
      say("simulator", "\(spoken); \(Screen.charge(charge)) so far")
    case .status(let isOn): state.modem.isStatusOn = isOn
    case .unmapped(let host, let port):
      say("simulator", "refused \(host.printable):\(port): the desk reaches this machine alone")
    case .secure(let host, let port):
      say("simulator", "refused \(host.printable):\(port): the simulator's TLS isn't encrypted")
    case .powerKey(let isAsserted):
      if isAsserted { say("simulator", "power key pressed") }
    case .messageSubmitted: break
    case .uart(let entry): trace?.append(entry)
    case .slept: break
    }
  }

  private func take(_ arrival: CollectorHost.Arrival) {
    switch arrival.outcome {
    case .report(let report, _):
      let utc = BenchClock.utc
      let text = CollectedText.report(report, at: utc)
      state.confirmed += 1
      state.lastReport = text
      say("server", "report \(state.confirmed) confirmed: \(text.line)")
      if let wanted = state.wanted, state.confirmed == wanted {
        let end = BenchClock.now + Self.closingTime
        closing = Closing(identity: text.identity, end: end)
      }
      for row in text.rows where view.isPlain {
        say("server", "  \(row.line)")
      }
      wantsStatus = true
    case .repeated, .refused, .damaged, .postponed, .reset, .lost, .malformed, .other:
      if let text = arrival.outcome.text { say("server", text) }
    }
  }

  /// Brings the numbers up to date that change by themselves.
  private func refresh(now: Instant) {
    if nextTick <= now {
      nextTick = now + Self.tick
      if wantsStatus, state.exit == nil { rig.askStatus() }
      wantsStatus = state.device == nil
      view.changed()
    }
    guard view.wantsDrawing else { return }
    let modem = rig.simulator.modem
    state.now = now
    state.modem.take(modem, now: now)
    state.messages?.take(rig.centre)
    state.activities = Activities.shown.map { Activities.row($0, of: modem, now: now) }
    state.timeline.sample(
      Activities.shown.map { Activities.time($0, of: modem, now: now) }, now: now)
    view.draw(state, now: now)
  }

  private func end(with new: Ending) { if ending == nil { ending = new } }

  private func say(_ subject: String, _ text: String) {
    let line = "\(BenchClock.utc.timeOfDay) \(subject): \(text)"
    state.note(line)
    view.say(line)
  }

  /// What the time limit found missing, in a sentence.
  private var missing: String {
    let wanted = state.wanted.map { " of \($0)" } ?? ""
    let modem = "the simulated modem is in state '\(rig.simulator.modem.state)'"
    let said = lines.last.map { "godwit said last: \($0)" } ?? "godwit has said nothing"
    let reports = "\(state.confirmed)\(wanted) reports confirmed"
    return "the time limit of \(limitSpan.rounded.text) came with \(reports); \(modem); \(said)"
  }

  private static func farewell(_ ending: Ending, confirmed: Int) -> String {
    switch ending {
    case .done: "done: \(confirmed) reports confirmed; nothing is left running"
    case .stopped: "stopped; \(confirmed) reports confirmed; nothing is left running"
    case .failed: "failed; nothing is left running"
    }
  }
}

extension Duration {
  /// To the nearest second.
  fileprivate var rounded: Duration { .seconds((self + .milliseconds(500)).wholeSeconds) }
}

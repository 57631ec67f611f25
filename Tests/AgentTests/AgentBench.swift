import Agent
import Cellular
import Link
import Modems
import Primitives
import Sensors
import Telemetry
import Testing
import Uplink

/// The agent with its real link, a scripted modem and a fake store, on a virtual clock.
final class AgentBench {
  var agent: Agent<FakeStore>
  let store = FakeStore()
  var modem = ScriptedModem()
  var now = Instant.milliseconds(20_000)
  private(set) var log: [String] = []
  private(set) var stored: [Int64] = []
  private(set) var refused: [Int64] = []
  private(set) var clocks: [UTC] = []
  private(set) var stops = 0
  private(set) var restarts = 0
  private(set) var boardRestarts = 0
  /// Moments at which the link was asked to connect and the agent's cycle began.
  private(set) var wakes: [Instant] = []
  private var nextRequest: Int64 = 1

  init(
    interval: Duration = .seconds(900), readingsPerBatch: Int = 2,
    sensors: [SensorDefinition] = [], listens: Bool = false, window: Duration = .zero,
    obeysLimits: Bool = false,
    seed: UInt64 = 1
  ) throws {
    var plan = AgentPlan(
      device: try #require(DeviceName(Array("bench".utf8))),
      server: try ServerURL(Array("coap://192.0.2.1/r".utf8)), reportInterval: interval,
      batchLimit: BatchLimit(readings: readingsPerBatch, bytes: 1024),
      retryAfter: [.seconds(60), .seconds(300)], sensors: sensors)
    plan.listensToMessages = listens
    plan.messageWindow = window
    plan.obeysLimits = obeysLimits
    let psm = PSMRequest(
      periodicTAU: try #require(PeriodicTAU(atLeast: .seconds(6 * 3600))),
      activeTime: try #require(ActiveTime(atLeast: .seconds(2))))
    let settings = LinkSettings(
      module: .quectelBG95,
      network: NetworkSettings(accessPoint: nil, psm: psm, takesMessages: listens),
      hasStatusLine: true)
    agent = Agent(plan: plan, store: store, link: Link(settings, seed: seed), seed: seed)
  }

  static let noon = UTC(millisecondsSince1970: 1_800_000_000_000)

  func start(systemClock: UTC = AgentBench.noon) {
    give(.link(.statusLine(isOn: false)))
    give(.start(systemClock: systemClock))
  }

  /// One request of so many readings; several of them in one call are one round of the process.
  func put(_ counts: Int...) {
    let name = ReadingName(Array("n".utf8))
    var requests: [StoreRequest] = []
    for count in counts {
      let readings = (0..<count).compactMap { index in
        name.map {
          Reading(name: $0, value: DecimalNumber(Int64(index)), unit: nil, time: .unknown)
        }
      }
      requests.append(StoreRequest(id: nextRequest, readings: readings))
      nextRequest += 1
    }
    give(.put(requests))
  }

  func give(_ input: Agent<FakeStore>.Input) {
    let attempts = agent.record.attempts
    let effects = agent.handle(input, now: now)
    if agent.record.attempts > attempts { wakes.append(now) }
    for effect in effects { perform(effect) }
    switch agent.link.state {
    case .draining: if !isLeaving { modem.noteDraining(now: now) }
    case .off, .asleep, .standby, .failed: modem.wentOff()
    case .starting, .ready, .searching, .registered, .online: modem.noteWanted()
    }
  }

  /// Runs until `moment`, or until `isDone`.
  func run(
    until moment: Instant, _ isDone: (AgentBench) -> Bool = { _ in false }
  ) {
    var steps = 0
    while !isDone(self) {
      steps += 1
      if steps > 500_000 {
        Issue.record("a circle at \(now.milliseconds)")
        return
      }
      if let input = modem.take(dueAt: now) {
        give(.link(input))
      } else if let deadline = agent.deadline, deadline <= now {
        give(.deadline)
      } else if let next = earlier(agent.deadline, modem.next), next <= moment {
        now = next
      } else {
        now = moment
        return
      }
    }
  }

  func run(for span: Duration, _ isDone: (AgentBench) -> Bool = { _ in false }) {
    run(until: now + span, isDone)
  }

  func logged(_ text: String) -> Bool { log.contains { $0.contains(text) } }

  /// The identities of the requests that reached the server, in order.
  var batches: [String] {
    modem.requests.map { request in
      let query = request.options.filter { $0.number == CoAPOption.uriQuery }.map(\.value)
      return query.map { String(decoding: $0, as: UTF8.self) }.first { $0.hasPrefix("b=") } ?? "?"
    }
  }

  /// Powered off rather than let sleep.
  private var isLeaving: Bool { agent.record.linkCause == .powerOffRequested }

  private func perform(_ effect: Agent<FakeStore>.Effect) {
    switch effect {
    case .link(let effect): modem.perform(effect, now: now)
    case .stored(let request, _): stored.append(request)
    case .refused(let request, _): refused.append(request)
    case .readSensors(let sensors):
      give(.sensed(sensors.map { SensorContents(sensor: $0, bytes: Array("7\n".utf8)) }))
    case .setClock(let utc): clocks.append(utc)
    case .log(let event):
      log.append(String(decoding: event.subject + Array(": ".utf8) + event.text, as: UTF8.self))
    case .confirmed, .exchange, .console: break
    case .stopped: stops += 1
    case .restartBoard: boardRestarts += 1
    case .restart: restarts += 1
    case .provisioned, .notProvisioned: break
    }
  }
}

import Agent
import Board
import Link
import Modems
import Primitives
import Sensors
import Settings
import Spool
import Telemetry
import Vault

/// The running device: waits, hands what happened to the agent, carries out what it answers.
/// No decision is taken here. A class, since the compiler checks a noncopyable struct for every field
/// of every part, and takes more than a minute for so many.
final class Device {
  /// How long a desk's pins may take to tell their first level.
  private static let firstLevelLimit = Duration.seconds(1)
  /// Event lines that a follower can't take at once wait in the control socket; see there.
  private static let followerLimit = 4

  private var loop: EventLoop
  private let signals: Signals
  private var control: OpenControl?
  private var modem: ModemPort
  private var agent: Agent<DeviceStore>
  private let files: [[UInt8]]
  private let setsClock: Bool
  /// nil where the board is to stay awake.
  private var boardSleep: BoardSleep?
  private var boardRest = BoardRest()
  private var boardGuard: BoardGuard
  private let logsExchanges: Bool
  private var trace: UARTTrace?
  private let controlPath: [UInt8]
  private var mask: SecretMask
  /// As it was read at the start; what the vault says goes on top of it.
  private let configuration: Configuration
  private var random: SeededRandom
  private var followers: [ControlClientID] = []
  private var requesters: [Int64: ControlClientID] = [:]
  private var nextRequest: Int64 = 1
  /// What came in this round: together it becomes one transaction.
  private var puts: [StoreRequest] = []
  private var inputs: [Agent<DeviceStore>.Input] = []
  private var quota = PutQuota()
  private var keyLateness = KeyLateness()
  /// The time that the agent was told when it decided what is carried out now.
  private var decidedAt = Instant.start
  private var isStopping = false
  private var hasStopped = false
  /// The process has ended because the board is to be started anew.
  private(set) var wantsBoardRestart = false
  /// The store's fault that was said last, so that only news of it is.
  private var saidFault: SpoolError?
  private var saidVaultFault: VaultError?

  /// - Parameter configuration: one that a plan can be made of.
  init(_ configuration: Configuration) throws(BoardError) {
    let signals = try Signals()
    var loop = try EventLoop()
    try loop.add(signals.descriptor, as: .signals)
    let seed = try CurrentProcess.randomNumber()
    var store = DeviceStore(
      path: configuration.store.path.bytes, vault: configuration.vaultPath,
      limit: Int64(configuration.store.limit), boot: try CurrentProcess.bootIdentity(),
      era: UInt32(truncatingIfNeeded: seed >> 32))
    var plan = DevicePlan.holding(configuration, over: &store)
    plan.agent.boot = store.boot
    store.begin(as: plan.agent.device)
    self.configuration = configuration
    random = SeededRandom(seed: seed)
    self.signals = signals
    self.loop = loop
    modem = ModemPort(plan.wiring)
    files = plan.agent.sensors.map { $0.file }
    setsClock = plan.setsClock
    boardSleep = plan.boardSleep
    boardGuard = BoardGuard(path: plan.watchdogPath)
    logsExchanges = plan.logsExchanges
    trace = plan.trace.map { UARTTrace($0) }
    controlPath = plan.controlPath
    mask = SecretMask(known: plan.secrets)
    agent = Agent(plan: plan.agent, store: store, link: Link(plan.link, seed: seed), seed: seed)
  }

  /// Runs until somebody asks it to end and the modem is off.
  func run() throws(BoardError) {
    say("store", agent.store.note)
    saidFault = agent.store.fault
    if let note = agent.store.vaultNote { say("vault", note) }
    saidVaultFault = agent.store.vaultFault
    openControl()
    if let fault = modem.takePins(&loop) { say("modem", fault.description) }
    try awaitFirstLevel()
    feed(.start(systemClock: BoardClock.wallClock()))
    ServiceManager.ready()
    checkBoardSleep()
    armBoardGuard()
    var watchdog = Watchdog(limit: ServiceManager.watchdogLimit, now: BoardClock.now)
    while !hasStopped {
      if watchdog.isToBeTold(now: BoardClock.now, due: due) { ServiceManager.alive() }
      boardGuard.feed(now: BoardClock.now, due: due)
      var ready = try sleepIfWanted()
      if ready.isEmpty {
        let due = earlier(due, boardRest.deadline)
        let food = earlier(watchdog.deadline, boardGuard.deadline)
        ready = try modem.wait(until: earlier(due, food), &loop)
      }
      for one in ready { take(one) }
      if !puts.isEmpty {
        feed(.put(puts))
        puts = []
      }
      if let due, due <= BoardClock.now { feed(.deadline) }
    }
  }

  /// When the agent is to be told of its deadline.
  private var due: Instant? { keyLateness.due(agent.deadline) }

  private func take(_ ready: Ready) {
    switch ready.token {
    case .signals: takeSignals()
    case .control: takeRequests()
    case .uart: takeBytes(ready)
    case .status:
      let (level, fault) = modem.statusChange(&loop)
      if let level { feed(.link(.statusLine(isOn: level))) }
      if let fault { say("modem", fault.description) }
    default: break
    }
  }

  private func takeBytes(_ ready: Ready) {
    do throws(BoardError) {
      let bytes = try modem.transfer(ready, &loop)
      if bytes.isEmpty { return }
      sayTraceFault(trace?.read(bytes))
      feed(.link(.uartReceived(bytes)))
    } catch {
      uartFailed(error)
    }
  }

  private func takeSignals() {
    while let signal = (try? signals.next()) ?? nil {
      if isStopping {
        say("process", "asked a second time to end: the modem is left as it is")
        return end()
      }
      isStopping = true
      ServiceManager.stopping()
      say("process", "asked to end (\(signal.text)); switching the modem off")
      feed(.stop)
    }
  }
}

// MARK: The board's own sleep

extension Device {
  private func checkBoardSleep() {
    guard let fault = boardSleep?.fault(timerWakesBoard: loop.wakesBoard) else { return }
    say("board", fault.text)
    boardSleep = nil
  }

  private func armBoardGuard() {
    if let fault = boardGuard.arm(now: BoardClock.now) { say("watchdog", fault.description) }
  }

  /// Lets the board sleep while nothing is under way. The watchdog's clock stands still meanwhile,
  /// so only what the agent waits for wakes the board, besides its own wake-up sources.
  ///
  /// - Returns: what turned out to be ready; then there was no sleep.
  private func sleepIfWanted() throws(BoardError) -> [Ready] {
    guard let boardSleep else { return [] }
    let isBusy = !agent.isAtRest || !followers.isEmpty
    let began = BoardClock.now
    guard boardRest.isWanted(now: began, due: agent.deadline, isBusy: isBusy) else { return [] }
    do throws(BoardError) {
      guard let count = try boardSleep.begin() else {
        boardRest.wasRefused(now: BoardClock.now)
        return []
      }
      let ready = try loop.poll(arming: agent.deadline)
      guard ready.isEmpty else { return ready }
      boardGuard.disarm()
      defer { armBoardGuard() }
      switch try boardSleep.finish(count) {
      case .busy: boardRest.wasRefused(now: BoardClock.now)
      case .slept:
        let span = (BoardClock.now - began).wholeMilliseconds
        if logsExchanges { say("board", "slept \(span) ms") }
      }
    } catch {
      say("board", "it stays awake: " + error.description)
      self.boardSleep = nil
    }
    return []
  }
}

// MARK: Inputs and effects

extension Device {
  /// Hands an input to the agent, carries out its effects, and then takes what these brought.
  private func feed(_ input: Agent<DeviceStore>.Input) {
    inputs.append(input)
    if inputs.count > 1 { return }
    while let next = inputs.first {
      decidedAt = BoardClock.now
      for effect in agent.handle(next, now: decidedAt) { perform(effect) }
      sayStoreFault()
      inputs.removeFirst()
    }
  }

  /// Why the store failed, once; the agent only knows that it did.
  private func sayStoreFault() {
    let fault = agent.store.fault
    if fault != saidFault, let fault { say("store", fault.description) }
    saidFault = fault
    let vaultFault = agent.store.vaultFault
    if vaultFault != saidVaultFault, let vaultFault { say("vault", vaultFault.description) }
    saidVaultFault = vaultFault
  }

  private func perform(_ effect: Agent<DeviceStore>.Effect) {
    switch effect {
    case .link(let effect): perform(effect)
    case .readSensors(let sensors):
      let contents = sensors.map {
        SensorContents(sensor: $0, bytes: try? SensorFile.read(files[$0]))
      }
      inputs.append(.sensed(contents))
    case .stored(let request, let count): answer(request, Array("stored \(count)".utf8))
    case .refused(let request, let refusal):
      let reason = agent.store.fault?.description ?? refusal.text
      answer(request, Array("refused 0 \(reason)".utf8))
    case .setClock(let utc): setClock(utc)
    case .log(let event): say(event)
    case .confirmed: break
    case .exchange(let trace):
      if logsExchanges { say("at", trace.text) }
    case .console(let id, let result):
      guard let client = requesters.removeValue(forKey: id) else { break }
      for packet in ConsoleAnswer(result).packets(limit: ControlSocket.packetLimit) {
        guard reply(client, packet) else { break }
      }
    case .provisioned(let request, let name):
      answer(request, Array("provisioned ") + (name ?? configuration.device.name).bytes)
    case .notProvisioned(let request, let refusal):
      answer(request, Array("refused 0 \(refusal.text)".utf8))
    case .stopped: end()
    case .restartBoard:
      wantsBoardRestart = true
      end()
    case .restart: beginAnew()
    }
  }

  private func perform(_ effect: Link.Effect) {
    do throws(BoardError) {
      switch effect {
      case .openUART(let baud):
        try modem.open(baud: baud, &loop)
        trace?.opened(utc: agent.clock.utc(at: BoardClock.now))
      case .closeUART:
        modem.close(&loop)
        sayTraceFault(trace?.save())
      case .write(let bytes):
        try modem.write(bytes, &loop)
        sayTraceFault(trace?.wrote(bytes))
      case .setPowerKey(let isAsserted): setPowerKey(isAsserted)
      case .cutSupply(let isCut):
        if let fault = modem.cutSupply(isCut, &loop) { say("modem", fault.description) }
      case .event: break
      }
    } catch {
      uartFailed(error)
    }
  }

  /// Pins that couldn't be had at the start may be there now: then STATUS has a level to tell.
  private func setPowerKey(_ isAsserted: Bool) {
    let wasStatusKnown = modem.statusIsOn != nil
    if let fault = modem.setPowerKey(asserted: isAsserted, &loop) {
      say("modem", fault.description)
    }
    keyLateness.keyWasSet(asserted: isAsserted, decided: decidedAt, now: BoardClock.now)
    if !wasStatusKnown, let isOn = modem.statusIsOn { feed(.link(.statusLine(isOn: isOn))) }
  }

  private func uartFailed(_ fault: BoardError) {
    if let news = modem.news(ofLine: fault) { say("modem", news.description) }
    modem.close(&loop)
    feed(.link(.uartFailed))
  }

  /// A simulated modem tells its STATUS level just after the connection is made.
  private func awaitFirstLevel() throws(BoardError) {
    let limit = BoardClock.now + Self.firstLevelLimit
    while modem.isStatusUnknown, BoardClock.now < limit {
      for ready in try loop.wait(until: limit) where ready.token == .status {
        _ = modem.statusChange(&loop)
      }
    }
    if let isOn = modem.statusIsOn { feed(.link(.statusLine(isOn: isOn))) }
  }

  private func sayTraceFault(_ news: BoardError??) {
    if case .some(.some(let fault)) = news { say("trace", fault.description) }
  }

  /// Other settings hold: another agent takes the store over, as after a crash.
  private func beginAnew() {
    let secrets = Self.replace(&agent, configuration, seed: random.next())
    mask = SecretMask(known: secrets)
    say("process", "beginning anew")
    if let isOn = modem.statusIsOn { inputs.append(.link(.statusLine(isOn: isOn))) }
    inputs.append(.start(systemClock: BoardClock.wallClock()))
  }

  /// - Returns: the secrets of the settings that hold now.
  private static func replace(
    _ agent: inout Agent<DeviceStore>, _ configuration: Configuration, seed: UInt64
  ) -> [[UInt8]] {
    let (clock, assembly) = (agent.clock, agent.assembly)
    let restedSince = agent.link.restsSince
    var store = agent.endedStore()
    var plan = DevicePlan.holding(configuration, over: &store)
    plan.agent.boot = store.boot
    store.begin(as: plan.agent.device)
    agent = Agent(
      plan: plan.agent, store: store,
      link: Link(plan.link, seed: seed, restedSince: restedSince), seed: seed, clock: clock,
      assembly: assembly)
    return plan.secrets
  }

  private func end() {
    sayTraceFault(trace?.save())
    agent.closeStore()
    boardGuard.disarm()
    hasStopped = true
  }

  private func setClock(_ utc: UTC) {
    guard setsClock else { return }
    do throws(BoardError) {
      try BoardClock.setWallClock(utc)
    } catch {
      say("clock", error.description)
    }
  }
}

// MARK: The control socket

extension Device {
  private func openControl() {
    do throws(BoardError) {
      let opened = OpenControl(try ControlSocket(path: controlPath))
      try loop.add(opened.socket.descriptor, as: .control)
      control = opened
      say("control", "ready at \(controlPath.printable)")
    } catch {
      say("control", error.description)
    }
  }

  private func takeRequests() {
    guard let control else { return }
    let arrived: [ControlInput]
    do throws(BoardError) {
      arrived = try control.socket.poll(
        now: BoardClock.now, keeping: followers + requesters.values)
    } catch {
      say("control", error.description)
      return
    }
    for input in arrived {
      switch input {
      case .received(let client, let packet):
        take(ControlRequest(packet, now: BoardClock.now, hiding: mask), from: client)
      case .tooLong(let client, let length):
        let limit = ControlSocket.packetLimit
        reply(client, Array("refused 0 \(length) bytes in one packet; send at most \(limit)".utf8))
      case .closed(let client): followers.removeAll { $0 == client }
      }
    }
  }

  private func take(_ request: ControlRequest, from client: ControlClientID) {
    switch request {
    case .put(let readings):
      if let refusal = quota.take(readings: readings.count, now: BoardClock.now) {
        if refusal.isFirst { say("control", "refused readings: " + refusal.text) }
        reply(client, refusal.answer)
        return
      }
      requesters[nextRequest] = client
      puts.append(StoreRequest(id: nextRequest, readings: readings))
      nextRequest += 1
    case .status(let form):
      reply(client, form == .json ? status.json : Array(status.text.utf8))
    case .doctor(let form):
      let finding = status.finding
      reply(client, form == .json ? finding.json : Array(finding.text.utf8))
    case .follow:
      if followers.contains(client) { return }
      if followers.count < Self.followerLimit {
        followers.append(client)
      } else {
        reply(client, Array("refused 0 \(Self.followerLimit) are following already".utf8))
      }
    case .console(let request):
      requesters[nextRequest] = client
      feed(.link(.console(request.command(id: nextRequest))))
      nextRequest += 1
    case .provision(let provisioning):
      requesters[nextRequest] = client
      feed(.provision(nextRequest, provisioning))
      nextRequest += 1
    case .refused(let answer): reply(client, answer)
    }
  }

  private var status: Status {
    var status = agent.status(now: BoardClock.now)
    status.uartFault = modem.lineFault?.description
    status.pinFault = modem.pinFault?.description
    status.storeFault = agent.store.fault?.description
    return status
  }

  private func answer(_ request: Int64, _ text: [UInt8]) {
    if let client = requesters.removeValue(forKey: request) { reply(client, text) }
  }

  /// - Returns: false when the client has gone, or was dropped for reading too slowly. No `.closed`
  ///   comes for one that was dropped.
  @discardableResult
  private func reply(_ client: ControlClientID, _ packet: [UInt8]) -> Bool {
    control?.socket.send(Array(packet.prefix(ControlSocket.packetLimit)), to: client) ?? false
  }
}

// MARK: The log

extension Device {
  private func say(_ subject: StaticString, _ text: String) {
    let now = BoardClock.now
    let time = agent.clock.utc(at: now).map { ReadingTime.utc($0) } ?? .sinceBoot(now)
    say(Event(time: time, subject: Array(subject), text: Array(text.utf8)))
  }

  /// One line, on standard output and to whoever follows.
  private func say(_ event: Event) {
    let line = event.logLine
    StandardStream.output.write(line + [UInt8(ascii: "\n")])
    for follower in followers where !reply(follower, line) {
      followers.removeAll { $0 == follower }
    }
  }
}

/// A control socket that can be there or not; see `OpenLine` for why a reference.
private final class OpenControl {
  var socket: ControlSocket

  init(_ socket: consuming ControlSocket) { self.socket = socket }
}

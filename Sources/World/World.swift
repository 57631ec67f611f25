import Agent
import Link
import ModemSimulator
import Primitives
import Settings
import Spool
import Telemetry

/// A device, its modem, the network and the server on one virtual clock.
///
/// The same seed gives the same trace, byte for byte. Nothing here waits: a simulated day takes
/// as long as its events take to compute. A class, for the reason that `Device` is one.
public final class World {
  public let plan: WorldPlan
  public private(set) var now = Instant.start
  /// When the board was started, and how often.
  private var bootedAt = Instant.start
  private var boots = 1
  private let store: WorldStore
  public private(set) var agent: Agent<WorldStore>
  public private(set) var modem: SimulatedModem
  public private(set) var collector: Collector
  public private(set) var trace = Trace()
  /// What the store promised to keep, in the order of the promises.
  public private(set) var acknowledged: [Reading] = []
  public private(set) var hasStopped = false
  /// How often the agent has cut the modem's supply.
  public private(set) var supplyCuts = 0
  /// When the device had its board started anew.
  public private(set) var boardRestarts: [Instant] = []
  private var toModem: SerialLine
  private var toHost: SerialLine
  private var toModemFaults: LineFaults
  private var toHostFaults: LineFaults
  private var queue = HappeningQueue<Happening>()
  private var isUARTOpen = false
  /// Bits a second of the host's UART.
  private var hostBaud: Int64 = 0
  /// The level of the modem's STATUS pin, wired or not.
  public private(set) var isStatusOn = false
  /// The sockets that are open, by the count of openings.
  private var peers: [Int: SocketID] = [:]
  public private(set) var nameServer: NameServer
  /// Those of them that lead to a name server.
  private var questioners: Set<Int> = []
  private let emptyAddresses: [IPv4Address]
  /// The openings that lead to one of these.
  private var unanswered: Set<Int> = []
  private var openings = 0
  private var requests: [Int64: [Reading]] = [:]
  private var nextRequest: Int64 = 1
  private var sampler: Sampler
  /// What was seen at the modem, in its order, where the plan keeps it.
  public private(set) var moments: [WorldMoment] = []
  private var isModemResting = true
  /// Short messages that the network took from the device: SMS-SUBMIT, in their order.
  public private(set) var submittedMessages: [[UInt8]] = []

  private enum Happening {
    case modemHears([UInt8])
    case hostHears([UInt8])
    case put(Reading)
    case message([UInt8])
  }

  public init(_ plan: WorldPlan) throws(WorldError) {
    self.plan = plan
    var random = SeededRandom(seed: plan.seed)
    do throws(SpoolError) {
      store = WorldStore(
        try Spool.inMemory(
          limit: plan.storeLimit, device: plan.agent.device, boot: Array("world".utf8),
          era: UInt32(truncatingIfNeeded: random.next())))
    } catch {
      throw .store
    }
    agent = Self.agent(plan, store, boot: 1, &random)
    modem = SimulatedModem(
      personality: plan.personality, network: plan.network, sim: plan.sim, stored: plan.stored,
      seed: random.next())
    modem.faults = plan.faults
    collector = Collector(policy: plan.collector)
    nameServer = plan.nameServer
    emptyAddresses = plan.emptyAddresses
    toModem = SerialLine(baud: plan.baud, seed: random.next())
    toHost = SerialLine(baud: plan.baud, seed: random.next())
    sampler = Sampler(seed: random.next())
    toModemFaults = LineFaults.bad(seed: random.next())
    toHostFaults = LineFaults.bad(seed: random.next())
    if !plan.hasBadLine { endLineFaults() }
  }

  /// The board's own clock, which begins anew with each boot.
  public var boardNow: Instant { .start + (now - bootedAt) }

  /// An agent with the settings that hold, as the process makes it at each start.
  private static func agent(
    _ plan: WorldPlan, _ store: WorldStore, boot: Int, _ random: inout SeededRandom,
    restedSince: Instant? = nil
  ) -> Agent<WorldStore> {
    var store = store
    let holding = HoldingSettings(takingFrom: &store)
    var (agent, link) = settings(plan, changedBy: holding.settings)
    link.formerNetwork = holding.former.map { settings(plan, changedBy: $0).link.network }
    agent.isTrial = holding.isTrial
    agent.boot = Array("boot \(boot)".utf8)
    return Agent(
      plan: agent, store: store, link: Link(link, seed: random.next(), restedSince: restedSince),
      seed: random.next())
  }

  private static func settings(
    _ plan: WorldPlan, changedBy changes: [SettingChange]
  ) -> (agent: AgentPlan, link: LinkSettings) {
    var (agent, link) = (plan.agent, plan.link)
    if let changed = try? agent.commands?.file.changed(by: changes) {
      agent.commands?.holding = changed
    }
    for setting in changes { plan.apply(setting, &agent, &link) }
    return (agent, link)
  }

  /// What the vault keeps of a slot, and a slot as a test wants it.
  public func kept(_ slot: VaultSlot) -> [UInt8]? { store.vault[slot] }
  public func keep(_ value: [UInt8]?, in slot: VaultSlot) { store.set(value, in: slot) }

  /// The power is cut at a write to the vault that commands and trials make, as soon as it is asked
  /// for or as soon as it is durable; nothing that the process would have done then happens.
  ///
  /// - Parameter number: which write, counted from 1 since the start.
  public func cutPower(atWrite number: Int, isDurable: Bool) {
    store.cut = (number, isDurable)
  }

  /// Writes to the vault of any kind so far.
  public var vaultWrites: Int { store.keeps.values.reduce(0, +) }

  /// Those that commands and trials make.
  public var commandWrites: Int { store.commandWrites }

  /// The power goes and comes back: board, modem and all, with nothing but the store.
  public func cutPower() {
    perform(modem.handle(.supply(isOn: false), now: now))
    perform(modem.handle(.supply(isOn: true), now: now))
    bootBoard()
  }

  /// That takes no time here.
  private func bootBoard() {
    bootedAt = now + (.zero - Self.boardBoot)
    boots += 1
    restartProcess()
  }

  /// How long after the supply the process comes up by itself: a board boots first.
  public static let boardBoot = Duration.seconds(2)

  /// Switches the supply on; the process starts when the board has booted.
  public func start() {
    perform(modem.handle(.supply(isOn: true), now: now))
    now = now + plan.boardBoot
    startProcess()
  }

  private func startProcess() {
    if plan.link.hasStatusLine {
      perform(agent.handle(.link(.statusLine(isOn: isStatusOn)), now: boardNow))
    }
    perform(agent.handle(.start(systemClock: plan.utc(at: now)), now: boardNow))
  }

  /// Hands a reading in at a later moment, as `godwit put` does.
  public func put(_ reading: Reading, at moment: Instant) {
    queue.put(.put(reading), at: moment)
  }

  /// Hands a short message for the device to the network: SMS-DELIVER or SMS-STATUS-REPORT without
  /// the service centre's address (TS 23.040 §9.2.2).
  public func deliver(message tpdu: [UInt8]) {
    perform(modem.handle(.messageArrived(tpdu), now: now))
  }

  /// The same at a later moment.
  public func deliver(message tpdu: [UInt8], at moment: Instant) {
    queue.put(.message(tpdu), at: moment)
  }

  /// Runs until the virtual clock stands at `end`.
  ///
  /// - Throws: when more happens at one moment than `WorldPlan.stepsPerMoment`: two parties are
  ///   driving each other in a circle.
  public func run(until end: Instant) throws(WorldError) {
    var steps = 0
    while let next = nextMoment, next <= end {
      steps = next > now ? 0 : steps + 1
      if steps > WorldPlan.stepsPerMoment { throw .livelock(at: now) }
      now = max(now, next)
      step()
    }
    now = max(now, end)
  }

  public func stop() { perform(agent.handle(.stop, now: boardNow)) }

  /// The process dies and comes up again at once, with nothing but its store.
  public func restartProcess() { restartProcess(restedSince: nil) }

  private func restartProcess(restedSince: Instant?) {
    var random = SeededRandom(seed: plan.seed ^ UInt64(truncatingIfNeeded: now.milliseconds))
    agent = Self.agent(plan, store, boot: boots, &random, restedSince: restedSince)
    if store.hasLostPower { return losePower() }
    requests = [:]
    isUARTOpen = false
    perform(modem.handle(.powerKey(isAsserted: false), now: now))
    startProcess()
  }

  /// The board boots anew, with its modem's supply kept on.
  private func restartBoard() {
    boardRestarts.append(now)
    bootBoard()
  }

  /// A multi-IMSI card takes another identity, and tells the module so (ETSI TS 102 223, REFRESH).
  public func rotateCard(imsi: [UInt8]) {
    perform(modem.cardRotated(imsi: imsi, now: now))
  }

  public func status() -> Status { agent.status(now: boardNow) }

  /// Bytes that the bad line has changed, lost or doubled, in both directions.
  public var lineHits: Int { toModemFaults.hits + toHostFaults.hits }

  private func endLineFaults() {
    toModemFaults.end()
    toHostFaults.end()
  }

  /// From here on line, modem, network and server do as they should.
  public func endFaults() {
    endLineFaults()
    modem.faults = ModemFaults()
    modem.network = WorldPlan.network
    collector.policy = CollectorPolicy(seed: plan.seed)
  }

  /// What is wrong from now on.
  public func spoil(
    _ change: (inout ModemFaults, inout SimulatedNetwork, inout CollectorPolicy) -> Void
  ) {
    var (faults, network, policy) = (modem.faults, modem.network, collector.policy)
    change(&faults, &network, &policy)
    (modem.faults, modem.network, collector.policy) = (faults, network, policy)
  }

  /// Changes the modem's network or card, as a day in the field may.
  public func changeModem(_ change: (inout SimulatedModem) -> Void) { change(&modem) }

  /// The server answers nothing, or does again.
  public func collectorIsDeaf(_ isDeaf: Bool) {
    collector.policy.loseRequestPercent = isDeaf ? 100 : 0
  }

  public func networkIsGone(_ isGone: Bool) {
    modem.network.verdict = isGone ? .noCoverage : .accepts
  }

  /// The UART's other end is gone for a moment: the line is closed.
  public func hangUp() {
    if isUARTOpen { perform(agent.handle(.link(.uartFailed), now: boardNow)) }
  }

  /// The store's disk is full, or has room again.
  public func storeIsFull(_ isFull: Bool) { store.isBroken = isFull }

  public func nameServerIsDead() { nameServer.isDead = true }

  /// When something happens next; nil: never, unless a test makes it.
  public var nextMoment: Instant? {
    earlier(
      earlier(agent.deadline.map { bootedAt + $0.sinceStart }, modem.deadline),
      earlier(queue.next, collector.deadline))
  }

  private func step() {
    if let happening = queue.take(dueAt: now) {
      happen(happening)
    } else if let deadline = modem.deadline, deadline <= now {
      perform(modem.handle(.deadline, now: now))
    } else if let deadline = collector.deadline, deadline <= now {
      for datagram in collector.deadlinePassed(now: now) { answer(datagram) }
    } else {
      perform(agent.handle(.deadline, now: boardNow))
    }
  }

  private func happen(_ happening: Happening) {
    switch happening {
    case .modemHears(let bytes): perform(modem.handle(.uartReceived(bytes), now: now))
    case .hostHears(let bytes):
      note(.fromModem(bytes))
      if isUARTOpen { perform(agent.handle(.link(.uartReceived(bytes)), now: boardNow)) }
    case .put(let reading):
      requests[nextRequest] = [reading]
      let request = StoreRequest(id: nextRequest, readings: [reading])
      nextRequest += 1
      perform(agent.handle(.put([request]), now: boardNow))
    case .message(let tpdu): deliver(message: tpdu)
    }
  }
}

// MARK: Effects

extension World {
  private func losePower() {
    store.hasLostPower = false
    cutPower()
  }

  private func perform(_ effects: [Agent<WorldStore>.Effect]) {
    if store.hasLostPower { return losePower() }
    for effect in effects {
      switch effect {
      case .link(let effect): perform(effect)
      case .stored(let request, _): acknowledged += requests.removeValue(forKey: request) ?? []
      case .refused(let request, _): requests[request] = nil
      case .readSensors(let sensors):
        let contents = sensors.map {
          SensorContents(sensor: $0, bytes: sampler.contents(of: $0, now: now))
        }
        perform(agent.handle(.sensed(contents), now: boardNow))
      case .log(let event): trace.log(event, now: now)
      case .confirmed, .setClock, .exchange, .console, .provisioned, .notProvisioned: break
      case .restart: restartProcess(restedSince: agent.link.restsSince)
      case .stopped: hasStopped = true
      case .restartBoard: restartBoard()
      }
    }
  }

  private func perform(_ effect: Link.Effect) {
    switch effect {
    case .openUART(let baud):
      isUARTOpen = true
      hostBaud = baud.map { Int64($0) } ?? plan.baud
    case .closeUART: isUARTOpen = false
    case .write(let bytes):
      trace.host(bytes, now: now)
      note(.fromHost(bytes))
      for piece in toModem.carry(toModemFaults.pass(atRate(bytes)), now: now) {
        queue.put(.modemHears(piece.bytes), at: piece.at)
      }
    case .setPowerKey(let isAsserted):
      trace.powerKey(isAsserted, now: now)
      if isAsserted { note(.keyPressed) }
      perform(modem.handle(.powerKey(isAsserted: isAsserted), now: now))
    case .cutSupply(let isCut):
      if isCut { supplyCuts += 1 }
      perform(modem.handle(.supply(isOn: !isCut), now: now))
    case .event: break
    }
  }

  /// Between two rates that differ every byte comes out as another.
  private func atRate(_ bytes: [UInt8]) -> [UInt8] {
    hostBaud == plan.baud ? bytes : bytes.map { $0 ^ 0xE6 }
  }

  private func note(_ what: WorldMoment.What) {
    guard plan.keepsMoments else { return }
    moments.append(
      WorldMoment(
        at: now, what: what, chargeMicrocoulombs: modem.chargeMicrocoulombs(until: now)))
  }

  private func noteRest() {
    let isResting = modem.draw == .asleep || modem.draw == .off
    if isResting, !isModemResting { note(.rested(inPSM: modem.draw == .asleep)) }
    isModemResting = isResting
  }

  private func perform(_ effects: [SimulatedModem.Effect]) {
    noteRest()
    for effect in effects {
      switch effect {
      case .transmit(let bytes):
        trace.modem(bytes, now: now)
        for piece in toHost.carry(toHostFaults.pass(atRate(bytes)), now: now) {
          queue.put(.hostHears(piece.bytes), at: piece.at)
        }
      case .statusLine(let isOn):
        trace.statusLine(isOn, now: now)
        isStatusOn = isOn
        if plan.link.hasStatusLine {
          perform(agent.handle(.link(.statusLine(isOn: isOn)), now: boardNow))
        }
      case .ringIndicator: break
      case .openSocket(let socket, _, let host, let port):
        openings += 1
        peers[openings] = socket
        if emptyAddresses.contains(where: { $0.bytes == host }) { unanswered.insert(openings) }
        if port == NameServer.port { questioners.insert(openings) }
        perform(modem.handle(.socketOpened(socket), now: now))
      case .sendOnSocket(let socket, let datagram): deliver(datagram, from: socket)
      case .closeSocket(let socket): peers = peers.filter { $0.value != socket }
      case .messageSubmitted(let tpdu): submittedMessages.append(tpdu)
      }
    }
  }

  /// Each opening of a socket is another endpoint to the server, as another port would be.
  private func deliver(_ datagram: [UInt8], from socket: SocketID) {
    let opening = peers.first { $0.value == socket }?.key ?? 0
    if unanswered.contains(opening) { return }
    if questioners.contains(opening) {
      if let answer = nameServer.answer(to: datagram) {
        perform(modem.handle(.socketReceived(socket, answer), now: now))
      }
      return
    }
    let peer = Array("modem:\(opening)".utf8)
    for bytes in collector.receive(datagram, from: peer, now: now) {
      answer(CollectorDatagram(peer: peer, bytes: bytes))
    }
  }

  /// What comes for a socket that was closed meanwhile is lost.
  private func answer(_ datagram: CollectorDatagram) {
    guard let opening = datagram.peer.dropFirst("modem:".utf8.count).asciiWholeNumber,
      let socket = peers[Int(opening)]
    else { return }
    note(.answered(datagram.bytes))
    perform(modem.handle(.socketReceived(socket, datagram.bytes), now: now))
  }
}

/// Why a world could not go on.
public enum WorldError: Error, Equatable {
  case store
  case livelock(at: Instant)
}

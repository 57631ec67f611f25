import Primitives

/// A cellular module at the other end of a UART, with its SIM and the network behind it.
///
/// Pure: no clock and no IO. Inputs come with `now`; effects and the next moment at which it wants
/// to be called (`deadline`) go out. The same seed and the same inputs give the same effects. It is
/// written from the makers' manuals and from what modules were seen to do, shares nothing with the
/// driver, and forgives nothing that a real module wouldn't.
public struct SimulatedModem: Sendable {
  public enum Input: Equatable, Sendable {
    case supply(isOn: Bool)
    /// The module's key, after the board's transistor: asserted means that the pin is low.
    case powerKey(isAsserted: Bool)
    /// What the host wrote to the module's receive line.
    case uartReceived([UInt8])
    case socketOpened(SocketID)
    case socketFailed(SocketID, SocketFailure)
    /// A datagram (UDP) or some bytes (TCP) that the peer sent, as it reaches the network.
    case socketReceived(SocketID, [UInt8])
    case socketClosed(SocketID)
    /// A short message for this card reached the network: SMS-DELIVER or SMS-STATUS-REPORT without
    /// the service centre's address (TS 23.040 §9.2.2).
    case messageArrived([UInt8])
    case deadline
  }

  public enum Effect: Equatable, Sendable {
    /// Bytes for the host's UART; the shell adds the line's own time.
    case transmit([UInt8])
    /// The STATUS pin; high means on (BG95 Hardware Design, table of pins).
    case statusLine(isOn: Bool)
    case ringIndicator(isAsserted: Bool)
    /// `host` is what the AT command named, put through the network's table of names.
    case openSocket(SocketID, SocketTransport, host: [UInt8], port: UInt16)
    case sendOnSocket(SocketID, [UInt8])
    case closeSocket(SocketID)
    /// The network took a short message: SMS-SUBMIT without the service centre's address.
    case messageSubmitted([UInt8])
  }

  let personality: ModemPersonality
  /// Coverage, grants, names: a test or a world may change them at any time.
  public var network: SimulatedNetwork
  public var sim: SimulatedSIM
  /// The module's non-volatile memory.
  public internal(set) var stored: StoredSettings
  public var faults = ModemFaults()
  public internal(set) var counters = ModemCounters()

  var now = Instant.start
  var effects: [Effect] = []
  var agenda = Agenda()
  var random: SeededRandom
  var noise: SeededRandom
  var power = PowerState()
  var session: SessionSettings
  var input = InputState()
  var execution: Execution?
  var lastLine: [UInt8] = []
  var card = CardState.off
  var radio = Radio()
  var packet = PacketState()
  var sockets: SocketTable
  var clock = ModuleClock()
  var messages = MessageState()
  var ledger = ChargeLedger()
  var rings = false
  /// When the card's list of forbidden operators is erased.
  var forbiddenUntil: Instant?
  /// What no other family has.
  var own = OwnStates()
  let firmware: FirmwareTraits

  public init(
    personality: ModemPersonality, network: SimulatedNetwork, sim: SimulatedSIM,
    stored: StoredSettings, seed: UInt64
  ) {
    self.personality = personality
    self.network = network
    self.sim = sim
    self.stored = stored
    random = SeededRandom(seed: seed)
    noise = SeededRandom(seed: ~seed)
    firmware = FirmwareTraits(seed: seed)
    session = SessionSettings(profile: stored.profile)
    sockets = SocketTable(count: personality.sockets.numbers.upperBound + 1)
    let mirrors = random.next(below: 2) == 0
    radio.mirrorsRegistration = personality.radio.mirrorsRegistration ?? mirrors
    personality.begin(&session)
    beginMessages()
  }

  /// Advances to `now`, then takes `input`. The caller carries out the effects in order, before
  /// the next input. What was due before `now` happens at its own time, in order.
  public mutating func handle(_ input: Input, now: Instant) -> [Effect] {
    advance(to: now)
    noticeChanges()
    switch input {
    case .supply(let isOn): supplyChanged(isOn: isOn)
    case .powerKey(let isAsserted): powerKeyChanged(isAsserted: isAsserted)
    case .uartReceived(let bytes): uartReceived(bytes)
    case .socketOpened(let id): socketOpened(id)
    case .socketFailed(let id, let failure): socketFailed(id, failure)
    case .socketReceived(let id, let bytes): socketReceived(id, bytes)
    case .socketClosed(let id): socketClosed(id)
    case .messageArrived(let tpdu): messageArrived(tpdu)
    case .deadline: break
    }
    ledger.enter(draw, at: self.now)
    defer { effects = [] }
    return effects
  }

  /// A multi-IMSI card changes its identity and has the module read it anew: the module leaves the
  /// network and looks for it again (ETSI TS 102 223 §6.4.7, REFRESH).
  public mutating func cardRotated(imsi: [UInt8], now: Instant) -> [Effect] {
    advance(to: now)
    sim.imsi = imsi
    // The other identity brings its own files: who refused the one before isn't on its list.
    sim.forbidden = []
    session.forbidden = nil
    searchSettingsChanged()
    ledger.enter(draw, at: self.now)
    defer { effects = [] }
    return effects
  }

  /// The next moment at which `.deadline` is wanted; nil: only an input can change anything.
  public var deadline: Instant? { earlier(agenda.next, faults.next.map { max($0, now) }) }

  /// What a test or a world changed since the last call.
  private mutating func noticeChanges() {
    if radio.phase == .camped, serving.verdict == .noCoverage {
      searchSettingsChanged(isLost: true)
    }
    if power.phase == .running, faults.babbleInterval != nil, !agenda.contains(.babble) {
      schedule(.babble, after: .milliseconds(1))
    }
  }

  mutating func advance(to target: Instant) {
    while let due = deadline, due <= target {
      if let fault = faults.next, fault <= due {
        now = max(now, fault)
        happen()
      } else if let entry = agenda.pop() {
        now = max(now, entry.due)
        perform(entry.event)
      }
      ledger.enter(draw, at: now)
    }
    now = max(now, target)
  }

  private mutating func happen() {
    if let reboot = faults.rebootsAt, reboot <= now {
      faults.rebootsAt = nil
      if power.isRunning { restart(keepsCell: false) }
    }
    if let off = faults.turnsOffAt, off <= now {
      faults.turnsOffAt = nil
      if power.phase == .running { stopForLackOfSupply() }
    }
    if let drop = faults.dropsContextsAt, drop <= now {
      faults.dropsContextsAt = nil
      dropContexts()
    }
  }

  private mutating func perform(_ event: Event) {
    switch event {
    case .power(let event): perform(event)
    case .boot(let event): perform(event)
    case .command(let serial): runCommand(serial)
    case .radio(let event): perform(event)
    case .socket(let event): perform(event)
    case .dns(let query): nameAnswered(query)
    case .message(let event): perform(event)
    case .urc(let text): sendURC(text)
    case .text(let text): say(ATText(bytes: text))
    case .own(let event): personality.perform(&self, event)
    case .payloadExpired(let serial): payloadExpired(serial)
    case .babble: babble()
    case .ringEnds: endRing()
    case .complete(let serial, let outcome):
      if execution?.serial == serial { complete(outcome) }
    }
  }

  /// A duration of `range`, in whole milliseconds, drawn from the seed.
  mutating func sample(_ range: ClosedRange<Duration>) -> Duration {
    let low = range.lowerBound.wholeMilliseconds
    let span = UInt64(max(0, range.upperBound.wholeMilliseconds - low))
    return .milliseconds(low + Int64(random.next(below: span + 1)))
  }

  mutating func schedule(_ event: Event, after delay: Duration) {
    agenda.add(event, at: now + delay)
  }
}

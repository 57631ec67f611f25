import Cellular
import Link
import Modems
import Primitives
import Testing

@testable import ModemSimulator
@testable import World

/// A family's driver at the UART of that family's simulator, on a virtual clock, and a peer that
/// sends back what it gets, over UDP and TCP alike.
struct FamilyBench {
  private(set) var link: Link
  private(set) var modem: SimulatedModem
  private(set) var now = Instant.start
  private(set) var events: [LinkEvent] = []
  private(set) var trace = Trace()
  /// Every command line that was answered, or that timed out.
  private(set) var commands: [String] = []
  /// What the module opened, in order.
  private(set) var opened: [(transport: SocketTransport, host: [UInt8], port: UInt16)] = []
  /// Short messages that the network took.
  private(set) var submitted: [[UInt8]] = []
  private var isStatusOn = false
  private var isUARTOpen = false
  private var toModem = SerialLine(baud: 115_200, seed: 5)
  private var toHost = SerialLine(baud: 115_200, seed: 6)
  private var line = HappeningQueue<Heard>()

  private enum Heard {
    case byModem([UInt8])
    case byHost([UInt8])
    case fromPeer(SocketID, [UInt8])
  }

  static let address = IPv4Address(192, 0, 2, 7)
  static let port: UInt16 = 5683

  /// - Parameter change: of everything that there is, before the supply is switched on.
  init(
    _ profile: ModuleProfile, _ personality: ModemPersonality, seed: UInt64 = 1,
    change: (inout Conditions) -> Void = { _ in }
  ) {
    var conditions = Conditions(personality)
    change(&conditions)
    link = Link(
      LinkSettings(
        module: profile, network: conditions.settings, hasStatusLine: conditions.hasStatusLine),
      seed: seed)
    modem = SimulatedModem(
      personality: personality, network: conditions.network, sim: conditions.sim,
      stored: conditions.stored, seed: seed)
    perform(modem.handle(.supply(isOn: true), now: now))
    run(for: .seconds(2))
    if conditions.hasStatusLine { give(.statusLine(isOn: isStatusOn)) }
    give(.start)
  }

  struct Conditions {
    var settings: NetworkSettings
    var network = WorldPlan.network
    var sim = SimulatedSIM()
    /// From the factory.
    var stored: StoredSettings
    var hasStatusLine = true

    init(_ personality: ModemPersonality) {
      let apn = APN(Array("em".utf8)).map { AccessPoint(apn: $0) }
      settings = NetworkSettings(accessPoint: apn)
      stored = personality.factorySettings
    }
  }

  mutating func give(_ input: Link.Input) { perform(link.handle(input, now: now)) }

  mutating func prefer(_ plmn: PLMN) { link.prefer(plmn) }

  /// What it was told so far.
  mutating func forget() { events = [] }

  static let target = LinkTarget(host: .ipv4(address), port: port, transport: .udp)

  mutating func change(_ change: (inout SimulatedModem) -> Void) { change(&modem) }

  mutating func connect(
    _ host: NetworkHost = .ipv4(FamilyBench.address), _ transport: Transport = .udp
  ) {
    give(.connect(LinkTarget(host: host, port: Self.port, transport: transport)))
  }

  /// Connects and runs until the socket is open; false when it was given up.
  mutating func goesOnline(
    _ host: NetworkHost = .ipv4(FamilyBench.address), _ transport: Transport = .udp
  ) -> Bool {
    events = []
    connect(host, transport)
    return run { $0.events.contains(.online) || $0.failure != nil } && failure == nil
  }

  /// A message comes to the network.
  mutating func messageArrives(_ tpdu: [UInt8]) {
    perform(modem.handle(.messageArrived(tpdu), now: now))
  }

  /// Sends, and runs until as many bytes are back.
  mutating func echoes(_ bytes: [UInt8], isLast: Bool = false) -> Bool {
    events = []
    give(.send(bytes, expectsAnswer: true, isLast: isLast))
    return run(for: .seconds(120)) { $0.received.count >= bytes.count } && received == bytes
  }

  /// Runs until the modem is at rest, and says how that is known.
  mutating func rests(after input: Link.Input) -> SleepKind? {
    events = []
    give(input)
    run { $0.restedBy != nil || $0.failure != nil }
    return restedBy
  }

  var failure: LinkCause? {
    for case .failed(let cause) in events { return cause }
    return nil
  }

  var restedBy: SleepKind? {
    for case .asleep(let kind) in events { return kind }
    return nil
  }

  var received: [UInt8] {
    var bytes: [UInt8] = []
    for case .received(let part) in events { bytes += part }
    return bytes
  }

  var identity: ModuleIdentity? {
    for case .identity(let identity) in events { return identity }
    return nil
  }

  // MARK: - Time

  /// Runs until `isDone`, or for `limit`; false when time was up.
  @discardableResult
  mutating func run(
    for limit: Duration = .seconds(1800), until isDone: (FamilyBench) -> Bool = { _ in false }
  ) -> Bool {
    let end = now + limit
    while !isDone(self) {
      let next = earlier(earlier(link.deadline, modem.deadline), line.next)
      guard let next, next <= end else {
        now = end
        return isDone(self)
      }
      now = max(now, next)
      if let heard = line.take(dueAt: now) {
        hear(heard)
      } else if let due = modem.deadline, due <= now {
        perform(modem.handle(.deadline, now: now))
      } else {
        give(.deadline)
      }
    }
    return true
  }

  private mutating func hear(_ heard: Heard) {
    switch heard {
    case .byModem(let bytes): perform(modem.handle(.uartReceived(bytes), now: now))
    case .byHost(let bytes): if isUARTOpen { give(.uartReceived(bytes)) }
    case .fromPeer(let socket, let bytes):
      perform(modem.handle(.socketReceived(socket, bytes), now: now))
    }
  }

  private mutating func perform(_ effects: [Link.Effect]) {
    for effect in effects {
      switch effect {
      case .openUART: isUARTOpen = true
      case .closeUART: isUARTOpen = false
      case .write(let bytes):
        trace.host(bytes, now: now)
        for piece in toModem.carry(bytes, now: now) {
          line.put(.byModem(piece.bytes), at: piece.at)
        }
      case .setPowerKey(let isAsserted):
        trace.powerKey(isAsserted, now: now)
        perform(modem.handle(.powerKey(isAsserted: isAsserted), now: now))
      case .cutSupply: break
      case .event(let event):
        events.append(event)
        if case .exchange(let exchange) = event {
          commands.append(String(decoding: exchange.command, as: UTF8.self))
        }
      }
    }
  }

  private mutating func perform(_ effects: [SimulatedModem.Effect]) {
    for effect in effects {
      switch effect {
      case .transmit(let bytes):
        trace.modem(bytes, now: now)
        for piece in toHost.carry(bytes, now: now) { line.put(.byHost(piece.bytes), at: piece.at) }
      case .statusLine(let isOn):
        trace.statusLine(isOn, now: now)
        isStatusOn = isOn
        if link.settings.hasStatusLine { give(.statusLine(isOn: isOn)) }
      case .ringIndicator, .closeSocket: break
      case .messageSubmitted(let tpdu): submitted.append(tpdu)
      case .openSocket(let socket, let transport, let host, let port):
        opened.append((transport, host, port))
        perform(modem.handle(.socketOpened(socket), now: now))
      case .sendOnSocket(let socket, let bytes):
        line.put(.fromPeer(socket, bytes), at: now + .milliseconds(50))
      }
    }
  }
}

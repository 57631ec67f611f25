import ModemSimulator
import Primitives
import World

/// The simulated modem at a board's UART and pins, with the collector as the whole of its Internet.
final class BoardModem {
  /// How the module's STATUS pin reaches the board.
  enum StatusWiring: Equatable, Sendable {
    case wired
    /// The board's configuration says `status = none`, and its pin stays low.
    case notWired
    /// A broken wire or a short: the board reads this, whatever the module does.
    case stuck(isOn: Bool)
  }

  /// Something that a scenario may wait for.
  enum Milestone: Equatable, Sendable {
    /// The module took a datagram from the host and it is on the air.
    case sent
    /// The collector has the datagram; its answer is on its way.
    case received
    /// The module handed the answer's bytes, or the word that they are there, to the host.
    case answered
  }

  /// Ports of the peer that the collector sees, counted up with each socket.
  private static let firstPort = 40_000
  /// What the board's configuration calls the collector.
  static let serverName = "collector.example"
  static let serverAddress = IPv4Address(192, 0, 2, 7)
  static let serverPort: UInt16 = 5683

  private(set) var modem: SimulatedModem
  private(set) var collector: Collector
  private(set) var pins = PinTrace()
  private(set) var trace = UARTTrace()
  var lineFaults: LineFaults
  /// How often each milestone was passed.
  private(set) var sentCount = 0
  private(set) var receivedCount = 0
  private(set) var answeredCount = 0
  /// Called at each of them, before the bench does anything else.
  var onMilestone: (Milestone, Instant) -> Void = { _, _ in }
  /// Called when the board wrote to the UART, with the bytes as they were written.
  var onHostBytes: ([UInt8], Instant) -> Void = { _, _ in }

  /// What the module itself says with STATUS, whatever reaches the board.
  private(set) var isStatusOn = false
  /// Pulses of the key that began while the module was on.
  private(set) var pulsesWhileOn = 0
  /// The module gave its prompt and has said nothing since.
  private var takesPayload = false
  /// Bytes hit by the line's faults in what followed a prompt: reports.
  private(set) var payloadHits = 0
  private let wiring: StatusWiring
  private let baud: Int
  private var toHost: SerialLine
  private var toModem: SerialLine
  private var open: [OpenSocket] = []
  private var nextPort = BoardModem.firstPort
  private var pending: [SimulatedModem.Input] = []
  private var last: Instant
  private weak var board: BoardUnderTest?

  private struct OpenSocket {
    let id: SocketID
    let peer: [UInt8]
  }

  init(
    modem: SimulatedModem, collector: Collector, wiring: StatusWiring, baud: Int, seed: UInt64,
    now: Instant
  ) {
    self.modem = modem
    self.collector = collector
    self.wiring = wiring
    self.baud = baud
    lineFaults = LineFaults(seed: seed)
    toHost = SerialLine(baud: baud)
    toModem = SerialLine(baud: baud)
    last = now
  }

  /// Wires the modem to a board that has just got its power, and drives its pins.
  func attach(to board: BoardUnderTest, now: Instant) {
    self.board = board
    toHost = SerialLine(baud: baud)
    toModem = SerialLine(baud: baud)
    driveStatus()
    board.setRing(isAsserted: false)
  }

  /// The board's power is gone: its key line falls, and what was on the UART is lost.
  func detach(now: Instant) {
    board = nil
    if pins.note(.powerKey, isAsserted: false, at: now) {
      feed(.powerKey(isAsserted: false), now: now)
    }
  }

  var deadline: Instant? {
    earlier(modem.deadline, earlier(toHost.deadline, toModem.deadline))
  }

  /// The module's supply, which on some boards is the board's own.
  func setSupply(isOn: Bool, now: Instant) { feed(.supply(isOn: isOn), now: now) }

  /// Changes the modem's world: faults, coverage, grants.
  func adjust(_ change: (inout SimulatedModem) -> Void) { change(&modem) }

  /// Takes what the board did; call `advance` after it.
  func take(_ event: BoardEvent, now: Instant) {
    switch event {
    case .uart(let bytes):
      trace.append(UARTTrace.Entry(at: now, direction: .fromHost, bytes: bytes))
      onHostBytes(bytes, now)
      let before = lineFaults.hits
      toModem.push(lineFaults.pass(bytes), now: now)
      if takesPayload { payloadHits += lineFaults.hits - before }
    case .pin(let pin, let isAsserted, let at):
      guard pins.note(pin, isAsserted: isAsserted, at: at), pin == .powerKey else { return }
      if isAsserted && isStatusOn { pulsesWhileOn += 1 }
      // The module feels the key when the board pressed it, not when the bench heard of it.
      feed(.powerKey(isAsserted: isAsserted), now: at)
    case .console, .up, .shell, .ended: break
    }
  }

  /// Carries everything that is due between the modem and its lines.
  func advance(now: Instant) {
    let arrived = toModem.take(now: now)
    if !arrived.isEmpty { feed(.uartReceived(arrived), now: now) }
    if let due = modem.deadline, due <= now { feed(.deadline, now: now) }
    let bytes = toHost.take(now: now)
    if bytes.isEmpty { return }
    trace.append(UARTTrace.Entry(at: now, direction: .fromModem, bytes: bytes))
    board?.transmit(lineFaults.pass(bytes))
  }

  private func feed(_ input: SimulatedModem.Input, now moment: Instant) {
    pending.append(input)
    while !pending.isEmpty {
      let next = pending.removeFirst()
      last = max(last, moment)
      for effect in modem.handle(next, now: last) { perform(effect, now: last) }
    }
  }

  private func perform(_ effect: SimulatedModem.Effect, now: Instant) {
    switch effect {
    case .transmit(let bytes):
      toHost.push(bytes, now: now)
      takesPayload = bytes.suffix(2) == Array("> ".utf8)[...]
      if receivedCount > answeredCount, Self.announcesData(bytes) {
        answeredCount += 1
        onMilestone(.answered, now)
      }
    case .statusLine(let isOn):
      isStatusOn = isOn
      driveStatus()
    case .ringIndicator(let isAsserted): board?.setRing(isAsserted: isAsserted)
    case .openSocket(let id, let transport, let host, let port):
      openSocket(id, transport, host: host, port: port)
    case .sendOnSocket(let id, let bytes): send(bytes, on: id, now: now)
    case .closeSocket(let id): open.removeAll { $0.id == id }
    case .messageSubmitted: break
    }
  }

  private func openSocket(
    _ id: SocketID, _ transport: SocketTransport, host: [UInt8], port: UInt16
  ) {
    guard transport == .udp, host == Self.serverAddress.bytes, port == Self.serverPort else {
      pending.append(.socketFailed(id, .unreachable))
      return
    }
    let peer = Array("10.64.12.9:\(nextPort)".utf8)
    nextPort += 1
    open.append(OpenSocket(id: id, peer: peer))
    pending.append(.socketOpened(id))
  }

  private func send(_ bytes: [UInt8], on id: SocketID, now: Instant) {
    guard let socket = open.first(where: { $0.id == id }) else { return }
    sentCount += 1
    onMilestone(.sent, now)
    let answers = collector.receive(bytes, from: socket.peer, now: now)
    receivedCount += 1
    onMilestone(.received, now)
    pending += answers.map { .socketReceived(id, $0) }
  }

  private func driveStatus() {
    switch wiring {
    case .wired: board?.setStatus(isOn: isStatusOn)
    case .notWired: board?.setStatus(isOn: false)
    case .stuck(let level): board?.setStatus(isOn: level)
    }
  }

  /// Whether these bytes tell the host that a datagram came (BG95 TCP/IP manual: `+QIURC: "recv"`).
  private static func announcesData(_ bytes: [UInt8]) -> Bool {
    let mark = Array(#"+QIURC: "recv""#.utf8)
    guard bytes.count >= mark.count else { return false }
    return (0...(bytes.count - mark.count)).contains { bytes[$0...].starts(with: mark) }
  }
}

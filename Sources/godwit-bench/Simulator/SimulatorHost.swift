import ModemSimulator
import Primitives

/// The thin shell around `SimulatedModem`: a pty for its UART, a Unix socket for its pins, this
/// machine's loopback for its sockets, the boot-time clock for its deadlines.
final class SimulatorHost {
  /// Where the modem's lines are, and how fast its UART is.
  struct Lines: Equatable, Sendable {
    var uart: String
    var pins: String
    var baud = 115_200
  }

  /// What happened, for a screen, a log or a measurement.
  enum Event: Equatable, Sendable {
    case state(String)
    /// It is off, or asleep in PSM.
    case slept(inPSM: Bool)
    case powerKey(isAsserted: Bool)
    case status(isOn: Bool)
    case unmapped(host: [UInt8], port: UInt16)
    /// A TLS connection was asked for, and refused.
    case secure(host: [UInt8], port: UInt16)
    /// The network took a short message from the device: SMS-SUBMIT.
    case messageSubmitted([UInt8])
    case uart(UARTTrace.Entry)
  }

  /// An event and when it happened.
  struct Moment: Equatable, Sendable {
    var at: Instant
    var event: Event
  }

  /// So long the supply has been on when the bench starts, as on a board that has booted: a key
  /// that is pressed before the supply is stable does nothing.
  private static let supplyLead = Duration.seconds(1)

  private(set) var modem: SimulatedModem
  private(set) var trace = UARTTrace()
  private let uart: PseudoTerminal
  private let pins: PinServer
  private let sockets: ModemSockets
  private var toHost: SerialLine
  private var toModem: SerialLine
  private var moments: [Moment] = []
  private var lastState = ""

  init(modem: SimulatedModem, lines: Lines, map: SocketMap, now: Instant) throws(BenchError) {
    self.modem = modem
    // The pins come first: their socket shows whether another bench is using this folder.
    pins = try PinServer(path: lines.pins)
    uart = try PseudoTerminal(path: lines.uart)
    sockets = ModemSockets(map: map)
    toHost = SerialLine(baud: lines.baud)
    toModem = SerialLine(baud: lines.baud)
    let before = Instant(sinceStart: max(.zero, now.sinceStart - Self.supplyLead))
    feed(.supply(isOn: true), now: before)
  }

  /// The next moment at which `serve` is wanted though no descriptor is ready.
  var deadline: Instant? {
    if sockets.hasReports { return .start }
    return earlier(modem.deadline, earlier(toHost.deadline, toModem.deadline))
  }

  func addInterest(to set: inout PollSet) {
    uart.addInterest(to: &set)
    pins.addInterest(to: &set)
    sockets.addInterest(to: &set)
  }

  /// Carries everything that is ready or due between the modem and its lines.
  func serve(_ set: PollSet, now: Instant) -> [Moment] {
    readUART(set, now: now)
    for input in pins.read(set) {
      switch input {
      case .powerKey(let isAsserted):
        note(.powerKey(isAsserted: isAsserted), now: now)
        feed(.powerKey(isAsserted: isAsserted), now: now)
      }
    }
    for report in sockets.read(set) {
      switch report {
      case .input(let input): feed(input, now: now)
      case .unmapped(let host, let port): note(.unmapped(host: host, port: port), now: now)
      case .secure(let host, let port): note(.secure(host: host, port: port), now: now)
      }
    }
    let arrived = toModem.take(now: now)
    if !arrived.isEmpty { feed(.uartReceived(arrived), now: now) }
    if let due = modem.deadline, due <= now { feed(.deadline, now: now) }
    writeUART(now: now)
    defer { moments = [] }
    return moments
  }

  /// Hands a short message for the device to the network: SMS-DELIVER without the service centre.
  func deliver(message tpdu: [UInt8], now: Instant) { feed(.messageArrived(tpdu), now: now) }

  /// Takes the modem's supply away and gives it back: it starts anew, or is off until its key is
  /// pressed. Its memory stays.
  func cycleSupply(now: Instant) {
    feed(.supply(isOn: false), now: now)
    feed(.supply(isOn: true), now: now)
  }

  /// Changes the modem's world between two turns: faults, coverage, grants.
  func adjust(_ change: (inout SimulatedModem) -> Void) { change(&modem) }

  private func readUART(_ set: PollSet, now: Instant) {
    let bytes = uart.read(set)
    if bytes.isEmpty { return }
    record(.fromHost, bytes, now: now)
    toModem.push(bytes, now: now)
  }

  private func writeUART(now: Instant) {
    let bytes = toHost.take(now: now)
    if bytes.isEmpty { return }
    uart.write(bytes)
    if uart.isOpen { record(.fromModem, bytes, now: now) }
  }

  private func feed(_ input: SimulatedModem.Input, now: Instant) {
    for effect in modem.handle(input, now: now) {
      switch effect {
      case .transmit(let bytes): toHost.push(bytes, now: now)
      case .statusLine(let isOn):
        pins.setStatus(isOn: isOn)
        note(.status(isOn: isOn), now: now)
      case .ringIndicator(let isAsserted): pins.setRing(isAsserted: isAsserted)
      case .openSocket(let id, let transport, let host, let port):
        switch transport {
        case .udp: sockets.open(id, .udp, host: host, port: port)
        case .tcp: sockets.open(id, .tcp, host: host, port: port)
        case .tls: sockets.refuseSecure(id, host: host, port: port)
        }
      case .sendOnSocket(let id, let bytes): sockets.send(bytes, on: id)
      case .closeSocket(let id): sockets.close(id)
      case .messageSubmitted(let tpdu): note(.messageSubmitted(tpdu), now: now)
      }
    }
    if modem.state != lastState {
      lastState = modem.state
      note(.state(lastState), now: now)
      if modem.draw == .asleep || modem.draw == .off {
        note(.slept(inPSM: modem.draw == .asleep), now: now)
      }
    }
  }

  private func record(_ direction: UARTTrace.Direction, _ bytes: [UInt8], now: Instant) {
    let entry = UARTTrace.Entry(at: now, direction: direction, bytes: bytes)
    trace.append(entry)
    note(.uart(entry), now: now)
  }

  private func note(_ event: Event, now: Instant) { moments.append(Moment(at: now, event: event)) }
}

import Primitives
import World

/// What is at the other end of a board's modem UART and beyond: the simulated modem with the
/// collector as its whole Internet, or a real module with the collector at a UDP port.
protocol ModemSide: AnyObject {
  var collector: Collector { get }
  var pins: PinTrace { get }
  /// What went over the UART, where the bench is at its other end.
  var trace: UARTTrace { get }
  /// In words, for a failure's report.
  var state: String { get }
  /// Called when a milestone is passed, before the bench does anything else.
  var onMilestone: (BoardModem.Milestone, Instant) -> Void { get set }
  /// When `advance` is wanted though no descriptor is ready.
  var deadline: Instant? { get }

  func addInterest(to set: inout PollSet)
  /// The board has got its power.
  func attach(to board: BoardUnderTest, now: Instant)
  /// The board's power is gone.
  func detach(now: Instant)
  /// Takes what the board did; call `advance` after it.
  func take(_ event: BoardEvent, now: Instant)
  /// Carries everything that is ready or due.
  func advance(_ set: PollSet, now: Instant)
}

extension BoardModem: ModemSide {
  var state: String { "\"\(modem.state)\"" }
  func addInterest(to set: inout PollSet) {}
  func advance(_ set: PollSet, now: Instant) { advance(now: now) }
}

/// A real module on the board: of it the bench sees the power-key line, where there is a reader of
/// the pins, and what arrives at the server.
final class RealModem: ModemSide {
  private(set) var collector: Collector
  private(set) var pins = PinTrace()
  let trace = UARTTrace()
  let state = "a real one, which can't be asked"
  var onMilestone: (BoardModem.Milestone, Instant) -> Void = { _, _ in }
  private let server: DatagramServer
  /// Datagrams of an earlier scenario's store must not be counted: nothing is taken before the
  /// board has been given this scenario's.
  private var isServing = false

  init(server: DatagramServer, policy: CollectorPolicy) {
    self.server = server
    collector = Collector(policy: policy)
  }

  var deadline: Instant? { collector.deadline }

  func addInterest(to set: inout PollSet) { set.addReadable(server.number) }

  func attach(to board: BoardUnderTest, now: Instant) {}

  func detach(now: Instant) { pins.note(.powerKey, isAsserted: false, at: now) }

  func take(_ event: BoardEvent, now: Instant) {
    switch event {
    case .up:
      if !isServing { server.discard() }
      isServing = true
    case .pin(let pin, let isAsserted, let at): pins.note(pin, isAsserted: isAsserted, at: at)
    case .uart, .console, .shell, .ended: break
    }
  }

  func advance(_ set: PollSet, now: Instant) {
    while let (datagram, peer) = server.receive() {
      guard isServing else { continue }
      for answer in collector.receive(datagram, from: peer, now: now) {
        server.send(answer, to: peer)
      }
      onMilestone(.received, now)
    }
    guard let due = collector.deadline, due <= now else { return }
    for answer in collector.deadlinePassed(now: now) { server.send(answer.bytes, to: answer.peer) }
  }
}

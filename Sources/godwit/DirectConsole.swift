import Board
import Link
import Modems
import Primitives

/// The modem of a configuration whose process isn't running, for a person's command lines: the
/// same link as the process has, without an agent.
final class DirectConsole {
  /// How long a modem that is on, or starting, may take to be ready for the first line.
  private static let startLimit = Duration.seconds(60)
  /// A person may take long between two lines, and nothing happens meanwhile.
  private static let patience = Duration.seconds(86_400)
  /// How long a desk's pins may take to tell their first level.
  private static let firstLevelLimit = Duration.seconds(1)
  /// How long turning the modem off may take: a log-out from the network takes up to a minute.
  private static let offLimit = Duration.seconds(90)

  private var loop: EventLoop
  private var modem: ModemPort
  private var link: Link
  private var nextID: Int64 = 1
  private var result: ConsoleResult?
  private var fault: BoardError?
  private var hasPressedKey = false
  private var isAtRest = false

  init(_ plan: borrowing DevicePlan) throws(BoardError) {
    let seed = try CurrentProcess.randomNumber()
    loop = try EventLoop()
    modem = ModemPort(plan.wiring)
    var settings = plan.link
    settings.limits.idle = Self.patience
    settings.limits.consoleIdle = Self.patience
    settings.limits.consoleWait = Self.startLimit
    link = Link(settings, seed: seed)
  }

  /// Takes the pins and finds out whether the modem is on.
  func start() throws(BoardError) {
    if let fault = modem.takePins(&loop) { throw fault }
    try awaitFirstLevel()
    feed(.start)
    if let fault { throw fault }
  }

  /// Runs one line and waits for what comes of it.
  func run(_ request: ConsoleRequest) throws(BoardError) -> ConsoleAnswer {
    result = nil
    feed(.console(request.command(id: nextID)))
    nextID += 1
    while true {
      if let fault { throw fault }
      if let result { return ConsoleAnswer(result) }
      try turn(until: nil)
    }
  }

  /// Turns the modem off if it was turned on for the console, and leaves it alone otherwise.
  func end() throws(BoardError) {
    guard hasPressedKey else { return modem.close(&loop) }
    isAtRest = false
    let limit = BoardClock.now + Self.offLimit
    feed(.powerOff)
    while !isAtRest, fault == nil, BoardClock.now < limit { try turn(until: limit) }
    modem.close(&loop)
  }

  private func turn(until limit: Instant?) throws(BoardError) {
    for ready in try modem.wait(until: earlier(link.deadline, limit), &loop) { take(ready) }
    if let deadline = link.deadline, deadline <= BoardClock.now { feed(.deadline) }
  }

  private func take(_ ready: Ready) {
    switch ready.token {
    case .uart:
      do throws(BoardError) {
        let bytes = try modem.transfer(ready, &loop)
        if !bytes.isEmpty { feed(.uartReceived(bytes)) }
      } catch {
        fault = error
      }
    case .status:
      let (level, fault) = modem.statusChange(&loop)
      if let level { feed(.statusLine(isOn: level)) }
      if let fault { self.fault = fault }
    default: break
    }
  }

  private func feed(_ input: Link.Input) {
    for effect in link.handle(input, now: BoardClock.now) { perform(effect) }
  }

  private func perform(_ effect: Link.Effect) {
    do throws(BoardError) {
      switch effect {
      case .openUART(let baud): try modem.open(baud: baud, &loop)
      case .closeUART: modem.close(&loop)
      case .write(let bytes): try modem.write(bytes, &loop)
      case .setPowerKey(let isAsserted):
        hasPressedKey = true
        if let fault = modem.setPowerKey(asserted: isAsserted, &loop) { throw fault }
      case .cutSupply: break
      case .event(.console(_, let result)): self.result = result
      case .event(.asleep): isAtRest = true
      case .event: break
      }
    } catch {
      fault = error
    }
  }

  /// A simulated modem tells its STATUS level just after the connection is made.
  private func awaitFirstLevel() throws(BoardError) {
    let limit = BoardClock.now + Self.firstLevelLimit
    while modem.isStatusUnknown, BoardClock.now < limit {
      for ready in try loop.wait(until: limit) where ready.token == .status {
        _ = modem.statusChange(&loop)
      }
    }
    if let isOn = modem.statusIsOn { feed(.statusLine(isOn: isOn)) }
  }
}

/// The life-cycle machine as a picture has it: its states, what each waits for at the longest, and
/// which state may follow which. The documentation is drawn from it, and tests hold it against what
/// the link really does.
public enum LifeCycle {
  /// The states of `LinkState`, the rungs of `failed` in one.
  public enum Stage: Int, CaseIterable, Sendable {
    case off, starting, ready, searching, registered, online, draining, asleep, standby, failed

    public var text: StaticString {
      switch self {
      case .off: "off"
      case .starting: "starting"
      case .ready: "ready"
      case .searching: "searching"
      case .registered: "registered"
      case .online: "online"
      case .draining: "draining"
      case .asleep: "asleep"
      case .standby: "standby"
      case .failed: "failed"
      }
    }

    public init(_ state: LinkState) {
      switch state {
      case .off: self = .off
      case .starting: self = .starting
      case .ready: self = .ready
      case .searching: self = .searching
      case .registered: self = .registered
      case .online: self = .online
      case .draining: self = .draining
      case .asleep: self = .asleep
      case .standby: self = .standby
      case .failed: self = .failed
      }
    }
  }

  /// When a state ends by itself.
  public struct Term: Sendable {
    public let stage: Stage
    /// The limit's name, in `LinkLimits` or in the module's profile.
    public let deadline: StaticString
    /// What it means that the deadline came.
    public let cause: StaticString
  }

  public struct Transition: Sendable {
    public let from: Stage
    public let to: Stage
    public let why: StaticString

    init(_ from: Stage, _ to: Stage, _ why: StaticString) {
      (self.from, self.to, self.why) = (from, to, why)
    }
  }

  public static let terms: [Term] = [
    Term(
      stage: .off, deadline: "the owner's next report", cause: "a connection is wanted"),
    Term(
      stage: .starting,
      deadline: "LinkLimits.status, power.probeTimeout, onPulse, statusLimit, bootLimit",
      cause: "the STATUS line isn't told, the modem doesn't answer, the power key did nothing"),
    Term(
      stage: .ready, deadline: "LinkLimits.connect, .sim, .retry, .idle; each command's own",
      cause: "connecting took too long, the SIM isn't there, nobody wants anything"),
    Term(
      stage: .searching, deadline: "LinkLimits.search, looked at every LinkLimits.searchPoll",
      cause: "not registered in time"),
    Term(
      stage: .registered, deadline: "LinkLimits.connect; context.activationLimit, socket steps",
      cause: "connecting took too long, the data session or the socket was refused"),
    Term(
      stage: .online, deadline: "LinkLimits.online, .registrationLoss; each command's own",
      cause: "nothing was sent or received for long, registration lost"),
    Term(
      stage: .draining,
      deadline: "the granted active time + LinkLimits.drainMargin; power.offLimit",
      cause: "it didn't fall asleep in time; powered off, not confirmed"),
    Term(
      stage: .asleep,
      deadline: "the owner's next report; LinkLimits.drainMargin after it woke by itself",
      cause: "a connection is wanted, or it is looked at"),
    Term(
      stage: .standby, deadline: "the owner's next report", cause: "a connection is wanted"),
    Term(
      stage: .failed, deadline: "the owner's back-off", cause: "a connection is wanted"),
  ]

  public static let transitions: [Transition] = [
    Transition(.off, .starting, "the process started; a connection is wanted"),
    Transition(.off, .failed, "it started by itself, and no more starts are allowed"),
    Transition(.starting, .off, "the STATUS line is off, or nobody answers; it is told to rest"),
    Transition(.starting, .ready, "the module has booted, or answers"),
    Transition(.starting, .asleep, "it fell asleep before it was asked anything"),
    Transition(
      .starting, .failed, "no module answers, the power key did nothing, deaf, the UART failed"),
    Transition(
      .ready, .starting, "rebooted, restarted for its settings' sake, or power-cycled as it is deaf"
    ),
    Transition(.ready, .searching, "set up, with its card, and not registered"),
    Transition(.ready, .registered, "registered already"),
    Transition(
      .ready, .draining, "nothing is wanted of it; no SIM, or a PIN; the target can't be had"),
    Transition(.ready, .asleep, "it fell asleep, or the STATUS line went off"),
    Transition(.ready, .failed, "deaf after a power cycle, the UART failed"),
    Transition(.searching, .starting, "rebooted, or power-cycled as it is deaf"),
    Transition(.searching, .registered, "the network admits it"),
    Transition(.searching, .draining, "not registered in time; nothing is wanted any more"),
    Transition(.searching, .asleep, "it fell asleep, or the STATUS line went off"),
    Transition(
      .searching, .failed, "rebooted too often, deaf after a power cycle, the UART failed"),
    Transition(.registered, .starting, "rebooted, or power-cycled as it is deaf"),
    Transition(.registered, .searching, "the registration was lost"),
    Transition(.registered, .online, "the socket is open"),
    Transition(
      .registered, .draining, "data session, name or socket refused; nothing is wanted any more"),
    Transition(.registered, .asleep, "it fell asleep, or the STATUS line went off"),
    Transition(
      .registered, .failed, "it slept too often before a socket was open, the UART failed"),
    Transition(.online, .starting, "rebooted"),
    Transition(
      .online, .ready, "socket, data session, registration or answers lost; nothing to do for long"),
    Transition(.online, .registered, "a connection to another target is wanted"),
    Transition(.online, .draining, "released, or power-off is wanted"),
    Transition(.online, .asleep, "it fell asleep, or the STATUS line went off"),
    Transition(.online, .failed, "the UART failed"),
    Transition(.draining, .starting, "rebooted"),
    Transition(.draining, .off, "powered off"),
    Transition(.draining, .registered, "a connection is wanted before it slept"),
    Transition(
      .draining, .asleep, "asleep, as it said, the STATUS line showed, or its silence proved"),
    Transition(.draining, .failed, "the attempt was given up, and it is off; the UART failed"),
    Transition(
      .asleep, .starting,
      "a connection is wanted, and its power key wakes it; or it woke by itself and stays awake"),
    Transition(.draining, .standby, "its radio is off, or it stays registered in eDRX"),
    Transition(.asleep, .failed, "it woke by itself, rebooted, and no more starts are allowed"),
    Transition(.standby, .starting, "a connection is wanted; it is on already"),
    Transition(
      .failed, .starting, "the back-off is over and a connection is wanted; STATUS came on"),
  ]
}

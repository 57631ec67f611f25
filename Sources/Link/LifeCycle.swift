/// The life-cycle machine as a picture has it: its states, what each waits for at the longest, and
/// which state may follow which. The documentation is drawn from it, and tests hold it against what
/// the link really does.
public enum LifeCycle {
  /// The states of `LinkState`, the rungs of `failed` in one.
  public enum Stage: Int, CaseIterable, Sendable {
    case off, starting, ready, searching, registered, online, draining, asleep, failed

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
      stage: .asleep, deadline: "the owner's next report", cause: "a connection is wanted"),
    Term(
      stage: .failed, deadline: "the owner's back-off", cause: "a connection is wanted"),
  ]

  public static let transitions: [Transition] = []
}

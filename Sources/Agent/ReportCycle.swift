import Cellular
import DNS
import Link
import Modems
import Primitives
import Telemetry
import Uplink

/// Where the device stands between one report and the next.
public enum ReportCycle: Sendable {
  /// Nothing is under way; the next report comes by the schedule.
  case idle
  /// The link was asked for a socket.
  case connecting
  /// The server's name is being looked up: the question waits for a socket, or for its answer.
  case resolving(DNSLookup, question: [UInt8])
  /// A batch is on its way; `sent` others went before it in this wake.
  case exchanging(CoAPExchange, Batch, sent: Int)
  /// The link was told to sleep and hasn't proven it yet.
  case releasing(isReportWaiting: Bool)
  /// The last attempt failed; the next one comes at `until`, whatever the schedule says.
  case waiting(until: Instant, cause: ReportFailure)
}

/// Why a report wasn't confirmed.
public enum ReportFailure: Equatable, Sendable {
  case link(LinkCause)
  case noAnswer, reset, store
  case name(NameFailure)
  case server(CoAPCode, retryAfter: Duration?)
  /// It wasn't tried: a limit holds it back.
  case held(LimitReason)

  /// Whether nothing went wrong, but the attempt may not be made or go further yet.
  var isHold: Bool {
    switch self {
    case .held, .link(.heldBack): true
    case .link, .noAnswer, .reset, .store, .name, .server: false
    }
  }

  public var text: String {
    switch self {
    case .link(let cause): cause.text
    case .noAnswer: "the server did not answer"
    case .reset: "the server doesn't know this exchange (reset)"
    case .store: "the store failed"
    case .name(let failure): failure.text
    case .server(let code, _): "the server answered \(code.text)"
    case .held(let reason): "held back: " + reason.text
    }
  }
}

/// Why the server's name led to no address, where the device looks it up itself.
public enum NameFailure: Equatable, Sendable {
  case noServers, noSuchName
  case forbidden(DNSAddress)
  case noAnswer

  public var text: String {
    switch self {
    case .noServers:
      "the module can't look names up: set [network] dns, or give the server's address"
    case .noSuchName: "the name servers know no such server"
    case .forbidden(.ipv4(let address)):
      "the server's name leads to \(address.bytes.printable), which isn't allowed"
    case .forbidden(.ipv6): "the server's name leads to an address that isn't allowed"
    case .noAnswer: "no name server gave a usable answer"
    }
  }
}

/// What the agent has counted since the process came up.
public struct ReportRecord: Sendable {
  public var attempts: Int64 = 0
  public var confirmed: Int64 = 0
  public var failed: Int64 = 0
  public var refused: Int64 = 0
  public var storeFailures: Int64 = 0
  public var lastConfirmed: (batch: BatchIdentity, at: Instant)?
  /// Why the link is in the state that it is in.
  public var linkCause = LinkCause.processStarted
  /// Since when it is.
  public var linkSince = Instant.start
  /// Why the last attempt failed, and the last refusal for good; nil once the server has confirmed
  /// a report. An attempt that was only held back doesn't hide why the one before it failed.
  public var failure: ReportFailure?
  /// Whether the link failed under a report that was on its way.
  public var wasSending = false
  public var refusal: CoAPCode?
  public var identity: ModuleIdentity?
  public var registration: Registration?
  public var edrx: EDRXState?
  /// The operator that the modem was registered with last, and the LTE band where the module tells.
  public var plmn: PLMN?
  public var band: Int?
  /// What is tried instead of the configured access point, which the network refused; nil: nothing.
  public var accessTry: String?
  /// Whether the SIM has its PIN on, which keeps this module from sleeping; nil where it doesn't
  /// matter or isn't known.
  public var isPINOn: Bool?
  /// How the modem rests between reports, with the charge of each rest and why others aren't
  /// taken; nil until it was registered.
  public var rest: RestPlan?
  /// SMS, each part of a long one counted: those that could be read, and those that couldn't.
  public var messagesReceived: Int64 = 0
  public var messagesRefused: Int64 = 0
  /// Commands by SMS: obeyed ones, and those that weren't proven or came again.
  public var commandsObeyed: Int64 = 0
  /// Proven, and not possible: the reason was told.
  public var commandsRefused: Int64 = 0
  public var commandsIgnored: Int64 = 0
  /// Where the module isn't the configured one.
  public var otherModule: OtherModule?

  public init() {}

  mutating func note(_ cause: ReportFailure) {
    if failure == nil || !cause.isHold { failure = cause }
  }
}

import Modems
import Primitives

/// What the link is told once.
public struct LinkSettings: Sendable {
  public var module: ModuleProfile
  public var network: NetworkSettings
  /// Whether the module's STATUS line is wired and will be told by `.statusLine`.
  public var hasStatusLine: Bool
  public var limits: LinkLimits
  /// Whether the module is to be found out. Until then `module` says how it is taken.
  public var detects: Bool
  /// The configured rate in bits a second, which is tried first when the module is found out.
  public var baud: Int?
  /// How the modem is to rest. By itself a link keeps to PSM, and power off where that isn't granted.
  public var rest = RestWish.only(.psm)
  /// How often a report is sent, by which the rests' charges are reckoned.
  public var reportInterval = Duration.seconds(3600)
  /// Whether the module's DTR is wired to the UART's, which drops it while it is closed.
  public var hasDTR = false
  /// Whether `SleepPlan.attachesPerHour` holds; else the network is a simulated one.
  public var obeysLimits = true
  /// Whether the board can cut the module's supply.
  public var hasSupplySwitch = false
  /// What was wished of the network before, or tried meanwhile, where that was something else: the
  /// module may still hold of it what it doesn't show.
  public var formerNetwork: NetworkSettings?

  public init(
    module: ModuleProfile, network: NetworkSettings, hasStatusLine: Bool,
    limits: LinkLimits = LinkLimits(), detects: Bool = false, baud: Int? = nil
  ) {
    self.module = module
    self.network = network
    self.hasStatusLine = hasStatusLine
    self.limits = limits
    self.detects = detects
    self.baud = baud
  }
}

/// How long the link waits and how often it tries. What the module's manual says is in its
/// profile; these are the link's own.
public struct LinkLimits: Equatable, Sendable {
  /// From the start of the search to giving up. A multi-IMSI SIM needs minutes to rotate through
  /// its identities, and nothing may interrupt it.
  public var search = Duration.seconds(600)
  /// Between two looks at the registration while searching, in case a URC was missed.
  public var searchPoll = Duration.seconds(60)
  /// From `connect` to giving up, whatever the state.
  public var connect = Duration.seconds(1200)
  /// From the first look at the card to giving up. Quectel's own chart: 20 s.
  public var sim = Duration.seconds(20)
  /// From the grant's active time on: how much longer the network may hold the connection.
  public var drainMargin = Duration.seconds(60)
  /// How long a modem that is on may wait for something to do.
  public var idle = Duration.seconds(10)
  /// How long a socket may be open with nothing sent or received.
  public var online = Duration.seconds(300)
  /// How long a registration may be gone while online.
  public var registrationLoss = Duration.seconds(30)
  /// After an expected answer, how long before the buffer is read once more: time enough for the
  /// owner to release the link instead.
  public var drainRead = Duration.milliseconds(100)
  /// After the registration of a module that can do nothing but SMS: time for the network to hand
  /// over what waits there.
  public var messageArrival = Duration.seconds(5)
  /// How long the STATUS line may lag behind what the modem said, and at the start how long it
  /// may stay untold.
  public var status = Duration.seconds(5)
  /// Before something that was refused is tried again; jittered upwards by a quarter at most.
  public var retry = Duration.seconds(1)
  /// How long a console's line waits for the link's own business to be done; and where it may wake
  /// the modem, for the start and a report that comes in between.
  public var consoleWait = Duration.seconds(5)
  public var consoleWake = Duration.seconds(300)
  /// How long a modem that is on waits for the next line of a console.
  public var consoleIdle = Duration.seconds(60)

  /// Before a choice by hand that ended elsewhere is tried again, and between two scans for another
  /// operator than a blocked one.
  public var operatorRetry = Duration.seconds(6 * 3600)
  public var operatorScan = Duration.seconds(24 * 3600)
  /// Between two writes of the card's list of forbidden operators: each wears the card.
  public var forbiddenClear = Duration.seconds(24 * 3600)

  public init() {}

  /// Pulses of the power key for one start; the last one restarts the module if its key can.
  public static let pulses = 3
  /// So many times the family's longest boot more for a module that may have taken its pulse: another
  /// one could turn it off, and a restart would begin the same boot anew. Once during one `connect`.
  public static let lateBoot = 2
  /// Reboots and unexpected sleeps during one `connect`.
  public static let reboots = 3
  /// Times that it says that it boots, without ever taking a command.
  public static let boots = 5
  /// Commands without an answer during one `connect`, before power is cycled.
  public static let silences = 3
  public static let powerCycles = 1
  public static let radioCycles = 1
  /// Times that the module may refuse to turn its radio on.
  public static let radioRefusals = 3
  /// Restarts for the sake of settings during one `connect`.
  public static let restarts = 1
  /// Activations of the context during one `connect`.
  public static let contexts = 4
  /// Operators that are tried instead of a blocked one during one `connect`.
  public static let selections = 3
  /// Openings of the socket during one `connect`.
  public static let sockets = 5
  /// Rounds of writing a setting that the module refuses.
  public static let writes = 3
  /// Times that the module may refuse its power-off command.
  public static let powerOffs = 6
  /// Times that a send is repeated because the module's buffer is full.
  public static let sends = 3
  /// How long the supply stays cut: until the capacitors behind it are empty, and a module that
  /// draws microamperes has lost its state; then from its return to the first question. No maker's
  /// figure was found: both are assumed.
  public static let supplyCut = Duration.seconds(10)
  public static let supplyRise = Duration.seconds(2)
  /// Messages that wait to be sent; one more is refused and counted.
  public static let outbox = 4
}

import AT
import Cellular
import Primitives

/// What differs between module families: what each says and wants, as data, with a small function
/// only where data can't say it.
public struct ModuleProfile: Sendable {
  /// As the configuration names it, for example `quectel-bg95`.
  public var name: StaticString
  public var dialect: Dialect
  public var power: PowerTimings
  /// What the module forgets at every start, PSM wakes included. Joined into one line.
  public var wake: [Exchange]
  /// Comes last on that line: a basic command may stand behind a semicolon, but what follows one
  /// is read differently by different makers.
  public var echoOff: Exchange
  /// What the module keeps: read, compared, and only then written.
  public var settings: [StoredSetting]
  /// The state of the card, then the identities, in this order on one line.
  public var sim: Exchange
  public var identity: [Exchange]
  /// Takes the identities from the answering lines, in order.
  public var readIdentity: @Sendable ([[UInt8]], inout ModuleIdentity) -> Void
  public var registration: Exchange
  /// The time that the network has told, as `NetworkClock` reads it.
  public var clock: Exchange
  public var context: ContextCommands
  public var socket: SocketCommands
  /// Transmitter and receiver off, the card left alone; and on again.
  public var radioOff: Exchange
  public var radioOn: Exchange
  /// Logs out and turns itself off. The answer is OK; `.poweredDown` comes later.
  public var powerOff: Exchange
  /// What an unsolicited line means.
  public var meaning: @Sendable ([UInt8]) -> ModuleURC

  public init(
    name: StaticString, dialect: Dialect, power: PowerTimings, wake: [Exchange],
    echoOff: Exchange, settings: [StoredSetting], sim: Exchange, identity: [Exchange],
    readIdentity: @escaping @Sendable ([[UInt8]], inout ModuleIdentity) -> Void,
    registration: Exchange, clock: Exchange, context: ContextCommands, socket: SocketCommands,
    radioOff: Exchange, radioOn: Exchange, powerOff: Exchange,
    meaning: @escaping @Sendable ([UInt8]) -> ModuleURC
  ) {
    self.name = name
    self.dialect = dialect
    self.power = power
    self.wake = wake
    self.echoOff = echoOff
    self.settings = settings
    self.sim = sim
    self.identity = identity
    self.readIdentity = readIdentity
    self.registration = registration
    self.clock = clock
    self.context = context
    self.socket = socket
    self.radioOff = radioOff
    self.radioOn = radioOn
    self.powerOff = powerOff
    self.meaning = meaning
  }
}

/// How the power key and the time around it work.
public struct PowerTimings: Sendable {
  /// Turns the module on, or wakes it from PSM.
  public var onPulse: Duration
  /// Turns a running module off; nil when the key can't.
  public var offPulse: Duration?
  /// Restarts the module whatever it is doing; nil when the key can't.
  public var resetPulse: Duration?
  /// From the end of the pulse to the STATUS line's "on", margin included.
  public var statusLimit: Duration
  /// From the end of the pulse to the first `AT`, where no boot URC came before.
  public var pollFrom: Duration
  /// From the first boot URC to the first `AT`, where the last one doesn't come.
  public var pollAfterBoot: Duration
  /// From the end of the pulse to the point where the pulse counts as ignored.
  public var bootLimit: Duration
  /// How long one `AT` waits while nobody knows whether the module is on.
  public var probeTimeout: Duration
  /// How many of them go unanswered before the module counts as off.
  public var probes: Int
  /// From the module's going off, or asleep, to the next pulse: earlier ones are ignored.
  public var rest: Duration
  /// From the power-off command to the point where the module counts as off anyway.
  public var offLimit: Duration

  public init(
    onPulse: Duration, offPulse: Duration?, resetPulse: Duration?, statusLimit: Duration,
    pollFrom: Duration, pollAfterBoot: Duration, bootLimit: Duration, probeTimeout: Duration,
    probes: Int, rest: Duration, offLimit: Duration
  ) {
    self.onPulse = onPulse
    self.offPulse = offPulse
    self.resetPulse = resetPulse
    self.statusLimit = statusLimit
    self.pollFrom = pollFrom
    self.pollAfterBoot = pollAfterBoot
    self.bootLimit = bootLimit
    self.probeTimeout = probeTimeout
    self.probes = probes
    self.rest = rest
    self.offLimit = offLimit
  }
}

/// A setting in the module's own memory. Flash wears, and some writes deregister, so it is written
/// only when it differs.
public struct StoredSetting: Sendable {
  public var name: StaticString
  public var read: Exchange
  /// Whether the setting has to be anything in particular.
  public var isWanted: @Sendable (NetworkSettings) -> Bool
  /// Compares the answering lines of all reads with what is wanted; nil when the module didn't
  /// say, and then nothing is written.
  public var isRight: @Sendable ([[UInt8]], NetworkSettings) -> Bool?
  /// The ways to write it, tried in order until one ends in OK.
  public var writes: @Sendable (NetworkSettings) -> [Exchange]
  /// The radio must be off while it is written, since the network learns it at the attach.
  public var needsRadioOff: Bool

  public init(
    name: StaticString, read: Exchange, needsRadioOff: Bool = false,
    isWanted: @escaping @Sendable (NetworkSettings) -> Bool = { _ in true },
    isRight: @escaping @Sendable ([[UInt8]], NetworkSettings) -> Bool?,
    writes: @escaping @Sendable (NetworkSettings) -> [Exchange]
  ) {
    self.name = name
    self.read = read
    self.needsRadioOff = needsRadioOff
    self.isWanted = isWanted
    self.isRight = isRight
    self.writes = writes
  }
}

/// What the owner wants of the network. A nil or an empty list leaves the module as it is.
public struct NetworkSettings: Equatable, Sendable {
  public var accessPoint: AccessPoint?
  public var isRoamingAllowed: Bool?
  /// Most preferred first.
  public var rats: [RAT]
  /// At most two are used.
  public var dnsServers: [IPv4Address]
  /// nil: power saving mode is not wanted, and is turned off.
  public var psm: PSMRequest?

  public init(
    accessPoint: AccessPoint?, isRoamingAllowed: Bool? = nil, rats: [RAT] = [],
    dnsServers: [IPv4Address] = [], psm: PSMRequest? = nil
  ) {
    self.accessPoint = accessPoint
    self.isRoamingAllowed = isRoamingAllowed
    self.rats = rats
    self.dnsServers = dnsServers
    self.psm = psm
  }
}

/// The data session.
public struct ContextCommands: Sendable {
  public var query: Exchange
  /// Whether the answering lines show the context as active.
  public var isActive: @Sendable ([[UInt8]]) -> Bool
  public var activate: Exchange
  public var deactivate: Exchange
  /// Sets the servers that names are looked up at; nil when the list is empty.
  public var setServers: @Sendable ([IPv4Address]) -> Exchange?

  public init(
    query: Exchange, isActive: @escaping @Sendable ([[UInt8]]) -> Bool, activate: Exchange,
    deactivate: Exchange, setServers: @escaping @Sendable ([IPv4Address]) -> Exchange?
  ) {
    self.query = query
    self.isActive = isActive
    self.activate = activate
    self.deactivate = deactivate
    self.setServers = setServers
  }
}

/// Where a socket goes.
public struct LinkTarget: Hashable, Sendable {
  public var host: NetworkHost
  public var port: UInt16
  public var transport: Transport

  public init(host: NetworkHost, port: UInt16, transport: Transport) {
    self.host = host
    self.port = port
    self.transport = transport
  }
}

public enum Transport: Hashable, Sendable { case udp, tcp }

/// The one socket.
public struct SocketCommands: Sendable {
  /// Ends in OK; `.socketOpened` says later how it went.
  public var open: @Sendable (LinkTarget) -> Exchange
  /// From the OK to `.socketOpened`.
  public var openLimit: Duration
  /// Most bytes in one send.
  public var sendLimit: Int
  public var send: @Sendable ([UInt8]) -> Exchange
  /// Reads what has arrived: one datagram, or some bytes. No data: the buffer is empty.
  public var read: Exchange
  public var close: Exchange
  /// What an error number of `.socketOpened` says about.
  public var failure: @Sendable (Int) -> SocketFailure

  public init(
    open: @escaping @Sendable (LinkTarget) -> Exchange, openLimit: Duration, sendLimit: Int,
    send: @escaping @Sendable ([UInt8]) -> Exchange, read: Exchange, close: Exchange,
    failure: @escaping @Sendable (Int) -> SocketFailure
  ) {
    self.open = open
    self.openLimit = openLimit
    self.sendLimit = sendLimit
    self.send = send
    self.read = read
    self.close = close
    self.failure = failure
  }
}

/// Which layer an error of opening a socket is evidence about.
public enum SocketFailure: Equatable, Sendable {
  /// The socket still exists from before: close it and open it again.
  case stale
  /// The data session is gone or was never right.
  case context
  /// The name wasn't found.
  case name
  /// The network or the server didn't answer, or refused.
  case remote
  /// The module can't just now.
  case busy
}

/// What an unsolicited line says.
public enum ModuleURC: Equatable, Sendable {
  /// The module has started; more is to come.
  case booting
  /// The module has started and takes commands.
  case ready
  case sim(SIMState)
  case registration(Registration)
  case socketOpened(error: Int)
  /// Data has arrived. Not said again before everything has been read.
  case dataWaiting
  case socketClosed
  case contextLost
  /// The module goes to sleep in power saving mode; its UART is dead from now on.
  case asleep
  case poweredDown
  /// Nothing that concerns the link.
  case other
}

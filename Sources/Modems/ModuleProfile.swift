import AT
import Cellular
import Primitives

/// What differs between module families: what each says and wants, as data, with a small function
/// only where data can't say it.
public struct ModuleProfile: Sendable {
  /// As the configuration names it, for example `quectel-bg95`.
  public var name: StaticString
  /// How the models begin that it is for, as the module says them: `BG95`.
  public var covers: [StaticString]
  public var dialect: Dialect
  public var power: PowerTimings
  /// What the module forgets at every start, PSM wakes included. Joined into one line.
  public var wake: [Exchange]
  /// Comes last on that line: a basic command may stand behind a semicolon, but what follows one
  /// is read differently by different makers.
  public var echoOff: Exchange
  /// What the module keeps: read, compared, and only then written.
  public var settings: [StoredSetting]
  /// Asks for the serving cell, whose band stands in the answer behind BAND; nil where no command
  /// is known that tells it.
  public var cell: Exchange?
  /// With a PIN on its card the module doesn't enter power saving mode.
  public var staysAwakeWithPIN: Bool
  /// The state of the card, then the identities, in this order on one line.
  public var sim: Exchange
  public var identity: [Exchange]
  /// Takes the identities from the answering lines, in order.
  public var readIdentity: @Sendable ([[UInt8]], inout ModuleIdentity) -> Void
  /// Under which names it is asked for its registration: `+CEREG`, and `+CGREG` or `+CREG` where
  /// it has 2G or 3G. Data may flow when one of them says so.
  public var registrations: [StaticString]
  /// The time that the network has told.
  public var clock: Exchange
  /// Reads an answering line to `clock`.
  public var readClock: @Sendable ([UInt8]) -> UTC?
  public var context: ContextCommands
  /// nil where there are none, or none are known.
  public var socket: SocketCommands?
  /// The same through TLS, with its `security`; nil where there is none, or none is known.
  public var secureSocket: SocketCommands?
  /// How the entry into power saving mode is known.
  public var sleepEvidence: SleepEvidence
  /// Transmitter and receiver off, the card left alone; and on again.
  public var radioOff: Exchange
  public var radioOn: Exchange
  /// It starts with the radio off, until `radioOn`.
  public var startsWithRadioOff: Bool
  /// Logs out and turns itself off. The answer is OK; `.poweredDown` comes later.
  public var powerOff: Exchange
  /// Starts the module anew, after a setting that needs it was written; nil where it can't.
  public var restart: Exchange?
  /// What an unsolicited line means.
  public var meaning: @Sendable ([UInt8]) -> ModuleURC

  public init(
    name: StaticString, covers: [StaticString], dialect: Dialect, power: PowerTimings,
    wake: [Exchange], echoOff: Exchange = Exchange("ATE0"), settings: [StoredSetting],
    sim: Exchange = Standard.sim, identity: [Exchange],
    readIdentity: @escaping @Sendable ([[UInt8]], inout ModuleIdentity) -> Void =
      Standard.readIdentity,
    registrations: [StaticString] = ["+CEREG"], clock: Exchange = Standard.clock,
    readClock: @escaping @Sendable ([UInt8]) -> UTC? = { NetworkClock.utc($0) },
    context: ContextCommands, socket: SocketCommands?, secureSocket: SocketCommands? = nil,
    sleepEvidence: SleepEvidence = .urc,
    radioOff: Exchange = Standard.radioOff, radioOn: Exchange = Standard.radioOn,
    startsWithRadioOff: Bool = false, powerOff: Exchange, restart: Exchange? = nil,
    cell: Exchange? = nil, staysAwakeWithPIN: Bool = false,
    meaning: @escaping @Sendable ([UInt8]) -> ModuleURC
  ) {
    self.name = name
    self.covers = covers
    self.dialect = dialect
    self.power = power
    self.wake = wake
    self.echoOff = echoOff
    self.settings = settings
    self.sim = sim
    self.identity = identity
    self.readIdentity = readIdentity
    self.registrations = registrations
    self.clock = clock
    self.readClock = readClock
    self.context = context
    self.socket = socket
    self.secureSocket = secureSocket
    self.sleepEvidence = sleepEvidence
    self.radioOff = radioOff
    self.radioOn = radioOn
    self.startsWithRadioOff = startsWithRadioOff
    self.powerOff = powerOff
    self.restart = restart
    self.cell = cell
    self.staysAwakeWithPIN = staysAwakeWithPIN
    self.meaning = meaning
  }

  /// The questions of `identity` for the numbers of the card and the subscriber, which come first.
  public var cardReads: [Exchange] {
    let subscriber = identity.firstIndex { $0.line == Standard.subscriber.line }
    return Array(identity.prefix((subscriber ?? 0) + 1))
  }

  /// The questions for `registrations`, in order.
  public var registrationReads: [Exchange] {
    registrations.map { name in
      Exchange(
        "AT\(name)?", answers: [.namedIf(name, Registration.isReadAnswer)], alwaysHasLine: true)
    }
  }
}

/// How it is known that the module has gone to sleep in power saving mode. Time alone proves
/// nothing.
public enum SleepEvidence: Equatable, Sendable {
  /// It says so (`ModuleURC.asleep`).
  case urc
  /// Only its STATUS line shows it.
  case statusLine
  /// It says nothing. So long after the active time has passed it is asked, and where nothing
  /// answers it sleeps; where it answers, it is asked again as much later. Only for a module that
  /// no byte on its UART can wake.
  case silence(after: Duration)
}

import AT
import Cellular
import Primitives

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
  /// It counts only after the module has started anew.
  public var needsRestart: Bool
  /// Whether the read shows all that is written. Where it doesn't show a password, say, what looks
  /// right may be an old one.
  public var isShown: Bool

  public init(
    name: StaticString, read: Exchange, needsRadioOff: Bool = false,
    needsRestart: Bool = false, isShown: Bool = true,
    isWanted: @escaping @Sendable (NetworkSettings) -> Bool = { _ in true },
    isRight: @escaping @Sendable ([[UInt8]], NetworkSettings) -> Bool?,
    writes: @escaping @Sendable (NetworkSettings) -> [Exchange]
  ) {
    self.name = name
    self.read = read
    self.needsRadioOff = needsRadioOff
    self.needsRestart = needsRestart
    self.isShown = isShown
    self.isWanted = isWanted
    self.isRight = isRight
    self.writes = writes
  }
}

/// What the owner wants of the network. A nil or an empty list leaves the module as it is.
public struct NetworkSettings: Equatable, Sendable {
  public var accessPoint: AccessPoint?
  public var isRoamingAllowed: Bool?
  /// nil: the module is left to itself, and not asked who serves it.
  public var operatorChoice: OperatorChoice?
  /// Operators that are left where the module has chosen them.
  public var blockedOperators: [PLMN] = []
  /// Whether the card's list of forbidden operators is emptied when no network is found.
  public var clearsForbidden = false
  /// Most preferred first.
  public var rats: [RAT]
  /// At most two are used.
  public var dnsServers: [IPv4Address]
  /// nil: power saving mode is not wanted, and is turned off.
  public var psm: PSMRequest?
  public var edrx: EDRXWish?
  /// Whether SMS are to be stored and listed.
  public var takesMessages: Bool

  public init(
    accessPoint: AccessPoint?, isRoamingAllowed: Bool? = nil, rats: [RAT] = [],
    dnsServers: [IPv4Address] = [], psm: PSMRequest? = nil, edrx: EDRXWish? = nil,
    takesMessages: Bool = false
  ) {
    self.accessPoint = accessPoint
    self.isRoamingAllowed = isRoamingAllowed
    self.rats = rats
    self.dnsServers = dnsServers
    self.psm = psm
    self.edrx = edrx
    self.takesMessages = takesMessages
  }
}

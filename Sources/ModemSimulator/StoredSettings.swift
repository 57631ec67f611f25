import Primitives

/// The module's non-volatile memory, and what it loses when it boots.
///
/// `AT&W` keeps the profile and nothing else; every other field here is written by its own command
/// at once (BG96 AT manual V2.2: &W, QURCCFG, QCFG, CPSMS; PSM note V1.0).
public struct StoredSettings: Equatable, Sendable {
  public var profile = UserProfile()
  /// `usbat`, `usbmodem` or `uart1`. From the factory URCs go to USB, not to the UART.
  public var urcPort: [UInt8] = Array("usbat".utf8)
  /// AT+QCFG values that aren't the factory's: key in lower case, value as written.
  public var configuration: [ConfigurationValue] = []
  public var powerSaving = PowerSavingRequest()
  /// AT+QPSMCFG: shortest PSM worth entering, in seconds, and the mode mask.
  public var psmThresholdSeconds: Int64 = 60
  public var psmMask = 4
  public var edrx = ExtendedDRXRequest()
  /// PDP contexts 1...16, where defined.
  public var contexts: [ContextDefinition] = [ContextDefinition(cid: 1)]
  /// AT+COPS mode 0 (automatic), 1 or 4, and the operator of the latter two.
  public var operatorMode = 0
  public var operatorWanted: [UInt8] = []
  public var timeZoneUpdate = 0
  public var timeZoneReport = 0
  public var smsCentre: [UInt8] = Array("+882285000000".utf8)
  /// Certificates that lie in the module, by the name (or the number, in digits) that its TLS
  /// commands call them by. An AT command for storing them isn't simulated.
  public var certificates: [[UInt8]] = []
  /// Short messages in the card and in the module.
  public var messages: [StoredMessage] = []
  /// Places in each memory, for tests of a full one; nil: as many as the family has.
  public var messageCapacity: Int?
  /// TP-MR of the next message, 0 to 255.
  var messageReference = 0
  /// The module found its network before and was shut down in order, so it looks there first.
  public var knowsCell = false

  public init() {}

  public static let factory = StoredSettings()

  /// A module that an earlier run has set up: URCs on the UART, PSM URCs on, the APN in place.
  public static func configured(apn: [UInt8]) -> StoredSettings {
    var settings = StoredSettings()
    settings.urcPort = Array("uart1".utf8)
    settings.setConfiguration(Array("psm/urc".utf8), Array("1".utf8))
    settings.contexts[0].apn = apn
    return settings
  }

  public func configuration(_ key: [UInt8]) -> [UInt8]? {
    configuration.first { $0.key == key }?.value
  }

  /// A number kept by name; `otherwise` where none was written.
  func number(_ key: StaticString, otherwise: Int = 0) -> Int {
    configuration(Array(key))?.asciiWholeNumber.map { Int($0) } ?? otherwise
  }

  mutating func setNumber(_ key: StaticString, _ value: Int) {
    setConfiguration(Array(key), Array("\(value)".utf8))
  }

  public mutating func setConfiguration(_ key: [UInt8], _ value: [UInt8]) {
    if let index = configuration.firstIndex(where: { $0.key == key }) {
      configuration[index].value = value
    } else {
      configuration.append(ConfigurationValue(key: key, value: value))
    }
  }
}

public struct ConfigurationValue: Equatable, Sendable {
  public let key: [UInt8]
  public var value: [UInt8]

  public init(key: [UInt8], value: [UInt8]) {
    self.key = key
    self.value = value
  }
}

/// What AT&W stores and ATZ brings back (BG96 AT manual V2.2, table of &W).
public struct UserProfile: Equatable, Sendable {
  public var isEchoOn = true
  public var isQuiet = false
  public var isVerbose = true
  public var resultFormat = 4
  public var carrierDetect = 1
  public var dataTerminalReady = 1
  public var registerValues: [Int] = [0, 0, 15]
  public var baudRate = 115_200
  public var creg = 0
  public var cgreg = 0
  public var cereg = 0

  public init() {}
}

/// What AT+CPSMS asked for; the timers are 8 bits as text (TS 24.008 §10.5.7.4, §10.5.7.4a).
public struct PowerSavingRequest: Equatable, Sendable {
  public var isWanted = false
  public var periodicTAU: [UInt8] = Array("00101100".utf8)
  public var activeTime: [UInt8] = Array("00001010".utf8)

  public init() {}
}

/// What AT+CEDRXS asked for (TS 27.007 §7.40).
public struct ExtendedDRXRequest: Equatable, Sendable {
  public var mode = 0
  /// 4 bits as text, for LTE-M (AcT 4) and NB-IoT (AcT 5).
  public var wideBand: [UInt8]?
  public var narrowBand: [UInt8]?
  /// Paging time windows, 4 bits as text, where the family can ask for one.
  public var wideWindow: [UInt8]?
  public var narrowWindow: [UInt8]?

  public init() {}
}

/// One PDP context, the same for AT+CGDCONT and AT+QICSGP.
public struct ContextDefinition: Equatable, Sendable {
  public let cid: Int
  /// 1 IPv4, 2 IPv6, 3 IPv4v6.
  public var type = 1
  public var apn: [UInt8] = []
  public var user: [UInt8] = []
  public var password: [UInt8] = []
  public var authentication = 0

  public init(cid: Int) { self.cid = cid }
}

/// What the module forgets at every boot, a wake from PSM included.
struct SessionSettings: Sendable {
  var profile: UserProfile
  var errorFormat = 0
  var operatorFormat = 0
  /// AT+COPS=2 until the next boot.
  var isDeregistered = false
  /// AT+CFUN: 0, 1 or 4.
  var function = 1
  /// The card's list of forbidden operators as it was when the radio started.
  var forbidden: [[UInt8]]?
  var connectionReport = 0
  var eventReport = (0, 0)
  var isSleepEnabled = false
  /// AT+QISDE: sent data is echoed where echo is on.
  var echoesData = true
  var hexSend = false
  var hexReceive = false
  var viewsOnOneLine = false
  var namesReceivedLength = false
  var dnsServers: [[UInt8]]?
  var lastSocketError = SocketError.ok
  var indications: [IndicationSetting] = []
  var smsFormat = 0
  var smsStorages: [[UInt8]] = Array(repeating: Array("ME".utf8), count: 3)
  var newMessage = [2, 1, 0, 0, 0]
  var characterSet: [UInt8] = Array("GSM".utf8)
  var smsHeader = 0
  /// AT+CSMP: first octet, validity, protocol, coding (BG96 AT manual V2.2).
  var smsParameters = [17, 167, 0, 0]
  /// AT+CSMS: 1 where messages that go straight to the host are to be acknowledged.
  var smsService = 0
  /// AT+CGSMS.
  var smsDomain = 1
  /// What AT+CNMI in mode 0 keeps back.
  var heldNews: [[UInt8]] = []
  var simStateReport = 0
  var flowControl = (0, 0)
  /// nil: the UART never sleeps.
  var uartSleep: UARTSleep?
  /// AT+QICFG numbers: key and value text.
  var socketOptions: [ConfigurationValue] = []

  init(profile: UserProfile) { self.profile = profile }
}

struct IndicationSetting: Sendable {
  let type: [UInt8]
  var isOn: Bool
}

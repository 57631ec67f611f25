import Primitives

/// What a Sierra HL78 forgets at every boot, a wake from hibernation included.
struct SierraState: OwnState {
  /// AT+KCNXCFG=1; nil until it was given.
  var connection: SierraConnection?
  /// KTCPCFG and KUDPCFG sessions 1 to 6; index 0 is unused. That both share the numbers is
  /// assumed.
  var sessions = [SierraSession?](repeating: nil, count: SierraState.sessionCount + 1)
  /// Sessions that wait for the connection to come up.
  var waiting: [Int] = []
  /// AT+KPATTERN.
  var pattern: [UInt8] = Array("--EOF--Pattern--".utf8)
  /// AT+KSSLCRYPTO=0: its last but one number says whether the server is checked; nil until it was
  /// given.
  var checksServer: Bool?
  /// AT+KSTATEV.
  var stateReport = 0

  static let sessionCount = 6
}

/// AT+KCNXCFG=<cnf>,"GPRS","<apn>","<user>","<password>","<type>".
struct SierraConnection: Sendable {
  var apn: [UInt8]
  var user: [UInt8] = []
  var password: [UInt8] = []
  var type: [UInt8] = Array("IPV4".utf8)
}

struct SierraSession: Sendable {
  let transport: SocketTransport
  var host: [UInt8] = []
  var port: UInt16 = 0
  var localPort: UInt16 = 0
  /// AT+KUDPCFG's data mode: 1 puts whole datagrams into the URC.
  var dataMode = 0
  /// The last `+KTCP_NOTIF`.
  var notification = SierraNotification.none
}

/// `<notif>` of +KTCP_NOTIF and +KUDP_NOTIF (HL7548 AT manual; zephyr's hl7800 driver).
enum SierraNotification: Int, Sendable {
  case none = -1
  case networkError = 0
  case dnsError = 3
  case remoteDisconnected = 4
  case connectionError = 5
  case lengthMismatch = 8
  case badSession = 9
  case connectTimeout = 12
  case secureConnection = 13
  case secureStart = 14
  case certificate = 15
}

extension SimulatedModem {
  var sierra: SierraState {
    get { own[SierraState.self] }
    set { own[SierraState.self] = newValue }
  }

  /// AT+KSREP, kept in the flash: whether `+KSUP` comes at boot.
  var reportsStart: Bool { stored.number("+ksrep") == 1 }

  /// `+KSUP: <n>`: 0 ready, 1 waits for the PIN, 2 no card (general knowledge; the facts have 0).
  mutating func announceStart() {
    guard reportsStart else { return }
    let state = sim.isPresent ? sim.pin == nil ? 0 : 1 : 2
    let delay = sample(.milliseconds(300) ... .milliseconds(1500))
    schedule(.urc(ATText("+KSUP: \(state)").bytes), after: delay)
  }
}

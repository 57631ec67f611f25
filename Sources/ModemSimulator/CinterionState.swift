import Primitives

/// What a Cinterion module forgets at every boot, a resume from SUSPEND included.
struct CinterionState: OwnState {
  /// AT^SISS profiles 0 to 9. That they are forgotten is assumed (the facts: UNVERIFIED).
  var profiles = [ServiceProfile](repeating: ServiceProfile(), count: CinterionState.profileCount)
  /// AT^SICS: connection profile, name server; every other parameter is refused (as the EMS31's).
  var servers: [Int: [[UInt8]]] = [:]
  /// AT^SIND indicators that are on.
  var indicators: [[UInt8]] = []
  /// AT^SCKS.
  var cardReport = 0

  static let profileCount = 10
}

/// One AT^SISS profile and what goes on in its service.
struct ServiceProfile: Sendable {
  var isSocket = false
  var connection: Int?
  /// AT^SISS=<id>,"secopt": 1 checks the server's certificate. That it is 1 unless it was given is
  /// assumed.
  var checksServer = true
  /// `socktcp://host:port` or its like, as written.
  var address: [UInt8] = []
  /// AT^SISO was OK and AT^SISC wasn't yet.
  var isOpen = false
  /// The last `^SIS: <id>,0,<infoId>,"<text>"`.
  var lastInformation = ServiceInformation.none
  /// `^SISW: <id>,1` comes then; before, a write takes nothing.
  var writableFrom = Instant.start

  /// AT^SISO?: 2 allocated, 3 connecting, 4 up, 5 closing, 6 down.
  enum State: Int {
    case allocated = 2
    case connecting, up, closing, down
  }
}

/// `<infoId>` of ^SIS. Only 48 is in the facts; the others are assumed to be like EHS6's.
enum ServiceInformation: Int, Sendable {
  case none = 0
  case hostNotFound = 15
  case connectionRefused = 20
  case timedOut = 22
  case bearerLost = 24
  case handshakeFailed = 26
  case closedByPeer = 48
  case noCertificate = 77

  var text: ATText {
    switch self {
    case .none: ""
    case .hostNotFound: "Host not found"
    case .connectionRefused: "Connection refused"
    case .timedOut: "Connection timed out"
    case .bearerLost: "Network is down"
    case .handshakeFailed: "TLS handshake failed"
    case .noCertificate: "The certificate does not exist"
    case .closedByPeer: "Remote peer has closed the connection"
    }
  }
}

extension SimulatedModem {
  var cinterion: CinterionState {
    get { own[CinterionState.self] }
    set { own[CinterionState.self] = newValue }
  }

  /// AT^SCFG="Tcp/WithURCs". That it is off from the factory is assumed: the unkinder case.
  var hasSocketURCs: Bool { isConfigured("tcp/withurcs", "on") }

  /// AT^SCFG="MEopMode/PowerMgmt/Suspend".
  var maySuspend: Bool { isConfigured("meopmode/powermgmt/suspend", "1") }

  private func isConfigured(_ key: StaticString, _ value: StaticString) -> Bool {
    stored.configuration(Array(key))?.equals(value) ?? false
  }
}

import Primitives

/// What SIMCom's modules keep apart from every other: three socket stacks, of which each model has
/// one or two. A boot forgets all of it.
struct SIMComState: OwnState {
  var cip = CIPStack()
  var bearer = BearerProfile()
  var applications = ApplicationNetwork()
  var service = NetService()
  /// AT+CDNSPDPID.
  var nameContext = 4
  /// AT+CRAI: the release assistance that goes with the next datagrams, until then; nil: until the
  /// next AT+CRAI.
  var assistance = ReleaseAssistance.none
  var assistanceEnds: Instant?
  /// Lines that wait until what they sent is on the air, by the socket's number.
  var senders: [Int: Int] = [:]
}

/// `+CME ERROR` numbers that SIMCom's stacks use (SIM7000 AT manual V1.06).
enum SIMComError {
  static let notAllowed = 3
  static let contextFailed = 148
  /// AT+CFUN is 0 or 4.
  static let radioOff = 797
}

/// Events of these families' own.
extension OwnEvent {
  /// AT+CNACT's context is down; `number` is its index.
  static let contextClosed: StaticString = "context closed"
  static let contextRetry: StaticString = "context retry"
  static let serviceClosed: StaticString = "service closed"
}

extension SimulatedModem {
  var simcom: SIMComState {
    get { own[SIMComState.self] }
    set { own[SIMComState.self] = newValue }
  }
}

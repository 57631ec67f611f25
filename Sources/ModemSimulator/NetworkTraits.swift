import Primitives

/// One access technology of a module.
struct AccessTraits: Sendable {
  let technology: SimulatedNetwork.AccessTechnology
  /// `<AcT>` (TS 27.007 §10.1.22 or the maker's own).
  let number: Int
  /// What AT+QNWINFO and its like call it.
  let name: StaticString
  /// Whether an attach brings a bearer for context 1 along, as LTE's does.
  var hasDefaultBearer = true

  init(
    _ technology: SimulatedNetwork.AccessTechnology, number: Int, name: StaticString,
    hasDefaultBearer: Bool = true
  ) {
    self.technology = technology
    self.number = number
    self.name = name
    self.hasDefaultBearer = hasDefaultBearer
  }
}

/// Registration and RRC, as a family shows them.
struct RadioTraits: Sendable {
  /// What the module can, the preferred one first: a network is taken to offer all of them. Where
  /// the network's own `accessTechnology` is among them, that one is used.
  var accesses = [AccessTraits(.lteM, number: 7, name: "LTE-M")]
  /// Whether +CREG and +CGREG repeat an LTE registration; nil: half of the firmwares do.
  var mirrorsRegistration: Bool? = true
  /// What follows `<stat>`.
  var fields: @Sendable (SimulatedModem, RegistrationQuery) -> ATText = {
    $0.standardRegistrationFields($1)
  }
  /// Whether the settings leave the module 2G alone.
  var isGSMAlone: @Sendable (SimulatedModem) -> Bool = { _ in false }
  /// Whether the settings let the module use this network at all.
  var mayServe: @Sendable (SimulatedModem) -> Bool = { _ in true }
  /// The URC of an RRC connection's begin and end, where AT+CSCON or its like is on.
  var connectionText: @Sendable (Bool) -> ATText = { "+CSCON: \($0 ? 1 : 0)" }
  /// AT+COPS=0 in mode 0 lets go of the network and searches.
  var reselectsWhenAutomatic = false
  /// `<stat>` while the module looks for a network that it had and lost.
  var statusWhenLost = 2
  /// After an attach or an update was accepted, and when the cell was found again after PSM.
  var registered: @Sendable (inout SimulatedModem) -> Void = { _ in }
}

/// What a registration line is made for.
struct RegistrationQuery: Sendable {
  let kind: RegistrationKind
  let view: RegistrationView
  /// `<n>`.
  let report: Int
  /// The answer to `?`, not the URC.
  let isRead: Bool
}

/// How contexts come up and go.
struct PacketTraits: Sendable {
  /// The APN of the attach.
  var attachAPN: @Sendable (SimulatedModem) -> [UInt8] = { $0.definition(1)?.apn ?? [] }
  /// The network's answer to a request of `.openContext(cid, serial)`: the bearer is there, or not.
  var opened: @Sendable (inout SimulatedModem, _ cid: Int, _ serial: Int, _ isOK: Bool) -> Void = {
    modem, _, serial, isOK in modem.complete(isOK ? .ok : .error, serial: serial)
  }
  /// The answer to `.closeContext(cid, serial)`.
  var closed: @Sendable (inout SimulatedModem, _ cid: Int, _ serial: Int) -> Void = {
    modem, _, serial in modem.complete(.ok, serial: serial)
  }
  /// The network took an active context away.
  var lost: @Sendable (inout SimulatedModem, _ cid: Int) -> Void = { modem, cid in
    if modem.session.eventReport.0 > 0 { modem.sendURC("+CGEV: NW PDN DEACT \(cid)") }
  }
  /// Whether a context that was lost must be closed before it may be opened again.
  var lostNeedsClosing = false
}

/// What a socket stack does when something happened to one of its sockets. The default is silence.
struct SocketTraits: Sendable {
  /// The numbers that commands name sockets by.
  var numbers = 0...6
  /// An opening that nothing answers has failed after so long.
  var openLimit = Duration.seconds(150)
  /// Most bytes of one payload.
  var payloadLimit = 1460
  /// Bytes kept for the host per socket; what doesn't fit is lost.
  var receiveLimit = 15_000
  /// Bytes taken and not yet on the air.
  var sendLimit = 10 * 1460
  /// A whole payload arrived after a prompt.
  var payload: @Sendable (inout SimulatedModem, PayloadRequest, [UInt8]) -> CommandOutcome = {
    _, _, _ in .error
  }
  /// An opening ended; on failure the socket still has its place (`phase` closing).
  var opened: @Sendable (inout SimulatedModem, Socket, SocketError) -> Void = { _, _, _ in }
  /// Data came and lies in the socket's buffer; `isNews` where the host wasn't told since it was
  /// last empty.
  var arrived: @Sendable (inout SimulatedModem, Socket, _ bytes: [UInt8], _ isNews: Bool) -> Void =
    { _, _, _, _ in }
  /// What was taken for sending is on the air.
  var delivered: @Sendable (inout SimulatedModem, Socket, _ bytes: [UInt8]) -> Void = {
    _, _, _ in
  }
  /// The peer closed.
  var peerClosed: @Sendable (inout SimulatedModem, Socket) -> Void = { _, _ in }
  /// The socket is gone: what the command that asked for it answers, where one waits.
  var closed: @Sendable (inout SimulatedModem, Socket) -> CommandOutcome = { _, _ in .ok }
  /// The answer to a look-up of `.host`.
  var named: @Sendable (inout SimulatedModem, NameQuery, SimulatedNetwork.NameAnswer) -> Void = {
    _, _, _ in
  }
  /// Whether data that comes goes straight to the host: it then isn't kept.
  var pushes: @Sendable (SimulatedModem, Socket) -> Bool = { _, _ in false }
}

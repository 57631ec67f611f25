import Cellular
import Primitives

/// Where the modem's life stands, as it is shown and logged.
public enum LinkState: Equatable, Sendable {
  case off
  /// Its state is being found out, the power key is pressed, or it boots.
  case starting
  /// It takes commands.
  case ready
  case searching
  case registered
  /// The socket is open.
  case online
  /// Released: it is about to sleep, or turning itself off.
  case draining
  /// In power saving mode.
  case asleep
  /// At rest, but on: registered in eDRX, or with its radio off.
  case standby
  /// Off after a failure on that rung of the recovery ladder. After one of the two lowest the modem
  /// is `asleep` or in `standby` where that is granted.
  case failed(Rung)

  public var text: String {
    switch self {
    case .off: "off"
    case .starting: "starting"
    case .ready: "ready"
    case .searching: "searching"
    case .registered: "registered"
    case .online: "online"
    case .draining: "draining"
    case .asleep: "asleep"
    case .standby: "standby"
    case .failed(let rung): "failed (" + rung.text + ")"
    }
  }
}

/// The recovery ladder, lowest rung first. Each is climbed only on evidence of its own layer.
public enum Rung: Equatable, Sendable {
  case socket, context, registration, sim, power

  public var text: String {
    switch self {
    case .socket: "socket"
    case .context: "PDP context"
    case .registration: "registration"
    case .sim: "SIM"
    case .power: "power"
    }
  }
}

/// How a modem came to rest, and so how well that is proven.
public enum SleepKind: Equatable, Sendable {
  /// It said that it enters power saving mode.
  case psmURC
  /// Its STATUS line went off by itself.
  case statusLine
  /// After the active time it answered nothing any more.
  case silence
  /// It said that it is off, or the STATUS line did, after it was told to.
  case poweredOff
  /// It was told to turn off, took the command, and then said nothing for as long as that may
  /// take.
  case assumedOff
  /// It stays on and registered, listening now and then, and the UART is closed.
  case registered
  /// It stays on, and took the command that turns its radio off.
  case radioOff

  /// Whether it still takes commands.
  public var isOn: Bool { self == .registered || self == .radioOff }

  /// Whether the network has been left, rather than told of the sleep.
  var isOff: Bool { self == .poweredOff || self == .assumedOff }

  public var text: String {
    switch self {
    case .psmURC: "in power saving mode, as the modem said"
    case .statusLine: "the STATUS line went off"
    case .silence: "it answers nothing after its active time"
    case .poweredOff: "powered off"
    case .assumedOff: "powered off, not confirmed"
    case .registered: "registered, listening now and then"
    case .radioOff: "on, with its radio off"
    }
  }
}

/// Why a state was entered, a connection lost or an attempt given up.
public enum LinkCause: Equatable, Sendable {
  // What was asked for.
  case processStarted, connectRequested, consoleRequested, released, powerOffRequested
  // What happened.
  case statusOn, statusOff, answered, silent, bootURC, settingsWritten, registered, socketOpen
  case sleepIsLate, idleForLong
  /// It went off or asleep, and that is how it is known.
  case rested(SleepKind)
  // What went wrong.
  /// No module answers at any rate.
  case noModule
  case keyIgnored
  case deaf
  case rebooted
  case uartFailed
  case simMissing(error: Int?)
  case simLocked
  case notRegistered(RegistrationStatus?, RejectCause?)
  case registrationLost(RegistrationStatus)
  /// The module registered with it, and no other operator that may be used took it in.
  case operatorBlocked(PLMN)
  /// The module registered abroad, which isn't allowed.
  case roamingForbidden
  case contextRefused(error: Int?)
  case contextLost
  case nameNotFound
  case serverUnreachable(error: Int?)
  case socketRefused(error: Int?)
  /// The module's profile knows none.
  case noSocketCommands
  /// No TLS commands are known.
  case noSecureSockets
  /// The module can't check a server against that certificate.
  case trustUnsupported
  /// The module didn't take the security profile: it may not have the certificate.
  case certificateRefused(error: Int?)
  /// The server's certificate didn't pass.
  case serverUntrusted(error: Int?)
  /// No TLS connection; the module doesn't say whether the server or its certificate is to blame.
  case secureSocketRefused(error: Int?)
  case socketClosed
  case sendFailed
  case timeIsUp
  /// The radio would have to be started more often than it may.
  case heldBack

  /// The rung of the ladder that the evidence belongs to.
  public var rung: Rung {
    switch self {
    case .simMissing, .simLocked: .sim
    case .notRegistered, .registrationLost, .operatorBlocked, .roamingForbidden, .timeIsUp:
      .registration
    case .contextRefused, .contextLost: .context
    // The network let it go while nothing came from the server: the silence isn't the module's.
    case .rested(.psmURC), .rested(.statusLine), .rested(.silence), .rested(.registered),
      .nameNotFound, .serverUnreachable, .socketRefused, .noSocketCommands,
      .noSecureSockets, .trustUnsupported, .certificateRefused, .serverUntrusted,
      .secureSocketRefused, .socketClosed, .sendFailed, .socketOpen, .idleForLong, .heldBack:
      .socket
    case .processStarted, .connectRequested, .consoleRequested, .released, .powerOffRequested,
      .statusOn, .statusOff,
      .answered, .silent, .bootURC, .settingsWritten, .registered, .rested, .sleepIsLate,
      .noModule, .keyIgnored, .deaf, .rebooted, .uartFailed:
      .power
    }
  }

  public var text: String {
    switch self {
    case .processStarted: "the process started"
    case .connectRequested: "a connection is wanted"
    case .consoleRequested: "a console wants it"
    case .released: "nothing more to send"
    case .powerOffRequested: "power-off is wanted"
    case .statusOn: "the STATUS line is on"
    case .statusOff: "the STATUS line is off"
    case .answered: "the modem answers"
    case .silent: "the modem doesn't answer"
    case .bootURC: "the modem has booted"
    case .settingsWritten: "its settings were written"
    case .registered: "registered"
    case .socketOpen: "the socket is open"
    case .rested(let kind): kind.text
    case .sleepIsLate: "it didn't fall asleep in time"
    case .idleForLong: "nothing was sent or received for long"
    case .noModule: "no module answers at any rate: check its supply and the UART's wires"
    case .keyIgnored: "the power key did nothing"
    case .deaf: "the modem answers nothing any more"
    case .rebooted: "the modem rebooted by itself"
    case .uartFailed: "the UART failed"
    case .simMissing(let error):
      error.map { "the SIM isn't there (+CME ERROR: \($0))" } ?? "the SIM isn't there"
    case .simLocked: "the SIM wants a PIN"
    case .notRegistered(let status, let cause):
      "not registered in time: " + (status?.text ?? "nothing heard")
        + (cause.map { ", " + $0.text } ?? "")
    case .operatorBlocked(let plmn):
      "only a blocked operator takes the modem in: " + String(decoding: plmn.digits, as: UTF8.self)
    case .roamingForbidden: "registered abroad, and roaming is off"
    case .registrationLost(let status): "registration lost: " + status.text
    case .contextRefused(let error):
      "the data session was refused"
        + (error.flatMap { SessionCause(equipmentError: $0) }.map { ": " + $0.text } ?? "")
        + (error.map { " (+CME ERROR: \($0))" } ?? "")
    case .contextLost: "the network ended the data session"
    case .nameNotFound: "the server's name wasn't found"
    case .serverUnreachable(let error):
      error.map { "the server can't be reached (error \($0))" } ?? "the server can't be reached"
    case .socketRefused(let error):
      error.map { "the socket was refused (error \($0))" } ?? "the socket was refused"
    case .noSocketCommands: "no socket commands are known for this modem"
    case .noSecureSockets: "no TLS commands are known for this modem"
    case .trustUnsupported: "this modem can't check a server against that certificate"
    case .certificateRefused(let error):
      "the modem refused the TLS settings" + (error.map { " (+CME ERROR: \($0))" } ?? "")
        + ": is the certificate stored under that name?"
    case .serverUntrusted(let error):
      "the server's certificate isn't trusted" + (error.map { " (error \($0))" } ?? "")
    case .secureSocketRefused(let error):
      "no TLS connection: the server can't be reached, or its certificate isn't trusted"
        + (error.map { " (error \($0))" } ?? "")
    case .socketClosed: "the socket was closed"
    case .sendFailed: "the modem couldn't send"
    case .timeIsUp: "connecting took too long"
    case .heldBack: "held back: the radio may not be started so often"
    }
  }
}

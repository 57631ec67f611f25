import AT
import Cellular
import Primitives

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

/// The one socket.
public struct SocketCommands: Sendable {
  /// What comes next; asked first with a fresh progress, then after each step.
  public var open: @Sendable (LinkTarget, SocketProgress) -> OpenStep
  /// Takes what a step was answered, an error too: moves `step`, `number` and `address`. A failure
  /// ends the opening. After an awaited `.socketOpened(error: 0)` the link itself counts `step`
  /// up by one.
  public var note: @Sendable (Answer, inout SocketProgress) -> SocketFailure?
  /// Most bytes in one send.
  public var sendLimit: Int
  public var send: @Sendable ([UInt8], LinkTarget, SocketProgress) -> Exchange
  /// Like `send`, and tells the network that one answer is all that will follow (see `releasing`);
  /// nil where no command is known for it.
  public internal(set) var sendLast: (@Sendable ([UInt8], SocketProgress) -> Exchange?)?
  /// How many bytes of what was sent an answer says the module took; nil where it doesn't say.
  public var accepted: @Sendable (Answer) -> Int?
  /// Reads what has arrived: one datagram, or some bytes. No data: the buffer is empty, and
  /// so it is after an error where the exchange may fail.
  public var read: @Sendable (SocketProgress) -> Exchange
  /// What a read answered.
  public var data: @Sendable (Answer) -> [UInt8]
  /// Closes it, whether or not it is open; nil where there is nothing to close. The progress is
  /// a fresh one where an earlier run may have left a socket behind.
  public var close: @Sendable (SocketProgress) -> Exchange?
  /// What an error number of `.socketOpened` says about.
  public var failure: @Sendable (Int) -> SocketFailure
  /// Datagrams go to addresses only: a name has to be looked up before.
  public var wantsAddressForUDP: Bool
  /// How the module is told whom to trust; nil for a plain socket.
  public var security: SocketSecurity?

  public init(
    open: @escaping @Sendable (LinkTarget, SocketProgress) -> OpenStep,
    note: @escaping @Sendable (Answer, inout SocketProgress) -> SocketFailure? =
      SocketCommands.nextStep,
    sendLimit: Int,
    send: @escaping @Sendable ([UInt8], LinkTarget, SocketProgress) -> Exchange,
    accepted: @escaping @Sendable (Answer) -> Int? = { $0.accepted },
    read: @escaping @Sendable (SocketProgress) -> Exchange,
    data: @escaping @Sendable (Answer) -> [UInt8] = { $0.data },
    close: @escaping @Sendable (SocketProgress) -> Exchange?,
    failure: @escaping @Sendable (Int) -> SocketFailure = { _ in .busy },
    wantsAddressForUDP: Bool = false,
    security: SocketSecurity? = nil
  ) {
    self.open = open
    self.note = note
    self.sendLimit = sendLimit
    self.send = send
    self.accepted = accepted
    self.read = read
    self.data = data
    self.close = close
    self.failure = failure
    self.wantsAddressForUDP = wantsAddressForUDP
    self.security = security
  }

  /// A step that was answered with OK is done; after any other the socket is opened anew.
  public static let nextStep: @Sendable (Answer, inout SocketProgress) -> SocketFailure? = {
    answer, progress in
    guard answer.isOK else { return .stale }
    progress.step += 1
    return nil
  }
}

/// What opening a socket has found out so far.
public struct SocketProgress: Equatable, Sendable {
  public var step = 0
  /// The module's number for the socket, where it gives one.
  public var number: Int?
  /// The address of a host that was given by its name, where it had to be looked up.
  public var address: IPv4Address?
  /// How many bytes wait to be read, where the module has said so.
  public var available: Int?

  public init() {}
}

/// What has to be done next to open a socket.
public enum OpenStep: Sendable {
  /// Its answer goes to `note`.
  case run(Exchange)
  /// `.socketOpened` is to come within that time; it may have come already.
  case await(Duration)
  /// Nothing is to be sent for that long; then the link counts `step` up by one.
  case pause(Duration)
  /// The socket is open.
  case open
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
  /// The server's certificate didn't pass, or there was no handshake.
  case untrusted
  /// The module can't just now.
  case busy
}

import Primitives

/// What a trace says about how the host talked to its modem. Counted on the modem's side of the
/// line, from the bytes alone: the host's own counters have no part in it.
struct ExchangeCount: Equatable, Sendable {
  /// Command lines that the host sent, each with its prompt, payload and final result. A probe
  /// that nobody answered counts too.
  private(set) var exchanges = 0
  private(set) var bytesFromHost = 0
  private(set) var bytesFromModem = 0
  /// The host's own time: from the modem's last byte to the host's next, summed.
  private(set) var hostTime = Duration.zero
  /// The command lines, in order, without their CR.
  private(set) var commands: [[UInt8]] = []

  /// A command line is cut off here; a longer one still counts once.
  static let lineLimit = 512

  private enum State: Equatable {
    /// The host's bytes are a command line that goes on until its CR.
    case command
    /// The modem asked for a payload with its prompt; the host's bytes are that.
    case payload
  }

  private var state = State.command
  private var command: [UInt8] = []
  private var reply: [UInt8] = []
  private var lastModemByte: Instant?

  init(_ entries: some Sequence<UARTTrace.Entry>) {
    for entry in entries {
      switch entry.direction {
      case .fromHost: fromHost(entry)
      case .fromModem: fromModem(entry)
      }
    }
  }

  private mutating func fromHost(_ entry: UARTTrace.Entry) {
    if let last = lastModemByte { hostTime += entry.at - last }
    lastModemByte = nil
    bytesFromHost += entry.bytes.count
    guard state == .command else { return }
    for byte in entry.bytes {
      if byte == UInt8(ascii: "\r") {
        if !command.isEmpty {
          exchanges += 1
          commands.append(command)
        }
        command = []
        reply = []
      } else if byte != UInt8(ascii: "\n"), command.count < Self.lineLimit {
        command.append(byte)
      }
    }
  }

  private mutating func fromModem(_ entry: UARTTrace.Entry) {
    lastModemByte = entry.at
    bytesFromModem += entry.bytes.count
    for byte in entry.bytes {
      reply.append(byte)
      if byte == UInt8(ascii: "\n") || reply.count > Self.lineLimit {
        // A final result ends the payload's exchange; the payload may hold any byte but this line.
        if state == .payload, Self.endsPayload(reply) { state = .command }
        reply = []
      } else if reply.equals("> ") {
        state = .payload
        reply = []
      }
    }
  }

  private static func endsPayload(_ line: [UInt8]) -> Bool {
    line.hasPrefix("SEND ") || line.hasPrefix("OK") || line.hasPrefix("ERROR")
      || line.hasPrefix("+CME ERROR") || line.hasPrefix("+CMS ERROR")
  }
}

import Primitives

/// What a trace says about how the host talked to its modem. Counted on the modem's side of the
/// line, from the bytes alone: the host's own counters have no part in it.
struct ExchangeCount: Equatable, Sendable {
  /// Command lines that the host sent, each with its prompt, payload and final result. A probe
  /// that nobody answered counts too.
  private(set) var exchanges = 0
  private(set) var bytesFromHost = 0
  private(set) var bytesFromModem = 0
  /// The host's own time: from the modem's last byte to the host's next, summed, without the
  /// family's documented gaps.
  private(set) var hostTime = Duration.zero
  /// The command lines, in order, without their CR.
  private(set) var commands: [[UInt8]] = []

  /// A command line is cut off here; a longer one still counts once.
  static let lineLimit = 512

  private enum State: Equatable {
    /// The host's bytes are a command line that goes on until its CR.
    case command
    /// The modem asked for a payload; the host's bytes are that, and so many are left of it. nil:
    /// nobody knows how many.
    case payload(left: Int?)
  }

  private let gaps: HostGaps
  private var state = State.command
  private var command: [UInt8] = []
  private var reply: [UInt8] = []
  private var lastModemByte: Instant?
  /// The module said that its card isn't ready; what is waited then is the card's time.
  private var isCardBusy = false
  /// A command has no final result yet: what is waited then is the module's time.
  private var isAnswerDue = false
  /// How the command that runs asks for its payload; nil: it doesn't.
  private var prompt: Prompt?
  private var hasPrompted = false

  init(_ entries: some Sequence<UARTTrace.Entry>, gaps: HostGaps = HostGaps()) {
    self.gaps = gaps
    for entry in entries {
      switch entry.direction {
      case .fromHost: fromHost(entry)
      case .fromModem: fromModem(entry)
      }
    }
  }

  private mutating func fromHost(_ entry: UARTTrace.Entry) {
    if let last = lastModemByte, !isCardBusy, !isAnswerDue {
      let gap = hasPrompted ? gaps.behindPrompt : gaps.beforeCommand
      hostTime += max(.zero, entry.at - last - gap)
    }
    (lastModemByte, hasPrompted, isCardBusy) = (nil, false, false)
    bytesFromHost += entry.bytes.count
    for byte in entry.bytes {
      if case .payload(let left) = state {
        if let left { state = .payload(left: left - 1) }
        continue
      }
      if byte == UInt8(ascii: "\r") {
        if !command.isEmpty {
          exchanges += 1
          commands.append(command)
          prompt = Prompt(of: command)
          isAnswerDue = true
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
        lineEnded()
        reply = []
      } else if state == .command, let prompt, prompt.isSign(reply) {
        asked(prompt)
        reply = []
      }
    }
  }

  private mutating func lineEnded() {
    if reply.hasPrefix("+CME ERROR: 14") { isCardBusy = true }
    if Self.isFinal(reply) { isAnswerDue = false }
    switch state {
    case .command:
      guard let prompt else { return }
      if prompt.isLine(reply) { asked(prompt) } else if Self.isFinal(reply) { self.prompt = nil }
    case .payload(let left):
      // A final result ends the payload's exchange, once the module has all of it; an error may
      // come before. A module that echoes the payload may say anything meanwhile.
      if Self.isError(reply) || ((left ?? 0) <= 0 && Self.isFinal(reply)) {
        state = .command
        prompt = nil
      }
    }
  }

  private mutating func asked(_ prompt: Prompt) {
    state = .payload(left: prompt.count)
    isAnswerDue = false
    hasPrompted = true
  }

  private static func isError(_ line: [UInt8]) -> Bool {
    line.hasPrefix("ERROR") || line.hasPrefix("+CME ERROR") || line.hasPrefix("+CMS ERROR")
  }

  /// `OK`, `SEND OK`, `SHUT OK`, and with a number in front `0, SEND OK`.
  private static func isFinal(_ line: [UInt8]) -> Bool {
    let behind = line.firstIndex(of: UInt8(ascii: ",")).map { line[($0 + 1)...].drop { $0 == 32 } }
    return isError(line) || line.hasPrefix("OK") || line.hasPrefix("SEND ")
      || line.hasPrefix("SHUT OK")
      || line.hasPrefix("DATA ACCEPT") || Array(behind ?? []).hasPrefix("SEND ")
  }
}

/// How a command asks for its payload. Sources: the socket chapters of the modules' facts.
private struct Prompt: Equatable, Sendable {
  enum Form: Equatable, Sendable {
    /// `> ` or `>`, without a line's end.
    case sign
    /// `@`: u-blox.
    case at
    /// `CONNECT`: Sierra.
    case connect
    /// The answer's own line: Cinterion's `^SISW: 0,106,0`.
    case answer
  }

  let form: Form
  /// Bytes of the payload, as the command names them; nil where it doesn't.
  let count: Int?

  /// Which of the command's parameters counts the bytes.
  private enum Counting { case none, second, last }

  private static let table: [(name: StaticString, form: Form, counting: Counting)] = [
    ("+QISEND=", .sign, .second), ("+QSSLSEND=", .sign, .second),
    ("+CASEND=", .sign, .second), ("+CIPSEND=", .sign, .second), ("+CCHSEND=", .sign, .second),
    ("#SSENDEXT=", .sign, .second), ("#SSLSENDEXT=", .sign, .second),
    ("+MIPSEND=", .sign, .second), ("+SQNSSENDEXT=", .sign, .second),
    ("+CMGS=", .sign, .none), ("+CMGW=", .sign, .none), ("+SQNSSEND=", .sign, .none),
    ("+USOST=", .at, .last), ("+USOWR=", .at, .last),
    ("+KUDPSND=", .connect, .last), ("+KTCPSND=", .connect, .second),
    ("^SISW=", .answer, .second),
  ]

  init?(of command: [UInt8]) {
    let name = command.dropFirst(2)
    guard command.hasPrefix("AT"), let row = Self.table.first(where: { name.hasPrefix($0.name) })
    else { return nil }
    let values = command.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    form = row.form
    switch row.counting {
    case .none: count = nil
    case .second where values.count > 1: count = Array(values[1]).asciiWholeNumber.map(Int.init)
    case .last where values.count > 1:
      count = values.last.flatMap { Array($0).asciiWholeNumber }.map(Int.init)
    case .second, .last: count = nil
    }
  }

  func isSign(_ reply: [UInt8]) -> Bool {
    switch form {
    case .sign: reply.equals(">")
    case .at: reply.equals("@")
    case .connect, .answer: false
    }
  }

  func isLine(_ line: [UInt8]) -> Bool {
    switch form {
    case .sign, .at: false
    case .connect: line.hasPrefix("CONNECT")
    // Where it takes none of them now, an OK follows at once.
    case .answer:
      line.hasPrefix("^SISW: ") && line.count { $0 == UInt8(ascii: ",") } >= 2
        && line.split(separator: UInt8(ascii: ","))[1] != [UInt8(ascii: "0")]
    }
  }
}

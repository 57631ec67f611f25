import Primitives

/// One command line and everything that may answer it, up to its final result code. It never
/// changes, so it is one reference however often it is handed on.
public final class Exchange: Sendable {
  public let line: CommandLine
  /// Which information lines answer it. Everything else that arrives is a URC.
  public let answers: [AnswerPattern]
  /// From the last byte of the command to its final result code, prompt and payload included.
  public let timeout: Duration
  public let completion: Completion
  /// Sent once the modem has asked for it; nil for a command that takes none.
  public let payload: [UInt8]?
  /// How the modem asks for the payload.
  public let prompt: Prompt
  /// Sent behind the payload, where the module wants its end marked although it was counted.
  public let payloadEnd: StaticString?
  /// From the last byte of the command to the prompt.
  public let promptTimeout: Duration
  /// How many bytes of data follow an answering line after its CR LF; nil for none.
  public let countedBytes: @Sendable ([UInt8]) -> Int?
  /// How many bytes of data follow in the line itself. It is shown what stands of an answering
  /// line after each comma and each quote, and says nil until the data begins:
  /// `+CARECV: 5,` is followed by five bytes, and so is `+USORF: 0,"192.0.2.1",5683,5,"`. What is
  /// behind the data belongs to the line again; the line that is kept is without the data.
  public let inlineData: (@Sendable ([UInt8]) -> Int?)?
  /// The data that follows a line CONNECT; nil for none.
  public let connectData: ConnectData?
  /// An OK that comes before any answering line is some other command's, and doesn't count.
  public let alwaysHasLine: Bool
  /// An error from the module is no failure: not every firmware knows the command.
  public let mayFail: Bool
  /// A bare `AT`: it may be written while the line is out of step, since it brings it back.
  public let isProbe: Bool

  // Never inlined: profiles are hundreds of calls of these, with constants.

  @inline(never)
  public init(
    _ line: CommandLine, answers: [AnswerPattern] = [], timeout: Duration = .seconds(1),
    completion: Completion = .result, payload: [UInt8]? = nil, prompt: Prompt = .sign,
    payloadEnd: StaticString? = nil, promptTimeout: Duration = .seconds(5),
    alwaysHasLine: Bool = false, mayFail: Bool = false, isProbe: Bool = false,
    countedBytes: @escaping @Sendable ([UInt8]) -> Int? = { _ in nil },
    inlineData: (@Sendable ([UInt8]) -> Int?)? = nil, connectData: ConnectData? = nil
  ) {
    self.line = line
    self.answers = answers
    self.timeout = timeout
    self.completion = completion
    self.payload = payload
    self.prompt = prompt
    self.payloadEnd = payloadEnd
    self.promptTimeout = promptTimeout
    self.alwaysHasLine = alwaysHasLine
    self.mayFail = mayFail
    self.isProbe = isProbe
    self.countedBytes = countedBytes
    self.inlineData = inlineData
    self.connectData = connectData
  }

  /// The most of them: one that ends in OK or an error.
  @inline(never)
  public convenience init(
    _ line: CommandLine, answers: [AnswerPattern] = [], timeout: Duration = .seconds(1),
    mayFail: Bool = false
  ) {
    self.init(line, answers: answers, timeout: timeout, completion: .result, mayFail: mayFail)
  }

  /// A short `AT`: does anybody listen?
  public static func probe(timeout: Duration) -> Exchange {
    Exchange("AT", timeout: timeout, isProbe: true)
  }

  /// Whether other commands may stand on its line: it ends in OK and has neither payload nor data.
  private var isPlain: Bool {
    guard case .result = completion else { return false }
    return payload == nil && inlineData == nil && connectData == nil
  }

  /// As many of `parts` as fit, from the front, on one line. One that ends otherwise than in OK, or
  /// has a payload or data, stays alone; counted data it must not have.
  ///
  /// - Parameter limit: longest line in bytes; 0 for a module that takes one command a line.
  /// - Returns: the joined exchange and how many parts are in it; nil for no parts.
  public static func joined(
    _ parts: some Collection<Exchange>, limit: Int = CommandLine.limit
  ) -> (Exchange, count: Int)? {
    guard var whole = parts.first else { return nil }
    var count = 1
    for part in parts.dropFirst() {
      guard whole.isPlain, part.isPlain, let line = whole.line.joined(with: part.line, limit: limit)
      else { break }
      whole = Exchange(
        line, answers: whole.answers + part.answers, timeout: whole.timeout + part.timeout,
        alwaysHasLine: whole.alwaysHasLine || part.alwaysHasLine, mayFail: whole.mayFail,
        isProbe: whole.isProbe, countedBytes: whole.countedBytes)
      count += 1
    }
    return (whole, count)
  }
}

/// How a module asks for a payload.
public enum Prompt: Sendable {
  /// `>` at the start of a line, mostly with a blank behind it, and no line end.
  case sign
  /// The same for a text of any length: whoever answers ends it with Ctrl-Z. Where the prompt
  /// doesn't come in time ESC leaves it, since it may have been lost on its way (TS 27.005 §3.5.1).
  case text
  /// `@` at the start of a line, without a line end; the payload must not follow before the pause
  /// is over (u-blox: 50 ms). Some echo the payload although they echo no command.
  case at(pause: Duration, isEchoed: Bool)
  /// A line `CONNECT`.
  case connect
  /// A line of that name that says how many bytes may follow (Cinterion `^SISW: 0,5,0`): so many
  /// are sent, and `Answer.accepted` tells. nil for a line that asks for nothing.
  case line(named: StaticString, accepts: @Sendable ([UInt8]) -> Int?)
}

/// Data between a line `CONNECT` and a mark (Sierra: `--EOF--Pattern--`). The data is counted, so
/// the mark may stand in it.
public struct ConnectData: Sendable {
  /// How many bytes were asked for.
  public var count: Int
  /// What follows the data.
  public var end: StaticString

  public init(count: Int, end: StaticString) { (self.count, self.end) = (count, end) }
}

/// How an exchange ends.
public enum Completion: Sendable {
  /// With OK or an error.
  case result
  /// With one of these texts (`SEND OK`, `SEND FAIL`), or an error; OK says nothing.
  case special(success: StaticString, failure: StaticString)
  /// With CONNECT, OK, an error, or the reasons of a call that wasn't made (V.250 §5.7.1).
  case call
  /// With the first line that answers it, or an error; no OK follows (SIM800 `AT+CIFSR`).
  case answer
}

/// Information lines that answer an exchange.
public enum AnswerPattern: Sendable {
  /// `+NAME: …`, with blanks around the colon or without.
  case named(StaticString)
  /// The same, where the rest of the line tells an answer from a URC of that name.
  case namedIf(StaticString, @Sendable ([UInt8]) -> Bool)
  /// A line without a name, such as the digits of an IMEI.
  case bare(@Sendable ([UInt8]) -> Bool)
  /// Any line that looks so.
  case line(@Sendable ([UInt8]) -> Bool)
  /// Hexadecimal digits, two for each byte, directly behind an answering line of that name; only a
  /// URC may stand between. TS 27.005 §3.4.2: `+CMGL: 1,0,,23`, then the message.
  case hexadecimal(behind: StaticString)

  /// Whether `line` is such an answer.
  public func matches(_ line: [UInt8]) -> Bool {
    switch self {
    case .named(let name): line.isNamed(name)
    case .namedIf(let name, let isAnswer): line.isNamed(name) && isAnswer(line)
    case .bare(let isAnswer): !line.hasName && isAnswer(line)
    case .line(let isAnswer): isAnswer(line)
    case .hexadecimal: line.isHexadecimal
    }
  }

  /// The same where it is known which line of the answer came before.
  func matches(_ line: [UInt8], behind last: [UInt8]?) -> Bool {
    if case .hexadecimal(let name) = self, last?.isNamed(name) != true { return false }
    return matches(line)
  }
}

/// What came of an exchange.
public struct Answer: Equatable, Sendable {
  public var outcome: Outcome
  /// The information lines, in order.
  public var lines: [[UInt8]]
  /// The counted bytes, without what stood around them; empty when there were none.
  public var data: [UInt8]
  /// How many bytes of the payload the module took; nil where it doesn't say.
  public var accepted: Int?
  /// From the command's last byte to the end, time spent in the modem included.
  public var duration: Duration

  public init(
    outcome: Outcome, lines: [[UInt8]] = [], data: [UInt8] = [], accepted: Int? = nil,
    duration: Duration
  ) {
    self.outcome = outcome
    self.lines = lines
    self.data = data
    self.accepted = accepted
    self.duration = duration
  }

  public var isOK: Bool { outcome == .ok }

  /// The first line of that name.
  public func line(named name: StaticString) -> [UInt8]? { lines.first { $0.isNamed(name) } }
}

/// How an exchange ended.
public enum Outcome: Equatable, Sendable {
  /// OK, or the special text for success.
  case ok
  case connect
  case error
  /// `+CME ERROR: n`, TS 27.007 §9.2.
  case equipmentError(Int)
  /// `+CMS ERROR: n`, TS 27.005 §3.2.5.
  case messageError(Int)
  /// The whole line of an error that is said in words (`AT+CMEE=2`).
  case errorText([UInt8])
  /// The special text for failure, or a call that wasn't made.
  case refused
  /// No final result code in time. The line is out of step.
  case timedOut
  /// The line was out of step, and the modem answered no attempt to bring it back.
  case deaf
  /// The answer announced more data than any payload may have. The line is out of step.
  case oversized

  /// For a log or a trace.
  public var text: String {
    switch self {
    case .ok: "OK"
    case .connect: "CONNECT"
    case .error: "ERROR"
    case .equipmentError(let code): "+CME ERROR: \(code)"
    case .messageError(let code): "+CMS ERROR: \(code)"
    case .errorText(let line): line.printable
    case .refused: "refused"
    case .timedOut: "no answer in time"
    case .deaf: "no answer at all"
    case .oversized: "announced too much data"
    }
  }

  /// Whether the modem itself answered, be it with an error.
  public var isAnswered: Bool {
    switch self {
    case .ok, .connect, .error, .equipmentError, .messageError, .errorText, .refused: true
    case .timedOut, .deaf, .oversized: false
    }
  }
}

extension [UInt8] {
  /// Whether the line is `name`, blanks, a colon, and more. Blanks before the colon occur:
  /// Quectel's own sample prints `+QSIMSTAT : 1,0`.
  public func isNamed(_ name: StaticString) -> Bool {
    guard hasPrefix(name) else { return false }
    var index = name.utf8CodeUnitCount
    while index < count, self[index] == UInt8(ascii: " ") { index += 1 }
    return index < count && self[index] == UInt8(ascii: ":")
  }

  /// Whether it is an even number of hexadecimal digits, two at least.
  var isHexadecimal: Bool {
    count >= 2 && count % 2 == 0 && allSatisfy { $0.hexDigitValue != nil }
  }

  /// Whether the line behind this one is a message whatever it looks like, an OK too. TS 27.005
  /// §3.4.1. A status report in text mode is one line of many values.
  var isFollowedByMessage: Bool {
    isNamed("+CMT") || isNamed("+CBM")
      || (isNamed("+CDS") && !contains(UInt8(ascii: ",")))
  }

  /// Whether the line begins like an extended command's answer (V.250 §5.4.1; makers use other
  /// signs besides `+`).
  public var hasName: Bool {
    switch first {
    case UInt8(ascii: "+"), UInt8(ascii: "^"), UInt8(ascii: "#"), UInt8(ascii: "*"),
      UInt8(ascii: "%"), UInt8(ascii: "$"):
      true
    default: false
    }
  }
}

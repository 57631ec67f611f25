import Primitives

/// Where the engine stands in the stream of bytes.
struct Intake: Sendable {
  enum Mode: Equatable {
    case text
    /// A counted payload follows the LF that is still to come.
    case dataStart(count: Int)
    case data(left: Int)
    /// The modem may be echoing the payload that was sent; so many bytes of it were the same.
    case echo(matched: Int)
  }

  var mode = Mode.text
  var line: [UInt8] = []
  var isOverlong = false
  /// The blank of the prompt `> ` may follow.
  var skipsBlank = false
  /// The information lines of the exchange so far.
  private(set) var lines: [[UInt8]] = []
  /// The counted bytes so far.
  private var data: [UInt8] = []

  /// Whether a line end would end nothing.
  var isBetweenLines: Bool {
    guard case .text = mode else { return false }
    return line.isEmpty && !isOverlong && !skipsBlank
  }

  mutating func append(data byte: UInt8, left: Int) {
    data.append(byte)
    mode = left == 1 ? .text : .data(left: left - 1)
  }

  mutating func append(line: [UInt8]) { lines.append(line) }

  /// Hands the information lines over.
  mutating func takeLines() -> [[UInt8]] {
    defer { lines = [] }
    return lines
  }

  mutating func dropLines() { lines = [] }

  /// Hands the counted bytes over.
  mutating func takeData() -> [UInt8] {
    defer { data = [] }
    return data
  }

  /// Gives up counting; what stands of a line stays.
  ///
  /// - Returns: the data if it isn't whole, else nothing.
  @discardableResult
  mutating func endCounting() -> [UInt8] {
    defer { (mode, data) = (.text, []) }
    return mode == .text ? [] : data
  }
}

extension StaticString {
  /// Whether `bytes` are this text's first ones.
  fileprivate func begins(with bytes: [UInt8]) -> Bool {
    guard bytes.count <= utf8CodeUnitCount else { return false }
    for (index, byte) in bytes.enumerated() where utf8Start[index] != byte { return false }
    return true
  }
}

extension [UInt8] {
  /// The texts for a restart that stand as lines of their own among these bytes, the last one
  /// possibly without its end.
  func restartTexts(of dialect: Dialect) -> [[UInt8]] {
    var found: [[UInt8]] = []
    for line in split(whereSeparator: { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }) {
      for text in dialect.restartTexts where line.equals(text) { found.append(Array(line)) }
    }
    return found
  }
}

extension Engine {
  /// Where the bytes from `start` on end that mean nothing by themselves and only make a line
  /// longer: `take` would do the same with each of them, but one at a time.
  ///
  /// - Returns: `start` where `take` has to look at the byte there.
  func endOfRun(in bytes: [UInt8], from start: Int) -> Int {
    guard case .text = intake.mode, !intake.skipsBlank, intake.line.count < Self.lineLimit,
      !(intake.line.isEmpty && bytes[start] == UInt8(ascii: ">")), !mayEnd(at: bytes[start])
    else { return start }
    let limit = min(bytes.count, start + Self.lineLimit - intake.line.count)
    return bytes.withUnsafeBufferPointer { bytes in
      var end = start
      while end < limit, bytes[end] != UInt8(ascii: "\r"), bytes[end] != UInt8(ascii: "\n"),
        bytes[end] != 0
      {
        end += 1
      }
      return end
    }
  }

  /// Whether the line with `byte` behind it is, or may become, a text without an end.
  private func mayEnd(at byte: UInt8) -> Bool {
    let count = intake.line.count
    for text in dialect.textsWithoutEnd {
      guard count < text.utf8CodeUnitCount, text.utf8Start[count] == byte else { continue }
      if text.begins(with: intake.line) { return true }
    }
    return false
  }

  /// The one way in for every byte that `endOfRun` doesn't pass over, in order.
  mutating func take(_ byte: UInt8, now: Instant, _ events: inout [Event]) {
    switch intake.mode {
    case .text: takeText(byte, now: now, &events)
    case .dataStart(let count):
      intake.mode = .data(left: count)
      if byte != UInt8(ascii: "\n") { intake.append(data: byte, left: count) }
    case .data(let left): intake.append(data: byte, left: left)
    case .echo(let matched): takeEcho(byte, matched: matched, now: now, &events)
    }
  }

  private mutating func takeEcho(
    _ byte: UInt8, matched: Int, now: Instant, _ events: inout [Event]
  ) {
    if intake.skipsBlank {
      intake.skipsBlank = false
      if byte == UInt8(ascii: " ") { return }
    }
    guard case .running(let exchange, _) = state, let payload = exchange.payload,
      matched < payload.count, payload[matched] == byte
    else {
      // It wasn't an echo, or not to the end: what looked like one was the modem's own text.
      intake.mode = .text
      let swallowed = echoedBytes(matched)
      for earlier in swallowed { takeText(earlier, now: now, &events) }
      return takeText(byte, now: now, &events)
    }
    intake.mode = matched + 1 == payload.count ? .text : .echo(matched: matched + 1)
  }

  private func echoedBytes(_ count: Int) -> [UInt8] {
    guard case .running(let exchange, _) = state, let payload = exchange.payload else { return [] }
    return Array(payload.prefix(count))
  }

  private mutating func takeText(_ byte: UInt8, now: Instant, _ events: inout [Event]) {
    if byte == 0 { return }  // A UART that wakes up, or a break.
    if byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n") {
      intake.skipsBlank = false
      return endLine(now: now, &events)
    }
    if intake.skipsBlank {
      intake.skipsBlank = false
      if byte == UInt8(ascii: " ") { return }
    }
    guard intake.line.count < Self.lineLimit else {
      intake.isOverlong = true
      return
    }
    intake.line.append(byte)
    if intake.line.count == 1, byte == UInt8(ascii: ">") { return takePrompt(&events) }
    for text in dialect.textsWithoutEnd where intake.line.equals(text) {
      return endLine(now: now, &events)
    }
  }

  /// A line begins with `>`. Only an exchange that waits for the prompt takes it for one.
  private mutating func takePrompt(_ events: inout [Event]) {
    guard case .running(let exchange, var running) = state, running.isPromptDue,
      let payload = exchange.payload
    else { return }
    running.isPromptDue = false
    running.deadline = running.since + exchange.timeout
    state = .running(exchange, running)
    intake.line = []
    intake.skipsBlank = true
    events.append(send(payload))
    if running.isEchoed, !payload.isEmpty { intake.mode = .echo(matched: 0) }
  }

  private mutating func endLine(now: Instant, _ events: inout [Event]) {
    let line = intake.line
    let isOverlong = intake.isOverlong
    (intake.line, intake.isOverlong) = ([], false)
    if isOverlong {
      counters.droppedLines += 1
    } else if !line.isEmpty {
      route(line, now: now, &events)
    }
  }

  /// Decides what a whole line is.
  private mutating func route(_ line: [UInt8], now: Instant, _ events: inout [Event]) {
    switch state {
    case .idle, .waiting: routeUnasked(line, now: now, &events)
    case .resyncing:
      if line.equals("OK") || line.equals("0") {
        if let event = finish(.ok, now: now) { events.append(event) }
      } else {
        routeUnasked(line, now: now, &events)
      }
    case .running(let exchange, let running):
      routeAsked(line, exchange, running, now: now, &events)
    }
  }

  private mutating func routeAsked(
    _ line: [UInt8], _ exchange: Exchange, _ running: Running, now: Instant,
    _ events: inout [Event]
  ) {
    if line == exchange.line.bytes {
      var running = running
      running.isEchoed = true
      state = .running(exchange, running)
      return
    }
    let isWanted = isWanted(line, by: exchange)
    // A digit alone may be the answer to a question for one; a verbose result code is none.
    if !(isWanted && line.count == 1),
      let outcome = ResultCode.read(line, for: exchange.completion)
    {
      if outcome == .ok, exchange.alwaysHasLine, intake.lines.isEmpty {
        return noteStrayResult(now: now)
      }
      if let event = finish(outcome, now: now) { events.append(event) }
      return
    }
    guard isWanted else { return routeUnasked(line, now: now, &events) }
    keep(line, exchange, running, now: now, &events)
  }

  /// Keeps an information line and begins to count the data that follows it.
  private mutating func keep(
    _ line: [UInt8], _ exchange: Exchange, _ running: Running, now: Instant,
    _ events: inout [Event]
  ) {
    if intake.lines.count < Self.linesPerAnswer {
      intake.append(line: line)
    } else {
      counters.droppedLines += 1
    }
    guard let count = exchange.countedBytes(line), count > 0 else { return }
    guard count <= Self.dataLimit else {
      events += giveUp(.oversized, exchange, running, now: now)
      return
    }
    intake.mode = .dataStart(count: count)
  }

  /// A line that no exchange takes: a URC, or a leftover.
  private mutating func routeUnasked(
    _ line: [UInt8], now: Instant, _ events: inout [Event]
  ) {
    if ResultCode.isFinal(line) { return noteStrayResult(now: now) }
    if isNoise(line) {
      counters.noiseLines += 1
      return
    }
    if let lateAnswers, lateAnswers.contains(where: { $0.matches(line) }) {
      counters.noiseLines += 1
      return
    }
    events.append(.urc(line))
  }

  /// Glitches, prompts that nobody waits for, and echoes of commands that were given up.
  private func isNoise(_ line: [UInt8]) -> Bool {
    if line.hasName { return false }
    if line.hasPrefix("AT") || line.hasPrefix(">") { return true }
    return line.contains { !(0x20...0x7E).contains($0) }
  }
}

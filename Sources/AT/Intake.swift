import Primitives

/// Where the engine stands in the stream of bytes.
struct Intake: Sendable {
  enum Mode: Equatable {
    case text
    /// A counted payload follows the LF that is still to come.
    case dataStart(count: Int)
    case data(left: Int)
    /// The mark behind the data; so many bytes of it have come.
    case mark(matched: Int)
    /// The mark isn't where it should be: less data came than was asked for. Where it ended shows
    /// only when nothing more comes.
    case tail
    /// The modem may be echoing the payload that was sent; so many bytes of it were the same.
    case echo(matched: Int)
  }

  var mode = Mode.text
  var line: [UInt8] = []
  var isOverlong = false
  /// The blank of the prompt `> ` may follow.
  var skipsBlank = false
  /// This line has held its data.
  var hasInlineData = false
  /// A line of the exchange may hold data.
  private(set) var mayHoldInlineData = false
  /// The modem may still echo the payload that was sent.
  var isEchoDue = false
  /// The information lines of the exchange so far.
  private(set) var lines: [[UInt8]] = []
  /// The counted bytes so far.
  private(set) var data: [UInt8] = []
  /// A mark follows the data.
  var isMarked = false
  /// The next line is a message that nobody asked for.
  var isMessageDue = false

  /// Whether a line end would end nothing.
  var isBetweenLines: Bool {
    guard case .text = mode else { return false }
    return line.isEmpty && !isOverlong && !skipsBlank
  }

  /// Bytes that only make the line longer.
  mutating func append(run bytes: ArraySlice<UInt8>) {
    // A line mostly comes whole: then it is one array of its own length.
    if line.isEmpty { line = Array(bytes) } else { line += bytes }
  }

  mutating func append(data byte: UInt8, left: Int) {
    data.append(byte)
    mode = left > 1 ? .data(left: left - 1) : isMarked ? .mark(matched: 0) : .text
  }

  /// A byte of the mark, or the first sign that less data came than was asked for.
  mutating func append(_ byte: UInt8, to mark: StaticString, matched: Int) {
    if matched < mark.utf8CodeUnitCount, mark.utf8Start[matched] == byte {
      mode = matched + 1 == mark.utf8CodeUnitCount ? .text : .mark(matched: matched + 1)
      return
    }
    data += [UInt8](mark).prefix(matched)
    data.append(byte)
    mode = .tail
  }

  mutating func append(tail byte: UInt8) { data.append(byte) }

  /// Nothing more comes. Where the last bytes are the mark and an OK, the data ended before them.
  mutating func endShortData(before mark: StaticString) -> Bool {
    let ending = [UInt8](mark) + Array("\r\nOK\r\n".utf8)
    switch mode {
    case .tail, .data: break
    case .text, .dataStart, .mark, .echo: return false
    }
    guard data.suffix(ending.count) == ending[...] else { return false }
    data.removeLast(ending.count)
    mode = .text
    return true
  }

  mutating func append(line: [UInt8]) { lines.append(line) }

  /// Hands the information lines over.
  mutating func takeLines() -> [[UInt8]] {
    defer { lines = [] }
    return lines
  }

  mutating func dropLines() { lines = [] }

  /// A command was written.
  ///
  /// - Parameter inlineData: whether a line of its answer may hold data.
  mutating func expect(inlineData: Bool) { (mayHoldInlineData, isEchoDue) = (inlineData, false) }

  /// Hands the counted bytes over.
  mutating func takeData() -> [UInt8] {
    defer { (data, isMarked) = ([], false) }
    return data
  }

  /// Gives up counting; what stands of a line stays.
  ///
  /// - Returns: the data if it isn't whole, else nothing.
  @discardableResult
  mutating func endCounting() -> [UInt8] {
    defer { (mode, data, isMarked) = (.text, [], false) }
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
      !(intake.line.isEmpty && (mayAsk(bytes[start]) || isEchoDue)), !mayEnd(at: bytes[start]),
      !isInlineDataDue
    else { return start }
    let limit = min(bytes.count, start + Self.lineLimit - intake.line.count)
    // One comparison a byte, and `take` tells NUL and the line ends from other control characters.
    return bytes.withUnsafeBufferPointer { bytes in
      var end = start
      while end < limit, bytes[end] > UInt8(ascii: "\r") { end += 1 }
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
    case .text:
      if isEchoDue, intake.isBetweenLines || intake.skipsBlank {
        takeEcho(byte, matched: 0, now: now, &events)
      } else {
        takeText(byte, now: now, &events)
      }
    case .dataStart(let count):
      intake.mode = .data(left: count)
      if byte != UInt8(ascii: "\n") { return intake.append(data: byte, left: count) }
      if count == 0 { intake.mode = .mark(matched: 0) }
    case .data(let left): intake.append(data: byte, left: left)
    case .mark(let matched): takeMark(byte, matched: matched, now: now, &events)
    case .tail: takeTail(byte, now: now, &events)
    case .echo(let matched): takeEcho(byte, matched: matched, now: now, &events)
    }
  }

  mutating func takeText(_ byte: UInt8, now: Instant, _ events: inout [Event]) {
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
    if intake.line.count == 1, takesPrompt(byte, now: now, &events) { return }
    if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\""), isInlineDataDue {
      return lookForData(now: now, &events)
    }
    for text in dialect.textsWithoutEnd where intake.line.equals(text) {
      return endLine(now: now, &events)
    }
  }

  private mutating func endLine(now: Instant, _ events: inout [Event]) {
    let line = intake.line
    let isOverlong = intake.isOverlong
    (intake.line, intake.isOverlong, intake.hasInlineData) = ([], false, false)
    if isOverlong {
      counters.droppedLines += 1
    } else if !line.isEmpty {
      route(line, now: now, &events)
    }
  }

  /// Decides what a whole line is.
  private mutating func route(_ line: [UInt8], now: Instant, _ events: inout [Event]) {
    if intake.isMessageDue {
      intake.isMessageDue = false
      return events.append(.urc(line))
    }
    switch state {
    case .idle, .waiting: routeUnasked(line, now: now, &events)
    case .resyncing:
      if line.equals("OK") || line.equals("0") {
        if let event = finish(.ok, now: now) { events.append(event) }
      } else {
        routeUnasked(line, now: now, &events)
      }
    case .running(let exchange): routeAsked(line, exchange, now: now, &events)
    }
  }

  private mutating func routeAsked(
    _ line: [UInt8], _ exchange: Exchange, now: Instant, _ events: inout [Event]
  ) {
    if line == exchange.line.bytes {
      running.isEchoed = true
      return
    }
    if takesLine(line, exchange, now: now, &events) { return }
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
    endEcho()
    keep(line, exchange, now: now, &events)
    if case .answer = exchange.completion, let event = finish(.ok, now: now) {
      events.append(event)
    }
  }

  /// Keeps an information line and begins to count the data that follows it.
  private mutating func keep(
    _ line: [UInt8], _ exchange: Exchange, now: Instant, _ events: inout [Event]
  ) {
    keep(line)
    guard let count = exchange.countedBytes(line), count > 0 else { return }
    guard count <= Self.dataLimit else {
      events += giveUp(.oversized, exchange, now: now)
      return
    }
    intake.mode = .dataStart(count: count)
  }

  mutating func keep(_ line: [UInt8]) {
    if intake.lines.count < Self.linesPerAnswer {
      intake.append(line: line)
    } else {
      counters.droppedLines += 1
    }
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
    intake.isMessageDue = line.isFollowedByMessage
    events.append(.urc(line))
  }

  /// Glitches, prompts that nobody waits for, and echoes of commands that were given up.
  private func isNoise(_ line: [UInt8]) -> Bool {
    if line.hasName { return false }
    if line.hasPrefix("AT") || line.hasPrefix(">") || line.equals("@") { return true }
    return line.contains { !(0x20...0x7E).contains($0) }
  }
}

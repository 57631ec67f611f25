import Primitives

/// The module asks for a payload, and may echo it.
extension Engine {
  /// Whether a line that begins with `byte` may be no line but a prompt.
  func mayAsk(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ">") || byte == UInt8(ascii: "@")
  }

  /// A line begins with `byte`. Only an exchange that waits for such a prompt takes it for one.
  mutating func takesPrompt(_ byte: UInt8, now: Instant, _ events: inout [Event]) -> Bool {
    guard mayAsk(byte), running.isPromptDue, case .running(let exchange) = state else {
      return false
    }
    switch exchange.prompt {
    case .sign, .text:
      guard byte == UInt8(ascii: ">") else { return false }
      intake.line = []
      intake.skipsBlank = true
      asked(for: nil, at: now)
      events.append(sendPayload())
    case .at(let pause, _):
      guard byte == UInt8(ascii: "@") else { return false }
      intake.line = []
      asked(for: nil, at: now + pause)
    case .connect, .line: return false
    }
    return true
  }

  /// A whole line that asks for the payload, or behind which marked data begins.
  mutating func takesLine(
    _ line: [UInt8], _ exchange: Exchange, now: Instant, _ events: inout [Event]
  ) -> Bool {
    if let data = exchange.connectData, !intake.isMarked, line.hasPrefix("CONNECT") {
      guard data.count <= Self.dataLimit else {
        events += giveUp(.oversized, exchange, now: now)
        return true
      }
      intake.isMarked = true
      intake.mode = .dataStart(count: data.count)
      return true
    }
    guard running.isPromptDue else { return false }
    switch exchange.prompt {
    case .sign, .text, .at: return false
    case .connect:
      guard line.hasPrefix("CONNECT") else { return false }
      asked(for: nil, at: now)
    case .line(let name, let accepts):
      guard line.isNamed(name), let count = accepts(line) else { return false }
      keep(line)
      asked(for: count, at: now)
    }
    events.append(sendPayload())
    return true
  }

  /// - Parameter count: how many bytes the module takes; nil for the whole payload.
  private mutating func asked(for count: Int?, at time: Instant) {
    guard case .running(let exchange) = state, let payload = exchange.payload else { return }
    running.isPromptDue = false
    running.deadline = running.since + exchange.timeout
    running.accepted = count.map { max(0, min($0, payload.count)) }
    running.payload = Array(payload.prefix(running.accepted ?? payload.count))
    running.payloadAt = time
  }

  /// The module has asked, and its pause is over.
  mutating func sendPayload() -> Event {
    guard case .running(let exchange) = state else { return .write([]) }
    running.payloadAt = nil
    intake.isEchoDue =
      !running.payload.isEmpty && (running.isEchoed || exchange.prompt.isAlwaysEchoed)
    return send(running.payload + (exchange.payloadEnd.map { [UInt8]($0) } ?? []))
  }

  // MARK: - Echo

  var isEchoDue: Bool {
    guard intake.isEchoDue, case .running = state else { return false }
    return true
  }

  /// From now on nothing is taken for an echo.
  mutating func endEcho() { intake.isEchoDue = false }

  /// The echo begins where a line could, and its last byte is followed by a line end; anything
  /// else that looked like it was the modem's own text.
  mutating func takeEcho(
    _ byte: UInt8, matched: Int, now: Instant, _ events: inout [Event]
  ) {
    if matched == 0, intake.skipsBlank {
      intake.skipsBlank = false
      if byte == UInt8(ascii: " ") { return }
    }
    guard case .running = state else { return takeText(byte, now: now, &events) }
    let payload = running.payload
    if matched < payload.count, payload[matched] == byte {
      intake.mode = .echo(matched: matched + 1)
      return
    }
    intake.mode = .text
    if matched == payload.count, byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n") {
      endEcho()
    } else {
      for earlier in payload.prefix(matched) { takeText(earlier, now: now, &events) }
    }
    takeText(byte, now: now, &events)
  }
}

extension Prompt {
  fileprivate var isAlwaysEchoed: Bool {
    if case .at(_, let isEchoed) = self { return isEchoed }
    return false
  }
}

import Primitives

/// How far the module has got with the bytes that the host writes.
struct InputState: Sendable {
  enum Phase: Equatable, Sendable {
    case waitingForA, waitingForT, line
    case payload(PayloadRequest)
  }
  var phase = Phase.waitingForA
  var line: [UInt8] = []
  var isOverlong = false
  /// The last byte was the CR of a line, so a line feed belongs to it.
  var endedLine = false
  var payload: [UInt8] = []
  /// When the last final result went out.
  var finishedAt: Instant?
  /// When the last byte arrived.
  var lastByteAt = Instant.start
  /// A UART that slept takes bytes from then on.
  var awakeAt = Instant.start
}

/// What a prompt asked for.
struct PayloadRequest: Equatable, Sendable {
  /// The command that asked, for the family to look at again.
  var command = ATCommand.malformed
  let socket: Int
  /// A short message, not a socket's bytes.
  var isMessage = false
  /// nil: until Ctrl-Z, or ESC to give up; or until `pattern`.
  let count: Int?
  /// As it goes out.
  var prompt: [UInt8] = crlf + Array("> ".utf8)
  /// What ends the payload, after `count` bytes where there is a count (`--EOF--Pattern--`).
  var pattern: [UInt8]?
  /// Bytes so soon after the prompt are lost.
  var pause = Duration.zero
  /// The command ends in an error when the payload isn't there by then; nil: it waits for ever.
  var patience: Duration?
}

/// A UART that sleeps by itself.
struct UARTSleep: Equatable, Sendable {
  /// So long after the last byte from the host.
  var after: Duration
  /// From the byte that wakes it, lost as all bytes until then, to the first that is heard.
  var wake: Duration
}

extension SimulatedModem {
  mutating func uartReceived(_ bytes: [UInt8]) {
    for byte in bytes { uartReceived(disturbed(byte)) }
  }

  private mutating func uartReceived(_ byte: UInt8) {
    counters.bytesReceived += 1
    switch power.phase {
    case .running where !faults.isDeaf: take(byte)
    case .starting where now < power.startedAt + personality.boot.quietUART:
      counters.bytesLost += 1
      counters.violations[.uartDrivenWhileOff] += 1
    case .running, .starting, .stopping: counters.bytesLost += 1
    case .asleep where personality.sleep.wakesByUART:
      counters.bytesLost += 1
      start(from: now)
    case .unsupplied, .off, .asleep:
      counters.bytesLost += 1
      counters.violations[.uartDrivenWhileOff] += 1
    }
  }

  private mutating func take(_ byte: UInt8) {
    let isQuiet = now >= input.lastByteAt + (session.uartSleep?.after ?? .zero)
    input.lastByteAt = now
    if let sleep = session.uartSleep, isQuiet, execution == nil { input.awakeAt = now + sleep.wake }
    if now < input.awakeAt {
      counters.bytesLost += 1
      return
    }
    let followsLine = input.endedLine
    input.endedLine = false
    if followsLine, byte == 0x0A { return }
    if case .payload(let request) = input.phase { return takePayload(byte, request) }
    if execution != nil { return takeWhileBusy() }
    if let finishedAt = input.finishedAt, now < finishedAt + personality.line.gap {
      counters.violations[.commandTooSoon] += 1
      input.phase = .waitingForA
      return
    }
    if session.profile.isEchoOn, power.knowsRate { transmit([byte]) }
    switch input.phase {
    case .waitingForA:
      if byte | 0x20 == UInt8(ascii: "a") { input.phase = .waitingForT }
    case .waitingForT:
      takeAfterA(byte)
    case .line:
      takeInLine(byte)
    case .payload:
      break
    }
  }

  private mutating func takeAfterA(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "T"), UInt8(ascii: "t"):
      input.phase = .line
      input.line = []
      input.isOverlong = false
    case UInt8(ascii: "A"), UInt8(ascii: "a"): break
    case UInt8(ascii: "/"):
      input.phase = .waitingForA
      counters.commandLines += 1
      begin(line: lastLine)
    default: input.phase = .waitingForA
    }
  }

  private mutating func takeInLine(_ byte: UInt8) {
    switch byte {
    case 0x0D:
      input.phase = .waitingForA
      input.endedLine = true
      // The line by which the rate is found is lost in half of the boots.
      if !power.knowsRate {
        power.knowsRate = true
        if random.next(below: 2) == 0 { return }
      }
      counters.commandLines += 1
      if input.isOverlong { return finish(.error) }
      lastLine = input.line
      begin(line: input.line)
    case 0x08:
      if !input.line.isEmpty { input.line.removeLast() }
    case 0..<0x20:
      break
    default:
      if input.line.count < personality.line.limit {
        input.line.append(byte)
      } else {
        input.isOverlong = true
      }
    }
  }

  /// A real module drops what arrives while a command runs; V.250 §5.6.1 lets it end a command
  /// that may be ended, from 125 ms after the line.
  private mutating func takeWhileBusy() {
    guard let execution, execution.isWaiting, execution.isAbortable,
      now >= execution.begunAt + .milliseconds(125)
    else {
      counters.violations[.bytesWhileBusy] += 1
      return
    }
    counters.violations[.commandInterrupted] += 1
    self.execution?.information = []
    complete(personality.line.aborted)
  }

  mutating func prompt(_ request: PayloadRequest) {
    sendLines()
    input.payload = []
    input.phase = .payload(request)
    input.awakeAt = now + request.pause
    if let patience = request.patience, let execution {
      schedule(.payloadExpired(execution.serial), after: patience)
    }
    transmit(request.prompt)
  }

  mutating func payloadExpired(_ serial: Int) {
    guard case .payload = input.phase, execution?.serial == serial else { return }
    input.phase = .waitingForA
    complete(.error)
  }

  private mutating func takePayload(_ byte: UInt8, _ request: PayloadRequest) {
    switch request.isMessage ? .asCommands : personality.line.payloadEcho {
    case .never: break
    case .asCommands:
      if session.echoesData || request.isMessage, session.profile.isEchoOn { transmit([byte]) }
    case .always: transmit([byte])
    }
    if let pattern = request.pattern {
      input.payload.append(byte)
      let least = (request.count ?? 0) + pattern.count
      if input.payload.count >= least, input.payload.hasSuffix(pattern) {
        input.payload.removeLast(pattern.count)
        payloadComplete(request)
      } else if input.payload.count > personality.sockets.payloadLimit + pattern.count {
        input.payload.removeFirst(input.payload.count - pattern.count)
      }
      return
    }
    if let count = request.count {
      input.payload.append(byte)
      if input.payload.count == count { payloadComplete(request) }
      return
    }
    switch byte {
    case 0x1A: payloadComplete(request)
    case 0x1B:
      input.phase = .waitingForA
      if !request.isMessage { session.lastSocketError = .sendCancelled }
      complete(.ok)
    default:
      if input.payload.count <= personality.sockets.payloadLimit { input.payload.append(byte) }
    }
  }

  private mutating func payloadComplete(_ request: PayloadRequest) {
    let payload = input.payload
    input.payload = []
    input.phase = .waitingForA
    if let execution { agenda.cancel(.payloadExpired(execution.serial)) }
    // The module copies the data before it answers.
    let delay = sample(.milliseconds(3) ... .milliseconds(25)) + faults.answerDelay
    let outcome =
      request.isMessage
      ? messagePayload(request, payload) : personality.sockets.payload(&self, request, payload)
    if outcome == .waits { return complete(.waits) }
    if let execution { schedule(.complete(execution.serial, outcome), after: delay) }
  }

  // MARK: - To the host

  mutating func transmit(_ bytes: [UInt8]) {
    let sent = bytes.map { disturbed($0) }
    counters.bytesSent += sent.count
    if case .transmit(let before) = effects.last {
      effects[effects.count - 1] = .transmit(before + sent)
    } else {
      effects.append(.transmit(sent))
    }
  }

  mutating func sendURC(_ text: ATText) { sendURC(text.bytes) }

  /// URCs reach the UART only when they are routed there (BG96 AT manual V2.2, AT+QURCCFG).
  mutating func sendURC(_ text: [UInt8]) {
    let isHeard = !personality.line.routesURCs || stored.urcPort.equals("uart1")
    guard power.phase == .running, isHeard, power.knowsRate else { return }
    counters.unsolicited += 1
    transmit(session.profile.isVerbose ? crlf + text + crlf : text + crlf)
    ring()
  }

  /// RI is asserted for 120 ms with a URC (BG96 AT manual V2.2, `urc/ri/other`).
  private mutating func ring() {
    if rings { return }
    rings = true
    effects.append(.ringIndicator(isAsserted: true))
    schedule(.ringEnds, after: .milliseconds(120))
  }

  mutating func endRing() {
    guard rings else { return }
    rings = false
    agenda.cancel(.ringEnds)
    effects.append(.ringIndicator(isAsserted: false))
  }

  mutating func babble() {
    guard power.phase == .running, let interval = faults.babbleInterval else { return }
    schedule(.babble, after: max(interval, .milliseconds(1)))
    transmit((0..<Int(noise.next(below: 24) + 1)).map { _ in UInt8(noise.next(below: 256)) })
  }

  private mutating func disturbed(_ byte: UInt8) -> UInt8 {
    guard faults.noisePerMillion > 0, noise.next(below: 1_000_000) < faults.noisePerMillion else {
      return byte
    }
    return byte ^ (1 << UInt8(noise.next(below: 8)))
  }
}

extension [UInt8] {
  fileprivate func hasSuffix(_ suffix: [UInt8]) -> Bool { self.suffix(suffix.count) == suffix[...] }
}

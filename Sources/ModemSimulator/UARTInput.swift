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
}

/// What a prompt asked for.
struct PayloadRequest: Equatable, Sendable {
  let socket: Int
  /// nil: until Ctrl-Z, or ESC to give up.
  let count: Int?
}

/// Longest command line, in bytes. The maker states none; AT+QISENDEX needs 512 and its head.
let commandLineLimit = 1100
/// Most bytes of one AT+QISEND (BG95 TCP/IP note V1.1).
let payloadLimit = 1460

extension SimulatedModem {
  mutating func uartReceived(_ bytes: [UInt8]) {
    for byte in bytes { uartReceived(disturbed(byte)) }
  }

  private mutating func uartReceived(_ byte: UInt8) {
    counters.bytesReceived += 1
    switch power.phase {
    case .running where !faults.isDeaf: take(byte)
    case .running, .starting, .stopping: counters.bytesLost += 1
    case .unsupplied, .off, .asleep:
      counters.bytesLost += 1
      counters.violations[.uartDrivenWhileOff] += 1
    }
  }

  private mutating func take(_ byte: UInt8) {
    let followsLine = input.endedLine
    input.endedLine = false
    if followsLine, byte == 0x0A { return }
    if case .payload(let request) = input.phase { return takePayload(byte, request) }
    if execution != nil { return takeWhileBusy() }
    if session.profile.isEchoOn { transmit([byte]) }
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
      counters.commandLines += 1
      if input.isOverlong { return finish(.error) }
      lastLine = input.line
      begin(line: input.line)
    case 0x08:
      if !input.line.isEmpty { input.line.removeLast() }
    case 0..<0x20:
      break
    default:
      if input.line.count < commandLineLimit {
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
    self.execution?.lines = []
    complete(.error)
  }

  private mutating func takePayload(_ byte: UInt8, _ request: PayloadRequest) {
    if session.echoesData, session.profile.isEchoOn { transmit([byte]) }
    if let count = request.count {
      input.payload.append(byte)
      if input.payload.count == count { payloadComplete(request) }
      return
    }
    switch byte {
    case 0x1A: payloadComplete(request)
    case 0x1B:
      input.phase = .waitingForA
      session.lastSocketError = .sendCancelled
      complete(.ok)
    default:
      if input.payload.count <= payloadLimit { input.payload.append(byte) }
    }
  }

  private mutating func payloadComplete(_ request: PayloadRequest) {
    let payload = input.payload
    input.payload = []
    input.phase = .waitingForA
    // The module copies the data before it answers.
    let delay = sample(.milliseconds(3) ... .milliseconds(25)) + faults.answerDelay
    var outcome = CommandOutcome.error
    if !session.hexSend {
      outcome = sendPayload(payload, on: request.socket)
    } else if let bytes = CommandGroup.bytes(hex: payload) {
      outcome = sendPayload(bytes, on: request.socket)
    }
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
    guard power.phase == .running, stored.urcPort.equals("uart1") else { return }
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

import Link
import Modems
import Primitives

/// A module as far as the link's tests need one: it boots when its key is pressed, runs lines of
/// joined commands from a table of answers, and does at a given command what a test asks for.
/// Not a simulator: it knows no network and no rules, only this script.
struct FakeModem {
  enum Mishap: Equatable {
    /// This line is answered with this text instead.
    case answer(String)
    /// The line gets no answer.
    case silence
    /// It gets none, and the module boots anew 3 s later.
    case reboot
    /// The answer comes with this text after its so manieth byte.
    case interrupted(String, at: Int)
    /// The answer comes only after so many milliseconds.
    case late(Int64)
    /// The payload is taken and then refused.
    case sendFails
  }

  var isOn = false
  var isAwake = false
  var isDeaf = false
  /// It goes deaf at the command line of that number.
  var deafAtLine: Int?
  /// Whether a long pulse makes it hear again.
  var canBeReset = true
  /// Whether not even a long pulse does anything.
  var ignoresReset = false
  /// What the next openings of the socket end in; 0 after them.
  var openErrors: [Int] = []
  private var sendFails = false
  /// Bytes in front of the answer to the command line of that number.
  var noise: [Int: [UInt8]] = [:]
  /// Pulses of the key that do nothing.
  var ignoredPulses = 0
  var echoes = true
  var hasStatusLine = true
  /// The line is wired and shows "off" whatever the module does.
  var isStatusStuckOff = false
  var saysReady = true
  var bootMilliseconds: Int64 = 2500
  /// What happens at the command line of that number, counted from 1 over the whole test.
  var mishaps: [Int: Mishap] = [:]
  /// Answers by command without its `AT`; they stand before those of the table.
  var answers: [String: String] = [:]
  /// What is said by itself so many milliseconds after a command without its `AT` was taken.
  var urcs: [String: (text: String, after: Int64)] = [:]
  var registration = "5,\"0A1B\",\"01234567\",7,,,\"00000001\",\"00100110\""
  /// Milliseconds from power-on to registration; nil: never.
  var registrationDelay: Int64? = 4000
  var isContextActive = false
  /// What the server answers, and after how long.
  var serverAnswer: [UInt8]? = Array("pong".utf8)
  var waiting: [[UInt8]] = []
  var sent: [[UInt8]] = []
  var isPSMGranted = true
  var hasPSMEntry = true

  private(set) var lines: [String] = []
  private(set) var scheduled: [(at: Instant, Link.Input)] = []
  private(set) var violations: [String] = []
  private var input: [UInt8] = []
  private var payloadLeft = 0
  private var payload: [UInt8] = []
  private var keyDownAt: Instant?
  private var bootedAt = Instant.start
  private var isRadioOn = true
  private var isUARTOpen = false
  private var isInPSM = false

  static let table: [String: String] = [
    "+QURCCFG=\"urcport\"": "+QURCCFG: \"urcport\",\"uart1\"",
    "+QCFG=\"psm/urc\"": "+QCFG: \"psm/urc\",1",
    "+QCFG=\"roamservice\"": "+QCFG: \"roamservice\",2",
    "+QCFG=\"nwscanseq\"": "+QCFG: \"nwscanseq\",20301",
    "+QCFG=\"nwscanmode\"": "+QCFG: \"nwscanmode\",0",
    "+QCFG=\"iotopmode\"": "+QCFG: \"iotopmode\",2",
    "+CPSMS?": "+CPSMS: 1,,,\"00100110\",\"00000001\"",
    "+CGDCONT?": "+CGDCONT: 1,\"IP\",\"em\",\"0.0.0.0\",0,0",
    "+QICSGP=1": "+QICSGP: 1,\"em\",\"\",\"\",0",
    "+CPIN?": "+CPIN: READY", "+QCCID": "+QCCID: 89882390000012345678",
    "+CIMI": "901430000012345", "+CGSN": "861234567890123", "+CGMI": "Quectel",
    "+CGMM": "BG95-M3", "+CGMR": "BG95M3LAR02A03",
    "+QLTS=2": "+QLTS: \"2026/11/22,22:28:47+04,0\"",
  ]

  init() {}

  init(hasStatusLine: Bool) { self.hasStatusLine = hasStatusLine }

  func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  mutating func say(_ text: String, at time: Instant) {
    scheduled.append((time, .uartReceived(Array(text.utf8))))
  }

  mutating func scheduled(remove index: Int) { scheduled.remove(at: index) }

  mutating func take(dueAt now: Instant) -> [Link.Input] {
    let due = scheduled.filter { $0.at <= now }
    scheduled.removeAll { $0.at <= now }
    return due.map { $0.1 }
  }

  mutating func perform(_ effect: Link.Effect, now: Instant) {
    switch effect {
    case .openUART: isUARTOpen = true
    case .closeUART: isUARTOpen = false
    case .write(let bytes): receive(bytes, now: now)
    case .setPowerKey(let isAsserted): key(isAsserted, now: now)
    case .cutSupply(let isCut): supply(isOn: !isCut, now: now)
    case .event: break
    }
  }

  /// It starts with its key alone.
  private mutating func supply(isOn: Bool, now: Instant) {
    if isOn { return }
    isDeaf = false
    if self.isOn {
      self.isOn = false
      isInPSM = false
      scheduled = hasStatusLine ? [(now + .milliseconds(50), .statusLine(isOn: false))] : []
    }
  }

  private mutating func key(_ isAsserted: Bool, now: Instant) {
    if isAsserted {
      keyDownAt = now
      return
    }
    guard let since = keyDownAt else { return }
    keyDownAt = nil
    let held = (now - since).wholeMilliseconds
    if held >= 2000, !ignoresReset {
      if canBeReset { isDeaf = false }
      boot(now: now)
    } else if isOn {
      if held >= 650 { goOff("", now: now, after: 1300) }
    } else if ignoredPulses > 0 {
      ignoredPulses -= 1
    } else if (500...1000).contains(held) {
      boot(now: now)
    } else {
      violations.append("pulse of \(held) ms")
    }
  }

  mutating func boot(now: Instant) {
    isOn = true
    isAwake = true
    echoes = true
    input = []
    payloadLeft = 0
    if !isInPSM { isContextActive = false }
    isInPSM = false
    bootedAt = now
    if hasStatusLine, !isStatusStuckOff {
      scheduled.append((now + .milliseconds(1500), .statusLine(isOn: true)))
    }
    guard saysReady, !isDeaf else { return }
    say("\r\nRDY\r\n", at: now + .milliseconds(bootMilliseconds - 200))
    say("\r\nAPP RDY\r\n", at: now + .milliseconds(bootMilliseconds))
  }

  mutating func goOff(_ words: String, now: Instant, after delay: Int64) {
    isOn = false
    isAwake = false
    let at = now + .milliseconds(delay)
    if !words.isEmpty { say(words, at: at) }
    if hasStatusLine { scheduled.append((at + .milliseconds(200), .statusLine(isOn: false))) }
  }

  private mutating func receive(_ bytes: [UInt8], now: Instant) {
    if !isUARTOpen { violations.append("wrote with the UART closed") }
    guard isOn else {
      violations.append("wrote while off: " + text(bytes))
      return
    }
    guard !isDeaf, (now - bootedAt).wholeMilliseconds >= bootMilliseconds - 300 else { return }
    for byte in bytes {
      if payloadLeft > 0 {
        payload.append(byte)
        payloadLeft -= 1
        if payloadLeft == 0 { payloadDone(now: now) }
      } else if byte == UInt8(ascii: "\r") {
        let line = text(input)
        input = []
        run(line, now: now)
      } else {
        input.append(byte)
      }
    }
  }

  private mutating func run(_ line: String, now: Instant) {
    lines.append(line)
    if lines.count == deafAtLine {
      isDeaf = true
      return
    }
    if let noise = noise[lines.count] {
      scheduled.append((now + .milliseconds(5), .uartReceived(noise)))
    }
    var reply = echoes ? line + "\r" : ""
    var delay: Int64 = 20
    switch mishaps[lines.count] {
    case .answer(let text):
      if !text.isEmpty { return say(reply + text, at: now + .milliseconds(delay)) }
    case .silence: return
    case .reboot:
      bootedAt = now + .seconds(1)
      isContextActive = false
      say("\r\nRDY\r\n", at: now + .milliseconds(2800))
      return say("\r\nAPP RDY\r\n", at: now + .milliseconds(3000))
    case .sendFails: sendFails = true
    case .interrupted, .late, nil: break
    }
    var last = ""
    for command in commands(of: line) {
      last = answer(command, now: now)
      if last.hasSuffix("!") {
        last.removeLast()
        reply += last
        break
      }
      reply += last
    }
    let isDataSent = line.hasPrefix("AT+QISENDEX=")
    if !last.hasSuffix("> ") && !last.contains("ERROR") && !isDataSent { reply += "\r\nOK\r\n" }
    if case .late(let milliseconds) = mishaps[lines.count] { delay = milliseconds }
    if case .interrupted(let text, let at) = mishaps[lines.count] {
      let bytes = Array(reply.utf8)
      let cut = lineStart(bytes, at)
      reply = self.text(Array(bytes[..<cut])) + text + self.text(Array(bytes[cut...]))
    }
    say(reply, at: now + .milliseconds(delay))
  }

  /// The next start of a line at or after `at`, where a URC may stand.
  private func lineStart(_ bytes: [UInt8], _ at: Int) -> Int {
    var index = min(at, bytes.count)
    while index < bytes.count, index > 0, bytes[index - 1] != UInt8(ascii: "\n") { index += 1 }
    return index
  }

  private func commands(of line: String) -> [String] {
    var parts = [""]
    var isInside = false
    for character in line.dropFirst(2) {
      if character == "\"" { isInside.toggle() }
      if character == ";" && !isInside {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts
  }

  /// The answer without its OK; with `!` at its end it is the last word on the line.
  private mutating func answer(_ command: String, now: Instant) -> String {
    if let urc = urcs[command] { say("\r\n\(urc.text)\r\n", at: now + .milliseconds(urc.after)) }
    if let fixed = answers[command] {
      return fixed.contains("ERROR") ? "\r\n\(fixed)\r\n!" : fixed.isEmpty ? "" : "\r\n\(fixed)\r\n"
    }
    if let line = Self.table[command] { return "\r\n\(line)\r\n" }
    switch command {
    case "E0": echoes = false
    case "+CEREG?": return "\r\n+CEREG: 4,\(currentRegistration(now))\r\n"
    case "+CGREG?": return "\r\n+CGREG: 2,\(isRadioOn ? 4 : 0)\r\n"  // as on LTE-M
    case "+CEREG=4": announceRegistration(now: now)
    case "+QIACT?": return isContextActive ? "\r\n+QIACT: 1,1,1,\"10.1.2.3\"\r\n" : ""
    case "+QIACT=1":
      if isContextActive { return "\r\nERROR\r\n!" }
      isContextActive = true
    case "+QIDEACT=1": isContextActive = false
    case "+QPOWD=1": goOff("\r\nPOWERED DOWN", now: now, after: 300)
    case "+CFUN=4": isRadioOn = false
    case "+CFUN=1":
      isRadioOn = true
      bootedAt = now + (.zero - .milliseconds(bootMilliseconds))
      announceRegistration(now: now)
    case "+QIRD=0,1500": return read()
    case let open where open.hasPrefix("+QIOPEN="):
      let error = openErrors.isEmpty ? 0 : openErrors.removeFirst()
      say("\r\n+QIOPEN: 0,\(error)\r\n", at: now + .milliseconds(150))
    case let send where send.hasPrefix("+QISEND="):
      payloadLeft = Int(send.split(separator: ",")[1]) ?? 0
      payload = []
      return "\r\n> !"
    case let last where last.hasPrefix("+QISENDEX="):
      let hex = Array(last.split(separator: "\"")[1].utf8)
      payload = stride(from: 0, to: hex.count, by: 2).map {
        hex[$0].hexDigitValue! << 4 | hex[$0 + 1].hexDigitValue!
      }
      payloadDone(now: now)
      return "!"
    default: break
    }
    return ""
  }

  private func currentRegistration(_ now: Instant) -> String {
    guard isRadioOn, let registrationDelay,
      (now - bootedAt).wholeMilliseconds >= registrationDelay
    else { return "2" }
    return registration
  }

  private mutating func announceRegistration(now: Instant) {
    guard let registrationDelay else { return }
    let at = bootedAt + .milliseconds(registrationDelay)
    if at > now { say("\r\n+CEREG: \(registration)\r\n", at: at) }
  }

  private mutating func payloadDone(now: Instant) {
    if sendFails {
      sendFails = false
      return say("\r\nSEND FAIL\r\n", at: now + .milliseconds(30))
    }
    sent.append(payload)
    say("\r\nSEND OK\r\n", at: now + .milliseconds(30))
    guard let serverAnswer else { return }
    waiting.append(serverAnswer)
    say("\r\n+QIURC: \"recv\",0\r\n", at: now + .milliseconds(400))
  }

  private mutating func read() -> String {
    guard !waiting.isEmpty else { return "\r\n+QIRD: 0\r\n" }
    let data = waiting.removeFirst()
    return "\r\n+QIRD: \(data.count)\r\n" + text(data) + "\r\n"
  }

  /// The radio tail and the active time are over.
  mutating func fallAsleep(now: Instant) {
    isInPSM = true
    goOff("\r\nPSM POWER DOWN\r\n", now: now, after: 0)
  }
}

import Link
import Modems
import Primitives
import Uplink

/// As much of a modem, a network and a server as the agent's tests need: a module that is set up
/// already, registers at once, and carries datagrams to a server that does what a script says.
struct ScriptedModem {
  enum Reply: Equatable {
    case answer(CoAPCode)
    /// A refusal that shows the request's check.
    case refusal(CoAPCode)
    case unavailable(maxAge: UInt32)
    case reset
    case silence
    /// An empty Acknowledgement and nothing more.
    case acknowledgement
  }

  /// What the server does with the next requests; after these, `otherwise`.
  var replies: [Reply] = []
  var otherwise = Reply.answer(.changed)
  /// The answer to `AT+QLTS=2`.
  var time = "\"\""
  /// What the network makes of a data session; nil: there is one already.
  var sessionError: Int?
  /// Whether the power key does nothing.
  var isDead = false
  /// What `AT+CMGL=4` shows, by place; and the lines that had to do with messages.
  var messages: [(index: Int, text: String)] = []
  private(set) var messageLines: [String] = []
  private(set) var requests: [CoAPMessage] = []
  private(set) var isOn = false
  private(set) var agenda: [(at: Instant, input: Link.Input)] = []
  private var line: [UInt8] = []
  private var payload: [UInt8] = []
  private var payloadLeft = 0
  private var inbox: [[UInt8]] = []
  private var sleepAt: Instant?

  mutating func take(dueAt now: Instant) -> Link.Input? {
    if let at = sleepAt, at <= now {
      sleepAt = nil
      say("\r\nPSM POWER DOWN\r\n", at: at)
      agenda.append((at, .statusLine(isOn: false)))
    }
    guard let index = agenda.firstIndex(where: { $0.at <= now }) else { return nil }
    return agenda.remove(at: index).input
  }

  var next: Instant? { earlier(sleepAt, agenda.map { $0.at }.min()) }

  mutating func perform(_ effect: Link.Effect, now: Instant) {
    switch effect {
    case .write(let bytes): if isOn { for byte in bytes { hear(byte, now: now) } }
    case .setPowerKey(let isAsserted): if !isAsserted, !isDead { pressed(now: now) }
    case .openUART, .closeUART, .cutSupply, .event: break
    }
  }

  /// Released, it sleeps 5 s later, unless it is wanted again.
  mutating func noteDraining(now: Instant) {
    if isOn, sleepAt == nil { sleepAt = now + .seconds(5) }
  }

  mutating func noteWanted() { sleepAt = nil }

  mutating func wentOff() { (isOn, sleepAt) = (false, nil) }

  mutating func say(_ text: String, at moment: Instant) {
    agenda.append((moment, .uartReceived(Array(text.utf8))))
  }

  private mutating func pressed(now: Instant) {
    isOn = true
    agenda.append((now + .milliseconds(1500), .statusLine(isOn: true)))
    say("\r\nRDY\r\n\r\nAPP RDY\r\n", at: now + .milliseconds(2500))
  }

  private mutating func hear(_ byte: UInt8, now: Instant) {
    if payloadLeft > 0 {
      payload.append(byte)
      payloadLeft -= 1
      if payloadLeft == 0 { sent(now: now) }
    } else if byte == UInt8(ascii: "\r") {
      run(String(decoding: line, as: UTF8.self), now: now)
      line = []
    } else {
      line.append(byte)
    }
  }

  private mutating func run(_ line: String, now: Instant) {
    var answer = ""
    let soon = now + .milliseconds(20)
    if line.hasPrefix("AT+QISEND=0,") {
      payloadLeft = Int(line.dropFirst(12)) ?? 0
      payload = []
      return say("\r\n> ", at: soon)
    }
    if line.contains("+CEREG?") {
      answer += "\r\n+CEREG: 4,5,\"0A1B\",\"01234567\",7,,,\"00000001\",\"00100110\"\r\n"
    }
    if line.contains("+CPIN?") { answer += "\r\n+CPIN: READY\r\n" }
    if let sessionError, line.contains("+QIACT=1") {
      return say("\r\n+CME ERROR: \(sessionError)\r\n", at: soon)
    }
    if sessionError == nil, line.contains("+QIACT?") {
      answer += "\r\n+QIACT: 1,1,1,\"10.1.2.3\"\r\n"
    }
    if line.contains("+QLTS") { answer += "\r\n+QLTS: \(time)\r\n" }
    if line.contains("+CMGL") || line.contains("+CMGD") { messageLines.append(line) }
    if line.contains("+CMGL=4") { for message in messages { answer += message.text } }
    if line.contains("+CMGD") { messages.removeAll { line.contains("+CMGD=\($0.index)") } }
    if line.contains("+QIRD=") {
      let data = inbox.isEmpty ? [] : inbox.removeFirst()
      agenda.append(
        (
          soon,
          .uartReceived(Array("\r\n+QIRD: \(data.count)\r\n".utf8) + data + Array("\r\n".utf8))
        ))
    }
    say(answer + "\r\nOK\r\n", at: soon)
    if line.contains("+QIOPEN=") { say("\r\n+QIOPEN: 0,0\r\n", at: now + .milliseconds(90)) }
    if line.contains("+QPOWD") {
      say("\r\nPOWERED DOWN", at: now + .milliseconds(800))
      agenda.append((now + .milliseconds(1300), .statusLine(isOn: false)))
    }
  }

  private mutating func sent(now: Instant) {
    say("\r\nSEND OK\r\n", at: now + .milliseconds(30))
    guard let request = try? CoAPMessage(payload), request.code.isRequest else { return }
    requests.append(request)
    var answer = CoAPMessage(
      type: .acknowledgement, code: .empty, messageID: request.messageID)
    switch replies.isEmpty ? otherwise : replies.removeFirst() {
    case .silence: return
    case .acknowledgement: break
    case .reset: answer.type = .reset
    case .answer(let code): (answer.code, answer.token) = (code, request.token)
    case .refusal(let code):
      (answer.code, answer.token) = (code, request.token)
      answer.payload = request.values(of: CoAPOption.uriQuery).last ?? []
    case .unavailable(let maxAge):
      (answer.code, answer.token) = (.serviceUnavailable, request.token)
      answer.options = [CoAPOption(CoAPOption.maxAge, uint: maxAge)]
    }
    inbox.append(answer.encoded())
    say("\r\n+QIURC: \"recv\",0\r\n", at: now + .milliseconds(300))
  }
}

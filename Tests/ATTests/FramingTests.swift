import Primitives
import Testing

@testable import AT

/// How each family asks for a payload and hands out data. Nothing is searched for an end: the
/// payloads here look like ends, URCs and prompts.
@Suite("Payloads and data") struct FramingTests {
  /// One exchange: what the modem says until it has asked for the payload, and after it.
  struct Conversation: CustomTestStringConvertible, Sendable {
    var name: String
    var exchange: Exchange
    var before = ""
    var after: String
    var outcome = Outcome.ok
    var lines: [String] = []
    var data = ""
    var accepted: Int?
    /// What is written behind the command, if anything.
    var sends: String?

    var testDescription: String { name }

    func check(_ wire: Wire, urcs: [String] = []) {
      let answer = wire.answer
      #expect(answer?.outcome == outcome)
      #expect(answer?.lines.map { String(decoding: $0, as: UTF8.self) } == lines)
      #expect(answer?.data == Array(data.utf8))
      #expect(answer?.accepted == accepted)
      #expect(wire.urcs == urcs)
      #expect(wire.written == ["\(String(decoding: exchange.line.bytes, as: UTF8.self))\r"] + sent)
    }

    private var sent: [String] { sends.map { [$0] } ?? [] }

    /// Plays it in the reads that `cut` makes of each half, the pause of the prompt between them.
    func play(_ wire: inout Wire, cut: ([UInt8]) -> [[UInt8]]) {
      wire.begin(exchange)
      for read in cut(Array(before.utf8)) { wire.receive(read) }
      if case .at = exchange.prompt { wire.elapse(at: wire.now.milliseconds + 50) }
      for read in cut(Array(after.utf8)) { wire.receive(read) }
    }
  }

  /// Each of them as data and as payload.
  static let nasty = [
    "ping", "OK", "\r\nOK\r\n", "\r\nERROR\r\n", "+X: 1", "\r\n+X: 1\r\n", "> ", "@",
    "\"\r\nOK\r\n\"",
    "--EOF--Pattern--", "--EOF--Pattern--\r\nOK\r\n", "--EOF--Pat--EOF--Pattern-", "CONNECT\r\n",
    "\r\nRDY\r\n", "POWERED DOWN", "\n", "\r", ",", "\"", "\0\u{1}", "\r\n^SISW: 0,1\r\n",
    "+USORF: 0,\"192.0.2.1\",5683,4,\"x", "AT+USOST=0\r",
  ]

  static let conversations: [Conversation] = nasty.flatMap { reads($0) + sends($0) }

  private static func reads(_ data: String) -> [Conversation] {
    let count = data.utf8.count
    return [
      Conversation(
        name: "+USORF " + data.debugDescription,
        exchange: Exchange(
          "AT+USORF=0,1024", answers: [.named("+USORF")], alwaysHasLine: true,
          inlineData: { line in
            let commas = line.count { $0 == UInt8(ascii: ",") }
            guard line.isNamed("+USORF"), commas == 4, line.last == UInt8(ascii: "\"") else {
              return nil
            }
            let parts = line.split(separator: UInt8(ascii: ","))
            return parts[3].asciiWholeNumber.map { Int($0) }
          }),
        after: "\r\n+USORF: 0,\"192.0.2.1\",5683,\(count),\"\(data)\"\r\n\r\nOK\r\n",
        lines: ["+USORF: 0,\"192.0.2.1\",5683,\(count),\"\""], data: data),
      Conversation(
        name: "+CARECV " + data.debugDescription,
        exchange: Exchange(
          "AT+CARECV=0,1460", answers: [.named("+CARECV")], alwaysHasLine: true,
          inlineData: { line in
            guard line.isNamed("+CARECV"), line.last == UInt8(ascii: ",") else { return nil }
            return line.dropFirst(9).dropLast().asciiWholeNumber.map { Int($0) }
          }),
        after: "\r\n+CARECV: \(count),\(data)\r\n\r\nOK\r\n", lines: ["+CARECV: \(count),"],
        data: data),
      Conversation(
        name: "+KUDPRCV " + data.debugDescription,
        exchange: Exchange(
          "AT+KUDPRCV=1,\(count)",
          connectData: ConnectData(count: count, end: "--EOF--Pattern--")),
        after: "\r\nCONNECT\r\n\(data)--EOF--Pattern--\r\nOK\r\n", data: data),
    ]
  }

  private static func sends(_ payload: String) -> [Conversation] {
    let bytes = Array(payload.utf8)
    return [
      Conversation(
        name: "> " + payload.debugDescription,
        exchange: Exchange("AT+CASEND=0,\(bytes.count)", payload: bytes), before: "\r\n> ",
        after: "\r\nOK\r\n", sends: payload),
      Conversation(
        name: "@ " + payload.debugDescription, exchange: at(bytes, isEchoed: false),
        before: "\r\n@", after: "\r\n+USOST: 0,\(bytes.count)\r\n\r\nOK\r\n",
        lines: ["+USOST: 0,\(bytes.count)"], sends: payload),
      Conversation(
        name: "@ echoed " + payload.debugDescription, exchange: at(bytes, isEchoed: true),
        before: "\r\n@", after: "\(payload)\r\n+USOST: 0,\(bytes.count)\r\n\r\nOK\r\n",
        lines: ["+USOST: 0,\(bytes.count)"], sends: payload),
      Conversation(
        name: "@ echo expected in vain " + payload.debugDescription,
        exchange: at(bytes, isEchoed: true),
        before: "\r\n@", after: "\r\n+USOST: 0,\(bytes.count)\r\n\r\nOK\r\n",
        lines: ["+USOST: 0,\(bytes.count)"], sends: payload),
      Conversation(
        name: "CONNECT " + payload.debugDescription,
        exchange: Exchange(
          "AT+KTCPSND=1,\(bytes.count)", payload: bytes, prompt: .connect,
          payloadEnd: "--EOF--Pattern--"),
        before: "\r\nCONNECT\r\n", after: "\r\nOK\r\n", sends: payload + "--EOF--Pattern--"),
      Conversation(
        name: "^SISW " + payload.debugDescription,
        exchange: Exchange(
          "AT^SISW=0,\(bytes.count)", payload: bytes,
          prompt: .line(
            named: "^SISW",
            accepts: { $0.count { $0 == UInt8(ascii: ",") } == 2 ? 1 : nil })),
        before: "\r\n^SISW: 0,1,0\r\n", after: "\r\nOK\r\n", lines: ["^SISW: 0,1,0"], accepted: 1,
        sends: String(decoding: bytes.prefix(1), as: UTF8.self)),
    ]
  }

  private static func at(_ payload: [UInt8], isEchoed: Bool) -> Exchange {
    Exchange(
      "AT+USOST=0,\"192.0.2.1\",5683,\(payload.count)", answers: [.named("+USOST")],
      payload: payload, prompt: .at(pause: .milliseconds(50), isEchoed: isEchoed),
      alwaysHasLine: true)
  }

  @Test("pass unharmed in one read, and byte by byte", arguments: conversations)
  func whole(_ conversation: Conversation) {
    for chunk in [1, 2, 3, 5000] {
      var wire = Wire()
      conversation.play(&wire) { bytes in
        stride(from: 0, to: bytes.count, by: chunk).map {
          Array(bytes[$0..<min(bytes.count, $0 + chunk)])
        }
      }
      conversation.check(wire)
    }
  }

  @Test("pass unharmed when a read ends at any place", arguments: conversations)
  func everySplit(_ conversation: Conversation) {
    for place in 0...(conversation.before + conversation.after).utf8.count {
      var wire = Wire()
      conversation.play(&wire) { bytes in
        place >= bytes.count ? [bytes] : [Array(bytes[..<place]), Array(bytes[place...])]
      }
      conversation.check(wire)
    }
  }

  @Test("a URC before, between and behind their lines is told once", arguments: conversations)
  func withURC(_ conversation: Conversation) {
    let urc = "\r\n+Y: 7\r\n"
    var early = conversation
    early.before = (conversation.before.isEmpty ? "" : urc) + conversation.before
    early.after = (conversation.before.isEmpty ? urc : "") + conversation.after
    var late = conversation
    late.after = conversation.after + urc
    var between = conversation
    between.after =
      String(decoding: Array(conversation.after.utf8).dropLast(6), as: UTF8.self) + urc
      + "\r\nOK\r\n"
    let isMarked = conversation.exchange.connectData != nil
    for played in [early, late] + (isMarked ? [] : [between]) {
      var wire = Wire()
      played.play(&wire) { [$0] }
      conversation.check(wire, urcs: ["+Y: 7"])
    }
  }

  @Test("a URC anywhere else costs at most this exchange", arguments: conversations)
  func brokenByURC(_ conversation: Conversation) {
    let urc = Array("\r\n+Y: 7\r\n".utf8)
    for place in 0...conversation.after.utf8.count {
      var wire = Wire()
      conversation.play(&wire) { bytes in
        place > bytes.count ? [bytes] : [Array(bytes[..<place]) + urc + Array(bytes[place...])]
      }
      while let deadline = wire.engine.deadline { wire.elapse(at: deadline.milliseconds) }
      wire.begin(Exchange("AT+NEXT", answers: [.named("+NEXT")]))
      if wire.written.last == "AT\r" {
        wire.receive("\r\nOK\r\n")
        wire.elapse(at: wire.now.milliseconds + 300)
      }
      #expect(wire.written.last == "AT+NEXT\r")
      wire.receive("\r\n+NEXT: 1\r\n\r\nOK\r\n")
      #expect(wire.answer?.lines == [Array("+NEXT: 1".utf8)])
    }
  }

  // MARK: - What isn't as announced

  @Test("`@` is answered after its pause, not before") func pause() {
    var wire = Wire()
    wire.begin(Self.at(Array("ping".utf8), isEchoed: false))
    wire.receive("\r\n@")
    #expect(wire.written.count == 1)
    #expect(wire.engine.deadline == .milliseconds(50))
    wire.elapse(at: 49)
    #expect(wire.written.count == 1)
    wire.elapse(at: 50)
    #expect(wire.written.last == "ping")
    #expect(wire.engine.deadline == .milliseconds(1000))
  }

  @Test("a prompt of another kind isn't answered") func otherPrompt() {
    for text in ["\r\n> ", "\r\n@", "\r\nCONNECT\r\n", "\r\n^SISW: 0,4,0\r\n"] {
      let exchange = Exchange(
        "AT+X", payload: Array("ping".utf8), prompt: .line(named: "#S") { _ in 4 })
      var wire = Wire()
      wire.begin(exchange)
      wire.receive(text)
      #expect(wire.written == ["AT+X\r"])
    }
  }

  @Test("a line of the prompt's name that asks for nothing is a URC") func notAPrompt() {
    let exchange = Exchange(
      "AT^SISW=0,4", payload: Array("ping".utf8),
      prompt: .line(named: "^SISW") { $0.count > 11 ? 4 : nil })
    var wire = Wire()
    wire.begin(exchange)
    wire.receive("\r\n^SISW: 0,1\r\n\r\n^SISW: 0,4,0\r\n")
    #expect(wire.urcs == ["^SISW: 0,1"])
    #expect(wire.written.last == "ping")
  }

  @Test("less marked data than was asked for ends where nothing more comes") func shortMarked() {
    for data in ["", "abc", "a--EOF--Pattern--\r\nOK\r\nb"] {
      for count in [30, 60, 200] {
        var wire = Wire()
        wire.begin(
          Exchange(
            "AT+KUDPRCV=1,\(count)",
            connectData: ConnectData(count: count, end: "--EOF--Pattern--")))
        wire.receive("\r\nCONNECT\r\n\(data)--EOF--Pattern--\r\nOK\r\n", chunk: 7)
        #expect(wire.answer == nil)
        wire.elapse(at: 1000)
        #expect(wire.answer?.outcome == .ok)
        #expect(wire.answer?.data == Array(data.utf8))
        wire.begin(Exchange("AT+X"))
        #expect(wire.written.last == "AT+X\r")
      }
    }
  }

  @Test("marked data that breaks off is no answer") func brokenMarked() {
    var wire = Wire()
    wire.begin(
      Exchange("AT+KUDPRCV=1,9", connectData: ConnectData(count: 9, end: "--EOF--Pattern--")))
    wire.receive("\r\nCONNECT\r\nabc\r\nRDY\r\n")
    wire.elapse(at: 1000)
    #expect(wire.answer?.outcome == .timedOut)
    #expect(wire.urcs == ["RDY"])
  }

  @Test("more data than any payload may have is no answer, wherever it stands") func oversized() {
    for exchange in [
      Exchange("AT+R", answers: [.named("+R")], inlineData: { _ in Engine.dataLimit + 1 }),
      Exchange("AT+R", connectData: ConnectData(count: Engine.dataLimit + 1, end: "--")),
    ] {
      var wire = Wire()
      wire.begin(exchange)
      wire.receive("\r\n+R: 1,")
      if exchange.connectData != nil { wire.receive("\r\nCONNECT\r\n") }
      #expect(wire.answer?.outcome == .oversized)
    }
  }

  @Test("random bytes never trap, and what is kept of them is bounded", arguments: 1...20)
  func fuzz(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let pieces =
      Self.nasty + ["\r\n@", "\r\n> ", "\r\nCONNECT\r\n", "\r\n^SISW: 0,1,0\r\n", "+CARECV: 5,"]
    var wire = Wire()
    for _ in 0..<5000 {
      if wire.engine.isIdle {
        let next = Self.conversations[Int(random.next(below: UInt64(Self.conversations.count)))]
        wire.begin(next.exchange)
      }
      wire.receive(pieces[Int(random.next(below: UInt64(pieces.count)))])
      wire.receive([UInt8(truncatingIfNeeded: random.next())])
      if random.next(below: 4) == 0, let deadline = wire.engine.deadline {
        wire.elapse(at: deadline.milliseconds)
      }
      (wire.urcs, wire.written) = ([], [])
    }
    if let deadline = wire.engine.deadline { wire.elapse(at: deadline.milliseconds + 100_000) }
    #expect(wire.engine.intake.line.count <= Engine.lineLimit, "seed \(seed)")
    #expect(wire.engine.intake.data.count <= Engine.dataLimit, "seed \(seed)")
    #expect(wire.engine.counters.exchanges > 100, "seed \(seed)")
  }

  @Test("an answer without an OK ends with its line") func bareAnswer() {
    var wire = Wire()
    let exchange = Exchange(
      "AT+CIFSR", answers: [.bare { $0.contains(UInt8(ascii: ".")) }], completion: .answer)
    wire.begin(exchange)
    wire.receive("\r\n+Y: 7\r\n\r\n10.1.2.3\r\n")
    #expect(wire.answer?.outcome == .ok)
    #expect(wire.answer?.lines == [Array("10.1.2.3".utf8)])
    wire.begin(exchange)
    wire.receive("\r\nERROR\r\n")
    #expect(wire.answer?.outcome == .error)
  }

  @Test("commands are joined as long as the module takes lines") func joinLimit() {
    let parts = [Exchange("AT+A"), Exchange("AT+B")]
    #expect(Exchange.joined(parts, limit: 0)?.count == 1)
    #expect(Exchange.joined(parts, limit: 6)?.count == 1)
    #expect(Exchange.joined(parts, limit: 7)?.0.line == "AT+A;+B")
    var dialect = Dialect.generic
    #expect(dialect.joinLimit == CommandLine.limit)
    dialect.joinsCommands = false
    #expect(dialect.joinLimit == 0)
  }
}

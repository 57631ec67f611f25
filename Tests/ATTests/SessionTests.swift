import Primitives
import Testing

@testable import AT

/// The framing of every session is reconstructed, so nothing here rests on where CR and LF stand.
@Suite("Captured sessions") struct SessionTests {
  @Test("they are there") func present() {
    #expect(Session.all.count >= 20, "set GODWIT_SHARED to the folder that has data/sessions")
  }

  @Test("come out as their collectors read them", arguments: Session.all)
  func asRead(session: Session) { Replay(session, cut: .none).check(session) }

  @Test("come out the same one byte at a time", arguments: Session.all)
  func bytewise(session: Session) { Replay(session, cut: .everywhere).check(session) }

  @Test("come out the same with every read cut in two at every place", arguments: Session.all)
  func everySplit(session: Session) {
    let whole = Replay(session, cut: .none)
    let longest =
      session.steps.map { step in
        if case .modem(let bytes) = step { bytes.count } else { 0 }
      }.max() ?? 0
    for place in 1...max(1, longest) {
      let parts = Replay(session, cut: .at(place))
      #expect(parts == whole, "cut after byte \(place)")
    }
  }
}

/// A session played into the engine: the host's commands as its exchanges, the modem's reads as
/// they came, or cut.
private struct Replay: Equatable {
  enum Cut {
    case none, everywhere
    case at(Int)
  }

  struct Command: Equatable {
    var line: String
    var outcome: String
    var lines: [String]
    var data: [UInt8]
  }

  var commands: [Command] = []
  var urcs: [String] = []
  private var engine = Engine(dialect: .generic)
  private var now = Instant.start
  private let cut: Cut
  private var running = ""

  static func == (a: Replay, b: Replay) -> Bool { a.commands == b.commands && a.urcs == b.urcs }

  init(_ session: Session, cut: Cut) {
    self.cut = cut
    for step in session.steps {
      switch step {
      case .host(let bytes):
        // What follows a prompt was sent by the engine itself.
        if bytes.last == 13 { begin(Array(bytes.dropLast()), session) }
      case .modem(let bytes): receive(bytes)
      case .wait(let milliseconds): pass(.milliseconds(milliseconds))
      }
    }
    pass(.seconds(10))
  }

  private mutating func begin(_ command: [UInt8], _ session: Session) {
    if let deadline = engine.deadline { pass(deadline - now) }
    // The host of the log brought nothing back in step.
    engine.reset(isInStep: true)
    running = String(decoding: command, as: UTF8.self)
    let expected = session.expected.first { $0.cmd == running }
    take(engine.begin(exchange(command, payload: expected?.payloadLength), now: now))
  }

  private func exchange(_ command: [UInt8], payload: Int?) -> Exchange {
    let name = Array(command.dropFirst(2).prefix { $0 != 61 && $0 != 63 })
    let dialect = Dialect.generic
    let answer = AnswerPattern.line { line in
      if line.hasName { return !name.isEmpty && Array(line.prefix(name.count)) == name }
      return line.allSatisfy { (0x20...0x7E).contains($0) }
        && !dialect.bareURCs.contains { line.equals($0) }
    }
    return Exchange(
      CommandLine(command, shown: command), answers: [answer], timeout: .milliseconds(200),
      completion: completion(of: command, payload: payload != nil),
      payload: payload.map { [UInt8](repeating: 120, count: $0) },
      countedBytes: { line in
        guard line.hasPrefix("+QIRD: "), !line.contains(UInt8(ascii: ",")) else { return nil }
        return line.dropFirst(7).asciiWholeNumber.map { Int($0) }
      })
  }

  private func completion(of command: [UInt8], payload hasPayload: Bool) -> Completion {
    if hasPayload { return .special(success: "SEND OK", failure: "SEND FAIL") }
    return command.equals("AT+CIPSHUT")
      ? .special(success: "SHUT OK", failure: "ERROR") : .result
  }

  private mutating func receive(_ bytes: [UInt8]) {
    switch cut {
    case .none: take(engine.receive(bytes, now: now))
    case .everywhere: for byte in bytes { take(engine.receive([byte], now: now)) }
    case .at(let place):
      take(engine.receive(Array(bytes.prefix(place)), now: now))
      take(engine.receive(Array(bytes.dropFirst(place)), now: now))
    }
  }

  private mutating func pass(_ span: Duration) {
    now = now + span
    take(engine.elapse(now: now))
  }

  private mutating func take(_ events: [Engine.Event]) {
    for event in events {
      switch event {
      case .write, .resynced: break
      case .urc(let line): urcs.append(String(decoding: line, as: UTF8.self))
      case .finished(let answer):
        commands.append(
          Command(
            line: running, outcome: Self.name(of: answer.outcome),
            lines: answer.lines.map { String(decoding: $0, as: UTF8.self) }, data: answer.data))
      }
    }
  }

  private static func name(of outcome: Outcome) -> String {
    switch outcome {
    case .ok, .connect: "ok"
    case .error, .refused: "error"
    case .equipmentError: "cme_error"
    case .messageError: "cms_error"
    case .errorText(let line): line.hasPrefix("+CMS") ? "cms_error" : "cme_error"
    case .timedOut, .deaf, .oversized: "timeout"
    }
  }

  func check(_ session: Session) {
    let expected = session.expected.filter { $0.cmd != nil }
    #expect(commands.map { $0.line } == expected.map { $0.cmd })
    #expect(commands.map { $0.outcome } == expected.map { $0.outcome })
    #expect(commands.map { $0.lines } == expected.map { $0.lines })
    let data = expected.map { step in step.dataHex ?? "" }
    #expect(commands.map { String(decoding: $0.data.hex, as: UTF8.self) } == data)
    #expect(urcs == session.expected.flatMap { ($0.urcs ?? []) + ($0.urcsBetweenCommands ?? []) })
  }
}

import AT
import Primitives

/// Feeds the engine a case in cuts of any size, with exchanges and time going by in between.
enum EngineFuzz {
  static func feed(_ bytes: [UInt8], _ choice: inout SeededRandom) -> String? {
    var engine = Engine(dialect: .generic)
    var now = Instant.start
    var rest = bytes[...]
    var events = 0
    while !rest.isEmpty {
      if engine.isIdle, choice.next(below: 3) > 0 {
        if let fault = fault(in: engine.begin(exchange(&choice), now: now), &events) {
          return fault
        }
      }
      let cut = choice.next(below: 4) == 0 ? rest.count : Int(choice.next(below: 64)) + 1
      let read = Array(rest.prefix(cut))
      rest = rest.dropFirst(cut)
      if let fault = fault(in: engine.receive(read, now: now), &events) { return fault }
      now = now + .milliseconds(Int64(choice.next(below: 40)))
      if choice.next(below: 8) == 0, let deadline = engine.deadline {
        now = max(now, deadline)
        if let fault = fault(in: engine.elapse(now: now), &events) { return fault }
      }
      switch choice.next(below: 200) {
      case 0: engine.abandon()
      case 1: engine.reset(isInStep: false)
      default: break
      }
    }
    if events > 2 * bytes.count + 1000 { return "\(events) events came of \(bytes.count) bytes" }
    return recovers(&engine, now: now)
  }

  /// Whatever came: once the line is quiet and the modem answers, the engine works again.
  private static func recovers(_ engine: inout Engine, now: Instant) -> String? {
    var now = now
    for _ in 0..<40 where !engine.isIdle {
      guard let deadline = engine.deadline else { return "it waits for nothing, and isn't idle" }
      now = max(now, deadline)
      _ = engine.elapse(now: now)
    }
    guard engine.isIdle else { return "it doesn't come to an end" }
    engine.reset(isInStep: true)
    _ = engine.begin(Exchange("AT+CSQ", answers: [.named("+CSQ")]), now: now)
    for event in engine.receive(Array("\r\n+CSQ: 20,99\r\n\r\nOK\r\n".utf8), now: now) {
      if case .finished(let answer) = event, answer.isOK, answer.lines.count == 1 { return nil }
    }
    return "it doesn't take an answer any more"
  }

  private static func fault(in all: [Engine.Event], _ events: inout Int) -> String? {
    events += all.count
    for event in all {
      switch event {
      case .write, .resynced: break
      case .urc(let line):
        if line.count > Engine.lineLimit || line.isEmpty {
          return "a URC of \(line.count) bytes"
        }
      case .finished(let answer):
        if answer.lines.count > Engine.linesPerAnswer {
          return "an answer of \(answer.lines.count) lines"
        }
        if let line = answer.lines.first(where: { $0.count > Engine.lineLimit }) {
          return "a line of \(line.count) bytes"
        }
        // A mark's bytes may have been taken for data, until it was clear where the data ended.
        if answer.data.count > 2 * Engine.dataLimit { return "\(answer.data.count) bytes of data" }
      }
    }
    return nil
  }

  private static func exchange(_ choice: inout SeededRandom) -> Exchange {
    switch choice.next(below: 9) {
    case 0: Exchange("AT+CEREG?", answers: [.named("+CEREG")], alwaysHasLine: true)
    case 1: Exchange("AT+CIMI", answers: [.bare { $0.allSatisfy { $0.isASCIIDigit } }])
    case 2:
      Exchange(
        "AT+QIRD=0,1500", answers: [.named("+QIRD")],
        countedBytes: { line in
          line.drop { $0 != UInt8(ascii: " ") }.dropFirst().prefix { $0.isASCIIDigit }
            .asciiWholeNumber.map { Int(clamping: $0) }
        })
    case 3:
      Exchange(
        "AT+QISEND=0,5", completion: .special(success: "SEND OK", failure: "SEND FAIL"),
        payload: Array("hello".utf8))
    case 4:
      Exchange(
        "AT+USOWR=0,5", answers: [.named("+USOWR")], payload: Array("OK\r\n>".utf8),
        prompt: .at(pause: .milliseconds(50), isEchoed: true))
    case 5: Exchange("AT+KUDPSND=1,5", payload: Array("hello".utf8), prompt: .connect)
    case 6:
      Exchange(
        "AT+KUDPRCV=1,5", answers: [.named("+KUDP_RCV")],
        connectData: ConnectData(count: 5, end: "--EOF--Pattern--"))
    case 7:
      Exchange(
        "AT+USORF=0,512", answers: [.named("+USORF")],
        inlineData: { $0.last == UInt8(ascii: "\"") && $0.count > 20 ? 5 : nil })
    default: .probe(timeout: .milliseconds(400))
    }
  }
}

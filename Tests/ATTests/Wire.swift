import Primitives

@testable import AT

/// An engine, and everything that came out of it.
struct Wire {
  var engine: Engine
  var now = Instant.start
  var written: [String] = []
  var urcs: [String] = []
  var answer: Answer?

  static let read = Exchange(
    "AT+QIRD=0,1500", answers: [.named("+QIRD")],
    countedBytes: { line in
      line.contains(UInt8(ascii: ",")) ? nil : line.dropFirst(7).asciiWholeNumber.map { Int($0) }
    })

  init(_ dialect: Dialect = .generic) { engine = Engine(dialect: dialect) }

  mutating func begin(_ exchange: Exchange) {
    answer = nil
    take(engine.begin(exchange, now: now))
  }

  mutating func receive(_ text: String, chunk: Int = 1000) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      receive(Array(rest.prefix(chunk)))
      rest = rest.dropFirst(chunk)
    }
  }

  mutating func receive(_ bytes: [UInt8]) { take(engine.receive(bytes, now: now)) }

  mutating func elapse(at milliseconds: Int64) {
    now = .milliseconds(milliseconds)
    take(engine.elapse(now: now))
  }

  private mutating func take(_ events: [Engine.Event]) {
    for event in events {
      switch event {
      case .write(let bytes): written.append(String(decoding: bytes, as: UTF8.self))
      case .urc(let line): urcs.append(String(decoding: line, as: UTF8.self))
      case .finished(let answer): self.answer = answer
      case .resynced: break
      }
    }
  }
}

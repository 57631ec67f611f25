import Primitives

/// How a command says what happens: a plain line an event, or a JSON object an event.
struct Voice: Sendable {
  enum Value: Equatable, Sendable {
    case text(String)
    case number(Int64)

    var text: String {
      switch self {
      case .text(let text): text
      case .number(let number): "\(number)"
      }
    }
  }

  let isJSON: Bool

  func say(_ event: String, _ facts: [(name: StaticString, value: Value)]) {
    guard isJSON else {
      let words = facts.map { "\($0.name) \($0.value.text)" }
      return Terminal.say("\(BenchClock.utc.timeOfDay) \(event): \(words.joined(separator: ", "))")
    }
    var json = JSONWriter()
    json.beginObject()
    json.key("event")
    json.value(event)
    json.key("utc")
    json.value(BenchClock.utc.text)
    for fact in facts {
      json.key(fact.name)
      switch fact.value {
      case .text(let text): json.value(text)
      case .number(let number): json.value(number)
      }
    }
    json.endObject()
    Terminal.say(String(decoding: json.bytes, as: UTF8.self))
  }
}

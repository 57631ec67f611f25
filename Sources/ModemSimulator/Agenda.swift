import Primitives

/// What will happen without another input, in order of time.
struct Agenda: Sendable {
  struct Entry: Sendable {
    let due: Instant
    let event: Event
  }
  private var entries: [Entry] = []

  var next: Instant? { entries.first?.due }

  /// Events of the same moment happen in the order in which they were added.
  mutating func add(_ event: Event, at due: Instant) {
    let index = entries.firstIndex { $0.due > due } ?? entries.endIndex
    entries.insert(Entry(due: due, event: event), at: index)
  }

  mutating func pop() -> Entry? { entries.isEmpty ? nil : entries.removeFirst() }

  mutating func cancel(_ event: Event) { entries.removeAll { $0.event == event } }

  mutating func cancelAll(but isKept: (Event) -> Bool) {
    entries.removeAll { !isKept($0.event) }
  }

  func contains(_ event: Event) -> Bool { entries.contains { $0.event == event } }
}

/// Everything that the module does by itself at some time.
enum Event: Equatable, Sendable {
  case power(PowerEvent)
  case boot(BootEvent)
  /// The processing time of a command is over; the number guards against an earlier one.
  case command(Int)
  case complete(Int, CommandOutcome)
  case radio(RadioEvent)
  case socket(SocketEvent)
  case dns(NameQuery)
  case message(MessageEvent)
  case urc([UInt8])
  /// As `urc`, on the port that commands come from, wherever URCs go.
  case text([UInt8])
  case own(OwnEvent)
  /// A prompt waited too long; by the line's serial.
  case payloadExpired(Int)
  case babble
  case ringEnds
}

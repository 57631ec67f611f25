import Cellular
import Primitives

/// What `godwit psm` answers.
enum PSMText {
  static func answer(to question: PSMQuestion, isJSON: Bool) -> [UInt8] {
    isJSON ? json(question) : text(question)
  }

  private static func text(_ question: PSMQuestion) -> [UInt8] {
    var text = ""
    for meaning in question.meanings { text += meaning.text + "\n" }
    for note in question.notes { text += note + "\n" }
    if let request = question.request {
      text += "\n"
      for line in question.configuration { text += line + "\n" }
      text += "\n\(request.command)\n"
      text += "\(request.quectelCommand)   # Quectel's own; AT+QPSMS? tells what was granted\n"
    }
    return Array(text.utf8)
  }

  /// One object: `periodicTau`, `activeTime` (each with `wishedSeconds`, `bits`, `unit`, `stepSeconds`,
  /// `value`, `seconds`; null for what wasn't asked, and `seconds` of what is deactivated), `notes`,
  /// and the command, null where there is nothing to ask for.
  private static func json(_ question: PSMQuestion) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    for kind in TimerMeaning.Kind.allCases {
      guard let meaning = question.meanings.first(where: { $0.kind == kind }) else {
        json.key(kind.key)
        json.null()
        continue
      }
      json.member(kind.key) { meaning.write(&$0) }
    }
    json.key("notes")
    json.beginArray()
    for note in question.notes { json.value(note) }
    json.endArray()
    json.member("command", question.request?.command)
    json.endObject()
    return json.bytes + Array("\n".utf8)
  }
}

/// One timer's octet, taken apart.
struct TimerMeaning {
  enum Kind: CaseIterable, Equatable {
    case periodicTAU, activeTime

    var key: StaticString {
      switch self {
      case .periodicTAU: "periodicTau"
      case .activeTime: "activeTime"
      }
    }

    var name: StaticString {
      switch self {
      case .periodicTAU: "periodic update (T3412 extended)"
      case .activeTime: "active time (T3324)"
      }
    }

    func duration(_ octet: TimerOctet) -> Duration? {
      switch self {
      case .periodicTAU: PeriodicTAU(octet).duration
      case .activeTime: ActiveTime(octet).duration
      }
    }
  }

  let kind: Kind
  let octet: TimerOctet
  var wish: Duration?

  /// nil when it is deactivated.
  var duration: Duration? { kind.duration(octet) }

  /// What a value of 1 stands for; nil when the timer is deactivated.
  private var step: Duration? { kind.duration(TimerOctet(octet: octet.octet & 0xE0 | 1)) }

  private var unit: [UInt8] { Array(octet.bits.prefix(3)) }
  private var value: Int64 { Int64(octet.octet & 0x1F) }

  /// Table 10.5.163 gives the active time four units.
  private var isUnitUndefined: Bool {
    kind == .activeTime && (3...6).contains(octet.octet >> 5)
  }

  var text: String {
    let front = "\(kind.name.text): \(octet.bits.printable) = "
    guard let step, let duration else {
      return front + "deactivated (unit \(unit.printable)): \(absence)"
    }
    let read = isUnitUndefined ? "undefined, read as " : ""
    let digits = Array(octet.bits.dropFirst(3)).printable
    var text = front + "\(duration.exactText) (unit \(unit.printable): \(read)\(step.exactText), "
    text += "value \(digits): \(value))"
    if let wish, wish != duration { text += "; \(wish.exactText) was rounded up" }
    return text
  }

  private var absence: String {
    switch kind {
    case .periodicTAU: "it counts as not given"
    case .activeTime: "no power saving mode"
    }
  }

  func write(_ json: inout JSONWriter) {
    json.key("wishedSeconds")
    if let wish { json.value(wish.seconds) } else { json.null() }
    json.member("bits", text: octet.bits)
    json.member("unit", text: unit)
    json.member("stepSeconds", step?.wholeSeconds)
    json.member("value", value)
    json.member("seconds", duration?.wholeSeconds)
  }
}

/// What can be asked for with `+CPSMS`. TS 27.007 §7.38.
private struct PSMAsking {
  let periodicTAU: TimerOctet?
  let activeTime: TimerOctet?

  var command: String { "AT+CPSMS=\(operands)" }
  var quectelCommand: String { "AT+QPSMS=\(operands)" }

  /// The two timers of 2G and 3G are left out.
  private var operands: String {
    var text = "1,,,"
    if let periodicTAU { text += "\"\(periodicTAU.bits.printable)\"" }
    if let activeTime { text += ",\"\(activeTime.bits.printable)\"" }
    return text
  }
}

extension PSMQuestion {
  fileprivate var meanings: [TimerMeaning] {
    switch self {
    case .wish(let tau, let active):
      [
        tau.map { TimerMeaning(kind: .periodicTAU, octet: $0.timer.octet, wish: $0.wish) },
        active.map { TimerMeaning(kind: .activeTime, octet: $0.timer.octet, wish: $0.wish) },
      ].compactMap { $0 }
    case .both(let tau, let active):
      [
        TimerMeaning(kind: .periodicTAU, octet: tau.octet),
        TimerMeaning(kind: .activeTime, octet: active.octet),
      ]
    case .either(let octet):
      [
        TimerMeaning(kind: .periodicTAU, octet: octet),
        TimerMeaning(kind: .activeTime, octet: octet),
      ]
    }
  }

  /// nil for one pattern alone, of which nobody knows what it is, and where a timer is deactivated.
  fileprivate var request: PSMAsking? {
    if case .either = self { return nil }
    let all = meanings
    if all.contains(where: { $0.duration == nil }) { return nil }
    return PSMAsking(
      periodicTAU: all.first { $0.kind == .periodicTAU }?.octet,
      activeTime: all.first { $0.kind == .activeTime }?.octet)
  }

  /// What makes Godwit ask for the same.
  fileprivate var configuration: [String] {
    meanings.compactMap { meaning in
      guard let duration = meaning.duration else { return nil }
      switch meaning.kind {
      case .periodicTAU:
        return Self.periodicTAUs.contains(duration) ? "periodic-tau = \(duration.exactText)" : nil
      case .activeTime: return "active-time = \(duration.exactText)"
      }
    }
  }

  fileprivate var notes: [String] {
    var notes: [String] = []
    let all = meanings
    if all.contains(where: { $0.wish != nil && $0.wish != $0.duration }) {
      notes.append(
        "A wish that has no code is rounded up, in the finest unit that reaches it; the configuration"
          + " takes only times that have one.")
    }
    if case .either = self {
      notes.append("Which of the two it is, its place in the command or the answer tells.")
    } else {
      let tau = all.first { $0.kind == .periodicTAU }?.duration
      let active = all.first { $0.kind == .activeTime }?.duration
      if let tau, let active, active >= tau {
        notes.append("The active time must be shorter than the periodic update.")
      }
      if request == nil { notes.append("To ask for no power saving mode: AT+CPSMS=0") }
    }
    if let tau = all.first(where: { $0.kind == .periodicTAU })?.octet, tau.octet >> 5 == 6 {
      notes.append(
        "In a message without integrity protection unit 110 is read as 1h: if 1h steps are granted,"
          + " switch power saving mode off and on again once registered.")
    }
    return notes
  }
}

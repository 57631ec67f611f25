import Cellular
import Primitives

/// What `godwit edrx` answers.
enum EDRXText {
  static func answer(to question: EDRXQuestion, isJSON: Bool) -> [UInt8] {
    isJSON ? json(question) : Array(text(question).utf8)
  }

  private static func text(_ question: EDRXQuestion) -> String {
    let mode = question.mode
    var text = "cycle on \(mode.text): \(question.cycle.code.bits.printable)"
    if let cycle = question.duration {
      text +=
        question.alias.map { " is read as \($0.bits.printable), \(cycle.exactSeconds)" }
        ?? " is \(cycle.exactSeconds)"
      if let wish = question.cycle.wish, wish != cycle {
        text += "; \(wish.exactText) was rounded down, so that the module is never out of reach for"
        text += " longer"
      }
    } else {
      text += " counts as not given: no eDRX"
    }
    text += "\npaging window: "
    if let window = question.window {
      let length = mode.pagingWindow(window.code)
      text += "\(window.code.bits.printable) is \(length.exactSeconds)"
      if let wish = window.wish, wish != length { text += "; \(wish.exactText) was rounded up" }
    } else {
      let step = mode.pagingWindow(EDRXText.first).exactSeconds
      text += "the network's choice, \(step) to \(mode.longestPagingWindow.exactSeconds)"
      text += " in steps of \(step)"
    }
    text += "\n"
    for note in question.notes { text += note + "\n" }
    if let command = question.command { text += "\n\(command)\n" }
    return text
  }

  /// One object: `technology`, `cycle` (with `wishedSeconds`, `bits`, `readAs`, `seconds`), `window`
  /// (with `wishedSeconds`, `bits`, `seconds`; null unless asked), `notes`, `command`.
  private static func json(_ question: EDRXQuestion) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("technology", question.mode == .wideband ? "lte-m" : "nb-iot")
    json.member("cycle") { json in
      json.member("wishedSeconds", seconds: question.cycle.wish)
      json.member("bits", text: question.cycle.code.bits)
      json.member("readAs", text: (question.alias ?? question.canonical)?.bits)
      json.member("seconds", seconds: question.duration)
    }
    if let window = question.window {
      json.member("window") { json in
        json.member("wishedSeconds", seconds: window.wish)
        json.member("bits", text: window.code.bits)
        json.member("seconds", seconds: question.mode.pagingWindow(window.code))
      }
    } else {
      json.key("window")
      json.null()
    }
    json.key("notes")
    json.beginArray()
    for note in question.notes { json.value(note) }
    json.endArray()
    json.member("command", question.command)
    json.endObject()
    return json.bytes + Array("\n".utf8)
  }

  fileprivate static let first = EDRXCode(bits: Array("0000"))!
}

extension EDRXQuestion {
  /// nil where the mode takes the code for absent.
  fileprivate var duration: Duration? { mode.cycle(cycle.code) }

  /// The code that a cell writes for the same cycle.
  fileprivate var canonical: EDRXCode? { duration.flatMap { mode.code(cycle: $0) } }

  /// The same where it is another one.
  fileprivate var alias: EDRXCode? { canonical == cycle.code ? nil : canonical }

  /// Asks for reports too (mode 2), since only they and `AT+CEDRXRDP` tell what was granted.
  fileprivate var command: String? {
    canonical.map { "AT+CEDRXS=2,\(mode.technology),\"\($0.bits.printable)\"" }
  }

  fileprivate var notes: [String] {
    var notes: [String] = []
    if let window, let duration, mode.pagingWindow(window.code) >= duration {
      notes.append("The paging window must be shorter than the cycle.")
    }
    if window != nil {
      notes.append("AT+CEDRXS can't ask for a paging window; modules have commands of their own.")
    }
    return notes
  }
}

extension Duration {
  /// `163.84s`: cycles are told in seconds, however long they are.
  fileprivate var exactSeconds: String { "\(seconds.text)s" }
}

extension JSONWriter {
  fileprivate mutating func member(_ name: StaticString, seconds duration: Duration?) {
    key(name)
    if let duration { value(duration.seconds) } else { null() }
  }
}

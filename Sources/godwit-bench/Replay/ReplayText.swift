import Primitives

/// How a replay is printed: for people, or as JSON in the words of ../shared/data/sessions.
enum ReplayText {
  static func text(_ moments: [PlayedMoment]) -> [String] {
    var lines: [String] = []
    for moment in moments {
      switch moment {
      case .urc(let line): lines.append("* \(line.printable)")
      case .command(let played): lines += text(played)
      }
    }
    return lines + [summary(moments)]
  }

  private static func text(_ played: PlayedCommand) -> [String] {
    var ending = played.outcome.rawValue
    if !played.error.isEmpty, played.outcome != .error { ending = played.error.printable }
    if let final = played.finalText { ending += " (\(final.printable))" }
    if played.outcome == .timeout { ending += " after \(played.duration.wholeMilliseconds) ms" }
    var lines = ["> \(played.command.printable)    \(ending)"]
    lines += played.lines.map { "    \($0.printable)" }
    if let payload = played.payload { lines.append("    \(payload.count) bytes sent") }
    if !played.data.isEmpty { lines.append("    data \(played.data.hex.printable)") }
    return lines + played.urcs.map { "  * \($0.printable)" }
  }

  private static func summary(_ moments: [PlayedMoment]) -> String {
    let commands = moments.compactMap { moment in
      if case .command(let played) = moment { played } else { nil }
    }
    let silent = commands.count { $0.outcome == .timeout }
    let good = commands.count { $0.outcome == .ok }
    let urcs = moments.count - commands.count + commands.reduce(0) { $0 + $1.urcs.count }
    return "\(commands.count) commands: \(good) ok, \(commands.count - good - silent) refused, "
      + "\(silent) without an answer; \(urcs) URCs"
  }

  /// One object a line: a command, or URCs between commands.
  static func json(_ moment: PlayedMoment) -> String {
    var json = JSONWriter()
    json.beginObject()
    switch moment {
    case .urc(let line): list("urc_between_commands", [line], &json)
    case .command(let played): fields(of: played, &json)
    }
    json.endObject()
    return String(decoding: json.bytes, as: UTF8.self)
  }

  private static func fields(of played: PlayedCommand, _ json: inout JSONWriter) {
    json.key("cmd")
    json.string(played.command)
    json.key("outcome")
    json.value(played.outcome.rawValue)
    list("lines", played.lines, &json)
    list("urcs", played.urcs, &json)
    if !played.error.isEmpty {
      json.key("error")
      json.string(played.error)
    }
    if let payload = played.payload {
      json.key("prompt")
      json.value("> ")
      json.key("payload_len")
      json.value(Int64(payload.count))
    }
    if let final = played.finalText {
      json.key("final")
      json.string(final)
    }
    if !played.data.isEmpty {
      json.key("data_hex")
      json.string(played.data.hex)
    }
    if played.outcome == .timeout, played.duration > .milliseconds(1) {
      json.key("wait_ms")
      json.value(played.duration.wholeMilliseconds)
    }
  }

  private static func list(_ name: StaticString, _ lines: [[UInt8]], _ json: inout JSONWriter) {
    json.key(name)
    json.beginArray()
    for line in lines { json.string(line) }
    json.endArray()
  }
}

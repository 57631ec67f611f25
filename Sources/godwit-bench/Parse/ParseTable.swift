import Primitives

/// The figures of `godwit-bench parse`, for people and as JSON.
struct ParseTable: Sendable {
  let engine: ParseMeasurement
  let splitter: ParseMeasurement
  let reads: Int
  let seed: UInt64
  /// nil where they couldn't be counted.
  var instructions: InstructionCount?

  var ratio: Double { splitter.megabytesPerSecond / engine.megabytesPerSecond }

  var text: String {
    let size =
      "\(engine.bytes / 1_048_576) MiB, \(engine.lines) lines in \(reads) reads, seed \(seed)"
    return """
      \(size); the best of \(ParseCommand.passes) passes each
      | | MB/s | lines/s | heap allocations per line | instructions per line |
      |---|---|---|---|---|
      | AT engine | \(row(engine, instructions?.engine)) |
      | plain C splitter | \(row(splitter, instructions?.splitter)) |
      The engine takes \(Self.rounded(ratio, places: 1)) times the splitter's time.
      """
  }

  var json: String {
    var json = JSONWriter()
    json.beginObject()
    json.key("bytes")
    json.value(Int64(engine.bytes))
    json.key("lines")
    json.value(Int64(engine.lines))
    json.key("reads")
    json.value(Int64(reads))
    json.key("seed")
    json.value(Int64(bitPattern: seed))
    Self.fields(of: engine, instructions?.engine, named: "engine", &json)
    Self.fields(of: splitter, instructions?.splitter, named: "splitter", &json)
    Self.number("ratio", ratio, places: 2, &json)
    json.endObject()
    return String(decoding: json.bytes, as: UTF8.self)
  }

  private func row(_ part: ParseMeasurement, _ instructions: Double?) -> String {
    let lines = Int64(part.linesPerSecond.rounded())
    return "\(Self.rounded(part.megabytesPerSecond, places: 1)) | \(lines) | "
      + Self.rounded(part.allocationsPerLine, places: 2) + " | "
      + (instructions.map { Self.rounded($0, places: 0) } ?? "not counted")
  }

  private static func fields(
    of part: ParseMeasurement, _ instructions: Double?, named name: StaticString,
    _ json: inout JSONWriter
  ) {
    json.key(name)
    json.beginObject()
    number("megabytesPerSecond", part.megabytesPerSecond, places: 1, &json)
    json.key("linesPerSecond")
    json.value(Int64(part.linesPerSecond.rounded()))
    number("allocationsPerLine", part.allocationsPerLine, places: 3, &json)
    if let instructions { number("instructionsPerLine", instructions, places: 0, &json) }
    json.endObject()
  }

  private static func number(
    _ name: StaticString, _ value: Double, places: Int, _ json: inout JSONWriter
  ) {
    guard let number = DecimalNumber(rounded(value, places: places).utf8) else { return }
    json.key(name)
    json.value(number)
  }

  private static func rounded(_ value: Double, places: Int) -> String {
    let scale = (0..<places).reduce(Int64(1)) { power, _ in power * 10 }
    let scaled = Int64((value * Double(scale)).rounded())
    if places == 0 { return "\(scaled)" }
    let fraction = String(scaled % scale)
    let zeros = String(repeating: "0", count: places - fraction.count)
    return "\(scaled / scale).\(zeros)\(fraction)"
  }
}

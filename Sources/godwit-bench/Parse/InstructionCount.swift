import Glibc

/// Instructions a line, counted by valgrind(1): unlike times they are the same on every run and
/// don't depend on what else the machine does.
struct InstructionCount: Equatable, Sendable {
  var engine: Double
  var splitter: Double

  /// The stream that is counted over, in bytes; valgrind runs some fifty times slower.
  static let streamBytes = 524_288
  private static let valgrind = "/usr/bin/valgrind"

  /// Runs a copy of this program under valgrind, without its debug information, which valgrind
  /// can't read. Three times: with one pass each, and with one more of the engine or of the
  /// splitter. What a run takes more is that pass, and nothing else.
  ///
  /// - Throws: where valgrind isn't there, or doesn't say what it counted.
  static func measure(seed: UInt64) throws(BenchError) -> InstructionCount {
    guard access(valgrind, X_OK) == 0 else {
      throw BenchError(
        "there is no \(valgrind) to count instructions with", remedy: "install valgrind")
    }
    let lines = Double(ParseStream(bytes: streamBytes, seed: seed).lines)
    let base = try instructions(engine: 1, splitter: 1, seed: seed)
    let engine = try instructions(engine: 2, splitter: 1, seed: seed)
    let splitter = try instructions(engine: 1, splitter: 2, seed: seed)
    return InstructionCount(
      engine: Double(engine - base) / lines, splitter: Double(splitter - base) / lines)
  }

  /// What the child does: so many passes of each.
  static func pass(engine: Int, splitter: Int, seed: UInt64) {
    let stream = ParseStream(bytes: streamBytes, seed: seed)
    for _ in 0..<engine { _ = ParseMeasurement.engine(stream) }
    for _ in 0..<splitter { _ = ParseMeasurement.splitter(stream) }
  }

  private static func instructions(
    engine: Int, splitter: Int, seed: UInt64
  ) throws(BenchError) -> Int {
    let line =
      "copy=$(mktemp) && strip --strip-debug -o $copy /proc/$PPID/exe && "
      + "\(valgrind) --tool=callgrind --callgrind-out-file=/dev/null $copy parse "
      + "--count \(engine),\(splitter) --seed \(seed) 2>&1; rm -f $copy"
    guard let pipe = popen(line, "r") else {
      throw .system("starting valgrind", remedy: "try again")
    }
    defer { pclose(pipe) }
    var counted: Int?
    var room = [CChar](repeating: 0, count: 512)
    while fgets(&room, Int32(room.count), pipe) != nil {
      if let count = collected(
        in: String(decoding: room.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
      {
        counted = count
      }
    }
    guard let counted else {
      throw BenchError("valgrind counted nothing", remedy: "run it by hand: \(line)")
    }
    return counted
  }

  /// `==123== Collected : 4567`.
  static func collected(in line: String) -> Int? {
    let words = line.split { " \n".contains($0) }
    guard words.count == 4, words[1] == "Collected", words[2] == ":" else { return nil }
    return Int(words[3])
  }
}

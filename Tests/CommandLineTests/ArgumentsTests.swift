import Primitives
import Telemetry
import Testing

@testable import godwit

@Suite("The command line") struct ArgumentsTests {
  @Test(
    "is understood",
    arguments: [
      ("run --config a.conf", .run(configuration: Array("a.conf"))),
      ("run --config=a=b", .run(configuration: Array("a=b"))),
      ("status", .status(.text, .standard)),
      ("status --json --socket s", .status(.json, .socket(Array("s")))),
      ("status --config c --follow", .status(.follow, .configuration(Array("c")))),
      ("check f", .check(file: Array("f"), isPrinting: false)),
      ("check f --print", .check(file: Array("f"), isPrinting: true)),
      ("check -- --print", .check(file: Array("--print"), isPrinting: false)),
      ("put -", .putInput(.standard)), ("put --socket s -", .putInput(.socket(Array("s")))),
      ("explain", .explain(file: nil, isJSON: false)),
      ("explain -", .explain(file: nil, isJSON: false)),
      ("explain --json log", .explain(file: Array("log"), isJSON: true)),
      ("modules", .modules(isJSON: false)), ("modules --json", .modules(isJSON: true)),
      ("at", .at(ConsoleOptions())),
      (
        "at --wake --timeout 180 --json --socket s",
        .at(ConsoleOptions(seconds: 180, wakes: true, isJSON: true, address: .socket(Array("s"))))
      ),
      ("version", .version), ("--version", .version), ("help", .help(nil)), ("-h", .help(nil)),
      ("--help", .help(nil)), ("help put", .help(.command(.put))),
      ("help configuration", .help(.configuration)), ("put --help", .help(.command(.put))),
      ("run -h", .help(.command(.run))), ("help help", .help(.command(.help))),
    ] as [(String, Command)])
  func understood(line: String, expected: Command) throws {
    #expect(try Command(words(line)) == expected)
  }

  @Test("takes readings with and without units, options between them") func readings() throws {
    let line = [
      "put", "t=21.50", "--config", "c", "door/1=-1e-3", "h=.5  %RH",
    ]
    let expected: [(String, String, String?)] = [
      ("t", "21.50", nil), ("door/1", "-1e-3", nil), ("h", ".5", "%RH"),
    ]
    var measurements: [Measurement] = []
    for (name, value, unit) in expected {
      measurements.append(
        Measurement(
          name: try #require(ReadingName(Array(name.utf8))),
          value: try #require(DecimalNumber(value.utf8)),
          unit: unit.flatMap { ReadingUnit(Array($0.utf8)) }))
    }
    #expect(
      try Command(line.map { Array($0.utf8) })
        == .put(measurements, .configuration(Array("c"))))
  }

  @Test(
    "is refused with what to write instead",
    arguments: [
      (
        "",
        "godwit: there is no command; write run, put, status, doctor, at, check, explain, psm, edrx, sms, provision, modules, version or help, or `godwit help` to have them explained"
      ),
      ("stauts", "godwit: there is no command 'stauts'; did you mean status?"),
      (
        "start",
        "godwit: there is no command 'start'; write run, put, status, doctor, at, check, explain, psm, edrx, sms, provision, modules, version or help"
      ),
      (
        "\u{1B}[2J",
        "godwit: there is no command '\\x1B[2J'; write run, put, status, doctor, at, check, explain, psm, edrx, sms, provision, modules, version or help"
      ),
      ("run", "godwit run: --config is missing; write: godwit run --config FILE"),
      ("run --config", "godwit run: --config has no value; write --config FILE"),
      ("run --config=", "godwit run: --config has no value; write --config FILE"),
      ("run --config a --config b", "godwit run: --config stands there twice; write it once"),
      (
        "run a.conf --config b", "godwit run: 'a.conf' is too much; write: godwit run --config FILE"
      ),
      ("run --conf a", "godwit run: there is no option '--conf'; did you mean --config?"),
      (
        "run --socket a",
        "godwit run: there is no option '--socket'; write: godwit run --config FILE"
      ),
      (
        "status --json=x",
        "godwit status: --json takes no value; write: godwit status [--json | --follow] [--config FILE | --socket PATH]"
      ),
      (
        "status --json --follow",
        "godwit status: --json and --follow don't go together; write one of the two"
      ),
      (
        "status --config a --socket b",
        "godwit status: --config and --socket don't go together; write one of the two"
      ),
      ("check", "godwit check: there is no FILE; write: godwit check [--print] FILE"),
      ("check a b", "godwit check: 'b' is too much; write: godwit check [--print] FILE"),
      (
        "put",
        "godwit put: there is no NAME=VALUE; write: godwit put (NAME=VALUE... | -) [--config FILE | --socket PATH]"
      ),
      ("put 21.5", "godwit put: '21.5' has no '='; write NAME=VALUE, like temperature=21.5"),
      (
        "put t=21,5",
        "godwit put: 't=21,5' has a value that isn't a number; write one like -12.5 or 1e-3, of at most 18 digits"
      ),
      (
        "put t=",
        "godwit put: 't=' has a value that isn't a number; write one like -12.5 or 1e-3, of at most 18 digits"
      ),
      (
        "put a\nb=1",
        "godwit put: 'a\\x0Ab=1' has a name that isn't allowed; use 1 to 64 letters, digits and any of -:./_ and begin with a letter or a digit"
      ),
      (
        "put godwit/x=1",
        "godwit put: 'godwit/x=1' has a name that only the device itself uses; choose one that doesn't begin with godwit/"
      ),
      (
        "put - t=1",
        "godwit put: 't=1' is too much; write: godwit put (NAME=VALUE... | -) [--config FILE | --socket PATH]"
      ),
      (
        "explain a b", "godwit explain: 'b' is too much; write: godwit explain [--json] [FILE]"
      ),
      ("version x", "godwit version: 'x' is too much; write: godwit version"),
      (
        "help config",
        "godwit help: there is no help on 'config'; write run, put, status, doctor, at, check, explain, psm, edrx, sms, provision, modules, version, help or configuration, or nothing"
      ),
      ("help chekc", "godwit help: there is no help on 'chekc'; did you mean check?"),
    ])
  func refused(line: String, expected: String) {
    do throws(ArgumentError) {
      let command = try Command(words(line))
      Issue.record("taken as \(command)")
    } catch {
      #expect(error.text == expected)
    }
  }

  @Test("refuses units that would end a line or a string, and more than one") func units() {
    for unit in ["a\"b", "a\\b", "12345678901234567", "C C", "a\nput x 1", "°C"] {
      #expect(throws: ArgumentError.badReading(Array("t=1 \(unit)".utf8), .badUnit), "\(unit)") {
        _ = try Command([Array("put".utf8), Array("t=1 \(unit)".utf8)])
      }
    }
  }

  @Test("takes a thousand readings and no more") func limit() throws {
    let words = [Array("put".utf8)] + (1...1000).map { Array("s\($0)=\($0)".utf8) }
    guard case .put(let measurements, _) = try Command(words) else {
      Issue.record("no put")
      return
    }
    #expect(measurements.count == 1000)
    #expect(throws: ArgumentError.tooManyReadings(1001)) {
      _ = try Command(words + [Array("x=1".utf8)])
    }
  }

  @Test("survives random words, each seed") func noise() {
    let pieces = [
      "run", "put", "status", "--config", "--", "-", "--json", "x=1", "=", "--config=", "", "-h",
      "check", "\u{0}", "help", "sms", "decode", "psm", "edrx", "--lte-m", "at", "--to",
    ]
    for seed: UInt64 in 0..<500 {
      var random = SeededRandom(seed: seed)
      let words = (0..<random.next(below: 6)).map { _ in
        Array(pieces[Int(random.next(below: UInt64(pieces.count)))].utf8)
      }
      do throws(ArgumentError) {
        _ = try Command(words)
      } catch {
        let text = error.text
        #expect(text.hasPrefix("godwit") && text.contains("; ") && !text.contains("\n"), "\(seed)")
      }
    }
  }

  /// The words between single blanks.
  private func words(_ line: String) -> [[UInt8]] {
    line.isEmpty ? [] : line.split(separator: " ").map { Array($0.utf8) }
  }
}

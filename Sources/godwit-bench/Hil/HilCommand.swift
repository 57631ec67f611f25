import Primitives

/// `godwit-bench hil`: an image on a board, with the simulated modem at its UART and pins.
enum HilCommand {
  static func run(_ words: ArraySlice<String>) throws(BenchError) -> Int32 {
    let arguments = try Arguments(
      words,
      Arguments.Grammar(
        flags: ["--list", "--full"],
        options: ["--board", "--config", "--only", "--junit", "--keep"]))
    let chosen = try choose(arguments.value("--only"))
    if arguments.has("--list") {
      for scenario in chosen { Terminal.say("\(scenario.label)\t\(scenario.title)") }
      return 0
    }
    let place = try HilPlace(
      board: try arguments.required("--board"), configuration: arguments.value("--config"))
    let keep = arguments.value("--keep") ?? ".build/hil/\(place.name)"
    let runner = HilRunner(
      place: place, keep: keep, isFull: arguments.has("--full"),
      interruption: Interruption(try Signals()))
    let report = try runner.run(chosen) { Terminal.say($0) }
    if let path = arguments.value("--junit") { try Path.write(report.junit, to: path) }
    Terminal.say(report.summary)
    return report.failures == 0 ? 0 : 1
  }

  /// The scenarios that `--only` names, in the list's order; all of them without it.
  static func choose(_ only: String?) throws(BenchError) -> [HilScenario] {
    guard let only else { return HilScenarios.all }
    let words = only.split(separator: ",").map(String.init)
    for word in words where !HilScenarios.all.contains(where: { $0.isNamed(by: word) }) {
      let labels = HilScenarios.all.map(\.label).joined(separator: " ")
      throw .usage("--only \(word): there is no such scenario; there are \(labels)")
    }
    return HilScenarios.all.filter { scenario in words.contains { scenario.isNamed(by: $0) } }
  }
}

/// Where the scenarios run.
struct HilPlace {
  enum Kind {
    case qemu(QemuBoard)
    case real(HilConfiguration)
  }

  /// The board's folder name.
  let name: String
  let kind: Kind

  /// What it can do for a scenario.
  var abilities: Set<HilNeed> {
    switch kind {
    case .qemu: Set(HilNeed.allCases).subtracting([.realModem])
    case .real(let configuration): configuration.abilities
    }
  }

  init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }

  /// - Parameters:
  ///   - board: `board/NAME`, as seen from the repository's root, or just `NAME`.
  ///   - configuration: the path of a hil.conf, for a real board.
  /// - Throws: for a board that isn't there, with the list of those that are.
  init(board: String, configuration: String?) throws(BenchError) {
    let path = board.hasSuffix("/") ? String(board.dropLast()) : board
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    let known = Self.boards()
    guard known.contains(name) || QemuBoard.all.contains(where: { $0.name == name }) else {
      let all = Set(known + QemuBoard.all.map(\.name)).sorted()
      throw .usage(
        "--board \(board): there is no such board; there are "
          + all.map { "board/\($0)" }.joined(separator: ", "))
    }
    self.name = name
    if let board = QemuBoard.all.first(where: { $0.name == name }) {
      guard configuration == nil else {
        throw .usage("--config is for real boards; \(name) needs none")
      }
      kind = .qemu(board)
    } else if let configuration {
      kind = .real(try HilConfiguration(file: configuration))
    } else {
      throw .usage("board/\(name) is real: --config FILE says how to reach it (board/hil.md)")
    }
  }

  /// A source of boards for one scenario.
  func source(folder: String) throws(BenchError) -> BoardSource {
    switch kind {
    case .qemu(let board): try QemuSource(board, folder: folder)
    case .real(let configuration): try RealSource(configuration)
    }
  }

  /// The folders under board/ of which an image can be made.
  private static func boards() -> [String] {
    HilFiles.names(in: "board").filter { HilFiles.exists("board/\($0)/build.conf") }
  }
}

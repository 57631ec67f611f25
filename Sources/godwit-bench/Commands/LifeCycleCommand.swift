import Link

/// `godwit-bench life-cycle`: the link's life-cycle machine, as a drawing or as text.
enum LifeCycleCommand {
  static func run(_ words: ArraySlice<String>) throws(BenchError) -> Int32 {
    let arguments = try Arguments(words, Arguments.Grammar(flags: ["--text"]))
    Terminal.say(arguments.has("--text") ? LifeCycleText.page : LifeCycleDrawing.svg)
    return 0
  }
}

/// `godwit-bench replay`: a captured session, or a trace, through the AT engine in virtual time.
enum ReplayCommand {
  static func run(_ words: ArraySlice<String>) throws(BenchError) -> Int32 {
    let files = words.filter { !$0.hasPrefix("--") }
    let arguments = try Arguments(
      words.filter { $0.hasPrefix("--") }, Arguments.Grammar(flags: ["--json"]))
    guard let path = files.first, files.count == 1 else {
      throw .usage("replay wants one FILE")
    }
    let session = try CapturedSession(Array(try Path.read(path).utf8))
    let moments = SessionPlayer.play(session)
    if arguments.has("--json") {
      for moment in moments { Terminal.say(ReplayText.json(moment)) }
    } else {
      Terminal.say(ReplayText.text(moments).joined(separator: "\n"))
    }
    return 0
  }
}

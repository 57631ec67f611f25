import Glibc

/// The host's tool: the simulated modem, the collector, the desk and the measurements.
@main struct Bench {
  static func main() {
    let words = CommandLine.arguments.dropFirst()
    do throws(BenchError) {
      exit(try run(words.first ?? "help", words.dropFirst()))
    } catch {
      Terminal.complain("godwit-bench: \(error.description)")
      exit(error.status)
    }
  }

  private static func run(_ command: String, _ words: ArraySlice<String>) throws(BenchError)
    -> Int32
  {
    switch command {
    case "sim": return try SimCommand.run(words)
    case "collector": return try CollectorCommand.run(words)
    case "desk": return try DeskCommand.run(words)
    case "wake": return try WakeCommand.run(words)
    case "network": return try NetworkCommand.run(words)
    case "hil": return try HilCommand.run(words)
    case "replay": return try ReplayCommand.run(words)
    case "resolve": return try ResolveCommand.run(words)
    case "message": return try MessageCommand.run(words)
    case "fuzz": return try FuzzCommand.run(words)
    case "parse": return try ParseCommand.run(words)
    case "life-cycle": return try LifeCycleCommand.run(words)
    case "doctor": return try DoctorPage.run(words)
    case "causes": return try CausesPage.run(words)
    case "sleep": return try SleepPage.run(words)
    case "dialects": return try DialectPage.run(words)
    case "help", "--help", "-h":
      Terminal.say(Help.text)
      return 0
    default: throw .usage("unknown command \(command)")
    }
  }
}

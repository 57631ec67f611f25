import AT
import Board
import Link
import Modems
import Primitives
import Settings

/// `godwit at`: a console on the modem, through the running process where there is one, else
/// directly.
enum AtCommand {
  /// How long a modem that is asleep may take to be woken, beside the line's own time.
  private static let wakePatience = Duration.seconds(320)

  static func run(_ options: ConsoleOptions) -> ExitStatus {
    switch options.address {
    case .socket(let path): return throughProcess(path, options, plan: nil)
    case .configuration(let file):
      guard let configuration = ConfigurationFile.open(file) else {
        if options.address == .standard {
          complain("godwit at: name it with --config, or name --socket")
        }
        return .usage
      }
      guard let plan = DevicePlan(configuration) else {
        complain("godwit at: \(file.printable): a value isn't taken by the part that it is for")
        return .usage
      }
      return throughProcess(configuration.control.socket.bytes, options, plan: plan)
    }
  }

  /// - Parameter plan: how to reach the modem where nobody listens at `path`; nil for not at all.
  private static func throughProcess(
    _ path: [UInt8], _ options: ConsoleOptions, plan: consuming DevicePlan?
  ) -> ExitStatus {
    do throws(BoardError) {
      let client = try ControlClient(path: path, timeout: ClientCommands.patience)
      return converse(options) { (request) throws(BoardError) in
        try client.send(request.packet)
        return try answer(to: request, from: client)
      }
    } catch {
      if case .control(let fault, _) = error, fault.isNobodyListening, let plan {
        return directly(plan, options)
      }
      complain("godwit at: \(error.description)")
      return .unreachable
    }
  }

  /// - Returns: nil when the process has closed the connection.
  private static func answer(
    to request: ConsoleRequest, from client: borrowing ControlClient
  ) throws(BoardError) -> ConsoleAnswer? {
    let patience = Duration.seconds(request.seconds) + ClientCommands.patience
    var answer = ConsoleAnswer()
    while answer.end == nil {
      let wait = request.wakes ? patience + wakePatience : patience
      guard let packet = try client.receive(within: wait) else { return nil }
      answer.take(packet)
    }
    return answer
  }

  private static func directly(
    _ plan: borrowing DevicePlan, _ options: ConsoleOptions
  ) -> ExitStatus {
    do throws(BoardError) {
      let console = try DirectConsole(plan)
      try console.start()
      let status = converse(options) { (request) throws(BoardError) in try console.run(request) }
      try console.end()
      return status
    } catch {
      complain("godwit at: \(error.description)")
      return .failed
    }
  }

  /// Runs line after line until there is none.
  ///
  /// - Parameter run: runs one; nil when the other side has gone.
  private static func converse(
    _ options: ConsoleOptions, _ run: (ConsoleRequest) throws(BoardError) -> ConsoleAnswer?
  ) -> ExitStatus {
    var input = ConsoleInput(options.lines.map { $0.line.bytes })
    var status = ExitStatus.done
    do throws(BoardError) {
      while let line = try input.next() {
        if line.allSatisfy({ $0 == UInt8(ascii: " ") }) { continue }
        guard let request = request(line, options) else {
          status = .failed
          continue
        }
        guard let answer = try run(request) else {
          complain("godwit at: the running process has closed the connection; see its log")
          return .unreachable
        }
        let text =
          options.isJSON
          ? ConsoleText.json(answer, to: request.command.line.bytes)
          : ConsoleText.text(answer, to: request.command.line.bytes)
        guard output(text) == .done else { return .failed }
        if !answer.isOK { status = .failed }
      }
    } catch {
      complain("godwit at: \(error.description)")
      return .failed
    }
    // A person has seen each answer; a script asks whether all went well.
    return input.isTerminal ? .done : status
  }

  private static func request(_ line: [UInt8], _ options: ConsoleOptions) -> ConsoleRequest? {
    do throws(TypedCommandError) {
      let command = try TypedCommand(line, hiding: SecretMask().masked)
      return ConsoleRequest(command: command, seconds: options.seconds, wakes: options.wakes)
    } catch {
      complain("godwit at: '\(line.prefix(80).printable)' was not sent: \(error.text)")
      return nil
    }
  }
}

/// What `godwit at` is asked for.
struct ConsoleOptions: Equatable {
  /// A line's time where the command line names none, in seconds.
  static let usualSeconds: Int64 = 10

  /// From the command line; none to read standard input.
  var lines: [TypedCommand] = []
  var seconds = usualSeconds
  var wakes = false
  var isJSON = false
  var address = ControlAddress.standard
}
